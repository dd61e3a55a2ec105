//! What has to be true when a rollout is over, as sentences about what is not.
use serde_json::Value;

use super::{ServiceWorld, View, World, floor, object, services};
use crate::names;
use crate::record::{Record, ServiceRecord};

/// Whether stable has exactly the template that the server promised.
///
/// # Errors
/// What it is instead.
pub fn is_promised(saved: &ServiceRecord, there: &ServiceWorld) -> Result<(), String> {
    let name = &saved.deployment;
    let stable = there.stable.as_ref().ok_or_else(|| format!("the Deployment {name} is gone"))?;
    if object::uid(stable) != saved.uid {
        return Err(format!("the Deployment {name} is another one of its name"));
    }
    let template = stable.pointer("/spec/template").unwrap_or(&Value::Null);
    match &saved.promised {
        Some(promised) if object::same(promised, template) => Ok(()),
        Some(_) => {
            Err(format!("the template of the Deployment {name} is not what the server promised before it was written"))
        }
        None => Err(format!("the Deployment {name} was never promoted")),
    }
}

/// Whether stable is the saved one: uid, spec but for the number of replicas, and the ReplicaSet that serves it.
///
/// # Errors
/// What is not.
pub fn is_saved(saved: &ServiceRecord, there: &ServiceWorld) -> Result<(), String> {
    let name = &saved.deployment;
    let stable = there.stable.as_ref().ok_or_else(|| format!("the Deployment {name} is gone"))?;
    if object::uid(stable) != saved.uid {
        return Err(format!("the Deployment {name} is another one of its name"));
    }
    if object::hash(&object::spec_of(stable)) != saved.saved_hash {
        return Err(format!("the spec of the Deployment {name} is not the saved one"));
    }
    match there.newest_set() {
        Some(set) if object::uid(set) != saved.replica_set => {
            Err(format!("the Deployment {name} is served by another ReplicaSet than before"))
        }
        _ => Ok(()),
    }
}

/// What differs from before the rollout, after an abort or a rollback.
pub fn unchanged(view: View<'_>) -> Vec<String> {
    let services = services(view.record, view.world);
    let changed = services.filter_map(|(_, saved, there)| is_saved(saved, there).err());
    changed.chain(leftovers(view)).collect()
}

/// What is still there and should not be.
pub fn leftovers(view: View<'_>) -> Vec<String> {
    left(view.record, view.world)
}

/// The same without a view.
pub fn left(record: &Record, world: &World) -> Vec<String> {
    let mut left: Vec<String> = world.made.iter().map(|name| format!("{name} is still there")).collect();
    left.extend(world.guard.iter().map(|job| format!("jobs/{} is still there", object::name(job))));
    for (_, saved, there) in services(record, world) {
        if floor::is_raised(saved, there) {
            left.push(format!("the autoscaler of {} still has its raised floor", saved.deployment));
        }
        let fenced = |found: &&Value| !object::label(found, names::FENCE).is_empty();
        if there.stable.as_ref().filter(fenced).is_some() || there.autoscaler.as_ref().filter(fenced).is_some() {
            left.push(format!("{} still carries the label {}", saved.deployment, names::FENCE));
        }
    }
    left
}
