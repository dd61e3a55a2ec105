//! Latency: how many requests are slower than each boundary of the histogram.
use serde::{Deserialize, Serialize};

use crate::contrast::{Contrast, Count};
use crate::policy::Policy;
use crate::special::ln_sum_exp;
use crate::tick::{PodTick, ServiceTick};

/// Boundaries that are followed.
const FOLLOWED: usize = 6;
/// Boundaries that are looked at beforehand: of a finer histogram those where requests lie, which bounds the state.
const CANDIDATES: usize = 10;
/// Requests of stable that tell where that is, or ticks with any, whatever comes first.
const LOOK_REQUESTS: f64 = 200.0;
const LOOK_TICKS: u32 = 4;
/// Buckets of a histogram; more are none that anybody made.
const MOST_BUCKETS: usize = 1024;

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
    /// Stable's requests by bucket, and ticks with any, as long as the boundaries of a fine histogram are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<f64>,
    #[serde(default)]
    looks: u32,
    /// Seconds since each canary pod was first seen.
    ages: Vec<(String, f64)>,
    warm_up: f64,
    tolerance: f64,
    tick: f64,
}

impl Latency {
    pub(crate) fn new(policy: &Policy, tick: f64) -> Self {
        let (warm_up, tolerance) = (policy.warm_up, policy.tolerance);
        Self {
            boundaries: Vec::new(),
            chosen: false,
            seen: Vec::new(),
            looks: 0,
            ages: Vec::new(),
            warm_up,
            tolerance,
            tick,
        }
    }

    pub(crate) fn observe(&mut self, tick: &ServiceTick, started: bool) {
        let buckets = tick.stable.iter().chain(&tick.canary).map(|pod| pod.latency.len()).max().unwrap_or(0);
        if !self.chosen {
            self.look(tick, (buckets.min(MOST_BUCKETS), started));
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

    /// Takes the boundaries of a histogram: all of a coarse one, else those where stable's requests lie, once that is known.
    fn look(&mut self, tick: &ServiceTick, (buckets, started): (usize, bool)) {
        let known = self.boundaries.last().map_or(0, |last| last.bucket);
        let last = buckets.saturating_sub(1);
        if last <= CANDIDATES + 1 {
            self.follow(known + 1..last);
        } else if self.boundaries.is_empty() {
            self.seen.resize(buckets.max(self.seen.len()), 0.0);
            let before: f64 = self.seen.iter().sum();
            for pod in &tick.stable {
                self.seen.iter_mut().zip(&pod.latency).for_each(|(sum, count)| *sum += *count as f64);
            }
            let now: f64 = self.seen.iter().sum();
            self.looks += u32::from(now > before);
            if started || self.looks >= LOOK_TICKS || now >= LOOK_REQUESTS {
                let seen = std::mem::take(&mut self.seen);
                self.follow(candidates(&seen).into_iter());
            }
        }
    }

    fn follow(&mut self, buckets: impl Iterator<Item = usize>) {
        for bucket in buckets {
            let contrast = Contrast::new(1.0, self.tolerance, self.tick);
            self.boundaries.push(Boundary { bucket, contrast });
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
        let kept = evenly(self.boundaries.len(), FOLLOWED);
        let mut at = 0;
        self.boundaries.retain(|_| {
            at += 1;
            kept.contains(&(at - 1))
        });
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

/// At most `most` of `count` places, the first and the last among them.
fn evenly(count: usize, most: usize) -> Vec<usize> {
    if count <= most { (0..count).collect() } else { (0..most).map(|at| at * (count - 1) / (most - 1)).collect() }
}

/// The boundaries of a fine histogram that are worth following: above which some requests lie, but not most; all of them alike when
/// nothing is known.
fn candidates(seen: &[f64]) -> Vec<usize> {
    let all: f64 = seen.iter().sum();
    let above = |bucket: &usize| seen[bucket + 1..].iter().sum::<f64>();
    let inner = 1..seen.len().saturating_sub(1);
    let telling: Vec<usize> = inner.clone().filter(|bucket| above(bucket) > 0.0 && above(bucket) < 0.6 * all).collect();
    let among = if telling.is_empty() { inner.collect() } else { telling };
    evenly(among.len(), CANDIDATES).into_iter().map(|at| among[at]).collect()
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
