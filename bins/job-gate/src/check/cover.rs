//! Which jobs does the gate wait for? One that was added and forgotten may fail, and the gate is green.
use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Finding, Wishes};
use crate::lists::{self, Meant};
use crate::workflow::{Job, Placed, Runs, Step, Workflow, runs};

/// What the gate waits for.
pub(super) struct Cover {
    pub(super) direct: usize,
    pub(super) through: usize,
    pub(super) after: usize,
    pub(super) except: usize,
    pub(super) findings: Vec<Finding>,
}

/// Looks at every job of the workflow.
pub(super) fn cover(workflow: &Workflow, gate: &Job, steps: &[&Step], wishes: &Wishes) -> Cover {
    let by_id: HashMap<&str, &Job> = workflow.jobs.iter().map(|job| (job.id.text.as_str(), job)).collect();
    let direct: HashSet<&str> = gate.needs.iter().map(|need| need.text.as_str()).collect();
    let covered = through(&by_id, &direct, &excused(steps));
    let after = followers(workflow, gate);
    let forgiven = forgiven(steps);
    let mut cover = Cover { direct: 0, through: 0, after: 0, except: 0, findings: unknown_needs(gate, &by_id) };
    if gate.needs.is_empty() {
        let message = format!("`{}` needs no job, so there is nothing that could close it", gate.id.text);
        cover.findings.push(Finding::new("no-needs", gate.id.at, message, "give it a `needs:` with every other job"));
    }
    for job in workflow.jobs.iter().filter(|job| job.id != gate.id) {
        let id = job.id.text.as_str();
        if direct.contains(id) {
            cover.direct += 1;
            cover.findings.extend(hidden(job, &forgiven));
        } else if covered.contains(id) {
            cover.through += 1;
            cover.findings.extend(hidden(job, &forgiven));
        } else if after.contains(id) {
            cover.after += 1;
        } else if wishes.except.contains(id) {
            cover.except += 1;
        } else {
            cover.findings.push(forgotten(gate, job));
        }
    }
    cover
}

fn forgotten(gate: &Job, job: &Job) -> Finding {
    let (gate, id) = (&gate.id.text, &job.id.text);
    let message = format!("`{gate}` does not wait for `{id}`, which may fail without closing the gate");
    let hint = format!("add `{id}` to the `needs:` of `{gate}`, or name it in except");
    Finding::new("forgotten-job", job.id.at, message, hint)
}

/// Jobs whose skip the gate forgives, so that it need not see why they were skipped.
fn excused(steps: &[&Step]) -> HashSet<String> {
    let mut names = HashSet::new();
    for step in steps {
        // What an expression comes to is not known, so whatever a name is in it may be excused.
        let lists = ["allowed-skips", "filtered-jobs", "allowed-failures"].map(|name| step.input(&[name]));
        for list in lists.into_iter().flatten() {
            names.extend(
                list.text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).map(str::to_owned),
            );
        }
    }
    names
}

/// The jobs behind the gate's own needs whose failure or skip comes through: each is needed by a covered job that runs only
/// after success, so that this one is skipped too, and whose skip nothing forgives.
fn through<'a>(
    by_id: &HashMap<&'a str, &'a Job>,
    direct: &HashSet<&'a str>,
    excused: &HashSet<String>,
) -> HashSet<&'a str> {
    let mut covered: HashSet<&str> = HashSet::new();
    let mut waiting: Vec<&str> = direct.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        if !covered.insert(id) {
            continue;
        }
        let Some(job) = by_id.get(id) else { continue };
        let condition = job.condition.as_ref().map(|condition| condition.text.as_str());
        if runs(condition) == Runs::AfterSuccess && !excused.contains(id) {
            waiting.extend(job.needs.iter().map(|need| need.text.as_str()));
        }
    }
    covered
}

/// The jobs that need the gate, themselves or through others.
fn followers<'a>(workflow: &'a Workflow, gate: &'a Job) -> HashSet<&'a str> {
    let mut needed_by: HashMap<&str, Vec<&str>> = HashMap::new();
    for job in &workflow.jobs {
        for need in &job.needs {
            needed_by.entry(need.text.as_str()).or_default().push(job.id.text.as_str());
        }
    }
    let mut after: HashSet<&str> = HashSet::new();
    let mut waiting = vec![gate.id.text.as_str()];
    while let Some(id) = waiting.pop() {
        for follower in needed_by.get(id).into_iter().flatten().filter(|follower| **follower != gate.id.text) {
            if after.insert(follower) {
                waiting.push(follower);
            }
        }
    }
    after
}

fn unknown_needs(gate: &Job, by_id: &HashMap<&str, &Job>) -> Vec<Finding> {
    let mut meant = Meant::among(by_id.keys().copied().filter(|id| *id != gate.id.text).collect::<BTreeSet<_>>());
    let finding = |need: &Placed| {
        let message = format!("`{}` needs `{}`, which is no job of this workflow", gate.id.text, need.text);
        let near = meant.by(&need.text).map(|near| format!("did you mean `{near}`?"));
        Finding::new("unknown-job", need.at, message, near.unwrap_or_else(|| "take it out".to_owned()))
    };
    gate.needs.iter().filter(|need| !by_id.contains_key(need.text.as_str())).map(finding).collect()
}

/// The jobs that may fail by the lists of the gate's steps.
fn forgiven(steps: &[&Step]) -> HashSet<String> {
    let lists = steps.iter().filter_map(|step| step.input(&["allowed-failures"]));
    lists.filter_map(|list| lists::job_names(&list.text).ok()).flatten().collect()
}

/// The result of a job that may fail is `success` whatever happens, so the gate cannot see it; said where it is not meant.
fn hidden(job: &Job, forgiven: &HashSet<String>) -> Option<Finding> {
    let tolerant = job.tolerant.as_ref().filter(|tolerant| tolerant.text == "true")?;
    let id = &job.id.text;
    if forgiven.contains(id) {
        return None;
    }
    let message = format!("`{id}` is told as a success even when it fails, by `continue-on-error`");
    let hint = "take it away and name the job in allowed-failures: then its failure is seen and forgiven";
    Some(Finding::new("hidden-failure", tolerant.at, message, hint))
}
