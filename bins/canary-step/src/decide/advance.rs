//! Canaries up to the share of the step, its observation, and the next step.
use super::{
    Goal, Held, Programs, ServiceWorld, Step, Verdict, View, alarm, floor, guard, inplace, nodes, object, services,
};
use crate::clone;
use crate::cluster::Kind;
use crate::policy::{Gate, OnInconclusive, Router, Stage};
use crate::record::{Action, Intent, Phase, ServerTime};
use crate::weights::Weight;

/// How much longer than its own deadline a canary is waited for: the Deployment's condition says it better than we do.
const GRACE: u64 = 60;

/// The next step before promotion.
pub(super) fn next(view: View<'_>) -> Step {
    let reasons = alarm::before_promotion(view);
    if !reasons.is_empty() {
        return Step::Abort(reasons);
    }
    if let Some(intent) = floor::raise(view) {
        return Step::Do(intent);
    }
    if let Some(step) = kept(view, false) {
        return step;
    }
    let Some(stage) = view.record.policy.steps.get(view.record.step) else {
        return Step::Enter(Phase::Promoting, view.record.step);
    };
    match view.record.phase {
        Phase::Stepping => stepping(view, stage),
        Phase::Observing => observing(view, stage),
        _ if view.goal.is_beyond(view.record.step) => onward(view),
        _ => held(view, Held::Goal),
    }
}

/// What the dead-man switch needs; nothing in place, where there is none.
fn kept(view: View<'_>, handover: bool) -> Option<Step> {
    let guarded = view.record.policy.router == Router::Replicas && view.safety.guard;
    guarded.then(|| guard::keep(view, handover)).flatten()
}

fn stepping(view: View<'_>, stage: &Stage) -> Step {
    if let Some(intent) = shares(view, stage.weight) {
        return Step::Do(intent);
    }
    if services(view.record, view.world).all(|(_, saved, there)| is_ready(view, there, saved)) {
        return Step::Enter(Phase::Observing, view.record.step);
    }
    ready_in_time(view)
}

/// Waits for canary pods, as long as that is reasonable.
fn ready_in_time(view: View<'_>) -> Step {
    let within = view.record.policy.timeouts.ready_within.as_secs() + GRACE;
    let latest = ServerTime(view.record.since.0.max(view.record.observing.map_or(0, |at| at.0)) + within);
    if view.record.phase == Phase::Observing || view.world.now < latest {
        return Step::Wait(Some(latest));
    }
    let end = ServerTime(latest.0.saturating_add(nodes::longest(view)));
    let excused = |service| view.world.now < end && nodes::excuse(view, service);
    let late: Vec<_> = services(view.record, view.world)
        .filter(|(name, saved, there)| !is_ready(view, there, saved) && !excused((name, saved, there)))
        .collect();
    if late.is_empty() {
        return Step::Wait(Some(end));
    }
    let text = format!("its canary pods were not all ready within {within} s");
    Step::Abort(late.into_iter().map(|(name, _, _)| alarm::reason(view, name, ("not-ready", text.clone()))).collect())
}

fn observing(view: View<'_>, stage: &Stage) -> Step {
    // An autoscaler that adds pods to stable makes the share smaller.
    if let Some(intent) = shares(view, stage.weight) {
        return Step::Do(intent);
    }
    let end = ServerTime(view.record.observing.unwrap_or(view.record.since).0 + stage.observe.as_secs());
    if view.world.now < end {
        return Step::Wait(Some(end));
    }
    if !services(view.record, view.world).all(|(_, saved, there)| is_ready(view, there, saved)) {
        return ready_in_time(view);
    }
    let strict = stage.gates.contains(&Gate::NotWorse);
    match (&view.world.verdict, view.record.policy.judge.on_inconclusive) {
        (Verdict::NotWorse, _) => {}
        (_, OnInconclusive::Proceed) if !strict => {}
        (_, OnInconclusive::Abort) => {
            let text = "there was not enough evidence at the end of the step, and the policy says abort";
            return Step::Abort(vec![alarm::reason(view, "", ("inconclusive", text.to_owned()))]);
        }
        _ => return held(view, Held::Inconclusive),
    }
    if let Some(step) = asked(view, stage) {
        return step;
    }
    if stage.gates.contains(&Gate::Hold) {
        return held(view, Held::Gate);
    }
    if view.goal.is_beyond(view.record.step) { onward(view) } else { held(view, Held::Goal) }
}

/// What the programs that are gates of the step still need, or stand in the way of.
fn asked(view: View<'_>, stage: &Stage) -> Option<Step> {
    if !stage.gates.iter().any(|gate| matches!(gate, Gate::Command { .. })) {
        return None;
    }
    match &view.world.programs {
        Programs::Yes => None,
        Programs::Unasked => Some(Step::Ask),
        Programs::Running => Some(Step::Wait(None)),
        Programs::No(why) => Some(Step::Abort(vec![alarm::reason(view, "", ("gate", why.clone()))])),
        Programs::Unknown(_) => Some(held(view, Held::Unclear)),
    }
}

/// Stops driving, with the canaries handed over to the next job.
fn held(view: View<'_>, why: Held) -> Step {
    kept(view, true).unwrap_or(Step::Hold(why))
}

fn onward(view: View<'_>) -> Step {
    let next = view.record.step + 1;
    if next < view.record.policy.steps.len() {
        return Step::Enter(Phase::Stepping, next);
    }
    Step::Enter(Phase::Promoting, view.record.step)
}

impl Goal {
    /// Whether the run goes on after this step.
    fn is_beyond(self, step: usize) -> bool {
        match self {
            Self::End => true,
            Self::Step(last) => step < last,
        }
    }
}

/// The first canary that is missing or too small. A step never takes pods away.
fn shares(view: View<'_>, weight: Weight) -> Option<Intent> {
    if view.record.policy.router == Router::Inplace {
        return inplace::shares(view, weight);
    }
    services(view.record, view.world).find_map(|(name, saved, there)| {
        let stable = there.stable.as_ref()?;
        let wanted = wanted(view, weight, object::number(stable, "/status/readyReplicas", 0));
        match &there.canary {
            _ if wanted == 0 => None,
            None => {
                let made = clone::name(&saved.deployment, &view.record.rollout);
                Some(Intent::new(Action::CreateCanary, (name, Kind::Deployment), &made).with(u64::from(wanted)))
            }
            Some(canary) if object::replicas(canary) < wanted => {
                let intent = Intent::on(Action::ScaleCanary, (name, Kind::Deployment), canary);
                Some(intent.with(u64::from(wanted)))
            }
            Some(_) => None,
        }
    })
}

/// Pods beside `ready` stable ones, which all stay.
pub(super) fn wanted(view: View<'_>, weight: Weight, ready: u32) -> u32 {
    let extra = weight.canaries(ready);
    if view.safety.surge_only { extra } else { extra.saturating_add(ready) }
}

fn is_ready(view: View<'_>, there: &ServiceWorld, saved: &crate::record::ServiceRecord) -> bool {
    if view.record.policy.router == Router::Inplace {
        return inplace::is_ready(there, saved);
    }
    there.canary.as_ref().is_some_and(|canary| object::replicas(canary) > 0 && object::is_ready(canary))
}
