//! The scenarios of the demo on the real control plane. `bad-image`, `crash-loop` and `oom` are in `rollouts.rs`, `hpa-trap` in `autoscaler.rs`.
use std::process::Command;

use serde_json::{Value, json};

use crate::ground::{Ground, NEW, Run, deployment};
use crate::pages::{Moment, Numbers, Pages, Story};

/// Requests a second of each pod: enough that seconds suffice for a verdict.
const RATE: f64 = 20_000.0;
/// The judge decides, and holds where it cannot.
const POLICY: &str = "steps: [{weight: 34, observe: 12s}]\njudge: {tick: 1s, warmUp: 3s}\n";
/// The same with time enough for a cold start on a busy machine.
const PATIENT: &str = "steps: [{weight: 34, observe: 20s}]\njudge: {tick: 1s, warmUp: 10s}\n";
/// Pods of stable: as many as it takes to know how much pods differ.
const PODS: u32 = 6;

/// A pod that has failed in this share of its requests, and was slow in that share of them, for `age` seconds.
fn served(age: f64, errors: f64, slow: f64) -> Numbers {
    let requests = RATE * age;
    Numbers { requests, errors: requests * errors, slow: requests * slow }
}

fn good(moment: Moment) -> Option<Numbers> {
    Some(served(moment.age, 0.01, 0.02))
}

fn errors_times_five(moment: Moment) -> Option<Numbers> {
    Some(served(moment.age, if moment.new { 0.05 } else { 0.01 }, 0.02))
}

fn latency(moment: Moment) -> Option<Numbers> {
    Some(served(moment.age, 0.01, if moment.new { 0.4 } else { 0.02 }))
}

/// From the sixth second of the canary on a fifth of all requests fails, whoever answers.
fn shared_outage(moment: Moment) -> Option<Numbers> {
    let during = (moment.since - 6.0).clamp(0.0, moment.age);
    let usual = served(moment.age, 0.01, 0.02);
    Some(Numbers { errors: usual.errors + 0.19 * RATE * during, ..usual })
}

fn no_traffic(_: Moment) -> Option<Numbers> {
    Some(Numbers::default())
}

/// The new version's pages fall silent.
fn silent_pages(moment: Moment) -> Option<Numbers> {
    good(moment).filter(|_| !moment.new || moment.age < 8.0)
}

/// The new version is slow for its first two seconds.
fn cold(moment: Moment) -> Option<Numbers> {
    let usual = served(moment.age, 0.01, 0.02);
    let cold = if moment.new { 0.9 * RATE * moment.age.min(2.0) } else { 0.0 };
    Some(Numbers { slow: usual.slow + cold, ..usual })
}

/// A rollout while pods tell this story; how it ended, and what stable was before.
fn played(ground: &Ground, policy: &str, story: Story) -> (Run, Value) {
    let before = ground.get("deployment/api").unwrap();
    let mut pages = Pages::of(story);
    pages.look(ground);
    let mut child = ground.release(policy, &[]).spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        pages.look(ground);
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    (Run::ended(child), before)
}

fn ships(policy: &str, story: Story) {
    let Some(ground) = Ground::new(PODS) else { return };
    let (run, _) = played(&ground, policy, story);
    let run = run.came_to(0, "promoted");
    assert_eq!(run.evidence["judge"]["verdict"], "not-worse", "{}", run.said);
    assert_eq!((ground.image().as_str(), ground.leftovers()), (NEW, vec![]));
}

fn is_stopped(story: Story, signal: &str) {
    let Some(ground) = Ground::new(PODS) else { return };
    let (run, before) = played(&ground, POLICY, story);
    let run = run.came_to(1, "aborted");
    let first = &run.evidence["reasons"][0];
    assert_eq!((&first["service"], &first["signal"]), (&json!("api"), &json!(signal)), "{}", run.said);
    assert_eq!((&run.evidence["stableUntouched"], &run.evidence["leftovers"]), (&json!(true), &json!(0)));
    assert_eq!(ground.get("deployment/api").unwrap()["spec"], before["spec"]);
    assert_eq!(ground.leftovers(), [""; 0]);
}

