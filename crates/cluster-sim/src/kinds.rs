//! The kinds of objects that exist here, and what is particular about each.

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `v1` Namespace.
    Namespace,
    /// `v1` Pod.
    Pod,
    /// `v1` ConfigMap.
    ConfigMap,
    /// `v1` Service.
    Service,
    /// `v1` Event.
    Event,
    /// `v1` ResourceQuota; stored, not enforced.
    ResourceQuota,
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` ReplicaSet.
    ReplicaSet,
    /// `batch/v1` Job.
    Job,
    /// `coordination.k8s.io/v1` Lease.
    Lease,
    /// `autoscaling/v2` HorizontalPodAutoscaler.
    HorizontalPodAutoscaler,
    /// `policy/v1` PodDisruptionBudget.
    PodDisruptionBudget,
    /// `networking.k8s.io/v1` NetworkPolicy; stored, not enforced.
    NetworkPolicy,
}

/// How a kind is named, and which rules of the API it follows.
pub(crate) struct Facts {
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) name: &'static str,
    /// Whether `status` is written through its own subresource only.
    pub(crate) status: bool,
    /// Whether a change of `spec` raises `metadata.generation`.
    pub(crate) generation: bool,
}

const ALL: [Kind; 13] = [
    Kind::Namespace,
    Kind::Pod,
    Kind::ConfigMap,
    Kind::Service,
    Kind::Event,
    Kind::ResourceQuota,
    Kind::Deployment,
    Kind::ReplicaSet,
    Kind::Job,
    Kind::Lease,
    Kind::HorizontalPodAutoscaler,
    Kind::PodDisruptionBudget,
    Kind::NetworkPolicy,
];

impl Kind {
    pub(crate) fn facts(self) -> Facts {
        let facts = |group, version, plural, name, status, generation| Facts {
            group,
            version,
            plural,
            name,
            status,
            generation,
        };
        match self {
            Kind::Namespace => facts("", "v1", "namespaces", "Namespace", true, false),
            Kind::Pod => facts("", "v1", "pods", "Pod", true, true),
            Kind::ConfigMap => facts("", "v1", "configmaps", "ConfigMap", false, false),
            Kind::Service => facts("", "v1", "services", "Service", true, false),
            Kind::Event => facts("", "v1", "events", "Event", false, false),
            Kind::ResourceQuota => facts("", "v1", "resourcequotas", "ResourceQuota", true, false),
            Kind::Deployment => facts("apps", "v1", "deployments", "Deployment", true, true),
            Kind::ReplicaSet => facts("apps", "v1", "replicasets", "ReplicaSet", true, true),
            Kind::Job => facts("batch", "v1", "jobs", "Job", true, true),
            Kind::Lease => facts("coordination.k8s.io", "v1", "leases", "Lease", false, false),
            Kind::HorizontalPodAutoscaler => {
                facts("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true, false)
            }
            Kind::PodDisruptionBudget => {
                facts("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true, true)
            }
            Kind::NetworkPolicy => facts("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", false, true),
        }
    }

    /// The kind that a group, a version and a plural name, as a path has them.
    pub(crate) fn of_path(group: &str, version: &str, plural: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| {
            let facts = kind.facts();
            facts.group == group && facts.version == version && facts.plural == plural
        })
    }

    /// The kind that an owner reference names.
    pub(crate) fn of_reference(api_version: &str, name: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| kind.api_version() == api_version && kind.facts().name == name)
    }

    /// `apps/v1`.
    pub(crate) fn api_version(self) -> String {
        let Facts { group, version, .. } = self.facts();
        if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
    }

    /// `deployments.apps`, as messages name it.
    pub(crate) fn resource(self) -> String {
        let Facts { group, plural, .. } = self.facts();
        if group.is_empty() { plural.to_owned() } else { format!("{plural}.{group}") }
    }
}

/// Where an object stands in the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) kind: Kind,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl Key {
    pub(crate) fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        Self { kind, namespace: namespace.to_owned(), name: name.to_owned() }
    }
}
