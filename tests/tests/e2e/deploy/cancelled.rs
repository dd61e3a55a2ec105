//! Production, ended in the middle of the observation of the first step: by whoever cancels the run, and with the machine that ran it.
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::registry::SERVICES;
use crate::runner::{Run, Running, signal};
use crate::shop::Shop;

use super::{PRODUCTION, inputs, jobs, production};

/// How GitHub names the ends of the jobs before the rollback when the first step was cancelled.
const CANCELLED: [(&str, &str); 8] = [
    ("approve", "success"),
    ("validate", "success"),
    ("scan", "success"),
    ("backup", "success"),
    ("canary-10", "cancelled"),
    ("canary-50", "skipped"),
    ("deploy", "skipped"),
    ("verify", "skipped"),
];

/// A run of deploy-production whose first step is being observed, and the process that observes it.
fn observed(shop: &mut Shop) -> (Running, Driver) {
    let (old, new) = ("{weight: 10, observe: 3s}", "{weight: 10, observe: 20s}");
    shop.monorepo.change("chore: look for longer", &[("deploy/canary.yaml", old, new)]);
    let run = shop.start(PRODUCTION, &inputs(false));
    let start = Instant::now();
    while recorded(shop, "phase").as_deref() != Some("observing") {
        assert!(start.elapsed() < Duration::from_secs(300), "nothing is observed\n{}", run.log());
        thread::sleep(Duration::from_millis(200));
    }
    let driver = Driver::of(&shop.namespace);
    assert!(canaries(shop) >= SERVICES.len(), "there are canaries\n{}", run.log());
    (run, driver)
}

/// A field of the rollout's record in the cluster: `phase` says where it stands.
fn recorded(shop: &Shop, field: &str) -> Option<String> {
    let words = ["get", "configmap", "canary-shop", "--ignore-not-found", "--output", "jsonpath={.data.record\\.json}"];
    let record: serde_json::Value = serde_json::from_str(&shop.kubectl(&words, "")).ok()?;
    record[field].as_str().map(str::to_owned)
}

fn canaries(shop: &Shop) -> usize {
    shop.kubectl(&["get", "deployments", "--selector", "dataflow.dev/rollout", "--output", "name"], "").lines().count()
}

/// Who holds the lock; nobody when it is given back.
fn holder(shop: &Shop) -> String {
    shop.kubectl(&["get", "lease", "canary-shop", "--output", "jsonpath={.spec.holderIdentity}"], "")
}

/// The process of canary-step that drives a rollout.
struct Driver(String);

impl Driver {
    fn of(namespace: &str) -> Self {
        let wanted = format!("INPUT_NAMESPACE={namespace}");
        let is_it = |id: &String| {
            let read = |file: &str| fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
            read("comm") == b"canary-step\n"
                && read("environ").split(|byte| *byte == 0).any(|it| it == wanted.as_bytes())
        };
        let mut ids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
        Self(ids.find(is_it).expect("a process that drives"))
    }

    fn is_gone(&self) -> bool {
        // What nobody has waited for stays as a zombie.
        fs::read_to_string(format!("/proc/{}/stat", self.0)).is_ok_and(|stat| stat.contains(") Z "))
            || !fs::exists(format!("/proc/{}", self.0)).unwrap()
    }

    /// Cancels it as GitHub's runner does; how long it took to end.
    fn cancel(&self) -> Duration {
        let start = Instant::now();
        signal("INT", &self.0);
        while !self.is_gone() && start.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(50));
        }
        start.elapsed()
    }
}

/// The jobs that GitHub starts after a cancellation, `rollback` and `notify`, with how the jobs before them ended.
///
/// The local runner runs no steps any more once it is cancelled, and has no result `cancelled`: what the others came to is put into the
/// conditions of these two as text; everything else of them is the workflow's.
fn ends(shop: &Shop) -> Run {
    let path = shop.monorepo.called().join(PRODUCTION);
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, only_the_end(&whole)).unwrap();
    let run = shop.dispatch(PRODUCTION, &inputs(false));
    fs::write(&path, whole).unwrap();
    run
}

