//! Create, update and delete: identities, versions, generations, preconditions, propagation.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::defaults;
use crate::failure::Failure;
use crate::json::{child, has, int, list, set_meta, text, tidy};
use crate::kinds::{Key, Kind};
use crate::state::{Happening, State};

/// Which part of an object a write is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Status,
    Scale,
}

/// How the dependents of a deleted object fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Propagation {
    Background,
    Foreground,
    Orphan,
}

/// What a delete asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deletion {
    pub(crate) uid: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) propagation: Option<Propagation>,
    pub(crate) grace: Option<i64>,
    pub(crate) dry: bool,
}

/// Creates an object.
pub(crate) fn create(
    state: &mut State,
    (kind, namespace): (Kind, &str),
    mut object: Value,
    dry: bool,
) -> Result<Arc<Value>, Failure> {
    namespace_takes(state, kind, namespace, &object)?;
    tidy(&mut object);
    if has(&object, "/metadata/resourceVersion") {
        return Err(Failure::bad_request("resourceVersion should not be set on objects to be created"));
    }
    if text(&object, "/metadata/name").is_empty() && has(&object, "/metadata/generateName") {
        let name = format!("{}{}", text(&object, "/metadata/generateName"), state.random.suffix(5));
        set_meta(&mut object, "name", json!(name));
    }
    let key = Key::new(kind, namespace, text(&object, "/metadata/name"));
    if key.name.is_empty() {
        return Err(Failure::invalid(kind, "", "metadata.name", "Required value: name or generateName is required"));
    }
    let facts = kind.facts();
    object["apiVersion"] = json!(kind.api_version());
    object["kind"] = json!(facts.name);
    if kind != Kind::Namespace {
        set_meta(&mut object, "namespace", json!(namespace));
    }
    set_meta(&mut object, "uid", json!(state.random.uid()));
    set_meta(&mut object, "creationTimestamp", json!(stamp(state.clock.now())));
    set_meta(&mut object, "deletionTimestamp", Value::Null);
    set_meta(&mut object, "generation", if facts.generation { json!(1) } else { Value::Null });
    if facts.status {
        object["status"] = json!({});
    }
    if kind == Kind::Job && state.options.suspend_jobs {
        object["spec"]["suspend"] = json!(true);
    }
    defaults::fill(kind, &mut object);
    defaults::check(kind, &object, None)?;
    if kind == Kind::Pod {
        object["status"] = json!({ "phase": "Pending", "qosClass": "BestEffort" });
    }
    if state.get(&key).is_some() {
        return Err(Failure::exists(&key));
    }
    Ok(if dry { Arc::new(object) } else { state.store.put(&key, object) })
}

