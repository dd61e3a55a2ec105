//! The policy file (`canary.yaml`): which services move together, in which steps, and what stops them.
//!
//! Every field has a default: a policy of nothing but service names is whole. Serialised, a policy is a policy file again
//! (JSON is YAML), so the record and the evidence carry it as it was meant.
mod check;
mod fields;
mod image;
mod judge;
mod problem;
mod read;
mod span;
pub(crate) mod yaml;

use serde::{Deserialize, Serialize};

pub use image::Image;
pub use judge::{
    Confirm, Count, HardSignals, Judge, Legacy, Metric, OnInconclusive, PageFormat, Preset, Reaction, Source,
};
pub use problem::{Position, Problem};
pub use span::Span;

use crate::weights::Weight;

/// A whole policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// The name of what moves together; it names the record, the lock and the guard.
    pub group: String,
    /// What moves, at least one.
    pub services: Vec<Service>,
    /// The stages, their weights rising; none means that the new version goes live at once.
    pub steps: Vec<Stage>,
    /// How traffic reaches the canaries.
    pub router: Router,
    /// Whether a weight that cannot be reached within [`Policy::tolerance`] is refused instead of reported.
    pub strict: bool,
    /// What decides.
    pub judge: Judge,
    /// How long things may take, in the API server's time.
    pub timeouts: Timeouts,
    /// What a cancelled run leaves behind.
    pub on_cancel: OnCancel,
    /// What a rollout may use.
    pub limits: Limits,
}

/// One service of the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// What people call it.
    pub name: String,
    /// Its Deployment.
    pub deployment: String,
    /// The container that gets the image; the only one, or the one of the deployment's name, when absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub container: Option<String>,
    /// The new image, or its name alone when digest or tag come from the step's inputs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<Image>,
    /// Lower ones are promoted first, after what they depend on.
    pub order: i32,
    /// Services that must be promoted before this one.
    pub depends_on: Vec<String>,
}

impl Service {
    /// A service whose deployment is named as it is.
    pub fn named(name: impl Into<String>) -> Service {
        let name = name.into();
        Service { deployment: name.clone(), name, container: None, image: None, order: 0, depends_on: Vec::new() }
    }
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// The canaries' share of the pods.
    pub weight: Weight,
    /// How long it is watched, from the moment that all canary pods are ready.
    pub observe: Span,
    /// What must hold at its end, besides the judge.
    pub gates: Vec<Gate>,
}

/// Something that must hold at the end of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Gate {
    /// The judge's verdict must be `not-worse`, whatever `onInconclusive` says.
    NotWorse,
    /// The run ends here, the canaries stay, and `resume` goes on: for an approval between two jobs.
    Hold,
    /// A program says so: it ends with 0 (yes), 1 (no: the rollout is stopped) or anything else (it could not tell: the rollout is held). It may
    /// be asked again by whoever goes on.
    Command {
        /// The program and its arguments; no shell reads them.
        argv: Vec<String>,
        /// After this it is ended, and could not tell.
        within: Span,
    },
}

/// How traffic reaches the canaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Router {
    /// Extra pods behind the same Service; shares follow the counts of pods.
    #[default]
    Replicas,
    /// A rolling update of the deployment itself, held half-way; there is no dead-man switch.
    Inplace,
}

/// What a cancelled run leaves behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnCancel {
    /// Everything stays as it is until `resume` or `abort`, or until the guard's deadline.
    Freeze,
    /// The canaries are scaled to nothing; the record stays.
    ScaleDown,
    /// The canaries are removed.
    #[default]
    Abort,
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timeouts {
    /// A canary must be ready within this; it becomes its `progressDeadlineSeconds`.
    pub ready_within: Span,
    /// One service's promotion, from the patch to the last ready pod.
    pub promote_within: Span,
    /// All checks after the promotion.
    pub verify_within: Span,
    /// How long the canaries outlive a job's end, for the next job of the workflow to take over.
    pub handover: Span,
    /// How long a pod may wait for a node before that is an infrastructure failure.
    pub unschedulable: Span,
    /// The same once a cluster autoscaler has said that it adds a node.
    pub unschedulable_after_scale_up: Span,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            ready_within: Span::seconds(180),
            promote_within: Span::minutes(10),
            verify_within: Span::minutes(5),
            handover: Span::minutes(15),
            unschedulable: Span::minutes(1),
            unschedulable_after_scale_up: Span::minutes(5),
        }
    }
}

/// What a rollout may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Canary pods of all services together; no limit when absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_extra_pods: Option<u32>,
}

impl Policy {
    /// The policy of an empty file: 10 % for five minutes, 50 % for ten, no service yet.
    pub fn empty() -> Policy {
        let stage = |percent, minutes| {
            let weight = Weight::of_percent(percent).ok()?;
            Some(Stage { weight, observe: Span::minutes(minutes), gates: Vec::new() })
        };
        Policy {
            group: "default".to_owned(),
            services: Vec::new(),
            steps: [stage(10.0, 5), stage(50.0, 10)].into_iter().flatten().collect(),
            router: Router::default(),
            strict: false,
            judge: Judge::default(),
            timeouts: Timeouts::default(),
            on_cancel: OnCancel::default(),
            limits: Limits::default(),
        }
    }

    /// Reads a policy file; `services` are names from elsewhere (an input), used when the file names none.
    ///
    /// # Errors
    /// The first [`Problem`] with its field, line and column: not YAML, an unknown or repeated field, a value out of its
    /// range, no service at all, a dependency on nobody or in a circle, a router that this version does not have.
    pub fn read(text: &str, services: &[String]) -> Result<Policy, Problem> {
        read::policy(yaml::parse(text)?, services)
    }

    /// Positions in `services` in the order of promotion: dependencies first, then by `order`, then as written.
    pub fn promotion_order(&self) -> Vec<usize> {
        check::order(&self.services).unwrap_or_else(|_| (0..self.services.len()).collect())
    }

    /// By how many hundredths of a percent a reachable share may differ from the asked one before that is a finding.
    pub const TOLERANCE: u16 = 500;

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }
}
