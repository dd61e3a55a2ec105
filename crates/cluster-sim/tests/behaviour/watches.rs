//! Watches: what happened after a version, in order, by labels, and how they end.
use std::time::Duration;

use http::Request;
use http_body_util::BodyExt;
use kube::client::Body;
use serde_json::{Value, json};

use crate::ground::{CONFIGMAPS, DEPLOYMENTS, Ground};
use crate::manifests::{configmap, deployment};
use crate::reply::{count, name, text, version};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(a_watch_goes_on_from_a_list),
        seen(a_watch_without_a_version_begins_with_what_is_there),
        seen(a_watch_by_labels_sees_objects_come_and_go),
        seen(a_watch_ends_in_time_after_a_bookmark),
        seen(a_watch_of_one_name_sees_no_other),
        seen(a_rollout_is_seen_by_a_watch),
    ]
}

/// A stream of events.
struct Watch {
    body: Body,
    read: Vec<u8>,
}

impl Watch {
    async fn of(ground: &Ground, resource: &str, query: &str) -> Self {
        let path = format!("{}?watch=true&{query}", ground.all(resource));
        let response = ground.client.send(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        Self { body: response.into_body(), read: Vec::new() }
    }

    /// The next event, none when the server has ended the watch.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).unwrap());
            }
            let frame = tokio::time::timeout(Duration::from_secs(60), self.body.frame()).await.unwrap();
            self.read.extend_from_slice(frame?.unwrap().data_ref()?);
        }
    }

    /// The next events as `ADDED name`.
    async fn told(&mut self, number: usize) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..number {
            let event = self.next().await.unwrap();
            told.push(format!("{} {}", text(&event["type"]), name(&event["object"])));
        }
        told
    }
}

async fn a_watch_goes_on_from_a_list(ground: Ground) {
    ground.create(CONFIGMAPS, configmap("before", "1")).await;
    let list = ground.get(&format!("{}?labelSelector=a%3Db", ground.all(CONFIGMAPS))).await.ok();
    let mut object = configmap("record", "1");
    object["metadata"]["labels"] = json!({"a": "b"});
    let made = ground.create(CONFIGMAPS, object).await;
    let path = ground.one(CONFIGMAPS, "record");
    let query = format!("labelSelector=a%3Db&resourceVersion={}", version(&list));
    let mut watch = Watch::of(&ground, CONFIGMAPS, &query).await;
    let added = watch.next().await.unwrap();
    assert_eq!((text(&added["type"]), version(&added["object"])), ("ADDED", version(&made)));
    assert_eq!(text(&added["object"]["kind"]), "ConfigMap");
    let changed = ground.merge(&path, json!({"data": {"record": "2"}})).await.ok();
    let modified = watch.next().await.unwrap();
    assert_eq!((text(&modified["type"]), version(&modified["object"])), ("MODIFIED", version(&changed)));
    ground.delete(&path, json!({})).await.ok();
    let deleted = watch.next().await.unwrap();
    assert_eq!((text(&deleted["type"]), name(&deleted["object"])), ("DELETED", "record"));
    // With the version of the deletion, from which a watch may go on.
    let number = |object: &Value| version(object).parse::<u64>().unwrap();
    assert!(number(&deleted["object"]) > number(&changed));
}

async fn a_watch_without_a_version_begins_with_what_is_there(ground: Ground) {
    ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let query = "fieldSelector=metadata.name%3Drecord";
    let mut watch = Watch::of(&ground, CONFIGMAPS, query).await;
    assert_eq!(watch.told(1).await, ["ADDED record"]);
    ground.merge(&ground.one(CONFIGMAPS, "record"), json!({"data": {"record": "2"}})).await.ok();
    assert_eq!(watch.told(1).await, ["MODIFIED record"]);
}

/// One that no longer has the labels is as good as deleted.
async fn a_watch_by_labels_sees_objects_come_and_go(ground: Ground) {
    let list = ground.get(&ground.all(CONFIGMAPS)).await.ok();
    let query = format!("labelSelector=track%3Dcanary&resourceVersion={}", version(&list));
    let mut watch = Watch::of(&ground, CONFIGMAPS, &query).await;
    ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = ground.one(CONFIGMAPS, "record");
    ground.merge(&path, json!({"metadata": {"labels": {"track": "canary"}}})).await.ok();
    ground.merge(&path, json!({"data": {"record": "2"}})).await.ok();
    ground.merge(&path, json!({"metadata": {"labels": {"track": "stable"}}})).await.ok();
    ground.merge(&path, json!({"data": {"record": "3"}})).await.ok();
    ground.merge(&path, json!({"metadata": {"labels": {"track": "canary"}}})).await.ok();
    assert_eq!(watch.told(4).await, ["ADDED record", "MODIFIED record", "DELETED record", "ADDED record"]);
}

async fn a_watch_ends_in_time_after_a_bookmark(ground: Ground) {
    let list = ground.get(&ground.all(DEPLOYMENTS)).await.ok();
    let query = format!("allowWatchBookmarks=true&timeoutSeconds=4&resourceVersion={}", version(&list));
    let mut watch = Watch::of(&ground, DEPLOYMENTS, &query).await;
    let mut paused = deployment("web", 0);
    paused["spec"]["paused"] = json!(true);
    let made = ground.create(DEPLOYMENTS, paused).await;
    let mut events = Vec::new();
    while let Some(event) = watch.next().await {
        events.push(event);
    }
    assert_eq!(text(&events[0]["type"]), "ADDED");
    let bookmark = events.last().unwrap();
    assert_eq!((text(&bookmark["type"]), text(&bookmark["object"]["kind"])), ("BOOKMARK", "Deployment"));
    let number = |object: &Value| version(object).parse::<u64>().unwrap();
    assert!(number(&bookmark["object"]) >= number(&made), "{bookmark:#}");
    // Nothing else of the object is in it.
    assert!(bookmark["object"]["metadata"]["name"].is_null(), "{bookmark:#}");
}

async fn a_watch_of_one_name_sees_no_other(ground: Ground) {
    let list = ground.get(&ground.all(CONFIGMAPS)).await.ok();
    let query = format!("fieldSelector=metadata.name%3Dsecond&resourceVersion={}", version(&list));
    let mut watch = Watch::of(&ground, CONFIGMAPS, &query).await;
    ground.create(CONFIGMAPS, configmap("first", "1")).await;
    ground.create(CONFIGMAPS, configmap("second", "1")).await;
    assert_eq!(watch.told(1).await, ["ADDED second"]);
    let listed = ground.get(&format!("{}?fieldSelector=metadata.name%3Dfirst", ground.all(CONFIGMAPS))).await.ok();
    assert_eq!(listed["items"].as_array().unwrap().iter().map(name).collect::<Vec<_>>(), ["first"]);
}

/// The driver never polls: a count that changes is an event.
async fn a_rollout_is_seen_by_a_watch(ground: Ground) {
    let list = ground.get(&ground.all(DEPLOYMENTS)).await.ok();
    let mut watch = Watch::of(&ground, DEPLOYMENTS, &format!("resourceVersion={}", version(&list))).await;
    ground.create(DEPLOYMENTS, deployment("web", 3)).await;
    let mut last = 0;
    while last < 3 {
        let event = watch.next().await.unwrap();
        let ready = count(&event["object"]["status"]["readyReplicas"]);
        assert!(ready >= last, "{event:#}");
        last = ready;
    }
}
