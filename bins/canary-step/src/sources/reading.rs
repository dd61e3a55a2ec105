//! The counters of all pods of a tick, from wherever the policy says that each service tells them.
use std::collections::BTreeMap;

use super::counters::Counters;
use super::pods::{self, Page};
use super::{command, prometheus, web};
use crate::cluster::Cluster;
use crate::policy::{Metric, Source};

/// Counters by series, and why pods gave none.
pub type Read = (BTreeMap<String, Counters>, Vec<String>);

/// Reads every page once: by the first metric of the policy that its service has.
pub async fn read(cluster: &Cluster, metrics: &[Metric], pages: Vec<(String, Page)>) -> Read {
    let (mut found, mut problems) = Read::default();
    let mut left = pages;
    for metric in metrics {
        let has = |service: &String| metric.services.is_empty() || metric.services.contains(service);
        let (now, later): (Vec<_>, Vec<_>) = left.into_iter().partition(|(service, _)| has(service));
        left = later;
        if now.is_empty() {
            continue;
        }
        let pages: Vec<Page> = now.into_iter().map(|(_, page)| page).collect();
        let (counters, why) = one(cluster, metric, pages).await;
        found.extend(counters);
        problems.extend(why);
    }
    problems.extend(
        left.into_iter().map(|(service, page)| format!("{}: no metric of the policy is for {service}", page.pod)),
    );
    (found, problems)
}

/// By one metric.
async fn one(cluster: &Cluster, metric: &Metric, pages: Vec<Page>) -> Read {
    let answer = match &metric.source {
        Source::Pods { format, .. } => return pods::read(cluster, pages, (&metric.count, *format)).await,
        Source::Prometheus { url } => prometheus::ask(url, (&metric.count, cluster.namespace())).await,
        Source::Web { url } => web::ask(url).await.map(|found| (found, Vec::new())),
        Source::Command { argv } => command::ask(argv).await.map(|found| (found, Vec::new())),
    };
    match answer {
        Ok((mut found, mut problems)) => {
            // Others' pods may be in the answer, and their problems are not ours.
            problems.retain(|problem| pages.iter().any(|page| problem.starts_with(&format!("{}: ", page.pod))));
            let counters = pages.into_iter().filter_map(|page| Some((page.key, found.remove(&page.pod)?)));
            (counters.collect(), problems)
        }
        Err(why) => (BTreeMap::new(), vec![format!("{}: {why}", metric.name)]),
    }
}
