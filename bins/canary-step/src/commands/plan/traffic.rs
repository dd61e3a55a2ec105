//! The present traffic of services, measured over one tick by what stable's pods tell.
use std::collections::BTreeMap;

use serde_json::Value;

use crate::clone::labels::selects;
use crate::cluster::{Cluster, Kind};
use crate::decide::object;
use crate::names;
use crate::policy::{Policy, Source};
use crate::preflight::ServiceFacts;
use crate::signals::is_ready;
use crate::sources::pods::{Page, SAMPLED};
use crate::sources::reading::read;
use crate::sources::{Counters, Ledger};

/// Requests a second and the share of them that fails, by service. One that nobody could measure is absent.
pub(super) type Traffic = BTreeMap<String, (f64, f64)>;

/// Reads the numbers twice, a tick apart.
pub(super) async fn measured(cluster: &Cluster, (policy, services): (&Policy, &[ServiceFacts])) -> Traffic {
    let Ok((pods, _)) = cluster.list(Kind::Pod, "").await else { return Traffic::new() };
    if policy.steps.is_empty() {
        return Traffic::new();
    }
    let how = policy.judge.metrics.iter().find_map(|metric| match &metric.source {
        Source::Pods { port, path, .. } => Some((*port, path.as_deref())),
        _ => None,
    });
    let how = how.unwrap_or_default();
    let known: Vec<(&str, usize, Vec<Page>)> = services
        .iter()
        .filter_map(|there| {
            let ready = ready(there.stable.as_ref()?, &pods);
            let pages = ready.iter().take(SAMPLED).filter_map(|pod| Page::of(pod, how)).collect();
            Some((there.name.as_str(), ready.len(), pages))
        })
        .collect();
    let named = |(name, _, pages): &(&str, usize, Vec<Page>)| {
        pages.iter().map(|page| ((*name).to_owned(), page.clone())).collect::<Vec<_>>()
    };
    let all: Vec<(String, Page)> = known.iter().flat_map(named).collect();
    let metrics = &policy.judge.metrics;
    let mut ledger = Ledger::default();
    ledger.differences(read(cluster, metrics, all.clone()).await.0);
    tokio::time::sleep(policy.judge.tick.duration()).await;
    let news = ledger.differences(read(cluster, metrics, all).await.0);
    let seconds = policy.judge.tick.as_secs().max(1) as f64;
    let rows = known.iter().filter_map(|(name, ready, pages)| {
        let seen: Vec<&Counters> = pages.iter().filter_map(|page| news.get(&page.key)).collect();
        let sum = |of: fn(&Counters) -> u64| seen.iter().fold(0_u64, |sum, one| sum.saturating_add(of(one))) as f64;
        let (requests, errors) = (sum(|one| one.requests), sum(|one| one.errors));
        // Those that were not asked have as many as those that were.
        let whole = *ready as f64 / seen.len() as f64;
        (requests > 0.0).then(|| ((*name).to_owned(), (requests * whole / seconds, errors / requests)))
    });
    rows.collect()
}

/// Stable's ready pods.
fn ready<'a>(stable: &Value, pods: &'a [Value]) -> Vec<&'a Value> {
    let nothing = Value::Null;
    let selector = stable.pointer("/spec/selector").unwrap_or(&nothing);
    let mine = |pod: &&Value| {
        selects(selector, pod.pointer("/metadata/labels").unwrap_or(&nothing))
            && object::label(pod, names::ROLLOUT).is_empty()
            && is_ready(pod)
    };
    pods.iter().filter(mine).collect()
}
