//! What the judge sees, tick by tick, and what it says. Its state stands in the record, so that a fresh process goes on with the same
//! statistics.
use std::collections::BTreeMap;

use sequential::{Answer, Judge, PodTick, Restarts, ServiceTick, Tick};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reason;
use super::restarts::Restarted;
use super::samples::{count_legacy, keep, measured, sample};
use super::silence::Silence;
use crate::cluster::Cluster;
use crate::decide::{ServiceWorld, Verdict, World, object, services};
use crate::evidence::{JudgeRow, Sample};
use crate::policy::{Preset, Source};
use crate::record::{Record, ServerTime, ServiceRecord};
use crate::signals;
use crate::sources::pods::{Page, SAMPLED};
use crate::sources::{Counters, Ledger, reading};

/// Feeds the judge.
#[derive(Debug)]
pub struct Observer {
    state: State,
}

/// What has to be the same in the next process.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    judge: Judge,
    ledger: Ledger,
    #[serde(default)]
    silence: Silence,
    #[serde(default)]
    restarted: Restarted,
    /// Seconds since the start of the rollout at which the statistics began anew, because those of the last driver could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    anew: Option<u64>,
}

/// The pages of a service's arms, by series.
#[derive(Default)]
pub(super) struct Arms {
    pub(super) stable: Vec<Page>,
    pub(super) canary: Vec<Page>,
}

impl Observer {
    /// Goes on with the statistics of the record.
    #[must_use]
    pub fn new(record: &Record) -> Self {
        Self { state: kept(record).ok().flatten().unwrap_or_else(|| fresh(record)) }
    }

    /// Makes sure that the statistics of a record can be gone on with. Where they cannot be read (another version wrote them, or somebody's
    /// hand) they begin anew, the step is observed from now on, and the record says so: what was seen is not to be taken for nothing.
    pub(super) fn take_over(record: &mut Record, now: ServerTime) {
        let Err(why) = kept(record) else { return };
        let at = now.since(record.started);
        let state = State { anew: Some(at), ..fresh(record) };
        record.judge = serde_json::to_value(&state).ok();
        record.observing = record.observing.map(|_| now);
        let text = format!("the judge begins anew, since what it had counted could not be read: {why}");
        record.note(now, ("", "driver"), text);
    }

    /// One tick.
    pub async fn tick(&mut self, cluster: &Cluster, record: &mut Record, world: &World) {
        let now = cluster.now();
        let (path, port) = source(record);
        let arms: BTreeMap<String, Arms> = services(record, world)
            .map(|(name, saved, there)| (name.to_owned(), arms((saved, there), (port, path.as_deref()))))
            .collect();
        if record.judge.is_none() {
            for told in self.look_back(cluster, record, &arms).await {
                record.note(now, ("", "driver"), told);
            }
        }
        let all = arms.iter().flat_map(|(name, arms)| {
            arms.stable.iter().chain(&arms.canary).map(move |page| (name.clone(), page.clone()))
        });
        let (seen, problems) = reading::read(cluster, &record.policy.judge.metrics, all.collect()).await;
        let news = self.state.ledger.differences(seen);
        let asked = arms.iter().map(|(name, arms)| (name.as_str(), arms.stable.as_slice(), arms.canary.as_slice()));
        self.state.silence.observe(asked, &news);
        let warm = warm(record, world, now);
        let warming = warm.is_empty() && arms.values().any(|arms| !arms.canary.is_empty());
        let pods = services(record, world)
            .map(|(name, saved, there)| (name, [there.old_pods(saved).collect(), new(saved, there).collect()]));
        let mut restarts = self.state.restarted.observe(pods);
        let ticks = arms.iter().map(|(name, arms)| {
            let restarts = restarts.remove(name).unwrap_or_default();
            ServiceTick { restarts, ..ticks(name, arms, (&news, &warm)) }
        });
        let tick = Tick { services: ticks.collect() };
        self.state.judge.observe(&tick);
        let evidence: BTreeMap<String, f64> =
            self.state.judge.verdict().services.into_iter().map(|part| (part.service, part.evidence)).collect();
        let samples: Vec<(String, Sample)> = services(record, world)
            .map(|(name, saved, there)| {
                let sample = sample((saved, there), arms.get(name), &news);
                let at = now.since(record.started);
                (name.to_owned(), Sample { at, e: measured(&sample, evidence.get(name)), ..sample })
            })
            .collect();
        count_legacy(record, world, (&samples, now));
        keep(record, samples);
        record.judged = self.row(record, (&problems, warming));
        record.judge = serde_json::to_value(&self.state).ok();
    }

    pub(super) fn judge(&mut self) -> &mut Judge {
        &mut self.state.judge
    }

    /// What the judge says.
    #[must_use]
    pub fn verdict(&self, record: &Record, now: ServerTime) -> Verdict {
        let verdict = match self.state.judge.verdict().answer {
            _ if record.policy.judge.preset == Preset::Legacy => reason::legacy(record, now),
            Answer::Worse => Verdict::Worse(reason::worse(&self.state.judge, (record, now))),
            Answer::NotWorse => Verdict::NotWorse,
            Answer::Inconclusive => Verdict::Inconclusive,
        };
        // Evidence has to be of now, too.
        let silent = verdict == Verdict::NotWorse && self.state.silence.long().next().is_some();
        if silent { Verdict::Inconclusive } else { verdict }
    }

