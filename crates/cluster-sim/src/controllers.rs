//! The controllers: who looks at what when something was written.

use serde_json::Value;

use crate::json::{has, list, text};
use crate::kinds::{Key, Kind};
use crate::state::{Happening, State};
use crate::store::Change;
use crate::{pods, traffic};

pub(crate) mod autoscaler;
pub(crate) mod deployment;
pub(crate) mod garbage;
pub(crate) mod job;
pub(crate) mod replicaset;
mod rollout;

/// How long after a write its controller looks: they watch, too.
const LAG: i64 = 4;

/// Plans who looks at a write.
pub(crate) fn notice(state: &mut State, change: &Change) {
    let key = &change.key;
    let object = &change.after;
    garbage::notice(state, change);
    match key.kind {
        Kind::Pod => {
            pod(state, change);
            look_at(state, state.owner(object, Kind::ReplicaSet));
        }
        Kind::ReplicaSet => {
            look_at(state, Some(key.clone()));
            look_at(state, state.owner(object, Kind::Deployment));
        }
        Kind::Service => traffic::route(state, key, (!change.gone).then_some(object)),
        Kind::HorizontalPodAutoscaler if change.before.is_none() => {
            let period = i64::try_from(state.options.autoscaler_period.as_millis()).unwrap_or(15_000);
            state.soon(period, Happening::Reconcile(key.clone()));
        }
        Kind::Deployment | Kind::Job => look_at(state, Some(key.clone())),
        _ => {}
    }
}

fn look_at(state: &mut State, key: Option<Key>) {
    if let Some(key) = key {
        state.soon(LAG, Happening::Reconcile(key));
    }
}

fn pod(state: &mut State, change: &Change) {
    let pod = &change.after;
    let (was, is) = (change.before.as_deref().is_some_and(serves), !change.gone && serves(pod));
    if was != is {
        traffic::shift(state, pod, is);
    }
    if change.gone {
        state.runs.remove(text(pod, "/metadata/uid"));
    } else if change.before.is_none() {
        pods::born(state, &change.key, pod);
    } else {
        pods::changed(state, &change.key, pod);
    }
}

/// An object's controller looks at it.
pub(crate) fn reconcile(state: &mut State, key: &Key) {
    let Some(object) = state.get(key) else { return };
    match key.kind {
        Kind::Deployment => deployment::reconcile(state, key, &object),
        Kind::ReplicaSet => replicaset::reconcile(state, key, &object),
        Kind::Job => job::reconcile(state, key, &object),
        Kind::HorizontalPodAutoscaler => autoscaler::reconcile(state, key, &object),
        _ => {}
    }
}

/// Whether a pod is ready, and not on its way out: such pods get traffic.
pub(crate) fn serves(pod: &Value) -> bool {
    !has(pod, "/metadata/deletionTimestamp") && ready(pod).is_some()
}

/// Since when a pod is ready.
pub(crate) fn ready(pod: &Value) -> Option<i64> {
    let conditions = list(pod, "/status/conditions");
    let ready = conditions.iter().find(|condition| text(condition, "/type") == "Ready")?;
    (text(ready, "/status") == "True").then(|| crate::clock::parse(text(ready, "/lastTransitionTime"))).flatten()
}
