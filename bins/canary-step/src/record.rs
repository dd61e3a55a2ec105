//! The record of a rollout: what stands in the ConfigMap `canary-<group>`, so that any process can go on with it.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cluster::Kind;
use crate::decide::object;
use crate::evidence::{Event, LegacyRow, Operation, Reason, Run};
use crate::policy::Policy;
use crate::signals::Flaps;

/// The version of the schema; a record of a later version is refused.
pub const SCHEMA: u32 = 1;
/// The key of the ConfigMap.
pub const KEY: &str = "record.json";
/// A ConfigMap holds 1 MiB in all; a record that would not fit is refused at plan time.
pub const LIMIT: usize = 900 * 1024;

/// Seconds since 1970 by the API server's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerTime(pub u64);

impl ServerTime {
    /// Seconds from `earlier` to this; 0 when it is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The rollout of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Version of this shape: [`SCHEMA`].
    pub schema: u32,
    /// Name of the release group.
    pub group: String,
    /// Id of the rollout: lower-case letters and digits, at most ten.
    pub rollout: String,
    /// The run that started it; `abort`, `rollback` and `resume` name it.
    pub run: Run,
    /// Nonce of the process that holds the lock.
    pub holder: String,
    /// Fencing token: grows by one each time the lock changes hands.
    pub token: u64,
    /// Counts the writes of this record, so that a write whose answer was lost is recognised.
    pub writes: u64,
    /// Where the rollout stands.
    pub phase: Phase,
    /// Index of the current step, from 0.
    pub step: usize,
    /// When the rollout started.
    pub started: ServerTime,
    /// When the current phase or step began.
    pub since: ServerTime,
    /// When the observation of the current step began: all canary pods were ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observing: Option<ServerTime>,
    /// The policy, as it was at the start.
    pub policy: Policy,
    /// The services, by name.
    pub services: BTreeMap<String, ServiceRecord>,
    /// The dead-man switch; none in `inplace`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<GuardRecord>,
    /// Changes that may be on their way: written before each is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intents: Vec<Intent>,
    /// State of the judge, as it likes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<Value>,
    /// The older rule, counted beside.
    #[serde(default)]
    pub legacy: LegacyRow,
    /// Series for plots, the newest last; thinned out when they grow.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub series: BTreeMap<String, Vec<crate::evidence::Sample>>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// What was changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// Why it was stopped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// How often pods lost their readiness.
    #[serde(default)]
    pub flaps: Flaps,
    /// What the judge says of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<crate::evidence::JudgeRow>,
    /// How many objects were left over at the end.
    #[serde(default)]
    pub left: usize,
    /// Why nothing moves, when a run stopped before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// Whether every stable Deployment was found to be the saved one, once that was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untouched: Option<bool>,
    /// What is not as it should be at the end: named, for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

/// Where a rollout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Canaries are brought to the share of the current step.
    Stepping,
    /// All canary pods were ready; the step is being observed.
    Observing,
    /// The step is over; the next phase is another command's.
    Holding,
    /// Services get the new template, one after the other.
    Promoting,
    /// All services run it; canaries go, floors come back, everything is proved.
    Verifying,
    /// Over: all new.
    Promoted,
    /// Canaries go; stable was never touched.
    Aborting,
    /// Over: all old.
    Aborted,
    /// Saved templates are put back.
    RollingBack,
    /// Over: all old again.
    RolledBack,
}

impl Phase {
    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Promoted | Self::Aborted | Self::RolledBack)
    }

    /// Whether stable has not been touched yet.
    #[must_use]
    pub fn is_before_promotion(self) -> bool {
        self < Self::Promoting
    }
}

/// One service of the group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRecord {
    /// Name of the Deployment.
    pub deployment: String,
    /// Its uid; another one means that somebody replaced it.
    pub uid: String,
    /// Name of the container whose image changes.
    pub container: String,
    /// Image before and after.
    pub from_image: String,
    /// Image that is released.
    pub to_image: String,
    /// The whole spec as it was, but for `replicas`: the template is put back from here.
    pub saved: Value,
    /// SHA-256 of the canonical JSON of `saved`.
    pub saved_hash: String,
    /// uid of the ReplicaSet that served it.
    pub replica_set: String,
    /// Replicas that stable was asked to have.
    pub replicas: u32,
    /// The Deployment that is released: what the canary is cloned from, and whose template is promoted.
    pub target: Value,
    /// What the server made of it under `dryRun=All`; promotion has to end with exactly this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Value>,
    /// What the server said it had written, when that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Value>,
    /// The horizontal autoscaler whose floor is raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// The canary, once it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<CanaryRecord>,
    /// When stable was changed by this rollout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched: Option<ServerTime>,
}

/// An autoscaler's floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Floor {
    /// Name of the HorizontalPodAutoscaler.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// `minReplicas` before; absent means 1.
    pub original: Option<u32>,
    /// What it is raised to.
    pub raised: u32,
}

/// A canary Deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CanaryRecord {
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
}

/// The dead-man switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardRecord {
    /// Name of the Job.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// When the Job controller started it; nothing is created before.
    pub started: Option<ServerTime>,
    /// When it kills the canaries, unless it is extended.
    pub deadline: Option<ServerTime>,
}

/// A change that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// What for.
    pub action: Action,
    /// The service; empty for the group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// Kind of the object.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its uid, empty for one that is created.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The resourceVersion that it was read with, empty for one that is created.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Pods, or seconds since 1970 for a deadline; 0 where there is nothing to count.
    #[serde(default)]
    pub amount: u64,
}

impl Intent {
    /// A change of an object that was read.
    #[must_use]
    pub fn on(action: Action, (service, kind): (&str, Kind), read: &Value) -> Self {
        let [name, uid, version] = [object::name(read), object::uid(read), object::version(read)].map(str::to_owned);
        Self { action, service: service.to_owned(), kind, name, uid, version, amount: 0 }
    }

    /// A new object.
    #[must_use]
    pub fn new(action: Action, (service, kind): (&str, Kind), name: &str) -> Self {
        let (uid, version) = (String::new(), String::new());
        Self { action, service: service.to_owned(), kind, name: name.to_owned(), uid, version, amount: 0 }
    }

    /// With a number of pods, or a time.
    #[must_use]
    pub fn with(self, amount: u64) -> Self {
        Self { amount, ..self }
    }
}

/// What a change is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Keep an autoscaler from shrinking stable.
    RaiseFloor,
    /// Make the dead-man switch.
    CreateGuard,
    /// Put its deadline off.
    ExtendGuard,
    /// Make a canary.
    CreateCanary,
    /// Change its number of pods.
    ScaleCanary,
    /// `inplace`: new template with a bounded surge.
    StartInplace,
    /// `inplace`: a larger surge.
    SurgeInplace,
    /// `inplace`: the surge may go through.
    FinishInplace,
    /// Put the new template into stable.
    Promote,
    /// Put the saved one back.
    Restore,
    /// Let the dead-man switch fall now.
    EndGuard,
    /// Delete a canary that outlived its guard.
    DeleteCanary,
    /// Give an autoscaler its floor back.
    LowerFloor,
    /// Make writes that are on their way stale.
    Fence,
    /// Take the fence label away.
    Unfence,
}