    /// The row of the evidence; none as long as nothing was measured.
    fn row(&self, record: &Record, (problems, warming): (&[String], bool)) -> Option<JudgeRow> {
        let rules = &record.policy.judge;
        let measured = record.series.values().flatten().any(|sample| sample.canary.is_some());
        let said = self.state.judge.verdict();
        let verdict = match said.answer {
            Answer::Worse => "worse",
            Answer::NotWorse if self.state.silence.long().next().is_none() => "not-worse",
            Answer::NotWorse | Answer::Inconclusive => "inconclusive",
        };
        let text = match problems {
            [] if self.state.silence.long().next().is_some() => {
                format!("no numbers any more from {}", self.state.silence.long().collect::<Vec<_>>().join(", "))
            }
            [] if warming => {
                format!("the canary is warming up, and its first {} s do not count", rules.warm_up.as_secs())
            }
            [] => said.doubt.map_or_else(String::new, |doubt| reason::doubt(doubt, &said.services)),
            [one] => format!("no numbers from {one}"),
            [first, rest @ ..] => format!("no numbers from {first}, nor from {} other pods", rest.len()),
        };
        let text = match self.state.anew {
            Some(at) => told_anew(&text, at),
            None => text,
        };
        let e = if measured { self.state.judge.ln_evidence().exp() } else { 1.0 };
        let row = JudgeRow { verdict: verdict.to_owned(), e, alpha: rules.alpha(), margin: rules.margin(), text };
        (measured || !row.text.is_empty()).then_some(row)
    }
}

/// What is said where the statistics began anew.
fn told_anew(text: &str, at: u64) -> String {
    let anew = format!("it counts from {}:{:02} on, since what was counted before could not be read", at / 60, at % 60);
    if text.is_empty() { anew } else { format!("{text}; {anew}") }
}

/// The statistics of a record; none when there are none yet.
fn kept(record: &Record) -> Result<Option<State>, String> {
    let kept = record.judge.as_ref().map(State::deserialize).transpose();
    kept.map_err(|error| error.to_string())
}

fn fresh(record: &Record) -> State {
    State {
        judge: judge(record),
        ledger: Ledger::default(),
        silence: Silence::default(),
        restarted: Restarted::default(),
        anew: None,
    }
}

/// A judge by the policy's numbers; what the canary counts nothing in is left out before it comes to it.
fn judge(record: &Record) -> Judge {
    let rules = &record.policy.judge;
    let preset = match rules.preset {
        Preset::Sensitive => sequential::Preset::Sensitive,
        Preset::Robust => sequential::Preset::Robust,
        Preset::Default | Preset::Legacy => sequential::Preset::Default,
    };
    let mut policy = sequential::Policy::from(preset);
    let (alpha, margin) = (rules.alpha(), rules.margin());
    (policy.alpha, policy.tolerance, policy.margin) = (alpha, policy.tolerance / policy.margin * margin, margin);
    policy.warm_up = 0.0;
    Judge::new(policy, rules.tick.duration())
}

/// Where the pods' pages are: path and port, where the policy says so.
fn source(record: &Record) -> (Option<String>, Option<u16>) {
    let pages = record.policy.judge.metrics.iter().find_map(|metric| match &metric.source {
        Source::Pods { port, path, .. } => Some((path.clone(), *port)),
        _ => None,
    });
    pages.unwrap_or_default()
}

/// The pods of the new version: canaries, and once stable was touched its new pods too.
pub(super) fn new<'a>(saved: &'a ServiceRecord, there: &'a ServiceWorld) -> impl Iterator<Item = &'a Value> {
    there.canary_pods.iter().chain(there.new_pods(saved).filter(|_| saved.touched.is_some()))
}

fn arms((saved, there): (&ServiceRecord, &ServiceWorld), how: (Option<u16>, Option<&str>)) -> Arms {
    let pages = |pods: Vec<&Value>, most: usize| -> Vec<Page> {
        let mut ready: Vec<&Value> = pods.into_iter().filter(|pod| signals::is_ready(pod)).collect();
        // The same ones every time, or their differences would be lost.
        ready.sort_by_key(|pod| object::name(pod).to_owned());
        ready.into_iter().take(most).filter_map(|pod| Page::of(pod, how)).collect()
    };
    Arms {
        stable: pages(there.old_pods(saved).collect(), SAMPLED),
        canary: pages(new(saved, there).collect(), usize::MAX),
    }
}

/// Canary pods that have been ready for the policy's warm-up: by uid.
fn warm(record: &Record, world: &World, now: ServerTime) -> Vec<String> {
    let least = record.policy.judge.warm_up.as_secs();
    let pods = services(record, world).flat_map(|(_, saved, there)| new(saved, there));
    let warm = pods.filter(|pod| signals::ready_since(pod).is_some_and(|since| now.0 >= since + least));
    warm.map(|pod| object::uid(pod).to_owned()).collect()
}

pub(super) fn ticks(name: &str, arms: &Arms, (news, warm): (&BTreeMap<String, Counters>, &[String])) -> ServiceTick {
    let tick = |page: &Page| {
        let counters = news.get(&page.key)?;
        Some(PodTick {
            pod: page.key.clone(),
            requests: counters.requests,
            errors: counters.errors,
            latency: counters.buckets(),
        })
    };
    let counts = |page: &&Page| warm.contains(&page.uid);
    ServiceTick {
        service: name.to_owned(),
        stable: arms.stable.iter().filter_map(tick).collect(),
        canary: arms.canary.iter().filter(counts).filter_map(tick).collect(),
        restarts: Restarts::default(),
    }
}
