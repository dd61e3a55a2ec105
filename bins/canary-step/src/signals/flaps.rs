//! Readiness that comes and goes, counted over sightings, since no status counts it.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Blame, Kind, Sighting, Signal, condition, disrupted, text, time};

/// How often each pod lost its readiness, as far as it was seen. It is part of the record, so that a fresh process goes on counting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flaps(BTreeMap<String, Pod>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Pod {
    /// Whether it was ready at the last sighting.
    ready: bool,
    /// When that began.
    since: u64,
    /// How often it was ready before and then not.
    lost: u32,
}

impl Flaps {
    /// Takes a sighting in, and tells when the pod lost its readiness more often than `allowed`.
    pub fn observe(&mut self, seen: Sighting<'_>, allowed: u32) -> Option<Signal> {
        let uid = text(seen.pod, "/metadata/uid")?;
        if seen.pod.pointer("/metadata/deletionTimestamp").is_some() || disrupted(seen.pod).is_some() {
            self.0.remove(uid);
            return None;
        }
        let (ready, found) = state(seen.pod)?;
        let since = time(found, "/lastTransitionTime").unwrap_or(0);
        let pod = self.0.entry(uid.to_owned()).or_insert(Pod { ready, since, lost: 0 });
        match (pod.ready, ready) {
            (true, false) => pod.lost = pod.lost.saturating_add(1),
            // Both times ready, but since another moment: it was not in between.
            (true, true) if since > pod.since => pod.lost = pod.lost.saturating_add(1),
            _ => {}
        }
        (pod.ready, pod.since) = (ready, since);
        let lost = pod.lost;
        (lost > allowed).then(|| Signal {
            kind: Kind::ReadinessFlaps,
            blame: Blame::Regression,
            service: seen.service.to_owned(),
            pod: text(seen.pod, "/metadata/name").map(str::to_owned),
            container: None,
            since: Some(since),
            text: format!("the pod lost its readiness {lost} times, and {allowed} are allowed"),
            last_log_lines: Vec::new(),
            log: None,
        })
    }

    /// Forgets pods that are not in `uids` any more, so that the record does not grow.
    pub fn keep(&mut self, uids: &[&str]) {
        self.0.retain(|uid, _| uids.contains(&uid.as_str()));
    }
}

fn state(pod: &Value) -> Option<(bool, &Value)> {
    let yes = condition(pod, "Ready", "True").map(|found| (true, found));
    yes.or_else(|| condition(pod, "Ready", "False").map(|found| (false, found)))
}
