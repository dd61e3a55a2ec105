//! What a rollout added goes: the dead-man switch and with it the canaries, then raised floors, then fence labels.
use super::{Step, View, floor, guard, object, services};
use crate::cluster::Kind;
use crate::names;
use crate::record::{Action, Intent, ServerTime};
use crate::signals;

/// The garbage collector takes a second; what is still there after this many is deleted by hand.
const COLLECTED: u64 = 30;

/// The next thing that has to go, or to be waited for; none when all is gone.
pub(super) fn next(view: View<'_>) -> Option<Step> {
    canaries(view).or_else(|| floor::lower(view).map(Step::Do)).or_else(|| unfence(view).map(Step::Do))
}

fn canaries(view: View<'_>) -> Option<Step> {
    let soon = Step::Wait(Some(ServerTime(view.world.now.0 + 5)));
    if let Some(job) = &view.world.guard {
        let falls = guard::times(job).is_some_and(|(_, deadline)| deadline <= view.world.now)
            || object::number(job, "/spec/activeDeadlineSeconds", 0) == 1
            || object::is_leaving(job)
            || signals::guard(Some(job), object::uid(job)).is_some();
        if !falls {
            return Some(Step::Do(Intent::on(Action::EndGuard, ("", Kind::Job), job)));
        }
    }
    if view.world.made.is_empty() && view.world.guard.is_none() {
        return None;
    }
    let patience = view.record.since.0 + COLLECTED;
    if view.world.now.0 < patience {
        return Some(soon);
    }
    let stray = view.world.strays.iter().find(|stray| !object::is_leaving(stray));
    if let Some(stray) = stray {
        return Some(Step::Do(Intent::on(Action::DeleteCanary, ("", Kind::Deployment), stray)));
    }
    let within = view.record.policy.timeouts.verify_within.as_secs();
    // What is left then is named in the end.
    (view.world.now.0 < view.record.since.0 + COLLECTED + within).then_some(soon)
}

/// The first fence label on something that stays.
fn unfence(view: View<'_>) -> Option<Intent> {
    services(view.record, view.world).find_map(|(name, _, there)| {
        let fenced = |object: &&serde_json::Value| !object::label(object, names::FENCE).is_empty();
        let stable = there.stable.as_ref().filter(fenced).map(|found| (Kind::Deployment, found));
        let autoscaler =
            || there.autoscaler.as_ref().filter(fenced).map(|found| (Kind::HorizontalPodAutoscaler, found));
        let (kind, found) = stable.or_else(autoscaler)?;
        Some(Intent::on(Action::Unfence, (name, kind), found))
    })
}
