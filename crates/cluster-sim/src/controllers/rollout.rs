//! The arithmetic of a rolling update: how many pods each ReplicaSet may have, as the real controller reckons.

use serde_json::{Value, json};

use crate::controllers::deployment::{DESIRED, MOST, Set, Sets};
use crate::json::{child, int, set_meta};
use crate::state::State;

/// What a Deployment allows while it rolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) replicas: i64,
    surge: i64,
    pub(crate) unavailable: i64,
}

impl Bounds {
    pub(crate) fn of(deployment: &Value) -> Self {
        let replicas = int(deployment, "/spec/replicas", 1);
        let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
        let surge = amount(&rolling["maxSurge"], replicas, true);
        let mut unavailable = amount(&rolling["maxUnavailable"], replicas, false);
        if surge == 0 && unavailable == 0 {
            unavailable = 1;
        }
        Self { replicas, surge, unavailable: unavailable.min(replicas) }
    }

    /// The most pods there may be.
    pub(crate) fn most(&self) -> i64 {
        self.replicas + self.surge
    }
}

/// A number, or a percentage of the replicas; a surge is rounded up, an outage down.
fn amount(value: &Value, replicas: i64, up: bool) -> i64 {
    match value {
        Value::String(text) => {
            let percent: i64 = text.trim_end_matches('%').parse().unwrap_or(0);
            (percent * replicas + if up { 99 } else { 0 }) / 100
        }
        other => other.as_i64().unwrap_or(0),
    }
}

/// How large a new ReplicaSet begins.
pub(crate) fn first_size(bounds: &Bounds, sets: &Sets) -> i64 {
    let there = sets.total(Set::replicas);
    let held = sets.new.as_ref().map_or(0, Set::replicas);
    if there >= bounds.most() { held } else { held + (bounds.most() - there).min(bounds.replicas - held) }
}

/// Lets the new ReplicaSet grow, or cuts it to size; true when it did.
pub(crate) fn grow(state: &mut State, bounds: &Bounds, sets: &Sets) -> bool {
    let Some(new) = &sets.new else { return false };
    let size = match new.replicas() {
        held if held == bounds.replicas => return false,
        held if held > bounds.replicas => bounds.replicas,
        _ => first_size(bounds, sets),
    };
    resize(state, new, size, bounds)
}

/// Takes pods from the old ReplicaSets: broken ones first, then as many as availability allows.
pub(crate) fn shrink(state: &mut State, bounds: &Bounds, sets: &Sets) {
    let Some(new) = &sets.new else { return };
    let least = bounds.replicas - bounds.unavailable;
    let missing = new.replicas() - new.status("availableReplicas");
    let mut spare = sets.total(Set::replicas) - least - missing;
    let mut sizes: Vec<i64> = sets.old.iter().map(Set::replicas).collect();
    if spare <= 0 || sizes.iter().all(|size| *size == 0) {
        return;
    }
    for (set, size) in sets.old.iter().zip(&mut sizes) {
        let broken = (set.replicas() - set.status("availableReplicas")).clamp(0, spare);
        *size -= broken;
        spare -= broken;
    }
    let mut surplus = sets.total(|set| set.status("availableReplicas")) - least;
    for size in &mut sizes {
        let taken = (*size).min(surplus.max(0));
        *size -= taken;
        surplus -= taken;
    }
    for (set, size) in sets.old.iter().zip(sizes) {
        resize(state, set, size, bounds);
    }
}

/// Passes a change of the wanted number on: to the only active ReplicaSet, or to all of them in proportion.
pub(crate) fn scale(state: &mut State, bounds: &Bounds, sets: &Sets) {
    let active: Vec<&Set> = sets.all().filter(|set| set.replicas() > 0).collect();
    if active.len() <= 1 {
        let only = active.first().copied().or(sets.new.as_ref()).or(sets.old.last());
        if let Some(only) = only {
            resize(state, only, bounds.replicas, bounds);
        }
        return;
    }
    let saturated = sets.new.as_ref().is_some_and(|new| {
        new.replicas() == bounds.replicas
            && new.note(DESIRED) == bounds.replicas.to_string()
            && new.status("availableReplicas") == bounds.replicas
    });
    if saturated {
        for set in sets.old.iter().filter(|set| set.replicas() > 0) {
            resize(state, set, 0, bounds);
        }
        return;
    }
    proportional(state, bounds, active);
}

fn proportional(state: &mut State, bounds: &Bounds, mut active: Vec<&Set>) {
    let there: i64 = active.iter().map(|set| set.replicas()).sum();
    let to_add = if bounds.replicas > 0 { bounds.most() } else { 0 } - there;
    // The largest first; among equals the newest when pods are added, the oldest when they are taken.
    if to_add > 0 {
        active.reverse();
    }
    active.sort_by_key(|set| -set.replicas());
    let mut added = 0;
    let mut sizes = Vec::new();
    for set in &active {
        let share = share(set, bounds, (to_add, added));
        added += share;
        sizes.push(set.replicas() + share);
    }
    if let Some(first) = sizes.first_mut() {
        *first = (*first + to_add - added).max(0);
    }
    for (set, size) in active.iter().zip(sizes) {
        resize(state, set, size, bounds);
    }
}

/// How many of the pods to add (or take, when negative) fall to a ReplicaSet.
fn share(set: &Set, bounds: &Bounds, (to_add, added): (i64, i64)) -> i64 {
    let size = set.replicas();
    if size == 0 || to_add == 0 || to_add == added {
        return 0;
    }
    let fraction = if bounds.replicas == 0 {
        -size
    } else {
        let most: i64 = set.note(MOST).parse().ok().filter(|most| *most > 0).unwrap_or_else(|| bounds.most());
        // Rounded half away from zero.
        (2 * size * bounds.most() + most) / (2 * most) - size
    };
    if to_add > 0 { fraction.min(to_add - added) } else { fraction.max(to_add - added) }
}

/// Sets the size of a ReplicaSet and notes what it is a part of; true when the size changed.
fn resize(state: &mut State, set: &Set, size: i64, bounds: &Bounds) -> bool {
    let before = set.replicas();
    state.change(&set.key, |object| {
        if before != size {
            object["spec"]["replicas"] = json!(size);
            let generation = int(object, "/metadata/generation", 0) + 1;
            set_meta(object, "generation", json!(generation));
        }
        let notes = child(&mut object["metadata"], "annotations");
        notes.insert(DESIRED.to_owned(), json!(bounds.replicas.to_string()));
        notes.insert(MOST.to_owned(), json!(bounds.most().to_string()));
    });
    before != size
}
