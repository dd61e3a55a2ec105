//! A Kubernetes API in this process: a store with the rules of the real one, the controllers that a release meets, pods that start
//! and fail as told, all of it on virtual time.
//!
//! It is for what a real control plane cannot give: no set-up, eight services in a moment, every interleaving of a driver with its own
//! death. Its behaviour is held against a real control plane by one suite that both pass; what it lacks answers 501 (see README.md).
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(async {
//! let cluster = cluster_sim::Cluster::new(cluster_sim::Options::default());
//! let client = cluster.client("shop");
//! let request = http::Request::get("/api/v1/namespaces/shop/pods").body(Vec::new()).unwrap();
//! let pods: serde_json::Value = client.request(request).await.unwrap();
//! assert_eq!(pods["items"], serde_json::json!([]));
//! # });
//! ```

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;

mod api;
mod calls;
mod clock;
mod controllers;
mod defaults;
mod failure;
mod faults;
mod json;
mod kinds;
mod patch;
mod pods;
mod random;
mod route;
mod selector;
mod service;
mod state;
mod store;
mod traffic;
mod watch;
mod write;

pub use calls::{Call, Fault, When};
pub use kinds::Kind;

use kinds::Key;
use service::Connection;
use state::State;

/// How a cluster is.
#[derive(Clone, Debug)]
pub struct Options {
    /// All randomness follows from it.
    pub seed: u64,
    /// Server time at the start, in milliseconds since 1970.
    pub start: i64,
    /// How long a call is on its way.
    pub latency: Duration,
    /// How often an autoscaler looks; the server's default is 15 s.
    pub autoscaler_period: Duration,
    /// For how long an autoscaler remembers a higher wish; the server's default is 300 s.
    pub downscale_stabilization: Duration,
    /// Whether an admission hook suspends every new Job, as queueing systems do.
    pub suspend_jobs: bool,
}

impl Default for Options {
    /// Seed 1, 2026-01-05 09:00 UTC, 2 ms a call, the server's own defaults for the rest.
    fn default() -> Self {
        Self {
            seed: 1,
            start: 1_767_603_600_000,
            latency: Duration::from_millis(2),
            autoscaler_period: Duration::from_secs(15),
            downscale_stabilization: Duration::from_secs(300),
            suspend_jobs: false,
        }
    }
}

/// What all clients share.
pub(crate) struct Inner {
    state: Mutex<State>,
    /// Wakes the controllers when something was planned.
    planned: Notify,
    killed: Notify,
    latency: Duration,
}

impl Inner {
    /// Does something to the state, and lets the controllers notice.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = state.next();
        state.store.now = state.clock.now();
        let result = act(&mut state);
        state.settle();
        if state.next() != before {
            self.planned.notify_one();
        }
        result
    }
}

/// What stood somewhere once.
#[derive(Clone, Debug)]
pub struct Past {
    /// Server time of the write, in milliseconds since 1970.
    pub at: i64,
    /// The object.
    pub object: Arc<Value>,
    /// Whether it went away with this.
    pub gone: bool,
}

/// What a cluster was at a moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    state: State,
    at: i64,
    latency: Duration,
}

/// An embedded cluster. Clones are the same cluster; it lives on the runtime that made it, best one with a paused clock.
#[derive(Clone)]
pub struct Cluster {
    inner: Arc<Inner>,
}

