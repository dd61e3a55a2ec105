//! The driver dies before and after every call of a rollout, and everything else that can go wrong goes wrong at every call.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "how many points were played is to be seen")]
mod stage;

use std::time::{Duration, Instant};

use canary_step::decide::Safety;
use cluster_sim::{Call, Fault, When};
use stage::matrix::{After, Strike};
use stage::scenes::{CRASHES, EIGHT, INPLACE, INPLACE_STEP, ONE, ONE_STEP, Point, Shape, TWO, calls, play};

const AFTERS: [After; 3] = [After::Resume, After::Abort, After::Nothing];

/// Plays what `strikes` gives for each call, `stride` calls apart; `STRIDE=1` plays all of them, as whoever changes the driver should once.
fn check(shape: Shape, stride: usize, strikes: &[(Strike, &[After])]) {
    let started = Instant::now();
    let scene = shape.scene(Safety::default());
    let log = calls(&scene);
    let last = log.len() as u64;
    let stride = std::env::var("STRIDE").map_or(stride, |text| text.parse().unwrap());
    let numbers = (1..=last).step_by(stride);
    let points: Vec<Point> = numbers
        .flat_map(|call| strikes.iter().map(move |strike| (call, strike)))
        .filter(|(call, strike)| matters(&log, (*call, &strike.0)))
        .flat_map(|(call, (strike, afters))| afters.iter().map(move |after| (call, strike.clone(), *after)))
        .collect();
    let failed = play(&scene, &points);
    println!(
        "{}: {} points over {last} calls, {} failed, {:.1} s",
        scene.name,
        points.len(),
        failed.len(),
        started.elapsed().as_secs_f64()
    );
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), points.len(), failed[..failed.len().min(12)].join("\n"));
}

/// Whether a strike can make a difference at this call.
fn matters(log: &[Call], (call, strike): (u64, &Strike)) -> bool {
    let read = is_read(log, call);
    match strike {
        // A read has no effect that something could come before or after, and nobody answers it with a conflict.
        Strike::Kill(When::After) | Strike::Late(_) | Strike::Fault(When::After, _) => !read,
        Strike::Fault(_, Fault::Status(409 | 422)) => !read,
        _ => true,
    }
}

fn is_read(log: &[Call], number: u64) -> bool {
    log.iter().any(|call| call.number == number && matches!(call.method, "GET" | "WATCH"))
}

fn kills() -> Vec<(Strike, &'static [After])> {
    vec![(Strike::Kill(When::Before), &AFTERS), (Strike::Kill(When::After), &AFTERS)]
}

#[test]
fn one_service_survives_the_death_of_its_driver_at_every_call() {
    check(ONE, 1, &kills());
}

#[test]
fn a_bad_release_is_stopped_whenever_its_driver_dies() {
    check(CRASHES, 1, &kills());
}

#[test]
fn in_place_survives_the_death_of_its_driver_at_every_call() {
    check(INPLACE, 1, &kills());
}

#[test]
fn two_services_survive_the_death_of_their_driver_at_every_call() {
    check(TWO, 3, &kills());
}

#[test]
fn eight_services_survive_the_death_of_their_driver() {
    check(EIGHT, 13, &kills());
}

/// What goes wrong while the driver lives, and writes of a dead one that land late.
fn faults() -> Vec<(Strike, &'static [After])> {
    let mut strikes: Vec<(Strike, &'static [After])> = Vec::new();
    for when in [When::Before, When::After] {
        for code in [409, 422, 429, 500] {
            strikes.push((Strike::Fault(when, Fault::Status(code)), &[After::Abort]));
        }
        strikes.push((Strike::Fault(when, Fault::Timeout), &[After::Abort]));
    }
    strikes.push((Strike::Fault(When::Before, Fault::CloseWatch), &[After::Abort]));
    strikes.push((Strike::Fault(When::Before, Fault::DelayWrite(Duration::from_secs(12))), &[After::Abort]));
    strikes.push((Strike::Late(33), &[After::Resume, After::Abort]));
    strikes.push((Strike::Late(75), &[After::Resume, After::Abort]));
    strikes.push((Strike::Cancel, &[After::Abort]));
    strikes
}

#[test]
fn one_service_survives_a_fault_at_every_call() {
    check(ONE_STEP, 3, &faults());
}

#[test]
fn in_place_survives_a_fault_at_every_call() {
    check(INPLACE_STEP, 3, &faults());
}

#[test]
fn a_second_driver_is_refused_whenever_it_comes() {
    check(ONE_STEP, 4, &[(Strike::Second, &[After::Resume])]);
}
