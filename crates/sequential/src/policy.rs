//! What a judge is asked for.
use serde::{Deserialize, Serialize};

/// How strict to be, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// α of 1 % for the release group, margin 1.25.
    #[default]
    Default,
    /// Margin 1: any rise counts.
    Sensitive,
    /// Margin 1.5.
    Robust,
}

/// How strict to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// The probability of calling any service of a healthy group worse, however often and long one looks; within (0, 1).
    pub alpha: f64,
    /// The canary may have this many times stable's rate without being worse; at least 1.
    pub margin: f64,
    /// "Not worse" says that its rate is below this many times stable's; above `margin`.
    pub tolerance: f64,
    /// Seconds of a canary pod's life that do not count for latency: a cold JVM is no regression.
    pub warm_up: f64,
}

impl From<Preset> for Policy {
    fn from(preset: Preset) -> Self {
        let margin = match preset {
            Preset::Default => 1.25,
            Preset::Sensitive => 1.0,
            Preset::Robust => 1.5,
        };
        Self { alpha: 0.01, margin, tolerance: 1.6 * margin, warm_up: 60.0 }
    }
}

impl Policy {
    /// The same with numbers that mean something: a value that is none, or out of range, becomes the nearest one that is.
    #[must_use]
    pub(crate) fn sane(self) -> Self {
        let within = |value: f64, low: f64, high: f64| if value.is_nan() { high } else { value.clamp(low, high) };
        let margin = within(self.margin, 1.0, 100.0);
        Self {
            alpha: if self.alpha.is_nan() { 1e-6 } else { self.alpha.clamp(1e-6, 0.5) },
            margin,
            tolerance: within(self.tolerance, margin * 1.1, margin * 7.0),
            warm_up: within(self.warm_up, 0.0, 86_400.0),
        }
    }
}
