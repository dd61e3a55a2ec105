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

/// The decision `later` seconds after a Deployment missed its deadline, about a pod that got its node `before` seconds before.
fn decided((record, world): &(Record, World), (later, before): (u64, u64)) -> Step {
    let mut world = world.clone();
    let time = |seconds: u64| jiff::Timestamp::from_second(i64::try_from(seconds).unwrap()).unwrap().to_string();
    let missed = world.now.0;
    world.now = ServerTime(missed + later);
    let placed = time(world.now.0 - before);
    let there = world.services.get_mut("api").unwrap();
    there.canary.as_mut().unwrap()["status"]["conditions"] = json!([{
        "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
        "message": "it has timed out", "lastTransitionTime": time(missed),
    }]);
    let [pod] = &mut there.canary_pods[..] else { panic!("one canary pod") };
    let scheduled = pod["status"]["conditions"].as_array_mut().unwrap();
    scheduled.retain(|condition| condition["type"] != "PodScheduled");
    scheduled.push(json!({"type": "PodScheduled", "status": "True", "lastTransitionTime": placed}));
    next(View { record, world: &world, goal: Goal::End, safety: Safety::default() })
}

fn is_blamed(step: &Step) -> bool {
    matches!(step, Step::Abort(reasons) if reasons[0].signal == "ProgressDeadlineExceeded")
}

/// The Deployment's controller needs a moment to see that the last pod is ready; until then it tells the deadline that was missed.
#[test]
fn a_pod_that_is_ready_at_last_is_not_blamed_for_the_deadline() {
    let seen = observed();
    let within = seen.0.policy.timeouts.ready_within.as_secs();
    let step = decided(&seen, (1, 1));
    assert!(!matches!(step, Step::Abort(_)), "{step:?}");
    // It has had its node for longer than a pod may take, and the deadline still stands.
    let step = decided(&seen, (1, within + 1));
    assert!(is_blamed(&step), "{step:?}");
}

/// Whatever nodes its pods get, over and over: a deadline counts in the end.
#[test]
fn pods_that_are_made_anew_are_not_waited_for_without_end() {
    let seen = observed();
    let timeouts = &seen.0.policy.timeouts;
    let longest = timeouts.unschedulable_after_scale_up.as_secs() + timeouts.ready_within.as_secs();
    let step = decided(&seen, (longest - 1, 1));
    assert!(!matches!(step, Step::Abort(_)), "{step:?}");
    let step = decided(&seen, (longest, 1));
    assert!(is_blamed(&step), "{step:?}");
}
