//! One Deployment, a new template, and a surge that is held: new pods are ready and serve, but do not count as available for a week, so
//! that none of the old ones goes. There is no dead-man switch.
use serde_json::Value;

use super::{ServiceWorld, View, advance, alarm, object, services};
use crate::cluster::Kind;
use crate::record::{Action, Intent, ServiceRecord};
use crate::signals;
use crate::weights::Weight;

/// `minReadySeconds` while the surge is held: a week.
pub(crate) const HELD: u64 = 7 * 86_400;

/// The first service whose surge has not begun or is too small; a surge never shrinks, which would cost stable pods.
pub(super) fn shares(view: View<'_>, weight: Weight) -> Option<Intent> {
    services(view.record, view.world).find_map(|(name, saved, there)| {
        let stable = there.stable.as_ref()?;
        let ready = there.old_pods(saved).filter(|pod| signals::is_ready(pod)).count();
        let wanted = u64::from(advance::wanted(view, weight, u32::try_from(ready).unwrap_or(u32::MAX)));
        let begun = saved.touched.is_some() && alarm::is_ours(saved, stable);
        if wanted == 0 {
            return None;
        }
        if !begun {
            return Some(Intent::on(Action::StartInplace, (name, Kind::Deployment), stable).with(wanted));
        }
        let grows = surge(stable) < wanted;
        grows.then(|| Intent::on(Action::SurgeInplace, (name, Kind::Deployment), stable).with(wanted))
    })
}

/// Whether the whole surge is ready.
pub(super) fn is_ready(there: &ServiceWorld, saved: &ServiceRecord) -> bool {
    let Some(stable) = there.stable.as_ref().filter(|stable| object::is_observed(stable)) else { return false };
    let ready = there.new_pods(saved).filter(|pod| signals::is_ready(pod)).count() as u64;
    let begun = saved.touched.is_some() && alarm::is_ours(saved, stable);
    begun && ready > 0 && ready >= surge(stable)
}

/// The held surge, in pods.
fn surge(stable: &Value) -> u64 {
    stable.pointer("/spec/strategy/rollingUpdate/maxSurge").and_then(Value::as_u64).unwrap_or(0)
}

/// Whether the surge is still held.
pub(super) fn is_held(saved: &ServiceRecord, stable: &Value) -> bool {
    ["/minReadySeconds", "/progressDeadlineSeconds", "/strategy"].iter().any(|field| {
        let now = stable.pointer(&format!("/spec{field}"));
        now != saved.saved.pointer(field)
    })
}
