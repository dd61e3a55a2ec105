//! Deployments: which ReplicaSet is the new one, which revision it is, how far the rollout has come.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::clock::{Millis, parse, stamp};
use crate::controllers::rollout::{self, Bounds};
use crate::json::{canonical, child, has, int, list, set_meta, text};
use crate::kinds::{Key, Kind};
use crate::random::letter;
use crate::state::{Happening, State};
use crate::write;

const REVISION: &str = "deployment.kubernetes.io/revision";
pub(crate) const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
pub(crate) const MOST: &str = "deployment.kubernetes.io/max-replicas";
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
const HASH: &str = "pod-template-hash";
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A ReplicaSet of a Deployment.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) key: Key,
    pub(crate) object: Arc<Value>,
}

impl Set {
    pub(crate) fn replicas(&self) -> i64 {
        int(&self.object, "/spec/replicas", 0)
    }

    pub(crate) fn status(&self, field: &str) -> i64 {
        int(&self.object["status"], &format!("/{field}"), 0)
    }

    pub(crate) fn note(&self, annotation: &str) -> &str {
        self.object["metadata"]["annotations"][annotation].as_str().unwrap_or("")
    }

    fn revision(&self) -> i64 {
        self.note(REVISION).parse().unwrap_or(0)
    }
}

/// A Deployment's ReplicaSets: the one with its template, and the others, oldest first.
#[derive(Clone, Debug)]
pub(crate) struct Sets {
    pub(crate) new: Option<Set>,
    pub(crate) old: Vec<Set>,
}

