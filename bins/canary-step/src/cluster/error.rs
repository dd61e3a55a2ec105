//! What can go wrong with a call, by what it means for whoever made it.
use std::fmt;

use serde_json::Value;

/// Why a call came to nothing, or may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// There is no such object.
    NotFound(String),
    /// The object is not the one that was read: read again.
    Conflict(String),
    /// There is one of that name.
    Exists(String),
    /// The server refuses the object; `causes` says whether it names fields.
    Invalid {
        /// What it says.
        text: String,
        /// Whether it names fields.
        causes: bool,
    },
    /// We may not.
    Forbidden(String),
    /// Not now: nothing was done.
    Busy(String),
    /// No answer, or half of one: it may have been done, or be done later.
    Lost(String),
    /// An answer that makes no sense.
    Odd(String),
}

impl ApiError {
    /// From the status of an answer and its body.
    pub(super) fn of_status(status: u16, body: &Value, what: &str) -> Self {
        let message = body.get("message").and_then(Value::as_str).unwrap_or("no message");
        let text = format!("{what}: {status}: {message}");
        match (status, body.get("reason").and_then(Value::as_str)) {
            (404, _) => Self::NotFound(text),
            (409, Some("AlreadyExists")) => Self::Exists(text),
            (409, _) => Self::Conflict(text),
            (400 | 422, _) => Self::Invalid { text, causes: names_fields(body) },
            (401 | 403, _) => Self::Forbidden(text),
            (429, _) => Self::Busy(text),
            // A server error is no promise that nothing was done.
            (500..=599, _) => Self::Lost(text),
            _ => Self::Odd(text),
        }
    }

    /// Whether the same may go well in a moment.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Lost(_) | Self::Conflict(_) | Self::Exists(_))
    }

    /// Whether a change that was answered so may have been made or be on its way.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Odd(_))
    }
}

/// A patch that does not apply has causes too, but only an object that makes no sense has fields that do not.
fn names_fields(body: &Value) -> bool {
    let causes = body.pointer("/details/causes").and_then(Value::as_array);
    let named = |cause: &Value| cause.get("field").and_then(Value::as_str).is_some_and(|field| !field.is_empty());
    causes.is_some_and(|causes| causes.iter().any(named))
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(text)
            | Self::Conflict(text)
            | Self::Exists(text)
            | Self::Invalid { text, .. }
            | Self::Forbidden(text)
            | Self::Busy(text)
            | Self::Lost(text)
            | Self::Odd(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_that_does_not_apply_names_no_field() {
        let check = |causes: Value, named: bool| {
            let body = json!({ "reason": "Invalid", "message": "m", "details": { "causes": causes } });
            let text = "PATCH /x: 422: m".to_owned();
            assert_eq!(ApiError::of_status(422, &body, "PATCH /x"), ApiError::Invalid { text, causes: named });
        };
        check(json!([{ "message": "testing value failed" }]), false);
        check(json!([{ "reason": "FieldValueInvalid", "message": "m", "field": "spec.replicas" }]), true);
        check(Value::Null, false);
    }
}
