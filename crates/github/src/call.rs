//! One call as a value: what it is for, how and where it goes, and what it needs.
use std::fmt;
use std::time::Duration;

use hyper::Method;
use hyper::body::Bytes;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, quoted};
use crate::exchange::Reply;

/// A call of the API.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Completes "could not …".
    pub(crate) what: String,
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub(crate) method: Method,
    /// Path and query, below the API's address.
    pub(crate) path: String,
    /// JSON, or nothing; what is larger is streamed and not part of the call.
    pub(crate) body: Bytes,
    /// Time that an attempt gets on top of the usual, for what it sends.
    pub(crate) allowance: Duration,
    /// What the token must be good for.
    pub(crate) needs: Needs,
}

/// What GitHub asks of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// This permission, as a workflow writes it.
    Permission(&'static str),
    /// To be a user's.
    User,
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Needs::Permission(permission) => write!(f, "`{permission}`"),
            Needs::User => f.write_str("a user behind it"),
        }
    }
}

impl Call {
    /// A `GET`; `what` completes "could not …".
    pub(crate) fn get(what: String, path: String, needs: Needs) -> Self {
        Call { what, method: Method::GET, path, body: Bytes::new(), allowance: Duration::ZERO, needs }
    }

    /// Whether it changes nothing.
    pub(crate) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    /// Whether doing it twice is not the same as doing it once: such a call is not repeated while it may have been carried out.
    pub(crate) fn is_once_only(&self) -> bool {
        self.method == Method::POST && !self.is_query()
    }

    /// Whether it is a GraphQL query, which changes nothing.
    fn is_query(&self) -> bool {
        self.path == crate::graphql::PATH
    }

    /// The status that the description promises.
    pub(crate) fn good_status(&self) -> u16 {
        match self.method {
            Method::POST if !self.is_query() => 201,
            Method::DELETE => 204,
            _ => 200,
        }
    }

    /// The failure of this call, in words: `what` says what was answered.
    pub(crate) fn failed(&self, kind: ErrorKind, what: &str) -> Error {
        Error::new(kind, format!("could not {}: {} {} {what}", self.what, self.method, quoted(&self.path)))
    }

    /// The failure by an answer that is not as described.
    pub(crate) fn bad_answer(&self, what: &str) -> Error {
        self.failed(ErrorKind::BadAnswer, what)
    }

    /// The same failure, where the answer got lost or cannot be read: what must not be done twice may have been done.
    pub(crate) fn unsure(&self, error: Error) -> Error {
        if !self.is_once_only() {
            return error;
        }
        error.with_kind(ErrorKind::MaybeDone).with_hint("it may have been carried out: look before it is repeated")
    }

    /// Reads a good answer.
    pub(crate) fn read<T: DeserializeOwned>(&self, reply: &Reply) -> Result<T, Error> {
        serde_json::from_slice(&reply.body).map_err(|error| {
            let what = format!("answered other JSON than described: {}", quoted(&error.to_string()));
            self.unsure(self.bad_answer(&what))
        })
    }

    /// The same call for one page of 100.
    pub(crate) fn page(&self, number: usize) -> Self {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        Call { path: format!("{}{joint}per_page=100&page={number}", self.path), ..self.clone() }
    }
}
