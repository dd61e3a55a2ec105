//! The pages of pods, many at once, by way of `pods/proxy`.
use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use serde_json::Value;

use super::counters::Counters;
use super::selector::counted;
use super::{actuator, page};
use crate::cluster::Cluster;
use crate::decide::object;
use crate::names;
use crate::policy::{Count, PageFormat};

/// Pages that are asked for at the same time.
const AT_ONCE: usize = 16;
/// Pods of stable whose pages are read, a service; all of the canary's are.
pub const SAMPLED: usize = 10;

/// Where a pod's page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The pod.
    pub pod: String,
    /// Its uid.
    pub uid: String,
    /// Its series: of uid, container and restarts, so that a new container begins anew.
    pub key: String,
    port: Option<u16>,
    path: String,
}

impl Page {
    /// The page of a pod: as the policy says, else as its annotations do, else its first port and `/metrics`. None is none as well, since
    /// other sources tell pods by name.
    #[must_use]
    pub fn of(pod: &Value, (port, path): (Option<u16>, Option<&str>)) -> Option<Self> {
        let note =
            |name: &str| object::annotation(pod, &format!("prometheus.io/{name}")).filter(|text| !text.is_empty());
        let first = pod.pointer("/spec/containers/0/ports/0/containerPort").and_then(Value::as_u64);
        let first = first.and_then(|port| u16::try_from(port).ok());
        let port = port.or_else(|| note("port")?.parse().ok()).or(first);
        let path = path.or_else(|| note("path")).unwrap_or("/metrics").trim_start_matches('/').to_owned();
        let restarts = object::number(pod, "/status/containerStatuses/0/restartCount", 0);
        let container = object::text(pod, "/spec/containers/0/name");
        let key = names::series(&format!("{}/{container}/{restarts}", object::uid(pod)));
        Some(Self { pod: object::name(pod).to_owned(), uid: object::uid(pod).to_owned(), key, port, path })
    }
}

/// The counters of each page that answers, by series; and why others gave none.
pub async fn read(
    cluster: &Cluster,
    pages: Vec<Page>,
    (count, format): (&Count, PageFormat),
) -> (BTreeMap<String, Counters>, Vec<String>) {
    let asked = futures_util::stream::iter(pages).map(|page| async move {
        let counters = counters(cluster, &page, (count, format)).await;
        (page, counters)
    });
    let mut answers = asked.buffer_unordered(AT_ONCE);
    let (mut found, mut problems) = (BTreeMap::new(), Vec::new());
    while let Some((page, answer)) = answers.next().await {
        match answer {
            Ok(counters) => {
                found.insert(page.key, counters);
            }
            Err(why) => problems.push(format!("{}: {why}", page.pod)),
        }
    }
    problems.sort();
    (found, problems)
}

async fn counters(cluster: &Cluster, page: &Page, (count, format): (&Count, PageFormat)) -> Result<Counters, String> {
    let port = page
        .port
        .ok_or("no port of its page is known; set `port` of the metric, or the annotation prometheus.io/port")?;
    let read =
        |path: String| async move { cluster.page(&page.pod, (port, &path)).await.map_err(|error| error.to_string()) };
    let text = read(page.path.clone()).await?;
    let is_actuator =
        format == PageFormat::Actuator || (format == PageFormat::Auto && text.trim_start().starts_with('{'));
    if !is_actuator {
        return counted(&page::parse(&text)?, count);
    }
    // Requests are asked for again after the failures: whatever came in between, there are no more failures than requests.
    let (_, some) = actuator::read(&text)?;
    let errors = match some {
        true => actuator::read(&read(format!("{}?{}", page.path, actuator::FAILED)).await?)?.0,
        false => 0,
    };
    let (requests, _) = if some { actuator::read(&read(page.path.clone()).await?)? } else { actuator::read(&text)? };
    Ok(Counters { requests: requests.max(errors), errors, within: Vec::new() })
}
