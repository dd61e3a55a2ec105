//! One series of counts, canary against stable: what was counted, how noisy it is, and the evidence so far.
use serde::{Deserialize, Serialize};

use crate::dispersion::Dispersion;
use crate::grid::{self, BELOW, POINTS};
use crate::spread::{self, Pod};

/// Events of one pod in one tick, and what they could have come from: requests, or seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) events: f64,
    pub(crate) exposure: f64,
}

impl Count {
    pub(crate) fn rate(self) -> f64 {
        if self.exposure > 0.0 { self.events / self.exposure } else { 0.0 }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.events += other.events;
        self.exposure += other.exposure;
    }
}

/// What a pod of one arm did in all. Written without the names of its fields: there are hundreds of them in a state.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "(String, f64, f64, f64)", into = "(String, f64, f64, f64)")]
struct Member {
    name: String,
    /// Against the group's rate of its arm, since history began; stable only.
    pod: Pod,
    /// Exposure since the canary began.
    exposure: f64,
}

impl From<Member> for (String, f64, f64, f64) {
    fn from(member: Member) -> Self {
        (member.name, member.pod.events, member.pod.expected, member.exposure)
    }
}

impl From<(String, f64, f64, f64)> for Member {
    fn from((name, events, expected, exposure): (String, f64, f64, f64)) -> Self {
        Self { name, pod: Pod { events, expected }, exposure }
    }
}

