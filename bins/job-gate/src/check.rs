//! Can the gate be gone around? Pure: a workflow in, findings out.
#![deny(clippy::disallowed_methods)]
mod cover;
mod passed;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::workflow::{Job, Placed, Position, Runs, Step, Workflow, runs};

/// One way around the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Its name, which documents and filters know it by.
    pub(crate) rule: &'static str,
    pub(crate) at: Position,
    /// What is wrong, in lower case, without a full stop.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
}

impl Finding {
    fn new(rule: &'static str, at: Position, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Finding { rule, at, message: message.into(), hint: hint.into() }
    }
}

/// What the user says about the gate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    /// The gate's job, where it was named.
    pub(crate) gate: Option<String>,
    /// Jobs that the gate need not wait for.
    pub(crate) except: BTreeSet<String>,
    /// Whether a gate may be skipped when the run is cancelled.
    pub(crate) allow_not_cancelled: bool,
}

/// What is known of one gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// The gate's job.
    pub(crate) gate: String,
    /// Whether it runs always, and not only unless the run is cancelled.
    pub(crate) always: bool,
    /// Jobs that it needs itself.
    pub(crate) direct: usize,
    /// Jobs that it waits for through others, whose failure skips one that may not be skipped.
    pub(crate) through: usize,
    /// Jobs that come after the gate, which it cannot wait for.
    pub(crate) after: usize,
    /// Jobs that the user left out.
    pub(crate) except: usize,
    pub(crate) findings: Vec<Finding>,
}

/// The gates of a workflow: the named job, or every job with a step that uses a gate.
pub(crate) fn gates<'a>(workflow: &'a Workflow, wishes: &Wishes) -> Vec<&'a Job> {
    let is_gate = |job: &&Job| match &wishes.gate {
        Some(name) => job.id.text == *name,
        None => job.steps.iter().any(Step::is_gate),
    };
    workflow.jobs.iter().filter(is_gate).collect()
}

/// Looks at one gate.
pub(crate) fn proof(workflow: &Workflow, gate: &Job, wishes: &Wishes) -> Proof {
    let steps: Vec<&Step> = gate.steps.iter().filter(|step| step.is_gate()).collect();
    let mut findings: Vec<Finding> = condition(gate, wishes).into_iter().collect();
    findings.extend(tolerated(gate.tolerant.as_ref(), "the gate's job"));
    for step in &steps {
        findings.extend(step_condition(step));
        findings.extend(tolerated(step.tolerant.as_ref(), "the gate's step"));
        findings.extend(passed::findings(gate, step));
    }
    let cover = cover::cover(workflow, gate, &steps, wishes);
    findings.extend(cover.findings);
    findings.sort_by_key(|finding| finding.at);
    let always = runs(gate.condition.as_ref().map(|condition| condition.text.as_str())) == Runs::Always;
    let (direct, through, after, except) = (cover.direct, cover.through, cover.after, cover.except);
    Proof { gate: gate.id.text.clone(), always, direct, through, after, except, findings }
}

const ALWAYS: &str = "write `if: ${{ always() }}`";

/// GitHub skips a job whose needs did not all succeed, and takes a skipped required check for a passed one.
/// <https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks>
fn condition(gate: &Job, wishes: &Wishes) -> Option<Finding> {
    let (id, at) = (&gate.id.text, gate.condition.as_ref().map_or(gate.id.at, |condition| condition.at));
    let message = match runs(gate.condition.as_ref().map(|condition| condition.text.as_str())) {
        Runs::Always => return None,
        Runs::UnlessCancelled if wishes.allow_not_cancelled => return None,
        Runs::UnlessCancelled => {
            let message = format!(
                "`{id}` is skipped when the run is cancelled, and a skipped required check may count as passed, as merge queues take it"
            );
            let hint = format!("{ALWAYS}, or check with allow-not-cancelled");
            return Some(Finding::new("not-always", at, message, hint));
        }
        Runs::AfterSuccess => {
            format!(
                "`{id}` is skipped as soon as a job that it needs fails, and a skipped required check counts as passed"
            )
        }
        Runs::Sometimes => {
            format!("`{id}` is skipped wherever its `if:` is false, and a skipped required check counts as passed")
        }
    };
    Some(Finding::new("not-always", at, message, ALWAYS))
}

/// A step that is skipped leaves its job a success.
fn step_condition(step: &Step) -> Option<Finding> {
    let condition = step.condition.as_ref()?;
    let fine = matches!(runs(Some(&condition.text)), Runs::Always | Runs::AfterSuccess);
    let message = "the gate's step may be skipped by its `if:`, and its job then succeeds";
    (!fine).then(|| Finding::new("step-condition", condition.at, message, "take the `if:` of the step away"))
}

/// What may fail is green when it does.
fn tolerated(tolerant: Option<&Placed>, what: &str) -> Option<Finding> {
    let tolerant = tolerant.filter(|tolerant| tolerant.text != "false")?;
    let message = format!("{what} may fail without anybody seeing it, by `continue-on-error`");
    Some(Finding::new("gate-tolerated", tolerant.at, message, "take `continue-on-error` away"))
}
