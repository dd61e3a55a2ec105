//! What the judge sees, tick by tick, and what it says.
use crate::cluster::Cluster;
use crate::decide::{Verdict, World, object, services};
use crate::evidence::Sample;
use crate::record::{Record, ServerTime};
use crate::signals;

/// How many samples of a service the record keeps.
const KEPT: usize = 720;

/// Feeds the judge.
#[derive(Debug, Default)]
pub struct Observer {}

impl Observer {
    /// Goes on with the statistics of the record.
    #[must_use]
    pub fn new(_record: &Record) -> Self {
        Self {}
    }

    /// One tick.
    pub async fn tick(&mut self, cluster: &Cluster, record: &mut Record, world: &World) {
        let at = cluster.now().since(record.started);
        let samples: Vec<(String, Sample)> = services(record, world)
            .map(|(name, _, there)| {
                let ready = |pods: &[serde_json::Value]| {
                    u32::try_from(pods.iter().filter(|pod| signals::is_ready(pod)).count()).unwrap_or(u32::MAX)
                };
                let stable_ready =
                    there.stable.as_ref().map_or(0, |stable| object::number(stable, "/status/readyReplicas", 0));
                let canary_ready = ready(&there.canary_pods);
                (name.to_owned(), Sample { at, stable_ready, canary_ready, ..Sample::default() })
            })
            .collect();
        for (name, sample) in samples {
            let series = record.series.entry(name).or_default();
            series.push(sample);
            if series.len() > KEPT {
                series.remove(0);
            }
        }
    }

    /// What the judge says.
    #[must_use]
    pub fn verdict(&self, _record: &Record, _now: ServerTime) -> Verdict {
        Verdict::Inconclusive
    }
}
