//! Creating, replacing, patching, deleting: what is refused, and how that is said.
use serde_json::json;

use crate::ground::{CONFIGMAPS, DEPLOYMENTS, Ground};
use crate::manifests::{SECOND, configmap, deployment, unchanged_since};
use crate::reply::{name, text, uid, version};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(created_objects_have_an_identity),
        seen(what_is_there_is_not_created_again),
        seen(what_is_not_there_is_not_found),
        seen(a_stale_replacement_conflicts),
        seen(of_two_replacements_one_wins),
        seen(a_replacement_by_the_same_changes_nothing),
        seen(a_stale_test_of_a_json_patch_is_unprocessable),
        seen(a_json_patch_is_all_or_nothing),
        seen(a_json_patch_replaces_what_is_not_there),
        seen(a_stale_merge_patch_conflicts),
        seen(a_merge_patch_removes_by_null),
        seen(a_dry_run_gives_what_the_write_gives),
        seen(a_selector_is_not_changed),
        seen(a_configmap_has_a_limit),
        seen(a_deletion_has_preconditions),
        seen(every_answer_is_dated),
    ]
}

async fn created_objects_have_an_identity(ground: Ground) {
    let made = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    assert_eq!((name(&made), text(&made["metadata"]["namespace"])), ("record", ground.namespace.as_str()));
    assert_eq!((text(&made["kind"]), text(&made["apiVersion"])), ("ConfigMap", "v1"));
    assert_eq!(uid(&made).len(), 36);
    assert!(version(&made).parse::<u64>().is_ok_and(|version| version > 0));
    assert!(text(&made["metadata"]["creationTimestamp"]).ends_with('Z'));
    let path = ground.one(CONFIGMAPS, "record");
    let read = ground.get(&path).await.ok();
    assert_eq!((uid(&read), version(&read)), (uid(&made), version(&made)));
    ground.delete(&path, json!({})).await.ok();
    let again = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    assert_ne!(uid(&again), uid(&made));
}

async fn what_is_there_is_not_created_again(ground: Ground) {
    ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let refused = ground.try_create(CONFIGMAPS, configmap("record", "2")).await.refused(409, "AlreadyExists");
    assert_eq!(text(&refused["message"]), "configmaps \"record\" already exists");
    assert_eq!(refused["details"], json!({"name": "record", "kind": "configmaps"}));
}

async fn what_is_not_there_is_not_found(ground: Ground) {
    let path = ground.one(DEPLOYMENTS, "web");
    let refused = ground.get(&path).await.refused(404, "NotFound");
    assert_eq!(text(&refused["message"]), "deployments.apps \"web\" not found");
    assert_eq!(refused["details"], json!({"name": "web", "group": "apps", "kind": "deployments"}));
    ground.patch(&path, json!([])).await.refused(404, "NotFound");
    ground.delete(&path, json!({})).await.refused(404, "NotFound");
    ground.put(&ground.one(CONFIGMAPS, "record"), configmap("record", "1")).await.refused(404, "NotFound");
}

async fn a_stale_replacement_conflicts(ground: Ground) {
    let first = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = ground.one(CONFIGMAPS, "record");
    let mut second = first.clone();
    second["data"]["record"] = json!("2");
    let second = ground.put(&path, second).await.ok();
    assert_ne!(version(&second), version(&first));
    let refused = ground.put(&path, first).await.refused(409, "Conflict");
    assert!(text(&refused["message"]).contains("the object has been modified"), "{refused:#}");
    assert_eq!(ground.get(&path).await.ok()["data"]["record"], "2");
}

/// The record is written by compare-and-swap.
async fn of_two_replacements_one_wins(ground: Ground) {
    let base = ground.create(CONFIGMAPS, configmap("record", "0")).await;
    let path = ground.one(CONFIGMAPS, "record");
    let with = |value: &str| {
        let mut object = base.clone();
        object["data"]["record"] = json!(value);
        object
    };
    let (one, other) = tokio::join!(ground.put(&path, with("1")), ground.put(&path, with("2")));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let winner = if one.status == 200 { "1" } else { "2" };
    assert_eq!(ground.get(&path).await.ok()["data"]["record"], winner);
}

