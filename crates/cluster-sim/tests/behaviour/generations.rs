//! Which changes raise a generation, and which write reaches which part of an object.
use serde_json::json;

use crate::ground::{DEPLOYMENTS, Ground, JOBS};
use crate::manifests::{SECOND, deployment, guard};
use crate::reply::{count, generation, text, version};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(a_label_leaves_the_generation),
        seen(an_annotation_of_a_deployment_raises_the_generation),
        seen(the_controller_says_what_it_has_seen),
        seen(a_status_is_written_by_its_own_path),
        seen(a_scale_is_a_part_of_the_spec),
    ]
}

async fn a_label_leaves_the_generation(ground: Ground) {
    let made = ground.create(DEPLOYMENTS, deployment("web", 1)).await;
    assert_eq!(generation(&made), 1);
    let path = ground.one(DEPLOYMENTS, "web");
    let labelled = ground.merge(&path, json!({"metadata": {"labels": {"a": "b"}}})).await.ok();
    assert_eq!(generation(&labelled), 1);
    assert_ne!(version(&labelled), version(&made));
    let changed = ground.merge(&path, json!({"spec": {"minReadySeconds": 1}})).await.ok();
    assert_eq!(generation(&changed), 2);
    let same = ground.merge(&path, json!({"spec": {"minReadySeconds": 1}})).await.ok();
    assert_eq!(generation(&same), 2);
}

/// Since the controller copies them to the ReplicaSet, it has to see them.
async fn an_annotation_of_a_deployment_raises_the_generation(ground: Ground) {
    ground.create(DEPLOYMENTS, deployment("web", 1)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let annotated = ground.merge(&path, json!({"metadata": {"annotations": {"c": "d"}}})).await.ok();
    assert!(generation(&annotated) >= 2, "{annotated:#}");
    ground.create(JOBS, guard("guard", 3600)).await;
    let annotated =
        ground.merge(&ground.one(JOBS, "guard"), json!({"metadata": {"annotations": {"c": "d"}}})).await.ok();
    assert_eq!(generation(&annotated), 1);
}

async fn the_controller_says_what_it_has_seen(ground: Ground) {
    ground.create(DEPLOYMENTS, deployment("web", 2)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.until("first rollout", &path, |web| count(&web["status"]["availableReplicas"]) == 2).await;
    let image = json!([{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": SECOND}]);
    let changed = ground.patch(&path, image).await.ok();
    assert_eq!(generation(&changed), 2);
    // The answer to a write still has the status of before: only an observed generation says that a count is of now.
    assert_eq!(count(&changed["status"]["observedGeneration"]), 1);
    let seen = ground.until("sight of it", &path, |web| count(&web["status"]["observedGeneration"]) == 2).await;
    assert_eq!(generation(&seen), 2);
}

async fn a_status_is_written_by_its_own_path(ground: Ground) {
    let mut object = deployment("web", 1);
    object["spec"]["paused"] = json!(true);
    object["spec"]["replicas"] = json!(0);
    ground.create(DEPLOYMENTS, object).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.until("sight of it", &path, |web| count(&web["status"]["observedGeneration"]) == 1).await;
    let both = json!({"spec": {"minReadySeconds": 7}, "status": {"collisionCount": 9}});
    let changed = ground.merge(&format!("{path}/status"), both.clone()).await.ok();
    assert_eq!((count(&changed["spec"]["minReadySeconds"]), count(&changed["status"]["collisionCount"])), (0, 9));
    assert_eq!(generation(&changed), 1);
    let other = json!({"spec": {"minReadySeconds": 7}, "status": {"collisionCount": 5}});
    let changed = ground.merge(&path, other).await.ok();
    assert_eq!((count(&changed["spec"]["minReadySeconds"]), count(&changed["status"]["collisionCount"])), (7, 9));
}

async fn a_scale_is_a_part_of_the_spec(ground: Ground) {
    ground.create(DEPLOYMENTS, deployment("web", 2)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    let scale = ground.get(&format!("{path}/scale")).await.ok();
    assert_eq!((text(&scale["kind"]), text(&scale["apiVersion"])), ("Scale", "autoscaling/v1"));
    assert_eq!((count(&scale["spec"]["replicas"]), text(&scale["status"]["selector"])), (2, "app=web"));
    let scaled = ground.merge(&format!("{path}/scale"), json!({"spec": {"replicas": 3}})).await.ok();
    assert_eq!(count(&scaled["spec"]["replicas"]), 3);
    let web = ground.until("three pods", &path, |web| count(&web["status"]["availableReplicas"]) == 3).await;
    assert_eq!((generation(&web), count(&web["spec"]["replicas"])), (2, 3));
    let mut stale = scale.clone();
    stale["spec"]["replicas"] = json!(1);
    ground.put(&format!("{path}/scale"), stale).await.refused(409, "Conflict");
    ground.merge(&format!("{path}/scale"), json!({"spec": {"replicas": 0}})).await.ok();
    let none = ground.until("no pods", &path, |web| web["status"]["replicas"].is_null()).await;
    // Counts of zero are left out.
    assert!(none["status"]["readyReplicas"].is_null() && none["status"]["availableReplicas"].is_null(), "{none:#}");
}
