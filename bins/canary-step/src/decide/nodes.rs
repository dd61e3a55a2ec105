//! Pods that wait for a node: an autoscaler may have promised one, and none of that is the release's fault. A pod's time to become ready
//! begins with its node.
use serde_json::Value;

use super::{ServiceWorld, View, object, services};
use crate::policy::Router;
use crate::record::{ServerTime, ServiceRecord};
use crate::signals::{Patience, Sighting, disrupted, is_ready, placed_since, waits_until};

/// Until when a pod is given time for reasons of its node: while it waits for one, as long as there is patience for that, and then for
/// as long as any pod may take.
fn excused_until(view: View<'_>, service: &str, pod: &Value) -> Option<u64> {
    let timeouts = &view.record.policy.timeouts;
    let seen = Sighting { service, pod, events: &view.world.events, now: view.world.now.0 };
    waits_until(seen, &Patience::of(timeouts))
        .or_else(|| placed_since(pod).map(|since| since.saturating_add(timeouts.ready_within.as_secs())))
}

/// The pods of the new version that are to stay.
fn new_pods<'a>(view: View<'_>, (saved, there): (&'a ServiceRecord, &'a ServiceWorld)) -> Vec<&'a Value> {
    let inplace = view.record.policy.router == Router::Inplace;
    let changed = there.new_pods(saved).filter(|_| inplace || saved.touched.is_some());
    let stays = |pod: &&Value| !object::is_leaving(pod) && disrupted(pod).is_none();
    there.canary_pods.iter().chain(changed).filter(stays).collect()
}

/// The longest that pods are excused by their nodes, in seconds: as long as one may wait for a node, and then start. Pods that are made
/// anew again and again are not waited for without end.
pub(super) fn longest(view: View<'_>) -> u64 {
    let timeouts = &view.record.policy.timeouts;
    let waits = timeouts.unschedulable.as_secs().max(timeouts.unschedulable_after_scale_up.as_secs());
    waits.saturating_add(timeouts.ready_within.as_secs())
}

/// Whether every pod of a service's new version that is not ready still has time because of its node; false where there is none.
pub(super) fn excuse(view: View<'_>, service: (&str, &ServiceRecord, &ServiceWorld)) -> bool {
    let mut unready = new_pods(view, (service.1, service.2)).into_iter().filter(|pod| !is_ready(pod)).peekable();
    unready.peek().is_some() && unready.all(|pod| has_time(view, service.0, pod))
}

/// Whether a deadline that a service's new version missed is no fault of its own: each pod that is not ready has no node, however long it
/// waits (which is a signal by itself), or still has time. So it is where the last of them has just become ready: the Deployment says so
/// a moment later.
pub(super) fn blameless(view: View<'_>, service: (&str, &ServiceRecord, &ServiceWorld)) -> bool {
    let excused = |pod: &&Value| placed_since(pod).is_none() || has_time(view, service.0, pod);
    let pods = new_pods(view, (service.1, service.2));
    pods.iter().any(excused) && pods.iter().all(|pod| is_ready(pod) || excused(pod))
}

fn has_time(view: View<'_>, service: &str, pod: &Value) -> bool {
    excused_until(view, service, pod).is_some_and(|until| until > view.world.now.0)
}

/// The next moment at which patience with some pod ends, which no event of the cluster tells.
pub(super) fn next_end(view: View<'_>) -> Option<ServerTime> {
    let all = services(view.record, view.world).flat_map(|(name, saved, there)| {
        let unready = new_pods(view, (saved, there)).into_iter().filter(|pod| !is_ready(pod));
        unready.filter_map(move |pod| excused_until(view, name, pod))
    });
    all.filter(|until| *until > view.world.now.0).min().map(ServerTime)
}
