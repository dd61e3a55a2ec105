//! The judge of a release group.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::contrast::Count;
use crate::policy::Policy;
use crate::service::{Doubt, Measured, Service};
use crate::special::ln_sum_exp;
use crate::tick::Tick;

/// ln of the largest evidence that is told.
const LN_MOST: f64 = 690.0;

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
    /// Seconds of observation after which it stood; nothing while it is inconclusive.
    pub at: Option<f64>,
    /// What holds an inconclusive answer back: the gravest doubt of any service.
    pub doubt: Option<Doubt>,
    /// Each service by itself, in the order in which they were first seen.
    pub services: Vec<ServiceVerdict>,
}

/// One service's part in a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceVerdict {
    /// The service's name.
    pub service: String,
    /// Evidence that its canary is worse: 1 says nothing, 100 is one in a hundred. At most 1e300.
    pub evidence: f64,
    /// Failures and requests of stable since the canary began.
    pub stable: (f64, f64),
    /// The same of the canary.
    pub canary: (f64, f64),
    /// The kind of measurement that says most against the canary.
    pub strongest: Measured,
    /// What holds a clear answer back.
    pub doubt: Option<Doubt>,
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
        if !self.services.iter().any(Service::has_canary) {
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
        let count = (self.services.len().max(1) as f64).ln();
        ln_sum_exp(self.services.iter().map(|service| ln(service) - count))
    }

    /// Seconds of observation after which the canary was found to be worse, if it was.
    #[must_use]
    pub fn worse_at(&self) -> Option<f64> {
        self.worse
    }

    /// What is known now. Worse, once found, stays; that a canary is not worse has to be so still.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let enough = -self.policy.alpha.ln();
        let services: Vec<ServiceVerdict> = self.services.iter().map(|service| part(service, enough)).collect();
        let doubt = services.iter().filter_map(|service| service.doubt).min();
        let (answer, at) = match self.worse {
            Some(at) => (Answer::Worse, Some(at)),
            None if services.is_empty() || doubt.is_some() => (Answer::Inconclusive, None),
            None => (Answer::NotWorse, Some(self.ticks as f64 * self.tick)),
        };
        let doubt = if answer == Answer::Inconclusive { doubt.or(Some(Doubt::NoTraffic)) } else { None };
        Verdict { answer, at, doubt, services }
    }
}

fn part(service: &Service, enough: f64) -> ServiceVerdict {
    let pair = |count: Count| (count.events, count.exposure);
    ServiceVerdict {
        service: service.name.clone(),
        evidence: service.ln_worse().min(LN_MOST).exp(),
        stable: pair(service.errors.stable_run),
        canary: pair(service.errors.canary_run),
        strongest: service.strongest(),
        doubt: service.doubt(enough),
    }
}
