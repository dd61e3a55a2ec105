//! How a write that is still in flight is refused: its object is made stale by a label.
use serde_json::json;

use crate::ground::{DEPLOYMENTS, Ground, REPLICA_SETS};
use crate::manifests::{SECOND, deployment, unchanged_since};
use crate::reply::{count, generation, version};
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![seen(a_label_makes_a_write_in_flight_stale), seen(an_annotation_leaves_a_trace)]
}

/// Resource version new, generation old, nothing on the ReplicaSet, no rollout.
async fn a_label_makes_a_write_in_flight_stale(ground: Ground) {
    ground.create(DEPLOYMENTS, deployment("web", 2)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.until("rollout", &path, |web| count(&web["status"]["availableReplicas"]) == 2).await;
    ground.wait(500).await;
    let read = ground.get(&path).await.ok();
    let sets = ground.list(REPLICA_SETS, "app=web").await;
    let fence = json!({"op": "add", "path": "/metadata/labels/dataflow.dev~1fence", "value": "7"});
    let fenced = ground.patch(&path, unchanged_since(&read, fence)).await.ok();
    assert_ne!(version(&fenced), version(&read));
    assert_eq!(generation(&fenced), generation(&read));
    let image = json!({"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": SECOND});
    ground.patch(&path, unchanged_since(&read, image)).await.refused(422, "Invalid");
    ground.put(&path, read.clone()).await.refused(409, "Conflict");
    ground.wait(1000).await;
    let mut after = ground.list(REPLICA_SETS, "app=web").await;
    // Its status may have been written meanwhile, by nobody's wish.
    assert_eq!(after.len(), 1);
    for set in after.iter_mut().chain([&mut sets[0].clone()]) {
        set["metadata"]["managedFields"] = json!(null);
    }
    assert_eq!(after[0]["metadata"]["annotations"], sets[0]["metadata"]["annotations"]);
    assert_eq!(after[0]["metadata"]["labels"], sets[0]["metadata"]["labels"]);
    assert_eq!((&after[0]["spec"], version(&after[0])), (&sets[0]["spec"], version(&sets[0])));
    let unfence = json!({"op": "remove", "path": "/metadata/labels/dataflow.dev~1fence"});
    let end = ground.patch(&path, unchanged_since(&fenced, unfence)).await.ok();
    assert_eq!((&end["metadata"]["labels"], &end["spec"]), (&read["metadata"]["labels"], &read["spec"]));
}

/// Why the fence is a label: the controller copies annotations to the ReplicaSet, where they stay.
async fn an_annotation_leaves_a_trace(ground: Ground) {
    ground.create(DEPLOYMENTS, deployment("web", 1)).await;
    let path = ground.one(DEPLOYMENTS, "web");
    ground.until("rollout", &path, |web| count(&web["status"]["availableReplicas"]) == 1).await;
    ground.merge(&path, json!({"metadata": {"annotations": {"dataflow.dev/fence": "7"}}})).await.ok();
    let sets = format!("{}?labelSelector=app%3Dweb", ground.all(REPLICA_SETS));
    let traced = |list: &serde_json::Value| list["items"][0]["metadata"]["annotations"]["dataflow.dev/fence"] == "7";
    ground.until("trace", &sets, traced).await;
}
