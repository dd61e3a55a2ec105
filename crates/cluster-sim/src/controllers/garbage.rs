//! The garbage collector: what has no owner left goes, what waits for its dependents waits.

use serde_json::{Value, json};

use crate::json::{has, list, set_meta, text};
use crate::kinds::{Key, Kind};
use crate::state::{Happening, State};
use crate::store::Change;
use crate::write::{self, Deletion, Propagation};

/// How long it takes the collector to get to an object.
const LAG: i64 = 100;

/// Plans who must be looked at after a write.
pub(crate) fn notice(state: &mut State, change: &Change) {
    let owners = list(&change.after, "/metadata/ownerReferences");
    if change.gone {
        for dependent in state.store.owned_by(text(&change.after, "/metadata/uid")) {
            state.soon(LAG, Happening::Collect(dependent));
        }
        for owner in owners {
            if let Some(key) = key_of(&change.key.namespace, owner)
                && state.get(&key).is_some_and(|owner| has(&owner, "/metadata/deletionTimestamp"))
            {
                state.soon(LAG / 5, Happening::Collect(key));
            }
        }
    } else if owners.iter().any(|owner| !stands(state, &change.key.namespace, owner)) {
        state.soon(LAG, Happening::Collect(change.key.clone()));
    }
}

fn key_of(namespace: &str, owner: &Value) -> Option<Key> {
    let kind = Kind::of_reference(text(owner, "/apiVersion"), text(owner, "/kind"))?;
    Some(Key::new(kind, namespace, text(owner, "/name")))
}

/// Whether an owner is there. Of kinds that do not exist here nothing is known, so they are.
fn stands(state: &State, namespace: &str, owner: &Value) -> bool {
    key_of(namespace, owner)
        .is_none_or(|key| state.get(&key).is_some_and(|found| text(&found, "/metadata/uid") == text(owner, "/uid")))
}

/// Looks at an object.
pub(crate) fn collect(state: &mut State, key: &Key) {
    let Some(object) = state.get(key) else { return };
    let finalizer = |name: &str| list(&object, "/metadata/finalizers").iter().any(|held| held == name);
    let uid = text(&object, "/metadata/uid").to_owned();
    if has(&object, "/metadata/deletionTimestamp") {
        if finalizer("orphan") {
            for dependent in state.store.owned_by(&uid) {
                state.change(&dependent, |object| without_owners(object, |owner| text(owner, "/uid") != uid));
            }
            release(state, key, "orphan");
        } else if finalizer("foregroundDeletion") && !blocked(state, &key.namespace, &uid) {
            release(state, key, "foregroundDeletion");
        }
        return;
    }
    let owners = list(&object, "/metadata/ownerReferences");
    let standing = owners.iter().filter(|owner| stands(state, &key.namespace, owner)).count();
    if owners.is_empty() || standing == owners.len() {
        return;
    }
    if standing == 0 {
        let how = Deletion { uid: Some(uid), propagation: Some(Propagation::Background), ..Deletion::default() };
        // Nobody else writes in between.
        drop(write::delete(state, key, &how));
    } else {
        let namespace = key.namespace.clone();
        let kept: Vec<Value> = owners.iter().filter(|owner| stands(state, &namespace, owner)).cloned().collect();
        state.change(key, |object| set_meta(object, "ownerReferences", json!(kept)));
    }
}

fn without_owners(object: &mut Value, keep: impl Fn(&Value) -> bool) {
    let kept: Vec<Value> =
        list(object, "/metadata/ownerReferences").iter().filter(|owner| keep(owner)).cloned().collect();
    set_meta(object, "ownerReferences", if kept.is_empty() { Value::Null } else { json!(kept) });
}

/// Deletes the dependents that block; true while some are left.
fn blocked(state: &mut State, namespace: &str, uid: &str) -> bool {
    let mut left = false;
    for dependent in state.store.owned_by(uid) {
        let Some(object) = state.get(&dependent) else { continue };
        debug_assert_eq!(dependent.namespace, namespace);
        let blocks = list(&object, "/metadata/ownerReferences")
            .iter()
            .any(|owner| text(owner, "/uid") == uid && owner["blockOwnerDeletion"] == true);
        if blocks {
            left = true;
            let deletion = Deletion { propagation: Some(Propagation::Foreground), ..Deletion::default() };
            if !has(&object, "/metadata/deletionTimestamp") {
                drop(write::delete(state, &dependent, &deletion));
            }
        }
    }
    left
}

fn release(state: &mut State, key: &Key, finalizer: &str) {
    let after = state.change(key, |object| {
        let left: Vec<Value> =
            list(object, "/metadata/finalizers").iter().filter(|held| *held != finalizer).cloned().collect();
        set_meta(object, "finalizers", if left.is_empty() { Value::Null } else { json!(left) });
    });
    if after.is_some_and(|after| !has(&after, "/metadata/finalizers")) {
        state.store.remove(key);
    }
}
