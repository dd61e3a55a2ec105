//! The pipeline applies its manifests in kubectl's ways, before, while and after a rollout runs.
use serde_json::Value;

use crate::ground::{Ground, NEW, OLD, Run, deployment};

const POLICY: &str = "steps: [{weight: 34, observe: 8s}]\n";

/// Ways of applying, and under which name kubectl then owns the image.
const WAYS: [(&[&str], &str); 4] = [
    (&["apply"], "kubectl-client-side-apply"),
    (&["apply", "--server-side"], "kubectl"),
    (&["apply", "--prune", "--selector", "app=api"], "kubectl-client-side-apply"),
    (&["apply", "--prune", "--applyset", "shop"], "kubectl-client-side-apply"),
];

fn template(ground: &Ground) -> Value {
    ground.get("deployment/api").unwrap()["spec"]["template"].clone()
}

fn check(way: &[&str], owner: &str) {
    let Some(ground) = Ground::new(2) else { return };
    if way.contains(&"--server-side") {
        // From here on the pipeline is one that always did it this way.
        ground.typed(&["delete", "deployment", "api"]);
        ground.until("its end", || ground.list("pods", "app=api").is_empty());
    }
    ground.apply(way, &deployment(2, OLD));
    ground.until("the service", || ground.ready("api") == 2);
    let before = template(&ground);
    let child = ground.release(POLICY, &["--field-manager", owner]).spawn().unwrap();
    ground.until("observation", || ground.record()["phase"] == "observing");
    // While it runs the repository still says the old version.
    ground.apply(way, &deployment(2, OLD));
    assert_eq!(ground.list("deployments", "dataflow.dev/rollout").len(), 1, "the canary was pruned");
    assert_eq!(template(&ground), before);
    let run = Run::ended(child).came_to(0, "promoted");
    assert_eq!(ground.image(), NEW, "{}", run.said);
    // After it the repository says the new one, and there is nothing to do.
    let promoted = ground.get("deployment/api").unwrap();
    ground.apply(way, &deployment(2, NEW));
    let applied = ground.get("deployment/api").unwrap();
    assert_eq!(applied["spec"], promoted["spec"]);
    let sets = ground.list("replicasets", "app=api");
    assert_eq!(sets.iter().filter(|set| set["spec"]["replicas"] == 2).count(), 1);
    assert_eq!(ground.leftovers(), [""; 0]);
}

#[test]
fn a_client_side_apply_disturbs_nothing() {
    let (way, owner) = WAYS[0];
    check(way, owner);
}

#[test]
fn a_server_side_apply_disturbs_nothing() {
    let (way, owner) = WAYS[1];
    check(way, owner);
}

#[test]
fn a_pruning_apply_disturbs_nothing() {
    let (way, owner) = WAYS[2];
    check(way, owner);
}

/// It prunes what carries the set's label, whatever else the selector of the service says.
#[test]
fn an_apply_of_a_set_disturbs_nothing() {
    let (way, owner) = WAYS[3];
    check(way, owner);
}
