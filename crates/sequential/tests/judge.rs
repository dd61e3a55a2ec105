//! What the judge promises, on series of which the truth is known; the whole suite is `cargo xtask judge`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "how large a state is is to be seen")]
use std::time::Duration;

use proptest::prelude::*;
use sequential::simulate::{Simulation, Situation, alone};
use sequential::{
    Answer, Doubt, Judge, Measured, PodRestarts, PodTick, Policy, Preset, Random, Restarts, ServiceTick, Tick, Verdict,
};

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

/// One service whose pods all answer alike, but for the canary; and how often that restarts.
fn tick(canary: Option<(PodTick, u64)>, stable: &PodTick) -> Tick {
    let name = |at: i32| format!("p{at}");
    let pods = (0..5).map(|at| PodTick { pod: name(at), ..stable.clone() }).collect();
    let counted = |pod, restarts| PodRestarts { pod, restarts };
    let restarts = Restarts {
        stable: (0..5).map(|at| counted(name(at), 0)).collect(),
        canary: canary.iter().map(|(_, restarts)| counted("c".to_owned(), *restarts)).collect(),
    };
    let canary = canary.into_iter().map(|(pod, _)| pod).collect();
    Tick { services: vec![ServiceTick { service: "api".to_owned(), stable: pods, canary, restarts }] }
}

#[test]
fn restarts_and_latency_count() {
    let quiet = PodTick { requests: 100, errors: 1, latency: vec![80, 15, 4, 1], ..PodTick::default() };
    let slow = PodTick { latency: vec![20, 15, 30, 35], ..quiet.clone() };
    for ((canary, restarts), after, found) in
        [((&quiet, 0), 60, false), ((&slow, 0), 60, true), ((&quiet, 1), 20, true), ((&slow, 0), 12, false)]
    {
        let mut judge = Judge::new(Preset::Default, Duration::from_secs(5));
        (0..100).for_each(|_| judge.observe(&tick(None, &quiet)));
        (0..after).for_each(|_| judge.observe(&tick(Some((canary.clone(), restarts)), &quiet)));
        assert_eq!(judge.worse_at().is_some(), found, "{canary:?} for {after} ticks: {:?}", judge.verdict());
    }
}

/// A pod that dies before anybody reads its page tells no requests, and is found all the same; restarts that stable has as often are none.
#[test]
fn restarts_of_pods_that_answer_nothing_count() {
    let restarts = |stable: [u64; 5], canary: u64| {
        let named = |(at, restarts): (usize, u64)| PodRestarts { pod: format!("p{at}"), restarts };
        Restarts {
            stable: stable.into_iter().enumerate().map(named).collect(),
            canary: vec![PodRestarts { pod: "c".to_owned(), restarts: canary }],
        }
    };
    for (stable, worse) in [([0; 5], true), ([1; 5], false)] {
        let mut judge = Judge::new(Preset::Default, Duration::from_secs(15));
        let observed = |restarts| Tick { services: vec![ServiceTick { restarts, ..ServiceTick::default() }] };
        // The canary's container ends about once a minute; its page was never read.
        (0..40_u64).for_each(|at| {
            judge.observe(&observed(restarts(stable.map(|n| n * u64::from(at % 4 == 1)), u64::from(at % 4 == 0))))
        });
        assert_eq!(judge.worse_at().is_some(), worse, "{:?}", judge.verdict());
        assert_eq!(judge.verdict().services[0].strongest, if worse { Measured::Restarts } else { Measured::Errors });
    }
}

/// A process writes the state down at every tick, and 900 KiB is all the room that a record has: two dozen services fit.
#[test]
fn the_state_of_two_dozen_services_is_small() {
    let [coarse, fine] = [12, 200].map(largest_state);
    println!("24 services of 10 + 10 pods: {} KiB with 12 buckets, {} KiB with 200", coarse / 1024, fine / 1024);
    assert!(coarse.max(fine) <= 560 * 1024, "{coarse} and {fine} bytes");
}

