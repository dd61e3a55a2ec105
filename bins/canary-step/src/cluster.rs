//! The API server: reads, watches, and raw writes. Everything that is written is raw JSON, so that fields which we do not know survive.
//!
//! Time is the server's: each answer's `Date` header sets the clock, and tokio's (which tests pause) carries it on.
mod connect;
mod error;
mod kind;
mod page;
mod watch;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Method, Request};
use kube::client::Body;
use serde_json::{Value, json};
use tokio::time::Instant;

pub(crate) use connect::connect;
pub use error::ApiError;
pub use kind::Kind;
pub(crate) use watch::Wakes;

use crate::record::ServerTime;

/// How long an answer may take; no change is sent with less of the lease left.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// An answer larger than this is refused: 64 MiB, what thousands of pods come to.
const ANSWER_LIMIT: usize = 64 << 20;

/// A namespace of a cluster, as one client sees it.
#[derive(Clone)]
pub struct Cluster {
    client: kube::Client,
    namespace: String,
    manager: String,
    clock: Arc<Mutex<Option<(ServerTime, Instant)>>>,
}

/// A change, as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Make this object.
    Create(Value),
    /// Put this object in the place of the one with its resourceVersion.
    Replace(Value),
    /// A JSON patch, whose `test`s are its preconditions.
    Patch(Value),
    /// Delete what has this uid.
    Delete {
        /// The uid.
        uid: String,
    },
}

impl Change {
    fn method(&self) -> Method {
        match self {
            Self::Create(_) => Method::POST,
            Self::Replace(_) => Method::PUT,
            Self::Patch(_) => Method::PATCH,
            Self::Delete { .. } => Method::DELETE,
        }
    }

    /// The verb, as reports show it.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Create(_) => "POST",
            Self::Replace(_) => "PUT",
            Self::Patch(_) => "PATCH",
            Self::Delete { .. } => "DELETE",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Create(body) | Self::Replace(body) | Self::Patch(body) => body.clone(),
            Self::Delete { uid } => json!({
                "apiVersion": "v1", "kind": "DeleteOptions",
                "preconditions": { "uid": uid }, "propagationPolicy": "Background",
            }),
        }
    }
}

impl Cluster {
    /// A namespace through a client; changes are made under the field manager `manager`.
    #[must_use]
    pub fn new(client: kube::Client, namespace: &str, manager: &str) -> Self {
        let clock = Arc::new(Mutex::new(None));
        Self { client, namespace: namespace.to_owned(), manager: manager.to_owned(), clock }
    }

    /// The namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The client, for what is read by other means.
    #[must_use]
    pub fn client(&self) -> &kube::Client {
        &self.client
    }

    /// The server's time, as far as any answer has told it.
    #[must_use]
    pub fn now(&self) -> ServerTime {
        let clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        clock.map_or(ServerTime(0), |(time, at)| ServerTime(time.0 + at.elapsed().as_secs()))
    }

    /// The path of a kind, or of one object of it.
    #[must_use]
    pub fn path(&self, kind: Kind, name: &str) -> String {
        let slash = if name.is_empty() { "" } else { "/" };
        format!("{}/namespaces/{}/{}{slash}{name}", kind.root(), self.namespace, kind.plural())
    }

