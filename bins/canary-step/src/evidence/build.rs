//! The evidence of a record: what every report shows.
use serde_json::{Value, json};

use super::{Evidence, Outcome, SCHEMA, ServiceRow, StepRow};
use crate::policy::Router;
use crate::record::{Phase, Record, ServerTime};
use crate::runbook;

impl Evidence {
    /// Everything that is known of a rollout, as of `now`.
    #[must_use]
    pub fn of(record: &Record, namespace: &str, now: ServerTime) -> Self {
        let end = if record.phase.is_over() { record.since } else { now };
        Self {
            schema: SCHEMA,
            outcome: outcome(record),
            reasons: record.reasons.clone(),
            stable_untouched: record.untouched.unwrap_or_else(|| is_untouched(record)),
            leftovers: record.left,
            namespace: namespace.to_owned(),
            group: record.group.clone(),
            rollout: record.rollout.clone(),
            mode: match record.policy.router {
                Router::Replicas => "replicas".to_owned(),
                Router::Inplace => "inplace".to_owned(),
            },
            phase: serde_json::to_value(record.phase)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default(),
            step: record.step,
            steps: record.policy.steps.iter().map(step).collect(),
            started_at: rfc3339(record.started),
            elapsed: end.since(record.started),
            run: record.run.clone(),
            services: services(record),
            events: record.events.clone(),
            judge: record.judged.clone(),
            legacy: Some(record.legacy.clone()),
            operations: record.operations.clone(),
            policy: serde_json::to_value(&record.policy).unwrap_or_else(|_| json!({})),
            runbook: runbook::lines(record, namespace),
        }
    }
}

/// How it ended, or that it has not.
fn outcome(record: &Record) -> Outcome {
    match record.phase {
        Phase::Promoted => Outcome::Promoted,
        Phase::Aborted => Outcome::Aborted,
        Phase::RolledBack => Outcome::RolledBack,
        _ if record.held.is_some() => Outcome::Frozen,
        _ => Outcome::Running,
    }
}

fn is_untouched(record: &Record) -> bool {
    record.services.values().all(|service| service.touched.is_none())
}

fn step(stage: &crate::policy::Stage) -> StepRow {
    StepRow { weight: stage.weight.percent(), observe: stage.observe.as_secs() }
}

fn services(record: &Record) -> Vec<ServiceRow> {
    let order = record.policy.promotion_order().into_iter();
    let named = order.filter_map(|at| record.policy.services.get(at));
    let rows = named.filter_map(|service| {
        let saved = record.services.get(&service.name)?;
        let series = record.series.get(&service.name).cloned().unwrap_or_default();
        let back = matches!(record.phase, Phase::RollingBack | Phase::RolledBack | Phase::Aborted | Phase::Aborting);
        Some(ServiceRow {
            name: service.name.clone(),
            deployment: saved.deployment.clone(),
            from_image: saved.from_image.clone(),
            to_image: saved.to_image.clone(),
            promoted: saved.touched.is_some() && record.phase >= Phase::Promoting && !back,
            e: series.iter().rev().find_map(|sample| sample.e),
            series,
        })
    });
    rows.collect()
}

fn rfc3339(time: ServerTime) -> String {
    let time = i64::try_from(time.0).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// The reasons alone, as the output of the action has them.
#[must_use]
pub fn reasons(evidence: &Evidence) -> Value {
    serde_json::to_value(&evidence.reasons).unwrap_or_else(|_| json!([]))
}