/// One arm's pods in one tick.
pub(crate) type Arm<'a> = &'a [(&'a str, Count)];

/// A block of ticks is compared when the canary has this much exposure in it, or this many ticks: with a request in every
/// other tick, the arms' shares of a single tick would say nothing.
const BLOCK_EXPOSURE: f64 = 3.0;
const PATIENCE: u32 = 12;
/// Pods of an arm that are told apart; pods that came and went count.
const MEMBERS: usize = 1024;
/// Events of a pod in one tick that are always believed.
const CAP_EVENTS: f64 = 3.0;
/// And how many times the events that its traffic would have at everybody's rate.
const CAP_RATE: f64 = 5.0;
/// Events of all in one tick that count in full, and how many times what history lets expect; more of them weigh no more.
const WEIGHT_EVENTS: f64 = 8.0;
const WEIGHT_RATE: f64 = 4.0;

/// How many times history's rate holds the rollout, beyond chance.
const HOLD_RATE: f64 = 1.5;
/// What is taken for an outage where there is no history.
const UNUSUAL: f64 = 0.05;

/// The comparison of two arms by one kind of event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Contrast {
    /// ln of the rate ratio that is still acceptable.
    margin: f64,
    /// ln of the rate ratio that "not worse" excludes.
    tolerance: f64,
    stable: Vec<Member>,
    canary: Vec<Member>,
    dispersion: Dispersion,
    pub(crate) history: Count,
    pub(crate) stable_run: Count,
    pub(crate) canary_run: Count,
    /// Stable's counts, fading within a minute.
    recent: Count,
    fading: f64,
    /// Whether there was an outage that no history could tell from what is usual.
    alarmed: bool,
    pending: (Count, Count, u32),
    /// Deflated log-likelihood of each ratio of the grid, against that of the margin.
    #[serde(with = "crate::packed")]
    evidence: Vec<f64>,
}

impl Contrast {
    /// For ticks of a length in seconds.
    pub(crate) fn new(margin: f64, tolerance: f64, tick: f64) -> Self {
        Self {
            margin: margin.ln(),
            tolerance: tolerance.ln(),
            stable: Vec::new(),
            canary: Vec::new(),
            dispersion: Dispersion::new(tick),
            history: Count::default(),
            stable_run: Count::default(),
            canary_run: Count::default(),
            recent: Count::default(),
            fading: (-tick / 60.0).exp(),
            alarmed: false,
            pending: <_>::default(),
            evidence: vec![0.0; POINTS],
        }
    }

    /// Takes one tick. Without a canary's pods it is history until the canary has `started`.
    pub(crate) fn observe(&mut self, stable: Arm, canary: Arm, started: bool) {
        let mut total = Count::default();
        stable.iter().chain(canary).for_each(|(_, count)| total.add(*count));
        let usual = self.history.rate();
        let capped = |count: Count| cap(count, total, usual);
        let factor = if canary.is_empty() { 1.0 } else { self.dispersion.factor() };
        let (mut old, mut new) = (Count::default(), Count::default());
        stable.iter().for_each(|(_, count)| old.add(capped(*count)));
        canary.iter().for_each(|(_, count)| new.add(capped(*count)));
        if started {
            self.stable_run.add(old);
            self.recent.events *= self.fading;
            self.recent.exposure *= self.fading;
            self.recent.add(old);
            self.alarmed |= self.history.exposure == 0.0 && self.is_above(self.recent);
            self.canary_run.add(new);
            self.compare(old, new, factor);
        } else {
            self.history.add(old);
        }
        self.learn((stable, old), &capped, started);
        for (at, (name, count)) in canary.iter().enumerate() {
            if let Some(member) = member(&mut self.canary, at, name).map(|at| &mut self.canary[at]) {
                member.exposure += count.exposure;
            }
        }
    }

    /// Adds a tick to the evidence, or lets it wait for stable.
    fn compare(&mut self, old: Count, new: Count, factor: f64) {
        let (stable, canary, ticks) = &mut self.pending;
        stable.add(old);
        canary.add(new);
        *ticks += 1;
        if (canary.exposure < BLOCK_EXPOSURE || stable.exposure == 0.0) && *ticks < PATIENCE {
            return;
        }
        let (old, new, _) = std::mem::take(&mut self.pending);
        let events = old.events + new.events;
        if events == 0.0 || old.exposure == 0.0 || new.exposure == 0.0 {
            return;
        }
        let expected = self.history.rate() * (old.exposure + new.exposure);
        let most = if self.history.exposure > 0.0 { WEIGHT_EVENTS + WEIGHT_RATE * expected } else { f64::INFINITY };
        let weight = (most / events).min(1.0) / factor;
        let base = self.margin.exp();
        let at_margin = old.exposure + new.exposure * base;
        let mut scaled = new.exposure * base * grid::excess(0).exp();
        for (point, sum) in self.evidence.iter_mut().enumerate() {
            let share = (old.exposure + scaled) / at_margin;
            *sum += weight * (new.events * grid::excess(point) - events * share.ln());
            scaled *= grid::STEP.exp();
        }
    }

    /// What stable's pods say about noise.
    fn learn(&mut self, (stable, total): (Arm, Count), capped: &impl Fn(Count) -> Count, started: bool) {
        let mut seen = Vec::with_capacity(stable.len());
        let mut sum = 0.0;
        for (at, (name, count)) in stable.iter().enumerate() {
            let Some(at) = member(&mut self.stable, at, name) else { continue };
            let member = &mut self.stable[at];
            if started {
                member.exposure += count.exposure;
            }
            let usual = count.exposure * (member.pod.events + 5.0) / (member.pod.expected + 5.0);
            let count = capped(*count);
            member.pod.events += count.events;
            member.pod.expected += count.exposure * total.rate();
            seen.push((at, count.events, usual));
            sum += usual;
        }
        let expected = if sum > 0.0 { total.events / sum } else { 0.0 };
        self.dispersion.observe(seen.iter().map(|(at, events, usual)| (*at, *events, usual * expected)));
    }

    /// The null distribution of the canary's log ratio around a point: the pods' effect, τ unknown.
    fn null(&self, around: usize) -> [f64; POINTS] {
        let scale = (spread_of(&self.stable) + spread_of(&self.canary)).sqrt();
        let factor = self.dispersion.factor();
        let mut null = [0.0; POINTS];
        for (spread, weight) in spread::posterior(self.stable.iter().map(|member| member.pod), factor) {
            if weight > 1e-12 {
                let normal = grid::normal(around, spread * scale);
                null.iter_mut().zip(normal).for_each(|(sum, part)| *sum += weight * part);
            }
        }
        null
    }

    /// ln of the evidence that the canary's rate is above the margin.
    pub(crate) fn ln_worse(&self) -> f64 {
        self.ln_ratio(&grid::ALTERNATIVES, &self.null(BELOW))
    }

    /// A bound that `ln_worse` cannot exceed, for a tenth of its cost: whatever τ is, the null gives the margin itself this
    /// much of its weight.
    pub(crate) fn ln_worse_at_most(&self) -> f64 {
        self.mixed(&grid::ALTERNATIVES) - grid::LEAST_AT_MARGIN.ln()
    }

    /// ln of the evidence that the canary's rate is below the tolerance.
    pub(crate) fn ln_not_worse(&self) -> f64 {
        let around = BELOW + ((self.tolerance - self.margin) / grid::STEP).floor().max(0.0) as usize;
        self.ln_ratio(&grid::equals(self.margin), &self.null(around))
    }

    /// ln of the evidence that the canary's own rate is below a share that hardly matters, whatever stable's is: where events are
    /// too rare for a ratio. The likelihood ratio of what was counted, less half a logarithm for having chosen after the fact.
    pub(crate) fn ln_rare(&self, share: f64) -> f64 {
        let Count { events, exposure } = self.canary_run;
        if exposure == 0.0 || events >= share * exposure {
            return 0.0;
        }
        let part = |count: f64, expected: f64| if count > 0.0 { count * (count / expected).ln() } else { 0.0 };
        let ln = part(events, share * exposure) + part(exposure - events, (1.0 - share) * exposure);
        (ln / self.dispersion.factor() - 0.5 * (1.0 + exposure).ln()).max(0.0)
    }

    fn ln_ratio(&self, alternative: &[f64; POINTS], null: &[f64; POINTS]) -> f64 {
        if self.canary_run.events + self.stable_run.events == 0.0 {
            return 0.0;
        }
        self.mixed(alternative) - self.mixed(null)
    }

    /// ln of the likelihood, averaged over the grid.
    fn mixed(&self, weights: &[f64; POINTS]) -> f64 {
        let top = self.evidence.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = weights.iter().zip(&self.evidence).map(|(w, e)| w * (e - top).exp()).sum();
        top + sum.max(f64::MIN_POSITIVE).ln()
    }

    /// Stable's rate, over all that was seen.
    pub(crate) fn stable_rate(&self) -> f64 {
        let mut all = self.history;
        all.add(self.stable_run);
        all.rate()
    }

    /// Whether stable itself is worse than its history, now or since the canary began: then both arms may suffer from what
    /// neither of them did. Without history a rate of one in twenty is taken for that, and is not forgotten.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_above(self.stable_run) || self.is_above(self.recent) || self.alarmed
    }

    fn is_above(&self, count: Count) -> bool {
        let usual = if self.history.exposure > 0.0 { self.history.rate() } else { UNUSUAL };
        let expected = count.exposure * usual;
        count.events > HOLD_RATE * expected + 3.0 * (expected * self.dispersion.factor()).sqrt() + 3.0
    }
}

