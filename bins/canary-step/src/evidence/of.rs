//! Record and world → evidence.
use serde_json::Value;

use super::{Evidence, JudgeRow, Outcome, SCHEMA, ServiceRow, StepRow, runbook};
use crate::decide::{Goal, Safety, Verdict, View, World, proof, services};
use crate::policy::Router;
use crate::record::{Phase, Record};

impl Evidence {
    /// All that is known of the rollout of a namespace, with what was last seen of it.
    #[must_use]
    pub fn of(namespace: &str, (record, world): (&Record, &World)) -> Self {
        let policy = &record.policy;
        let view = View { record, world, goal: Goal::End, safety: Safety::default() };
        let steps = policy.steps.iter();
        let over = record.phase.is_over();
        Self {
            schema: SCHEMA,
            outcome: outcome(record),
            reasons: record.reasons.clone(),
            stable_untouched: record.untouched.unwrap_or_else(|| untouched(record, world)),
            leftovers: if over { proof::leftovers(view).len() } else { 0 },
            namespace: namespace.to_owned(),
            group: record.group.clone(),
            rollout: record.rollout.clone(),
            mode: if policy.router == Router::Inplace { "inplace" } else { "replicas" }.to_owned(),
            phase: word(&record.phase),
            step: record.step,
            steps: steps
                .map(|step| StepRow { weight: step.weight.percent(), observe: step.observe.as_secs() })
                .collect(),
            started_at: started(record),
            elapsed: world.now.since(record.started),
            run: record.run.clone(),
            services: rows(record),
            events: record.events.clone(),
            judge: judge(record, world),
            legacy: Some(record.legacy.clone()),
            operations: record.operations.clone(),
            policy: serde_json::to_value(policy).unwrap_or(Value::Null),
            runbook: runbook::lines(namespace, record),
        }
    }
}

fn outcome(record: &Record) -> Outcome {
    match record.phase {
        Phase::Promoted => Outcome::Promoted,
        Phase::Aborted => Outcome::Aborted,
        Phase::RolledBack => Outcome::RolledBack,
        _ if record.held.is_some() => Outcome::Frozen,
        _ => Outcome::Running,
    }
}

/// While a rollout is under way: whether every stable Deployment is the saved one now.
fn untouched(record: &Record, world: &World) -> bool {
    let all = services(record, world).map(|(_, saved, there)| proof::is_saved(saved, there).is_ok());
    // What was not seen is not proved.
    record.services.len() == world.services.len() && all.fold(true, |all, same| all && same)
}

/// A unit variant as it is serialised.
fn word(phase: &Phase) -> String {
    serde_json::to_value(phase).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn started(record: &Record) -> String {
    let seconds = i64::try_from(record.started.0).unwrap_or(0);
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn rows(record: &Record) -> Vec<ServiceRow> {
    let order = record.policy.promotion_order();
    let names = order.into_iter().map(|at| &record.policy.services[at].name);
    let row = |name: &String| {
        let saved = record.services.get(name)?;
        let series = record.series.get(name).cloned().unwrap_or_default();
        let back = matches!(record.phase, Phase::Aborted | Phase::RolledBack);
        Some(ServiceRow {
            name: name.clone(),
            deployment: saved.deployment.clone(),
            from_image: saved.from_image.clone(),
            to_image: saved.to_image.clone(),
            promoted: saved.touched.is_some() && !back,
            e: series.iter().rev().find_map(|sample| sample.e),
            series,
        })
    };
    names.filter_map(row).collect()
}

/// What the judge says; none before it has seen anything.
fn judge(record: &Record, world: &World) -> Option<JudgeRow> {
    let latest = record.series.values().filter_map(|series| series.iter().rev().find_map(|sample| sample.e));
    let e = latest.fold(None, |most: Option<f64>, e| Some(most.map_or(e, |most| most.max(e))))?;
    let (verdict, text) = match &world.verdict {
        Verdict::Worse(reasons) => ("worse", reasons.first().map_or(String::new(), |reason| reason.text.clone())),
        Verdict::NotWorse => ("not-worse", String::new()),
        Verdict::Inconclusive => ("inconclusive", record.held.clone().unwrap_or_default()),
    };
    let rules = &record.policy.judge;
    Some(JudgeRow { verdict: verdict.to_owned(), e, alpha: rules.alpha(), margin: rules.margin(), text })
}
