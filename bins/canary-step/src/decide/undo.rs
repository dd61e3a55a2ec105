//! The way back: abort before promotion, rollback after it has begun.
use serde_json::Value;

use super::{ServiceWorld, Step, View, alarm, object, proof, services, teardown};
use crate::cluster::Kind;
use crate::policy::Router;
use crate::record::{Action, Intent, Phase, ServerTime, ServiceRecord};

/// Canaries go; in place, the originals come back first, by one patch.
pub(super) fn abort(view: View<'_>) -> Step {
    let restored = (view.record.policy.router == Router::Inplace).then(|| restore(view)).flatten();
    restored.or_else(|| teardown::next(view)).unwrap_or_else(|| Step::Finish(Phase::Aborted, proof::unchanged(view)))
}

/// Every template that this rollout changed comes back, the last one first.
pub(super) fn roll_back(view: View<'_>) -> Step {
    let restored = restore(view).or_else(|| teardown::next(view));
    restored.unwrap_or_else(|| Step::Finish(Phase::RolledBack, proof::unchanged(view)))
}

fn restore(view: View<'_>) -> Option<Step> {
    let touched = services(view.record, view.world).filter(|(_, saved, _)| saved.touched.is_some());
    let touched: Vec<_> = touched.collect();
    let changed = touched.iter().rev().find(|(_, saved, there)| is_to_restore(view, saved, there));
    if let Some((name, _, there)) = changed {
        let stable = there.stable.as_ref()?;
        return Some(Step::Do(Intent::on(Action::Restore, (name, Kind::Deployment), stable)));
    }
    // Only then all of them are waited for, so that none waits for another.
    let latest = ServerTime(view.record.since.0 + view.record.policy.timeouts.promote_within.as_secs());
    let pending =
        touched.iter().any(|(_, _, there)| there.stable.as_ref().is_some_and(|stable| !object::is_complete(stable)));
    (pending && view.world.now < latest).then_some(Step::Wait(Some(latest)))
}

/// Whether what stands there is this rollout's: a change that somebody else made on top of nothing of ours stays.
fn is_to_restore(view: View<'_>, saved: &ServiceRecord, there: &ServiceWorld) -> bool {
    let Some(stable) = there.stable.as_ref().filter(|stable| object::uid(stable) == saved.uid) else { return false };
    let inplace = view.record.policy.router == Router::Inplace;
    let template = stable.pointer("/spec/template").unwrap_or(&Value::Null);
    let back = match inplace {
        true => object::hash(&object::spec_of(stable)) == saved.saved_hash,
        false => saved.saved.get("template").is_some_and(|before| object::same(before, template)),
    };
    !back && alarm::is_ours(saved, stable)
}