impl Sets {
    fn of(state: &State, deployment: &Value) -> Self {
        let uid = text(deployment, "/metadata/uid");
        let mut sets: Vec<Set> = state
            .store
            .controlled(uid, Kind::ReplicaSet)
            .into_iter()
            .map(|(key, object)| Set { key, object })
            .collect();
        sets.sort_by_cached_key(|set| {
            (text(&set.object, "/metadata/creationTimestamp").to_owned(), set.key.name.clone())
        });
        let wanted = &deployment["spec"]["template"];
        let at = sets.iter().position(|set| same(&set.object["spec"]["template"], wanted));
        let new = at.map(|at| sets.remove(at));
        Self { new, old: sets }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Set> {
        self.old.iter().chain(&self.new)
    }

    pub(crate) fn total(&self, count: impl Fn(&Set) -> i64) -> i64 {
        self.all().map(count).sum()
    }
}

/// Whether a ReplicaSet's template is a Deployment's, but for the label that tells ReplicaSets apart.
fn same(set: &Value, wanted: &Value) -> bool {
    let labels =
        |template: &Value| template.pointer("/metadata/labels").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut held = labels(set);
    held.shift_remove(HASH);
    let others = |template: &Value| -> Vec<(String, Value)> {
        let fields = template["metadata"].as_object().into_iter().flatten();
        fields.filter(|(name, _)| *name != "labels").map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    set["spec"] == wanted["spec"] && held == labels(wanted) && others(set) == others(wanted)
}

pub(crate) fn reconcile(state: &mut State, key: &Key, deployment: &Value) {
    let mut sets = Sets::of(state, deployment);
    if has(deployment, "/metadata/deletionTimestamp") {
        return sync(state, key, deployment, &sets);
    }
    let paused = deployment.pointer("/spec/paused").is_some_and(|on| on == true);
    note_pause(state, key, paused);
    if sets.new.is_some() || !paused {
        sets.new = Some(newest(state, key, deployment, &sets));
    }
    let bounds = Bounds::of(deployment);
    let resized = sets.all().any(|set| set.replicas() > 0 && set.note(DESIRED) != bounds.replicas.to_string());
    if paused || resized {
        rollout::scale(state, &bounds, &sets);
    } else if !rollout::grow(state, &bounds, &sets) {
        rollout::shrink(state, &bounds, &sets);
    }
    let Some(deployment) = state.get(key) else { return };
    let sets = Sets::of(state, &deployment);
    sync(state, key, &deployment, &sets);
    if let Some(deployment) = state.get(key) {
        forget_old(state, &deployment, &sets);
    }
}

fn note_pause(state: &mut State, key: &Key, paused: bool) {
    let now = state.clock.now();
    state.change(key, |deployment| {
        let reason = progress(deployment).map_or("", |held| text(held, "/reason")).to_owned();
        if reason == "ProgressDeadlineExceeded" {
            return;
        }
        let was = reason == "DeploymentPaused";
        if paused && !was {
            set(deployment, ("Progressing", "Unknown"), ("DeploymentPaused", "Deployment is paused"), now);
        } else if !paused && was {
            set(deployment, ("Progressing", "Unknown"), ("DeploymentResumed", "Deployment is resumed"), now);
        }
    });
}

/// The ReplicaSet with the Deployment's template, made when there is none, with its revision up to date.
fn newest(state: &mut State, key: &Key, deployment: &Value, sets: &Sets) -> Set {
    let revision = sets.old.iter().map(Set::revision).max().unwrap_or(0) + 1;
    let now = state.clock.now();
    let (set, reason, said) = match &sets.new {
        Some(set) => {
            let object = state.change(&set.key, |object| annotate(object, deployment, revision));
            let set = Set { key: set.key.clone(), object: object.unwrap_or_else(|| set.object.clone()) };
            let said = format!("Found new replica set \"{}\"", set.key.name);
            (set, "FoundNewReplicaSet", said)
        }
        None => {
            let set = create(state, key, deployment, (sets, revision));
            let said = format!("Created new replica set \"{}\"", set.key.name);
            (set, "NewReplicaSetCreated", said)
        }
    };
    let revision = set.note(REVISION).to_owned();
    state.change(key, |deployment| {
        if progress(deployment).is_none() || sets.new.is_none() {
            self::set(deployment, ("Progressing", "True"), (reason, &said), now);
        }
        // Through the status, as the controller does it, so that no generation is raised.
        child(&mut deployment["metadata"], "annotations").insert(REVISION.to_owned(), json!(revision));
    });
    set
}

/// A Deployment's annotations come along to its ReplicaSet, but for its own.
fn annotate(set: &mut Value, deployment: &Value, revision: i64) {
    let wanted = deployment["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
    if int(&set["spec"], "/minReadySeconds", 0) != int(&deployment["spec"], "/minReadySeconds", 0) {
        set["spec"]["minReadySeconds"] = deployment["spec"]["minReadySeconds"].clone();
        crate::json::tidy(set);
        let generation = int(set, "/metadata/generation", 0) + 1;
        set_meta(set, "generation", json!(generation));
    }
    let held = child(&mut set["metadata"], "annotations");
    let old: i64 = held.get(REVISION).and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or(0);
    for (name, value) in wanted {
        if ![LAST_APPLIED, REVISION, HISTORY, DESIRED, MOST].contains(&name.as_str()) {
            held.insert(name, value);
        }
    }
    if old < revision {
        if old > 0 {
            let past = held.get(HISTORY).and_then(Value::as_str).map_or(String::new(), |past| format!("{past},"));
            held.insert(HISTORY.to_owned(), json!(format!("{past}{old}")));
        }
        held.insert(REVISION.to_owned(), json!(revision.to_string()));
    }
}

fn create(state: &mut State, key: &Key, deployment: &Value, (sets, revision): (&Sets, i64)) -> Set {
    let mut template = deployment["spec"]["template"].clone();
    let hash = hash(&template, int(deployment, "/status/collisionCount", 0));
    let hashed = |labels: &mut serde_json::Map<String, Value>| labels.insert(HASH.to_owned(), json!(hash));
    hashed(child(&mut template["metadata"], "labels"));
    let mut selector = deployment["spec"]["selector"].clone();
    hashed(child(&mut selector, "matchLabels"));
    let bounds = Bounds::of(deployment);
    let mut set = json!({
        "metadata": {
            "name": format!("{}-{hash}", key.name), "labels": template["metadata"]["labels"],
            "annotations": { DESIRED: bounds.replicas.to_string(), MOST: bounds.most().to_string() },
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "Deployment", "name": key.name, "uid": deployment["metadata"]["uid"],
                "controller": true, "blockOwnerDeletion": true,
            }],
        },
        "spec": { "replicas": rollout::first_size(&bounds, sets), "minReadySeconds": deployment["spec"].get("minReadySeconds"), "selector": selector, "template": template },
    });
    annotate(&mut set, deployment, revision);
    let name = text(&set, "/metadata/name").to_owned();
    let made = write::create(state, (Kind::ReplicaSet, &key.namespace), set, false);
    let key = Key::new(Kind::ReplicaSet, &key.namespace, &name);
    // Only a ReplicaSet of that very name and another owner could stand in the way.
    Set { object: made.ok().or_else(|| state.get(&key)).unwrap_or_default(), key }
}

/// A short name of a template: FNV-1a over its canonical text.
fn hash(template: &Value, collisions: i64) -> String {
    let mut canon = collisions.to_string();
    canonical(template, &mut canon);
    let hash = canon.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.to_string().bytes().map(|digit| letter(u64::from(digit))).collect()
}

fn progress(deployment: &Value) -> Option<&Value> {
    list(deployment, "/status/conditions").iter().find(|held| text(held, "/type") == "Progressing")
}

/// Sets a condition of a Deployment, which has a time of its last update, too.
fn set(deployment: &mut Value, (kind, holds): (&str, &str), (reason, message): (&str, &str), now: Millis) {
    let status = child(deployment, "status");
    let all = status.entry("conditions").or_insert_with(|| json!([]));
    let Some(all) = all.as_array_mut() else { return };
    let held = all.iter().position(|held| held["type"] == kind);
    let since = match held.map(|at| &all[at]) {
        Some(held) if held["status"] == holds => held["lastTransitionTime"].clone(),
        _ => json!(stamp(now)),
    };
    if let Some(held) = held.map(|at| &all[at])
        && held["status"] == holds
        && held["reason"] == reason
        && kind != "Progressing"
    {
        return;
    }
    held.map(|at| all.remove(at));
    all.push(json!({
        "type": kind, "status": holds, "lastUpdateTime": stamp(now), "lastTransitionTime": since, "reason": reason, "message": message,
    }));
}

/// Writes the status: counts, availability, progress.
fn sync(state: &mut State, key: &Key, deployment: &Value, sets: &Sets) {
    let now = state.clock.now();
    let before = deployment["status"].clone();
    let mut after = deployment.clone();
    let (total, available) =
        (sets.total(|set| set.status("replicas")), sets.total(|set| set.status("availableReplicas")));
    let updated = sets.new.as_ref().map_or(0, |set| set.status("replicas"));
    let mut status = json!({ "observedGeneration": deployment["metadata"]["generation"] });
    for (field, value) in [
        ("replicas", total),
        ("updatedReplicas", updated),
        ("readyReplicas", sets.total(|set| set.status("readyReplicas"))),
        ("availableReplicas", available),
        ("unavailableReplicas", (total - available).max(0)),
    ] {
        if value > 0 {
            status[field] = json!(value);
        }
    }
    for kept in ["conditions", "collisionCount"] {
        if let Some(held) = before.get(kept) {
            status[kept] = held.clone();
        }
    }
    after["status"] = status;
    let bounds = Bounds::of(deployment);
    if available >= bounds.replicas - bounds.unavailable {
        set(
            &mut after,
            ("Available", "True"),
            ("MinimumReplicasAvailable", "Deployment has minimum availability."),
            now,
        );
    } else {
        let why = ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.");
        set(&mut after, ("Available", "False"), why, now);
    }
    let paused = deployment.pointer("/spec/paused").is_some_and(|on| on == true);
    if has(deployment, "/spec/progressDeadlineSeconds") && !paused {
        note_progress(state, key, (&before, &mut after), sets);
    }
    failures(&mut after, sets);
    state.change(key, |held| *held = after);
}

/// How the rollout goes: done, under way, or without progress for too long.
fn note_progress(state: &mut State, key: &Key, (before, after): (&Value, &mut Value), sets: &Sets) {
    let now = state.clock.now();
    let Some(new) = &sets.new else { return };
    let name = new.key.name.as_str();
    let count = |status: &Value, field: &str| int(status, &format!("/{field}"), 0);
    let wanted = int(after, "/spec/replicas", 0);
    let held = progress(after).cloned().unwrap_or_default();
    let reason = text(&held, "/reason");
    let status = after["status"].clone();
    if count(&status, "replicas") == count(&status, "updatedReplicas") && reason == "NewReplicaSetAvailable" {
        return;
    }
    let all = ["updatedReplicas", "replicas", "availableReplicas"].iter().all(|field| count(&status, field) == wanted);
    if all {
        let said = format!("ReplicaSet \"{name}\" has successfully progressed.");
        return set(after, ("Progressing", "True"), ("NewReplicaSetAvailable", &said), now);
    }
    let old = |status: &Value| count(status, "replicas") - count(status, "updatedReplicas");
    let more = |field: &str| count(&status, field) > count(before, field);
    if more("updatedReplicas") || old(&status) < old(before) || more("readyReplicas") || more("availableReplicas") {
        let said = format!("ReplicaSet \"{name}\" is progressing.");
        return set(after, ("Progressing", "True"), ("ReplicaSetUpdated", &said), now);
    }
    if reason == "ProgressDeadlineExceeded" || held.is_null() {
        return;
    }
    let seconds = int(after, "/spec/progressDeadlineSeconds", 600);
    let deadline = parse(text(&held, "/lastUpdateTime")).unwrap_or(now) + seconds * 1000;
    if now > deadline {
        let said = format!("ReplicaSet \"{name}\" has timed out progressing.");
        set(after, ("Progressing", "False"), ("ProgressDeadlineExceeded", &said), now);
    } else {
        state.plan(deadline + 1000, Happening::Reconcile(key.clone()));
    }
}

/// What keeps the new ReplicaSet from making pods.
fn failures(after: &mut Value, sets: &Sets) {
    let failing = sets.all().find_map(|set| list(&set.object, "/status/conditions").first().cloned());
    let Some(conditions) = after.pointer_mut("/status/conditions").and_then(Value::as_array_mut) else { return };
    conditions.retain(|held| held["type"] != "ReplicaFailure");
    if let Some(mut failing) = failing {
        failing["lastUpdateTime"] = failing["lastTransitionTime"].clone();
        conditions.push(failing);
    }
}

/// Old ReplicaSets without pods go when there are more than the Deployment keeps.
fn forget_old(state: &mut State, deployment: &Value, sets: &Sets) {
    let kept = usize::try_from(int(deployment, "/spec/revisionHistoryLimit", 10)).unwrap_or(0);
    if progress(deployment).is_none_or(|held| text(held, "/reason") != "NewReplicaSetAvailable") {
        return;
    }
    let mut empty: Vec<&Set> =
        sets.old.iter().filter(|set| set.replicas() == 0 && set.status("replicas") == 0).collect();
    empty.sort_by_key(|set| set.revision());
    let surplus = empty.len().saturating_sub(kept);
    for set in &empty[..surplus] {
        // It stands there: it was listed above, under the same lock.
        drop(write::delete(state, &set.key, &write::Deletion::default()));
    }
}
