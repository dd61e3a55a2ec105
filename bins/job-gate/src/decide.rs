//! Did every job that had to run succeed? Pure: results and rules in, the record out.
#![deny(clippy::disallowed_methods)]
mod skips;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::lists::{FilteredJob, nearest};
use crate::needs::{Job, JobResult, first};
use crate::record::{Problem, Record, Row, State};
use crate::verdict::Given;
use skips::Skips;

/// Which jobs may end how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Jobs that may fail.
    pub(crate) allowed_failures: Vec<String>,
    /// Jobs that may be skipped, whatever changed.
    pub(crate) allowed_skips: Vec<String>,
    /// Jobs that have to be among the results.
    pub(crate) expected: Vec<String>,
    /// Jobs that may be skipped when none of their filters is true.
    pub(crate) filtered: Vec<FilteredJob>,
    /// The job that ran paths-filter.
    pub(crate) filter_job: Option<String>,
    /// Its verdict, where it does not come with its outputs.
    pub(crate) given: Given,
}

impl Rules {
    fn filters(&self, job: &str) -> Option<&[String]> {
        self.filtered.iter().find(|filtered| filtered.job == job).map(|filtered| filtered.filters.as_slice())
    }

    fn may_fail(&self, job: &str) -> bool {
        self.allowed_failures.iter().any(|name| name == job)
    }

    fn may_be_skipped(&self, job: &str) -> bool {
        self.allowed_skips.iter().any(|name| name == job)
    }
}

/// The record of these results under these rules.
pub(crate) fn record(jobs: &[Job], rules: &Rules) -> Record {
    let skips = Skips::of(jobs, rules);
    let mut rows: Vec<Row> = jobs.iter().map(|job| row(job, rules, &skips)).collect();
    let known: HashSet<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    rows.extend(missing(&known, rules));
    Record::new(rows, problems(&known, rules))
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
        Ok(JobResult::Failure) if rules.may_fail(name) => row(State::Allowed, "failed, as it may".to_owned()),
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
    let listed = rules.may_fail(&row.job) || rules.may_be_skipped(&row.job);
    let also = if listed { "; that it may fail or be skipped does not cover it" } else { "" };
    row.hint(format!("a job that ran into its time limit is told as cancelled too; run it again{also}"))
}

/// Jobs that a rule counts on and that are not among the results.
fn missing(known: &HashSet<&str>, rules: &Rules) -> Vec<Row> {
    let mut wanted: Vec<&str> = Vec::new();
    let filtered = rules.filtered.iter().map(|filtered| &filtered.job);
    for name in rules.expected.iter().chain(filtered).chain(&rules.filter_job) {
        if !known.contains(name.as_str()) && !wanted.contains(&name.as_str()) {
            wanted.push(name);
        }
    }
    let row = |name: &&str| {
        let near = nearest(name, known.iter().copied()).map(|near| format!(", or did you mean `{near}`?"));
        let hint = format!("put it into the `needs:` of the gate's job{}", near.unwrap_or_default());
        Row::new(name, None, State::Missing, "is not among the jobs that the gate waited for").hint(hint)
    };
    wanted.iter().map(row).collect()
}

/// Rules that say nothing, or two things: a typo would otherwise allow nothing, and nobody would see it.
fn problems(known: &HashSet<&str>, rules: &Rules) -> Vec<Problem> {
    let mut found = Vec::new();
    for (input, names) in [("allowed-failures", &rules.allowed_failures), ("allowed-skips", &rules.allowed_skips)] {
        for name in names.iter().filter(|name| !known.contains(name.as_str())) {
            let message = format!("{input} names `{name}`, which is no job that the gate waited for");
            let near = nearest(name, known.iter().copied());
            let hint = near.map_or("take it out, or put the job into `needs:`".to_owned(), |near| {
                format!("did you mean `{near}`?")
            });
            found.push(Problem { message, hint: Some(hint) });
        }
    }
    for FilteredJob { job, .. } in &rules.filtered {
        if rules.may_be_skipped(job) {
            let message =
                format!("`{job}` may be skipped always by allowed-skips, and by its filters alone by filtered-jobs");
            found.push(Problem { message, hint: Some("take it out of one of the two".to_owned()) });
        }
        if rules.filter_job.as_ref() == Some(job) {
            let message = format!("`{job}` is the filter job, whose own verdict cannot excuse it");
            found.push(Problem { message, hint: Some("take it out of filtered-jobs".to_owned()) });
        }
    }
    if rules.filter_job.is_none() && !rules.filtered.is_empty() {
        let message = "filtered-jobs is given without filter-job, the job whose verdict counts".to_owned();
        found.push(Problem { message, hint: Some("name the job that runs paths-filter".to_owned()) });
    }
    found
}
