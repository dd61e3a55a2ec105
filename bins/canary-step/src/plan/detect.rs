//! What a policy can detect in its time, by the judge's own mathematics.
use sequential::Traffic;
use serde::Serialize;

use crate::policy::{Policy, Preset};

/// Requests a second of a service, where nobody has measured them.
const USUAL: [f64; 4] = [1.0, 10.0, 100.0, 1_000.0];
/// The share of them that fails in stable, where nobody has measured it.
const ERRORS: f64 = 0.01;

/// A service in its first step.
#[derive(Clone, Debug, PartialEq)]
pub struct Sized {
    /// Its name.
    pub service: String,
    /// Ready pods of stable.
    pub stable: u32,
    /// Canary pods of the first step.
    pub canaries: u32,
    /// Requests a second and the share that fails, as they were just measured.
    pub measured: Option<(f64, f64)>,
}

/// What four of five canaries are stopped for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detectable {
    /// The service; empty for any that has as many pods.
    pub service: String,
    /// Ready pods of stable, and canary pods of the first step.
    pub pods: (u32, u32),
    /// Its requests a second.
    pub requests: f64,
    /// The share of them that fails in stable.
    pub errors: f64,
    /// The smallest factor on that share that is found within the first step; none where not even failing every request is.
    pub ratio: Option<f64>,
    /// Seconds until half of the canaries with ten times stable's error rate are found.
    pub tenfold: Option<f64>,
}

/// What the first step of a policy detects: for measured services as they are, for the others by usual traffic. Nothing for a policy
/// without steps, or one whose two fixed numbers decide.
pub fn detectable(policy: &Policy, sizes: &[Sized]) -> Vec<Detectable> {
    let Some(first) = policy.steps.first().filter(|_| policy.judge.preset != Preset::Legacy) else { return Vec::new() };
    let seconds = first.observe.as_secs().saturating_sub(policy.judge.warm_up.as_secs()) as f64;
    let (alpha, margin) = (policy.judge.alpha(), policy.judge.margin());
    let warm_up = policy.judge.warm_up.as_secs() as f64;
    let judge = sequential::Policy { alpha, margin, tolerance: 1.6 * margin, warm_up };
    let services = policy.services.len();
    let one = |service: &str, size: &Sized, (requests, errors): (f64, f64)| {
        let share = f64::from(size.canaries) / f64::from(size.canaries.saturating_add(size.stable).max(1));
        // A service that never failed so far has some rate that its requests have not shown yet.
        let traffic = Traffic { requests, errors: errors.max(1e-6), share, seconds, services };
        Detectable {
            service: service.to_owned(),
            pods: (size.stable, size.canaries),
            requests,
            errors,
            ratio: sequential::detectable(&judge, &traffic),
            tenfold: sequential::time_to_detect(&judge, &traffic, 10.0),
        }
    };
    let mut rows = Vec::new();
    let mut usual: Vec<(u32, u32)> = Vec::new();
    for size in sizes.iter().filter(|size| size.stable > 0 && size.canaries > 0) {
        match size.measured {
            Some(measured) => rows.push(one(&size.service, size, measured)),
            None if usual.contains(&(size.stable, size.canaries)) => {}
            None => {
                usual.push((size.stable, size.canaries));
                rows.extend(USUAL.iter().map(|requests| one("", size, (*requests, ERRORS))));
            }
        }
    }
    rows
}
