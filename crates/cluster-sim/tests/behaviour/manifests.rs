//! The objects that behaviours are seen on.
use serde_json::{Value, json};

/// The image of the first release.
pub(crate) const FIRST: &str =
    "registry.example/shop@sha256:1111111111111111111111111111111111111111111111111111111111111111";
/// The image of the second.
pub(crate) const SECOND: &str =
    "registry.example/shop@sha256:2222222222222222222222222222222222222222222222222222222222222222";

pub(crate) fn configmap(name: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"record": value}})
}

/// A Deployment as a careful team writes it: nothing is taken down before its successor is there.
pub(crate) fn deployment(name: &str, replicas: u32) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "app", "image": FIRST, "ports": [{"containerPort": 8080}]}]},
            },
        },
    })
}

/// One whose pods have a fault.
pub(crate) fn faulty(name: &str, replicas: u32, fault: &str) -> Value {
    let mut object = deployment(name, replicas);
    object["spec"]["template"]["metadata"]["labels"]["sim.dataflow.dev/fault"] = json!(fault);
    object
}

/// A Job without pods that fails when its time is over.
pub(crate) fn guard(name: &str, deadline: u32) -> Value {
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {
            "parallelism": 0,
            "completions": 1,
            "activeDeadlineSeconds": deadline,
            "ttlSecondsAfterFinished": 0,
            "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "guard", "image": FIRST}]}},
        },
    })
}

/// The object, owned by another.
pub(crate) fn owned(mut object: Value, owner: &Value) -> Value {
    let field = |name: &str| owner["metadata"][name].clone();
    object["metadata"]["ownerReferences"] = json!([{
        "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": field("name"), "uid": field("uid"),
    }]);
    object
}

/// The operations that canary-step writes: only if the object is still as it was read.
pub(crate) fn unchanged_since(object: &Value, change: Value) -> Value {
    let version = &object["metadata"]["resourceVersion"];
    json!([{"op": "test", "path": "/metadata/resourceVersion", "value": version}, change])
}
