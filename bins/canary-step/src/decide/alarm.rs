//! What stops a rollout: hard signals, a verdict, something lost, somebody's edit.
use serde_json::Value;

use super::{ServiceWorld, Verdict, View, nodes, object, services};
use crate::evidence::{Reason, ReasonKind};
use crate::policy::{Reaction, Router};
use crate::record::ServiceRecord;
use crate::signals::{self, Blame, Kind, Patience, Sighting, Signal};

/// Before promotion: nobody may have touched stable, what was made has to be there, and nothing may be worse.
pub(super) fn before_promotion(view: View<'_>) -> Vec<Reason> {
    let mut reasons = guard(view);
    for (name, saved, there) in services(view.record, view.world) {
        reasons.extend(edited(view, (name, saved, there)));
        reasons.extend(lost_canary(view, (name, saved, there)));
    }
    reasons.extend(hard(view));
    reasons.extend(worse(view));
    reasons
}

/// During promotion: the same of the canaries, and the new pods of stable may show no hard signal.
pub(super) fn during_promotion(view: View<'_>) -> Vec<Reason> {
    let mut reasons = guard(view);
    for (name, saved, there) in services(view.record, view.world) {
        reasons.extend(replaced(view, (name, saved, there)));
        reasons.extend(lost_canary(view, (name, saved, there)));
    }
    reasons.extend(hard(view));
    reasons.extend(worse(view));
    reasons
}

fn worse(view: View<'_>) -> Vec<Reason> {
    match &view.world.verdict {
        Verdict::Worse(reasons) => reasons.clone(),
        _ => Vec::new(),
    }
}

/// The dead-man switch, once there is one, has to live: a patch on a failed one is answered with 200 all the same.
pub(super) fn guard(view: View<'_>) -> Vec<Reason> {
    let Some(known) = view.record.guard.as_ref().filter(|guard| !guard.uid.is_empty() && view.safety.guard) else {
        return Vec::new();
    };
    let lost = signals::guard(view.world.guard.as_ref(), &known.uid);
    lost.map(|signal| of_signal(view, signal)).into_iter().collect()
}

fn lost_canary(view: View<'_>, (name, saved, there): (&str, &ServiceRecord, &ServiceWorld)) -> Option<Reason> {
    let known = saved.canary.as_ref().filter(|_| view.safety.guard)?;
    let found = there.canary.as_ref().filter(|canary| !object::is_leaving(canary));
    match found {
        Some(canary) if object::uid(canary) == known.uid => None,
        Some(_) => {
            Some(reason(view, name, ("canary-lost", format!("another Deployment stands where {} was", known.name))))
        }
        None => Some(reason(view, name, ("canary-lost", format!("the canary {} is gone", known.name)))),
    }
}

/// Whether somebody else changed stable.
fn edited(view: View<'_>, (name, saved, there): (&str, &ServiceRecord, &ServiceWorld)) -> Option<Reason> {
    let gone = replaced(view, (name, saved, there));
    let Some(stable) = there.stable.as_ref().filter(|_| gone.is_none()) else { return gone };
    let untouched = object::hash(&object::spec_of(stable)) == saved.saved_hash;
    let ours = view.record.policy.router == Router::Inplace && is_ours(saved, stable);
    let text =
        || format!("somebody changed the Deployment {} during the rollout; it is left as it is now", saved.deployment);
    (!untouched && !ours).then(|| reason(view, name, ("edited", text())))
}

fn replaced(view: View<'_>, (name, saved, there): (&str, &ServiceRecord, &ServiceWorld)) -> Option<Reason> {
    let text = match there.stable.as_ref().filter(|stable| !object::is_leaving(stable)) {
        None => format!("somebody deleted the Deployment {}", saved.deployment),
        Some(stable) if object::uid(stable) != saved.uid => {
            format!("somebody replaced the Deployment {} by another one of its name", saved.deployment)
        }
        Some(_) => return None,
    };
    Some(reason(view, name, ("edited", text)))
}

/// Whether the template is what this rollout put there: as the server promised, or with the image that is released.
pub(super) fn is_ours(saved: &ServiceRecord, stable: &Value) -> bool {
    let template = stable.pointer("/spec/template").unwrap_or(&Value::Null);
    let promised = saved.promised.as_ref().is_some_and(|promised| object::same(promised, template));
    promised
        || (saved.touched.is_some()
            && saved.from_image != saved.to_image
            && image(template, &saved.container) == saved.to_image)
}

fn image<'a>(template: &'a Value, container: &str) -> &'a str {
    let containers = template.pointer("/spec/containers").and_then(Value::as_array);
    let found = containers.into_iter().flatten().find(|found| object::text(found, "/name") == container);
    found.map_or("", |found| object::text(found, "/image"))
}

/// Hard signals of every pod, ReplicaSet and Deployment of the new version.
fn hard(view: View<'_>) -> Vec<Reason> {
    let patience = Patience::of(&view.record.policy.timeouts);
    let mut found: Vec<Signal> = view.world.remembered.clone();
    for (name, saved, there) in services(view.record, view.world) {
        // A Deployment's deadline knows nothing of nodes.
        let excused = nodes::blameless(view, (name, saved, there)).then(|| nodes::longest(view));
        let until = |signal: &Signal| excused.map_or(0, |longest| signal.since.unwrap_or(0).saturating_add(longest));
        let counts =
            |signal: &Signal| signal.kind != Kind::ProgressDeadlineExceeded || view.world.now.0 >= until(signal);
        let of = |deployment| signals::deployment(name, deployment).into_iter().filter(counts);
        found.extend(there.canary.iter().flat_map(of));
        found.extend(there.canary_sets.iter().flat_map(|set| signals::replica_set(name, set)));
        let changed = saved.touched.is_some();
        let moved = there.stable.as_ref().filter(|stable| changed && is_ours(saved, stable));
        found.extend(moved.into_iter().flat_map(of));
        let new = there.new_pods(saved).filter(|_| changed);
        for pod in there.canary_pods.iter().chain(new) {
            let seen = Sighting { service: name, pod, events: &view.world.events, now: view.world.now.0 };
            found.extend(signals::pod(seen, &patience));
        }
    }
    let hard = &view.record.policy.judge.hard_signals;
    found.retain(|signal| hard.reaction(signal.kind) == Reaction::Abort);
    found.into_iter().map(|signal| of_signal(view, signal)).collect()
}

/// A signal as a reason.
fn of_signal(view: View<'_>, signal: Signal) -> Reason {
    let since = signal.since.unwrap_or(view.world.now.0).saturating_sub(view.record.started.0);
    let container = signal.container.as_ref().map(|container| container.name.clone());
    Reason {
        service: signal.service,
        pod: signal.pod,
        container,
        signal: signal.kind.word().to_owned(),
        since,
        text: signal.text,
        last_log_lines: signal.last_log_lines,
        kind: match signal.blame {
            Blame::Regression => ReasonKind::Regression,
            Blame::Infrastructure => ReasonKind::Infrastructure,
        },
    }
}

/// A reason that people or the infrastructure gave, not the release.
pub(super) fn reason(view: View<'_>, service: &str, (signal, text): (&str, String)) -> Reason {
    let kind = match signal {
        "edited" | "cancelled" | "asked" => ReasonKind::Intervention,
        "not-ready" | "not-complete" | "gate" => ReasonKind::Regression,
        _ => ReasonKind::Infrastructure,
    };
    let since = view.world.now.since(view.record.started);
    Reason {
        service: service.to_owned(),
        pod: None,
        container: None,
        signal: signal.to_owned(),
        since,
        text,
        last_log_lines: Vec::new(),
        kind,
    }
}
