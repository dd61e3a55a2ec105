//! What the gate found: the one value that all renderings are made from.
use serde::Serialize;

use crate::needs::JobResult;

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Every job that had to run succeeded.
    Success,
    /// One did not.
    Failure,
    /// It cannot be told; outweighs the others.
    Unknown,
}

impl Answer {
    /// The word of outputs and records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Unknown => "unknown",
        }
    }
}

/// What one job comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It succeeded.
    Succeeded,
    /// It failed or was skipped, as it may.
    Allowed,
    /// It failed.
    Failed,
    /// It was cancelled.
    Cancelled,
    /// It was skipped and may not be.
    Skipped,
    /// It is not among the results.
    Missing,
    /// Its result, or whether it may be skipped, cannot be told.
    Unknown,
}

impl State {
    /// All of them, in the order of the counts.
    pub const ALL: [Self; 7] =
        [Self::Succeeded, Self::Allowed, Self::Failed, Self::Cancelled, Self::Skipped, Self::Missing, Self::Unknown];

    /// The word of records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Allowed => "allowed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the gate may pass with it.
    pub fn passes(self) -> bool {
        matches!(self, Self::Succeeded | Self::Allowed)
    }
}

/// One job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its id.
    pub job: String,
    /// GitHub's word for how it ended; absent for a job that is missing or whose word is unknown.
    pub result: Option<&'static str>,
    /// What it comes to.
    pub state: State,
    /// Why, as one clause without a full stop.
    pub reason: String,
    /// What to do about it; absent where there is nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The page of the job's run, else of the whole run; absent outside of a workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Row {
    /// A row without hint and link.
    pub fn new(job: &str, result: Option<JobResult>, state: State, reason: impl Into<String>) -> Self {
        let result = result.map(JobResult::word);
        Self { job: job.to_owned(), result, state, reason: reason.into(), hint: None, url: None }
    }

    /// The same with a remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What is wrong with the inputs themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong, as one clause without a full stop.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Everything that the gate found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The answer.
    pub result: Answer,
    /// One row a job, in the order of `needs`; missing jobs last.
    pub jobs: Vec<Row>,
    /// Inputs that contradict what is known.
    pub problems: Vec<Problem>,
}

impl Record {
    /// Weighs rows and problems: what cannot be told outweighs a failure, and no row at all proves nothing.
    pub fn new(jobs: Vec<Row>, problems: Vec<Problem>) -> Self {
        let unknown = jobs.is_empty() || !problems.is_empty() || jobs.iter().any(|row| row.state == State::Unknown);
        let result = match jobs.iter().all(|row| row.state.passes()) {
            _ if unknown => Answer::Unknown,
            true => Answer::Success,
            false => Answer::Failure,
        };
        Self { result, jobs, problems }
    }

    /// The rows that the gate cannot pass with.
    pub fn failing(&self) -> impl Iterator<Item = &Row> {
        self.jobs.iter().filter(|row| !row.state.passes())
    }

    /// How many jobs came to a state.
    pub fn count(&self, state: State) -> usize {
        self.jobs.iter().filter(|row| row.state == state).count()
    }
}