    /// The object, or none.
    ///
    /// # Errors
    /// What the server or the way to it says, other than that there is no such object.
    pub async fn get(&self, kind: Kind, name: &str) -> Result<Option<Value>, ApiError> {
        match self.ask(Method::GET, self.path(kind, name), None).await {
            Ok(object) => Ok(Some(object)),
            Err(ApiError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All objects of a kind that have the labels of `selector` (empty for all), without their managed fields, and the
    /// resourceVersion of the list.
    ///
    /// # Errors
    /// What the server or the way to it says; half a list is none.
    pub async fn list(&self, kind: Kind, selector: &str) -> Result<(Vec<Value>, String), ApiError> {
        let query = if selector.is_empty() { String::new() } else { format!("?labelSelector={}", encoded(selector)) };
        self.listed(kind, &query).await
    }

    /// The events of pods that have this reason; none where this account may not read them.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn events(&self, reason: &str) -> Result<Vec<Value>, ApiError> {
        let fields = format!("involvedObject.kind=Pod,reason={reason}");
        match self.listed(Kind::Event, &format!("?fieldSelector={}", encoded(&fields))).await {
            Ok((events, _)) => Ok(events),
            Err(ApiError::Forbidden(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn listed(&self, kind: Kind, query: &str) -> Result<(Vec<Value>, String), ApiError> {
        let mut list = self.ask(Method::GET, format!("{}{query}", self.path(kind, "")), None).await?;
        if list.pointer("/metadata/continue").and_then(Value::as_str).is_some_and(|more| !more.is_empty()) {
            return Err(ApiError::Odd(format!("the list of {} was cut short", kind.plural())));
        }
        let version = list.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or("").to_owned();
        let Some(Value::Array(mut items)) = list.get_mut("items").map(Value::take) else {
            return Err(ApiError::Odd(format!("the list of {} has no items", kind.plural())));
        };
        for item in &mut items {
            trim(item);
        }
        Ok((items, version))
    }

    /// Sends a change; `dry` only asks what would come of it.
    ///
    /// # Errors
    /// What the server or the way to it says. A change without an answer may have been made, or be made later.
    pub async fn send(&self, kind: Kind, name: &str, (change, dry): (&Change, bool)) -> Result<Value, ApiError> {
        let name = if matches!(change, Change::Create(_)) { "" } else { name };
        let dry = if dry { "&dryRun=All" } else { "" };
        let query = match change {
            Change::Delete { .. } => String::new(),
            _ => format!("?fieldManager={}{dry}", encoded(&self.manager)),
        };
        let path = format!("{}{query}", self.path(kind, name));
        let patched = matches!(change, Change::Patch(_));
        match self.ask(change.method(), path, Some((change.body(), patched))).await {
            // A patch whose `test` fails is answered with 422, like an object that makes no sense, but without causes.
            Err(ApiError::Invalid { text, causes: false }) if patched => Err(ApiError::Conflict(text)),
            other => other,
        }
    }

    /// The end of a container's log; empty when there is none to be had.
    pub async fn log(&self, pod: &str, (container, previous): (&str, bool)) -> Vec<String> {
        let previous = if previous { "&previous=true" } else { "" };
        let query = format!("?container={}&tailLines=20&limitBytes=16384{previous}", encoded(container));
        let request = Request::get(format!("{}/log{query}", self.path(Kind::Pod, pod))).body(Body::empty());
        let Ok(request) = request else { return Vec::new() };
        match tokio::time::timeout(Duration::from_secs(3), self.answer(request)).await {
            Ok(Ok((200, bytes))) => String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    async fn ask(&self, method: Method, path: String, body: Option<(Value, bool)>) -> Result<Value, ApiError> {
        let what = format!("{method} {path}");
        let mut request = Request::builder().method(method).uri(path);
        let bytes = match body {
            None => Vec::new(),
            Some((body, patch)) => {
                let content = if patch { "application/json-patch+json" } else { "application/json" };
                request = request.header(http::header::CONTENT_TYPE, content);
                body.to_string().into_bytes()
            }
        };
        let request = request.body(Body::from(bytes)).map_err(|error| ApiError::Odd(format!("{what}: {error}")))?;
        let answered = tokio::time::timeout(TIMEOUT, self.answer(request)).await;
        let (status, bytes) = answered.map_err(|_| ApiError::Lost(format!("{what}: no answer within 10 s")))??;
        let value: Result<Value, _> = serde_json::from_slice(&bytes);
        match (status, value) {
            (200..=299, Ok(value)) => Ok(value),
            (200..=299, Err(error)) => Err(ApiError::Lost(format!("{what}: half an answer: {error}"))),
            (status, value) => Err(ApiError::of_status(status, &value.unwrap_or_default(), &what)),
        }
    }

    /// Status and body; sets the clock.
    async fn answer(&self, request: Request<Body>) -> Result<(u16, Vec<u8>), ApiError> {
        let response = self.client.send(request).await.map_err(|error| ApiError::Lost(told(&error)))?;
        self.hear(response.headers());
        let status = response.status().as_u16();
        let body = http_body_util::Limited::new(response.into_body(), ANSWER_LIMIT);
        let bytes = http_body_util::BodyExt::collect(body).await;
        let bytes = bytes.map_err(|error| ApiError::Lost(format!("half an answer: {error}")))?;
        Ok((status, bytes.to_bytes().to_vec()))
    }

    fn hear(&self, headers: &http::HeaderMap) {
        let date = headers.get(http::header::DATE).and_then(|date| date.to_str().ok());
        let time = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        let Some(seconds) = time.and_then(|time| u64::try_from(time.as_second()).ok()) else { return };
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some((ServerTime(seconds), Instant::now()));
    }
}

/// Leaves out what is long and never looked at.
fn trim(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
}

/// The value of a query parameter.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let next = cause.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        source = cause.source();
    }
    text
}
