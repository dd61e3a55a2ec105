//! What only the real server shows: why canary-step does some things in its own way.
use std::process::Output;

use serde_json::json;

use crate::ground::{Ground, NEW, OLD, deployment};

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// `rollout undo` counts revisions, and after a restore the last but one is the bad one: rolling back is putting the saved template back.
#[test]
fn undo_after_a_restore_brings_the_bad_version_back() {
    let Some(ground) = Ground::new(1) else { return };
    ground.apply(&["apply"], &deployment(1, NEW));
    ground.until("the new version", || ground.ready("api") == 1);
    ground.apply(&["apply"], &deployment(1, OLD));
    ground.until("the old version", || ground.ready("api") == 1);
    ground.typed(&["rollout", "undo", "deployment", "api"]);
    assert_eq!(ground.image(), NEW);
}

/// Promoting by server-side apply would fail at the first pipeline: the image has an owner.
#[test]
fn an_apply_of_the_image_under_another_name_conflicts() {
    let Some(ground) = Ground::new(1) else { return };
    let words = ["apply", "--server-side", "--field-manager", "canary-step", "--filename", "-"];
    let output = ground.output(&words, &deployment(1, NEW).to_string());
    assert!(!output.status.success() && errors(&output).contains("conflict"), "{}", errors(&output));
    assert_eq!(ground.image(), OLD);
}

/// A watch from a version that the server has forgotten ends with 410: the way on is a new list.
#[test]
fn a_watch_from_a_forgotten_version_is_refused() {
    let Some(ground) = Ground::new(1) else { return };
    let path = format!("/api/v1/namespaces/{}/pods?watch=true&resourceVersion=1&timeoutSeconds=5", ground.namespace);
    let output = ground.output(&["get", "--raw", &path], "");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), errors(&output));
    assert!(said.contains("too old resource version") || said.contains("Expired"), "{said}");
}

/// A Lease is nobody's: it stays until somebody takes it over.
#[test]
fn nobody_deletes_a_lease() {
    let Some(ground) = Ground::new(1) else { return };
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "canary-shop"},
        "spec": {"holderIdentity": "gone", "leaseDurationSeconds": 1, "renewTime": "2026-01-01T00:00:00.000000Z"},
    });
    ground.apply(&["apply"], &lease);
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(ground.get("lease/canary-shop").unwrap()["spec"], lease["spec"]);
}
