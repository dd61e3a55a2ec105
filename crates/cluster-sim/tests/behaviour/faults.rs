//! What pods say when they go wrong: each fault is asked for by a label of its template.
use serde_json::{Value, json};

use crate::ground::{DEPLOYMENTS, Ground, PODS};
use crate::manifests::{deployment, faulty};
use crate::reply::{condition, count, holds, name, text};
use crate::rollouts::rolled_out;
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![
        seen(a_crash_loops),
        seen(too_little_memory_kills),
        seen(a_server_that_ends_well_loops_too),
        seen(an_image_that_is_not_there_is_not_pulled),
        seen(a_failed_pull_says_why),
        seen(a_container_that_cannot_be_made_waits),
        seen(a_pod_that_fits_nowhere_waits),
        seen(a_slow_start_is_ready_late),
        seen(a_pod_may_never_be_ready),
        seen(readiness_may_flap),
        seen(an_initialisation_that_crashes_loops),
        seen(an_evicted_pod_is_replaced),
        seen(a_disrupted_pod_says_so),
        seen(a_running_pod_crashes_and_recovers),
    ]
}

/// Creates a Deployment of one pod with the fault, and waits until a pod looks as wanted.
async fn until_pod(ground: &Ground, object: Value, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    ground.create(DEPLOYMENTS, object).await;
    pod(ground, what, wanted).await
}

async fn pod(ground: &Ground, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let path = format!("{}?labelSelector=app%3Dweb", ground.all(PODS));
    let list = ground.until(what, &path, |list| list["items"].as_array().unwrap().iter().any(&wanted)).await;
    list["items"].as_array().unwrap().iter().find(|pod| wanted(pod)).unwrap().clone()
}

fn container(pod: &Value) -> &Value {
    &pod["status"]["containerStatuses"][0]
}

fn waits(reason: &str) -> impl Fn(&Value) -> bool {
    move |pod| container(pod)["state"]["waiting"]["reason"] == reason
}

async fn loops(ground: &Ground, fault: &str, code: i64, reason: &str) {
    let pod = until_pod(ground, faulty("web", 1, fault), "back-off", waits("CrashLoopBackOff")).await;
    let last = &container(&pod)["lastState"]["terminated"];
    assert_eq!((count(&last["exitCode"]), text(&last["reason"])), (code, reason));
    assert!(last["startedAt"].is_string() && last["finishedAt"].is_string(), "{last:#}");
    assert!(count(&container(&pod)["restartCount"]) >= 1);
    assert_eq!(container(&pod)["ready"], false);
    assert!(text(&pod["status"]["phase"]) == "Running" && !holds(&pod, "Ready"));
    let web = ground.get(&ground.one(DEPLOYMENTS, "web")).await.ok();
    assert_eq!(count(&web["status"]["readyReplicas"]), 0);
}

async fn a_crash_loops(ground: Ground) {
    loops(&ground, "crash", 1, "Error").await;
}

async fn too_little_memory_kills(ground: Ground) {
    loops(&ground, "oom", 137, "OOMKilled").await;
}

async fn a_server_that_ends_well_loops_too(ground: Ground) {
    loops(&ground, "exit", 0, "Completed").await;
}

/// First the failure with its cause, then only the waiting.
async fn an_image_that_is_not_there_is_not_pulled(ground: Ground) {
    let pod = until_pod(&ground, faulty("web", 1, "bad-image"), "failed pull", waits("ErrImagePull")).await;
    assert!(text(&container(&pod)["state"]["waiting"]["message"]).contains("not found"));
    assert_eq!((text(&pod["status"]["phase"]), count(&container(&pod)["restartCount"])), ("Pending", 0));
    let later = self::pod(&ground, "back-off", waits("ImagePullBackOff")).await;
    assert_eq!(name(&later), name(&pod));
}

/// Not found and denied stay so; what may pass is told by other words.
async fn a_failed_pull_says_why(ground: Ground) {
    for (fault, word) in [("denied-image", "denied"), ("pull-timeout", "timeout")] {
        let pod = until_pod(&ground, faulty("web", 1, fault), "failed pull", waits("ErrImagePull")).await;
        let message = text(&container(&pod)["state"]["waiting"]["message"]).to_owned();
        assert!(message.contains(word) && !message.contains("not found"), "{message}");
        removed(&ground).await;
    }
}

async fn removed(ground: &Ground) {
    let path = ground.one(DEPLOYMENTS, "web");
    ground.delete(&path, json!({"propagationPolicy": "Background"})).await.ok();
    ground.until_none(PODS, "app=web").await;
}

async fn a_container_that_cannot_be_made_waits(ground: Ground) {
    for (fault, reason) in [
        ("create-error", "CreateContainerError"),
        ("config-error", "CreateContainerConfigError"),
        ("run-error", "RunContainerError"),
        ("invalid-image", "InvalidImageName"),
        ("never-pull", "ErrImageNeverPull"),
    ] {
        let pod = until_pod(&ground, faulty("web", 1, fault), reason, waits(reason)).await;
        assert!(!holds(&pod, "Ready") && !text(&container(&pod)["state"]["waiting"]["message"]).is_empty(), "{pod:#}");
        removed(&ground).await;
    }
}

