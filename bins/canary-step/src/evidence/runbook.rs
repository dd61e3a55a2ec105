//! What to type into kubectl when this tool is not at hand: each line stands by itself, and none needs another program.
use serde_json::{Value, json};

use crate::names;
use crate::policy::Router;
use crate::record::{Record, ServiceRecord};

/// The lines, in the order in which they are typed.
pub(super) fn lines(namespace: &str, record: &Record) -> Vec<String> {
    let kubectl = format!("kubectl --namespace={}", quoted(namespace));
    let inplace = record.policy.router == Router::Inplace;
    let mut lines = Vec::new();
    if !inplace {
        // The canaries' own switch: at most a second later all of them are gone.
        let guard = names::guard(&record.group, &record.rollout);
        let now = json!({ "spec": { "activeDeadlineSeconds": 1 } });
        lines.push(format!("{kubectl} patch job {guard} --type=merge --patch={}", quoted(&now.to_string())));
    }
    for service in record.services.values().filter(|service| inplace || service.touched.is_some()) {
        let patch = restore(service);
        let name = &service.deployment;
        lines.push(format!("{kubectl} patch deployment {name} --type=json --patch={}", quoted(&patch.to_string())));
    }
    for floor in record.services.values().filter_map(|service| service.floor.as_ref()) {
        let patch = json!({ "spec": { "minReplicas": floor.original.unwrap_or(1) } });
        let name = &floor.name;
        lines.push(format!("{kubectl} patch hpa {name} --type=merge --patch={}", quoted(&patch.to_string())));
    }
    let ours = format!("{}={}", names::ROLLOUT, record.rollout);
    lines.push(format!("{kubectl} get deployments,replicasets,pods,jobs --selector={ours}"));
    lines
}

/// The saved template, and the saved pace of a rollout.
fn restore(service: &ServiceRecord) -> Value {
    let fields = ["template", "strategy", "minReadySeconds", "progressDeadlineSeconds"];
    let saved = fields.into_iter().filter_map(|field| Some((field, service.saved.get(field)?)));
    // Where nothing was saved the server's default of nothing holds, and 0 is that.
    let absent = (service.saved.get("minReadySeconds").is_none())
        .then(|| json!({ "op": "add", "path": "/spec/minReadySeconds", "value": 0 }));
    saved
        .map(|(field, value)| json!({ "op": "add", "path": format!("/spec/{field}"), "value": value }))
        .chain(absent)
        .collect()
}

/// One word for a shell, whatever is in it.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._=/".contains(&byte));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_one_word() {
        assert_eq!(quoted("shop"), "shop");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $x"), "'it'\\''s $x'");
    }
}
