//! What is wrong in a policy, and where.
use std::fmt;

pub use formats::yaml::Position;

/// Something wrong in a policy: the field, its place, and the remedy where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the value (or the key) starts.
    pub at: Position,
    /// The field, such as `services.api.image`; empty for the file.
    pub field: String,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(at: Position, field: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { at, field: field.into(), message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.at.line, self.at.column)?;
        match self.field.is_empty() {
            true => write!(f, "{}", self.message),
            false => write!(f, "`{}`: {}", self.field, self.message),
        }
    }
}

impl std::error::Error for Problem {}
