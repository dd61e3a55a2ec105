//! What a new cluster is given: a node, the metrics API, logs of pods, and what pods go through.
use std::path::Path;

use serde_json::{Value, json};

use super::stages;

/// Where the API server looks for the metrics API; nothing has this address, the proxy's map says what stands for it.
pub(super) const METRICS: &str = "10.96.0.250";

/// The authority of this cluster in base64, as it stands in a kubeconfig.
pub(super) struct Authority(pub(super) String);

/// The stages and the logs, once their definitions are there.
pub(super) fn pods(log: &Path) -> Value {
    let logs = json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "ClusterLogs",
        "metadata": {"name": "every-pod"},
        "spec": {"logs": [{"logsFile": log, "follow": false}]},
    });
    list(stages::all().into_iter().chain([logs]).collect())
}

/// The node that all pods run on, and the metrics API.
pub(super) fn node_and_metrics(authority: &Authority) -> Value {
    let labels = json!({
        "type": "kwok",
        "kubernetes.io/hostname": "node-0",
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
    });
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-0", "labels": labels}});
    let place = json!({"name": "external-metrics", "namespace": "kube-system"});
    let service = json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": place,
        "spec": {"clusterIP": METRICS, "ports": [{"name": "https", "port": 443, "protocol": "TCP"}]},
    });
    // The API server asks for an endpoint, not that it is reached by its address.
    let slice = json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "external-metrics",
            "namespace": "kube-system",
            "labels": {"kubernetes.io/service-name": "external-metrics"},
        },
        "addressType": "IPv4",
        "ports": [{"name": "https", "port": 443, "protocol": "TCP"}],
        "endpoints": [{"addresses": ["10.244.255.250"], "conditions": {"ready": true}}],
    });
    let api = json!({
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1beta1.external.metrics.k8s.io"},
        "spec": {
            "group": "external.metrics.k8s.io",
            "version": "v1beta1",
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
            "service": {"name": "external-metrics", "namespace": "kube-system", "port": 443},
            "caBundle": authority.0,
        },
    });
    list(vec![node, service, slice, api])
}

fn list(items: Vec<Value>) -> Value {
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}
