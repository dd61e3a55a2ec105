//! The Role that users apply: what it allows suffices, and no rule of it can be left out.
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::ground::{Ground, NEW, Run, deployment};
use crate::nodes;

const POLICY: &str = "steps: [{weight: 34, observe: 1s}]\n";

/// The Role as it is shipped, by kubectl's own reading of it.
fn shipped(ground: &Ground) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("dist/canary-step/role.yaml");
    let read = ["create", "--dry-run=client", "--output", "json", "--filename", file.to_str().unwrap()];
    serde_json::from_str(&ground.typed(&read)).unwrap()
}

/// Lets a user have these rules and nothing else; gives how that user gets in.
fn user(ground: &Ground, role: &Value, rules: &[Value]) -> PathBuf {
    let role = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
        "metadata": {"name": role["metadata"]["name"]}, "rules": rules,
    });
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": {"name": "canary-step"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role["metadata"]["name"]},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "release"}],
    });
    ground.apply(&["apply"], &role);
    ground.apply(&["apply"], &binding);
    let mut config: Value =
        serde_json::from_str(&ground.typed(&["config", "view", "--raw", "--output", "json"])).unwrap();
    config["users"][0]["user"]["as"] = json!("release");
    let file = ground.file("release.kubeconfig", &config.to_string());
    // The authorizer hears of the binding by a watch.
    let may = ["auth", "can-i", "get", rules[0]["resources"][0].as_str().unwrap(), "--as", "release"];
    ground.until("the binding", || ground.output(&may, "").status.success());
    file
}

/// A release by a user with these rules.
fn released(ground: &Ground, rules: &[Value], more: &[&str]) -> Run {
    let role = shipped(ground);
    let kubeconfig = user(ground, &role, rules);
    Run::of(ground.release_as(&kubeconfig, POLICY, more))
}

/// One that crashes: the end of its log is read.
fn crashing(ground: &Ground) -> PathBuf {
    let mut bad = deployment(2, NEW);
    bad["spec"]["template"]["metadata"]["labels"]["sim.dataflow.dev/fault"] = json!("crash");
    ground.file("api.json", &bad.to_string())
}

fn lines(run: &Run) -> usize {
    let reasons = run.evidence["reasons"].as_array();
    reasons.into_iter().flatten().filter_map(|reason| reason["lastLogLines"].as_array()).map(Vec::len).sum()
}

fn autoscaled(ground: &Ground) {
    ground.typed(&["autoscale", "deployment", "api", "--min=1", "--max=3", "--cpu=50%"]);
}

#[test]
fn the_role_suffices_and_reads_no_secrets() {
    let Some(ground) = Ground::new(2) else { return };
    autoscaled(&ground);
    let role = shipped(&ground);
    let rules = role["rules"].as_array().unwrap();
    assert!((1..=10).contains(&rules.len()), "{} rules", rules.len());
    for rule in rules {
        let all = rule.to_string();
        assert!(!all.contains("secrets") && !all.contains('*') && !all.contains("/proxy"), "{rule}");
    }
    let run = released(&ground, rules, &[]).came_to(0, "promoted");
    assert_eq!(ground.image(), NEW, "{}", run.said);
    assert_eq!(ground.leftovers(), [""; 0]);
    let bad = crashing(&ground);
    let run = released(&ground, rules, &["--manifests", bad.to_str().unwrap()]).came_to(1, "aborted");
    assert!(lines(&run) > 0, "{}", run.said);
    assert_eq!(ground.leftovers(), [""; 0]);
}

#[test]
fn no_rule_of_the_role_can_be_left_out() {
    let Some(ground) = Ground::new(2) else { return };
    let role = shipped(&ground);
    let rules = role["rules"].as_array().unwrap();
    std::thread::scope(|scope| {
        for without in 0..rules.len() {
            let role = &role;
            scope.spawn(move || {
                let ground = Ground::new(2).unwrap();
                autoscaled(&ground);
                let before = ground.get("deployment/api").unwrap();
                let mut fewer = rules.clone();
                let gone = fewer.remove(without);
                if gone["resources"][0] == "pods/log" {
                    // Without it the verdict is the same, and nobody sees why.
                    let bad = crashing(&ground);
                    let run = released(&ground, &fewer, &["--manifests", bad.to_str().unwrap()]);
                    assert_eq!(lines(&run.came_to(1, "aborted")), 0);
                    return;
                }
                if gone["resources"][0] == "events" {
                    // Without it nobody knows that a node was promised.
                    let kubeconfig = user(&ground, &role, &fewer);
                    let run = nodes::promised(&ground, &kubeconfig, 10).came_to(1, "aborted");
                    assert_eq!(run.evidence["reasons"][0]["signal"], "Unschedulable", "{}", run.said);
                    return;
                }
                let run = released(&ground, &fewer, &[]);
                assert_ne!(run.code, Some(0), "without {gone} it is promoted all the same: {}", run.said);
                let after = ground.get("deployment/api").unwrap();
                assert_eq!(after["spec"], before["spec"], "without {gone}");
            });
        }
    });
}
