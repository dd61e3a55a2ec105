//! What a pod is told to do wrong, and how it is by nature: names after `sim.dataflow.dev/` on its annotations or labels, or of its image.

use serde_json::Value;

use crate::clock::Millis;
use crate::json::{list, text};
use crate::state::State;

/// What the names on annotations and labels begin with.
const PREFIX: &str = "sim.dataflow.dev/";

/// The ways in which a pod can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The image is not in its registry.
    BadImage,
    /// The registry says no.
    DeniedImage,
    /// The registry does not answer.
    PullTimeout,
    InvalidImage,
    NeverPull,
    ConfigError,
    CreateError,
    RunError,
    StartError,
    PostStart,
    /// The container dies again and again, before it is ready.
    Crash,
    /// It dies again and again, some time after it was ready.
    CrashLate,
    OutOfMemory,
    /// A server that ends as if its work were done.
    Exit,
    InitCrash,
    SidecarCrash,
    Pending,
    NeverReady,
    Flap,
    /// The kubelet evicts it for its own use of the disk.
    Evict,
    /// Its node is drained: an eviction that says so.
    Drain,
    /// The quota lets no pod be made.
    Quota,
}

impl Fault {
    fn parse(name: &str) -> Self {
        match name {
            "bad-image" => Fault::BadImage,
            "denied-image" => Fault::DeniedImage,
            "pull-timeout" => Fault::PullTimeout,
            "invalid-image" => Fault::InvalidImage,
            "never-pull" => Fault::NeverPull,
            "config-error" => Fault::ConfigError,
            "create-error" => Fault::CreateError,
            "run-error" => Fault::RunError,
            "start-error" => Fault::StartError,
            "post-start" => Fault::PostStart,
            "crash" => Fault::Crash,
            "crash-late" => Fault::CrashLate,
            "oom" => Fault::OutOfMemory,
            "exit" => Fault::Exit,
            "init-crash" => Fault::InitCrash,
            "sidecar-crash" => Fault::SidecarCrash,
            "pending" => Fault::Pending,
            "never-ready" => Fault::NeverReady,
            "flap" => Fault::Flap,
            "evict" => Fault::Evict,
            "drain" => Fault::Drain,
            "quota" => Fault::Quota,
            _ => Fault::None,
        }
    }

    /// How a container that dies of it ends: exit code and reason.
    pub(crate) fn death(self) -> (i64, &'static str) {
        match self {
            Fault::OutOfMemory => (137, "OOMKilled"),
            Fault::Exit => (0, "Completed"),
            Fault::StartError => (128, "StartError"),
            _ => (1, "Error"),
        }
    }
}

/// All that is told about a pod.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Behaviour {
    pub(crate) fault: Fault,
    /// From running (or ready, for what strikes late) to the fault.
    pub(crate) after: Millis,
    /// From running to ready.
    pub(crate) start: Millis,
    /// From the start of the pull to running.
    pub(crate) pull: Option<Millis>,
    /// From deletion to gone.
    pub(crate) ends: Millis,
    /// How long after ready it is slow, and how much.
    pub(crate) warm: Millis,
    pub(crate) warm_factor: f64,
    pub(crate) error_factor: f64,
    pub(crate) error_rate: Option<f64>,
    pub(crate) latency_factor: f64,
    /// How long after ready its page of numbers stops answering.
    pub(crate) silent: Option<Millis>,
}

impl Behaviour {
    /// What a pod, or a template, is told.
    pub(crate) fn of(state: &State, pod: &Value) -> Self {
        let told = |name: &str| told(state, pod, name);
        let seconds = |name: &str| number(&told(name)).map(seconds);
        let fault = Fault::parse(&told("fault"));
        let late = matches!(fault, Fault::CrashLate | Fault::OutOfMemory | Fault::Flap | Fault::Evict | Fault::Drain);
        Self {
            fault,
            after: seconds("after-seconds").unwrap_or(if late { 5_000 } else { 500 }),
            start: seconds("start-seconds").unwrap_or(1_000),
            pull: seconds("pull-seconds"),
            ends: seconds("end-seconds").unwrap_or(300),
            warm: seconds("warm-seconds").unwrap_or(0),
            warm_factor: number(&told("warm-factor")).unwrap_or(8.0),
            error_factor: number(&told("error-factor")).unwrap_or(1.0),
            error_rate: number(&told("error-rate")),
            latency_factor: number(&told("latency-factor")).unwrap_or(1.0),
            silent: seconds("silent-seconds"),
        }
    }
}

/// The value of a trait: the annotation, the label, or what is known of one of its images.
pub(crate) fn told(state: &State, object: &Value, name: &str) -> String {
    let named = format!("{PREFIX}{name}");
    for place in ["annotations", "labels"] {
        if let Some(value) = object.pointer("/metadata").and_then(|metadata| metadata[place][&named].as_str()) {
            return value.to_owned();
        }
    }
    let containers = list(object, "/spec/containers").iter().chain(list(object, "/spec/initContainers"));
    let mut images = containers.filter_map(|container| state.images.get(text(container, "/image"))?.get(name));
    images.next().cloned().unwrap_or_default()
}

/// A number that is one.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

#[expect(clippy::cast_possible_truncation, reason = "bounded to a year")]
fn seconds(seconds: f64) -> Millis {
    (seconds.min(31_536_000.0) * 1000.0) as Millis
}
