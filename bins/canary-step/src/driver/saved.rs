//! What is saved of a service before anything of it is touched, and whether it is fit to be moved.
use serde_json::Value;

use super::{Begin, Image};
use crate::clone;
use crate::decide::object;
use crate::policy::{Policy, Router, Service};
use crate::record::ServiceRecord;

/// The service as it stands, and what it is to become.
///
/// # Errors
/// Nothing says what it is to become, or it is not clear which ReplicaSet serves it.
pub(super) fn saved(
    begin: &Begin,
    (service, stable): (&Service, &Value),
    sets: &[Value],
) -> Result<ServiceRecord, String> {
    let name = &service.deployment;
    let template = stable.pointer("/spec/template").unwrap_or(&Value::Null);
    let container = clone::container(template, service.container.as_deref(), name)?;
    let base = service.image.as_ref().map(|image| image.as_str().to_owned());
    let base = base.unwrap_or_else(|| image(template, &container));
    let pinned = service.image.as_ref().filter(|image| image.digest().is_some());
    let pinned = pinned.map(|image| Image::Whole(image.as_str().to_owned()));
    let wanted = begin.images.get(&service.name).or(pinned.as_ref()).map(|image| image.resolve(&base));
    let target = match (begin.targets.get(&service.name), &wanted) {
        (Some(target), Some(image)) => clone::with_image(target, &container, image),
        (Some(target), None) => target.clone(),
        (None, Some(image)) => clone::with_image(stable, &container, image),
        (None, None) => {
            return Err(format!(
                "nothing says which image `{}` gets: give `images`, `image-tag` or `manifests`",
                service.name
            ));
        }
    };
    const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";
    let revision = object::text(stable, REVISION);
    let own = sets.iter().filter(|set| object::is_owned_by(set, object::uid(stable)));
    let set = own.into_iter().find(|set| object::text(set, REVISION) == revision);
    let set = set.ok_or_else(|| format!("the Deployment {name} has no ReplicaSet of its revision yet"))?;
    let saved = object::spec_of(stable);
    Ok(ServiceRecord {
        deployment: name.clone(),
        uid: object::uid(stable).to_owned(),
        from_image: image(template, &container),
        to_image: image(target.pointer("/spec/template").unwrap_or(&Value::Null), &container),
        container,
        saved_hash: object::hash(&saved),
        saved,
        replica_set: object::uid(set).to_owned(),
        replicas: object::replicas(stable),
        target: without_noise(target),
        promised: None,
        written: None,
        floor: None,
        canary: None,
        touched: None,
    })
}

/// A Deployment without what only the server writes.
fn without_noise(mut deployment: Value) -> Value {
    if let Some(whole) = deployment.as_object_mut() {
        whole.remove("status");
        if let Some(metadata) = whole.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("managedFields");
        }
    }
    deployment
}

fn image(template: &Value, container: &str) -> String {
    let containers = template.pointer("/spec/containers").and_then(Value::as_array);
    let found = containers.into_iter().flatten().find(|found| object::text(found, "/name") == container);
    found.map_or_else(String::new, |found| object::text(found, "/image").to_owned())
}

/// Whether stable is fit to be compared with, and to be moved.
pub(super) fn healthy(policy: &Policy, stable: &Value) -> Result<(), String> {
    let name = object::name(stable);
    let problem = match stable {
        _ if object::replicas(stable) == 0 => "asks for no pods, so there is nothing to compare with",
        _ if stable.pointer("/spec/paused").and_then(Value::as_bool) == Some(true) => {
            "is paused, so a promotion would do nothing"
        }
        _ if object::is_leaving(stable) => "is being deleted",
        _ if !object::is_complete(stable) => "is not healthy: not every pod of it is ready and of its newest template",
        _ if policy.router == Router::Inplace && object::text(stable, "/spec/strategy/type") == "Recreate" => {
            "has the strategy Recreate, which cannot be held half-way"
        }
        _ => return Ok(()),
    };
    Err(format!("the Deployment {name} {problem}"))
}