async fn a_replacement_by_the_same_changes_nothing(ground: Ground) {
    let made = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = ground.one(CONFIGMAPS, "record");
    let put = ground.put(&path, made.clone()).await.ok();
    assert_eq!(version(&put), version(&made));
    let merged = ground.merge(&path, json!({"data": {"record": "1"}})).await.ok();
    assert_eq!(version(&merged), version(&made));
}

/// A conflict that is not called one: 422, where a stale PUT is answered 409.
async fn a_stale_test_of_a_json_patch_is_unprocessable(ground: Ground) {
    let first = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = ground.one(CONFIGMAPS, "record");
    let change = |value: &str| json!({"op": "replace", "path": "/data/record", "value": value});
    let second = ground.patch(&path, unchanged_since(&first, change("2"))).await.ok();
    assert_eq!((&second["data"]["record"], uid(&second)), (&json!("2"), uid(&first)));
    ground.patch(&path, unchanged_since(&first, change("3"))).await.refused(422, "Invalid");
    assert_eq!(version(&ground.get(&path).await.ok()), version(&second));
}

async fn a_json_patch_is_all_or_nothing(ground: Ground) {
    let made = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = ground.one(CONFIGMAPS, "record");
    let change = json!({"op": "replace", "path": "/data/record", "value": "2"});
    for impossible in [
        json!({"op": "test", "path": "/data/record", "value": "1"}),
        json!({"op": "test", "path": "/data/missing", "value": "1"}),
        json!({"op": "remove", "path": "/data/missing"}),
        json!({"op": "replace", "path": "/spec/paused", "value": true}),
        json!({"op": "add", "path": "/metadata/labels/a", "value": "b"}),
    ] {
        let refused = ground.patch(&path, json!([change, impossible])).await;
        assert_eq!(refused.status, 422, "{impossible}: {refused:#?}");
    }
    assert_eq!(version(&ground.get(&path).await.ok()), version(&made));
    let operations = json!([
        {"op": "add", "path": "/metadata/labels", "value": {"a": "b"}},
        {"op": "add", "path": "/metadata/labels/dataflow.dev~1fence", "value": "7"},
        {"op": "remove", "path": "/data/record"},
    ]);
    let changed = ground.patch(&path, operations).await.ok();
    assert_eq!(changed["metadata"]["labels"], json!({"a": "b", "dataflow.dev/fence": "7"}));
    assert!(changed["data"]["record"].is_null());
}

/// Against RFC 6902; the server always was like that for members of an object, so a `replace` proves nothing about before.
async fn a_json_patch_replaces_what_is_not_there(ground: Ground) {
    ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let missing = json!([{"op": "replace", "path": "/data/missing", "value": "2"}]);
    let patched = ground.patch(&ground.one(CONFIGMAPS, "record"), missing).await.ok();
    assert_eq!(patched["data"], json!({"record": "1", "missing": "2"}));
}

async fn a_stale_merge_patch_conflicts(ground: Ground) {
    let first = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = ground.one(CONFIGMAPS, "record");
    let change = |value: &str| json!({"metadata": {"resourceVersion": version(&first)}, "data": {"record": value}});
    ground.merge(&path, change("2")).await.ok();
    ground.merge(&path, change("3")).await.refused(409, "Conflict");
    assert_eq!(ground.get(&path).await.ok()["data"]["record"], "2");
}

async fn a_merge_patch_removes_by_null(ground: Ground) {
    let mut object = configmap("record", "1");
    object["data"]["other"] = json!("kept");
    ground.create(CONFIGMAPS, object).await;
    let path = ground.one(CONFIGMAPS, "record");
    let merged = ground.merge(&path, json!({"data": {"record": null, "new": "3"}})).await.ok();
    assert_eq!(merged["data"], json!({"other": "kept", "new": "3"}));
}

