//! What the judge sees, tick by tick, and what it says. Its state stands in the record, so that a fresh process goes on with the same
//! statistics.
use std::collections::BTreeSet;

use sequential::{Answer, Doubt, Judge, PodTick, ServiceTick, Tick};
use serde_json::Value;

use crate::decide::{ServiceWorld, Verdict, World, object, services};
use crate::evidence::{Arm, JudgeRow, Reason, ReasonKind, Sample};
use crate::policy::{Policy, Preset, Router};
use crate::record::{Phase, Record, ServerTime, ServiceRecord};
use crate::signals;

/// How many samples of a service the record keeps.
const KEPT: usize = 720;

/// Feeds the judge.
#[derive(Debug)]
pub struct Observer {
    judge: Judge,
}

impl Observer {
    /// Goes on with the statistics of the record; with new ones where there are none.
    #[must_use]
    pub fn new(record: &Record) -> Self {
        let known = record.judge.as_ref().and_then(|state| serde_json::from_value(state.clone()).ok());
        Self {
            judge: known.unwrap_or_else(|| Judge::new(strictness(&record.policy), record.policy.judge.tick.duration())),
        }
    }

    /// Takes in what was measured in one tick; services without numbers are samples of their pods alone.
    pub fn feed(&mut self, measured: &[ServiceTick], (record, world): (&mut Record, &World), now: ServerTime) {
        let judged: Vec<ServiceTick> = measured.iter().map(|tick| warm(tick, (record, world))).collect();
        if !judged.is_empty() {
            self.judge.observe(&Tick { services: judged.clone() });
            record.judge = serde_json::to_value(&self.judge).ok();
            self.count(&judged, (record, world), now);
        }
        let verdict = self.judge.verdict();
        let samples: Vec<(String, Sample)> = services(record, world)
            .map(|(name, saved, there)| {
                let mut sample = counts(record, (saved, there), now);
                let tick = measured.iter().find(|tick| tick.service == name);
                sample.stable = tick.and_then(|tick| arm(&tick.stable));
                sample.canary = tick.and_then(|tick| arm(&tick.canary));
                sample.e = verdict.services.iter().find(|part| part.service == name).map(|part| part.evidence);
                (name.to_owned(), sample)
            })
            .collect();
        for (name, sample) in samples {
            let series = record.series.entry(name).or_default();
            series.push(sample);
            if series.len() > KEPT {
                series.remove(0);
            }
        }
        if record.judge.is_some() {
            record.judged = Some(self.row(&record.policy, &verdict));
        }
    }

    fn row(&self, policy: &Policy, verdict: &sequential::Verdict) -> JudgeRow {
        JudgeRow {
            verdict: word(verdict.answer).to_owned(),
            e: self.judge.ln_evidence().exp().min(1e300),
            alpha: policy.judge.alpha(),
            margin: policy.judge.margin(),
            text: verdict.doubt.map(doubt).unwrap_or_default().to_owned(),
        }
    }

    /// The older rule counts failures and restarts of all canaries together.
    fn count(&self, judged: &[ServiceTick], (record, world): (&mut Record, &World), now: ServerTime) {
        let errors = judged.iter().flat_map(|tick| &tick.canary).map(|pod| pod.errors);
        record.legacy.failures = errors.fold(record.legacy.failures, u64::saturating_add);
        let pods = world.services.values().flat_map(|there| &there.canary_pods);
        record.legacy.restarts = pods.map(signals::restarts).fold(0, u64::saturating_add).max(record.legacy.restarts);
        let rule = record.policy.judge.legacy;
        let over = record.legacy.failures > rule.failures || record.legacy.restarts > rule.restarts;
        if over && record.legacy.abort_at.is_none() {
            record.legacy.abort_at = Some(now.since(record.started));
        }
    }

    /// What the judge says; under the preset `legacy`, what that rule says.
    #[must_use]
    pub fn verdict(&self, record: &Record, now: ServerTime) -> Verdict {
        if record.policy.judge.preset == Preset::Legacy {
            return legacy(record, now);
        }
        let verdict = self.judge.verdict();
        match verdict.answer {
            Answer::NotWorse => Verdict::NotWorse,
            Answer::Inconclusive => Verdict::Inconclusive,
            Answer::Worse => Verdict::Worse(blamed(record, &verdict, now)),
        }
    }
}

