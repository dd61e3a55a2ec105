//! What stands in the way of a rollout, or will surprise somebody: findings over manifests, purely.
mod counts;
mod quantity;
mod reach;
mod rights;
mod room;
mod selectors;
mod stable;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use quantity::Quantity;
pub use rights::{NEEDED, Right, missing};

use crate::policy::{Policy, Service};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rollout cannot begin, or would end badly.
    Blocks,
    /// It can begin, and somebody should know what it will be like.
    Warns,
    /// Worth knowing.
    Notes,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What it is, for programs.
    pub code: String,
    /// The service; empty for the group.
    pub service: String,
    /// What was found, in a sentence without a full stop.
    pub text: String,
    /// What to do about it.
    pub remedy: String,
}

/// One service as it stands.
#[derive(Clone, Debug, Default)]
pub struct ServiceFacts {
    /// Its name in the policy.
    pub name: String,
    /// The live Deployment, where there is one.
    pub stable: Option<Value>,
    /// The Deployment that is to be promoted; the live one with another image where there are no manifests.
    pub target: Option<Value>,
}

/// What there is in the namespace. `None` is what this account may not read: nothing is concluded from it but that.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The namespace.
    pub namespace: String,
    /// The services, as in the policy.
    pub services: Vec<ServiceFacts>,
    /// HorizontalPodAutoscalers.
    pub autoscalers: Option<Vec<Value>>,
    /// PodDisruptionBudgets.
    pub budgets: Option<Vec<Value>>,
    /// NetworkPolicies.
    pub network_policies: Option<Vec<Value>>,
    /// Services.
    pub endpoints: Option<Vec<Value>>,
    /// ResourceQuotas.
    pub quotas: Option<Vec<Value>>,
    /// Names of ConfigMaps.
    pub config_maps: Option<Vec<String>>,
    /// Rights that were asked for and are not there.
    pub missing_rights: Vec<Right>,
    /// Objects that earlier rollouts left: `deployments/api-canary-k3x9`.
    pub leftovers: Vec<String>,
    /// A rollout of the group that is not over: its id, phase and run.
    pub unfinished: Option<(String, String, String)>,
}

/// Everything that was found, the worst first.
pub fn findings(policy: &Policy, facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    rights::look(policy, facts, &mut found);
    for service in &facts.services {
        let Some(wanted) = policy.service(&service.name) else { continue };
        let Some(pair) = stable::look((policy, wanted), (facts, service), &mut found) else { continue };
        counts::look(policy, &pair, &mut found);
        selectors::look(policy, (facts, &pair), &mut found);
        reach::look(policy, (facts, &pair), &mut found);
        room::template(policy, &pair, &mut found);
    }
    counts::together(policy, facts, &mut found);
    room::quotas(policy, facts, &mut found);
    found.sort();
    found.dedup();
    found
}

/// A service whose live Deployment and target are both there.
struct Pair<'a> {
    wanted: &'a Service,
    stable: &'a Value,
    target: &'a Value,
    /// Stable's ready pods.
    ready: u32,
}

/// Puts findings about one service into a list.
struct Finder<'a> {
    service: &'a str,
    found: &'a mut Vec<Finding>,
}

impl Finder<'_> {
    fn add(&mut self, (severity, code): (Severity, &str), text: impl Into<String>, remedy: impl Into<String>) {
        self.found.push(Finding {
            severity,
            code: code.to_owned(),
            service: self.service.to_owned(),
            text: text.into(),
            remedy: remedy.into(),
        });
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn count(value: &Value, pointer: &str) -> Option<u32> {
    u32::try_from(value.pointer(pointer)?.as_u64()?).ok()
}

fn name(value: &Value) -> &str {
    text(value, "/metadata/name")
}
