//! One service: its series, and what they say together.
use serde::{Deserialize, Serialize};

use crate::contrast::{Contrast, Count};
use crate::latency::Latency;
use crate::policy::Policy;
use crate::special::ln_sum_exp;
use crate::tick::{PodRestarts, PodTick, Restarts, ServiceTick};

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

/// How much each kind of evidence counts in a service's mean. Restarts are rare, and most are hard signals before they are counted.
const ERRORS: f64 = 2.0;
const RESTARTS: f64 = 0.5;
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
    /// Whether restarts of a canary's pod were ever counted.
    #[serde(default)]
    counted: bool,
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
            counted: false,
            latency: Latency::new(policy, tick),
            tick,
        }
    }

    /// Whether a canary's pod was ever seen, or counted before it answered anything.
    pub(crate) fn has_canary(&self) -> bool {
        self.started || self.counted
    }

    /// Takes one tick.
    pub(crate) fn observe<'a>(&mut self, tick: &'a ServiceTick, policy: &Policy) {
        self.started |= !tick.canary.is_empty();
        let requests =
            |pod: &PodTick| Count { exposure: pod.requests.max(pod.errors) as f64, events: pod.errors as f64 };
        let arm = |pods: &'a [PodTick]| pods.iter().map(|pod| (pod.pod.as_str(), requests(pod))).collect::<Vec<_>>();
        self.errors.observe(&arm(&tick.stable), &arm(&tick.canary), self.started);
        self.count_restarts(&tick.restarts, policy);
        self.latency.observe(tick, self.started);
    }

    /// Restarts in pod-seconds. The comparison begins with the first canary pod that is counted, which need not answer anything yet.
    fn count_restarts(&mut self, restarts: &Restarts, policy: &Policy) {
        if restarts.stable.is_empty() && restarts.canary.is_empty() {
            return;
        }
        let new = || Contrast::new(policy.margin, policy.tolerance, self.tick);
        let contrast = self.restarts.get_or_insert_with(new);
        let count = |pod: &PodRestarts| Count { exposure: self.tick, events: pod.restarts as f64 };
        let arm = |pods| <[PodRestarts]>::iter(pods).map(|pod| (pod.pod.as_str(), count(pod))).collect::<Vec<_>>();
        self.counted |= !restarts.canary.is_empty();
        contrast.observe(&arm(&restarts.stable), &arm(&restarts.canary), self.counted);
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