fn only_the_end(whole: &str) -> String {
    let (head, jobs) = whole.split_once("\njobs:\n").unwrap();
    let end = &jobs[jobs.find("  rollback:\n").unwrap()..];
    let earlier: Vec<&str> = CANCELLED.iter().map(|(job, _)| *job).collect();
    let results = CANCELLED.map(|(_, result)| format!("\"{result}\"")).join(",");
    let mut text = format!("{head}\njobs:\n{end}");
    for (old, new) in [
        (format!("    needs: [{}]\n", earlier.join(", ")), String::new()),
        (format!("    needs: [{}, rollback]\n", earlier.join(", ")), "    needs: rollback\n".to_owned()),
        ("needs.*.result".to_owned(), format!("fromJSON('[{results}]')")),
    ]
    .into_iter()
    .chain(CANCELLED.map(|(job, result)| (format!("needs.{job}.result"), format!("'{result}'"))))
    {
        text = text.replace(&old, &new);
    }
    let left = text.matches("needs").count();
    assert_eq!(left, 1 + text.matches("needs.rollback.result").count(), "{text}");
    text
}

/// Stable is what it was, nothing else is there, nobody holds the lock, and people were told.
fn is_put_back(shop: &Shop, before: &[serde_json::Value], run: &Run) {
    assert_eq!(run.jobs(), ["Notify success", "Rollback success"], "{}", run.log);
    assert_eq!(shop.templates(), before, "stable was touched");
    shop.all_run("old");
    assert_eq!((canaries(shop), holder(shop).as_str()), (0, ""));
    assert_eq!((shop.noted("migrations").as_str(), shop.noted("pages").as_str()), ("", ""));
    let told = shop.noted("messages");
    assert!(told.contains("new was stopped, and what the run had changed is put back"), "{told}");
}

#[test]
fn a_cancelled_run_ends_its_canaries_at_once() {
    let Some(mut shop) = production() else { return };
    let before = shop.templates();
    let (run, driver) = observed(&mut shop);
    run.stop();
    let took = driver.cancel();
    // GitHub kills what is still there ten seconds after the first signal.
    assert!(took < Duration::from_secs(10), "{took:?}\n{}", run.log());
    // It has four seconds; what is left of the way back then goes by itself, and the rollback job proves it.
    let phase = recorded(&shop, "phase").unwrap();
    assert!(["aborting", "aborted"].contains(&phase.as_str()), "{phase}\n{}", run.log());
    assert_eq!(holder(&shop), "");
    run.kill();
    is_put_back(&shop, &before, &ends(&shop));
}

#[test]
fn what_a_lost_machine_left_is_put_back() {
    let Some(mut shop) = production() else { return };
    let before = shop.templates();
    let (run, driver) = observed(&mut shop);
    run.stop();
    signal("KILL", &driver.0);
    run.kill();
    assert!(canaries(&shop) >= SERVICES.len() && !holder(&shop).is_empty(), "its driver had no time to tidy up");
    let start = Instant::now();
    let ends = ends(&shop);
    // What the job has for it.
    assert!(start.elapsed() < Duration::from_secs(240), "{:?}", start.elapsed());
    is_put_back(&shop, &before, &ends);
}

#[test]
fn a_run_that_is_run_again_goes_on_with_its_canaries() {
    let Some(mut shop) = production() else { return };
    let (run, driver) = observed(&mut shop);
    let rollout = recorded(&shop, "rollout");
    run.stop();
    signal("KILL", &driver.0);
    run.kill();
    // The machine is lost, and nobody lets the jobs after it run: somebody runs all jobs of the same run again.
    shop.monorepo.runner.env("GITHUB_RUN_ATTEMPT", "2");
    let again = shop.dispatch(PRODUCTION, &inputs(false));
    let jobs = jobs(&again);
    assert!(jobs.len() == 8 && jobs.iter().all(|job| job.ends_with(" success")), "{jobs:?}\n{}", again.log);
    assert_eq!(recorded(&shop, "rollout"), rollout, "it is another rollout");
    shop.all_run("new");
    assert_eq!((recorded(&shop, "phase").as_deref(), holder(&shop).as_str()), (Some("promoted"), ""));
    assert_eq!((shop.noted("migrations").as_str(), shop.noted("pages").as_str()), ("rollback\ncommit\n", ""));
    assert!(shop.noted("messages").contains("new is in production"), "{}", shop.noted("messages"));
}
