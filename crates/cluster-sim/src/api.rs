//! One request in, one answer out: verbs over the store.

use std::fmt::Write;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::json::{has, int, text};
use crate::kinds::{Key, Kind};
use crate::route::{self, Query, Route};
use crate::selector::Selector;
use crate::state::{Happening, State};
use crate::watch::{Scope, WatchBody, Watcher};
use crate::write::{self, Deletion, Part, Propagation};
use crate::{patch, pods, traffic};

/// A request with its body read.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) client: u64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) content: String,
    pub(crate) body: Bytes,
}

impl Request {
    /// The body as JSON; null when it is empty.
    pub(crate) fn json(&self) -> Result<Value, Failure> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| Failure::bad_request(format!("couldn't get version/kind; json parse error: {error}")))
    }
}

/// What comes back.
#[derive(Debug)]
pub(crate) enum Answer {
    Object(u16, Arc<Value>),
    /// A JSON text that is ready.
    Json(String),
    Text(String),
    Watch(WatchBody),
}

impl Answer {
    fn ok(value: Value) -> Self {
        Self::Object(200, Arc::new(value))
    }
}

/// The objects that a request is about.
struct Target {
    kind: Kind,
    namespace: String,
    name: Option<String>,
    sub: String,
    query: Query,
}

impl Target {
    fn key(&self) -> Key {
        Key::new(self.kind, &self.namespace, self.name.as_deref().unwrap_or(""))
    }

    fn dry(&self) -> Result<bool, Failure> {
        match self.query.get("dryRun") {
            "" => Ok(false),
            "All" => Ok(true),
            other => {
                Err(Failure::bad_request(format!("dryRun: Unsupported value: {other:?}: supported values: \"All\"")))
            }
        }
    }

    fn part(&self) -> Result<Part, Failure> {
        let scales = matches!(self.kind, Kind::Deployment | Kind::ReplicaSet);
        match self.sub.as_str() {
            "" => Ok(Part::Whole),
            "status" if self.kind.facts().status => Ok(Part::Status),
            "scale" if scales => Ok(Part::Scale),
            other => Err(Failure::lacking(&format!("subresource {other} of {}", self.kind.resource()))),
        }
    }
}

/// Answers a request.
pub(crate) fn answer(state: &mut State, request: &Request) -> Result<Answer, Failure> {
    let query = Query::parse(&request.query);
    let target = match route::parse(&request.path)? {
        Route::Version => {
            return Ok(Answer::ok(
                json!({ "major": "1", "minor": "37", "gitVersion": "v1.37.0+embedded", "platform": "none" }),
            ));
        }
        Route::AccessReview => return access(state, request),
        Route::Objects { kind, namespace, name, sub } => Target { kind, namespace, name, sub, query },
    };
    match (request.method.as_str(), target.name.is_some()) {
        ("GET", false) if target.query.is_true("watch") => watch(state, &target, request.client),
        ("GET", false) => list(state, &target),
        ("GET", true) => get(state, &target),
        ("POST", false) => {
            let made = write::create(state, (target.kind, &target.namespace), request.json()?, target.dry()?)?;
            Ok(Answer::Object(201, made))
        }
        ("PUT", true) => {
            let written = write::update(state, &target.key(), request.json()?, (target.part()?, target.dry()?))?;
            written_part(&target, written)
        }
        ("PATCH", true) => patch_object(state, &target, request),
        ("DELETE", true) if target.sub.is_empty() => delete(state, &target, request).map(Answer::ok),
        (method, _) => Err(Failure::lacking(&format!("{method} on {}", request.path))),
    }
}

/// A fixed answer: everything is allowed but what [`crate::Cluster::deny`] named.
fn access(state: &State, request: &Request) -> Result<Answer, Failure> {
    let mut review = request.json()?;
    let asked = |field: &str| text(&review, &format!("/spec/resourceAttributes/{field}")).to_owned();
    let (verb, mut resource) = (asked("verb"), asked("resource"));
    if !asked("subresource").is_empty() {
        resource = format!("{resource}/{}", asked("subresource"));
    }
    let denied = state.denied.iter().any(|(v, r)| *v == verb && *r == resource);
    review["status"] = json!({ "allowed": !denied });
    Ok(Answer::Object(201, Arc::new(review)))
}

