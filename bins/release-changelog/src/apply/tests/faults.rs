//! Each fault at each call: one correct release or a clear failure, and a second run that ends where a clean one ends.
use std::collections::BTreeMap;

use github_sim::{Fault, PlannedFault, Sim};

use super::world::{HEAD, TAG, assets, commit, must_hold, notes, run, shown, state, told};

const WHOLE: &str = "public latest v1.2.0: a.tgz uploaded, b+1.zip uploaded, SHA256SUMS uploaded";

fn status(status: u16) -> Fault {
    Fault::Status { status, retry_after: None }
}

fn done(fault: Fault) -> Fault {
    Fault::CarriedOut(Box::new(fault))
}

fn half(fault: Fault) -> Fault {
    Fault::HalfUpload(Box::new(fault))
}

/// Calls of a run that nothing disturbs.
fn calls() -> u64 {
    let sim = Sim::start(state(Vec::new())).unwrap();
    assert_eq!(told(&run(&sim, (&assets(), &notes()), true)), "there");
    assert_eq!(shown(&sim), WHOLE);
    sim.calls().len() as u64
}

/// Everything that can go wrong with one call, by name.
fn faults() -> Vec<Fault> {
    let mut all = vec![
        Fault::Truncate,
        Fault::HalfJson,
        Fault::WrongType,
        Fault::Empty,
        Fault::Unlisted,
        Fault::NoLink,
        Fault::LinkLoop,
        Fault::Dribble,
        Fault::Status { status: 429, retry_after: Some(7) },
        Fault::SecondaryRateLimit { retry_after: None },
        Fault::Redirect { status: 302, to: "/elsewhere".to_owned() },
        Fault::Redirect { status: 307, to: "https://evil.example/".to_owned() },
    ];
    let either = [
        status(401),
        status(403),
        status(404),
        status(409),
        status(422),
        status(429),
        status(500),
        status(502),
        status(503),
        Fault::Cut,
        Fault::Garbage,
        Fault::Html,
        Fault::Hang,
    ];
    for fault in either {
        all.extend([fault.clone(), done(fault.clone()), half(fault)]);
    }
    all
}

/// Runs under a plan, then again without; both must leave what they may leave. The first outcome, in a word.
fn check(plan: Vec<PlannedFault>) -> &'static str {
    let named = format!("{plan:?}");
    let (files, notes) = (assets(), notes());
    let sim = Sim::start(state(plan)).unwrap();
    let first = told(&run(&sim, (&files, &notes), true));
    must_hold(&sim, &named);
    let there = shown(&sim);
    assert!(!there.contains("public") || there == WHOLE, "{named}: {there}");
    if first == "there" {
        assert_eq!(there, WHOLE, "{named}");
    } else {
        assert!(first.starts_with("could not ") || first.starts_with("no: "), "{named}: {first}");
    }
    sim.change(|state| state.faults.clear());
    let second = told(&run(&sim, (&files, &notes), true));
    assert!(second.starts_with("there"), "{named}: {first}, then {second}");
    assert_eq!(shown(&sim), WHOLE, "{named}");
    match first.as_str() {
        "there" => "made at once",
        text if text.starts_with("no: ") => "refused, then made",
        _ if there == WHOLE => "public, not vouched for, then found",
        _ => "failed, then made",
    }
}

#[test]
fn one_fault_at_any_call_ends_well() {
    let faults = faults();
    let plans: Vec<PlannedFault> = (1..=calls())
        .flat_map(|call| faults.iter().map(move |fault| PlannedFault { call, times: 1, fault: fault.clone() }))
        .collect();
    let outcomes = in_parallel(plans.iter().map(|plan| vec![plan.clone()]).collect());
    println!("{} points, {} faults at each of {} calls: {outcomes:?}", plans.len(), faults.len(), calls());
}

#[test]
fn an_outage_from_any_call_on_ends_well() {
    let faults =
        [status(500), status(503), done(status(502)), half(status(502)), done(Fault::Cut), status(429), Fault::Html];
    let plans: Vec<PlannedFault> = (1..=calls())
        .flat_map(|call| faults.iter().map(move |fault| PlannedFault { call, times: 0, fault: fault.clone() }))
        .collect();
    let outcomes = in_parallel(plans.iter().map(|plan| vec![plan.clone()]).collect());
    println!("{} outages: {outcomes:?}", plans.len());
}

#[test]
fn two_lost_answers_end_well() {
    let sim = Sim::start(state(Vec::new())).unwrap();
    run(&sim, (&assets(), &notes()), true).unwrap();
    let writes: Vec<u64> = (1..).zip(sim.calls()).filter(|(_, call)| call.method != "GET").map(|(at, _)| at).collect();
    let mut plans = Vec::new();
    for (first, second) in writes.iter().flat_map(|first| (first + 1..=calls() + 6).map(move |second| (*first, second)))
    {
        for fault in [done(Fault::Cut), half(Fault::Cut), Fault::Unlisted] {
            let plan = |call, fault| PlannedFault { call, times: 1, fault };
            plans.push(vec![plan(first, done(status(502))), plan(second, fault)]);
        }
    }
    let number = plans.len();
    println!("{number} pairs, the first at one of {} writes: {:?}", writes.len(), in_parallel(plans));
}

/// Checks each plan, a few at a time, since some wait for time to run out; how often each outcome came.
fn in_parallel(plans: Vec<Vec<PlannedFault>>) -> BTreeMap<&'static str, usize> {
    let next = std::sync::Mutex::new(plans.into_iter());
    let outcomes = std::sync::Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let plan = next.lock().unwrap().next();
                    let Some(plan) = plan else { return };
                    let outcome = check(plan);
                    *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
                }
            });
        }
    });
    outcomes.into_inner().unwrap()
}

#[test]
fn a_tag_that_moves_is_never_vouched_for() {
    let mut alarms = 0;
    for call in 1..=calls() {
        for commit in [Some(HEAD.to_owned()), None] {
            let fault = Fault::MoveTag { repository: "octo/demo".to_owned(), name: TAG.to_owned(), commit };
            let sim = Sim::start(state(vec![PlannedFault { call, times: 1, fault: fault.clone() }])).unwrap();
            let told = told(&run(&sim, (&assets(), &notes()), true));
            must_hold(&sim, &told);
            // The tag is gone or elsewhere before the run ends, so there is no yes; what was published then is an alarm.
            let public = shown(&sim).contains("public");
            let no = told.starts_with("no: the tag v1.2.0 points at") || told.starts_with("no: there is no tag");
            let alarm = told.starts_with("could not vouch for https://") && public;
            // Its object went away between the two calls that look it up.
            let unread = told.starts_with("could not look up the tag v1.2.0");
            alarms += usize::from(alarm);
            assert!(no && !public || alarm || unread, "{call} {fault:?}: {told}; {}", shown(&sim));
        }
    }
    // Between the last look and the answer to publishing: nothing else can be public without its tag.
    println!("{alarms} alarms");
    assert!((2..=12).contains(&alarms), "{alarms}");
    let sim = Sim::start(state(Vec::new())).unwrap();
    assert_eq!(told(&run(&sim, (&assets(), &notes()), true)), "there");
    sim.change(|state| assert_eq!(state.repositories[0].tags[0].commit, commit()));
}
