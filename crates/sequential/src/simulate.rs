//! Series of which the truth is known.
use crate::random::Random;
use crate::tick::{PodRestarts, PodTick, ServiceTick, Tick};

/// What a simulated service is like.
#[derive(Clone, Debug)]
pub struct Situation {
    /// Requests a second of all pods.
    pub requests: f64,
    /// The share of them that fail.
    pub errors: f64,
    /// How many times that share the canary has.
    pub ratio: f64,
    /// Pods of stable and of the canary; traffic is split evenly.
    pub pods: (usize, usize),
    /// Correlation of two requests of one pod and tick.
    pub clustering: f64,
    /// Standard deviation of ln of a pod's share of failures.
    pub spread: f64,
    /// An outage of all pods during the observation: seconds and share that fails.
    pub outage: Option<(f64, f64)>,
    /// Bad minutes a pod has in an hour, and the share that fails in them.
    pub bad_minutes: Option<(f64, f64)>,
    /// Restarts of a pod in an hour, and how many times as many the canary has; nobody counts them when there is nothing.
    pub restarts: Option<(f64, f64)>,
    /// Seconds until the canary answers anything.
    pub start: f64,
    /// Seconds between observations, of history and of observation.
    pub times: (f64, f64, f64),
}

impl Default for Situation {
    fn default() -> Self {
        Self {
            requests: 100.0,
            errors: 0.01,
            ratio: 1.0,
            pods: (9, 1),
            clustering: 0.0,
            spread: 0.0,
            outage: None,
            bad_minutes: None,
            restarts: None,
            start: 0.0,
            times: (5.0, 1800.0, 300.0),
        }
    }
}

/// One pod of a simulation.
#[derive(Clone, Debug)]
struct Source {
    effect: f64,
    /// Seconds until the end of a bad minute, and until the next begins.
    bad: f64,
    next: f64,
}

/// A service whose ticks are drawn one after the other.
#[derive(Clone, Debug)]
pub struct Simulation {
    situation: Situation,
    sources: Vec<Source>,
    outage: f64,
    /// Seconds since the canary began; negative in history.
    now: f64,
    /// The tick that was drawn last.
    pub tick: ServiceTick,
}

impl Simulation {
    /// Begins with history.
    #[must_use]
    pub fn new(name: &str, situation: &Situation, random: &mut Random) -> Self {
        let (stable, canary) = situation.pods;
        let draw = |_| Source {
            effect: (situation.spread * random.normal()).exp(),
            bad: 0.0,
            next: situation.bad_minutes.map_or(f64::INFINITY, |(hourly, _)| -random.uniform().ln() * 3600.0 / hourly),
        };
        let sources = (0..stable + canary).map(draw).collect();
        let pods = |arm: &str, count: usize| -> Vec<PodTick> {
            (0..count).map(|pod| PodTick { pod: format!("{arm}{pod}"), ..PodTick::default() }).collect()
        };
        let tick = ServiceTick { service: name.to_owned(), stable: pods("p", stable), ..ServiceTick::default() };
        let (_, history, observed) = situation.times;
        let outage = situation.outage.map_or(0.0, |(length, _)| random.uniform() * (observed - length));
        Self { sources, outage, now: -history, tick, situation: situation.clone() }
    }

    /// Draws the next tick; false when the observation is over.
    pub fn step(&mut self, random: &mut Random) -> bool {
        let (seconds, _, observed) = self.situation.times;
        if self.now >= observed - 1e-9 {
            return false;
        }
        let canary = self.now > -1e-9 && self.now >= self.situation.start;
        if canary && self.tick.canary.is_empty() {
            self.tick.canary = (0..self.situation.pods.1)
                .map(|pod| PodTick { pod: format!("c{pod}"), ..PodTick::default() })
                .collect();
        }
        self.restart(random);
        let (stable, share) = (self.situation.pods.0, self.share(canary));
        for (at, source) in self.sources.iter_mut().enumerate() {
            let new = at >= stable;
            if new && !canary {
                continue;
            }
            let chance = self.situation.chance(source, (new, self.now, self.outage), random);
            let requests = random.poisson(share * seconds);
            let pod = if new { &mut self.tick.canary[at - stable] } else { &mut self.tick.stable[at] };
            pod.requests = requests;
            pod.errors = random.binomial(requests, chance);
        }
        self.now += seconds;
        true
    }

    /// Draws restarts; the canary's pods can restart before they answer anything.
    fn restart(&mut self, random: &mut Random) {
        let Some((hourly, ratio)) = self.situation.restarts else { return };
        let (stable, hours) = (self.situation.pods.0, self.situation.times.0 / 3600.0);
        let mut draw = |arm: &str, pods: &[Source], ratio: f64| -> Vec<PodRestarts> {
            let rate = |pod: &Source| hourly * ratio * pod.effect * hours;
            let restarts = pods.iter().map(|pod| random.poisson(rate(pod)));
            restarts.enumerate().map(|(at, restarts)| PodRestarts { pod: format!("{arm}{at}"), restarts }).collect()
        };
        self.tick.restarts.stable = draw("p", &self.sources[..stable], 1.0);
        if self.now > -1e-9 {
            self.tick.restarts.canary = draw("c", &self.sources[stable..], ratio);
        }
    }

    /// Requests a second of one pod.
    fn share(&self, canary: bool) -> f64 {
        let (stable, new) = self.situation.pods;
        self.situation.requests / if canary { stable + new } else { stable } as f64
    }
}

impl Situation {
    /// The share of a pod's requests in one tick that fail.
    fn chance(&self, source: &mut Source, at: (bool, f64, f64), random: &mut Random) -> f64 {
        let (new, now, outage) = at;
        let seconds = self.times.0;
        let mut chance = self.errors * source.effect * if new { self.ratio } else { 1.0 };
        if let Some((hourly, share)) = self.bad_minutes {
            source.next -= seconds;
            if source.next <= 0.0 {
                source.bad = 60.0;
                source.next = -random.uniform().ln() * 3600.0 / hourly;
            }
            if source.bad > 0.0 {
                chance = chance.max(share);
                source.bad -= seconds;
            }
        }
        if let Some((length, share)) = self.outage
            && now >= outage
            && now < outage + length
        {
            chance = chance.max(share);
        }
        let chance = chance.min(1.0);
        if self.clustering > 0.0 && chance > 0.0 && chance < 1.0 {
            let weight = 1.0 / self.clustering - 1.0;
            return random.beta(chance * weight, (1.0 - chance) * weight);
        }
        chance
    }
}

/// One service as a tick of a group.
#[must_use]
pub fn alone(service: &ServiceTick) -> Tick {
    Tick { services: vec![service.clone()] }
}
