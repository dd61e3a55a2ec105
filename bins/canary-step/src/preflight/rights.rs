//! What this account may do, and what earlier rollouts left.
use serde::{Deserialize, Serialize};

use super::{Facts, Finder, Finding, Severity};
use crate::policy::{Policy, Router};

/// Something that an account may do: a verb on a resource of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Right {
    /// The API group; empty for the core.
    pub group: String,
    /// The resource, such as `deployments`.
    pub resource: String,
    /// The verb, such as `patch`.
    pub verb: String,
}

/// Groups, resources and verbs that a rollout needs in its namespace.
pub const NEEDED: [(&str, &str, &[&str]); 7] = [
    ("apps", "deployments", &["get", "list", "watch", "create", "patch", "delete"]),
    ("apps", "replicasets", &["get", "list", "watch"]),
    ("", "pods", &["get", "list", "watch"]),
    ("", "configmaps", &["get", "list", "create", "update"]),
    ("batch", "jobs", &["get", "list", "watch", "create", "patch", "delete"]),
    ("autoscaling", "horizontalpodautoscalers", &["get", "list", "watch", "patch"]),
    ("coordination.k8s.io", "leases", &["get", "create", "update"]),
];

/// What of [`NEEDED`] is not among the rules of a SelfSubjectRulesReview; nothing when it says that it does not know them all.
pub fn missing(review: &serde_json::Value) -> Vec<Right> {
    let incomplete = review.pointer("/status/incomplete").and_then(serde_json::Value::as_bool) != Some(false);
    let rules = super::items(review, "/status/resourceRules");
    // A rule for some names only is not one for those that are not known yet.
    let whole: Vec<_> = rules.iter().filter(|rule| super::items(rule, "/resourceNames").is_empty()).collect();
    let has = |rule: &serde_json::Value, list: &str, wanted: &str| {
        super::items(rule, list).iter().any(|one| one.as_str() == Some(wanted) || one.as_str() == Some("*"))
    };
    let granted = |group: &str, resource: &str, verb: &str| {
        let all = |rule: &&&serde_json::Value| {
            has(rule, "/apiGroups", group) && has(rule, "/resources", resource) && has(rule, "/verbs", verb)
        };
        whole.iter().any(|rule| all(&rule))
    };
    let wanted =
        NEEDED.iter().flat_map(|(group, resource, verbs)| verbs.iter().map(move |verb| (*group, *resource, *verb)));
    let lost = wanted.filter(|(group, resource, verb)| !incomplete && !granted(group, resource, verb));
    let right = |(group, resource, verb): (&str, &str, &str)| Right {
        group: group.to_owned(),
        resource: resource.to_owned(),
        verb: verb.to_owned(),
    };
    lost.map(right).collect()
}

/// Looks at rights, leftovers and a rollout that is not over.
pub(super) fn look(policy: &Policy, facts: &Facts, found: &mut Vec<Finding>) {
    let mut finder = Finder { service: "", found };
    for right in &facts.missing_rights {
        let group = if right.group.is_empty() { String::new() } else { format!(".{}", right.group) };
        let text = format!("this account may not {} {}{group} in `{}`", right.verb, right.resource, facts.namespace);
        finder.add((Severity::Blocks, "no-right"), text, "apply the Role that comes with this tool, `role.yaml`");
    }
    if let Some((rollout, phase, run)) = &facts.unfinished {
        let of = if run.is_empty() { String::new() } else { format!(" of {run}") };
        let text = format!("the rollout `{rollout}`{of} is not over: it is {phase}");
        finder.add((Severity::Blocks, "unfinished"), text, "`canary-step resume` or `canary-step abort` it first");
    }
    if !facts.leftovers.is_empty() {
        let text = format!("an earlier rollout left {}", facts.leftovers.join(", "));
        finder.add((Severity::Warns, "leftovers"), text, "look at them, and remove them by `canary-step gc`");
    }
    unseen(policy, facts, &mut finder);
}

/// What could not be looked at is said, or its absence would look like a good sign.
fn unseen(policy: &Policy, facts: &Facts, finder: &mut Finder<'_>) {
    if facts.autoscalers.is_none() && policy.router == Router::Replicas && !policy.steps.is_empty() {
        let text = "HorizontalPodAutoscalers cannot be read: one on stable would shrink it while a canary takes load";
        finder.add(
            (Severity::Blocks, "unseen-autoscalers"),
            text,
            "allow get, list, watch and patch on horizontalpodautoscalers",
        );
    }
    let others = [
        (facts.endpoints.is_none(), "Services"),
        (facts.budgets.is_none(), "PodDisruptionBudgets"),
        (facts.network_policies.is_none(), "NetworkPolicies"),
        (facts.quotas.is_none(), "ResourceQuotas"),
        (facts.config_maps.is_none(), "ConfigMaps"),
    ];
    let unseen: Vec<&str> = others.iter().filter(|(unseen, _)| *unseen).map(|(_, what)| *what).collect();
    if !unseen.is_empty() {
        let text = format!("not looked at, since this account may not read them: {}", unseen.join(", "));
        finder.add((Severity::Notes, "unseen"), text, "allow `list` on them to have them looked at");
    }
}
