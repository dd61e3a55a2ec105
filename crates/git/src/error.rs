//! What went wrong, in one line for people.

use std::fmt;

/// A failure: what could not be done, and why.
#[derive(Debug)]
pub struct Error {
    what: String,
    cause: String,
}

impl Error {
    pub(crate) fn new(what: impl Into<String>, cause: impl fmt::Display) -> Self {
        Self { what: what.into(), cause: cause.to_string() }
    }

    /// A failure inside gix: each level of its cause once.
    pub(crate) fn gix(what: impl Into<String>, error: &gix::Error) -> Self {
        let mut causes: Vec<String> = Vec::new();
        for level in error.iter_errors() {
            let text = level.to_string();
            if !text.is_empty() && !causes.iter().any(|known| known.contains(&text)) {
                causes.push(text);
            }
        }
        Self::new(what, causes.join(": "))
    }

    /// The cause alone.
    pub(crate) fn cause(&self) -> &str {
        &self.cause
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: {}", self.what, self.cause)
    }
}

impl std::error::Error for Error {}
