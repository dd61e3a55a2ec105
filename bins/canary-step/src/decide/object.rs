//! What is read out of objects: raw JSON in, plain values out.
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The text at a pointer, or none.
#[must_use]
pub fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The number at a pointer; `otherwise` where there is none.
#[must_use]
pub fn number(object: &Value, pointer: &str, otherwise: u32) -> u32 {
    object.pointer(pointer).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(otherwise)
}

/// The uid.
#[must_use]
pub fn uid(object: &Value) -> &str {
    text(object, "/metadata/uid")
}

/// The name.
#[must_use]
pub fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// The resourceVersion.
#[must_use]
pub fn version(object: &Value) -> &str {
    text(object, "/metadata/resourceVersion")
}

/// A label; empty where there is none.
#[must_use]
pub fn label<'a>(object: &'a Value, key: &str) -> &'a str {
    object.pointer("/metadata/labels").and_then(|labels| labels.get(key)).and_then(Value::as_str).unwrap_or("")
}

/// An annotation, if the object has it.
#[must_use]
pub fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.pointer("/metadata/annotations")?.get(key)?.as_str()
}

/// Whether it is being deleted.
#[must_use]
pub fn is_leaving(object: &Value) -> bool {
    object.pointer("/metadata/deletionTimestamp").is_some_and(|time| !time.is_null())
}

/// Whether `owner` (a uid) controls or owns the object.
#[must_use]
pub fn is_owned_by(object: &Value, owner: &str) -> bool {
    let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    owners.is_some_and(|owners| owners.iter().any(|reference| text(reference, "/uid") == owner))
}

/// Replicas that are asked for; the API's default is 1.
#[must_use]
pub fn replicas(deployment: &Value) -> u32 {
    number(deployment, "/spec/replicas", 1)
}

/// Whether the controller has seen the newest spec.
#[must_use]
pub fn is_observed(object: &Value) -> bool {
    let number = |pointer| object.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
    number("/status/observedGeneration") >= number("/metadata/generation")
}

/// Whether every replica that is asked for runs the newest template and serves, and no other pod is left.
#[must_use]
pub fn is_complete(deployment: &Value) -> bool {
    let wanted = replicas(deployment);
    let is = |pointer| number(deployment, pointer, 0) == wanted;
    is_observed(deployment)
        && is("/status/updatedReplicas")
        && is("/status/replicas")
        && is("/status/readyReplicas")
        && is("/status/availableReplicas")
}

/// Whether every replica that is asked for is ready, available or not yet.
#[must_use]
pub fn is_ready(deployment: &Value) -> bool {
    let wanted = replicas(deployment);
    is_observed(deployment)
        && number(deployment, "/status/updatedReplicas", 0) == wanted
        && number(deployment, "/status/readyReplicas", 0) == wanted
}

/// The spec without the number of replicas, which is an autoscaler's or a person's.
#[must_use]
pub fn spec_of(deployment: &Value) -> Value {
    let mut spec = deployment.get("spec").cloned().unwrap_or_default();
    if let Some(fields) = spec.as_object_mut() {
        fields.remove("replicas");
    }
    spec
}

/// SHA-256 of the canonical JSON: the same for the same value, whatever the order of its fields.
#[must_use]
pub fn hash(value: &Value) -> String {
    let digest = Sha256::digest(canonical(value).to_string().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same value with the fields of every object sorted.
#[must_use]
pub fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| key.as_str());
            Value::Object(sorted.into_iter().map(|(key, value)| (key.clone(), canonical(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        plain => plain.clone(),
    }
}

/// Whether two values are equal, whatever the order of their fields.
#[must_use]
pub fn same(one: &Value, other: &Value) -> bool {
    canonical(one) == canonical(other)
}
