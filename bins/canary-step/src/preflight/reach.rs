//! How requests reach the pods, and why counts of pods may not be shares of requests.
use serde_json::{Map, Value};

use super::selectors::Labels;
use super::{Facts, Finder, Finding, Pair, Severity, name, text};
use crate::clone::labels::selects;
use crate::policy::Policy;

/// Looks at the Services in front of a service.
pub(super) fn look(policy: &Policy, (facts, pair): (&Facts, &Pair<'_>), found: &mut Vec<Finding>) {
    let Some(all) = facts.endpoints.as_ref().filter(|_| !policy.steps.is_empty()) else { return };
    let mut finder = Finder { service: &pair.wanted.name, found };
    let labels = Labels::of(pair);
    let chooses = |one: &Value, labels: &Value| {
        let equal = one.pointer("/spec/selector").and_then(Value::as_object).filter(|map| !map.is_empty());
        equal.is_some_and(|map| selects(&wrapped(map), labels))
    };
    let front: Vec<&Value> = all.iter().filter(|one| chooses(one, &labels.stable)).collect();
    if front.is_empty() {
        let text = "no Service selects its pods: what it takes from a queue is not split by counts of pods";
        finder.add(
            (Severity::Notes, "no-service"),
            text,
            "expect shares as the queue deals them out; the judge counts measured ones",
        );
        return;
    }
    for one in &front {
        if !chooses(one, &labels.canary) {
            let text = format!(
                "the Service `{}` does not select the canary's pods, so that they get no request of it",
                name(one)
            );
            finder.add((Severity::Blocks, "not-selected"), text, "select by labels that the target's template has");
        }
        spread(one, &mut finder);
    }
    let text =
        "shares follow the number of pods only as far as new connections do: kept-alive ones stay where they are";
    finder.add(
        (Severity::Notes, "keep-alive"),
        text,
        "nothing: the judge counts measured shares; long-lived connections make them smaller",
    );
}

/// What keeps requests away from some pods.
fn spread(service: &Value, finder: &mut Finder<'_>) {
    let of = name(service);
    if text(service, "/spec/sessionAffinity") == "ClientIP" {
        let text = format!("the Service `{of}` keeps each client at one pod (sessionAffinity)");
        finder.add((Severity::Warns, "session-affinity"), text, "observe longer than the affinity's timeout");
    }
    let zonal = ["PreferClose", "PreferSameZone", "PreferSameNode"]
        .contains(&text(service, "/spec/trafficDistribution"))
        || service.pointer("/metadata/annotations/service.kubernetes.io~1topology-mode").is_some();
    if zonal || text(service, "/spec/internalTrafficPolicy") == "Local" {
        let text =
            format!("the Service `{of}` prefers pods that are near: one canary pod gets one zone's requests at most");
        finder.add((Severity::Warns, "zonal"), text, "have a canary pod in each zone, or expect other shares");
    }
    if text(service, "/spec/clusterIP") == "None" {
        let text = format!("the Service `{of}` is headless: its clients choose pods, and may know of new ones late");
        finder.add((Severity::Notes, "headless"), text, "expect the canary's share to come slowly");
    }
}

/// The selector of a Service as one that has `matchLabels`.
fn wrapped(labels: &Map<String, Value>) -> Value {
    let mut selector = Map::new();
    selector.insert("matchLabels".to_owned(), labels.clone().into());
    selector.into()
}
