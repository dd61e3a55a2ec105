//! The runner cancels: the real process gets SIGINT or SIGTERM, and has five seconds.
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::ground::{Ground, NEW, OLD, Run};

/// Starts a rollout, waits until its canary is observed, and sends the signal; gives how it ended.
fn cancelled(ground: &Ground, signal: &str, policy: &str) -> Run {
    let child = ground.release(&format!("steps: [{{weight: 34, observe: 10m}}]\n{policy}"), &[]).spawn().unwrap();
    ground.until("observation", || ground.record()["phase"] == "observing");
    let sent = Instant::now();
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    let run = Run::ended(child);
    assert!(sent.elapsed() < Duration::from_secs(5), "{signal} took {:?}: {}", sent.elapsed(), run.said);
    assert!(run.code.is_some(), "{signal} killed it: {}", run.said);
    // Whoever comes next does not wait for the lock.
    let lease = ground.get("lease/canary-shop").unwrap();
    assert_eq!(lease["spec"]["holderIdentity"].as_str().unwrap_or(""), "", "{lease:#}");
    run
}

fn spec(ground: &Ground) -> Value {
    ground.get("deployment/api").unwrap()["spec"].clone()
}

#[test]
fn a_cancelled_run_takes_its_canaries_away() {
    for signal in ["-INT", "-TERM"] {
        let Some(ground) = Ground::new(2) else { return };
        let before = spec(&ground);
        let run = cancelled(&ground, signal, "onCancel: abort\n");
        assert_ne!(run.code, Some(0), "{}", run.said);
        ground.until("the end of the canaries", || ground.list("deployments,pods", "dataflow.dev/rollout").is_empty());
        assert_eq!(spec(&ground), before);
        // What is left to do, the next one does.
        ground.order("abort").came_to(0, "aborted");
        assert_eq!(ground.leftovers(), [""; 0]);
    }
}

#[test]
fn a_frozen_run_goes_on_later() {
    for signal in ["-INT", "-TERM"] {
        let Some(ground) = Ground::new(2) else { return };
        let before = spec(&ground);
        let run = cancelled(&ground, signal, "onCancel: freeze\n");
        assert_ne!(run.code, Some(0), "{}", run.said);
        assert_eq!(ground.list("pods", "dataflow.dev/rollout").len(), 1);
        assert_eq!(spec(&ground), before);
        let record = ground.record();
        assert!(record["held"].is_string(), "{}", record["phase"]);
        if signal == "-INT" {
            ground.order("promote").came_to(0, "promoted");
            assert_eq!(ground.image(), NEW);
        } else {
            ground.order("abort").came_to(0, "aborted");
            assert_eq!(ground.image(), OLD);
        }
        assert_eq!(ground.leftovers(), [""; 0]);
    }
}
