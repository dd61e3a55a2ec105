//! The floor of an autoscaler: with canaries that take load it would shrink stable, so before the first canary pod it gets the number
//! of replicas that stable has, and in the end its own again.
use super::{ServiceWorld, View, object, services};
use crate::cluster::Kind;
use crate::record::{Action, Intent, ServiceRecord};

/// Raises the first floor that is too low, also when somebody has reset it.
pub(super) fn raise(view: View<'_>) -> Option<Intent> {
    if !view.safety.floor {
        return None;
    }
    services(view.record, view.world).find_map(|(name, saved, there)| {
        let floor = saved.floor.as_ref()?;
        let autoscaler = there.autoscaler.as_ref().filter(|found| object::uid(found) == floor.uid)?;
        let low = object::number(autoscaler, "/spec/minReplicas", 1) < floor.raised;
        let intent = Intent::on(Action::RaiseFloor, (name, Kind::HorizontalPodAutoscaler), autoscaler);
        low.then(|| intent.with(u64::from(floor.raised)))
    })
}

/// Gives the first raised floor back; one that somebody has set to another value since is theirs.
pub(super) fn lower(view: View<'_>) -> Option<Intent> {
    services(view.record, view.world).find_map(|(name, saved, there)| {
        is_raised(saved, there).then_some(())?;
        let autoscaler = there.autoscaler.as_ref()?;
        let original = saved.floor.as_ref().and_then(|floor| floor.original).unwrap_or(1);
        let intent = Intent::on(Action::LowerFloor, (name, Kind::HorizontalPodAutoscaler), autoscaler);
        Some(intent.with(u64::from(original)))
    })
}

/// Whether the floor stands where this rollout raised it to.
pub(super) fn is_raised(saved: &ServiceRecord, there: &ServiceWorld) -> bool {
    let (Some(floor), Some(autoscaler)) = (&saved.floor, &there.autoscaler) else { return false };
    object::uid(autoscaler) == floor.uid
        && object::number(autoscaler, "/spec/minReplicas", 1) == floor.raised
        && floor.original.unwrap_or(1) != floor.raised
}
