//! What the judge promises, on series of which the truth is known; the whole suite is `cargo xtask judge`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::time::Duration;

use proptest::prelude::*;
use sequential::simulate::{Simulation, Situation, alone};
use sequential::{Answer, Doubt, Judge, PodTick, Policy, Preset, Random, ServiceTick, Tick, Verdict};

/// How many of the runs come to "worse", and to "not worse".
fn shares(situation: &Situation, policy: impl Into<Policy> + Copy, runs: u64) -> (f64, f64) {
    let answers: Vec<Answer> = (0..runs).map(|run| verdict(situation, policy, run).answer).collect();
    let share = |answer| answers.iter().filter(|found| **found == answer).count() as f64 / runs as f64;
    (share(Answer::Worse), share(Answer::NotWorse))
}

fn verdict(situation: &Situation, policy: impl Into<Policy>, seed: u64) -> Verdict {
    let mut random = Random::new(seed ^ 0xc0ffee);
    let mut simulation = Simulation::new("api", situation, &mut random);
    let mut judge = Judge::new(policy, Duration::from_secs_f64(situation.times.0));
    while simulation.step(&mut random) {
        judge.observe(&alone(&simulation.tick));
    }
    judge.verdict()
}

fn situation(requests: f64, errors: f64, ratio: f64) -> Situation {
    Situation { requests, errors, ratio, ..Situation::default() }
}

#[test]
fn healthy_releases_are_not_stopped() {
    let many = situation(1000.0, 0.01, 1.0);
    for (name, situation) in [
        ("healthy", situation(100.0, 0.01, 1.0)),
        ("outage", Situation { outage: Some((60.0, 0.2)), ..situation(100.0, 0.001, 1.0) }),
        ("clustered", Situation { clustering: 0.01, ..many.clone() }),
        ("pods differ", Situation { spread: 0.2, ..many.clone() }),
        ("no history", Situation { times: (5.0, 0.0, 300.0), ..many.clone() }),
        ("one pod of each", Situation { pods: (1, 1), ..many.clone() }),
        ("ticks of a minute", Situation { times: (60.0, 1800.0, 900.0), ..many.clone() }),
        ("within the margin", Situation { ratio: 1.2, ..many }),
    ] {
        let (worse, _) = shares(&situation, Preset::Default, 60);
        assert!(worse <= 1.0 / 60.0, "{name}: {worse}");
    }
}

#[test]
fn bad_releases_are_stopped() {
    for (name, situation, least) in [
        ("×10", situation(100.0, 0.001, 10.0), 0.95),
        ("×3", situation(100.0, 0.01, 3.0), 0.93),
        ("×2", situation(1000.0, 0.01, 2.0), 0.97),
        ("30 %", situation(1.0, 0.001, 300.0), 0.85),
        ("×10, no history", Situation { times: (5.0, 0.0, 300.0), ..situation(100.0, 0.01, 10.0) }, 0.95),
        ("×10, one pod of each", Situation { pods: (1, 1), ..situation(100.0, 0.01, 10.0) }, 0.95),
    ] {
        let (worse, not_worse) = shares(&situation, Preset::Default, 60);
        assert!(worse >= least && not_worse == 0.0, "{name}: {worse} {not_worse}");
    }
}

/// Ville's inequality at the margin itself, where it is tight: at α of 20 % no more than a fifth of the runs may ever cross.
#[test]
fn looking_at_every_tick_is_legitimate() {
    let policy = Policy { alpha: 0.2, ..Policy::from(Preset::Default) };
    for pods in [(9, 1), (10, 10)] {
        let edge = Situation { pods, ratio: 1.25, times: (5.0, 600.0, 300.0), ..situation(400.0, 0.01, 1.0) };
        let (worse, _) = shares(&edge, policy, 400);
        assert!(worse <= 0.25, "{pods:?}: {worse}");
    }
}

#[test]
fn good_releases_are_let_through_and_bad_ones_never() {
    let (_, good) = shares(&situation(1000.0, 0.01, 1.0), Preset::Default, 40);
    assert!(good > 0.9, "{good}");
    let (_, bad) = shares(&situation(1000.0, 0.01, 2.0), Preset::Default, 40);
    assert_eq!(bad, 0.0);
}