/// Counts of a retry storm say little more than its first failures: what one pod can add in one tick is bounded by what its
/// traffic lets expect at the rate of all others, or at that of history.
fn cap(count: Count, total: Count, usual: f64) -> Count {
    let others = Count { events: total.events - count.events, exposure: total.exposure - count.exposure };
    let most = CAP_EVENTS + CAP_RATE * count.exposure * others.rate().max(usual);
    Count { events: count.events.min(most), ..count }
}

/// 1 / effective number of pods.
fn spread_of(members: &[Member]) -> f64 {
    let sum: f64 = members.iter().map(|member| member.exposure).sum();
    let squares: f64 = members.iter().map(|member| member.exposure * member.exposure).sum();
    if sum > 0.0 { squares / (sum * sum) } else { 1.0 }
}

/// Where a pod stands; pods come in the same order nearly always, hence the guess. Nowhere when there are too many already:
/// then it counts, but says nothing of how pods differ.
fn member(members: &mut Vec<Member>, guess: usize, name: &str) -> Option<usize> {
    if members.get(guess).is_some_and(|member| member.name == name) {
        return Some(guess);
    }
    members.iter().position(|member| member.name == name).or_else(|| {
        let room = members.len() < MEMBERS;
        room.then(|| {
            members.push(Member { name: name.to_owned(), pod: Pod::default(), exposure: 0.0 });
            members.len() - 1
        })
    })
}

#[cfg(test)]
mod tests;
