//! One Deployment held half-way: its start and its abort are one patch each.
use serde_json::{Value, json};

use crate::ground::{DEPLOYMENTS, Ground, PODS, REPLICA_SETS};
use crate::manifests::{SECOND, deployment};
use crate::reply::{count, holds, uid};
use crate::rollouts::{complete, rolled_out};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(a_share_is_held_by_readiness_that_never_counts),
        seen(a_held_share_is_taken_back),
        seen(a_held_share_goes_on),
    ]
}

/// The new pods are ready, get traffic, and are not available, so the rollout waits.
fn held(surge: u32) -> Value {
    json!([
        {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": SECOND},
        {"op": "add", "path": "/spec/minReadySeconds", "value": 7200},
        {"op": "add", "path": "/spec/progressDeadlineSeconds", "value": 14400},
        {"op": "add", "path": "/spec/strategy/rollingUpdate", "value": {"maxSurge": surge, "maxUnavailable": 0}},
    ])
}

/// What every state has to keep to.
fn stable(web: &Value) {
    assert!(count(&web["status"]["availableReplicas"]) >= 4, "{:#}", web["status"]);
}

async fn held_at(ground: &Ground, surge: u32) -> Value {
    let web = rolled_out(ground, deployment("web", 4)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.patch(&path, held(surge)).await.ok();
    let share = |web: &Value| {
        stable(web);
        count(&web["status"]["updatedReplicas"]) == i64::from(surge)
            && count(&web["status"]["readyReplicas"]) == 4 + i64::from(surge)
    };
    ground.until("share", &path, share).await;
    web
}

async fn a_share_is_held_by_readiness_that_never_counts(ground: Ground) {
    held_at(&ground, 2).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.wait(1500).await;
    let web = ground.get(&path).await.ok();
    stable(&web);
    assert_eq!(count(&web["status"]["updatedReplicas"]), 2);
    let images = |pods: &[Value]| pods.iter().filter(|pod| pod["spec"]["containers"][0]["image"] == SECOND).count();
    let pods = ground.list(PODS, "app=web").await;
    assert_eq!((pods.len(), images(&pods)), (6, 2));
    assert!(pods.iter().all(|pod| holds(pod, "Ready")));
    // A larger share is a larger surge.
    ground.merge(&path, json!({"spec": {"strategy": {"rollingUpdate": {"maxSurge": 3}}}})).await.ok();
    let three = |web: &Value| {
        stable(web);
        count(&web["status"]["updatedReplicas"]) == 3 && count(&web["status"]["readyReplicas"]) == 7
    };
    ground.until("larger share", &path, three).await;
}

async fn a_held_share_is_taken_back(ground: Ground) {
    let before = held_at(&ground, 2).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let sets = ground.list(REPLICA_SETS, "app=web").await;
    let old = sets.iter().find(|set| count(&set["spec"]["replicas"]) == 4).unwrap();
    let originals = json!([{"op": "replace", "path": "/spec", "value": before["spec"]}]);
    let back = ground.patch(&path, originals).await.ok();
    assert_eq!(back["spec"], before["spec"]);
    let done = |web: &Value| {
        stable(web);
        complete(web, 4)
    };
    ground.until("all as before", &path, done).await;
    let after = ground.list(REPLICA_SETS, "app=web").await;
    let serving: Vec<&Value> = after.iter().filter(|set| count(&set["status"]["replicas"]) > 0).collect();
    assert_eq!(serving.iter().map(|set| uid(set)).collect::<Vec<_>>(), [uid(old)]);
}

async fn a_held_share_goes_on(ground: Ground) {
    let before = held_at(&ground, 1).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let field = |name: &str| before["spec"][name].clone();
    let on = json!({"spec": {
        "minReadySeconds": field("minReadySeconds"),
        "progressDeadlineSeconds": field("progressDeadlineSeconds"),
        "strategy": field("strategy"),
    }});
    ground.merge(&path, on).await.ok();
    let done = |web: &Value| {
        stable(web);
        complete(web, 4)
    };
    let web = ground.until("all new", &path, done).await;
    assert_eq!(web["spec"]["template"]["spec"]["containers"][0]["image"], SECOND);
}
