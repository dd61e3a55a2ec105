//! A policy over a recorded range: how often it would have stopped a release that changed nothing, and what it would have found.
//!
//! Recorded pods play the canary: for each replay a moment and some pods are drawn, what came before is history, and the judge looks
//! on as it would in a rollout. Nothing was released, so each stop is a false one. Then failures are added to the canary's own,
//! request by request, until it has so many times the rate, to see what is found and when.
use std::time::Duration;

use sequential::{Judge, PodTick, Random, ServiceTick, Tick};
use serde::Serialize;

use crate::policy::{Policy, Preset};
use crate::sources::recording::{Recording, Ticks};
use crate::weights::Weight;

/// Rate ratios that are tried.
const RATIOS: [f64; 8] = [1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0];
/// Replays without an effect, and with each.
const HEALTHY: u64 = 400;
const WITH_EFFECT: u64 = 60;
/// The share of replays that has to be found for an effect to count as detectable.
const POWER: f64 = 0.8;
/// History before a replay, at most: seconds.
const HISTORY: f64 = 1800.0;
/// The lines of the answer are the same for the same file and policy.
const SEED: u64 = 7;

/// What came of the replays.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsal {
    /// Seconds of a tick, and of a whole observation.
    pub tick_seconds: f64,
    /// Seconds that a release is watched.
    pub observe_seconds: f64,
    /// Replays without an effect.
    pub replays: u64,
    /// How many of them were stopped.
    pub false_aborts: u64,
    /// Shares between which the probability of a false abort lies, with 95 %.
    pub false_abort_interval: (f64, f64),
    /// How many were found to be not worse.
    pub not_worse: u64,
    /// What is found, by service.
    pub services: Vec<ServiceRehearsal>,
    /// Series of the file that belong to no service.
    pub strangers: usize,
}

/// What is found in one service.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRehearsal {
    /// Its name.
    pub service: String,
    /// Requests a second and the share of them that fails, as recorded.
    pub requests: f64,
    /// The share of requests that fails.
    pub errors: f64,
    /// The smallest ratio tried of which four of five are found.
    pub detectable: Option<f64>,
    /// Share found and median seconds, by ratio.
    pub effects: Vec<Effect>,
}

/// What is found of one ratio.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// How many times the rate.
    pub ratio: f64,
    /// The share of replays that is stopped.
    pub found: f64,
    /// Seconds until half of these are.
    pub seconds: Option<f64>,
}

/// Replays a policy.
///
/// # Errors
/// The recording is too short, or has too few pods; the text says what is needed.
pub fn rehearse(policy: &Policy, recording: &Recording) -> Result<Rehearsal, String> {
    let stage = Stage::new(policy, recording)?;
    let (mut false_aborts, mut not_worse) = (0, 0);
    for run in 0..HEALTHY {
        let judge = stage.replay(run, None);
        false_aborts += u64::from(judge.worse_at().is_some());
        not_worse += u64::from(judge.verdict().answer == sequential::Answer::NotWorse);
    }
    Ok(Rehearsal {
        tick_seconds: recording.tick,
        observe_seconds: stage.observed() as f64 * recording.tick,
        replays: HEALTHY,
        false_aborts,
        false_abort_interval: sequential::interval(false_aborts, HEALTHY),
        not_worse,
        services: (0..stage.services.len()).map(|at| stage.service(at)).collect(),
        strangers: recording.strangers,
    })
}

/// What is replayed.
struct Stage<'a> {
    statistics: sequential::Policy,
    recording: &'a Recording,
    services: Vec<(&'a str, Vec<(&'a str, &'a Ticks)>)>,
    /// The canary's share of the pods and ticks of each step.
    steps: Vec<(Weight, usize)>,
}

