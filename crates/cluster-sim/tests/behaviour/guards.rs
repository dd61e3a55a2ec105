//! The dead-man switch: a Job without pods whose end takes along what it owns.
use serde_json::{Value, json};

use crate::ground::{CONFIGMAPS, DEPLOYMENTS, Ground, JOBS, PODS, REPLICA_SETS};
use crate::manifests::{configmap, deployment, guard, owned, unchanged_since};
use crate::reply::{condition, count, holds, text, uid};
use crate::rollouts::complete;
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(a_guard_starts_and_has_no_pods),
        seen(a_suspended_guard_does_not_start),
        seen(a_guard_ends_at_its_deadline_with_all_it_owns),
        seen(a_deadline_counts_from_the_start_and_may_be_moved),
        seen(a_guard_ends_when_its_deadline_is_moved_back),
        seen(a_patch_of_a_failed_guard_is_answered_as_any),
        seen(what_is_owned_by_nothing_is_collected),
        seen(an_orphan_stays),
        seen(a_guard_is_deleted_with_what_it_owns),
    ]
}

async fn started(ground: &Ground, name: &str, deadline: u32) -> Value {
    ground.create(JOBS, guard(name, deadline)).await;
    ground.until("start", &ground.one(JOBS, name), |job| job["status"]["startTime"].is_string()).await
}

/// A canary that the guard owns, rolled out.
async fn canary(ground: &Ground, guard: &Value) -> Value {
    let made = ground.create(DEPLOYMENTS, owned(deployment("web-canary", 2), guard)).await;
    assert!(made["metadata"]["ownerReferences"][0]["blockOwnerDeletion"].is_null(), "{made:#}");
    ground.until("canary", &ground.one(DEPLOYMENTS, "web-canary"), |web| complete(web, 2)).await
}

/// Waits until guard, canary, sets and pods are gone.
async fn all_gone(ground: &Ground, name: &str) {
    ground.until("end of the guard", &ground.one(JOBS, name), |job| job["code"] == 404).await;
    ground.until("end of the canary", &ground.one(DEPLOYMENTS, "web-canary"), |web| web["code"] == 404).await;
    ground.until_none(REPLICA_SETS, "app=web-canary").await;
    ground.until_none(PODS, "app=web-canary").await;
}

async fn a_guard_starts_and_has_no_pods(ground: Ground) {
    let job = started(&ground, "guard", 3600).await;
    ground.wait(1000).await;
    let after = ground.get(&ground.one(JOBS, "guard")).await.ok();
    assert_eq!(after["status"]["startTime"], job["status"]["startTime"]);
    assert!(after["status"]["conditions"].as_array().is_none_or(Vec::is_empty), "{after:#}");
    assert_eq!((count(&after["status"]["active"]), count(&after["status"]["succeeded"])), (0, 0));
    assert_eq!((&after["spec"]["parallelism"], &after["spec"]["completions"]), (&json!(0), &json!(1)));
    assert!(ground.list(PODS, "job-name=guard").await.is_empty());
    ground.try_create(JOBS, guard("guard", 3600)).await.refused(409, "AlreadyExists");
}

/// As a queue or a policy leaves it.
async fn a_suspended_guard_does_not_start(ground: Ground) {
    let mut object = guard("guard", 1);
    object["spec"]["suspend"] = json!(true);
    ground.create(JOBS, object).await;
    let path = ground.one(JOBS, "guard");
    ground.until("suspension", &path, |job| holds(job, "Suspended")).await;
    ground.wait(2500).await;
    let job = ground.get(&path).await.ok();
    assert!(job["status"]["startTime"].is_null() && !holds(&job, "Failed"), "{job:#}");
}

async fn a_guard_ends_at_its_deadline_with_all_it_owns(ground: Ground) {
    let job = started(&ground, "guard", 3).await;
    canary(&ground, &job).await;
    ground.create(CONFIGMAPS, configmap("not-owned", "1")).await;
    all_gone(&ground, "guard").await;
    ground.get(&ground.one(CONFIGMAPS, "not-owned")).await.ok();
}

