//! Hard signals: what a pod, a Deployment, a ReplicaSet or the guard says that needs no statistics to be bad.
//!
//! Everything here is a function of objects as the API server gives them. A signal blames the release or the infrastructure; a
//! pod with the condition `DisruptionTarget`, or one that is being deleted, gives none.
mod container;
mod exit;
mod flaps;
mod image;
mod kind;
mod objects;
mod pod;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use flaps::Flaps;
pub use kind::Kind;
pub use objects::{deployment, guard, replica_set};
pub(crate) use pod::SCALE_UP;
pub use pod::{disrupted, is_ready, placed_since, pod, ready_since, restarts, waits_until};

use crate::policy::Timeouts;

/// Whom a signal blames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The new version.
    Regression,
    /// No room, a registry out of reach, a lost node.
    Infrastructure,
}

/// What a container is to its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// One of the containers that serve.
    Main,
    /// It runs to its end before the others start.
    Init,
    /// An init container with `restartPolicy: Always`, which runs beside the others.
    Sidecar,
}

/// A container of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// What it is to the pod.
    pub role: Role,
}

/// Something bad that an object says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signal {
    /// What it is.
    pub kind: Kind,
    /// Whom it blames.
    pub blame: Blame,
    /// The service.
    pub service: String,
    /// The pod, where it is one pod.
    pub pod: Option<String>,
    /// The container, where it is one container.
    pub container: Option<Container>,
    /// Since when, in seconds since 1970 by the cluster's clocks, where the object says so.
    pub since: Option<u64>,
    /// One sentence for people, without a full stop.
    pub text: String,
    /// The last lines of its log: what the object itself carries, until the driver puts the log's lines here.
    pub last_log_lines: Vec<String>,
    /// Whether the lines are in the log of the container's last run (`previous=true`) or in this one's.
    pub log: Option<Log>,
}

/// Which log tells more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Log {
    /// The log of the running or last ended container.
    Current,
    /// The log of the run before.
    Previous,
}

/// A pod as it was seen.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'a> {
    /// The service that it belongs to.
    pub service: &'a str,
    /// The pod.
    pub pod: &'a Value,
    /// Events, of this pod or of any; those of others are passed over.
    pub events: &'a [Value],
    /// Seconds since 1970 by the API server's clock.
    pub now: u64,
}

/// How patient one is with what may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A pod may wait this long for a node.
    pub unschedulable: Duration,
    /// The same once an autoscaler has promised one.
    pub unschedulable_after_scale_up: Duration,
}

impl Patience {
    /// What a policy says.
    pub fn of(timeouts: &Timeouts) -> Patience {
        Patience {
            unschedulable: timeouts.unschedulable.duration(),
            unschedulable_after_scale_up: timeouts.unschedulable_after_scale_up.duration(),
        }
    }
}

/// Seconds since 1970 of an RFC 3339 time under `pointer`.
fn time(value: &Value, pointer: &str) -> Option<u64> {
    let time: jiff::Timestamp = text(value, pointer)?.parse().ok()?;
    u64::try_from(time.as_second()).ok()
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// The condition of a type, when its status is as given.
fn condition<'a>(object: &'a Value, name: &str, status: &str) -> Option<&'a Value> {
    items(object, "/status/conditions").find(|c| text(c, "/type") == Some(name) && text(c, "/status") == Some(status))
}

/// A message of the cluster within a sentence: one line, bounded.
fn quoted(message: &str) -> String {
    let mut line: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = line.char_indices().nth(300) {
        line.truncate(at);
        line.push('…');
    }
    line.trim_end_matches('.').to_owned()
}
