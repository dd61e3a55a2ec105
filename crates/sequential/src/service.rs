//! One service: its series, and what they say together.
use serde::{Deserialize, Serialize};

use crate::contrast::{Contrast, Count};
use crate::latency::Latency;
use crate::policy::Policy;
use crate::special::ln_sum_exp;
use crate::tick::{PodTick, ServiceTick};

/// A kind of measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measured {
    /// Failed requests among all.
    Errors,
    /// Restarts in pod-seconds.
    Restarts,
    /// Requests slower than the boundaries of the histogram.
    Latency,
}

/// How much each kind of evidence counts in a service's mean.
const ERRORS: f64 = 2.0;
const RESTARTS: f64 = 1.0;
const LATENCY: f64 = 1.0;

/// Why an answer is inconclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// One of the arms answered no request.
    NoTraffic,
    /// Stable itself fails more than its history: neither arm can be blamed, and nothing can be said for the canary.
    Shared,
    /// Not one request failed in either arm, so that there is no rate to compare.
    NoErrors,
    /// Too few requests or failures for an answer.
    TooLittle,
}

/// The state of one service.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) name: String,
    /// Whether a canary's pod was ever seen.
    pub(crate) started: bool,
    pub(crate) errors: Contrast,
    pub(crate) restarts: Option<Contrast>,
    pub(crate) latency: Latency,
    tick: f64,
}

impl Service {
    pub(crate) fn new(name: &str, policy: &Policy, tick: f64) -> Self {
        Self {
            name: name.to_owned(),
            started: false,
            errors: Contrast::new(policy.margin, policy.tolerance, tick),
            restarts: None,
            latency: Latency::new(policy, tick),
            tick,
        }
    }

    /// Takes one tick.
    pub(crate) fn observe(&mut self, tick: &ServiceTick, policy: &Policy) {
        self.started |= !tick.canary.is_empty();
        let requests = |pod: &PodTick| Some((pod.requests.max(pod.errors) as f64, pod.errors as f64));
        let (stable, canary) = (arm(&tick.stable, requests), arm(&tick.canary, requests));
        self.errors.observe(&stable, &canary, self.started);
        if tick.stable.iter().chain(&tick.canary).any(|pod| pod.restarts.is_some()) {
            let seconds = |pod: &PodTick| pod.restarts.map(|restarts| (self.tick, restarts as f64));
            let (stable, canary) = (arm(&tick.stable, seconds), arm(&tick.canary, seconds));
            let new = || Contrast::new(policy.margin, policy.tolerance, self.tick);
            self.restarts.get_or_insert_with(new).observe(&stable, &canary, self.started);
        }
        self.latency.observe(tick, self.started);
    }

    /// ln of the evidence that the canary is worse: the mean over what is measured.
    pub(crate) fn ln_worse(&self) -> f64 {
        self.mean(Contrast::ln_worse)
    }

    /// A bound that `ln_worse` cannot exceed.
    pub(crate) fn ln_worse_at_most(&self) -> f64 {
        self.mean(Contrast::ln_worse_at_most)
    }

    /// Whether every kind of measurement shows the canary to be within the tolerance, at evidence of `enough`.
    pub(crate) fn is_not_worse(&self, enough: f64) -> bool {
        self.started
            && self.errors.ln_not_worse() >= enough
            && self.latency.ln_not_worse().is_none_or(|latency| latency >= enough)
            && self
                .restarts
                .as_ref()
                .is_none_or(|restarts| restarts.canary_run.events == 0.0 || restarts.ln_worse() <= 0.0)
    }

    /// Why nothing is known.
    pub(crate) fn doubt(&self, enough: f64) -> Option<Doubt> {
        let (stable, canary) = (self.errors.stable_run, self.errors.canary_run);
        match () {
            () if canary.exposure == 0.0 || stable.exposure == 0.0 => Some(Doubt::NoTraffic),
            () if self.errors.is_shared() => Some(Doubt::Shared),
            () if canary.events + stable.events == 0.0 => Some(Doubt::NoErrors),
            () if !self.is_not_worse(enough) => Some(Doubt::TooLittle),
            () => None,
        }
    }

    /// The kind of measurement that says most against the canary; errors where none says more.
    pub(crate) fn strongest(&self) -> Measured {
        let parts = self.parts(Contrast::ln_worse).rev();
        parts.max_by(|a, b| a.2.total_cmp(&b.2)).map_or(Measured::Errors, |(measured, _, _)| measured)
    }

    fn mean(&self, ln: fn(&Contrast) -> f64) -> f64 {
        let weights: f64 = self.parts(ln).map(|(_, weight, _)| weight).sum();
        ln_sum_exp(self.parts(ln).map(|(_, weight, ln)| ln + (weight / weights).ln()))
    }

    /// What is measured: its kind, its weight in the mean, and what `ln` makes of it.
    fn parts(&self, ln: fn(&Contrast) -> f64) -> impl DoubleEndedIterator<Item = (Measured, f64, f64)> + Clone {
        let parts = [
            Some((Measured::Errors, ERRORS, ln(&self.errors))),
            self.restarts.as_ref().map(|restarts| (Measured::Restarts, RESTARTS, ln(restarts))),
            self.latency.mean(ln).map(|latency| (Measured::Latency, LATENCY, latency)),
        ];
        parts.into_iter().flatten()
    }
}

/// The counts of one arm.
fn arm(pods: &[PodTick], count: impl Fn(&PodTick) -> Option<(f64, f64)>) -> Vec<(&str, Count)> {
    let counts = pods.iter().filter_map(|pod| {
        let (exposure, events) = count(pod)?;
        Some((pod.pod.as_str(), Count { events, exposure }))
    });
    counts.collect()
}
