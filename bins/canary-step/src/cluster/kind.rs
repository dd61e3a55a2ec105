//! The kinds of objects that a rollout deals with.
use serde::{Deserialize, Serialize};

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Stable and canaries.
    Deployment,
    /// What serves them; only read.
    ReplicaSet,
    /// Only read.
    Pod,
    /// The guard.
    Job,
    /// Whose floor is raised.
    HorizontalPodAutoscaler,
    /// The record.
    ConfigMap,
    /// The lock.
    Lease,
    /// Only read, while a pod waits for a node: whether an autoscaler promised one.
    Event,
    /// Only read, before a rollout: what reaches the pods.
    Service,
    /// Only read, before a rollout: what protects them.
    PodDisruptionBudget,
    /// Only read, before a rollout: what isolates them.
    NetworkPolicy,
    /// Only read, before a rollout: how much room there is.
    ResourceQuota,
}

impl Kind {
    pub(super) fn root(self) -> &'static str {
        match self {
            Self::Deployment | Self::ReplicaSet => "/apis/apps/v1",
            Self::Pod | Self::ConfigMap | Self::Event | Self::Service | Self::ResourceQuota => "/api/v1",
            Self::PodDisruptionBudget => "/apis/policy/v1",
            Self::NetworkPolicy => "/apis/networking.k8s.io/v1",
            Self::Job => "/apis/batch/v1",
            Self::HorizontalPodAutoscaler => "/apis/autoscaling/v2",
            Self::Lease => "/apis/coordination.k8s.io/v1",
        }
    }

    /// The name in paths, which is the resource's.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Deployment => "deployments",
            Self::ReplicaSet => "replicasets",
            Self::Pod => "pods",
            Self::Job => "jobs",
            Self::HorizontalPodAutoscaler => "horizontalpodautoscalers",
            Self::ConfigMap => "configmaps",
            Self::Lease => "leases",
            Self::Event => "events",
            Self::Service => "services",
            Self::PodDisruptionBudget => "poddisruptionbudgets",
            Self::NetworkPolicy => "networkpolicies",
            Self::ResourceQuota => "resourcequotas",
        }
    }
}
