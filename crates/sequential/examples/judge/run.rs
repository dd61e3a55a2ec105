//! Runs of one row, on two threads; the answer depends on the seeds only.
use std::time::{Duration, Instant};

use sequential::simulate::Simulation;
use sequential::{Judge, PodTick, Preset, Random, Rules, Tick};

use crate::cells::Cell;

/// What came of the runs of a row: sorted times at which each rule spoke.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) runs: u64,
    pub(crate) judge: Vec<f64>,
    pub(crate) legacy: Vec<f64>,
    pub(crate) threshold: Vec<f64>,
    pub(crate) ranks: Vec<f64>,
    pub(crate) pod_ticks: u64,
}

/// All runs of a row.
pub(crate) fn cell(cell: &Cell, runs: u64) -> Outcome {
    let half = runs / 2;
    let mut outcome = std::thread::scope(|scope| {
        let second = scope.spawn(|| some(cell, half..runs));
        let mut outcome = some(cell, 0..half);
        let second = second.join().expect("a run does not panic");
        outcome.pod_ticks += second.pod_ticks;
        outcome.judge.extend(second.judge);
        outcome.legacy.extend(second.legacy);
        outcome.threshold.extend(second.threshold);
        outcome.ranks.extend(second.ranks);
        outcome
    });
    outcome.runs = runs;
    for times in [&mut outcome.judge, &mut outcome.legacy, &mut outcome.threshold, &mut outcome.ranks] {
        times.sort_by(f64::total_cmp);
    }
    outcome
}

fn some(cell: &Cell, runs: std::ops::Range<u64>) -> Outcome {
    let mut outcome = Outcome::default();
    for run in runs {
        one(cell, run, &mut outcome);
    }
    outcome
}

/// One run: all ticks, then each rule's answer. A group is called worse by a simple rule when any of its services is.
fn one(cell: &Cell, run: u64, outcome: &mut Outcome) {
    let mut random = Random::new(run.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5eed);
    let mut simulations: Vec<Simulation> =
        (0..cell.services).map(|at| Simulation::new(&format!("s{at}"), &cell.situation, &mut random)).collect();
    let seconds = cell.situation.times.0;
    let mut judge = Judge::new(Preset::Default, Duration::from_secs_f64(seconds));
    let mut rules = vec![Rules::default(); cell.services];
    let mut tick = Tick { services: vec![<_>::default(); cell.services] };
    while simulations.iter_mut().fold(false, |_, simulation| simulation.step(&mut random)) {
        for (at, simulation) in simulations.iter_mut().enumerate() {
            std::mem::swap(&mut simulation.tick, &mut tick.services[at]);
        }
        judge.observe(&tick);
        for (at, simulation) in simulations.iter_mut().enumerate() {
            std::mem::swap(&mut simulation.tick, &mut tick.services[at]);
            outcome.pod_ticks += (simulation.tick.stable.len() + simulation.tick.canary.len()) as u64;
            if !simulation.tick.canary.is_empty() || !simulation.tick.restarts.canary.is_empty() {
                rules[at].observe(&simulation.tick, seconds);
            }
        }
    }
    rules.iter_mut().for_each(Rules::finish);
    outcome.judge.extend(judge.worse_at());
    let first = |time: fn(&Rules) -> Option<f64>| rules.iter().filter_map(time).min_by(f64::total_cmp);
    outcome.legacy.extend(first(|rules| rules.legacy));
    outcome.threshold.extend(first(|rules| rules.threshold));
    outcome.ranks.extend(first(|rules| rules.ranks));
}

/// Pod-ticks that one core judges in a second, drawing not counted: ten pods of a service, a canary among them. The best of
/// many short stretches, since others may be using the core.
pub(crate) fn throughput() -> f64 {
    const STRETCHES: usize = 200;
    const TICKS: usize = 100;
    let mut random = Random::new(1);
    let pod = |name: String| PodTick { pod: name, requests: 500, errors: 5, ..PodTick::default() };
    let mut tick = Tick { services: vec![<_>::default()] };
    tick.services[0].stable = (0..9).map(|at| pod(format!("p{at}"))).collect();
    tick.services[0].canary = vec![pod("c0".to_owned())];
    let mut judge = Judge::new(Preset::Default, Duration::from_secs(5));
    let mut best = Duration::MAX;
    for _ in 0..STRETCHES {
        let mut spent = Duration::ZERO;
        for _ in 0..TICKS {
            let service = &mut tick.services[0];
            service.stable.iter_mut().chain(&mut service.canary).for_each(|pod| pod.errors = random.poisson(5.0));
            let started = Instant::now();
            judge.observe(&tick);
            spent += started.elapsed();
        }
        best = best.min(spent);
    }
    (TICKS * 10) as f64 / best.as_secs_f64()
}
