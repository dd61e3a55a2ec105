//! The binary as a process, phase by phase, on the embedded cluster behind a socket; and how much memory it takes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "how much memory it took is to be seen")]
mod served;
mod stage;

use std::time::Duration;

use cluster_sim::{Cluster, Kind, Options};
use serde_json::{Value, json};
use served::{Run, Served};
use stage::{BAD, NAMESPACE, NEW, OLD, autoscaler, cluster, deployment, service};

const POLICY: &str = "group: shop
services: [{name: api}]
steps: [{weight: 34, observe: 1s}, {weight: 50, observe: 1s}]
judge: {onInconclusive: proceed}
";

/// A file of the policy, and a command that begins a rollout of the tag `2` under it.
fn beginning(served: &Served, verb: &str) -> Run {
    let policy = served.file("canary.yaml", POLICY);
    Run::of(served.canary(&[verb, "--policy", policy.to_str().unwrap(), "--image-tag", "2"]))
}

/// A command for a rollout by its id; a terminal has to name it.
fn order(served: &Served, verb: &str, rollout: &str) -> Run {
    Run::of(served.canary(&[verb, "--rollout", rollout]))
}

/// A service whose pods come and go within a second, since the clock is the wall's.
fn quick(name: &str, pods: u32) -> Value {
    let mut deployment = deployment(name, pods);
    deployment["spec"]["template"]["metadata"]["annotations"] = json!({
        "sim.dataflow.dev/pull-seconds": "0", "sim.dataflow.dev/start-seconds": "1", "sim.dataflow.dev/end-seconds": "0",
    });
    deployment
}

fn one() -> Served {
    Served::new(|| async {
        let cluster = cluster(&[], 0).await;
        cluster.create(Kind::Deployment, NAMESPACE, quick("api", 2)).unwrap();
        stage::settle(30).await;
        cluster
    })
}

#[test]
fn each_phase_is_a_command_of_its_own() {
    let served = one();
    let found = beginning(&served, "preflight");
    assert_eq!(found.code, Some(0), "{}", found.said);
    assert!(found.json.is_array(), "{}", found.said);
    let run = beginning(&served, "start").came_to(0, ("running", "holding"));
    let rollout = run.json["rollout"].as_str().unwrap().to_owned();
    let order = |verb| order(&served, verb, &rollout);
    // Another begins nothing while it is under way, and an order without a name is nobody's.
    let other = beginning(&served, "start");
    assert!(other.code == Some(2) && other.said.contains("is not over"), "{}", other.said);
    let unnamed = Run::of(served.canary(&["promote"]));
    assert!(unnamed.code == Some(3) && unnamed.said.contains(&rollout), "{}", unnamed.said);
    let run = order("step").came_to(0, ("running", "holding"));
    assert_eq!(run.json["step"], 1, "{}", run.said);
    let further = order("step");
    assert!(further.code == Some(3) && further.said.contains("promote"), "{}", further.said);
    order("promote").came_to(0, ("promoted", "promoted"));
    order("verify").came_to(0, ("promoted", "promoted"));
    let again = order("abort");
    assert!(again.code == Some(3) && again.said.contains("rollback"), "{}", again.said);
    let run = order("rollback").came_to(0, ("rolled-back", "rolled-back"));
    assert_eq!(run.json["leftovers"], 0, "{}", run.said);
    // What was put back is not what was promised.
    order("verify").came_to(1, ("rolled-back", "rolled-back"));
    order("rollback").came_to(0, ("rolled-back", "rolled-back"));
}

#[test]
fn a_begun_rollout_is_taken_back_and_another_begins() {
    let served = one();
    let begun = beginning(&served, "start").came_to(0, ("running", "holding"));
    let rollout = begun.json["rollout"].as_str().unwrap();
    let aborted = order(&served, "abort", rollout).came_to(0, ("aborted", "aborted"));
    assert_eq!((&aborted.json["stableUntouched"], &aborted.json["leftovers"]), (&true.into(), &0.into()));
    let left = Run::of(served.canary(&["gc"]));
    assert_eq!(left.code, Some(0), "{}", left.said);
    beginning(&served, "run").came_to(0, ("promoted", "promoted"));
}

