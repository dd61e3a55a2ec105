//! The judge of a release group.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::service::Service;
use crate::special::ln_sum_exp;
use crate::tick::Tick;

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The canary is worse, at the policy's α.
    Worse,
    /// The canary is not worse by more than the policy's tolerance.
    NotWorse,
    /// Neither is known.
    Inconclusive,
}

/// The answer, and what it stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// Seconds of observation after which it stood.
    pub at: Option<f64>,
}

/// The judge of a release group. Its state can be serialised at any tick and goes on in another process as if nothing was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Judge {
    policy: Policy,
    tick: f64,
    /// Ticks since the first canary's pod.
    ticks: u64,
    services: Vec<Service>,
    worse: Option<f64>,
}

impl Judge {
    /// A judge that has seen nothing; `tick` is the time between two observations.
    #[must_use]
    pub fn new(policy: impl Into<Policy>, tick: Duration) -> Self {
        let tick = tick.as_secs_f64().clamp(0.001, 86_400.0);
        Self { policy: policy.into().sane(), tick, ticks: 0, services: Vec::new(), worse: None }
    }

    /// Takes one tick.
    pub fn observe(&mut self, tick: &Tick) {
        for (at, service) in tick.services.iter().enumerate() {
            let at = self.position(at, &service.service);
            self.services[at].observe(service, &self.policy);
        }
        if !self.services.iter().any(|service| service.started) {
            return;
        }
        self.ticks += 1;
        let enough = -self.policy.alpha.ln();
        let possible = self.ln_mean(Service::ln_worse_at_most) >= enough;
        if self.worse.is_none() && possible && self.ln_evidence() >= enough {
            self.worse = Some(self.ticks as f64 * self.tick);
        }
    }

    fn position(&mut self, guess: usize, name: &str) -> usize {
        if self.services.get(guess).is_some_and(|service| service.name == name) {
            return guess;
        }
        self.services.iter().position(|service| service.name == name).unwrap_or_else(|| {
            self.services.push(Service::new(name, &self.policy, self.tick));
            self.services.len() - 1
        })
    }

    /// ln of the group's evidence: the mean over services.
    #[must_use]
    pub fn ln_evidence(&self) -> f64 {
        self.ln_mean(Service::ln_worse)
    }

    fn ln_mean(&self, ln: fn(&Service) -> f64) -> f64 {
        let count = (self.services.len() as f64).ln();
        ln_sum_exp(self.services.iter().map(|service| ln(service) - count))
    }

    /// What is known now.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let answer = if self.worse.is_some() {
            Answer::Worse
        } else if self.services.iter().all(|service| service.errors.ln_not_worse() >= -self.policy.alpha.ln()) {
            Answer::NotWorse
        } else {
            Answer::Inconclusive
        };
        Verdict { answer, at: self.worse }
    }
}