fn scope(target: &Target) -> Result<Scope, Failure> {
    let parse = |name: &str| Selector::parse(target.query.get(name)).map_err(Failure::bad_request);
    let (labels, fields) = (parse("labelSelector")?, parse("fieldSelector")?);
    let known: &[&str] = match target.kind {
        Kind::Pod => &["metadata.name", "metadata.namespace", "status.phase", "spec.nodeName"],
        Kind::Event => &[
            "metadata.name",
            "metadata.namespace",
            "involvedObject.name",
            "involvedObject.kind",
            "involvedObject.uid",
            "reason",
            "type",
        ],
        _ => &["metadata.name", "metadata.namespace"],
    };
    if let Some(field) = fields.keys().find(|key| !known.contains(key)) {
        return Err(Failure::bad_request(format!("field label not supported: {field}")));
    }
    Ok(Scope { kind: target.kind, namespace: target.namespace.clone(), labels, fields })
}

/// At most so many objects at once when the client asks for a limit; the rest continues after the last name.
fn list(state: &State, target: &Target) -> Result<Answer, Failure> {
    let scope = scope(target)?;
    let limit = target.query.number("limit").filter(|limit| *limit > 0).unwrap_or(u64::MAX);
    let after = target.query.get("continue");
    let mut metadata = json!({ "resourceVersion": state.store.version().to_string() });
    let found = state.store.list(target.kind, &target.namespace);
    let (mut items, mut count, mut last) = (String::new(), 0, None);
    for (key, object) in found.filter(|(key, object)| scope.covers(key, object) && key.name.as_str() > after) {
        if count == limit {
            metadata["continue"] = json!(last);
            break;
        }
        write_item(&mut items, object);
        (count, last) = (count + 1, Some(&key.name));
    }
    let (name, version) = (target.kind.facts().name, target.kind.api_version());
    Ok(Answer::Json(format!(
        "{{\"kind\":\"{name}List\",\"apiVersion\":\"{version}\",\"metadata\":{metadata},\"items\":[{items}]}}"
    )))
}

/// Adds an item to a list; items carry no kind of their own. Written by hand, since lists are what is asked for most.
fn write_item(items: &mut String, object: &Value) {
    items.push_str(if items.is_empty() { "{" } else { ",{" });
    let fields =
        object.as_object().into_iter().flatten().filter(|(name, _)| !matches!(name.as_str(), "apiVersion" | "kind"));
    for (index, (name, value)) in fields.enumerate() {
        let comma = if index == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(items, "{comma}\"{name}\":{value}");
    }
    items.push('}');
}

fn watch(state: &mut State, target: &Target, client: u64) -> Result<Answer, Failure> {
    if target.query.is_true("sendInitialEvents") {
        return Err(Failure::lacking("streaming lists (sendInitialEvents)"));
    }
    let scope = scope(target)?;
    let since = match target.query.get("resourceVersion") {
        "" | "0" => None,
        version => {
            Some(version.parse().map_err(|_| Failure::bad_request(format!("invalid resource version {version:?}")))?)
        }
    };
    let id = state.id();
    let (watcher, body) = Watcher::new(id, client, scope, target.query.is_true("allowWatchBookmarks"));
    if watcher.bookmarks {
        state.soon(State::BOOKMARKS, Happening::Bookmark(id));
    }
    if let Some(seconds) = target.query.number("timeoutSeconds") {
        state.soon(i64::try_from(seconds).unwrap_or(i64::MAX / 2000) * 1000, Happening::EndWatch(id));
    }
    Ok(Answer::Watch(Watcher::open(&mut state.store, since, watcher, body)))
}

