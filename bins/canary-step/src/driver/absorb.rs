//! What the world shows and the record does not know yet: made by a driver that died before it could write it down.
use serde_json::Value;

use super::Driver;
use crate::decide::{self, object};
use crate::record::{CanaryRecord, Floor, Record};

impl Driver {
    /// Takes in the guard, canaries and autoscalers; the next write of the record carries them.
    pub(super) fn absorb(&mut self) {
        let (record, world) = (&mut self.record, &self.world);
        if let Some(job) = &world.guard {
            let same = record.guard.as_ref().is_none_or(|known| known.uid == object::uid(job));
            if same {
                record.guard = Some(decide::known_guard(job));
            }
        }
        let guard = record.guard.as_ref().map(|guard| guard.uid.clone()).unwrap_or_default();
        let before = record.phase.is_before_promotion();
        for (name, saved) in &mut record.services {
            let Some(there) = world.services.get(name) else { continue };
            let ours = |canary: &&Value| object::is_owned_by(canary, &guard) || !self.safety.guard;
            if let Some(canary) = there.canary.as_ref().filter(|_| saved.canary.is_none()).filter(ours) {
                let [name, uid] = [object::name(canary), object::uid(canary)].map(str::to_owned);
                saved.canary = Some(CanaryRecord { name, uid });
            }
            if let Some(autoscaler) = there.autoscaler.as_ref().filter(|_| before && saved.floor.is_none()) {
                saved.floor = floor(autoscaler, saved.replicas);
            }
        }
    }
}

/// The floor that this autoscaler needs so that it does not take pods from the `replicas` of stable; none when it has it already.
pub(super) fn floor(autoscaler: &Value, replicas: u32) -> Option<Floor> {
    let original = autoscaler.pointer("/spec/minReplicas").and_then(Value::as_u64);
    let original = original.and_then(|floor| u32::try_from(floor).ok());
    let raised = replicas.min(object::number(autoscaler, "/spec/maxReplicas", u32::MAX));
    let low = original.unwrap_or(1) < raised;
    let (name, uid) = (object::name(autoscaler).to_owned(), object::uid(autoscaler).to_owned());
    low.then_some(Floor { name, uid, original, raised })
}

/// How the record names a rollout to people.
pub(super) fn told(record: &Record) -> String {
    let url = if record.run.url.is_empty() { String::new() } else { format!(" of {}", record.run.url) };
    format!("the rollout {}{url}", record.rollout)
}
