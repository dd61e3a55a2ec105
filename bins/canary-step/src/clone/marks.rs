//! By which labels and annotations other tools find what is theirs: a copy that kept one would be adopted, pruned or put back.

/// Prefixes that mark an object and what is made from it.
const EVERYWHERE: [&str; 3] = ["applyset.kubernetes.io/", "autopilot.gke.io/", "configsync.gke.io/"];

/// Prefixes that mark an object only: what its pods carry may be what a Service selects.
const OBJECT: [&str; 13] = [
    "argocd.argoproj.io/",
    "cli-utils.sigs.k8s.io/",
    "config.k8s.io/",
    "config.kubernetes.io/",
    "configmanagement.gke.io/",
    "helm.sh/",
    "helm.toolkit.fluxcd.io/",
    "internal.config.kubernetes.io/",
    "kapp.k14s.io/",
    "kustomize.toolkit.fluxcd.io/",
    "meta.helm.sh/",
    "objectset.rio.cattle.io/",
    "fluxcd.io/",
];

/// Whole keys of the same kind. Argo CD finds what is its by `app.kubernetes.io/instance` unless it was told otherwise.
const KEYS: [&str; 5] = [
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/last-applied-configuration",
    "kubernetes.io/change-cause",
];

/// Whether a label or annotation of an object marks it as another tool's.
pub(super) fn of_object(key: &str) -> bool {
    of_template(key) || KEYS.contains(&key) || OBJECT.iter().any(|prefix| key.starts_with(prefix))
}

/// The same of a template.
pub(super) fn of_template(key: &str) -> bool {
    EVERYWHERE.iter().any(|prefix| key.starts_with(prefix))
}
