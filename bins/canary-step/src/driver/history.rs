//! What stable did before the rollout, where a Prometheus server remembers it: how much its pods differ, and how steady they are, is then known
//! before the first canary.
use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use sequential::{ServiceTick, Tick};

use super::observe::{Arms, Observer, ticks};
use crate::cluster::Cluster;
use crate::policy::{Count, Metric, Source};
use crate::record::Record;
use crate::sources::web::Endpoint;
use crate::sources::{Counters, Ledger, prometheus};

/// How far back it is looked, and at how many points in time at most.
const BACK: Duration = Duration::from_mins(30);
const MOST: u64 = 120;
/// Points that are asked for at the same time.
const AT_ONCE: usize = 4;
/// What there is time for, with a lease that has to be renewed. What has come until then counts.
const WITHIN: Duration = Duration::from_secs(8);

impl Observer {
    /// Lets the judge see the past, as far as it is remembered; a sentence for each metric that was asked.
    pub(super) async fn look_back(
        &mut self,
        cluster: &Cluster,
        record: &Record,
        arms: &BTreeMap<String, Arms>,
    ) -> Vec<String> {
        let metrics = &record.policy.judge.metrics;
        let mut told = Vec::new();
        for (at, metric) in metrics.iter().enumerate() {
            let Source::Prometheus { url } = &metric.source else { continue };
            let first = |service: &str| metrics.iter().position(|metric| has(metric, service)) == Some(at);
            let of: Vec<(&str, &Arms)> =
                arms.iter().map(|(name, arms)| (name.as_str(), arms)).filter(|(name, _)| first(name)).collect();
            let asked = self.remembered(cluster, (metric, url), (&of, record.policy.judge.tick.as_secs()));
            told.push(asked.await);
        }
        told
    }

    async fn remembered(
        &mut self,
        cluster: &Cluster,
        (metric, url): (&Metric, &str),
        (of, tick): (&[(&str, &Arms)], u64),
    ) -> String {
        let steps = (BACK.as_secs() / tick.max(1)).min(MOST);
        let now = cluster.now().0;
        let times = (0..=steps).map(|back| now.saturating_sub(back * tick));
        let (past, why) = match Endpoint::new(url) {
            Ok(server) => remembered(&server, (&metric.count, cluster.namespace()), (of, times)).await,
            Err(why) => (Vec::new(), why),
        };
        let (mut ledger, mut seen) = (Ledger::default(), 0);
        for counters in past.into_iter().rev() {
            seen += u64::from(self.relive(counters, (of, &mut ledger)));
        }
        let why = if why.is_empty() { why } else { format!(": {why}") };
        format!("{} remembers {} s of stable before the rollout{why}", metric.name, seen * tick)
    }

    /// Takes counters of series at a time that is past; whether they told anything.
    fn relive(&mut self, seen: BTreeMap<String, Counters>, (of, ledger): (&[(&str, &Arms)], &mut Ledger)) -> bool {
        let news = ledger.differences(seen);
        let services: Vec<ServiceTick> = of.iter().map(|(name, arms)| ticks(name, arms, (&news, &[]))).collect();
        let told = services.iter().any(|service| !service.stable.is_empty());
        if told {
            self.judge().observe(&Tick { services });
        }
        told
    }
}

/// The counters of stable's series at these times, the newest first, as far back as there are any; and why there are no more.
async fn remembered(
    server: &Endpoint,
    about: (&Count, &str),
    (of, times): (&[(&str, &Arms)], impl Iterator<Item = u64>),
) -> (Vec<BTreeMap<String, Counters>>, String) {
    let asked = futures_util::stream::iter(times).map(|time| prometheus::asked(server, about, Some(time)));
    let mut answers = asked.buffered(AT_ONCE);
    let end = tokio::time::Instant::now() + WITHIN;
    let mut past = Vec::new();
    loop {
        match tokio::time::timeout_at(end, answers.next()).await {
            Ok(Some(Ok((mut counters, _)))) => {
                let pages = of.iter().flat_map(|(_, arms)| &arms.stable);
                let seen = pages.filter_map(|page| Some((page.key.clone(), counters.remove(&page.pod)?)));
                let seen: BTreeMap<String, Counters> = seen.collect();
                if seen.is_empty() {
                    return (past, String::new());
                }
                past.push(seen);
            }
            Ok(Some(Err(why))) => return (past, why),
            Ok(None) => return (past, String::new()),
            Err(_) => return (past, format!("the server took more than {} s", WITHIN.as_secs())),
        }
    }
}

fn has(metric: &Metric, service: &str) -> bool {
    metric.services.is_empty() || metric.services.iter().any(|name| name == service)
}