impl<'a> Stage<'a> {
    fn new(policy: &'a Policy, recording: &'a Recording) -> Result<Self, String> {
        let ticks = |seconds: u64| (seconds as f64 / recording.tick).round().max(1.0) as usize;
        let steps: Vec<_> = policy.steps.iter().map(|step| (step.weight, ticks(step.observe.as_secs()))).collect();
        let services = recording.services.iter().map(|(name, pods)| {
            let pods: Vec<_> = pods.iter().map(|(pod, ticks)| (pod.as_str(), ticks)).collect();
            (name.as_str(), pods)
        });
        let services: Vec<_> = services.collect();
        if let Some((name, _)) = services.iter().find(|(_, pods)| pods.len() < 2) {
            return Err(format!("only one pod of {name} is recorded, and one has to play the canary of the others"));
        }
        let stage = Self { statistics: statistics(policy), recording, services, steps };
        let (needed, there) = (stage.observed(), recording.ticks);
        if needed == 0 {
            return Err("the policy has no steps, so nothing is watched; give it some".to_owned());
        }
        if there < needed + needed / 4 {
            let (needed, there) = ((needed + needed / 4) as f64 * recording.tick, there as f64 * recording.tick);
            return Err(format!(
                "{there:.0} s are recorded, and this policy needs {needed:.0} s with some history; export a longer range"
            ));
        }
        Ok(stage)
    }

    /// Ticks that a release is watched.
    fn observed(&self) -> usize {
        self.steps.iter().map(|(_, ticks)| ticks).sum()
    }

    /// One replay; an effect is a service and a ratio.
    fn replay(&self, run: u64, effect: Option<(usize, f64)>) -> Judge {
        let mut random = Random::new(SEED ^ run.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (observed, tick) = (self.observed(), self.recording.tick);
        let history = ((HISTORY / tick) as usize).min(self.recording.ticks - observed);
        let least = history.min(observed / 4).max(1);
        let begin = least + random.below((self.recording.ticks - observed - least + 1) as u64) as usize;
        let orders: Vec<Vec<usize>> = self.services.iter().map(|(_, pods)| shuffled(pods.len(), &mut random)).collect();
        let mut judge = Judge::new(self.statistics, Duration::from_secs_f64(tick));
        for at in begin.saturating_sub(history)..begin {
            judge.observe(&self.tick((at, None), &orders, (None, &mut random)));
        }
        let mut at = begin;
        for (weight, ticks) in &self.steps {
            for _ in 0..*ticks {
                judge.observe(&self.tick((at, Some(*weight)), &orders, (effect, &mut random)));
                at += 1;
                if judge.worse_at().is_some() {
                    return judge;
                }
            }
        }
        judge
    }

    /// The pods of a tick. Pods that play a canary later are nobody before: their past is not stable's.
    fn tick(
        &self,
        (at, weight): (usize, Option<Weight>),
        orders: &[Vec<usize>],
        (effect, random): (Option<(usize, f64)>, &mut Random),
    ) -> Tick {
        let mut services = Vec::with_capacity(self.services.len());
        for (index, ((name, pods), order)) in self.services.iter().zip(orders).enumerate() {
            let most = self.steps.iter().map(|(weight, _)| canaries(pods.len(), *weight)).max().unwrap_or(1);
            let now = weight.map_or(0, |weight| canaries(pods.len(), weight));
            let ratio = effect.filter(|(service, _)| *service == index).map(|(_, ratio)| (ratio, self.rate(index)));
            let (mut stable, mut canary) = (Vec::new(), Vec::new());
            for (place, pod) in order.iter().enumerate() {
                let (pod, ticks) = pods[*pod];
                let Some((requests, errors)) = ticks.get(at).copied().flatten() else { continue };
                let mut tick = PodTick { pod: pod.to_owned(), requests, errors, ..PodTick::default() };
                if place >= most {
                    stable.push(tick);
                } else if place < now {
                    if let Some((ratio, rate)) = ratio {
                        let more = ((ratio - 1.0) * rate / (1.0 - rate)).clamp(0.0, 1.0);
                        tick.errors += random.binomial(requests - errors, more);
                    }
                    canary.push(tick);
                }
            }
            services.push(ServiceTick { service: (*name).to_owned(), stable, canary, ..ServiceTick::default() });
        }
        Tick { services }
    }

    /// The share of a service's requests that fails, over all that was recorded.
    fn rate(&self, service: usize) -> f64 {
        let (requests, errors) = self.sums(service);
        if requests > 0.0 { (errors / requests).min(0.999) } else { 0.0 }
    }

    fn sums(&self, service: usize) -> (f64, f64) {
        let ticks = self.services[service].1.iter().flat_map(|(_, ticks)| ticks.iter().flatten());
        ticks.fold((0.0, 0.0), |sum, (requests, errors)| (sum.0 + *requests as f64, sum.1 + *errors as f64))
    }

    fn service(&self, at: usize) -> ServiceRehearsal {
        let effects: Vec<Effect> =
            RATIOS.iter().filter(|ratio| *ratio * self.rate(at) < 1.0).map(|ratio| self.effect(at, *ratio)).collect();
        let (requests, _) = self.sums(at);
        ServiceRehearsal {
            service: self.services[at].0.to_owned(),
            requests: requests / (self.recording.ticks as f64 * self.recording.tick),
            errors: self.rate(at),
            detectable: effects.iter().find(|effect| effect.found >= POWER).map(|effect| effect.ratio),
            effects,
        }
    }

    fn effect(&self, service: usize, ratio: f64) -> Effect {
        let replays = (0..WITH_EFFECT).filter_map(|run| self.replay(run, Some((service, ratio))).worse_at());
        let mut times: Vec<f64> = replays.collect();
        times.sort_by(f64::total_cmp);
        Effect { ratio, found: times.len() as f64 / WITH_EFFECT as f64, seconds: times.get(times.len() / 2).copied() }
    }
}

/// How many of the recorded pods play the canary: its share of them all, one at least, and one is left.
fn canaries(pods: usize, weight: Weight) -> usize {
    ((pods as f64 * weight.fraction()).round() as usize).clamp(1, pods - 1)
}

fn shuffled(count: usize, random: &mut Random) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        order.swap(at, random.below(at as u64 + 1) as usize);
    }
    order
}

