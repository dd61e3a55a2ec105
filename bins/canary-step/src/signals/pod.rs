//! Signals of one pod: its containers, its scheduling, its eviction.
use serde_json::Value;

use super::container::{Found, signals};
use super::{Blame, Container, Kind, Patience, Role, Sighting, Signal, condition, items, quoted, text, time};

/// The reason of the event by which the cluster autoscaler promises a pod a node.
pub(crate) const SCALE_UP: &str = "TriggeredScaleUp";

/// All hard signals of a pod, the most telling first. A pod that is being deleted or was disrupted gives none.
pub fn pod(seen: Sighting<'_>, patience: &Patience) -> Vec<Signal> {
    if seen.pod.pointer("/metadata/deletionTimestamp").is_some() || disrupted(seen.pod).is_some() {
        return Vec::new();
    }
    let mut all: Vec<Signal> = containers(seen).chain(evicted(seen)).chain(unschedulable(seen, patience)).collect();
    all.sort_by_key(|signal| signal.kind);
    all.dedup_by(|a, b| a.kind == b.kind && a.container == b.container);
    all
}

/// The reason of the condition `DisruptionTarget`: the only one for which a pod is left out of all counts.
pub fn disrupted(pod: &Value) -> Option<&str> {
    condition(pod, "DisruptionTarget", "True").map(|found| text(found, "/reason").unwrap_or_default())
}

/// Whether the pod is ready, and not on its way out.
pub fn is_ready(pod: &Value) -> bool {
    condition(pod, "Ready", "True").is_some() && pod.pointer("/metadata/deletionTimestamp").is_none()
}

/// Since when the pod is ready, in seconds since 1970 by the API server's clock.
pub fn ready_since(pod: &Value) -> Option<u64> {
    let ready = condition(pod, "Ready", "True")?;
    let since: jiff::Timestamp = ready.get("lastTransitionTime")?.as_str()?.parse().ok()?;
    u64::try_from(since.as_second()).ok()
}

/// Restarts of its servers and sidecars, for the older rule and for the judge's counts.
pub fn restarts(pod: &Value) -> u64 {
    statuses(pod)
        .filter(|(_, container)| container.role != Role::Init)
        .filter_map(|(status, _)| status.get("restartCount").and_then(Value::as_u64))
        .fold(0, u64::saturating_add)
}

/// Since when the pod has a node, in seconds since 1970 by the API server's clock; nothing while it waits for one.
pub fn placed_since(pod: &Value) -> Option<u64> {
    if condition(pod, "PodScheduled", "False").is_some() {
        return None;
    }
    let placed = condition(pod, "PodScheduled", "True").and_then(|found| time(found, "/lastTransitionTime"));
    placed.or_else(|| time(pod, "/metadata/creationTimestamp"))
}

/// Until when one has patience with a pod that waits for a node: longer once an autoscaler has promised one. Nothing for one that has it.
pub fn waits_until(seen: Sighting<'_>, patience: &Patience) -> Option<u64> {
    let limit = if is_promised(seen) { patience.unschedulable_after_scale_up } else { patience.unschedulable };
    Some(waiting_since(seen.pod)?.saturating_add(limit.as_secs()))
}

/// Each container's status with its name and role.
fn statuses(pod: &Value) -> impl Iterator<Item = (&Value, Container)> {
    let container =
        |status: &Value, role| Container { name: text(status, "/name").unwrap_or_default().to_owned(), role };
    let init = items(pod, "/status/initContainerStatuses").map(move |status| {
        let name = text(status, "/name");
        let sidecar = items(pod, "/spec/initContainers")
            .any(|spec| text(spec, "/name") == name && text(spec, "/restartPolicy") == Some("Always"));
        (status, container(status, if sidecar { Role::Sidecar } else { Role::Init }))
    });
    init.chain(items(pod, "/status/containerStatuses").map(move |status| (status, container(status, Role::Main))))
}

/// The container's name as a sentence begins with it.
fn who(container: &Container) -> String {
    let role = match container.role {
        Role::Main => "container",
        Role::Init => "init container",
        Role::Sidecar => "sidecar",
    };
    format!("{role} `{}`", container.name)
}

fn containers(seen: Sighting<'_>) -> impl Iterator<Item = Signal> {
    statuses(seen.pod).flat_map(move |(status, container)| {
        let who = who(&container);
        let found = signals(status, container.role, &who);
        found.into_iter().map(move |found| signal(seen, Some(container.clone()), found))
    })
}

fn signal(seen: Sighting<'_>, container: Option<Container>, found: Found) -> Signal {
    Signal {
        kind: found.kind,
        blame: found.blame,
        service: seen.service.to_owned(),
        pod: text(seen.pod, "/metadata/name").map(str::to_owned),
        container,
        since: found
            .since
            .or_else(|| unready_since(seen.pod))
            .or_else(|| time(seen.pod, "/metadata/creationTimestamp")),
        text: found.text,
        last_log_lines: found.lines,
        log: found.log,
    }
}

fn unready_since(pod: &Value) -> Option<u64> {
    time(condition(pod, "ContainersReady", "False")?, "/lastTransitionTime")
}

/// A kubelet's eviction without `DisruptionTarget` is for what the pod itself used, such as its disk.
fn evicted(seen: Sighting<'_>) -> Option<Signal> {
    let failed =
        text(seen.pod, "/status/phase") == Some("Failed") && text(seen.pod, "/status/reason") == Some("Evicted");
    let message = text(seen.pod, "/status/message").unwrap_or_default();
    let text = format!("the pod was evicted for what it used itself: {}", quoted(message));
    let (kind, blame) = (Kind::Evicted, Blame::Regression);
    failed.then(|| signal(seen, None, Found { kind, blame, since: None, text, lines: Vec::new(), log: None }))
}

fn waiting_since(pod: &Value) -> Option<u64> {
    let waits = condition(pod, "PodScheduled", "False")?;
    time(waits, "/lastTransitionTime").or_else(|| time(pod, "/metadata/creationTimestamp"))
}

/// Whether an autoscaler has said that a node is on its way.
fn is_promised(seen: Sighting<'_>) -> bool {
    own(seen.events, seen.pod).any(|event| text(event, "/reason") == Some(SCALE_UP))
}

/// A pod that waits for a node longer than one has patience.
fn unschedulable(seen: Sighting<'_>, patience: &Patience) -> Option<Signal> {
    let (since, until) = (waiting_since(seen.pod)?, waits_until(seen, patience)?);
    let waits = condition(seen.pod, "PodScheduled", "False")?;
    let message = quoted(text(waits, "/message").unwrap_or("the scheduler gives no reason"));
    let promised = if is_promised(seen) { ", though the cluster autoscaler had promised one" } else { "" };
    let text = format!("no node for {} s{promised}: {message}", seen.now.saturating_sub(since));
    let (kind, blame) = (Kind::Unschedulable, Blame::Infrastructure);
    let found = Found { kind, blame, since: Some(since), text, lines: Vec::new(), log: None };
    (seen.now >= until).then(|| signal(seen, None, found))
}

/// The events of this pod.
fn own<'a>(events: &'a [Value], pod: &'a Value) -> impl Iterator<Item = &'a Value> {
    let uid = text(pod, "/metadata/uid");
    // `regarding` in events.k8s.io/v1, `involvedObject` in v1.
    let about = |event: &'a Value| text(event, "/involvedObject/uid").or_else(|| text(event, "/regarding/uid"));
    events.iter().filter(move |event| uid.is_some() && about(event) == uid)
}
