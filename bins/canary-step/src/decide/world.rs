//! The world as it was just seen.
use std::collections::BTreeMap;

use serde_json::Value;

use crate::record::ServerTime;

/// Everything that a decision may lean on. Objects are raw JSON, so that nothing of them is lost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// The API server's clock.
    pub now: ServerTime,
    /// The services, by name in the policy.
    pub services: BTreeMap<String, ServiceWorld>,
    /// The guard Job, if there is one.
    pub guard: Option<Value>,
}

/// What there is of a service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceWorld {
    /// The stable Deployment.
    pub stable: Option<Value>,
    /// Its ReplicaSets.
    pub replica_sets: Vec<Value>,
    /// Its pods: in `inplace` those of the new version too.
    pub stable_pods: Vec<Value>,
    /// The canary Deployment.
    pub canary: Option<Value>,
    /// Its pods.
    pub canary_pods: Vec<Value>,
    /// The HorizontalPodAutoscaler that targets stable.
    pub autoscaler: Option<Value>,
}