/// The judge's numbers, as a rollout takes them from the policy.
fn statistics(policy: &Policy) -> sequential::Policy {
    let rules = &policy.judge;
    let preset = match rules.preset {
        Preset::Sensitive => sequential::Preset::Sensitive,
        Preset::Robust => sequential::Preset::Robust,
        Preset::Default | Preset::Legacy => sequential::Preset::Default,
    };
    let usual = sequential::Policy::from(preset);
    let (alpha, margin) = (rules.alpha(), rules.margin());
    sequential::Policy { alpha, margin, tolerance: usual.tolerance / usual.margin * margin, warm_up: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(pods: usize, ticks: usize, rate: f64) -> Recording {
        let mut random = Random::new(3);
        let mut series = || (0..ticks).map(|_| Some((500, random.binomial(500, rate)))).collect::<Ticks>();
        let pods = (0..pods).map(|pod| (format!("api-{pod}"), series())).collect();
        Recording { tick: 15.0, ticks, services: [("api".to_owned(), pods)].into(), strangers: 0 }
    }

    fn policy() -> Policy {
        Policy::read("services: [api]\nsteps: [{ weight: 10, observe: 5m }]\n", &[]).unwrap()
    }

    #[test]
    fn a_quiet_service_is_let_alone_and_its_faults_are_found() {
        let rehearsal = rehearse(&policy(), &recording(10, 240, 0.01)).unwrap();
        assert!(rehearsal.false_aborts <= 2, "{rehearsal:?}");
        let service = &rehearsal.services[0];
        assert!(service.detectable.is_some_and(|ratio| ratio <= 3.0), "{service:?}");
        let ten = service.effects.iter().find(|effect| effect.ratio == 10.0).unwrap();
        assert!(ten.found == 1.0 && ten.seconds.is_some_and(|seconds| seconds <= 60.0), "{ten:?}");
        assert_eq!(rehearse(&policy(), &recording(10, 240, 0.01)).unwrap(), rehearsal);
    }

    #[test]
    fn what_cannot_be_replayed_is_refused() {
        let check = |recording: &Recording, part: &str| {
            let error = rehearse(&policy(), recording).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        check(&recording(1, 240, 0.01), "only one pod of api");
        check(&recording(10, 20, 0.01), "300 s are recorded, and this policy needs 375 s");
    }
}
