//! Latency: how many requests are slower than each boundary of the histogram.
use serde::{Deserialize, Serialize};

use crate::contrast::{Contrast, Count};
use crate::policy::Policy;
use crate::special::ln_sum_exp;
use crate::tick::{PodTick, ServiceTick};

/// Boundaries that are followed.
const FOLLOWED: usize = 6;
/// Boundaries of a histogram that are looked at beforehand; coarser histograms are usual.
const MOST: usize = 40;

/// Pods of a canary whose age is known.
const MOST_PODS: usize = 1024;
/// A share of slow requests that is none.
const RARE: f64 = 0.01;

/// One boundary: the canary's requests above it against stable's above the boundary before.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Boundary {
    /// The canary's.
    bucket: usize,
    contrast: Contrast,
}

/// The latency of one service.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Latency {
    boundaries: Vec<Boundary>,
    chosen: bool,
    /// Seconds since each canary pod was first seen.
    ages: Vec<(String, f64)>,
    warm_up: f64,
    tolerance: f64,
    tick: f64,
}

impl Latency {
    pub(crate) fn new(policy: &Policy, tick: f64) -> Self {
        let (warm_up, tolerance) = (policy.warm_up, policy.tolerance);
        Self { boundaries: Vec::new(), chosen: false, ages: Vec::new(), warm_up, tolerance, tick }
    }

    pub(crate) fn observe(&mut self, tick: &ServiceTick, started: bool) {
        let buckets = tick.stable.iter().chain(&tick.canary).map(|pod| pod.latency.len()).max().unwrap_or(0);
        if !self.chosen {
            for bucket in self.boundaries.len() + 1..buckets.saturating_sub(1).min(MOST) {
                let contrast = Contrast::new(1.0, self.tolerance, self.tick);
                self.boundaries.push(Boundary { bucket, contrast });
            }
        }
        if self.boundaries.is_empty() {
            return;
        }
        let warm: Vec<&PodTick> = tick.canary.iter().filter(|pod| self.is_warm(&pod.pod)).collect();
        if !warm.is_empty() && !self.chosen {
            self.choose();
        }
        for Boundary { bucket, contrast } in &mut self.boundaries {
            let stable: Vec<_> = tick.stable.iter().filter_map(|pod| slower(pod, *bucket - 1)).collect();
            let canary: Vec<_> = warm.iter().filter_map(|pod| slower(pod, *bucket)).collect();
            contrast.observe(&stable, &canary, started && !warm.is_empty());
        }
    }

    /// Whether a canary's pod is past its warm-up; its age grows by a tick.
    fn is_warm(&mut self, pod: &str) -> bool {
        let at = self.ages.iter().position(|(name, _)| name == pod).unwrap_or_else(|| {
            // The oldest is forgotten before there are too many; the pod itself has long gone.
            if self.ages.len() == MOST_PODS {
                self.ages.remove(0);
            }
            self.ages.push((pod.to_owned(), 0.0));
            self.ages.len() - 1
        });
        let age = &mut self.ages[at].1;
        *age += self.tick;
        *age > self.warm_up
    }

    /// Keeps the boundaries that some of stable's requests lie above, but not most of them, evenly over the histogram.
    fn choose(&mut self) {
        self.chosen = true;
        let telling = |boundary: &Boundary| (0.0005..0.5).contains(&boundary.contrast.stable_rate());
        if self.boundaries.iter().any(telling) {
            self.boundaries.retain(telling);
        }
        let count = self.boundaries.len();
        if count > FOLLOWED {
            let kept: Vec<usize> = (0..FOLLOWED).map(|at| at * (count - 1) / (FOLLOWED - 1)).collect();
            let mut at = 0;
            self.boundaries.retain(|_| {
                at += 1;
                kept.contains(&(at - 1))
            });
        }
    }

    /// ln of the evidence that the canary is not slower, at the boundary that one in twenty of stable's requests exceeds, or that hardly
    /// any of its own does; `None` without histogram.
    pub(crate) fn ln_not_worse(&self) -> Option<f64> {
        let distance = |boundary: &Boundary| (boundary.contrast.stable_rate().max(1e-9) / 0.05).ln().abs();
        let nearest = self.boundaries.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.map(|boundary| boundary.contrast.ln_not_worse().max(boundary.contrast.ln_rare(RARE)))
    }

    /// ln of the mean evidence over boundaries; `None` without histogram.
    pub(crate) fn mean(&self, ln: fn(&Contrast) -> f64) -> Option<f64> {
        if self.boundaries.is_empty() {
            return None;
        }
        let count = (self.boundaries.len() as f64).ln();
        Some(ln_sum_exp(self.boundaries.iter().map(|boundary| ln(&boundary.contrast) - count)))
    }
}

/// Requests of a pod, and how many of them lie above a boundary.
fn slower(pod: &PodTick, boundary: usize) -> Option<(&str, Count)> {
    if pod.latency.len() < 2 {
        return None;
    }
    let sum = |counts: &[u64]| counts.iter().map(|count| *count as f64).sum::<f64>();
    let events = pod.latency.get(boundary + 1..).map_or(0.0, sum);
    Some((pod.pod.as_str(), Count { events, exposure: sum(&pod.latency) }))
}
