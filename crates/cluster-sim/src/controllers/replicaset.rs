//! ReplicaSets: as many pods as asked for, the least useful ones go first.

use serde_json::{Value, json};

use crate::clock::{parse, stamp};
use crate::controllers::ready;
use crate::faults::{Behaviour, Fault};
use crate::json::{has, int, text};
use crate::kinds::{Key, Kind};
use crate::state::{Happening, State};
use crate::write::{self, Deletion};

pub(crate) fn reconcile(state: &mut State, key: &Key, set: &Value) {
    let uid = text(set, "/metadata/uid").to_owned();
    let mut pods = active(state, &uid);
    let wanted = usize::try_from(int(set, "/spec/replicas", 0)).unwrap_or(0);
    let mut failure = None;
    if !has(set, "/metadata/deletionTimestamp") {
        for _ in pods.len()..wanted {
            if let Err(why) = create(state, key, set) {
                failure = Some(why);
                break;
            }
        }
        if pods.len() > wanted {
            pods.sort_by_key(|(_, pod)| usefulness(pod));
            let surplus = pods.len() - wanted;
            for (pod, _) in pods.drain(..surplus) {
                // It stands there: it was listed above, under the same lock.
                drop(write::delete(state, &pod, &Deletion::default()));
            }
        }
    }
    status(state, key, set, failure);
}

/// Pods that count: not over, not on their way out.
pub(crate) fn active(state: &State, uid: &str) -> Vec<(Key, std::sync::Arc<Value>)> {
    let mut pods = state.store.controlled(uid, Kind::Pod);
    pods.retain(|(_, pod)| {
        !has(pod, "/metadata/deletionTimestamp") && !matches!(text(pod, "/status/phase"), "Failed" | "Succeeded")
    });
    pods
}

/// Small means: goes first. Unassigned, then unready, then the youngest (as the real one ranks them).
fn usefulness(pod: &Value) -> (bool, bool, std::cmp::Reverse<i64>) {
    let since = ready(pod).or_else(|| parse(text(pod, "/metadata/creationTimestamp"))).unwrap_or(0);
    (!text(pod, "/spec/nodeName").is_empty(), ready(pod).is_some(), std::cmp::Reverse(since))
}

fn create(state: &mut State, key: &Key, set: &Value) -> Result<(), String> {
    let template = &set["spec"]["template"];
    let name = format!("{}-{}", key.name, state.random.suffix(5));
    if Behaviour::of(state, template).fault == Fault::Quota {
        return Err(format!(
            "pods \"{name}\" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=10, limited: pods=10"
        ));
    }
    let mut metadata = template["metadata"].clone();
    metadata["name"] = json!(name);
    metadata["generateName"] = json!(format!("{}-", key.name));
    metadata["ownerReferences"] = json!([{
        "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": key.name, "uid": set["metadata"]["uid"],
        "controller": true, "blockOwnerDeletion": true,
    }]);
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"] });
    let made = write::create(state, (Kind::Pod, &key.namespace), pod, false);
    made.map(drop).map_err(|failure| failure.status()["message"].to_string())
}

fn status(state: &mut State, key: &Key, set: &Value, failure: Option<String>) {
    let pods = active(state, text(set, "/metadata/uid"));
    let (now, settle) = (state.clock.now(), int(set, "/spec/minReadySeconds", 0) * 1000);
    let (mut ready_pods, mut available, mut look) = (0, 0, None);
    for since in pods.iter().filter_map(|(_, pod)| ready(pod)) {
        ready_pods += 1;
        if since + settle <= now {
            available += 1;
        } else {
            look = Some(look.map_or(since + settle, |at: i64| at.min(since + settle)));
        }
    }
    let mut after = json!({ "replicas": pods.len() });
    for (field, value) in [
        ("fullyLabeledReplicas", pods.len()),
        ("readyReplicas", ready_pods),
        ("availableReplicas", available),
        ("observedGeneration", usize::try_from(int(set, "/metadata/generation", 0)).unwrap_or(0)),
    ] {
        if value > 0 {
            after[field] = json!(value);
        }
    }
    if let Some(why) = failure {
        let new = json!([{ "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": why, "lastTransitionTime": stamp(now) }]);
        after["conditions"] = set["status"].get("conditions").cloned().unwrap_or(new);
        state.plan(now + 10_000, Happening::Reconcile(key.clone()));
    }
    if let Some(at) = look {
        state.plan(at, Happening::Reconcile(key.clone()));
    }
    state.change(key, |set| set["status"] = after);
}
