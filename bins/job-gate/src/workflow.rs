//! A workflow's file as far as the gate is concerned: jobs with their needs and conditions, and the steps of the gate.
//! Time and memory are linear in the text; aliases and depth are bounded.
mod expression;
mod read;
mod yaml;

use std::fmt;

pub(crate) use expression::bare;
pub use expression::{Runs, runs};
pub use read::parse;

/// A place in the file; both numbers count from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from one.
    pub line: usize,
    /// Column in characters, from one.
    pub column: usize,
}

/// Why a file is no workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: Position,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.at.line, self.at.column, self.message)
    }
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The text; of a boolean or a number what was written.
    pub text: String,
    /// Where it starts.
    pub at: Position,
}

/// A workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// Its jobs in the order of the file.
    pub jobs: Vec<Job>,
}

/// One job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: Placed,
    /// The ids of the jobs that it needs.
    pub needs: Vec<Placed>,
    /// Its `if:`.
    pub condition: Option<Placed>,
    /// Its `continue-on-error:`.
    pub tolerant: Option<Placed>,
    /// Its steps; none of a reusable workflow.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it starts.
    pub at: Position,
    /// The action that it uses.
    pub uses: Option<Placed>,
    /// Its `if:`.
    pub condition: Option<Placed>,
    /// Its `continue-on-error:`.
    pub tolerant: Option<Placed>,
    /// Its inputs.
    pub with: Vec<(String, Placed)>,
}

impl Workflow {
    /// The job with this id.
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id.text == id)
    }
}

impl Step {
    /// Whether it is a gate: this tool, or the one that it replaces.
    pub fn is_gate(&self) -> bool {
        let Some(uses) = &self.uses else { return false };
        let action = uses.text.split('@').next().unwrap_or_default().trim_end_matches('/');
        action == "re-actors/alls-green" || action.rsplit('/').next() == Some("job-gate")
    }

    /// An input by one of its names.
    pub fn input(&self, names: &[&str]) -> Option<&Placed> {
        self.with.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value)
    }
}
