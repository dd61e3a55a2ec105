//! Pods that wait for a node: how long one has patience with them, and who is blamed for it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod stage;

use std::sync::{Arc, Mutex};

use canary_step::decide::{Goal, Safety, Step, View, World, next};
use canary_step::driver::{End, begin};
use canary_step::record::{Phase, Record, ServerTime};
use canary_step::{cluster::Change, evidence::ReasonKind};
use cluster_sim::{Cluster, Kind};
use serde_json::{Value, json};
use stage::*;

/// What happens to the canary's pod, in seconds from when it waits for a node.
#[derive(Clone, Copy, Default)]
struct Story {
    /// An autoscaler promises a node.
    promised: Option<u64>,
    /// The node is there.
    placed: Option<u64>,
    /// How long the pod takes from then on.
    starts: &'static str,
}

fn waiting(cluster: &Cluster) -> Option<Value> {
    let ours = |pod: &Value| pod["metadata"]["labels"]["dataflow.dev/rollout"] == ROLLOUT;
    let waits = |pod: &Value| {
        pod["status"]["conditions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["type"] == "PodScheduled" && one["status"] == "False")
    };
    cluster
        .list(Kind::Pod, NAMESPACE)
        .into_iter()
        .find(|pod| ours(pod) && pod["status"]["conditions"].is_array() && waits(pod))
}

async fn told(cluster: &Cluster, story: Story) {
    let pod = loop {
        match waiting(cluster) {
            Some(pod) => break pod,
            None => settle(1).await,
        }
    };
    let mut passed = 0;
    let meta = &pod["metadata"];
    if let Some(at) = story.promised {
        settle(at).await;
        passed = at;
        let event = json!({
            "metadata": {"name": "api.17"}, "type": "Normal", "reason": "TriggeredScaleUp",
            "message": "pod triggered scale-up: [{pool-1 3->4 (max: 10)}]",
            "involvedObject": {"kind": "Pod", "name": meta["name"], "uid": meta["uid"]},
        });
        cluster.create(Kind::Event, NAMESPACE, event).unwrap();
    }
    if let Some(at) = story.placed {
        settle(at - passed).await;
        cluster.image(NEW, &[("start-seconds", story.starts)]);
        // The scheduler looks at the pod again.
        let adapter = canary_step::cluster::Cluster::new(cluster.onlooker(NAMESPACE), NAMESPACE, "scheduler");
        let patch = json!([{"op": "add", "path": "/metadata/annotations", "value": {"seen": "again"}}]);
        let sent = (&Change::Patch(patch), false);
        adapter.send(canary_step::cluster::Kind::Pod, meta["name"].as_str().unwrap(), sent).await.unwrap();
    }
    std::future::pending::<()>().await;
}

fn check(rest: &str, story: Story) -> (End, Record) {
    virtually(async {
        let cluster = cluster(&["api"], 3).await;
        cluster.image(NEW, &[("fault", "pending")]);
        let policy = policy(&["api"], &format!("steps: [{{weight: 25, observe: 20s}}]\n{rest}"));
        let (end, record) = tokio::select! {
            biased;
            () = told(&cluster, story) => unreachable!("it waits for ever"),
            ended = run(&cluster, beginning(&policy, NEW), Safety::default()) => ended.unwrap(),
        };
        assert_eq!((leftovers(&cluster), &record.doubts), (vec![], &vec![]));
        (end, record)
    })
}

/// Stopped for the want of a node, which is not the release's fault, as soon as patience ends.
fn is_given_up(rest: &str, story: Story, seconds: u64) {
    let (end, record) = check(rest, story);
    let reason = &record.reasons[0];
    assert_eq!(
        (end, reason.signal.as_str(), reason.kind),
        (End::Over(Phase::Aborted), "Unschedulable", ReasonKind::Infrastructure),
        "{reason:?}"
    );
    let stopped = record.events.iter().find(|event| event.kind == "signal").unwrap().at;
    let waited = stopped - reason.since;
    assert!((seconds..=seconds + 2).contains(&waited), "after {waited} s instead of {seconds}: {reason:?}");
}

#[test]
fn without_a_promise_patience_is_short() {
    is_given_up("", Story::default(), 60);
    is_given_up("timeouts: {unschedulable: 20s}\n", Story::default(), 20);
}

#[test]
fn a_promised_node_is_waited_for() {
    is_given_up("", Story { promised: Some(10), ..Story::default() }, 300);
    let rest = "timeouts: {unschedulable: 20s, unschedulableAfterScaleUp: 90s}\n";
    is_given_up(rest, Story { promised: Some(10), ..Story::default() }, 90);
}

/// The Deployment's own deadline passes meanwhile: a pod's time to become ready begins with its node.
#[test]
fn a_node_that_comes_late_is_no_regression() {
    let (end, record) = check("", Story { promised: Some(10), placed: Some(200), starts: "120" });
    assert_eq!(end, End::Over(Phase::Promoted), "{:?}", record.reasons);
    let (end, record) =
        check("timeouts: {unschedulable: 10m}\n", Story { placed: Some(400), starts: "1", ..Story::default() });
    assert_eq!(end, End::Over(Phase::Promoted), "{:?}", record.reasons);
}

#[test]
fn with_its_node_a_pod_has_no_more_time_than_others() {
    let (end, record) = check("", Story { promised: Some(10), placed: Some(100), starts: "9999" });
    let reason = &record.reasons[0];
    assert_eq!((end, reason.signal.as_str()), (End::Over(Phase::Aborted), "ProgressDeadlineExceeded"), "{reason:?}");
    assert_eq!(reason.kind, ReasonKind::Regression);
    let stopped = record.events.iter().find(|event| event.kind == "signal").unwrap().at;
    assert!((280..=290).contains(&stopped), "stopped at {stopped}");
}

/// What is known, and what there is, a moment after the canary of a service became ready.
fn observed() -> (Record, World) {
    virtually(async {
        let cluster = cluster(&["api"], 3).await;
        let policy = policy(&["api"], "steps: [{weight: 25, observe: 20s}]\n");
        let mut driver = begin(adapter(&cluster), beginning(&policy, NEW), Safety::default()).await.unwrap();
        let seen: Arc<Mutex<Option<(Record, World)>>> = Arc::default();
        let kept = Arc::clone(&seen);
        driver.listener = Box::new(move |record, world| {
            if record.phase == Phase::Observing {
                kept.lock().unwrap().get_or_insert_with(|| (record.clone(), world.clone()));
            }
        });
        drive(&mut driver).await.unwrap();
        seen.lock().unwrap().take().unwrap()
    })
}

/// The Deployment's controller needs a moment to see that the last pod is ready; until then it tells the deadline that was missed.
#[test]
fn a_pod_that_is_ready_at_last_is_not_blamed_for_the_deadline() {
    let (record, mut world) = observed();
    let there = world.services.get_mut("api").unwrap();
    assert_eq!(there.canary_pods.len(), 1);
    let missed = json!([{
        "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
        "message": "it has timed out", "lastTransitionTime": "2026-01-05T09:30:00Z",
    }]);
    there.canary.as_mut().unwrap()["status"]["conditions"] = missed;
    let decided = |world: &World| next(View { record: &record, world, goal: Goal::End, safety: Safety::default() });
    assert!(!matches!(decided(&world), Step::Abort(_)), "{:?}", decided(&world));
    // It has had its node for longer than a pod may take, and the deadline still stands.
    world.now = ServerTime(world.now.0 + record.policy.timeouts.ready_within.as_secs() + 1);
    let Step::Abort(reasons) = decided(&world) else { panic!("{:?}", decided(&world)) };
    assert_eq!(reasons[0].signal, "ProgressDeadlineExceeded");
}
