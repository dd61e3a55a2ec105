//! What a server answered.
use http::Response;
use http_body_util::BodyExt;
use kube::client::Body;
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) date: String,
    /// What is no JSON is a string.
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) async fn read(response: Response<Body>) -> Self {
        let status = response.status().as_u16();
        let date = response.headers().get("date").map(|date| date.to_str().unwrap().to_owned()).unwrap_or_default();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Self { status, date, body }
    }

    /// The object, when it worked.
    pub(crate) fn ok(self) -> Value {
        assert!(matches!(self.status, 200..=202), "{self:#?}");
        self.body
    }

    /// The Status object, when it was refused like this.
    pub(crate) fn refused(self, code: u16, reason: &str) -> Value {
        assert_eq!(self.status, code, "{self:#?}");
        let status = &self.body;
        assert_eq!(
            (&status["kind"], &status["apiVersion"], &status["status"], &status["code"], &status["reason"]),
            (&"Status".into(), &"v1".into(), &"Failure".into(), &code.into(), &reason.into()),
            "{status:#}"
        );
        assert!(status["message"].as_str().is_some_and(|message| !message.is_empty()), "{status:#}");
        self.body
    }
}

/// What versions, names and other texts are compared by.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// The version of an object, which both clusters count.
pub(crate) fn version(object: &Value) -> &str {
    text(&object["metadata"]["resourceVersion"])
}

pub(crate) fn uid(object: &Value) -> &str {
    text(&object["metadata"]["uid"])
}

pub(crate) fn name(object: &Value) -> &str {
    text(&object["metadata"]["name"])
}

pub(crate) fn generation(object: &Value) -> i64 {
    object["metadata"]["generation"].as_i64().unwrap_or_else(|| panic!("no generation: {object:#}"))
}

/// A count that is left out when it is zero.
pub(crate) fn count(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

/// The condition of that type in a status, or null.
pub(crate) fn condition<'a>(object: &'a Value, kind: &str) -> &'a Value {
    let conditions = object["status"]["conditions"].as_array();
    conditions.into_iter().flatten().find(|condition| condition["type"] == kind).unwrap_or(&Value::Null)
}

/// Whether the condition holds.
pub(crate) fn holds(object: &Value, kind: &str) -> bool {
    condition(object, kind)["status"] == "True"
}
