//! What a policy can find in the time that it has, told beforehand.
use crate::grid;
use crate::policy::Policy;

/// Traffic as it is now, and how long it will be watched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traffic {
    /// Requests a second of all pods of the service.
    pub requests: f64,
    /// The share of them that fails today, within (0, 1).
    pub errors: f64,
    /// The share of the traffic that the canary gets, within (0, 1).
    pub share: f64,
    /// Seconds of observation.
    pub seconds: f64,
    /// Services in the group, which share α.
    pub services: usize,
}

/// ln of what not knowing the ratio costs.
const COST: f64 = 1.5;
/// Standard deviations below the mean at which four of five canaries are found.
const POWER: f64 = 0.84;

/// The smallest ratio of error rates that four canaries of five with it would be stopped for; `None` when not even a canary
/// that fails every request would be, or when the numbers mean nothing.
///
/// An approximation for pods that do not differ: evidence grows by the binomial's divergence with each failure, and has its
/// variance. Over-dispersion and differing pods make it slower.
#[must_use]
pub fn detectable(policy: &Policy, traffic: &Traffic) -> Option<f64> {
    let within = |value: f64| value > 0.0 && value < 1.0;
    let sensible = traffic.requests > 0.0 && traffic.requests.is_finite() && traffic.seconds > 0.0;
    if !(sensible && within(traffic.errors) && within(traffic.share)) {
        return None;
    }
    let policy = policy.sane();
    let most = (1.0 / traffic.errors).ln();
    let points =
        (1..).map(|step| f64::from(step) * grid::STEP / 4.0).take_while(|excess| *excess + policy.margin.ln() <= most);
    let needed = (traffic.services.max(1) as f64 / policy.alpha).ln() + COST;
    points.map(|excess| policy.margin * excess.exp()).find(|ratio| reach(&policy, traffic, *ratio) >= needed)
}

/// Seconds after which half of the canaries with a ratio are found; `None` when that takes longer than `traffic.seconds`.
#[must_use]
pub fn time_to_detect(policy: &Policy, traffic: &Traffic, ratio: f64) -> Option<f64> {
    let policy = policy.sane();
    if ratio.is_nan() || ratio <= policy.margin {
        return None;
    }
    let needed = (traffic.services.max(1) as f64 / policy.alpha).ln() + COST;
    let (growth, _) = growth(&policy, traffic, ratio);
    Some(needed / growth).filter(|seconds| *seconds <= traffic.seconds)
}

fn reach(policy: &Policy, traffic: &Traffic, ratio: f64) -> f64 {
    let (mean, variance) = growth(policy, traffic, ratio);
    mean * traffic.seconds - POWER * (variance * traffic.seconds).sqrt()
}

/// Mean and variance of the evidence of one second.
fn growth(policy: &Policy, traffic: &Traffic, ratio: f64) -> (f64, f64) {
    let part = |ratio: f64| traffic.share * ratio / (traffic.share * ratio + 1.0 - traffic.share);
    let (is, allowed) = (part(ratio), part(policy.margin));
    let failures = traffic.requests * traffic.errors * (traffic.share * ratio + 1.0 - traffic.share);
    let (new, old) = ((is / allowed).ln(), ((1.0 - is) / (1.0 - allowed)).ln());
    (failures * (is * new + (1.0 - is) * old), failures * (is * new * new + (1.0 - is) * old * old))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Preset;

    const TRAFFIC: Traffic = Traffic { requests: 1000.0, errors: 0.01, share: 0.1, seconds: 300.0, services: 1 };

    #[test]
    fn more_traffic_finds_less() {
        let policy = Policy::from(Preset::Default);
        let ratio = |requests| detectable(&policy, &Traffic { requests, ..TRAFFIC });
        assert!(ratio(1000.0) < ratio(100.0) && ratio(100.0) < ratio(10.0), "{:?}", ratio(100.0));
        assert_eq!(ratio(0.0), None);
        assert_eq!(ratio(f64::NAN), None);
        assert_eq!(ratio(0.001), None);
    }

    #[test]
    fn time_is_what_the_suite_finds() {
        let policy = Policy::from(Preset::Default);
        let seconds = time_to_detect(&policy, &TRAFFIC, 2.0).unwrap();
        assert!((30.0..60.0).contains(&seconds), "{seconds}");
        assert_eq!(time_to_detect(&policy, &TRAFFIC, 1.2), None);
    }
}
