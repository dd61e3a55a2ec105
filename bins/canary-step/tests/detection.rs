//! From the moment at which the API server knows of a hard signal to the call that stops the rollout: two seconds at most.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "how long it took is to be seen")]
mod stage;

use std::time::Duration;

use canary_step::decide::Safety;
use canary_step::driver::End;
use canary_step::record::Phase;
use canary_step::signals::{self, Patience, Sighting};
use cluster_sim::{Cluster, Kind};
use serde_json::Value;
use stage::*;

/// Milliseconds at which any object of the canary first told of something hard.
fn told(cluster: &Cluster) -> Option<i64> {
    let patience =
        Patience { unschedulable: Duration::from_secs(60), unschedulable_after_scale_up: Duration::from_secs(300) };
    let ours = |object: &Value| object["metadata"]["labels"]["dataflow.dev/rollout"] == ROLLOUT;
    let mut first: Option<i64> = None;
    for kind in [Kind::Pod, Kind::Deployment, Kind::ReplicaSet] {
        for past in cluster.past(kind, NAMESPACE, "").into_iter().filter(|past| ours(&past.object) && !past.gone) {
            let now = u64::try_from(past.at / 1000).unwrap();
            let found = match kind {
                Kind::Pod => signals::pod(Sighting { service: "api", pod: &past.object, events: &[], now }, &patience),
                Kind::Deployment => signals::deployment("api", &past.object),
                _ => signals::replica_set("api", &past.object),
            };
            if !found.is_empty() {
                first = Some(first.map_or(past.at, |known| known.min(past.at)));
            }
        }
    }
    first
}

fn check(fault: &str) -> i64 {
    virtually(async {
        let cluster = cluster(&["api"], 3).await;
        cluster.image(NEW, &[("fault", fault)]);
        let policy = policy(&["api"], "steps: [{weight: 50, observe: 3m}]\n");
        let (end, record) = run(&cluster, beginning(&policy, NEW), Safety::default()).await.unwrap();
        assert_eq!(end, End::Over(Phase::Aborted), "{fault}: {:?}", record.reasons);
        assert_eq!((record.untouched, leftovers(&cluster)), (Some(true), vec![]), "{fault}");
        let told = told(&cluster).unwrap_or_else(|| panic!("{fault}: no object told of anything"));
        let stops = |call: &cluster_sim::Call| call.method == "PATCH" && call.path.contains("/jobs/");
        let stopped = cluster.calls().into_iter().rev().find(stops).unwrap().at;
        stopped - told
    })
}

#[test]
fn each_hard_signal_stops_the_rollout_within_two_seconds() {
    let faults = [
        "bad-image",
        "denied-image",
        "invalid-image",
        "never-pull",
        "config-error",
        "create-error",
        "run-error",
        "start-error",
        "post-start",
        "crash",
        "crash-late",
        "oom",
        "exit",
        "never-ready",
        "evict",
        "quota",
    ];
    let mut late = Vec::new();
    for fault in faults {
        let took = check(fault);
        println!("{fault}: {took} ms");
        if !(0..=2_000).contains(&took) {
            late.push(format!("{fault}: {took} ms"));
        }
    }
    assert!(late.is_empty(), "{late:?}");
}
