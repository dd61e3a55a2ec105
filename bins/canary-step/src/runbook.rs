//! What to type into kubectl when this tool is not at hand: the patches stand in the record's ConfigMap, ready to be used.
use serde_json::{Value, json};

use crate::names;
use crate::policy::Router;
use crate::record::{Record, ServiceRecord};

/// The key of the ConfigMap under which the patch of a service stands that puts it back.
#[must_use]
pub fn key(service: &str) -> String {
    format!("restore-{service}.json")
}

/// The JSON patch that puts a service back: its template, and in place the pace of a rollout as well.
#[must_use]
pub fn restore(saved: &ServiceRecord, router: Router) -> Value {
    let put = |field: &str, otherwise: Value| {
        let value = saved.saved.get(field).cloned().unwrap_or(otherwise);
        json!({ "op": "add", "path": format!("/spec/{field}"), "value": value })
    };
    let mut operations = vec![put("template", Value::Null)];
    if router == Router::Inplace {
        operations.push(put("minReadySeconds", json!(0)));
        operations.push(put("progressDeadlineSeconds", json!(600)));
        operations.push(put("strategy", json!({ "type": "RollingUpdate" })));
    }
    Value::Array(operations)
}

/// The lines, in the order in which they are to be typed.
#[must_use]
pub fn lines(record: &Record, namespace: &str) -> Vec<String> {
    let kubectl = format!("kubectl --namespace {namespace}");
    let (config, rollout) = (names::record(&record.group), &record.rollout);
    let mut lines = Vec::new();
    if record.policy.router == Router::Replicas && !record.policy.steps.is_empty() {
        let guard = names::guard(&record.group, rollout);
        lines.push("# take all canaries away: the dead-man switch falls, and its objects with it".to_owned());
        lines.push(format!("{kubectl} delete job {guard} --ignore-not-found"));
        lines.push(format!(
            "{kubectl} wait --for=delete deployment --selector {}={rollout} --timeout 60s",
            names::ROLLOUT
        ));
    }
    lines.push("# put a service back to what it was before".to_owned());
    for (name, saved) in &record.services {
        let path = key(name).replace('.', "\\.");
        lines.push(format!(
            "{kubectl} patch deployment {} --type json --patch \"$({kubectl} get configmap {config} --output 'jsonpath={{.data.{path}}}')\"",
            saved.deployment
        ));
        lines.push(format!("{kubectl} rollout status deployment {} --timeout 10m", saved.deployment));
    }
    let floors: Vec<_> = record.services.values().filter_map(|saved| saved.floor.as_ref()).collect();
    if !floors.is_empty() {
        lines.push("# give the autoscalers their floors back".to_owned());
    }
    for floor in floors {
        let patch = json!({ "spec": { "minReplicas": floor.original.unwrap_or(1) } });
        lines.push(format!("{kubectl} patch horizontalpodautoscaler {} --type merge --patch '{patch}'", floor.name));
    }
    lines.push("# take this tool's mark off what stays".to_owned());
    for saved in record.services.values() {
        lines.push(format!("{kubectl} label deployment {} {}-", saved.deployment, names::FENCE));
    }
    lines
}
