//! How much pods of one version differ from one another: the distribution of τ given what stable's pods did.
//!
//! A pod's rate is the group's times e^u, u ~ N(0, τ²). Given their sum, counts of pods are then nearly Dirichlet-multinomial
//! with concentration 1/τ² a pod (the gamma distribution stands for the log-normal), which has a likelihood in closed form
//! and counts the uncertainty of few pods by itself.
use serde::{Deserialize, Serialize};

use crate::special::ln_gamma;

/// Values of τ.
const SPREADS: [f64; 11] = [0.03, 0.045, 0.068, 0.1, 0.15, 0.23, 0.34, 0.5, 0.77, 1.15, 1.7];
/// Mean of the exponential distribution of τ before anything was seen.
const PRIOR_MEAN: f64 = 0.12;

/// τ and its probability.
pub(crate) type Posterior = [(f64, f64); SPREADS.len()];

/// What one pod did, and what the group's rate would have made it do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pod {
    /// Events.
    pub(crate) events: f64,
    /// Events at the group's rate.
    pub(crate) expected: f64,
}

/// The distribution of τ, evidence divided by the over-dispersion in time.
pub(crate) fn posterior(pods: impl Iterator<Item = Pod> + Clone, deflator: f64) -> Posterior {
    let mut posterior =
        SPREADS.map(|spread| (spread, ln_prior(spread) + ln_likelihood(spread, pods.clone(), deflator)));
    let top = posterior.iter().fold(f64::NEG_INFINITY, |top, (_, ln)| top.max(*ln));
    let mut sum = 0.0;
    for (_, ln) in &mut posterior {
        *ln = (*ln - top).exp();
        sum += *ln;
    }
    posterior.iter_mut().for_each(|(_, weight)| *weight /= sum);
    posterior
}

fn ln_prior(spread: f64) -> f64 {
    // The values are evenly spaced in ln τ, hence the factor τ.
    spread.ln() - spread / PRIOR_MEAN
}

fn ln_likelihood(spread: f64, pods: impl Iterator<Item = Pod> + Clone, deflator: f64) -> f64 {
    let (mut count, mut expected, mut events) = (0.0, 0.0, 0.0);
    for pod in pods.clone().filter(|pod| pod.expected > 0.0) {
        count += 1.0;
        expected += pod.expected;
        events += pod.events / deflator;
    }
    if count < 2.0 {
        return 0.0;
    }
    let concentration = count / (spread * spread);
    let mut ln = ln_gamma(concentration) - ln_gamma(concentration + events);
    for pod in pods.filter(|pod| pod.expected > 0.0) {
        let shape = concentration * pod.expected / expected;
        ln += ln_gamma(shape + pod.events / deflator) - ln_gamma(shape);
    }
    ln
}
