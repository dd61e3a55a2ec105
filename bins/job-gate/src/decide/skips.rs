//! May a job be skipped? By a list, or because the change touches nothing that it is about.
use super::Rules;
use crate::lists::Meant;
use crate::needs::{Job, JobResult};
use crate::record::{Row, State};
use crate::verdict::{self, Filter, Verdict};

/// What is known about what changed.
pub(super) enum Skips<'a> {
    /// Nobody asked.
    Unasked,
    /// The verdict does not count, because of this.
    Void(String),
    /// It counts.
    Counts(Verdict),
    /// The filter job is wired wrongly: it succeeded and gave no verdict that can be read.
    Unread(&'a str, String),
}

impl<'a> Skips<'a> {
    /// Reads the filter job's verdict, which counts only when that job succeeded.
    pub(super) fn of(jobs: &'a [Job], rules: &Rules) -> Self {
        let Some(name) = rules.filter_job.as_deref().filter(|_| !rules.filtered.is_empty()) else {
            return Self::Unasked;
        };
        let Some(job) = jobs.iter().find(|job| job.name == name) else {
            return Self::Void(format!("`{name}`, whose verdict would tell, is not among the results"));
        };
        if job.result != Ok(JobResult::Success) {
            return Self::Void(format!("`{name}` did not succeed, so its verdict does not count"));
        }
        match verdict::read(&rules.given, job) {
            Ok(verdict) => Self::Counts(verdict),
            Err(why) => Self::Unread(&job.name, why),
        }
    }

    /// The row of a job that was skipped.
    pub(super) fn row(&self, job: &Job, rules: &Rules) -> Row {
        let row = |state, reason: String| Row::new(&job.name, Some(JobResult::Skipped), state, reason);
        if rules.allowed_skips.contains(&job.name) {
            return row(State::Allowed, "skipped, as it may be".to_owned());
        }
        let Some(filters) = rules.filtered.get(&job.name) else {
            let hint = "a job that it needs failed or was skipped, or its `if:` is false; a job that may be skipped belongs into \
                        allowed-skips or filtered-jobs";
            return row(State::Skipped, "was skipped, and nothing allows that".to_owned()).hint(hint);
        };
        match self {
            Self::Unasked => row(State::Skipped, "was skipped, and no filter job tells whether it may be".to_owned()),
            Self::Void(why) => row(State::Skipped, format!("was skipped, and {why}")),
            Self::Unread(name, _) => {
                row(State::Unknown, format!("was skipped, and `{name}` does not tell whether it may be"))
            }
            Self::Counts(verdict) => by_filters(verdict, filters, row),
        }
    }

    /// The row of a job, whatever its result, whose filters or verdict do not exist.
    pub(super) fn wiring(&self, job: &Job, rules: &Rules) -> Option<Row> {
        let result = job.result.as_ref().ok().copied();
        let row = |reason: String, hint: String| Row::new(&job.name, result, State::Unknown, reason).hint(hint);
        match self {
            Self::Unread(name, why) if *name == job.name => {
                let hint = "give the job the outputs `result` and `uncertain` of its paths-filter step, or hand them over in the \
                            inputs verdict and uncertain";
                Some(row(format!("succeeded, but {why}"), hint.to_owned()))
            }
            Self::Counts(verdict) => {
                let absent =
                    rules.filtered.get(&job.name)?.iter().find(|filter| verdict.of(filter) == Filter::Absent)?;
                let absent = action::neutral(absent);
                let near = Meant::among(verdict.names()).by(&absent).map(action::neutral);
                let hint = near.map_or("mend filtered-jobs, or add the filter".to_owned(), |near| {
                    format!("did you mean `{near}`?")
                });
                Some(row(format!("may be skipped by the filter `{absent}`, which the verdict does not have"), hint))
            }
            _ => None,
        }
    }
}

/// A job may be skipped exactly when every filter is false for sure.
fn by_filters(verdict: &Verdict, filters: &[String], row: impl Fn(State, String) -> Row) -> Row {
    let named = |wanted: Filter| {
        let names = filters.iter().filter(|name| verdict.of(name) == wanted).map(action::neutral);
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>()
    };
    let (raised, doubtful, quiet) = (named(Filter::True), named(Filter::Uncertain), named(Filter::False));
    if !raised.is_empty() {
        let (is, hint) =
            (verb(&raised), "a job that it needs failed or was skipped, or its `if:` asks for something else");
        return row(State::Skipped, format!("was skipped, although {} {is} true", raised.join(", "))).hint(hint);
    }
    if !doubtful.is_empty() || quiet.len() != filters.len() {
        let reason = "was skipped, although it is not known for sure what changed";
        return row(State::Skipped, reason.to_owned()).hint("see what paths-filter says about its doubt");
    }
    row(State::Allowed, format!("skipped, as it may be: {} {} false", quiet.join(", "), verb(&quiet)))
}

fn verb(names: &[String]) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}