impl Cluster {
    /// A cluster without anything in it but the namespace `default`. Must be called inside a tokio runtime with time enabled.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let latency = options.latency;
        let cluster = Self::live(State::new(options), latency);
        cluster.namespace("default");
        cluster
    }

    fn live(state: State, latency: Duration) -> Self {
        let inner =
            Arc::new(Inner { state: Mutex::new(state), planned: Notify::new(), killed: Notify::new(), latency });
        drop(tokio::spawn(run(Arc::downgrade(&inner))));
        Self { inner }
    }

    /// The world as it is now, to begin from again and again.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let at = self.now();
        Snapshot { state: self.inner.with(|state| state.copy(at)), at, latency: self.inner.latency }
    }

    /// A cluster that begins as another one was: the same objects, traffic, randomness and server time; no watches, calls or faults. Must
    /// be called inside a tokio runtime with time enabled.
    #[must_use]
    pub fn restore(from: &Snapshot) -> Self {
        Self::live(from.state.copy(from.at), from.latency)
    }

    /// A driver's client: its calls are numbered, logged and struck by faults. The namespace is made when it is not there.
    #[must_use]
    pub fn client(&self, namespace: &str) -> kube::Client {
        self.connect(namespace, true)
    }

    /// An onlooker's client: its calls are neither counted nor struck.
    #[must_use]
    pub fn onlooker(&self, namespace: &str) -> kube::Client {
        self.connect(namespace, false)
    }

    fn connect(&self, namespace: &str, counted: bool) -> kube::Client {
        self.namespace(namespace);
        let client = self.inner.with(State::id);
        kube::Client::new(Connection { inner: self.inner.clone(), client, counted }, namespace)
    }

    fn namespace(&self, name: &str) {
        let object = json!({ "metadata": { "name": name } });
        // It may be there already.
        drop(self.inner.with(|state| write::create(state, (Kind::Namespace, ""), object, false)));
    }

    /// Server time in milliseconds since 1970, which answers carry as `Date`.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.inner.with(|state| state.clock.now())
    }

    /// All calls of drivers up to now.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.inner.with(|state| state.calls.log.clone())
    }

    /// Lets a fault strike at the call with this number, counted from 1; each strikes once, several in the order given.
    pub fn on_call(&self, number: u64, when: When, fault: Fault) {
        self.inner.with(|state| state.calls.faults.entry((number, when)).or_default().push(fault));
    }

    /// Resolves when [`Fault::Kill`] or [`Fault::LateWrite`] has struck (also when it had before anybody waited).
    pub async fn killed(&self) {
        self.inner.killed.notified().await;
    }

    /// Makes access reviews answer no for a verb on a resource (`pods`, `pods/proxy`).
    pub fn deny(&self, verb: &str, resource: &str) {
        self.inner.with(|state| state.denied.push((verb.to_owned(), resource.to_owned())));
    }

    /// Makes pods with this image behave as the given faults and traits say, without a mark on the template: names and values as
    /// after `sim.dataflow.dev/` (see README.md).
    pub fn image(&self, image: &str, traits: &[(&str, &str)]) {
        let traits: BTreeMap<_, _> =
            traits.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        self.inner.with(|state| state.images.insert(image.to_owned(), traits));
    }

    /// Sets the value of an external metric, which autoscalers read.
    pub fn external_metric(&self, name: &str, value: i64) {
        self.inner.with(|state| state.external.insert(name.to_owned(), value));
    }

    /// The object that stands there, without a call.
    #[must_use]
    pub fn get(&self, kind: Kind, namespace: &str, name: &str) -> Option<Value> {
        self.inner.with(|state| state.get(&Key::new(kind, namespace, name)).map(|object| (*object).clone()))
    }

    /// The objects of a kind, without a call.
    #[must_use]
    pub fn list(&self, kind: Kind, namespace: &str) -> Vec<Value> {
        self.inner.with(|state| state.store.list(kind, namespace).map(|(_, object)| (**object).clone()).collect())
    }

    /// Everything that ever stood at a place, in the order of the writes.
    #[must_use]
    pub fn history(&self, kind: Kind, namespace: &str, name: &str) -> Vec<Arc<Value>> {
        self.past(kind, namespace, name).into_iter().map(|past| past.object).collect()
    }

    /// The same with its times; with an empty name, of all objects of the kind.
    #[must_use]
    pub fn past(&self, kind: Kind, namespace: &str, name: &str) -> Vec<Past> {
        let here = |key: &Key| {
            (key.kind, key.namespace.as_str()) == (kind, namespace) && (name.is_empty() || key.name == name)
        };
        let past = |change: &store::Change| Past { at: change.at, object: change.after.clone(), gone: change.gone };
        self.inner.with(|state| state.store.log.iter().filter(|change| here(&change.key)).map(past).collect())
    }

    /// Creates an object, without a call.
    ///
    /// # Errors
    /// What a client would be told.
    pub fn create(&self, kind: Kind, namespace: &str, object: Value) -> Result<Value, String> {
        self.namespace(namespace);
        let made = self.inner.with(|state| write::create(state, (kind, namespace), object, false));
        made.map(|object| (*object).clone()).map_err(|failure| failure.status()["message"].to_string())
    }
}

/// Lets planned things happen when their time comes, as long as the cluster is there.
async fn run(inner: Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let next = inner.with(|state| {
            state.advance();
            state.next().map(|at| state.clock.instant(at))
        });
        match next {
            Some(at) => drop(tokio::time::timeout_at(at, inner.planned.notified()).await),
            None => inner.planned.notified().await,
        }
    }
}