fn get(state: &mut State, target: &Target) -> Result<Answer, Failure> {
    if target.kind == Kind::Pod {
        let (pod, port) = target
            .name
            .as_deref()
            .and_then(|name| name.split_once(':'))
            .unwrap_or((target.name.as_deref().unwrap_or(""), ""));
        let key = Key::new(Kind::Pod, &target.namespace, pod);
        if let Some(page) = target.sub.strip_prefix("proxy/") {
            return traffic::page(state, &key, port, page).map(Answer::Text);
        }
        if target.sub == "log" {
            return pods::log(state, &key, &target.query).map(Answer::Text);
        }
    }
    let part = target.part()?;
    let key = target.key();
    let object = state.get(&key).ok_or_else(|| Failure::not_found(key.kind, &key.name))?;
    Ok(Answer::Object(200, if part == Part::Scale { Arc::new(scale(&object)) } else { object }))
}

/// The `Scale` of something that has replicas.
fn scale(object: &Value) -> Value {
    let metadata = &object["metadata"];
    let mut scale = json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": metadata["name"], "namespace": metadata["namespace"], "uid": metadata["uid"],
            "resourceVersion": metadata["resourceVersion"], "creationTimestamp": metadata["creationTimestamp"],
        },
        "spec": {}, "status": { "replicas": int(object, "/status/replicas", 0) },
    });
    if int(object, "/spec/replicas", 0) != 0 {
        scale["spec"]["replicas"] = object["spec"]["replicas"].clone();
    }
    if let Some(selector) = Selector::of_spec(object.pointer("/spec/selector")) {
        scale["status"]["selector"] = json!(selector.to_string());
    }
    scale
}

fn written_part(target: &Target, written: Arc<Value>) -> Result<Answer, Failure> {
    let scaled = target.part()? == Part::Scale;
    Ok(Answer::Object(200, if scaled { Arc::new(scale(&written)) } else { written }))
}

fn patch_object(state: &mut State, target: &Target, request: &Request) -> Result<Answer, Failure> {
    let (key, part) = (target.key(), target.part()?);
    let change = request.json()?;
    let before = state.get(&key).ok_or_else(|| Failure::not_found(key.kind, &key.name))?;
    let mut after = if part == Part::Scale { scale(&before) } else { (*before).clone() };
    match request.content.split(';').next().unwrap_or("").trim() {
        "application/json-patch+json" => patch::json(&mut after, change)?,
        "application/merge-patch+json" => {
            json_patch::merge(&mut after, &change);
            // A missing version means: whatever it is by now.
            if part == Part::Whole && !has(&after, "/metadata/resourceVersion") {
                crate::json::set_meta(&mut after, "resourceVersion", before["metadata"]["resourceVersion"].clone());
            }
        }
        "application/strategic-merge-patch+json" => return Err(Failure::lacking("strategic merge patch")),
        "application/apply-patch+yaml" => return Err(Failure::lacking("server-side apply")),
        other => return Err(Failure::unsupported_media(other)),
    }
    let written = write::update(state, &key, after, (part, target.dry()?))?;
    written_part(target, written)
}

fn delete(state: &mut State, target: &Target, request: &Request) -> Result<Value, Failure> {
    let options = request.json()?;
    let owned = |pointer: &str| Some(text(&options, pointer).to_owned()).filter(|text| !text.is_empty());
    let asked = match target.query.get("propagationPolicy") {
        "" => text(&options, "/propagationPolicy"),
        asked => asked,
    };
    let propagation = match asked {
        "" => None,
        "Background" => Some(Propagation::Background),
        "Foreground" => Some(Propagation::Foreground),
        "Orphan" => Some(Propagation::Orphan),
        other => return Err(Failure::bad_request(format!("propagationPolicy: Unsupported value: {other:?}"))),
    };
    let grace = target.query.number("gracePeriodSeconds").and_then(|seconds| i64::try_from(seconds).ok());
    let how = Deletion {
        uid: owned("/preconditions/uid"),
        version: owned("/preconditions/resourceVersion"),
        propagation,
        grace: options.get("gracePeriodSeconds").and_then(Value::as_i64).or(grace),
        dry: target.dry()? || has(&options, "/dryRun"),
    };
    write::delete(state, &target.key(), &how)
}
