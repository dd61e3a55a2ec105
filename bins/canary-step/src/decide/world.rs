//! The world as it was just seen.
use std::collections::BTreeMap;

use serde_json::Value;

use crate::decide::object;
use crate::record::{Record, ServerTime, ServiceRecord};
use crate::signals::Signal;

/// Everything that a decision may lean on. Objects are raw JSON, so that nothing of them is lost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// The API server's clock.
    pub now: ServerTime,
    /// The services, by name in the policy.
    pub services: BTreeMap<String, ServiceWorld>,
    /// The guard Job, if there is one.
    pub guard: Option<Value>,
    /// Everything else that carries the rollout's label: `deployments/name`, `pods/name`.
    pub made: Vec<String>,
    /// Canary Deployments that are no service's any more: name and uid.
    pub strays: Vec<Value>,
    /// Hard signals that need a memory: readiness that comes and goes.
    pub remembered: Vec<Signal>,
    /// What the judge says.
    pub verdict: Verdict,
    /// Promises of nodes to pods, where any pod of the new version waits for one.
    pub events: Vec<Value>,
    /// What the programs say that are gates of the current step.
    pub programs: Programs,
}

/// What the programs say that are gates of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Programs {
    /// Nobody has asked them yet.
    #[default]
    Unasked,
    /// They are being asked.
    Running,
    /// All of them say yes.
    Yes,
    /// One says no.
    No(String),
    /// One could not tell.
    Unknown(String),
}

/// What the judge says of the group.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Verdict {
    /// The new version is worse.
    Worse(Vec<crate::evidence::Reason>),
    /// It is not worse by more than the margin.
    NotWorse,
    /// There is not enough evidence.
    #[default]
    Inconclusive,
}

/// What there is of a service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceWorld {
    /// The stable Deployment.
    pub stable: Option<Value>,
    /// Its ReplicaSets.
    pub sets: Vec<Value>,
    /// Its pods: those of the new version too, while it is being promoted or moves in place.
    pub stable_pods: Vec<Value>,
    /// The canary Deployment.
    pub canary: Option<Value>,
    /// Its ReplicaSets.
    pub canary_sets: Vec<Value>,
    /// Its pods.
    pub canary_pods: Vec<Value>,
    /// The HorizontalPodAutoscaler that targets stable.
    pub autoscaler: Option<Value>,
}

impl ServiceWorld {
    /// Pods of stable's ReplicaSets other than the saved one: the new version, in place or while it is being promoted.
    pub fn new_pods<'a>(&'a self, saved: &'a ServiceRecord) -> impl Iterator<Item = &'a Value> {
        self.stable_pods.iter().filter(move |pod| !object::is_owned_by(pod, &saved.replica_set))
    }

    /// Pods of the saved version.
    pub fn old_pods<'a>(&'a self, saved: &'a ServiceRecord) -> impl Iterator<Item = &'a Value> {
        self.stable_pods.iter().filter(move |pod| object::is_owned_by(pod, &saved.replica_set))
    }

    /// The ReplicaSet that serves the newest template: the one with the Deployment's own revision.
    #[must_use]
    pub fn newest_set(&self) -> Option<&Value> {
        const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";
        let revision = object::text(self.stable.as_ref()?, REVISION);
        self.sets.iter().find(|set| !revision.is_empty() && object::text(set, REVISION) == revision)
    }
}

/// The services with their names, records and what there is of them, in order of promotion.
pub(crate) fn services<'a>(
    record: &'a Record,
    world: &'a World,
) -> impl DoubleEndedIterator<Item = (&'a str, &'a ServiceRecord, &'a ServiceWorld)> {
    let order = record.policy.promotion_order();
    let named = order.into_iter().map(|at| record.policy.services[at].name.as_str()).collect::<Vec<_>>();
    named.into_iter().filter_map(|name| Some((name, record.services.get(name)?, world.services.get(name)?)))
}