#[test]
fn what_stands_in_the_way_is_said_before_anything_is_made() {
    let served = Served::new(|| async { cluster(&["other"], 2).await });
    let found = beginning(&served, "preflight");
    assert!(found.code == Some(1) && found.said.contains("api"), "{}", found.said);
    let refused = beginning(&served, "start");
    assert!(refused.code == Some(2) && refused.said.contains("api"), "{}", refused.said);
    let nothing = Run::of(served.canary(&["status"]));
    assert!(nothing.code == Some(2) && nothing.said.contains("no record"), "{}", nothing.said);
}

const EIGHT: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

async fn eight_times_fifty() -> Cluster {
    let cluster = Cluster::new(Options::default());
    for name in EIGHT {
        cluster.create(Kind::Service, NAMESPACE, service(name, 50)).unwrap();
        let mut deployment = quick(name, 50);
        // All at once: the most pods that there can be, and the promotion takes seconds.
        deployment["spec"]["strategy"] = json!({ "rollingUpdate": { "maxSurge": "100%", "maxUnavailable": 0 } });
        cluster.create(Kind::Deployment, NAMESPACE, deployment).unwrap();
        cluster.create(Kind::HorizontalPodAutoscaler, NAMESPACE, autoscaler(name, 50)).unwrap();
    }
    stage::settle(120).await;
    cluster
}

/// KiB of memory that a process has had at most, as long as it lives.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn eight_services_of_fifty_pods_take_little_memory() {
    let served = Served::new(eight_times_fifty);
    let names: String = EIGHT.iter().map(|name| format!("  - name: {name}\n")).collect();
    let text = format!(
        "services:\n{names}steps: [{{weight: 10, observe: 8s}}]\njudge: {{tick: 1s, warmUp: 1s, onInconclusive: proceed}}\n"
    );
    let policy = served.file("canary.yaml", &text);
    let mut command = served.canary(&["run", "--policy", policy.to_str().unwrap(), "--image-tag", "2"]);
    let mut child = command.spawn().unwrap();
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = |mut from: Box<dyn std::io::Read + Send>| {
        std::thread::spawn(move || {
            let mut text = String::new();
            from.read_to_string(&mut text).map(|_| text).unwrap()
        })
    };
    let said = [read(Box::new(out)), read(Box::new(err))];
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = peak(child.id()).unwrap_or(0).max(most);
        std::thread::sleep(Duration::from_millis(20));
    }
    let said = said.map(|thread| thread.join().unwrap()).concat();
    assert!(child.wait().unwrap().success() && said.contains("\"phase\":\"promoted\""), "{said}");
    println!("8 services of 50 pods, a whole rollout: {:.1} MiB at most", most as f64 / 1024.0);
    assert!(most <= 64 * 1024, "{most} KiB");
}

/// 0 is yes, 1 is no and stops the release, anything else holds it, and whoever goes on asks again.
#[test]
fn a_program_is_a_gate() {
    let served = one();
    let gate = served.file("gate.sh", "#!/bin/sh\nexit 0\n");
    let policy = format!(
        "group: shop\nservices: [{{name: api}}]\nsteps: [{{weight: 25, observe: 1s, gates: [{{command: [sh, '{}']}}]}}]\njudge: {{onInconclusive: proceed}}\n",
        gate.display()
    );
    let policy = served.file("gated.yaml", &policy);
    let run = || {
        let mut command = served.canary(&["run", "--policy", policy.to_str().unwrap(), "--image-tag", "2"]);
        command.env("PATH", "/usr/bin:/bin");
        Run::of(command)
    };
    served.file("gate.sh", "echo checkout answers nothing; exit 1\n");
    let stopped = run().came_to(1, ("aborted", "aborted"));
    let reason = &stopped.json["reasons"][0];
    assert_eq!((&reason["signal"], &reason["kind"]), (&"gate".into(), &"regression".into()), "{}", stopped.said);
    assert!(reason["text"].as_str().unwrap().ends_with("says no: checkout answers nothing"), "{reason}");
    served.file("gate.sh", "exit 7\n");
    let held = run().came_to(3, ("frozen", "observing"));
    assert!(held.said.contains("could not tell (it ended with 7)"), "{}", held.said);
    served.file("gate.sh", "exit 0\n");
    let rollout = held.json["rollout"].as_str().unwrap();
    let mut resume = served.canary(&["resume", "--rollout", rollout]);
    resume.env("PATH", "/usr/bin:/bin");
    Run::of(resume).came_to(0, ("promoted", "promoted"));
}

