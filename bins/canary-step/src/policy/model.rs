//! The policy as a value, with its defaults.
use serde::{Deserialize, Serialize};

/// Everything that a rollout is told beforehand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Name of the release group.
    pub group: String,
    /// The services, in the order of the file.
    pub services: Vec<Service>,
    /// The steps before promotion; none means promotion at once.
    pub steps: Vec<Stage>,
    /// How traffic is shared.
    pub router: Router,
    /// When the new version counts as worse.
    pub judge: JudgePolicy,
    /// Server-time limits.
    pub timeouts: Timeouts,
    /// What a cancelled run does.
    pub on_cancel: OnCancel,
    /// Bounds on what is created.
    pub limits: Limits,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Name in reports.
    pub name: String,
    /// Name of its Deployment.
    pub deployment: String,
    /// The container whose image changes; the only one, if there is but one.
    pub container: Option<String>,
    /// The image without tag and digest, when it is not the one that runs.
    pub image: Option<String>,
    /// Lower ones are promoted first.
    pub order: u32,
    /// Services that are promoted before.
    pub depends_on: Vec<String>,
}

/// One step before promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Share of the traffic in percent, 1 to 99.
    pub weight: u8,
    /// Seconds of observation, from when all canary pods are ready.
    pub observe: u64,
    /// What has to hold at its end beside the judge.
    pub gates: Vec<String>,
}

/// How traffic is shared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Router {
    /// By the number of pods of a second Deployment.
    #[default]
    Replicas,
    /// By the surge of the one Deployment.
    Inplace,
}

/// When the new version counts as worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JudgePolicy {
    /// Bound on false aborts of the whole rollout.
    pub alpha: f64,
    /// How much worse is fine: a factor on the rate.
    pub margin: f64,
    /// Seconds after readiness that are not judged.
    pub warm_up: u64,
    /// Seconds between two looks.
    pub tick: u64,
    /// What is done when there is not enough evidence at the end of a step.
    pub on_inconclusive: OnInconclusive,
}

/// What is done when there is not enough evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnInconclusive {
    /// Stay until somebody decides, or the guard's deadline.
    #[default]
    Hold,
    /// Go on: hard signals still stop it.
    Proceed,
    /// Stop.
    Abort,
}

/// Server-time limits, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timeouts {
    /// From the creation of canary pods to all of them ready.
    pub ready_within: u64,
    /// For the rollout of one promoted service.
    pub promote_within: u64,
    /// How long canaries live after a phase, for the next job to begin.
    pub handover: u64,
}

/// What a cancelled run does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnCancel {
    /// Leave everything as it is; the guard's deadline holds.
    Freeze,
    /// Canaries to zero pods.
    ScaleDown,
    /// Abort.
    #[default]
    Abort,
}

/// Bounds on what is created.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Pods that canaries may add, over all services.
    pub max_extra_pods: Option<u32>,
}
