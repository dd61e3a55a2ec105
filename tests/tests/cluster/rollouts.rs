//! Whole rollouts: one that ships, one that is stopped, in both ways.
use serde_json::json;

use crate::ground::{Ground, NEW, OLD, Run, deployment};

const QUICK: &str = "steps: [{weight: 34, observe: 2s}]\n";

/// Stable as before, nothing left.
fn untouched(ground: &Ground, before: &serde_json::Value) {
    let after = ground.get("deployment/api").unwrap();
    assert_eq!((&after["spec"], &after["metadata"]["uid"]), (&before["spec"], &before["metadata"]["uid"]));
    assert_eq!(ground.leftovers(), [""; 0]);
}

#[test]
fn a_good_release_ships() {
    for router in ["", "router: inplace\n"] {
        let Some(ground) = Ground::new(2) else { return };
        let run = Run::of(ground.release(&format!("{QUICK}{router}"), &[])).came_to(0, "promoted");
        assert_eq!(ground.image(), NEW, "{}", run.said);
        ground.until("all pods of the new version", || ground.ready("api") == 2);
        assert_eq!(ground.leftovers(), [""; 0]);
        Run::of(ground.canary(&["verify", "--group", "shop", "--format", "json"], &ground.kubeconfig))
            .came_to(0, "promoted");
        assert_eq!(ground.order("rollback").came_to(0, "rolled-back").evidence["leftovers"], 0);
        assert_eq!(ground.image(), OLD);
    }
}

#[test]
fn a_bad_release_is_stopped() {
    // What is seen first is a matter of a moment.
    let faults = [
        ("crash", ["Exited", "CrashLoopBackOff"]),
        ("bad-image", ["ErrImagePull", "ImagePullBackOff"]),
        ("oom", ["OOMKilled", ""]),
    ];
    for (fault, signals) in faults {
        let Some(ground) = Ground::new(2) else { return };
        let before = ground.get("deployment/api").unwrap();
        let mut bad = deployment(2, NEW);
        bad["spec"]["template"]["metadata"]["labels"]["sim.dataflow.dev/fault"] = json!(fault);
        let manifest = ground.file("api.json", &bad.to_string());
        let run = Run::of(ground.release(QUICK, &["--manifests", manifest.to_str().unwrap()])).came_to(1, "aborted");
        let reasons = run.evidence["reasons"].as_array().unwrap();
        assert!(reasons.iter().any(|reason| signals.contains(&reason["signal"].as_str().unwrap())), "{reasons:#?}");
        assert!(
            reasons.iter().any(|reason| reason["lastLogLines"][0] == "panic: no configuration") || fault == "bad-image"
        );
        // In seconds of a busy machine; the embedded cluster shows the bound of two.
        let aborting =
            run.evidence["events"].as_array().unwrap().iter().find(|event| event["text"] == "aborting").unwrap();
        let took = aborting["at"].as_u64().unwrap() - reasons[0]["since"].as_u64().unwrap();
        assert!(took <= 4, "{fault} was answered after {took} s: {}", run.said);
        assert_eq!((&run.evidence["stableUntouched"], &run.evidence["leftovers"]), (&json!(true), &json!(0)));
        untouched(&ground, &before);
    }
}
