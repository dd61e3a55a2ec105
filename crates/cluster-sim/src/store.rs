//! The objects, in the order of their writes: versions, the log that watches read, who owns whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::json::{list, set_meta, text};
use crate::kinds::{Key, Kind};
use crate::watch::Watcher;

/// One write: what stood there before, what stands there now.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) version: u64,
    /// Server time of the write.
    pub(crate) at: i64,
    pub(crate) key: Key,
    pub(crate) before: Option<Arc<Value>>,
    /// The object as it was written, or as it was when it went away.
    pub(crate) after: Arc<Value>,
    pub(crate) gone: bool,
}

/// All objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    version: u64,
    /// Server time, as it was last told.
    pub(crate) now: i64,
    objects: BTreeMap<Key, Arc<Value>>,
    owned: HashMap<String, BTreeSet<Key>>,
    pub(crate) log: Vec<Change>,
    pub(crate) watchers: Vec<Watcher>,
    /// How much of the log the controllers have seen.
    pub(crate) seen: usize,
}

impl Store {
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Value>> {
        self.objects.get(key).cloned()
    }

    /// The objects of a kind in a namespace, by name.
    pub(crate) fn list(&self, kind: Kind, namespace: &str) -> impl Iterator<Item = (&Key, &Arc<Value>)> {
        self.objects
            .range(Key::new(kind, namespace, "")..)
            .take_while(move |(key, _)| key.kind == kind && key.namespace == namespace)
    }

    /// Everything in a namespace.
    pub(crate) fn in_namespace(&self, namespace: &str) -> Vec<Key> {
        self.objects.keys().filter(|key| key.namespace == namespace).cloned().collect()
    }

    /// The objects that name `uid` as an owner.
    pub(crate) fn owned_by(&self, uid: &str) -> Vec<Key> {
        self.owned.get(uid).into_iter().flatten().cloned().collect()
    }

    /// Those of a kind that `uid` controls.
    pub(crate) fn controlled(&self, uid: &str, kind: Kind) -> Vec<(Key, Arc<Value>)> {
        let keys = self.owned.get(uid).into_iter().flatten().filter(|key| key.kind == kind);
        keys.filter_map(|key| Some((key.clone(), self.get(key)?)))
            .filter(|(_, object)| {
                list(object, "/metadata/ownerReferences")
                    .iter()
                    .any(|owner| text(owner, "/uid") == uid && owner.get("controller") == Some(&json!(true)))
            })
            .collect()
    }

    /// Writes an object and gives it as it stands now.
    pub(crate) fn put(&mut self, key: &Key, mut object: Value) -> Arc<Value> {
        self.version += 1;
        set_meta(&mut object, "resourceVersion", json!(self.version.to_string()));
        let object = Arc::new(object);
        let before = self.objects.insert(key.clone(), object.clone());
        if let Some(before) = &before {
            self.disown(key, before);
        }
        for owner in list(&object, "/metadata/ownerReferences") {
            self.owned.entry(text(owner, "/uid").to_owned()).or_default().insert(key.clone());
        }
        self.record(key, (before, object.clone()), false);
        object
    }

    /// Takes an object out.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<Arc<Value>> {
        let before = self.objects.remove(key)?;
        self.disown(key, &before);
        self.version += 1;
        let mut last = (*before).clone();
        set_meta(&mut last, "resourceVersion", json!(self.version.to_string()));
        self.record(key, (Some(before.clone()), Arc::new(last)), true);
        Some(before)
    }

    fn disown(&mut self, key: &Key, object: &Value) {
        for owner in list(object, "/metadata/ownerReferences") {
            if let Some(keys) = self.owned.get_mut(text(owner, "/uid")) {
                keys.remove(key);
            }
        }
    }

    fn record(&mut self, key: &Key, (before, after): (Option<Arc<Value>>, Arc<Value>), gone: bool) {
        let change = Change { version: self.version, at: self.now, key: key.clone(), before, after, gone };
        self.watchers.retain(|watcher| watcher.tell(&change));
        self.log.push(change);
    }
}
