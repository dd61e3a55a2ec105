//! Every world that a rollout can get into within a few happenings, and from each of them a way to a good end.
//!
//! The real driver runs on the embedded cluster. A world is left wherever a driver may die, which is after each of its writes; then another one
//! comes to go on or to abort, somebody's hand is on the cluster, or nobody comes for a while. From every world that is new both orders
//! have to lead to all old or all new, with nothing left over and never less of stable than there was.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "how many worlds were seen is to be seen")]
mod stage;

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use canary_step::decide::Safety;
use canary_step::driver::Order;
use stage::explore::{HANDS, Hand, Seen, driven, shape, touched};
use stage::matrix::Scene;
use stage::scenes::{CRASHES, INPLACE_STEP, ONE_STEP, Shape};
use stage::virtually;

const ORDERS: [Order; 2] = [Order::GoOn, Order::Abort];

/// What a round gave: worlds that may be new, and what went wrong.
type Round = (Vec<(String, Seen)>, Vec<String>);

/// All that can happen next in a world.
fn next(scene: &Scene, seen: &Seen, last: bool) -> Round {
    let (mut found, mut failed) = Round::default();
    for order in ORDERS {
        let (worlds, result) = virtually(driven(scene, (seen, order), None));
        if let Err(text) = result {
            failed.push(format!("{}, then {order:?}: {text}", seen.path.join(", ")));
        }
        if !last {
            found.extend(worlds.into_iter().enumerate().map(|(at, (write, world))| {
                let name = format!("{order:?} dies after write {} ({write})", at + 1);
                let seen = seen.after(name, world);
                (virtually(async { shape(&seen.world) }), seen)
            }));
        }
    }
    for hand in HANDS.into_iter().filter(|hand| !last && !seen.hands.contains(hand)) {
        found.extend(virtually(touched(seen, hand)).map(|seen| (virtually(async { shape(&seen.world) }), seen)));
    }
    (found, failed)
}

/// The same for many worlds, on all processors.
fn round(scene: &Scene, worlds: &[Seen], last: bool) -> Round {
    let at = AtomicUsize::new(0);
    let all = Mutex::new(Round::default());
    let work = || {
        while let Some(seen) = worlds.get(at.fetch_add(1, Ordering::Relaxed)) {
            let (found, failed) = next(scene, seen, last);
            let mut all = all.lock().unwrap();
            all.0.extend(found);
            all.1.extend(failed);
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let mut all = all.into_inner().unwrap();
    // The same worlds in the same order, whichever processor was faster.
    all.0.sort_by(|(one, a), (other, b)| (one, &a.path).cmp(&(other, &b.path)));
    all
}

fn check(shape: Shape, depth: usize) {
    let started = Instant::now();
    let depth = std::env::var("DEPTH").map_or(depth, |text| text.parse().unwrap());
    let scene = shape.scene(Safety::default());
    let mut known = HashSet::new();
    let mut worlds = vec![Seen { world: scene.world.clone(), path: vec![scene.name.to_owned()], hands: Vec::new() }];
    let (mut seen, mut runs, mut failed) = (1, 0, Vec::new());
    for happened in 0..=depth {
        let (found, wrong) = round(&scene, &worlds, happened == depth);
        runs += 2 * worlds.len();
        failed.extend(wrong);
        worlds = found.into_iter().filter(|(shape, _)| known.insert(shape.clone())).map(|(_, seen)| seen).collect();
        seen += worlds.len();
    }
    println!(
        "{}: {seen} worlds within {depth} happenings, {runs} runs to the end, {} failed, {:.1} s",
        scene.name,
        failed.len(),
        started.elapsed().as_secs_f64()
    );
    assert!(failed.is_empty(), "{} of {runs}:\n{}", failed.len(), failed[..failed.len().min(12)].join("\n"));
}

/// Somebody's hand is on the cluster right after each write of a driver that lives; before the second, its record, nothing has begun.
fn check_edits(shape: Shape) {
    let scene = shape.scene(Safety::default());
    let start = Seen { world: scene.world.clone(), path: vec![scene.name.to_owned()], hands: Vec::new() };
    let (writes, _) = virtually(driven(&scene, (&start, Order::GoOn), None));
    let mut failed = Vec::new();
    let hands = HANDS.into_iter().filter(|hand| *hand != Hand::Time);
    for (number, hand) in hands.flat_map(|hand| (2..=writes.len()).map(move |number| (number, hand))) {
        if let Err(text) = virtually(driven(&scene, (&start, Order::GoOn), Some((number, hand)))).1 {
            failed.push(format!("{hand:?} after write {number} ({}): {text}", writes[number - 1].0));
        }
    }
    println!("{}: 3 hands after each of {} writes, {} failed", scene.name, writes.len(), failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn edits_at_any_moment_come_to_a_good_end() {
    check_edits(ONE_STEP);
    check_edits(INPLACE_STEP);
}

#[test]
fn beside_canaries_every_world_has_a_good_end() {
    check(ONE_STEP, 2);
}

#[test]
fn of_a_bad_release_every_world_has_a_good_end() {
    check(CRASHES, 1);
}

#[test]
fn in_place_every_world_has_a_good_end() {
    check(INPLACE_STEP, 2);
}
