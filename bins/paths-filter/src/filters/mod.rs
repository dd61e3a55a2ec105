//! The filters file: named filters, each a list of patterns, as dorny/paths-filter reads it and a little more.
mod model;
mod read;
pub(crate) mod yaml;

use std::fmt;

pub use formats::yaml::Position;
pub use model::{Change, Filter, Filters, Pattern, Quantifier, Rule, Status, StatusSet};
pub(crate) use read::from_json;
pub use read::{Dialect, parse};

/// Something wrong in the filters file, with its place and, where there is one, its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it starts.
    pub at: Position,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn new(at: Position, message: impl Into<String>) -> Problem {
        Problem { at, message: message.into(), hint: None }
    }

    /// The same with a remedy.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.at.line, self.at.column, self.message)
    }
}

impl std::error::Error for Problem {}