async fn a_pod_that_fits_nowhere_waits(ground: Ground) {
    let mut object = faulty("web", 1, "pending");
    object["spec"]["template"]["spec"]["nodeSelector"] = json!({"sim.dataflow.dev/nowhere": "true"});
    let unschedulable = |pod: &Value| condition(pod, "PodScheduled")["reason"] == "Unschedulable";
    let pod = until_pod(&ground, object, "a pod without a node", unschedulable).await;
    assert_eq!(text(&condition(&pod, "PodScheduled")["status"]), "False");
    assert!(text(&condition(&pod, "PodScheduled")["message"]).contains("nodes are available"));
    assert_eq!(text(&pod["status"]["phase"]), "Pending");
    assert!(pod["spec"]["nodeName"].is_null() && pod["status"]["containerStatuses"].is_null(), "{pod:#}");
}

async fn a_slow_start_is_ready_late(ground: Ground) {
    let mut object = deployment("web", 1);
    object["spec"]["template"]["metadata"]["annotations"] = json!({"sim.dataflow.dev/start-seconds": "3"});
    let runs = |pod: &Value| container(pod)["state"]["running"]["startedAt"].is_string();
    let pod = until_pod(&ground, object, "a start", runs).await;
    assert!(!holds(&pod, "Ready") && container(&pod)["ready"] == false, "{pod:#}");
    ground.wait(1000).await;
    assert!(!holds(&ground.get(&ground.one(PODS, name(&pod))).await.ok(), "Ready"));
    let later = self::pod(&ground, "readiness", |pod| holds(pod, "Ready")).await;
    assert_eq!((name(&later), count(&container(&later)["restartCount"])), (name(&pod), 0));
}

async fn a_pod_may_never_be_ready(ground: Ground) {
    let runs = |pod: &Value| container(pod)["state"]["running"]["startedAt"].is_string();
    let pod = until_pod(&ground, faulty("web", 1, "never-ready"), "a start", runs).await;
    ground.wait(3000).await;
    let later = ground.get(&ground.one(PODS, name(&pod))).await.ok();
    assert_eq!(text(&condition(&later, "Ready")["status"]), "False");
    assert_eq!((text(&later["status"]["phase"]), count(&container(&later)["restartCount"])), ("Running", 0));
}

async fn readiness_may_flap(ground: Ground) {
    until_pod(&ground, faulty("web", 1, "flap"), "readiness", |pod| holds(pod, "Ready")).await;
    pod(&ground, "its loss", |pod| condition(pod, "Ready")["status"] == "False").await;
    pod(&ground, "readiness again", |pod| holds(pod, "Ready")).await;
    let last = pod(&ground, "its loss again", |pod| condition(pod, "Ready")["status"] == "False").await;
    assert_eq!(count(&container(&last)["restartCount"]), 0);
}

async fn an_initialisation_that_crashes_loops(ground: Ground) {
    let mut object = faulty("web", 1, "init-crash");
    object["spec"]["template"]["spec"]["initContainers"] =
        json!([{"name": "setup", "image": "registry.example/setup"}]);
    let loops =
        |pod: &Value| pod["status"]["initContainerStatuses"][0]["state"]["waiting"]["reason"] == "CrashLoopBackOff";
    let pod = until_pod(&ground, object, "back-off", loops).await;
    let first = &pod["status"]["initContainerStatuses"][0];
    assert_eq!((text(&first["name"]), count(&first["lastState"]["terminated"]["exitCode"])), ("setup", 1));
    assert_eq!(text(&container(&pod)["state"]["waiting"]["reason"]), "PodInitializing");
    assert_eq!((text(&pod["status"]["phase"]), text(&condition(&pod, "Initialized")["status"])), ("Pending", "False"));
}

/// For what it used itself: no condition excuses it.
async fn an_evicted_pod_is_replaced(ground: Ground) {
    let evicted = |pod: &Value| pod["status"]["reason"] == "Evicted";
    let pod = until_pod(&ground, faulty("web", 1, "evict"), "an eviction", evicted).await;
    assert_eq!(text(&pod["status"]["phase"]), "Failed");
    assert!(condition(&pod, "DisruptionTarget").is_null(), "{pod:#}");
    self::pod(&ground, "another pod", |other| name(other) != name(&pod)).await;
}

async fn a_disrupted_pod_says_so(ground: Ground) {
    let disrupted = |pod: &Value| holds(pod, "DisruptionTarget");
    let pod = until_pod(&ground, faulty("web", 1, "drain"), "a disruption", disrupted).await;
    assert_eq!(text(&pod["status"]["phase"]), "Failed");
}

/// A fault may be put on one pod, and taken off.
async fn a_running_pod_crashes_and_recovers(ground: Ground) {
    rolled_out(&ground, deployment("web", 2)).await;
    let pod = ground.list(PODS, "app=web").await.remove(0);
    let path = ground.one(PODS, name(&pod));
    ground.merge(&path, json!({"metadata": {"labels": {"sim.dataflow.dev/fault": "crash"}}})).await.ok();
    let crashed = ground.until("back-off", &path, waits("CrashLoopBackOff")).await;
    assert!(!holds(&crashed, "Ready") && crashed["status"]["podIP"] == pod["status"]["podIP"], "{crashed:#}");
    let web = ground.one(DEPLOYMENTS, "web");
    ground.until("one pod less", &web, |web| count(&web["status"]["readyReplicas"]) == 1).await;
    ground.merge(&path, json!({"metadata": {"labels": {"sim.dataflow.dev/fault": null}}})).await.ok();
    let again = ground.until("readiness", &path, |pod| holds(pod, "Ready")).await;
    assert!(count(&container(&again)["restartCount"]) >= count(&container(&crashed)["restartCount"]));
    ground.until("both pods", &web, |web| count(&web["status"]["readyReplicas"]) == 2).await;
}