/// Nothing is decided: the rollout is held, and whoever decides can still do so.
fn is_held(story: Story, why: &str) {
    let Some(ground) = Ground::new(PODS) else { return };
    let (run, before) = played(&ground, POLICY, story);
    let run = run.came_to(3, "frozen");
    assert_eq!(run.evidence["reasons"], json!([]), "{}", run.said);
    let judge = &run.evidence["judge"];
    assert!(judge["verdict"] == "inconclusive" && judge["text"].as_str().unwrap().contains(why), "{judge:#}");
    assert_eq!(ground.get("deployment/api").unwrap()["spec"], before["spec"]);
    ground.order("abort").came_to(0, "aborted");
    assert_eq!(ground.leftovers(), [""; 0]);
}

#[test]
fn a_good_release_is_found_to_be_no_worse() {
    ships(POLICY, good);
}

#[test]
fn a_cold_start_is_no_regression() {
    ships(PATIENT, cold);
}

#[test]
fn five_times_the_errors_are_found() {
    is_stopped(errors_times_five, "error-rate");
}

#[test]
fn slow_answers_are_found() {
    is_stopped(latency, "latency");
}

#[test]
fn a_shared_outage_blames_nobody() {
    is_held(shared_outage, "stable itself fails more");
}

#[test]
fn without_traffic_nothing_is_known() {
    is_held(no_traffic, "no requests");
}

#[test]
fn a_canary_that_falls_silent_is_not_promoted() {
    is_held(silent_pages, "no numbers");
}

#[test]
fn a_slow_start_is_no_regression() {
    let Some(ground) = Ground::new(2) else { return };
    let mut slow = deployment(2, NEW);
    slow["spec"]["template"]["metadata"]["annotations"] = json!({"sim.dataflow.dev/start-seconds": "8"});
    let manifest = ground.file("api.json", &slow.to_string());
    let rest = "steps: [{weight: 34, observe: 2s}]\n";
    let run = Run::of(ground.release(rest, &["--manifests", manifest.to_str().unwrap()])).came_to(0, "promoted");
    let events = run.evidence["events"].as_array().unwrap();
    let observed = events.iter().find(|event| event["text"].as_str().unwrap().contains("is being observed")).unwrap();
    assert!(observed["at"].as_u64().unwrap() >= 8, "the start was not slow: {}", run.said);
    assert_eq!((ground.image().as_str(), ground.leftovers()), (NEW, vec![]));
}

/// A rollout that is being observed, driven by a run of a workflow.
fn observed(ground: &Ground) -> std::process::Child {
    let mut release: Command = ground.release("steps: [{weight: 34, observe: 10s}]\n", &[]);
    release.envs([("GITHUB_RUN_ID", "4711"), ("GITHUB_REPOSITORY", "shop/api")]);
    let child = release.spawn().unwrap();
    ground.until("observation", || ground.record()["phase"] == "observing");
    child
}

#[test]
fn a_killed_driver_is_followed_by_another() {
    let Some(ground) = Ground::new(2) else { return };
    let mut child = observed(&ground);
    child.kill().unwrap();
    child.wait().unwrap();
    let run = ground.order("resume").came_to(0, "promoted");
    let events = run.evidence["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["text"].as_str().unwrap().contains("goes on with the rollout")));
    assert_eq!((ground.image().as_str(), ground.leftovers()), (NEW, vec![]));
}

#[test]
fn a_second_driver_is_refused_by_name() {
    let Some(ground) = Ground::new(2) else { return };
    let child = observed(&ground);
    let second = ground.order("resume");
    assert_eq!(second.code, Some(3), "{}", second.said);
    assert!(second.said.contains("run 4711") && second.said.contains("/shop/api/actions/runs/4711"), "{}", second.said);
    Run::ended(child).came_to(0, "promoted");
    assert_eq!(ground.leftovers(), [""; 0]);
}