async fn a_deadline_counts_from_the_start_and_may_be_moved(ground: Ground) {
    let job = started(&ground, "guard", 2).await;
    let path = ground.one(JOBS, "guard");
    let later = json!({"op": "replace", "path": "/spec/activeDeadlineSeconds", "value": 3600});
    let fresh = ground.get(&path).await.ok();
    let moved = ground.patch(&path, unchanged_since(&fresh, later)).await.ok();
    assert_eq!(count(&moved["spec"]["activeDeadlineSeconds"]), 3600);
    ground.wait(3500).await;
    let after = ground.get(&path).await.ok();
    assert_eq!((uid(&after), &after["status"]["startTime"]), (uid(&job), &job["status"]["startTime"]));
    assert!(!holds(&after, "Failed"), "{after:#}");
}

/// How an abort takes everything away: the deadline is in the past.
async fn a_guard_ends_when_its_deadline_is_moved_back(ground: Ground) {
    let job = started(&ground, "guard", 3600).await;
    canary(&ground, &job).await;
    ground.wait(1500).await;
    let path = ground.one(JOBS, "guard");
    ground.merge(&path, json!({"spec": {"activeDeadlineSeconds": 1}})).await.ok();
    all_gone(&ground, "guard").await;
}

/// So an extension that was accepted proves nothing: the conditions in the answer do.
async fn a_patch_of_a_failed_guard_is_answered_as_any(ground: Ground) {
    let mut object = guard("guard", 1);
    object["spec"].as_object_mut().unwrap().remove("ttlSecondsAfterFinished");
    ground.create(JOBS, object).await;
    let path = ground.one(JOBS, "guard");
    let failed = ground.until("failure", &path, |job| holds(job, "Failed")).await;
    assert_eq!(text(&condition(&failed, "Failed")["reason"]), "DeadlineExceeded");
    let patched = ground.merge(&path, json!({"spec": {"activeDeadlineSeconds": 3600}})).await;
    assert_eq!(patched.status, 200);
    assert!(holds(&patched.body, "Failed"));
    ground.wait(1000).await;
    assert!(holds(&ground.get(&path).await.ok(), "Failed"));
}

/// A canary that is written after its guard has gone does not stay.
async fn what_is_owned_by_nothing_is_collected(ground: Ground) {
    let job = started(&ground, "guard", 3600).await;
    let path = ground.one(JOBS, "guard");
    ground.delete(&path, json!({"propagationPolicy": "Background"})).await.ok();
    ground.until("end of the guard", &path, |job| job["code"] == 404).await;
    ground.create(DEPLOYMENTS, owned(deployment("web-canary", 1), &job)).await;
    all_gone(&ground, "guard").await;
}

async fn an_orphan_stays(ground: Ground) {
    let job = started(&ground, "guard", 3600).await;
    ground.create(CONFIGMAPS, owned(configmap("owned", "1"), &job)).await;
    let path = ground.one(JOBS, "guard");
    ground.delete(&path, json!({"propagationPolicy": "Orphan"})).await.ok();
    ground.until("end of the guard", &path, |job| job["code"] == 404).await;
    let orphaned = |object: &Value| object["metadata"]["ownerReferences"].as_array().is_none_or(Vec::is_empty);
    ground.until("orphan", &ground.one(CONFIGMAPS, "owned"), orphaned).await;
    ground.wait(1000).await;
    ground.get(&ground.one(CONFIGMAPS, "owned")).await.ok();
}

async fn a_guard_is_deleted_with_what_it_owns(ground: Ground) {
    let job = started(&ground, "guard", 3600).await;
    canary(&ground, &job).await;
    let options = json!({"propagationPolicy": "Background", "preconditions": {"uid": uid(&job)}});
    ground.delete(&ground.one(JOBS, "guard"), options).await.ok();
    all_gone(&ground, "guard").await;
}