#[test]
fn no_evidence_is_never_not_worse() {
    let none = |situation: &Situation, doubt| {
        let verdict = verdict(situation, Preset::Default, 1);
        assert_eq!((verdict.answer, verdict.at, verdict.doubt), (Answer::Inconclusive, None, Some(doubt)));
    };
    none(&situation(0.0, 0.01, 1.0), Doubt::NoTraffic);
    none(&situation(100.0, 0.0, 1.0), Doubt::NoErrors);
    none(&situation(10.0, 0.001, 1.0), Doubt::TooLittle);
    none(&Situation { outage: Some((60.0, 0.2)), ..situation(1000.0, 0.001, 1.0) }, Doubt::Shared);
    none(
        &Situation { outage: Some((60.0, 0.5)), times: (5.0, 0.0, 300.0), ..situation(1000.0, 0.001, 1.0) },
        Doubt::Shared,
    );
    assert_eq!(Judge::new(Preset::Default, Duration::from_secs(5)).verdict().answer, Answer::Inconclusive);
}

/// One service whose pods all answer alike, but for the canary.
fn tick(canary: Option<PodTick>, stable: PodTick) -> Tick {
    let stable = (0..5).map(|at| PodTick { pod: format!("p{at}"), ..stable.clone() }).collect();
    Tick { services: vec![ServiceTick { service: "api".to_owned(), stable, canary: canary.into_iter().collect() }] }
}

#[test]
fn restarts_and_latency_count() {
    let quiet =
        PodTick { requests: 100, errors: 1, restarts: Some(0), latency: vec![80, 15, 4, 1], ..PodTick::default() };
    let slow = PodTick { latency: vec![20, 15, 30, 35], ..quiet.clone() };
    let restarting = PodTick { restarts: Some(1), ..quiet.clone() };
    for (canary, after, found) in [(&quiet, 60, false), (&slow, 60, true), (&restarting, 20, true), (&slow, 12, false)]
    {
        let mut judge = Judge::new(Preset::Default, Duration::from_secs(5));
        (0..100).for_each(|_| judge.observe(&tick(None, quiet.clone())));
        (0..after).for_each(|_| judge.observe(&tick(Some(canary.clone()), quiet.clone())));
        assert_eq!(judge.worse_at().is_some(), found, "{canary:?} for {after} ticks: {:?}", judge.verdict());
    }
}

fn pods() -> impl Strategy<Value = Vec<PodTick>> {
    let count = prop_oneof![0_u64..50, Just(u64::MAX), Just(1 << 53)];
    let pod = (0_u8..4, count.clone(), count.clone(), prop::collection::vec(count, 0..6), prop::option::of(0_u64..3));
    let pod = pod.prop_map(|(pod, requests, errors, latency, restarts)| PodTick {
        pod: format!("p{pod}"),
        requests,
        errors,
        latency,
        restarts,
    });
    prop::collection::vec(pod, 0..4)
}

fn ticks() -> impl Strategy<Value = Vec<Tick>> {
    let service = (0_u8..2, pods(), pods()).prop_map(|(name, stable, canary)| ServiceTick {
        service: format!("s{name}"),
        stable,
        canary,
    });
    let tick = prop::collection::vec(service, 0..3).prop_map(|services| Tick { services });
    prop::collection::vec(tick, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes, numbers stay numbers, and a process that goes on with the state says the same.
    #[test]
    fn a_fresh_process_goes_on_with_the_same_statistics(ticks in ticks(), cut in 0_usize..40) {
        let mut whole = Judge::new(Preset::Sensitive, Duration::from_secs(5));
        let mut split = whole.clone();
        for (at, tick) in ticks.iter().enumerate() {
            if at == cut {
                split = serde_json::from_str(&serde_json::to_string(&split).unwrap()).unwrap();
            }
            whole.observe(tick);
            split.observe(tick);
        }
        prop_assert!(!whole.ln_evidence().is_nan());
        prop_assert!(whole.verdict().services.iter().all(|service| service.evidence.is_finite()));
        prop_assert_eq!(serde_json::to_string(&whole).unwrap(), serde_json::to_string(&split).unwrap());
        prop_assert_eq!(whole.verdict(), split.verdict());
    }

    /// More failures of the canary are never less evidence, as long as pods are known to be alike.
    #[test]
    fn more_failures_are_more_evidence(errors in 0_u64..20, more in 1_u64..20) {
        let evidence = |errors: u64| {
            let mut judge = Judge::new(Preset::Default, Duration::from_secs(5));
            let stable = PodTick { requests: 500, errors: 5, ..PodTick::default() };
            (0..100).for_each(|_| judge.observe(&tick(None, stable.clone())));
            let canary = PodTick { pod: "c".to_owned(), requests: 500, errors, ..PodTick::default() };
            (0..5).for_each(|_| judge.observe(&tick(Some(canary.clone()), stable.clone())));
            judge.ln_evidence()
        };
        prop_assert!(evidence(errors + more) >= evidence(errors) - 1e-9);
    }
}
