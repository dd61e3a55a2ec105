//! Canary pods that wait for a node, which an autoscaler promises, on the real scheduler.
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::ground::{Ground, NEW, Run, deployment};

const LABEL: &str = "dataflow.dev/test-ground";
/// A pod's time to become ready is shorter than what a node takes.
const POLICY: &str = "steps: [{weight: 34, observe: 1s}]\n\
    timeouts: {readyWithin: 6s, unschedulable: 4s, unschedulableAfterScaleUp: 40s}\n";

/// The new version, for which no node is good enough yet.
fn choosy(ground: &Ground) -> PathBuf {
    let mut object = deployment(2, NEW);
    object["spec"]["template"]["spec"]["nodeSelector"] = json!({ LABEL: ground.namespace });
    ground.file("api.json", &object.to_string())
}

fn waiting(ground: &Ground) -> Option<Value> {
    let waits = |pod: &Value| {
        let conditions = pod["status"]["conditions"].as_array();
        conditions.into_iter().flatten().any(|one| one["reason"] == "Unschedulable")
    };
    ground.list("pods", "dataflow.dev/rollout").into_iter().find(waits)
}

/// A release whose pods are promised a node as soon as they wait, and get it after `seconds`.
pub(crate) fn promised(ground: &Ground, kubeconfig: &Path, seconds: u64) -> Run {
    let manifest = choosy(ground);
    let child = ground.release_as(kubeconfig, POLICY, &["--manifests", manifest.to_str().unwrap()]).spawn().unwrap();
    ground.until("a pod without a node", || waiting(ground).is_some());
    let meta = waiting(ground).unwrap()["metadata"].take();
    let event = json!({
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": "api.17"}, "type": "Normal", "reason": "TriggeredScaleUp",
        "message": "pod triggered scale-up: [{pool-1 3->4 (max: 10)}]", "source": {"component": "cluster-autoscaler"},
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": ground.namespace, "name": meta["name"], "uid": meta["uid"]},
    });
    ground.apply(&["create"], &event);
    std::thread::sleep(std::time::Duration::from_secs(seconds));
    let nodes: Value = serde_json::from_str(&ground.typed(&["get", "nodes", "--output", "json"])).unwrap();
    let node = nodes["items"][0]["metadata"]["name"].as_str().unwrap();
    ground.typed(&["label", "node", node, "--overwrite", &format!("{LABEL}={}", ground.namespace)]);
    Run::ended(child)
}

#[test]
fn a_node_that_was_promised_is_waited_for() {
    let Some(ground) = Ground::new(2) else { return };
    promised(&ground, &ground.kubeconfig, 10).came_to(0, "promoted");
    assert_eq!((ground.image().as_str(), ground.leftovers()), (NEW, vec![]));
}

#[test]
fn without_a_promise_nobody_waits_for_long() {
    let Some(ground) = Ground::new(2) else { return };
    let before = ground.get("deployment/api").unwrap();
    let manifest = choosy(&ground);
    let run = Run::of(ground.release(POLICY, &["--manifests", manifest.to_str().unwrap()])).came_to(1, "aborted");
    let first = &run.evidence["reasons"][0];
    assert_eq!((&first["signal"], &first["kind"]), (&json!("Unschedulable"), &json!("infrastructure")), "{}", run.said);
    assert_eq!(ground.get("deployment/api").unwrap()["spec"], before["spec"]);
    assert_eq!(ground.leftovers(), [""; 0]);
}
