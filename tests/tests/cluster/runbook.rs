//! The emergency runbook: each of its lines is typed into kubectl, as it stands in the report.
use std::process::Command;

use serde_json::Value;

use crate::ground::{Ground, NEW, OLD, Run};

/// Types all lines, and shows the one that does not work.
fn typed(ground: &Ground, evidence: &Value) {
    let lines = evidence["runbook"].as_array().unwrap();
    assert!(lines.len() >= 4, "{lines:#?}");
    // The user's PATH has a kubectl.
    let folder = ground.kubectl.parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    for line in lines.iter().filter_map(Value::as_str).filter(|line| !line.starts_with('#')) {
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", line]).env("PATH", &path).env("KUBECONFIG", &ground.kubeconfig);
        let output = shell.output().unwrap();
        assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The evidence of the rollout as any laptop gets it.
fn evidence(ground: &Ground) -> Value {
    let run = Run::of(ground.canary(&["status", "--group", "shop", "--format", "json"], &ground.kubeconfig));
    assert!(run.evidence["runbook"].is_array(), "{}", run.said);
    run.evidence
}

fn check(router: &str) {
    let Some(ground) = Ground::new(2) else { return };
    let before = ground.get("deployment/api").unwrap();
    // Abandoned half-way.
    let mut child = ground.release(&format!("steps: [{{weight: 34, observe: 10m}}]\n{router}"), &[]).spawn().unwrap();
    ground.until("observation", || ground.record()["phase"] == "observing");
    child.kill().unwrap();
    child.wait().unwrap();
    typed(&ground, &evidence(&ground));
    ground.until("the old pods alone", || ground.ready("api") == 2);
    assert_eq!(ground.get("deployment/api").unwrap()["spec"], before["spec"]);
    assert_eq!(ground.leftovers(), [""; 0]);
}

#[test]
fn a_rollout_is_ended_by_hand() {
    check("");
}

#[test]
fn a_rollout_in_place_is_ended_by_hand() {
    check("router: inplace\n");
}

#[test]
fn a_promoted_release_is_taken_back_by_hand() {
    let Some(ground) = Ground::new(2) else { return };
    let before = ground.get("deployment/api").unwrap();
    let old = ground.list("replicasets", "app=api").remove(0);
    let run = Run::of(ground.release("steps: [{weight: 34, observe: 1s}]\n", &[])).came_to(0, "promoted");
    assert_eq!(ground.image(), NEW, "{}", run.said);
    typed(&ground, &run.evidence);
    ground.until("the old pods alone", || ground.ready("api") == 2 && ground.image() == OLD);
    assert_eq!(ground.get("deployment/api").unwrap()["spec"], before["spec"]);
    let sets = ground.list("replicasets", "app=api");
    let serving = sets.iter().find(|set| set["spec"]["replicas"] == 2).unwrap();
    assert_eq!(serving["metadata"]["uid"], old["metadata"]["uid"]);
}