/// What promotion is proved by: the template that the same write gave beforehand, defaults included.
async fn a_dry_run_gives_what_the_write_gives(ground: Ground) {
    let made = ground.create(DEPLOYMENTS, deployment("web", 1)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    // Without what the server fills in, and with a quantity that it writes its own way.
    let template = json!({
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{
            "name": "app", "image": SECOND, "resources": {"requests": {"cpu": "0.25", "memory": "64Mi"}},
            "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
        }]},
    });
    let read = ground.get(&path).await.ok();
    let replace = json!([{"op": "replace", "path": "/spec/template", "value": template}]);
    let promised = ground.patch(&format!("{path}?dryRun=All&fieldManager=canary-step"), replace.clone()).await.ok();
    let after = ground.get(&path).await.ok();
    assert_eq!((&after["spec"], uid(&after)), (&read["spec"], uid(&made)));
    let written = ground.patch(&format!("{path}?fieldManager=canary-step"), replace).await.ok();
    assert_eq!(written["spec"]["template"], promised["spec"]["template"]);
    let probe = &written["spec"]["template"]["spec"]["containers"][0]["readinessProbe"];
    assert_eq!((&probe["periodSeconds"], &probe["failureThreshold"]), (&json!(10), &json!(3)));
    let made = ground.try_dry_create(CONFIGMAPS, configmap("record", "1")).await;
    assert_eq!((made.status, made.body["data"]["record"].as_str()), (201, Some("1")));
    ground.get(&ground.one(CONFIGMAPS, "record")).await.refused(404, "NotFound");
}

async fn a_selector_is_not_changed(ground: Ground) {
    ground.create(DEPLOYMENTS, deployment("web", 1)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let operations = json!([
        {"op": "add", "path": "/spec/selector/matchLabels/track", "value": "stable"},
        {"op": "add", "path": "/spec/template/metadata/labels/track", "value": "stable"},
    ]);
    let refused = ground.patch(&path, operations).await.refused(422, "Invalid");
    assert!(text(&refused["message"]).contains("field is immutable"), "{refused:#}");
    let mut other = deployment("other", 1);
    other["spec"]["selector"]["matchLabels"]["track"] = json!("stable");
    ground.try_create(DEPLOYMENTS, other).await.refused(422, "Invalid");
}

/// 1 MiB, of which the record keeps clear.
async fn a_configmap_has_a_limit(ground: Ground) {
    ground.create(CONFIGMAPS, configmap("small", &"x".repeat(1_000_000))).await;
    ground.try_create(CONFIGMAPS, configmap("large", &"x".repeat(1_048_577))).await.refused(422, "Invalid");
}

async fn a_deletion_has_preconditions(ground: Ground) {
    let made = ground.create(CONFIGMAPS, configmap("record", "1")).await;
    let path = ground.one(CONFIGMAPS, "record");
    let other = json!({"preconditions": {"uid": "00000000-0000-4000-8000-000000000000"}});
    ground.delete(&path, other).await.refused(409, "Conflict");
    ground.merge(&path, json!({"data": {"record": "2"}})).await.ok();
    let stale = json!({"preconditions": {"uid": uid(&made), "resourceVersion": version(&made)}});
    ground.delete(&path, stale).await.refused(409, "Conflict");
    let now = ground.get(&path).await.ok();
    let fresh = json!({"preconditions": {"uid": uid(&now), "resourceVersion": version(&now)}});
    let deleted = ground.delete(&path, fresh).await.ok();
    assert_eq!((text(&deleted["kind"]), text(&deleted["status"])), ("Status", "Success"));
    assert_eq!(text(&deleted["details"]["uid"]), uid(&made));
    ground.get(&path).await.refused(404, "NotFound");
}

/// Server time is read from it.
async fn every_answer_is_dated(ground: Ground) {
    let first = ground.get(&ground.all(CONFIGMAPS)).await;
    ground.wait(2000).await;
    let second = ground.get(&ground.one(CONFIGMAPS, "nothing")).await;
    let seconds = |date: &str| {
        assert_eq!((date.len(), &date[25..]), (29, " GMT"), "{date}");
        let clock: Vec<i64> = date[17..25].split(':').map(|part| part.parse().unwrap()).collect();
        clock[0] * 3600 + clock[1] * 60 + clock[2]
    };
    let passed = (seconds(&second.date) - seconds(&first.date)).rem_euclid(86_400);
    assert!((1..=30).contains(&passed), "{} to {}", first.date, second.date);
}
