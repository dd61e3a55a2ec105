//! How much more stable's own counts vary in time than chance alone would make them.
//!
//! A Poisson count of blocks of one, a few and many ticks has a variance of its mean. Where errors come in clusters, blocks
//! vary more, by a factor that grows with the block until it is as long as a cluster. The largest factor over the lengths
//! deflates the evidence.
use serde::{Deserialize, Serialize};

use crate::packed;

/// Lengths of blocks in seconds.
const LENGTHS: [f64; 4] = [0.0, 20.0, 60.0, 180.0];
/// Minutes of a pod that the assumption about an unknown service weighs.
const PRIOR_MINUTES: f64 = 2.0;
/// By how much more than chance an unknown service is assumed to vary.
const PRIOR_EXCESS: f64 = 3.0;
/// Events without over-dispersion that are added to what was seen, against the noise of small counts.
const PRIOR_EVENTS: f64 = 5.0;
/// Standard errors that an excess has to have before it counts.
const NOISE: f64 = 2.0;

/// One length of blocks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Scale {
    ticks: u32,
    filled: u32,
    /// Σ (count − expected)².
    squares: f64,
    /// Σ of its expectation under chance alone.
    expected: f64,
    /// Σ of its variance under chance alone.
    noise: f64,
    /// Pods × blocks seen.
    blocks: f64,
    /// The open block: count and expected count by pod.
    #[serde(with = "packed")]
    open: Vec<(f64, f64)>,
}

/// The over-dispersion of one series, over several lengths of blocks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dispersion {
    scales: Vec<Scale>,
    /// Seconds.
    tick: f64,
}

impl Dispersion {
    /// For ticks of a length in seconds.
    pub(crate) fn new(tick: f64) -> Self {
        let mut lengths: Vec<u32> = LENGTHS.iter().map(|length| (length / tick).round().max(1.0) as u32).collect();
        lengths.dedup();
        Self { scales: lengths.into_iter().map(|ticks| Scale { ticks, ..Scale::default() }).collect(), tick }
    }

    /// Takes one tick: count and expected count of each pod of stable, in an order that stays.
    pub(crate) fn observe(&mut self, pods: impl Iterator<Item = (usize, f64, f64)> + Clone) {
        for scale in &mut self.scales {
            scale.observe(pods.clone());
        }
    }

    /// The factor, at least 1: evidence is divided by it.
    pub(crate) fn factor(&self) -> f64 {
        let excess = self.scales.iter().map(Scale::excess).fold(0.0, f64::max);
        let minutes = self.scales.iter().map(|scale| scale.blocks * f64::from(scale.ticks)).fold(0.0, f64::max)
            * self.tick
            / 60.0;
        1.0 + excess + PRIOR_EXCESS * PRIOR_MINUTES / (PRIOR_MINUTES + minutes)
    }
}

impl Scale {
    fn observe(&mut self, pods: impl Iterator<Item = (usize, f64, f64)>) {
        for (pod, count, expected) in pods {
            if pod >= self.open.len() {
                self.open.resize(pod + 1, (0.0, 0.0));
            }
            self.open[pod].0 += count;
            self.open[pod].1 += expected;
        }
        self.filled += 1;
        if self.filled >= self.ticks {
            self.close();
        }
    }

    fn close(&mut self) {
        self.filled = 0;
        let total: f64 = self.open.iter().map(|pod| pod.1).sum();
        self.blocks += self.open.len() as f64;
        for (count, expected) in &mut self.open {
            if total > 0.0 {
                let left = 1.0 - *expected / total;
                self.squares += (*count - *expected).powi(2);
                self.expected += *expected * left;
                self.noise += (*expected + 2.0 * *expected * *expected) * left;
            }
            (*count, *expected) = (0.0, 0.0);
        }
    }

    fn excess(&self) -> f64 {
        let expected = self.expected + PRIOR_EVENTS;
        ((self.squares - self.expected - NOISE * self.noise.sqrt()) / expected).max(0.0)
    }
}
