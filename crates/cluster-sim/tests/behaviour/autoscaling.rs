//! An autoscaler, its floor, and how a canary that takes load makes it shrink what is stable.
use serde_json::{Value, json};

use crate::ground::{AUTOSCALERS, DEPLOYMENTS, Ground};
use crate::manifests::{deployment, unchanged_since};
use crate::reply::{count, generation};
use crate::rollouts::rolled_out;
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(load_that_goes_elsewhere_shrinks_what_is_stable),
        seen(a_raised_floor_keeps_what_is_stable),
        seen(more_load_scales_up),
    ]
}

/// Ten requests a second for each pod, by a metric of all load.
async fn scaled(ground: &Ground, minimum: u32, load: i64) {
    ground.metric("load", load).await;
    rolled_out(ground, deployment("web", 4)).await;
    let object = json!({
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": minimum,
            "maxReplicas": 8,
            "metrics": [{"type": "External", "external": {
                "metric": {"name": "load"}, "target": {"type": "AverageValue", "averageValue": "10"},
            }}],
        },
    });
    ground.create(AUTOSCALERS, object).await;
    let seen = |scaler: &Value| {
        count(&scaler["status"]["desiredReplicas"]) == 4 && count(&scaler["status"]["currentReplicas"]) == 4
    };
    ground.until("first look", &ground.one(AUTOSCALERS, "web"), seen).await;
}

fn pods(number: i64) -> impl Fn(&Value) -> bool {
    move |web| count(&web["spec"]["replicas"]) == number && count(&web["status"]["availableReplicas"]) == number
}

async fn load_that_goes_elsewhere_shrinks_what_is_stable(ground: Ground) {
    scaled(&ground, 1, 40).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let before = ground.get(&path).await.ok();
    ground.metric("load", 20).await;
    let web = ground.until("shrinking", &path, pods(2)).await;
    assert_eq!(generation(&web), generation(&before) + 1);
    assert_eq!(web["spec"]["template"], before["spec"]["template"]);
}

async fn a_raised_floor_keeps_what_is_stable(ground: Ground) {
    scaled(&ground, 1, 40).await;
    let path = ground.one(AUTOSCALERS, "web");
    let scaler = ground.get(&path).await.ok();
    let floor = json!({"op": "replace", "path": "/spec/minReplicas", "value": 4});
    let stale = ground.patch(&path, unchanged_since(&scaler, floor.clone())).await;
    // Its status is written all the time: read again until the patch fits.
    if stale.status == 422 {
        ground.patch(&path, json!([floor])).await.ok();
    }
    ground.metric("load", 20).await;
    let limited = |scaler: &Value| crate::reply::condition(scaler, "ScalingLimited")["reason"] == "TooFewReplicas";
    ground.until("the floor", &path, limited).await;
    ground.wait(4000).await;
    let web = ground.get(&ground.one(DEPLOYMENTS, "web")).await.ok();
    assert!(pods(4)(&web), "{web:#}");
    ground.merge(&path, json!({"spec": {"minReplicas": 3}})).await.ok();
    ground.until("a lower floor", &ground.one(DEPLOYMENTS, "web"), pods(3)).await;
}

async fn more_load_scales_up(ground: Ground) {
    scaled(&ground, 2, 40).await;
    ground.metric("load", 70).await;
    ground.until("growth", &ground.one(DEPLOYMENTS, "web"), pods(7)).await;
    ground.metric("load", 700).await;
    ground.until("the ceiling", &ground.one(DEPLOYMENTS, "web"), pods(8)).await;
}