/// The services with the most evidence against them: all that have a tenth of the largest.
fn blamed(record: &Record, verdict: &sequential::Verdict, now: ServerTime) -> Vec<Reason> {
    let most = verdict.services.iter().map(|part| part.evidence).fold(0.0, f64::max);
    let worst = verdict.services.iter().filter(|part| part.evidence >= most / 10.0 && part.evidence > 1.0);
    let rate = |(failed, all): (f64, f64)| {
        if all > 0.0 { format!("{:.2} %", 100.0 * failed / all) } else { "nothing".to_owned() }
    };
    let reasons = worst.map(|part| Reason {
        service: part.service.clone(),
        pod: None,
        container: None,
        signal: "error-rate".to_owned(),
        since: now.since(record.started),
        text: format!(
            "its canary is worse: {} of its requests failed, {} of stable's; evidence {:.0} to 1",
            rate(part.canary),
            rate(part.stable),
            part.evidence
        ),
        last_log_lines: Vec::new(),
        kind: ReasonKind::Regression,
    });
    reasons.collect()
}

fn legacy(record: &Record, now: ServerTime) -> Verdict {
    if record.legacy.abort_at.is_none() {
        // That rule knows no doubt: what it does not stop, it lets through, once there is anything to count.
        return if record.judge.is_some() { Verdict::NotWorse } else { Verdict::Inconclusive };
    }
    let text =
        format!("{} failed requests and {} restarts of canaries", record.legacy.failures, record.legacy.restarts);
    Verdict::Worse(vec![Reason {
        service: String::new(),
        pod: None,
        container: None,
        signal: "legacy".to_owned(),
        since: now.since(record.started),
        text,
        last_log_lines: Vec::new(),
        kind: ReasonKind::Regression,
    }])
}

fn strictness(policy: &Policy) -> sequential::Policy {
    let base = match policy.judge.preset {
        Preset::Sensitive => sequential::Preset::Sensitive,
        Preset::Robust => sequential::Preset::Robust,
        Preset::Default | Preset::Legacy => sequential::Preset::Default,
    };
    let mut strict = sequential::Policy::from(base);
    strict.tolerance *= policy.judge.margin() / strict.margin;
    (strict.alpha, strict.margin) = (policy.judge.alpha(), policy.judge.margin());
    strict
}

/// The same tick without canary pods that are not ready, or not for as long as the policy's warm-up: a cold process is no regression.
fn warm(tick: &ServiceTick, (record, world): (&Record, &World)) -> ServiceTick {
    let Some(there) = world.services.get(&tick.service) else { return tick.clone() };
    let warm_up = record.policy.judge.warm_up.as_secs();
    let saved = record.services.get(&tick.service);
    let new: Vec<&Value> = match (record.policy.router, saved) {
        (Router::Inplace, Some(saved)) => there.new_pods(saved).collect(),
        _ => there.canary_pods.iter().collect(),
    };
    let warm = new.into_iter().filter(|pod| ready_since(pod).is_some_and(|since| since + warm_up <= world.now.0));
    let warm: BTreeSet<&str> = warm.map(object::uid).collect();
    let is_warm = |pod: &&PodTick| warm.iter().any(|uid| pod.pod.starts_with(uid));
    let canary = tick.canary.iter().filter(is_warm).cloned().collect();
    ServiceTick { service: tick.service.clone(), stable: tick.stable.clone(), canary }
}

/// When the pod became ready, in seconds since 1970.
fn ready_since(pod: &Value) -> Option<u64> {
    let conditions = pod.pointer("/status/conditions").and_then(Value::as_array)?;
    let ready = conditions
        .iter()
        .find(|found| object::text(found, "/type") == "Ready" && object::text(found, "/status") == "True")?;
    let time: jiff::Timestamp = object::text(ready, "/lastTransitionTime").parse().ok()?;
    u64::try_from(time.as_second()).ok()
}

fn counts(record: &Record, (saved, there): (&ServiceRecord, &ServiceWorld), now: ServerTime) -> Sample {
    let ready = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let inplace = record.policy.router == Router::Inplace || record.phase >= Phase::Promoting;
    let old = there.old_pods(saved).filter(|pod| signals::is_ready(pod)).count();
    let new = there.new_pods(saved).filter(|pod| inplace && signals::is_ready(pod)).count();
    let canary = there.canary_pods.iter().filter(|pod| signals::is_ready(pod)).count();
    let at = now.since(record.started);
    Sample { at, stable_ready: ready(old), canary_ready: ready(canary + new), ..Sample::default() }
}

/// The sums of an arm; none where nothing was measured.
fn arm(pods: &[PodTick]) -> Option<Arm> {
    if pods.is_empty() {
        return None;
    }
    let sum = |of: fn(&PodTick) -> u64| pods.iter().map(of).fold(0, u64::saturating_add);
    Some(Arm { requests: sum(|pod| pod.requests), errors: sum(|pod| pod.errors), latency: None })
}

fn doubt(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::NoTraffic => "one of the two versions answered no request",
        Doubt::Shared => "stable itself fails more than before, so neither version can be blamed",
        Doubt::NoErrors => "not one request failed in either version",
        Doubt::TooLittle => "too few requests or failures for an answer",
    }
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Worse => "worse",
        Answer::NotWorse => "not-worse",
        Answer::Inconclusive => "inconclusive",
    }
}
