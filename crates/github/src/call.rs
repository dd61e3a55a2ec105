//! One call as a value: what it is for, where it goes, and what it needs.
use crate::error::{Error, ErrorKind};

/// A `GET` of the API.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Completes "could not …".
    pub(crate) what: String,
    /// Path and query, below the API's address.
    pub(crate) path: String,
    /// The permission as a workflow writes it.
    pub(crate) needs: &'static str,
}

impl Call {
    /// The failure of this call, in words: `what` says what was answered.
    pub(crate) fn failed(&self, kind: ErrorKind, what: &str) -> Error {
        Error::new(kind, format!("could not {}: GET {} {what}", self.what, self.path))
    }

    /// The failure by an answer that is not as described.
    pub(crate) fn bad_answer(&self, what: &str) -> Error {
        self.failed(ErrorKind::BadAnswer, what)
    }

    /// The same call for one page of 100.
    pub(crate) fn page(&self, number: usize) -> Self {
        Call { path: format!("{}?per_page=100&page={number}", self.path), ..self.clone() }
    }
}
