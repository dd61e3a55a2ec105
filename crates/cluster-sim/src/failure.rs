//! What the API says when it says no: `Status` objects, worded as a real server words them.

use serde_json::{Value, json};

use crate::kinds::{Key, Kind};

/// An answer that is not a success.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: u16,
    reason: &'static str,
    message: String,
    details: Value,
}

impl Failure {
    fn new(code: u16, reason: &'static str, message: String) -> Self {
        Self { code, reason, message, details: Value::Null }
    }

    fn about(mut self, kind: Kind, name: &str) -> Self {
        let facts = kind.facts();
        let named = if self.code == 422 { facts.name } else { facts.plural };
        self.details = json!({ "name": name });
        if !facts.group.is_empty() {
            self.details["group"] = json!(facts.group);
        }
        self.details["kind"] = json!(named);
        self
    }

    pub(crate) fn not_found(kind: Kind, name: &str) -> Self {
        Self::new(404, "NotFound", format!("{} \"{name}\" not found", kind.resource())).about(kind, name)
    }

    pub(crate) fn exists(key: &Key) -> Self {
        let message = format!("{} \"{}\" already exists", key.kind.resource(), key.name);
        Self::new(409, "AlreadyExists", message).about(key.kind, &key.name)
    }

    /// Somebody else wrote in between.
    pub(crate) fn modified(key: &Key) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(key, why)
    }

    pub(crate) fn conflict(key: &Key, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{}\": {why}", key.kind.resource(), key.name);
        Self::new(409, "Conflict", message).about(key.kind, &key.name)
    }

    /// A field that makes no sense.
    pub(crate) fn invalid(kind: Kind, name: &str, field: &str, why: &str) -> Self {
        let facts = kind.facts();
        let described =
            if facts.group.is_empty() { facts.name.to_owned() } else { format!("{}.{}", facts.name, facts.group) };
        let reason = match why.split(':').next() {
            Some("Required value") => "FieldValueRequired",
            Some("Forbidden") => "FieldValueForbidden",
            Some("Unsupported value") => "FieldValueNotSupported",
            _ => "FieldValueInvalid",
        };
        let mut failure =
            Self::new(422, "Invalid", format!("{described} \"{name}\" is invalid: {field}: {why}")).about(kind, name);
        failure.details["causes"] = json!([{ "reason": reason, "message": why, "field": field }]);
        failure
    }

    /// A JSON patch that does not apply: a failed `test`, a path that is not there.
    pub(crate) fn patch(why: &str) -> Self {
        let mut failure =
            Self::new(422, "Invalid", "the server rejected our request due to an error in our request".to_owned());
        failure.details = json!({ "causes": [{ "message": why }] });
        failure
    }

    pub(crate) fn bad_request(why: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", why.into())
    }

    pub(crate) fn unsupported_media(given: &str) -> Self {
        Self::new(
            415,
            "UnsupportedMediaType",
            format!(
                "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json; not {given}"
            ),
        )
    }

    /// A pod that does not listen, seen through its proxy.
    pub(crate) fn unreachable(why: &str) -> Self {
        Self::new(503, "ServiceUnavailable", format!("error trying to reach service: {why}"))
    }

    /// A page that a pod does not have.
    pub(crate) fn no_page(page: &str) -> Self {
        Self::new(404, "NotFound", format!("the server could not find the requested resource: /{page}"))
    }

    /// What this cluster lacks and a real one has.
    pub(crate) fn lacking(what: &str) -> Self {
        Self::new(501, "NotImplemented", format!("the embedded cluster has no {what}"))
    }

    /// An answer that a fault makes up.
    pub(crate) fn injected(code: u16) -> Self {
        let (reason, message) = match code {
            409 => (
                "Conflict",
                "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again",
            ),
            422 => ("Invalid", "the server rejected our request due to an error in our request"),
            429 => ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
            403 => ("Forbidden", "forbidden: User \"system:serviceaccount:sim:driver\" cannot do this here"),
            503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
            _ => ("InternalError", "Internal error occurred: etcdserver: request timed out"),
        };
        let mut failure = Self::new(code, reason, message.to_owned());
        if code == 429 {
            failure.details = json!({ "retryAfterSeconds": 1 });
        }
        failure
    }

    /// The body.
    pub(crate) fn status(&self) -> Value {
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason,
        });
        if !self.details.is_null() {
            status["details"] = self.details.clone();
        }
        status["code"] = json!(self.code);
        status
    }
}
