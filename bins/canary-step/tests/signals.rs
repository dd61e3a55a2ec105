//! Pods, Deployments and guards as the API server gives them, and the hard signals that they are.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod table;

use std::time::Duration;

use canary_step::signals::{Flaps, Patience, Sighting, deployment, guard, is_ready, pod, replica_set, restarts};
use proptest::prelude::*;
use serde_json::{Value, json};

const PATIENCE: Patience =
    Patience { unschedulable: Duration::from_secs(60), unschedulable_after_scale_up: Duration::from_secs(300) };

fn seconds(time: &Value) -> u64 {
    let time: jiff::Timestamp = time.as_str().unwrap().parse().unwrap();
    u64::try_from(time.as_second()).unwrap()
}

#[test]
fn every_row_of_the_fixture() {
    table::check("signals", |row| {
        let events = row.get("events").and_then(Value::as_array).cloned().unwrap_or_default();
        let seen = Sighting { service: "api", pod: &row["pod"], events: &events, now: seconds(&row["now"]) };
        let shown = |signal: canary_step::signals::Signal| {
            let mut shown = serde_json::to_value(&signal).unwrap();
            // The same in each row.
            for same in ["service", "pod"] {
                shown.as_object_mut().unwrap().remove(same);
            }
            let since = signal.since.map(|at| i64::try_from(at).unwrap());
            shown["since"] = json!(since.map(|at| jiff::Timestamp::from_second(at).unwrap().to_string()));
            shown
        };
        pod(seen, &PATIENCE).into_iter().map(shown).collect()
    });
}

#[test]
fn restarts_and_readiness_of_a_pod() {
    let status = |ready: &str| {
        json!({
            "metadata": {"uid": "1"},
            "spec": {"initContainers": [{"name": "proxy", "restartPolicy": "Always"}, {"name": "migrate"}]},
            "status": {
                "conditions": [{"type": "Ready", "status": ready}],
                "initContainerStatuses": [{"name": "proxy", "restartCount": 2}, {"name": "migrate", "restartCount": 7}],
                "containerStatuses": [{"name": "app", "restartCount": 1, "state": {"waiting": {"reason": "ContainerCreating"}}}],
            },
        })
    };
    assert_eq!(restarts(&status("True")), 3);
    assert!(is_ready(&status("True")) && !is_ready(&status("False")) && !is_ready(&json!({})));
}

#[test]
fn readiness_that_comes_and_goes_is_counted() {
    let at = |second: u32, ready: &str| {
        json!({
            "metadata": {"uid": "1", "name": "api-1"},
            "status": {"conditions": [{"type": "Ready", "status": ready, "lastTransitionTime": format!("2026-11-27T10:00:{second:02}Z")}]},
        })
    };
    let mut flaps = Flaps::default();
    let mut see = |pod: &Value| {
        let again: Flaps = serde_json::from_value(serde_json::to_value(&flaps).unwrap()).unwrap();
        flaps = again;
        flaps.observe(Sighting { service: "api", pod, events: &[], now: 0 }, 2)
    };
    // Three losses, the second of them between two sightings.
    for (second, ready, flap) in [
        (0, "False", false),
        (1, "True", false),
        (2, "False", false),
        (3, "True", false),
        (5, "True", false),
        (5, "True", false),
        (6, "False", true),
        (7, "True", true),
    ] {
        let found = see(&at(second, ready));
        assert_eq!(found.is_some(), flap, "{second}: {found:?}");
    }
    let text = see(&at(7, "True")).unwrap().text;
    assert_eq!(text, "the pod lost its readiness 3 times, and 2 are allowed");
    flaps.keep(&["2"]);
    assert_eq!(flaps, Flaps::default());
}

#[test]
fn deployments_and_replica_sets() {
    let object = |generation: u32, condition: Value| {
        json!({
            "metadata": {"generation": generation}, "spec": {"replicas": 4, "progressDeadlineSeconds": 180},
            "status": {"observedGeneration": 2, "readyReplicas": 3, "conditions": [condition]},
        })
    };
    let late = json!({
        "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "lastTransitionTime": "2026-11-27T10:03:00Z",
        "message": "ReplicaSet \"api-canary-k3x9-7c9d\" has timed out progressing.",
    });
    let said =
        |object: &Value| deployment("api", object).into_iter().map(|s| (s.kind.word(), s.text)).collect::<Vec<_>>();
    let words = "3 of 4 pods were ready, and none became so within 180 s".to_owned();
    assert_eq!(said(&object(2, late.clone())), [("ProgressDeadlineExceeded", words)]);
    assert_eq!(said(&object(3, late)), [], "the conditions are of an older generation");
    let quota = json!({
        "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
        "message": "pods \"api-7c9d-x\" is forbidden: exceeded quota: shop, requested: pods=1, used: pods=40, limited: pods=40",
    });
    let found = replica_set("api", &object(2, quota));
    assert_eq!(
        (found[0].kind.word(), serde_json::to_value(found[0].blame).unwrap()),
        ("ReplicaFailure", json!("infrastructure"))
    );
    let refused = json!({"type": "ReplicaFailure", "status": "True", "message": "pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\""});
    assert_eq!(serde_json::to_value(replica_set("api", &object(2, refused))[0].blame).unwrap(), json!("regression"));
    assert_eq!(replica_set("api", &json!({})), []);
}

#[test]
fn a_guard_is_alive_or_lost() {
    let job = |condition: Value, meta: Value| {
        let mut job = json!({"metadata": {"uid": "1"}, "status": {"conditions": [condition]}});
        job["metadata"].as_object_mut().unwrap().extend(meta.as_object().unwrap().clone());
        job
    };
    let said = |job: Option<&Value>| guard(job, "1").map(|signal| signal.text);
    let alive = job(json!({"type": "Suspended", "status": "False"}), json!({}));
    assert_eq!(said(Some(&alive)), None);
    assert_eq!(said(None).as_deref(), Some("the dead-man switch is gone, and the canaries with it"));
    assert_eq!(guard(Some(&alive), "2").unwrap().text, "another Job stands where the dead-man switch was");
    let deleted = job(json!({}), json!({"deletionTimestamp": "2026-11-27T10:00:00Z"}));
    assert_eq!(said(Some(&deleted)).as_deref(), Some("the dead-man switch is being deleted"));
    let failed = job(json!({"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}), json!({}));
    assert_eq!(said(Some(&failed)).as_deref(), Some("the dead-man switch fell: Failed (DeadlineExceeded)"));
}

proptest! {
    /// A pod of any shape gives signals or none, and never more than one of a kind and container.
    #[test]
    fn any_pod_is_read(reason in "CrashLoopBackOff|ErrImagePull|ImagePullBackOff|OOMKilled|StartError|\\PC{0,20}", message in "\\PC{0,400}", code in any::<i64>(), restarts in any::<u64>()) {
        let state = json!({"waiting": {"reason": reason, "message": message}, "terminated": {"exitCode": code, "reason": reason, "message": message, "finishedAt": message}});
        let status = json!({"name": "app", "state": state, "lastState": state, "restartCount": restarts});
        let object = json!({"metadata": {"uid": "1"}, "status": {"phase": reason, "reason": reason, "containerStatuses": [status, status], "initContainerStatuses": [status, null, 3], "conditions": [{"type": "PodScheduled", "status": "False", "message": message}]}});
        let signals = pod(Sighting { service: "s", pod: &object, events: &[], now: u64::MAX }, &PATIENCE);
        prop_assert!(signals.iter().all(|signal| signal.text.chars().count() < 1_000));
    }
}
