//! What is observed in one tick.
use serde::{Deserialize, Serialize};

/// Everything that was observed in one tick.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tick {
    /// One entry a service; a service that is missing was not observed.
    pub services: Vec<ServiceTick>,
}

/// One service in one tick. As long as no tick had a canary's pod it is history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceTick {
    /// The service's name.
    pub service: String,
    /// Pods of the version that runs.
    pub stable: Vec<PodTick>,
    /// Pods of the version that is tried.
    pub canary: Vec<PodTick>,
    /// Restarts of both; empty where nobody counts them.
    pub restarts: Restarts,
}

/// Restarts in one tick. They are lists of their own, since a pod that dies before its page is read tells nothing of its requests: its restarts
/// stand for them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Restarts {
    /// Pods of the version that runs.
    pub stable: Vec<PodRestarts>,
    /// Pods of the version that is tried.
    pub canary: Vec<PodRestarts>,
}

/// How often the containers of one pod were started again in one tick.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PodRestarts {
    /// The pod, by a name that stays when it restarts.
    pub pod: String,
    /// Restarts.
    pub restarts: u64,
}

/// What one pod did in one tick: differences of its counters, never their values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PodTick {
    /// The pod: its uid, container and restart count, so that a counter that begins anew is another series.
    pub pod: String,
    /// Requests that it answered.
    pub requests: u64,
    /// Of these, how many failed; more than `requests` counts as `requests`.
    pub errors: u64,
    /// Requests by bucket of the latency histogram, each bucket by itself, the last without bound; empty without histogram.
    pub latency: Vec<u64>,
}