fn largest_state(buckets: u64) -> usize {
    let name = |at: u64| format!("{:012x}", at * 0x00ab_cdef_0123);
    let pod = |at: u64, tick: u64| PodTick {
        pod: name(at),
        requests: 1000 + at * 7 + tick % 13,
        errors: (at * 5 + tick * 3) % 11,
        latency: (0..buckets).map(|bucket| (at + tick + bucket * 31) % 97).collect(),
    };
    let counted = |pods: std::ops::Range<u64>| pods.map(|at| PodRestarts { pod: name(at), restarts: 0 }).collect();
    let service = |at: u64, tick: u64| ServiceTick {
        service: format!("service-{at}"),
        stable: (0..10).map(|pod_at| pod(pod_at, tick)).collect(),
        canary: if tick < 20 { Vec::new() } else { (10..20).map(|pod_at| pod(pod_at, tick)).collect() },
        restarts: Restarts { stable: counted(0..10), canary: counted(10..20) },
    };
    let mut judge = Judge::new(Policy { warm_up: 0.0, ..Preset::Default.into() }, Duration::from_secs(15));
    let mut largest = 0;
    for tick in 0..60 {
        judge.observe(&Tick { services: (0..24).map(|at| service(at, tick)).collect() });
        largest = largest.max(serde_json::to_string(&judge).unwrap().len());
    }
    largest
}

/// Slow answers are found in a histogram that is finer than what is followed, wherever in it they lie.
#[test]
fn a_fine_histogram_is_followed_where_requests_lie() {
    let check = |bulk: usize, slower: usize| {
        let pod = |pod: &str, slow: u64, by: usize| {
            let mut latency = vec![0; 150];
            (latency[bulk], latency[bulk + 1], latency[bulk + by]) = (900, 80, 20 + slow);
            PodTick { pod: pod.to_owned(), requests: 1000 + slow, errors: 0, latency }
        };
        let stable: Vec<PodTick> = (0..9).map(|at| pod(&format!("p{at}"), 0, 3)).collect();
        let mut service = ServiceTick { stable, ..ServiceTick::default() };
        let mut judge = Judge::new(Policy { warm_up: 0.0, ..Preset::Default.into() }, Duration::from_secs(5));
        let mut observe = |ticks: u32, service: &ServiceTick| {
            (0..ticks).for_each(|_| judge.observe(&Tick { services: vec![service.clone()] }));
            judge.worse_at()
        };
        assert_eq!(observe(60, &service), None);
        service.canary = vec![pod("c0", 100, slower)];
        assert!(observe(30, &service).is_some(), "bulk at {bulk}, {slower} buckets slower");
    };
    for bulk in [5, 60, 120] {
        check(bulk, 6);
        check(bulk, 20);
    }
}

fn pods() -> impl Strategy<Value = Vec<PodTick>> {
    let count = prop_oneof![0_u64..50, Just(u64::MAX), Just(1 << 53)];
    let pod = (0_u8..4, count.clone(), count.clone(), prop::collection::vec(count, 0..6));
    let pod =
        pod.prop_map(|(pod, requests, errors, latency)| PodTick { pod: format!("p{pod}"), requests, errors, latency });
    prop::collection::vec(pod, 0..4)
}

fn restarts() -> impl Strategy<Value = Vec<PodRestarts>> {
    let pod = (0_u8..4, prop_oneof![0_u64..3, Just(u64::MAX)]);
    prop::collection::vec(pod.prop_map(|(pod, restarts)| PodRestarts { pod: format!("p{pod}"), restarts }), 0..4)
}

fn ticks() -> impl Strategy<Value = Vec<Tick>> {
    let both = (restarts(), restarts()).prop_map(|(stable, canary)| Restarts { stable, canary });
    let service = (0_u8..2, pods(), pods(), both).prop_map(|(name, stable, canary, restarts)| ServiceTick {
        service: format!("s{name}"),
        stable,
        canary,
        restarts,
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
            (0..100).for_each(|_| judge.observe(&tick(None, &stable)));
            let canary = PodTick { pod: "c".to_owned(), requests: 500, errors, ..PodTick::default() };
            (0..5).for_each(|_| judge.observe(&tick(Some((canary.clone(), 0)), &stable)));
            judge.ln_evidence()
        };
        prop_assert!(evidence(errors + more) >= evidence(errors) - 1e-9);
    }
}
