//! What a policy can detect in its time, by simulated releases of which the truth is known.
use std::time::Duration;

use sequential::simulate::{Simulation, Situation, alone};
use sequential::{Answer, Judge, Random};
use serde::Serialize;

use crate::policy::{Policy, Preset};

/// Simulated releases for each answer; four in five have to be found.
const RUNS: u32 = 20;
/// Times stable's error rate, from the smallest difference that is asked about to the largest.
const RATIOS: [f64; 7] = [1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0];
/// Requests a second of a service.
const TRAFFIC: [f64; 4] = [1.0, 10.0, 100.0, 1_000.0];
/// Share of stable's requests that fail.
const ERRORS: f64 = 0.01;
/// Seconds of stable's history that a judge is given.
const HISTORY: f64 = 1_800.0;
/// More pods than this make an answer slow and no better.
const MOST_PODS: u32 = 20;

/// Pods of a service in its first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Size {
    /// Of stable.
    pub stable: u32,
    /// Of the canary.
    pub canaries: u32,
}

/// What is found in four of five releases.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detectable {
    /// The service's pods.
    pub size: Size,
    /// Its requests a second.
    pub requests: f64,
    /// The share of them that fail in stable.
    pub errors: f64,
    /// The smallest of some factors on that share that is found within the first step; none where none is.
    pub ratio: Option<f64>,
}

/// What the first step of a policy detects in services of these sizes. Nothing for a policy without steps, or whose two fixed numbers
/// decide.
pub fn detectable(policy: &Policy, mut sizes: Vec<Size>) -> Vec<Detectable> {
    let Some(first) = policy.steps.first().filter(|_| policy.judge.preset != Preset::Legacy) else { return Vec::new() };
    sizes.sort_unstable();
    sizes.dedup();
    let tick = policy.judge.tick.as_secs().max(1) as f64;
    let watched = first.observe.as_secs() as f64;
    let margin = policy.judge.margin();
    // One service's evidence counts as its part of the group's mean.
    let alpha = policy.judge.alpha() / policy.services.len().max(1) as f64;
    let judge =
        sequential::Policy { alpha, margin, tolerance: 1.6 * margin, warm_up: policy.judge.warm_up.as_secs() as f64 };
    let each = sizes.iter().filter(|size| size.stable > 0 && size.canaries > 0).take(4).flat_map(|size| {
        TRAFFIC.iter().map(move |requests| {
            let pods = |count: u32| usize::try_from(count.min(MOST_PODS)).unwrap_or(1);
            let scaled = requests * f64::from(size.stable.min(MOST_PODS)) / f64::from(size.stable);
            let situation = Situation {
                requests: scaled,
                errors: ERRORS,
                pods: (pods(size.stable), pods(size.canaries)),
                times: (tick, HISTORY, watched),
                ..Situation::default()
            };
            Detectable { size: *size, requests: *requests, errors: ERRORS, ratio: smallest(&situation, (judge, tick)) }
        })
    });
    each.collect()
}

/// The smallest ratio that is found; whoever finds one finds a larger one too, so that half of them need not be tried.
fn smallest(situation: &Situation, judge: (sequential::Policy, f64)) -> Option<f64> {
    let (mut low, mut high) = (0, RATIOS.len());
    while low < high {
        let middle = (low + high) / 2;
        let ratio = RATIOS[middle];
        match is_found(&Situation { ratio, ..situation.clone() }, judge) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    RATIOS.get(low).copied().filter(|ratio| *ratio <= 1.0 / situation.errors)
}

fn is_found(situation: &Situation, (policy, tick): (sequential::Policy, f64)) -> bool {
    let found = (0..RUNS).filter(|run| {
        let mut random = Random::new(u64::from(*run) + 1);
        let mut judge = Judge::new(policy, Duration::from_secs_f64(tick));
        let mut simulation = Simulation::new("service", situation, &mut random);
        while simulation.step(&mut random) {
            judge.observe(&alone(&simulation.tick));
        }
        judge.verdict().answer == Answer::Worse
    });
    found.count() * 5 >= RUNS as usize * 4
}
