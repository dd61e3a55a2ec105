//! Did every job that had to run succeed? Pure: results and rules in, the record out.
#![deny(clippy::disallowed_methods)]
mod skips;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::lists::Meant;
use crate::needs::{Job, JobResult, first};
use crate::record::{Problem, Record, Row, State};
use crate::verdict::Given;
use skips::Skips;

/// Which jobs may end how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Jobs that may fail.
    pub(crate) allowed_failures: BTreeSet<String>,
    /// Jobs that may be skipped, whatever changed.
    pub(crate) allowed_skips: BTreeSet<String>,
    /// Jobs that have to be among the results.
    pub(crate) expected: BTreeSet<String>,
    /// Jobs that may be skipped when none of their filters is true.
    pub(crate) filtered: BTreeMap<String, Vec<String>>,
    /// The job that ran paths-filter.
    pub(crate) filter_job: Option<String>,
    /// Its verdict, where it does not come with its outputs.
    pub(crate) given: Given,
}

/// The record of these results under these rules.
pub(crate) fn record(jobs: &[Job], rules: &Rules) -> Record {
    let skips = Skips::of(jobs, rules);
    let mut rows: Vec<Row> = jobs.iter().map(|job| row(job, rules, &skips)).collect();
    let known: HashSet<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    let mut meant = Meant::among(jobs.iter().map(|job| job.name.as_str()));
    rows.extend(missing(&known, rules, &mut meant));
    Record::new(rows, problems(&known, rules, &mut meant))
}

fn row(job: &Job, rules: &Rules, skips: &Skips<'_>) -> Row {
    let name = job.name.as_str();
    let row = |state, reason: String| Row::new(name, job.result.as_ref().ok().copied(), state, reason);
    let judged = match &job.result {
        Err(word) if word.is_empty() => row(State::Unknown, "has no result".to_owned())
            .hint("put it into the `needs:` of the gate's job: the result of another job is empty there"),
        Err(word) => row(State::Unknown, format!("ended as `{}`, which is none of GitHub's words", first(word)))
            .hint("these are success, failure, cancelled and skipped"),
        Ok(JobResult::Success) => row(State::Succeeded, "succeeded".to_owned()),
        Ok(JobResult::Failure) if rules.allowed_failures.contains(name) => {
            row(State::Allowed, "failed, as it may".to_owned())
        }
        Ok(JobResult::Failure) => row(State::Failed, "failed".to_owned()),
        Ok(JobResult::Cancelled) => {
            cancelled(row(State::Cancelled, "was cancelled before it was done".to_owned()), rules)
        }
        Ok(JobResult::Skipped) => skips.row(job, rules),
    };
    // Whatever the job came to: a filter that does not exist would make its rule say nothing for ever.
    skips.wiring(job, rules).unwrap_or(judged)
}

fn cancelled(row: Row, rules: &Rules) -> Row {
    let listed = rules.allowed_failures.contains(&row.job) || rules.allowed_skips.contains(&row.job);
    let also = if listed { "; that it may fail or be skipped does not cover it" } else { "" };
    row.hint(format!("a job that ran into its time limit is told as cancelled too; run it again{also}"))
}

/// Jobs that a rule counts on and that are not among the results.
fn missing(known: &HashSet<&str>, rules: &Rules, meant: &mut Meant<'_>) -> Vec<Row> {
    let wanted = rules.expected.iter().chain(rules.filtered.keys()).chain(&rules.filter_job).map(String::as_str);
    let absent: BTreeSet<&str> = wanted.filter(|name| !known.contains(name)).collect();
    let row = |name: &str| {
        let near = meant.by(name).map(|near| format!(", or did you mean `{near}`?")).unwrap_or_default();
        let hint = format!("put it into the `needs:` of the gate's job{near}");
        Row::new(name, None, State::Missing, "is not among the jobs that the gate waited for").hint(hint)
    };
    absent.into_iter().map(row).collect()
}

/// Rules that say nothing, or two things: a typo would otherwise allow nothing, and nobody would see it.
fn problems(known: &HashSet<&str>, rules: &Rules, meant: &mut Meant<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    for (input, names) in [("allowed-failures", &rules.allowed_failures), ("allowed-skips", &rules.allowed_skips)] {
        for name in names.iter().filter(|name| !known.contains(name.as_str())) {
            let near = meant.by(name).map(|near| format!("did you mean `{near}`?"));
            let hint = near.unwrap_or_else(|| "take it out, or put the job into `needs:`".to_owned());
            found.push(problem(format!("{input} names `{name}`, which is no job that the gate waited for"), hint));
        }
    }
    for job in rules.filtered.keys() {
        if rules.allowed_skips.contains(job) {
            let message =
                format!("`{job}` may be skipped always by allowed-skips, and by its filters alone by filtered-jobs");
            found.push(problem(message, "take it out of one of the two"));
        }
        if rules.filter_job.as_ref() == Some(job) {
            let message = format!("`{job}` is the filter job, whose own verdict cannot excuse it");
            found.push(problem(message, "take it out of filtered-jobs"));
        }
    }
    if rules.filter_job.is_none() && !rules.filtered.is_empty() {
        let message = "filtered-jobs is given without filter-job, the job whose verdict counts".to_owned();
        found.push(problem(message, "name the job that runs paths-filter"));
    }
    found
}

fn problem(message: String, hint: impl Into<String>) -> Problem {
    Problem { message, hint: Some(hint.into()) }
}
