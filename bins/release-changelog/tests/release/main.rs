//! A release made by the real process, which is killed before, in and after each call, and run again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod world;

use std::sync::Mutex;

use github_sim::Sim;
use world::{Moment, TAG, WHOLE, World, shown, told};

/// A call of a run that nothing disturbs: its number, and whether it sends a file, and whether it changes anything.
#[derive(Clone, Copy)]
struct Call {
    number: u64,
    sends: bool,
    changes: bool,
}

fn calls(world: &World) -> Vec<Call> {
    let sim = world.github(Vec::new());
    let output = world.run(&sim);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(shown(&sim, "undisturbed"), WHOLE);
    let calls = (1..).zip(sim.calls());
    let read = |(number, call): (u64, github_sim::Call)| Call {
        number,
        sends: call.target.contains("/assets?name="),
        changes: call.method != "GET",
    };
    calls.map(read).collect()
}

/// Every moment at which a run can be killed.
fn moments(calls: &[Call]) -> Vec<(Call, Moment)> {
    let of = |call: &Call| {
        let half = call.sends.then_some((*call, Moment::HalfWay));
        [Some((*call, Moment::Before)), Some((*call, Moment::After)), half]
    };
    calls.iter().flat_map(of).flatten().collect()
}

/// Starts a run, and kills it when it waits at the planned call; false where it never came there and ended.
fn killed(world: &World, (sim, hangs): (&Sim, u64)) -> bool {
    let mut child = world.start(sim);
    let hung = sim.hangs();
    loop {
        if hung() >= hangs {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
        if let Some(status) = child.try_wait().unwrap() {
            assert_eq!(status.code(), Some(0), "a run that meets no fault makes the release");
            return false;
        }
        std::thread::yield_now();
    }
}

/// Runs without faults; whatever was left behind, this ends with the one release.
fn ends_well(world: &World, (sim, why): (&Sim, &str)) {
    sim.change(|state| state.faults.clear());
    let output = world.run(sim);
    assert_eq!(output.status.code(), Some(0), "{why}: {}", told(&output));
    assert_eq!(shown(sim, why), WHOLE, "{why}");
}

/// Checks each, on both cores.
fn each<T: Send + std::fmt::Debug>(points: Vec<T>, check: impl Fn(&World, &T) + Sync) -> usize {
    let count = points.len();
    let next = Mutex::new(points.into_iter());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let world = World::new();
                loop {
                    let point = next.lock().unwrap().next();
                    let Some(point) = point else { return };
                    check(&world, &point);
                }
            });
        }
    });
    count
}

#[test]
fn killed_at_any_call_and_run_again() {
    let calls = calls(&World::new());
    let points: Vec<_> = moments(&calls).into_iter().map(|(call, moment)| (call.number, moment)).collect();
    let count = each(points, |world, (call, moment)| {
        let why = format!("killed {moment:?} call {call}");
        let sim = world.github(vec![moment.at(*call)]);
        assert!(killed(world, (&sim, 1)), "{why}");
        shown(&sim, &why);
        ends_well(world, (&sim, &why));
    });
    println!("killed at {count} points of {} calls and run again: one correct release each time", calls.len());
    assert!(count > 2 * calls.len());
}

#[test]
fn killed_twice_and_run_again() {
    let calls = calls(&World::new());
    let first = moments(&calls).into_iter().filter(|(call, moment)| call.changes && *moment != Moment::Before);
    // A run that takes up another's work makes other calls; where there is no such call it has ended well.
    let second = moments(&calls).into_iter().filter(|(_, moment)| *moment != Moment::Before);
    let second: Vec<_> = second.map(|(call, moment)| (call.number, moment)).collect();
    let pairs = first.flat_map(|(call, moment)| second.iter().map(move |second| ((call.number, moment), *second)));
    let twice = Mutex::new(0);
    let count = each(pairs.collect(), |world, ((call, moment), (later, again))| {
        let why = format!("killed {moment:?} call {call}, then {again:?} call {later} of the next run");
        let sim = world.github(vec![moment.at(*call)]);
        assert!(killed(world, (&sim, 1)), "{why}");
        let so_far = sim.calls().len() as u64;
        sim.change(|state| state.faults = vec![again.at(so_far + later)]);
        *twice.lock().unwrap() += usize::from(killed(world, (&sim, 2)));
        shown(&sim, &why);
        ends_well(world, (&sim, &why));
    });
    println!(
        "{count} pairs, {} of them killed twice, and run again: one correct release each time",
        twice.lock().unwrap()
    );
}

#[test]
fn two_runs_at_once_make_one_release() {
    let world = World::new();
    for round in 0..5 {
        let sim = world.github(Vec::new());
        let runs: Vec<_> = (0..3).map(|_| world.start(&sim)).collect();
        let ended: Vec<String> = runs.into_iter().map(|run| told(&run.wait_with_output().unwrap())).collect();
        shown(&sim, &format!("round {round}: {ended:?}"));
        // They may get into each other's way; none says yes to less than the release, and one more run makes it.
        ends_well(&world, (&sim, &format!("round {round}: {ended:?}")));
    }
}

#[test]
fn what_is_public_is_found_again_and_never_changed() {
    let world = World::new();
    let sim = world.github(Vec::new());
    ends_well(&world, (&sim, "first"));
    let before = sim.calls().len();
    ends_well(&world, (&sim, "second"));
    assert!(sim.calls()[before..].iter().all(|call| call.method == "GET"));
    sim.change(|state| state.repositories[0].releases[0].name = Some("edited".to_owned()));
    let output = world.run(&sim);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains(&format!("{TAG} is published already, and is never changed")), "{}", told(&output));
    assert!(!told(&output).contains(world::TOKEN));
}

#[test]
fn drafts_wait_for_a_second_run() {
    let world = World::new();
    let sim = world.github(Vec::new());
    let output = world.command(&sim, "draft").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(shown(&sim, "draft"), WHOLE.replace("public latest", "draft"));
    ends_well(&world, (&sim, "published"));
    let none = world.command(&sim, "none").output().unwrap();
    assert_eq!(none.status.code(), Some(0), "{}", told(&none));
}
