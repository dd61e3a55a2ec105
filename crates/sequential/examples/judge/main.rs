//! The seeded suite of the judge: `cargo xtask judge [runs [word]]`, a word being part of a situation's name. Exits 1 when a goal is missed.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]
mod cells;
mod run;

use std::process::ExitCode;
use std::time::Instant;

use cells::{Cell, Goal};
use run::Outcome;

fn main() -> ExitCode {
    let runs = std::env::args().nth(1).and_then(|runs| runs.parse().ok()).unwrap_or(10_000);
    let word = std::env::args().nth(2).unwrap_or_default();
    println!("{runs} runs a row, preset default, 95 % exact intervals; other rules: share found / median s\n");
    println!(
        "{:<52} {:>7} {:<17} {:>8} {:<14} {:>10} {:>10} {:>10}",
        "situation", "worse", "", "median s", "goal", ">10 fails", "≥99 %/min", "ranks"
    );
    let started = Instant::now();
    let (mut missed, mut pod_ticks) = (0, 0);
    for cell in cells::cells().into_iter().filter(|cell| cell.name.contains(&word)) {
        let outcome = run::cell(&cell, runs);
        pod_ticks += outcome.pod_ticks;
        missed += u32::from(!print(&cell, &outcome));
    }
    println!(
        "\n{missed} goals missed; {pod_ticks} pod-ticks drawn and judged in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    let throughput = run::throughput();
    println!("throughput: {throughput:.0} pod-ticks a second and core (goal 200000)");
    if missed == 0 && throughput >= 200_000.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a row; whether its goal is reached.
fn print(cell: &Cell, outcome: &Outcome) -> bool {
    let runs = outcome.runs as f64;
    let found = outcome.judge.len() as f64 / runs;
    let (low, high) = sequential::interval(outcome.judge.len() as u64, outcome.runs);
    let median = median(&outcome.judge);
    let (reached, goal) = match cell.goal {
        Goal::FalseAborts(most) => (found <= most, format!("≤ {:.1} %", 100.0 * most)),
        Goal::Found(least, by) => (found >= least && median <= by, format!("≥ {} % / {by:.0}", 100.0 * least)),
    };
    let other = |times: &[f64]| format!("{:.1}/{:.0}", 100.0 * times.len() as f64 / runs, self::median(times));
    let [legacy, threshold, ranks] = [&outcome.legacy, &outcome.threshold, &outcome.ranks].map(|times| other(times));
    let interval = format!("[{:.2}, {:.2}] %", 100.0 * low, 100.0 * high);
    let mark = if reached { "reached" } else { "MISSED" };
    println!(
        "{:<52} {:>6.2}% {interval:<17} {median:>8.0} {goal:<14} {legacy:>10} {threshold:>10} {ranks:>10}  {mark}",
        cell.name,
        100.0 * found
    );
    reached
}

fn median(times: &[f64]) -> f64 {
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
