//! The evidence of a rollout: the one value that every report is made from, as JSON for machines.
//!
//! Times are seconds of server time since the rollout started, but for `started_at`, which is RFC 3339.
mod build;

pub use build::reasons;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the schema.
pub const SCHEMA: u32 = 1;

/// All that is known of a rollout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Version of this shape: [`SCHEMA`].
    pub schema: u32,
    /// How it ended, or that it has not.
    pub outcome: Outcome,
    /// Why, the heaviest first; empty for a plain promotion.
    pub reasons: Vec<Reason>,
    /// Whether every stable Deployment is the saved one: same uid, same spec but for the number of replicas.
    pub stable_untouched: bool,
    /// Objects that should be gone and are not: canary Deployments, their pods, the guard, fence labels, raised floors.
    pub leftovers: usize,
    /// Namespace of the services.
    pub namespace: String,
    /// Name of the release group.
    pub group: String,
    /// Id of the rollout.
    pub rollout: String,
    /// `replicas` or `inplace`.
    pub mode: String,
    /// Where the rollout stands: a phase of the record.
    pub phase: String,
    /// Index of the current step, from 0.
    pub step: usize,
    /// The steps: share in percent and seconds of observation.
    pub steps: Vec<StepRow>,
    /// Server time of the start, RFC 3339.
    pub started_at: String,
    /// Seconds from the start to the last look.
    pub elapsed: u64,
    /// The workflow run.
    pub run: Run,
    /// Per service, in order of promotion.
    pub services: Vec<ServiceRow>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The judge's verdict on the group, if it has seen anything.
    pub judge: Option<JudgeRow>,
    /// What the older rule (more than ten failures, more than two restarts) would have said.
    pub legacy: Option<LegacyRow>,
    /// Every change of the cluster, in order.
    pub operations: Vec<Operation>,
    /// The policy with its defaults filled in.
    pub policy: Value,
    /// What to type into kubectl when this tool is not at hand.
    pub runbook: Vec<String>,
}

/// How a rollout ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every service runs the new version, canaries are gone.
    Promoted,
    /// Canaries are gone, stable was never touched.
    Aborted,
    /// Promoted services were put back.
    RolledBack,
    /// Stopped where it was: nothing moves until `resume`, `abort` or the guard's deadline.
    Frozen,
    /// Under way.
    Running,
}

/// Why a rollout was stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// The service that is to blame; empty for the group.
    pub service: String,
    /// The pod, when it is one pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// The container, when it is one container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Name of the hard signal, metric or rule: `CrashLoopBackOff`, `error-rate`, `guard-lost`.
    pub signal: String,
    /// Seconds since the start at which it was true first.
    pub since: u64,
    /// One sentence for people.
    pub text: String,
    /// Last lines of the container's log, when there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last_log_lines: Vec<String>,
    /// Whether the release is to blame, or the infrastructure (no room, node lost), or people (somebody edited).
    pub kind: ReasonKind,
}

/// Whom a reason blames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// The new version.
    Regression,
    /// Not the new version: no room, a lost node, a guard that was deleted.
    Infrastructure,
    /// Somebody changed what the rollout stands on, or asked for the stop.
    Intervention,
}

/// The run that drove.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Run {
    /// Number of the workflow run, or empty on a terminal.
    pub id: String,
    /// Its address.
    pub url: String,
    /// Its attempt.
    pub attempt: u32,
    /// Commit that is being released.
    pub sha: String,
}

/// A planned step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepRow {
    /// Share of the traffic in percent.
    pub weight: u8,
    /// Seconds of observation.
    pub observe: u64,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRow {
    /// Name in the policy.
    pub name: String,
    /// Name of the Deployment.
    pub deployment: String,
    /// Image before.
    pub from_image: String,
    /// Image after.
    pub to_image: String,
    /// Whether it runs the new version now.
    pub promoted: bool,
    /// E-value against this service, the evidence that it is worse; 1 is none.
    pub e: Option<f64>,
    /// The series that plots are made from, tick by tick.
    pub series: Vec<Sample>,
}

/// One tick of one service. What was not measured is absent, never zero.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sample {
    /// Seconds since the start.
    pub at: u64,
    /// Ready pods of stable.
    pub stable_ready: u32,
    /// Ready pods of the canary.
    pub canary_ready: u32,
    /// Requests and errors of this tick.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stable: Option<Arm>,
    /// The same of the canary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canary: Option<Arm>,
    /// E-value after this tick.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<f64>,
}

/// What one arm did in one tick.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Arm {
    /// Requests.
    pub requests: u64,
    /// Errors among them.
    pub errors: u64,
    /// Latency quantiles in seconds: 50 %, 90 %, 99 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<[f64; 3]>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Seconds since the start.
    pub at: u64,
    /// The service; empty for the group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// `phase`, `step`, `signal`, `verdict`, `operation`, `person`, `driver`.
    pub kind: String,
    /// One sentence for people.
    pub text: String,
}

/// The judge on the group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JudgeRow {
    /// `worse`, `not-worse` or `inconclusive`.
    pub verdict: String,
    /// E-value of the group.
    pub e: f64,
    /// Promised bound on false aborts.
    pub alpha: f64,
    /// How much worse is still fine: a factor on the rate.
    pub margin: f64,
    /// What makes it inconclusive, or which metric decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// The older rule, counted beside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LegacyRow {
    /// Failed requests of the canaries.
    pub failures: u64,
    /// Restarts of their containers.
    pub restarts: u64,
    /// Whether it would abort, and when (seconds since the start).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort_at: Option<u64>,
}

/// One change of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Seconds since the start.
    pub at: u64,
    /// What it is for, in the words of the plan.
    pub intent: String,
    /// `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// Path of the API.
    pub path: String,
    /// `ok`, or what the server answered.
    pub result: String,
}
