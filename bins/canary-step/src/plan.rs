//! What a run would do: every change of the cluster, reachable shares, findings, and what the policy can detect.
//!
//! The changes are not written down twice: the driver itself is run on a copy of the services in the embedded cluster, on virtual time,
//! and what it sends there is what it would send.
mod detect;
mod dry_run;
mod text;

use serde::Serialize;

pub use detect::{Detectable, Sized, detectable};
pub use dry_run::{Copy, dry_run};
pub(crate) use text::finding;
pub use text::{lines, summary};

use crate::evidence::Operation;
use crate::policy::Policy;
use crate::preflight::{Facts, Finding, Severity, findings};
use crate::weights::Share;

/// A plan.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The group.
    pub group: String,
    /// The namespace.
    pub namespace: String,
    /// What stands in the way or is worth knowing, the worst first.
    pub findings: Vec<Finding>,
    /// The services in order of promotion.
    pub services: Vec<PlannedService>,
    /// Every change of the cluster, in order, for a release that nothing is wrong with. The rollout's id is `ROLLOUT` here.
    pub operations: Vec<Operation>,
    /// Seconds that takes.
    pub seconds: u64,
    /// Why there are no operations, where there are none.
    pub unknown: Option<String>,
    /// What the policy can detect.
    pub detectable: Vec<Detectable>,
}

/// One service of a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedService {
    /// Its name.
    pub name: String,
    /// Its Deployment.
    pub deployment: String,
    /// Ready pods of stable.
    pub ready: u32,
    /// Each step's share.
    pub shares: Vec<PlannedShare>,
}

/// A step's share of one service.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedShare {
    /// What was asked for, in percent.
    pub asked: u8,
    /// Canary pods.
    pub canaries: u32,
    /// What they come to, in percent.
    pub reached: f64,
}

impl Plan {
    /// A plan without its operations.
    pub fn new(policy: &Policy, facts: &Facts) -> Plan {
        let services = policy.promotion_order().into_iter().filter_map(|at| {
            let service = policy.services.get(at)?;
            let there = facts.services.iter().find(|there| there.name == service.name)?;
            let stable = there.stable.as_ref()?;
            let ready = stable.pointer("/status/readyReplicas").and_then(serde_json::Value::as_u64).unwrap_or(0);
            let ready = u32::try_from(ready).unwrap_or(u32::MAX);
            let share = |stage: &crate::policy::Stage| {
                let share = Share::of(stage.weight, ready);
                let reached = f64::from(share.reached()) / 100.0;
                PlannedShare { asked: stage.weight.percent(), canaries: share.canaries, reached }
            };
            let shares = policy.steps.iter().map(share).collect();
            Some(PlannedService { name: service.name.clone(), deployment: service.deployment.clone(), ready, shares })
        });
        Plan {
            group: policy.group.clone(),
            namespace: facts.namespace.clone(),
            findings: findings(policy, facts),
            services: services.collect(),
            operations: Vec::new(),
            seconds: 0,
            unknown: None,
            detectable: Vec::new(),
        }
    }

    /// Whether nothing stands in the way.
    pub fn is_clear(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Blocks)
    }
}
