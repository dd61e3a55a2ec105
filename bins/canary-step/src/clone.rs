//! The canary's manifest: the target's, as raw JSON so that fields nobody knows survive, under a name of its own, owned by the
//! guard, with labels that tell its pods from stable's, and without the marks by which other tools find what is theirs.
pub(crate) mod labels;
mod marks;
mod references;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

pub use references::{Reference, ReferenceKind, references};

use crate::policy::Span;

/// The label that says that something is a canary.
pub const TRACK: &str = "dataflow.dev/track";
/// The value of [`TRACK`].
pub const CANARY: &str = "canary";

/// A Deployment's name goes into names and labels of pods, which end here.
const LONGEST_NAME: usize = 63;

/// What a canary is made for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The namespace that it is made in.
    pub namespace: &'a str,
    /// Id of the rollout.
    pub rollout: &'a str,
    /// How many pods.
    pub replicas: u32,
    /// Its pods must be ready within this.
    pub ready_within: Span,
    /// Name and uid of the guard Job that owns it.
    pub guard: (&'a str, &'a str),
}

/// `<deployment>-canary-<rollout>`, at most 63 characters: a longer one is cut and gets a hash of the whole.
pub fn name(deployment: &str, rollout: &str) -> String {
    let whole = format!("{deployment}-canary-{rollout}");
    if whole.len() <= LONGEST_NAME {
        return whole;
    }
    let mark: String = Sha256::digest(&whole).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let end = format!("-{mark}-canary-{rollout}");
    // Names in Kubernetes are ASCII; what is not is refused by the API server, not by a panic here.
    let kept: String = deployment.chars().take(LONGEST_NAME.saturating_sub(end.len())).collect();
    format!("{}{end}", kept.trim_end_matches(['-', '.']))
}

/// The manifest of a canary of `target`, a whole Deployment.
///
/// # Errors
/// What is missing in the target: its name, its selector, its template.
pub fn canary(target: &Value, wanted: &Wanted<'_>) -> Result<Value, String> {
    let of = target.pointer("/metadata/name").and_then(Value::as_str).ok_or("the target has no metadata.name")?;
    let part = |pointer: &str| match target.pointer(pointer).filter(|part| part.is_object()) {
        Some(_) => Ok(()),
        None => Err(format!("the target of `{of}` has no {}", pointer[1..].replace('/', "."))),
    };
    for needed in ["/spec", "/spec/selector", "/spec/template"] {
        part(needed)?;
    }
    let own = labels::own(wanted.rollout);
    let mut spec = target.pointer("/spec").cloned().unwrap_or_default();
    let fields = object(&mut spec);
    fields.insert("replicas".to_owned(), wanted.replicas.into());
    // Paused, it would make no pod at all.
    fields.remove("paused");
    fields.insert("progressDeadlineSeconds".to_owned(), deadline(fields, wanted.ready_within).into());
    labels::separate(&mut spec, &own, wanted.namespace);
    let mut canary = target.clone();
    let whole = object(&mut canary);
    whole.remove("status");
    whole.insert("spec".to_owned(), spec);
    whole.insert("metadata".to_owned(), metadata(target, wanted, (of, own)));
    Ok(canary)
}

/// Time to become ready, and then to stay it for `minReadySeconds`; the API server refuses a deadline that is not longer than those.
fn deadline(spec: &Map<String, Value>, ready_within: Span) -> u64 {
    let stay = spec.get("minReadySeconds").and_then(Value::as_u64).unwrap_or(0);
    // int32 in the API.
    ready_within.as_secs().max(1).saturating_add(stay).min(2_147_483_647)
}

fn metadata(target: &Value, wanted: &Wanted<'_>, (of, own): (&str, Map<String, Value>)) -> Value {
    let kept = |pointer: &str, foreign: fn(&str) -> bool| -> Map<String, Value> {
        let entries = target.pointer(pointer).and_then(Value::as_object).cloned().unwrap_or_default();
        entries.into_iter().filter(|(key, _)| !foreign(key)).collect()
    };
    let mut labels = kept("/metadata/labels", marks::of_object);
    labels.extend(own);
    let (guard, uid) = wanted.guard;
    let mut metadata = json!({
        "name": name(of, wanted.rollout),
        "namespace": wanted.namespace,
        "labels": labels,
        // Without blockOwnerDeletion: the guard's end must not wait for its canaries.
        "ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": guard, "uid": uid}],
    });
    let annotations = kept("/metadata/annotations", marks::of_object);
    if !annotations.is_empty() {
        object(&mut metadata).insert("annotations".to_owned(), annotations.into());
    }
    metadata
}

/// The value as an object, made one if it is not.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("made an object just above"),
    }
}

/// The name of the container that gets the image: the asked one, the only one, or the one of the deployment's name.
///
/// # Errors
/// Which containers there are, when it is none of them.
pub fn container(template: &Value, asked: Option<&str>, deployment: &str) -> Result<String, String> {
    let list = template.pointer("/spec/containers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = list.iter().filter_map(|container| container.get("name")?.as_str()).collect();
    let found = match (asked, names.as_slice()) {
        (Some(asked), names) => names.iter().find(|name| **name == asked),
        (None, [only]) => Some(only),
        (None, names) => names.iter().find(|name| **name == deployment),
    };
    found.map(|name| (*name).to_owned()).ok_or_else(|| match asked {
        Some(asked) => format!("`{deployment}` has no container `{asked}`; it has {}", names.join(", ")),
        None => format!("`{deployment}` has the containers {}, and none is named as it is", names.join(", ")),
    })
}

/// The same Deployment with another image in one container: the target where only images change.
pub fn with_image(deployment: &Value, container: &str, image: &str) -> Value {
    let mut target = deployment.clone();
    let list = target.pointer_mut("/spec/template/spec/containers").and_then(Value::as_array_mut);
    for one in list.into_iter().flatten().filter(|one| one.get("name").and_then(Value::as_str) == Some(container)) {
        object(one).insert("image".to_owned(), image.into());
    }
    target
}