/// A job that is run again goes on with what it began, if that is still what its manifests ask for.
#[test]
fn what_is_gone_on_with_is_what_the_manifests_ask_for() {
    let served = one();
    let policy = served.file("canary.yaml", POLICY);
    let manifest = |image: &str, version: &str| {
        let mut object = quick("api", 2);
        let container = &mut object["spec"]["template"]["spec"]["containers"][0];
        (container["image"], container["env"][0]["value"]) = (image.into(), version.into());
        object.to_string()
    };
    let run = |verb: &str, manifest: &str, more: &[&str]| {
        let file = served.file("api.json", manifest);
        let words = [verb, "--policy", policy.to_str().unwrap(), "--manifests", file.to_str().unwrap()];
        let mut command = served.canary(&[&words, more].concat());
        command.env("GITHUB_RUN_ID", "7").env("GITHUB_REPOSITORY", "dataflow/shop");
        Run::of(command)
    };
    let asked = manifest(NEW, "2");
    run("start", &asked, &[]).came_to(0, ("running", "holding"));
    let refused = |manifest: &str, more: &[&str], why: &str| {
        let refused = run("run", manifest, more);
        assert!(refused.code == Some(2) && refused.said.contains(why), "{}", refused.said);
    };
    let other = format!("another template with the image {NEW} to api, which is not what is asked for");
    refused(&manifest(BAD, "2"), &[], &other);
    refused(&manifest(NEW, "3"), &[], &other);
    refused(&asked, &["--image-tag", "3"], &format!("brings {NEW} to api, which is not what is asked for"));
    run("run", &manifest(OLD, "2"), &["--image-tag", "2"]).came_to(0, ("promoted", "promoted"));
}

/// A job of a workflow that rolls back, of a run that began nothing.
#[test]
fn a_run_that_began_nothing_puts_nothing_back() {
    let rolled = |served: &Served| {
        let mut command = served.canary(&["rollback"]);
        command.env("GITHUB_RUN_ID", "7").env("GITHUB_REPOSITORY", "dataflow/shop");
        Run::of(command)
    };
    let served = one();
    let nothing = rolled(&served);
    assert!(nothing.code == Some(0) && nothing.said.contains("nothing to put back"), "{}", nothing.said);
    // Canaries of somebody else's are no proof that all is as it was.
    beginning(&served, "start").came_to(0, ("running", "holding"));
    let canaries = rolled(&served);
    assert!(canaries.code == Some(3) && canaries.said.contains("no record of this run"), "{}", canaries.said);
    // A namespace without services is hardly the one that is meant.
    let empty = rolled(&Served::new(|| async { cluster(&[], 0).await }));
    assert!(empty.code == Some(2) && empty.said.contains("no Deployment"), "{}", empty.said);
}

/// All jobs of a run are run again after a machine was lost.
#[test]
fn what_a_run_began_is_not_in_its_own_way() {
    let served = one();
    let of_run = |run: &str, verb: &str, tag: &str| {
        let policy = served.file("canary.yaml", POLICY);
        let mut command = served.canary(&[verb, "--policy", policy.to_str().unwrap(), "--image-tag", tag]);
        command.env("GITHUB_RUN_ID", run).env("GITHUB_REPOSITORY", "dataflow/shop");
        Run::of(command)
    };
    of_run("7", "start", "2").came_to(0, ("running", "holding"));
    let own = of_run("7", "preflight", "2");
    assert!(own.code == Some(0) && own.json == json!([]), "{}", own.said);
    let other = of_run("8", "preflight", "2");
    assert!(other.code == Some(1) && other.said.contains("is not over"), "{}", other.said);
    let changed = of_run("7", "preflight", "3");
    assert!(changed.code == Some(2) && changed.said.contains("not what is asked for"), "{}", changed.said);
}
