//! What the record keeps of a tick: samples for plots, and what the older rule counts.
use std::collections::BTreeMap;

use serde_json::Value;

use super::observe::{Arms, new};
use crate::decide::{ServiceWorld, World};
use crate::evidence::{Arm, Sample};
use crate::record::{Record, ServerTime, ServiceRecord};
use crate::signals;
use crate::sources::Counters;
use crate::sources::pods::Page;

/// How many samples of a service the record keeps.
const KEPT: usize = 720;

/// One service in one tick.
pub(super) fn sample(
    (saved, there): (&ServiceRecord, &ServiceWorld),
    arms: Option<&Arms>,
    news: &BTreeMap<String, Counters>,
) -> Sample {
    let ready = |pods: Vec<&Value>| {
        u32::try_from(pods.into_iter().filter(|pod| signals::is_ready(pod)).count()).unwrap_or(u32::MAX)
    };
    let arm = |pages: &[Page]| {
        let mut sum: Option<Counters> = None;
        for counters in pages.iter().filter_map(|page| news.get(&page.key)) {
            sum.get_or_insert_default().add(counters);
        }
        let sum = sum?;
        let [half, most, all] = [0.5, 0.9, 0.99].map(|share| sum.quantile(share));
        let latency = half.zip(most).zip(all).map(|((half, most), all)| [half, most, all]);
        Some(Arm { requests: sum.requests, errors: sum.errors, latency })
    };
    Sample {
        stable_ready: ready(there.old_pods(saved).collect()),
        canary_ready: ready(new(saved, there).collect()),
        stable: arms.and_then(|arms| arm(&arms.stable)),
        canary: arms.and_then(|arms| arm(&arms.canary)),
        ..Sample::default()
    }
}

/// Evidence is shown where both arms were measured.
pub(super) fn measured(sample: &Sample, e: Option<&f64>) -> Option<f64> {
    e.copied().filter(|e| e.is_finite() && sample.stable.is_some() && sample.canary.is_some())
}

/// The older rule counts along.
pub(super) fn count_legacy(record: &mut Record, world: &World, (samples, now): (&[(String, Sample)], ServerTime)) {
    let errors = samples.iter().filter_map(|(_, sample)| sample.canary.as_ref()).map(|arm| arm.errors).sum::<u64>();
    let pods = world.services.values().flat_map(|there| &there.canary_pods);
    let restarts = pods.map(signals::restarts).sum();
    let legacy = &mut record.legacy;
    legacy.failures += errors;
    legacy.restarts = legacy.restarts.max(restarts);
    let rule = record.policy.judge.legacy;
    if legacy.abort_at.is_none() && (legacy.failures > rule.failures || legacy.restarts > rule.restarts) {
        legacy.abort_at = Some(now.since(record.started));
    }
}

pub(super) fn keep(record: &mut Record, samples: Vec<(String, Sample)>) {
    for (name, sample) in samples {
        let series = record.series.entry(name).or_default();
        series.push(sample);
        if series.len() > KEPT {
            series.remove(0);
        }
    }
}
