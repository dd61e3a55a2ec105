//! The plan says what a run does: its changes are held against those of a real run on the same services.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod stage;

use canary_step::evidence::Operation;
use canary_step::plan::{Copy, Sized, detectable, dry_run};
use canary_step::policy::Policy;
use cluster_sim::Kind;
use stage::{NAMESPACE, NEW, adapter, autoscaler, beginning, cluster, deployment, policy, run, virtually};

/// What is done, without its times; a guard that is put off once more or less is the same plan.
fn done(operations: &[Operation]) -> Vec<String> {
    let mut lines: Vec<String> = operations
        .iter()
        .map(|one| format!("{} {} {}", one.method, one.path, one.intent).replace("r1", "ID").replace("ROLLOUT", "ID"))
        .collect();
    lines.dedup();
    lines
}

#[test]
fn the_planned_changes_are_those_of_a_run() {
    for router in ["replicas", "inplace"] {
        let services = ["api", "web"];
        let policy = policy(&services, &format!("router: {router}\n"));
        let mut images = beginning(&policy, NEW).images;
        let copy = Copy {
            namespace: NAMESPACE.to_owned(),
            deployments: services.iter().map(|name| deployment(name, 9)).collect(),
            autoscalers: vec![autoscaler("api", 2)],
            images: std::mem::take(&mut images),
            ..Copy::default()
        };
        let (planned, seconds) = dry_run(&policy, copy).unwrap();
        let record = virtually(async {
            let cluster = cluster(&services, 9).await;
            cluster.create(Kind::HorizontalPodAutoscaler, NAMESPACE, autoscaler("api", 2)).unwrap();
            run(&cluster, beginning(&policy, NEW), Default::default()).await.unwrap().1
        });
        assert_eq!(done(&planned), done(&record.operations), "{router}");
        let named = planned.iter().any(|one| one.path.contains("ROLLOUT"));
        assert!((40..600).contains(&seconds) && (router == "inplace" || named), "{seconds} s\n{planned:#?}");
    }
}

#[test]
fn a_copy_that_cannot_be_driven_says_why() {
    let policy = policy(&["api"], "");
    let images = beginning(&policy, NEW).images;
    let copy = Copy { namespace: NAMESPACE.to_owned(), images, ..Copy::default() };
    let problem = dry_run(&policy, copy).unwrap_err();
    assert!(problem.contains("there is no Deployment api"), "{problem}");
    // Only to show that the stage is used as elsewhere.
    let _ = adapter;
}

#[test]
fn more_traffic_finds_less() {
    let policy = Policy::read("services: [api]\nsteps: [{weight: 10, observe: 5m}]\n", &[]).unwrap();
    let size = |service: &str, measured| Sized { service: service.to_owned(), stable: 9, canaries: 1, measured };
    let found = detectable(&policy, &[size("api", None), size("web", None), size("db", Some((100.0, 0.0)))]);
    let ratios: Vec<f64> = found.iter().map(|one| one.ratio.unwrap_or(f64::INFINITY)).collect();
    assert_eq!(ratios.len(), 5, "each traffic once for all that are alike, and the measured one");
    assert!(ratios[..4].windows(2).all(|pair| pair[1] < pair[0]), "{ratios:?}");
    assert!(ratios[3] < 2.0 && ratios[0] > 5.0, "{ratios:?}");
    assert_eq!((found[4].service.as_str(), found[4].errors), ("db", 0.0));
    let legacy = Policy::read("services: [api]\njudge: {preset: legacy}\n", &[]).unwrap();
    assert_eq!(detectable(&legacy, &[size("api", None)]), []);
}
