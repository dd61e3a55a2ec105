//! Watches that only wake: what has changed is then read as a whole, so that nothing is ever decided on half a picture.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use http::Request;
use http_body_util::BodyExt as _;
use kube::client::Body;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::{Cluster, Kind};

/// The kinds whose changes matter while a rollout waits.
const KINDS: [Kind; 4] = [Kind::Pod, Kind::Deployment, Kind::Job, Kind::HorizontalPodAutoscaler];
/// How long to wait before a watch that ended is opened again: a server that ends them at once is not to be pressed.
const AGAIN: Duration = Duration::from_secs(1);
/// A line of a watch longer than this is not an object of ours.
const LINE_LIMIT: usize = 4 << 20;

/// Open watches; they end when this is dropped.
pub(crate) struct Wakes {
    woken: Arc<Notify>,
    tasks: Vec<JoinHandle<()>>,
}

impl Wakes {
    /// Opens the watches.
    pub(crate) fn open(cluster: &Cluster) -> Self {
        let woken = Arc::new(Notify::new());
        let tasks = KINDS.map(|kind| tokio::spawn(follow(cluster.clone(), kind, woken.clone())));
        Self { woken, tasks: tasks.into() }
    }

    /// Waits until something that matters has changed since the last call.
    pub(crate) async fn changed(&self) {
        self.woken.notified().await;
    }
}

impl Drop for Wakes {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Lists and watches, for ever. Each new list wakes: something may have happened in between.
async fn follow(cluster: Cluster, kind: Kind, woken: Arc<Notify>) {
    loop {
        if let Ok((items, version)) = cluster.list(kind, "").await {
            let mut seen: HashMap<String, String> =
                items.iter().map(|item| (uid(item).to_owned(), relevant(kind, item))).collect();
            woken.notify_one();
            watch(&cluster, (kind, &version), &mut |change, object| {
                if is_news((kind, change), object, &mut seen) {
                    woken.notify_one();
                }
            })
            .await;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// One watch, to its end.
async fn watch(cluster: &Cluster, (kind, version): (Kind, &str), each: &mut impl FnMut(&str, &Value)) {
    let query = format!("?watch=true&allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion={version}");
    let Ok(request) = Request::get(format!("{}{query}", cluster.path(kind, ""))).body(Body::empty()) else { return };
    let Ok(Ok(response)) = tokio::time::timeout(super::TIMEOUT, cluster.client.send(request)).await else { return };
    if !response.status().is_success() {
        return;
    }
    let mut stream = response.into_body().into_data_stream();
    let mut rest: Vec<u8> = Vec::new();
    while let Some(Ok(bytes)) = stream.next().await {
        rest.extend_from_slice(&bytes);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            let Ok(event) = serde_json::from_slice::<Value>(&line) else { return };
            match (event.get("type").and_then(Value::as_str), event.get("object")) {
                (Some("BOOKMARK"), _) => {}
                (Some(change @ ("ADDED" | "MODIFIED" | "DELETED")), Some(object)) => each(change, object),
                // Among them ERROR, with 410 when the version is too old: list again.
                _ => return,
            }
        }
        if rest.len() > LINE_LIMIT {
            return;
        }
    }
}

fn is_news((kind, change): (Kind, &str), object: &Value, seen: &mut HashMap<String, String>) -> bool {
    if change == "DELETED" {
        seen.remove(uid(object));
        return true;
    }
    let now = relevant(kind, object);
    seen.insert(uid(object).to_owned(), now.clone()).is_none_or(|before| before != now)
}

fn uid(object: &Value) -> &str {
    object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or("")
}

/// The part of an object whose changes matter: an autoscaler's status changes four times a minute.
fn relevant(kind: Kind, object: &Value) -> String {
    let part = |pointer: &str| object.pointer(pointer).map(Value::to_string).unwrap_or_default();
    let leaving = part("/metadata/deletionTimestamp");
    match kind {
        Kind::HorizontalPodAutoscaler => part("/spec"),
        _ => format!("{leaving}{}{}{}", part("/metadata/generation"), part("/metadata/labels"), part("/status")),
    }
}
