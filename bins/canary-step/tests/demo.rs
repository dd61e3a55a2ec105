//! Every scenario of the demo: how it ends, for which reasons, how soon, and that nothing is left of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use canary_step::demo::{NAMESPACE, News, Release, Scenario, news, open, play};
use canary_step::evidence::{Evidence, Outcome};
use cluster_sim::{Cluster, Kind};
use serde_json::Value;

/// What came of a scenario.
struct Played {
    cluster: Cluster,
    evidence: Evidence,
    said: Vec<String>,
}

fn played(scenario: Scenario, look: impl FnOnce(Played)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let release = Release::new("2", "demo1", scenario);
        let cluster = open(scenario, (1, &release.version)).await.unwrap();
        let (tell, mut heard) = news();
        let evidence = play(&cluster, &release, &tell).await.unwrap();
        let mut said = Vec::new();
        while let Ok(news) = heard.try_recv() {
            if let News::Said(text) = news {
                said.push(text);
            }
        }
        look(Played { cluster, evidence, said });
    });
}

/// What holds however it ended.
fn sound(played: &Played) {
    let Played { cluster, evidence, .. } = played;
    let text = serde_json::to_string_pretty(&evidence.reasons).unwrap();
    let untouched = matches!(evidence.outcome, Outcome::Aborted | Outcome::Frozen);
    assert_eq!(evidence.stable_untouched, untouched, "{text}");
    if evidence.outcome == Outcome::Frozen {
        return;
    }
    assert_eq!(evidence.leftovers, 0, "{text}");
    for kind in [Kind::Deployment, Kind::ReplicaSet, Kind::Pod, Kind::Job] {
        for object in cluster.list(kind, NAMESPACE) {
            let labels = &object["metadata"]["labels"];
            assert!(labels.get("dataflow.dev/rollout").is_none(), "{:?} {} is left", kind, object["metadata"]["name"]);
            assert!(labels.get("dataflow.dev/fence").is_none(), "{:?} {} is fenced", kind, object["metadata"]["name"]);
        }
    }
    let version = if evidence.outcome == Outcome::Promoted { "to" } else { "from" };
    for row in &evidence.services {
        let stable = cluster.get(Kind::Deployment, NAMESPACE, &row.deployment).unwrap();
        let image = stable["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap();
        let wanted = if version == "to" { &row.to_image } else { &row.from_image };
        assert_eq!(image, wanted, "{}", row.name);
        assert_eq!(stable["status"]["readyReplicas"], stable["spec"]["replicas"], "{}", row.name);
    }
}

fn ships(scenario: Scenario) {
    played(scenario, |played| {
        assert_eq!(played.evidence.outcome, Outcome::Promoted, "{:#?}", played.evidence.reasons);
        sound(&played);
    });
}

/// Stopped by the service that is to blame, for this reason.
fn is_stopped(scenario: Scenario, (service, signal): (&str, &str)) {
    played(scenario, |played| {
        let evidence = &played.evidence;
        assert_eq!(evidence.outcome, Outcome::Aborted, "{:#?}", evidence.reasons);
        let first = &evidence.reasons[0];
        assert_eq!((first.service.as_str(), first.signal.as_str()), (service, signal), "{:#?}", evidence.reasons);
        sound(&played);
    });
}

/// Whether a pod shows what only a broken one shows.
fn is_broken(pod: &Value) -> bool {
    let broken = ["ErrImagePull", "CrashLoopBackOff", "OOMKilled", "Error"];
    let statuses = pod["status"]["containerStatuses"].as_array();
    statuses.into_iter().flatten().any(|status| {
        let state = &status["state"];
        let reason = state["waiting"]["reason"].as_str().or(state["terminated"]["reason"].as_str());
        reason.is_some_and(|reason| broken.contains(&reason))
    })
}

/// Milliseconds from the moment that a broken pod shows itself to the call that takes all canaries away.
fn reaction(cluster: &Cluster) -> i64 {
    let pods = cluster.past(Kind::Pod, NAMESPACE, "");
    let broken = pods.iter().find(|past| is_broken(&past.object)).expect("a pod breaks").at;
    let calls = cluster.calls();
    let end = calls.iter().find(|call| call.method == "PATCH" && call.path.contains("/jobs/") && call.at >= broken);
    end.expect("the guard falls").at - broken
}

#[test]
fn hard_signals_stop_a_release_within_two_seconds() {
    for (scenario, service, signals) in [
        (Scenario::BadImage, "checkout", ["ErrImagePull", "ImagePull"]),
        (Scenario::CrashLoop, "checkout", ["Exit", "CrashLoopBackOff"]),
        (Scenario::Oom, "catalog", ["OOMKilled", "OOMKilled"]),
    ] {
        played(scenario, |played| {
            let evidence = &played.evidence;
            assert_eq!(evidence.outcome, Outcome::Aborted, "{:#?}", evidence.reasons);
            let first = &evidence.reasons[0];
            assert_eq!(first.service, service);
            assert!(signals.iter().any(|signal| first.signal.contains(signal)), "{first:#?}");
            let reaction = reaction(&played.cluster);
            assert!(reaction <= 2000, "{}: {reaction} ms", scenario.name());
            sound(&played);
        });
    }
}

#[test]
fn a_good_release_ships() {
    ships(Scenario::Good);
}

#[test]
fn a_slow_start_is_no_regression() {
    ships(Scenario::SlowStart);
}

#[test]
fn a_cold_jvm_is_no_regression() {
    ships(Scenario::ColdJvm);
}

#[test]
fn five_times_the_errors_are_found() {
    is_stopped(Scenario::ErrorsX5, ("checkout", "error-rate"));
}

#[test]
fn slow_answers_are_found() {
    is_stopped(Scenario::Latency, ("search", "latency"));
}

#[test]
fn a_shared_outage_blames_nobody() {
    played(Scenario::SharedOutage, |played| {
        assert!(played.evidence.reasons.is_empty(), "{:#?}", played.evidence.reasons);
        assert_ne!(played.evidence.outcome, Outcome::Aborted);
        sound(&played);
    });
}

#[test]
fn without_traffic_nothing_is_known() {
    played(Scenario::NoTraffic, |played| {
        assert_eq!(played.evidence.outcome, Outcome::Frozen);
        sound(&played);
    });
}

/// What was once seen to be no worse is no evidence of what is not seen any more.
#[test]
fn a_canary_that_falls_silent_is_not_promoted() {
    played(Scenario::SilentPages, |played| {
        assert_eq!(played.evidence.outcome, Outcome::Frozen, "{:#?}", played.evidence.reasons);
        let said = &played.evidence.judge.as_ref().unwrap().text;
        assert!(said.contains("search") && said.contains("no numbers"), "{said}");
        sound(&played);
    });
}

#[test]
fn a_killed_driver_is_followed_by_another() {
    played(Scenario::DriverKilled, |played| {
        assert_eq!(played.evidence.outcome, Outcome::Promoted, "{:#?}", played.evidence.reasons);
        assert_eq!(played.said.len(), 2, "{:?}", played.said);
        sound(&played);
    });
}

#[test]
fn a_second_driver_is_refused_by_name() {
    played(Scenario::SecondDriver, |played| {
        assert_eq!(played.evidence.outcome, Outcome::Promoted, "{:#?}", played.evidence.reasons);
        let said = played.said.join("\n");
        assert!(said.contains("refused") && said.contains("runner-1") && said.contains("/runs/4711"), "{said}");
        sound(&played);
    });
}

/// The floor is raised before the first canary, so stable never has fewer pods than it had, until the new version is live.
#[test]
fn an_autoscaler_takes_nothing_from_stable() {
    played(Scenario::HpaTrap, |played| {
        assert_eq!(played.evidence.outcome, Outcome::Promoted, "{:#?}", played.evidence.reasons);
        let began = played.cluster.calls()[0].at;
        let history = played.cluster.past(Kind::Deployment, NAMESPACE, "catalog");
        let during = history.iter().filter(|past| past.at >= began);
        let ready = during.map(|past| past.object["status"]["availableReplicas"].as_i64().unwrap_or(0));
        assert!(ready.min() >= Some(10));
        let autoscaler = played.cluster.get(Kind::HorizontalPodAutoscaler, NAMESPACE, "catalog").unwrap();
        assert_eq!(autoscaler["spec"]["minReplicas"], 3, "the floor is given back");
        sound(&played);
    });
}

#[test]
fn every_policy_of_the_demo_is_read() {
    assert!(canary_step::demo::policy().is_ok());
}
