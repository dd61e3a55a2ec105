//! New templates into stable, service by service, and then everything is looked at once more.
use serde_json::Value;

use super::{ServiceWorld, Step, View, alarm, floor, guard, inplace, object, proof, services, teardown};
use crate::cluster::Kind;
use crate::policy::Router;
use crate::record::{Action, Intent, Phase, ServerTime, ServiceRecord};

/// The next step of the promotion. The dead-man switch has to live and every canary to be there, or nothing more is promoted.
pub(super) fn next(view: View<'_>) -> Step {
    let reasons = alarm::during_promotion(view);
    if !reasons.is_empty() {
        return Step::Abort(reasons);
    }
    if let Some(intent) = floor::raise(view) {
        return Step::Do(intent);
    }
    if let Some(step) = is_guarded(view).then(|| guard::keep(view, false)).flatten() {
        return step;
    }
    for (name, saved, there) in services(view.record, view.world) {
        if let Some(step) = service(view, (name, saved, there)) {
            return step;
        }
    }
    Step::Enter(Phase::Verifying, view.record.step)
}

/// Without steps there are no canaries, and in place there is no switch.
fn is_guarded(view: View<'_>) -> bool {
    view.record.policy.router == Router::Replicas && !view.record.policy.steps.is_empty() && view.safety.guard
}

/// None when the service is through.
fn service(view: View<'_>, (name, saved, there): (&str, &ServiceRecord, &ServiceWorld)) -> Option<Step> {
    // The alarm has seen that it is there.
    let stable = there.stable.as_ref()?;
    let template = stable.pointer("/spec/template").unwrap_or(&Value::Null);
    let inplace = view.record.policy.router == Router::Inplace;
    if saved.touched.is_some() && alarm::is_ours(saved, stable) {
        if inplace && !view.record.policy.steps.is_empty() && inplace::is_held(saved, stable) {
            return Some(Step::Do(Intent::on(Action::FinishInplace, (name, Kind::Deployment), stable)));
        }
        return (!object::is_complete(stable)).then(|| complete_in_time(view, (name, saved)));
    }
    let untouched = saved.saved.get("template").is_some_and(|before| object::same(before, template));
    if !untouched {
        let text = format!("somebody changed the Deployment {} during the promotion", saved.deployment);
        return Some(Step::Abort(vec![alarm::reason(view, name, ("edited", text))]));
    }
    Some(Step::Do(Intent::on(Action::Promote, (name, Kind::Deployment), stable)))
}

fn complete_in_time(view: View<'_>, (name, saved): (&str, &ServiceRecord)) -> Step {
    let within = view.record.policy.timeouts.promote_within.as_secs();
    let begun = saved.touched.unwrap_or_default().0.max(view.record.since.0);
    let latest = ServerTime(begun + within);
    if view.world.now < latest {
        return Step::Wait(Some(latest));
    }
    let text = format!("not all of its pods ran the new version within {within} s");
    Step::Abort(vec![alarm::reason(view, name, ("not-complete", text))])
}

/// All services run the new version: nobody may have changed that, then what is extra goes, and all of it is proved.
pub(super) fn verify(view: View<'_>) -> Step {
    let wrong = services(view.record, view.world).filter_map(|(name, saved, there)| {
        let text = proof::is_promised(saved, there).err()?;
        Some(alarm::reason(view, name, ("edited", text)))
    });
    let wrong: Vec<_> = wrong.collect();
    if !wrong.is_empty() {
        return Step::Abort(wrong);
    }
    let complete = |there: &ServiceWorld| there.stable.as_ref().is_some_and(object::is_complete);
    if let Some((name, _, _)) = services(view.record, view.world).find(|(_, _, there)| !complete(there)) {
        let within = view.record.policy.timeouts.verify_within.as_secs();
        let latest = ServerTime(view.record.since.0 + within);
        if view.world.now < latest {
            return Step::Wait(Some(latest));
        }
        let text = format!("not all of its pods were ready within {within} s of the promotion");
        return Step::Abort(vec![alarm::reason(view, name, ("not-complete", text))]);
    }
    teardown::next(view).unwrap_or_else(|| Step::Finish(Phase::Promoted, proof::leftovers(view)))
}