fn namespace_takes(state: &State, kind: Kind, namespace: &str, object: &Value) -> Result<(), Failure> {
    if kind == Kind::Namespace {
        return Ok(());
    }
    if state.get(&Key::new(Kind::Namespace, "", namespace)).is_none() {
        return Err(Failure::not_found(Kind::Namespace, namespace));
    }
    let named = text(object, "/metadata/namespace");
    if !named.is_empty() && named != namespace {
        return Err(Failure::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    Ok(())
}

/// Replaces an object, or a part of it, by `after`, which came from a PUT or out of a patch.
pub(crate) fn update(
    state: &mut State,
    key: &Key,
    after: Value,
    (part, dry): (Part, bool),
) -> Result<Arc<Value>, Failure> {
    let before = state.get(key).ok_or_else(|| Failure::not_found(key.kind, &key.name))?;
    same_object(key, &before, &after)?;
    let mut after = match part {
        Part::Whole => whole(key.kind, &before, after),
        Part::Status => status(&before, &after),
        Part::Scale => {
            let mut scaled = (*before).clone();
            scaled["spec"]["replicas"] = json!(int(&after, "/spec/replicas", 0));
            scaled
        }
    };
    let facts = key.kind.facts();
    if part != Part::Status {
        defaults::fill(key.kind, &mut after);
        defaults::check(key.kind, &after, Some(&before))?;
        // Deployments count changes of annotations too, since some old features were annotations.
        let noted = key.kind == Kind::Deployment
            && before.pointer("/metadata/annotations") != after.pointer("/metadata/annotations");
        if facts.generation && (before["spec"] != after["spec"] || noted) {
            set_meta(&mut after, "generation", json!(int(&before, "/metadata/generation", 0) + 1));
        }
    }
    if after == *before {
        return Ok(before);
    }
    if dry {
        return Ok(Arc::new(after));
    }
    if has(&after, "/metadata/deletionTimestamp")
        && list(&after, "/metadata/finalizers").is_empty()
        && key.kind != Kind::Pod
    {
        let last = state.store.put(key, after);
        state.store.remove(key);
        return Ok(last);
    }
    Ok(state.store.put(key, after))
}

/// The version and identity that a write names must be those that stand there.
fn same_object(key: &Key, before: &Value, after: &Value) -> Result<(), Failure> {
    let named = text(after, "/metadata/name");
    if named != key.name {
        let why = format!("the name of the object ({named}) does not match the name on the URL ({})", key.name);
        return Err(Failure::bad_request(why));
    }
    let (uid, held) = (text(after, "/metadata/uid"), text(before, "/metadata/uid"));
    if !uid.is_empty() && uid != held {
        return Err(Failure::conflict(
            key,
            &format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {held}"),
        ));
    }
    let version = text(after, "/metadata/resourceVersion");
    if version.is_empty() && key.kind == Kind::Lease {
        return Err(Failure::invalid(
            key.kind,
            &key.name,
            "metadata.resourceVersion",
            "Invalid value: 0: must be specified for an update",
        ));
    }
    if !version.is_empty() && version != text(before, "/metadata/resourceVersion") {
        return Err(Failure::modified(key));
    }
    Ok(())
}

/// The new object with what only the server writes as it was.
fn whole(kind: Kind, before: &Value, mut after: Value) -> Value {
    tidy(&mut after);
    after["apiVersion"] = before["apiVersion"].clone();
    after["kind"] = before["kind"].clone();
    for field in [
        "uid",
        "creationTimestamp",
        "generation",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "namespace",
        "resourceVersion",
    ] {
        let held = before["metadata"].get(field).cloned().unwrap_or(Value::Null);
        set_meta(&mut after, field, held);
    }
    if kind.facts().status {
        after["status"] = before["status"].clone();
    }
    after
}

/// The old object with the new status; a Deployment's annotations may come along, as the server lets them.
fn status(before: &Value, after: &Value) -> Value {
    let mut merged = before.clone();
    merged["status"] = after.get("status").cloned().unwrap_or_else(|| json!({}));
    tidy(&mut merged["status"]);
    merged
}

/// Deletes an object: at once, or as soon as its finalizers, its dependents or its containers allow.
pub(crate) fn delete(state: &mut State, key: &Key, how: &Deletion) -> Result<Value, Failure> {
    let object = state.get(key).ok_or_else(|| Failure::not_found(key.kind, &key.name))?;
    for (wanted, field, label) in [(&how.uid, "uid", "UID"), (&how.version, "resourceVersion", "ResourceVersion")] {
        let held = object["metadata"][field].as_str().unwrap_or("");
        if let Some(wanted) = wanted.as_deref().filter(|wanted| *wanted != held) {
            let why = format!("Precondition failed: {label} in precondition: {wanted}, {label} in object meta: {held}");
            return Err(Failure::conflict(key, &why));
        }
    }
    // A Job's dependents are kept unless one asks otherwise: that is how its first version was.
    let usual = if key.kind == Kind::Job { Propagation::Orphan } else { Propagation::Background };
    let propagation = how.propagation.unwrap_or(usual);
    if propagation == Propagation::Orphan && matches!(key.kind, Kind::Deployment | Kind::ReplicaSet) {
        return Err(Failure::lacking("adoption of orphans, so their owners cannot orphan them"));
    }
    if how.dry {
        return Ok((*object).clone());
    }
    if key.kind == Kind::Namespace {
        for inside in state.store.in_namespace(&key.name) {
            state.store.remove(&inside);
        }
    }
    if key.kind == Kind::Pod {
        return Ok(delete_pod(state, key, &object, how.grace));
    }
    let finalizer = match propagation {
        Propagation::Background => None,
        Propagation::Foreground => Some("foregroundDeletion"),
        Propagation::Orphan => Some("orphan"),
    };
    let uid = text(&object, "/metadata/uid");
    let finalizer =
        finalizer.filter(|_| !state.store.owned_by(uid).is_empty() || propagation == Propagation::Foreground);
    if finalizer.is_none() && list(&object, "/metadata/finalizers").is_empty() {
        state.store.remove(key);
        let mut details = json!({ "name": key.name, "kind": key.kind.facts().plural, "uid": uid });
        if !key.kind.facts().group.is_empty() {
            details["group"] = json!(key.kind.facts().group);
        }
        return Ok(
            json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details }),
        );
    }
    Ok(mark(state, key, finalizer))
}

/// Marks an object as being deleted, with one more finalizer.
fn mark(state: &mut State, key: &Key, finalizer: Option<&str>) -> Value {
    let now = stamp(state.clock.now());
    let marked = state.change(key, |object| {
        let generation = int(object, "/metadata/generation", 0) + 1;
        let metadata = child(object, "metadata");
        if !metadata.contains_key("deletionTimestamp") {
            metadata.insert("deletionTimestamp".to_owned(), json!(now));
            metadata.insert("deletionGracePeriodSeconds".to_owned(), json!(0));
            if metadata.contains_key("generation") {
                metadata.insert("generation".to_owned(), json!(generation));
            }
        }
        let finalizers = metadata.entry("finalizers").or_insert_with(|| json!([]));
        if let (Some(name), Some(all)) = (finalizer, finalizers.as_array_mut())
            && !all.iter().any(|held| held == name)
        {
            all.push(json!(name));
        }
    });
    state.soon(20, Happening::Collect(key.clone()));
    marked.map_or(Value::Null, |marked| (*marked).clone())
}

/// A pod that runs somewhere is told to end; any other goes at once.
fn delete_pod(state: &mut State, key: &Key, pod: &Value, grace: Option<i64>) -> Value {
    let seconds = grace.unwrap_or_else(|| int(pod, "/spec/terminationGracePeriodSeconds", 30));
    if seconds == 0
        || text(pod, "/spec/nodeName").is_empty()
        || matches!(text(pod, "/status/phase"), "Failed" | "Succeeded")
    {
        state.store.remove(key);
        return pod.clone();
    }
    if has(pod, "/metadata/deletionTimestamp") {
        return pod.clone();
    }
    let at = stamp(state.clock.now() + seconds * 1000);
    let marked = state.change(key, |pod| {
        set_meta(pod, "deletionTimestamp", json!(at));
        set_meta(pod, "deletionGracePeriodSeconds", json!(seconds));
    });
    let ends = crate::faults::Behaviour::of(state, pod).ends.min(seconds * 1000);
    state.soon(ends, Happening::PodGone { key: key.clone(), uid: text(pod, "/metadata/uid").to_owned() });
    marked.map_or(Value::Null, |marked| (*marked).clone())
}
