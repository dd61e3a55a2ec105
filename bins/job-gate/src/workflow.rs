//! A workflow's file as far as the gate is concerned: jobs with their needs and conditions, and the steps of the gate.
//! Time is linear in the text; how often aliases repeat it, and depth, are bounded.
mod expression;
mod read;
mod yaml;

use std::fmt;

pub(crate) use expression::bare;
pub use expression::{Runs, runs};
pub use formats::yaml::Position;
pub use read::parse;

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
    /// What it runs in a shell.
    pub run: Option<Placed>,
    /// Its inputs: those of an action, and variables `INPUT_*` by the names of the inputs that they stand for.
    pub with: Vec<(String, Placed)>,
}

impl Workflow {
    /// The job with this id.
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id.text == id)
    }
}

impl Step {
    /// Whether it is a gate: this tool, as an action or as a program, or the action that it replaces.
    pub fn is_gate(&self) -> bool {
        let named = |path: &str| path.rsplit('/').next() == Some("job-gate");
        let action = self.uses.as_ref().and_then(|uses| uses.text.split('@').next()).unwrap_or_default();
        let program = self.run.as_ref().is_some_and(|run| run.text.split_whitespace().any(named));
        action == "re-actors/alls-green" || named(action.trim_end_matches('/')) || program
    }

    /// An input by one of its names.
    pub fn input(&self, names: &[&str]) -> Option<&Placed> {
        self.with.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value)
    }
}
