//! The rules that the judge replaces, as they are usually written: they stand beside it in reports and in the suite.
use serde::{Deserialize, Serialize};

use crate::tick::{PodTick, ServiceTick};

/// Failures of the canary that the legacy rule allows.
const FAILURES: u64 = 10;
/// Restarts that it allows.
const RESTARTS: u64 = 2;
/// The share of requests that the threshold rule wants to succeed, each minute.
const SUCCESS: f64 = 0.99;
/// The probability, under equal distributions, at which Mann and Whitney's test counts: 1 %, of two sides.
const LEVEL: f64 = 0.005;

/// What simple rules say of one service; seconds of observation after which each of them first said "worse".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// More than 10 failures or more than 2 restarts of the canary.
    pub legacy: Option<f64>,
    /// Less than 99 % success of the canary in one whole minute.
    pub threshold: Option<f64>,
    /// Mann and Whitney's test (1947), exact, at 1 % of two sides, on error rates of whole minutes; told when all is over.
    pub ranks: Option<f64>,
    seconds: f64,
    failures: u64,
    restarts: u64,
    minute: [u64; 4],
    points: Vec<(f64, f64)>,
}

impl Rules {
    /// Takes one tick of the observation, `seconds` long.
    pub fn observe(&mut self, tick: &ServiceTick, seconds: f64) {
        let minute = (self.seconds / 60.0).floor();
        self.seconds += seconds;
        let sum = |pods: &[PodTick], count: fn(&PodTick) -> u64| pods.iter().map(count).fold(0, u64::saturating_add);
        let parts = [
            sum(&tick.stable, |pod| pod.errors),
            sum(&tick.stable, |pod| pod.requests),
            sum(&tick.canary, |pod| pod.errors),
            sum(&tick.canary, |pod| pod.requests),
        ];
        self.failures = self.failures.saturating_add(parts[2]);
        let restarts = tick.restarts.canary.iter().map(|pod| pod.restarts).fold(0, u64::saturating_add);
        self.restarts = self.restarts.saturating_add(restarts);
        if self.failures > FAILURES || self.restarts > RESTARTS {
            self.legacy.get_or_insert(self.seconds);
        }
        self.minute.iter_mut().zip(parts).for_each(|(sum, part)| *sum = sum.saturating_add(part));
        if (self.seconds / 60.0 + 1e-9).floor() > minute {
            self.close();
        }
    }

    fn close(&mut self) {
        let [old_errors, old, new_errors, new] = std::mem::take(&mut self.minute).map(|count| count as f64);
        if new > 0.0 && 1.0 - new_errors / new < SUCCESS {
            self.threshold.get_or_insert(self.seconds);
        }
        if new > 0.0 && old > 0.0 {
            self.points.push((old_errors / old, new_errors / new));
        }
    }

    /// Ends the observation: only now may the ranks be looked at.
    pub fn finish(&mut self) {
        if self.points.len() > 1 && rank_test(&self.points) <= LEVEL {
            self.ranks = Some(self.seconds);
        }
    }
}

/// The probability that the second of each pair ranks as high as it does, or higher, when the two do not differ. Exact
/// without ties; ties count half, as usual.
fn rank_test(points: &[(f64, f64)]) -> f64 {
    let count = points.len().min(30);
    let wins = points[..count].iter().flat_map(|(_, new)| points[..count].iter().map(move |(old, _)| (old, new)));
    let above: f64 = wins
        .map(|(old, new)| {
            if new > old {
                1.0
            } else if new < old {
                0.0
            } else {
                0.5
            }
        })
        .sum();
    // Orders of the two samples by their number of wins, one value after the other.
    let most = count * count;
    let mut ways = vec![vec![0.0_f64; most + 1]; count + 1];
    ways[0][0] = 1.0;
    for value in 1..=2 * count {
        for chosen in (1..=count.min(value)).rev() {
            let won = value - chosen;
            if won > count {
                continue;
            }
            for wins in (won..=most).rev() {
                let before = ways[chosen - 1][wins - won];
                ways[chosen][wins] += before;
            }
        }
    }
    let all: f64 = ways[count].iter().sum();
    let from = above.ceil() as usize;
    ways[count][from..].iter().sum::<f64>() / all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_exact() {
        let apart: Vec<(f64, f64)> = (0..5).map(|n| (f64::from(n), f64::from(n) + 10.0)).collect();
        assert!((rank_test(&apart) - 1.0 / 252.0).abs() < 1e-12);
        let swapped: Vec<(f64, f64)> = apart.iter().map(|(old, new)| (*new, *old)).collect();
        assert!((rank_test(&swapped) - 1.0).abs() < 1e-12);
        assert!((rank_test(&[(1.0, 2.0), (3.0, 4.0)]) - 2.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn rules_count_what_they_say() {
        let pod = |requests, errors| PodTick { requests, errors, ..PodTick::default() };
        let tick = ServiceTick { stable: vec![pod(100, 0)], canary: vec![pod(100, 2)], ..ServiceTick::default() };
        let mut rules = Rules::default();
        (0..24).for_each(|_| rules.observe(&tick, 5.0));
        assert_eq!((rules.legacy, rules.threshold), (Some(30.0), Some(60.0)));
    }
}
