//! What decides whether a canary is worse: the statistics, the numbers that they are made of, and the hard signals.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::signals::Kind;

use super::Span;

/// What decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judge {
    /// A named set of `alpha` and `margin`.
    pub preset: Preset,
    /// The chance of a false abort for the whole group and all stages; the preset's when absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alpha: Option<f64>,
    /// Up to this many times stable's error rate is no regression; the preset's when absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub margin: Option<f64>,
    /// What the canary counts nothing in, from the moment that it is ready: a cold process is no regression.
    pub warm_up: Span,
    /// How often numbers are read.
    pub tick: Span,
    /// What the numbers are.
    pub metrics: Vec<Metric>,
    /// What ends a rollout at once.
    pub hard_signals: HardSignals,
    /// What a step without a verdict comes to.
    pub on_inconclusive: OnInconclusive,
    /// What is done before a single canary pod is believed.
    pub confirm: Confirm,
    /// The rule that is evaluated beside the judge, and decides under `preset: legacy`.
    pub legacy: Legacy,
}

impl Default for Judge {
    fn default() -> Judge {
        Judge {
            preset: Preset::Default,
            alpha: None,
            margin: None,
            warm_up: Span::seconds(30),
            tick: Span::seconds(15),
            metrics: vec![Metric::discovered()],
            hard_signals: HardSignals::default(),
            on_inconclusive: OnInconclusive::Hold,
            confirm: Confirm::None,
            legacy: Legacy { failures: 10, restarts: 2 },
        }
    }
}

impl Judge {
    /// The chance of a false abort that counts.
    pub fn alpha(&self) -> f64 {
        self.alpha.unwrap_or(0.01)
    }

    /// The margin that counts.
    pub fn margin(&self) -> f64 {
        self.margin.unwrap_or(match self.preset {
            Preset::Sensitive => 1.0,
            Preset::Robust => 1.5,
            Preset::Default | Preset::Legacy => 1.25,
        })
    }
}

/// A named set of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// α 1 %, margin 1.25.
    #[default]
    Default,
    /// Margin 1: any real difference counts.
    Sensitive,
    /// Margin 1.5.
    Robust,
    /// Not statistics but two fixed numbers, [`Legacy`].
    Legacy,
}

/// More failures or more restarts than these of all canaries together abort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Legacy {
    /// So many failed requests are still fine.
    pub failures: u64,
    /// So many restarts are still fine.
    pub restarts: u64,
}

/// What a step without a verdict comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnInconclusive {
    /// Nothing moves any more, and a person decides: the run could not tell.
    #[default]
    Hold,
    /// The canaries are removed.
    Abort,
    /// The rollout goes on; no evidence is taken for a yes, and the report says so.
    Proceed,
}

/// What is done before a single canary pod is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Confirm {
    /// Nothing; the report says that there was one pod only.
    #[default]
    None,
}

/// Numbers of some services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    /// What people call it.
    pub name: String,
    /// The services that have it; all when empty.
    pub services: Vec<String>,
    /// Where it is read.
    pub source: Source,
    /// What is counted; known names are looked for in pages when nothing is given.
    pub count: Count,
}

impl Metric {
    /// What a policy without metrics reads: the pods' own pages, as their `prometheus.io` annotations say.
    pub fn discovered() -> Metric {
        let source = Source::Pods { port: None, path: None, format: PageFormat::Auto };
        Metric { name: "requests".to_owned(), services: Vec::new(), source, count: Count::default() }
    }
}

/// Where numbers are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A Prometheus server's HTTP API.
    Prometheus {
        /// Its address, such as `http://prometheus.monitoring:9090`.
        url: String,
    },
    /// The pods' own pages, through the API server's `pods/proxy`.
    Pods {
        /// The port; the annotation `prometheus.io/port` when absent.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        port: Option<u16>,
        /// The path; the annotation `prometheus.io/path`, or `/metrics`, when absent.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        path: Option<String>,
        /// How the page is written.
        format: PageFormat,
    },
    /// A page that answers with counts per pod as JSON.
    Web {
        /// Its address.
        url: String,
    },
    /// A program that prints counts per pod as JSON; no shell reads its arguments.
    Command {
        /// The program and its arguments.
        argv: Vec<String>,
    },
}

/// How a pod's page is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageFormat {
    /// As its first bytes say.
    #[default]
    Auto,
    /// Prometheus' text format, or OpenMetrics.
    Prometheus,
    /// Spring Boot's Actuator.
    Actuator,
}

/// Which series are counted: selectors as Prometheus writes them, `name{label="value",other=~"re"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// All requests.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub total: Option<String>,
    /// The failed ones among them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failed: Option<String>,
    /// A histogram of durations.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub latency: Option<String>,
}

/// What ends a rollout at once; every known signal does unless it is named here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HardSignals {
    /// What is done about a signal, where that is not to abort.
    pub reactions: BTreeMap<Kind, Reaction>,
    /// So many times may a pod lose its readiness; once more is a flap.
    pub flaps: u32,
}

impl Default for HardSignals {
    fn default() -> HardSignals {
        HardSignals { reactions: BTreeMap::new(), flaps: 2 }
    }
}

impl HardSignals {
    /// What is done about a signal.
    pub fn reaction(&self, kind: Kind) -> Reaction {
        self.reactions.get(&kind).copied().unwrap_or_default()
    }
}

/// What is done about a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reaction {
    /// The rollout is aborted.
    #[default]
    Abort,
    /// It is reported, and the judge counts it where it can.
    Report,
}
