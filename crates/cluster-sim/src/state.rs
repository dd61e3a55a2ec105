//! Everything that the cluster is, behind one lock, and the queue of what happens next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use crate::calls::Calls;
use crate::clock::{Clock, Millis};
use crate::kinds::{Key, Kind};
use crate::pods::Run;
use crate::random::Random;
use crate::store::Store;
use crate::traffic::Traffic;
use crate::{Options, controllers, pods};

/// Something that happens at a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Happening {
    /// A controller looks at an object.
    Reconcile(Key),
    /// The garbage collector looks at an object that lost an owner, or waits for its dependents.
    Collect(Key),
    /// A pod's life goes on; the number says which of its lives.
    Pod { key: Key, uid: String, life: u64 },
    /// A deleted pod has ended.
    PodGone { key: Key, uid: String },
    /// A watch reaches its time-out.
    EndWatch(u64),
    /// A watch tells how far it is.
    Bookmark(u64),
}

/// The cluster.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) store: Store,
    pub(crate) calls: Calls,
    pub(crate) runs: HashMap<String, Run>,
    pub(crate) traffic: Traffic,
    pub(crate) images: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) external: BTreeMap<String, i64>,
    pub(crate) autoscalers: HashMap<String, Vec<(Millis, i64)>>,
    pub(crate) denied: Vec<(String, String)>,
    pub(crate) next_id: u64,
    queue: BinaryHeap<Reverse<(Millis, u64, Happening)>>,
    queued: HashSet<Happening>,
}

impl State {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            clock: Clock::new(options.start),
            random: Random::new(options.seed),
            options,
            store: Store::default(),
            calls: Calls::default(),
            runs: HashMap::new(),
            traffic: Traffic::default(),
            images: BTreeMap::new(),
            external: BTreeMap::new(),
            autoscalers: HashMap::new(),
            denied: Vec::new(),
            next_id: 0,
            queue: BinaryHeap::new(),
            queued: HashSet::new(),
        }
    }

    /// The same world at a time, for other clients: nobody watches, nobody has called, no faults are to come.
    pub(crate) fn copy(&self, at: Millis) -> Self {
        let mut copy = self.clone();
        copy.clock = Clock::new(at);
        copy.calls = Calls::default();
        copy.store.watchers.clear();
        copy
    }

    /// A number that nobody else has.
    pub(crate) fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Plans something. What controllers will look at anyway is not planned twice.
    pub(crate) fn plan(&mut self, at: Millis, what: Happening) {
        let soon = at - self.clock.now() < 100;
        if soon && matches!(what, Happening::Reconcile(_) | Happening::Collect(_)) && !self.queued.insert(what.clone())
        {
            return;
        }
        let id = self.id();
        self.queue.push(Reverse((at, id, what)));
    }

    /// Plans something in so many milliseconds.
    pub(crate) fn soon(&mut self, after: Millis, what: Happening) {
        self.plan(self.clock.now() + after, what);
    }

    /// When the next thing happens.
    pub(crate) fn next(&self) -> Option<Millis> {
        self.queue.peek().map(|Reverse((at, ..))| *at)
    }

    /// Lets everything happen that is due.
    pub(crate) fn advance(&mut self) {
        self.settle();
        while self.next().is_some_and(|at| at <= self.clock.now()) {
            let Some(Reverse((_, _, what))) = self.queue.pop() else { return };
            self.queued.remove(&what);
            self.happen(what);
            self.settle();
        }
    }

    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Reconcile(key) => controllers::reconcile(self, &key),
            Happening::Collect(key) => controllers::garbage::collect(self, &key),
            Happening::Pod { key, uid, life } => pods::step(self, &key, &uid, life),
            Happening::PodGone { key, uid } => pods::gone(self, &key, &uid),
            Happening::EndWatch(id) => self.end_watch(id),
            Happening::Bookmark(id) => self.bookmark(id),
        }
    }

    /// How often a watch is told how far it is; the server's is about a minute.
    pub(crate) const BOOKMARKS: Millis = 60_000;

    fn bookmark(&mut self, id: u64) {
        let version = self.store.version();
        if let Some(watcher) = self.store.watchers.iter().find(|watcher| watcher.id == id) {
            watcher.bookmark(version);
            self.soon(Self::BOOKMARKS, Happening::Bookmark(id));
        }
    }

    /// A watch ends as the server's do: with a last word on how far it came.
    fn end_watch(&mut self, id: u64) {
        let version = self.store.version();
        self.store.watchers.retain(|watcher| {
            if watcher.id == id && watcher.bookmarks {
                watcher.bookmark(version);
            }
            watcher.id != id
        });
    }

    /// Tells the controllers of all writes that they have not seen.
    pub(crate) fn settle(&mut self) {
        while let Some(change) = self.store.log.get(self.store.seen).cloned() {
            self.store.seen += 1;
            controllers::notice(self, &change);
        }
    }

    /// The object at a key.
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Value>> {
        self.store.get(key)
    }

    /// Changes what the controllers may change without raising the generation; nothing is written when nothing differs.
    pub(crate) fn change(&mut self, key: &Key, edit: impl FnOnce(&mut Value)) -> Option<Arc<Value>> {
        let before = self.get(key)?;
        let mut after = (*before).clone();
        edit(&mut after);
        Some(if after == *before { before } else { self.store.put(key, after) })
    }

    /// The controller that owns an object, when it is of this kind.
    pub(crate) fn owner(&self, object: &Value, kind: Kind) -> Option<Key> {
        let namespace = crate::json::text(object, "/metadata/namespace");
        crate::json::list(object, "/metadata/ownerReferences")
            .iter()
            .find(|owner| {
                owner.get("controller") == Some(&Value::Bool(true))
                    && crate::json::text(owner, "/kind") == kind.facts().name
            })
            .map(|owner| Key::new(kind, namespace, crate::json::text(owner, "/name")))
    }
}
