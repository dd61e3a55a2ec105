//! fake-code-detector beside oxlint and ESLint, with ten comparable rules each, on the sources of npm packages; and on a pull request.
mod linters;
mod project;

use std::path::{Path, PathBuf};

use super::Options;
use super::measure::{self, Outcome, Sample, Subject, median};
use crate::parts;

/// Megabytes in a second of one core.
const SPEED: f64 = 60.0;
/// CPU milliseconds and megabytes of memory for a pull request.
const CHANGE: (f64, f64) = (10.0, 15.0);

/// Runs of what takes many seconds.
const RIVAL_RUNS: usize = 3;

/// A tool beside ours.
struct Rival {
    name: &'static str,
    subject: fn(&Path, &Path) -> Result<Subject, String>,
    /// How many files it looked at.
    files: fn(&str) -> Option<usize>,
}

const RIVALS: [Rival; 2] = [
    Rival { name: "oxlint", subject: linters::oxlint, files: linters::files_of_oxlint },
    Rival { name: "eslint", subject: linters::eslint, files: linters::files_of_eslint },
];

const LEGEND: &str = "Speed is size by CPU time, user and system, of one thread; memory is the peak of the process.
In brackets, of another tool: how many times our CPU time and memory it takes. ESLint has the parser of typescript-eslint and no types.";

/// Measures both situations and prints a Markdown table.
pub(crate) fn run(options: &Options, binary: &Path) -> Result<(), String> {
    println!("| what | fake-code-detector | goal | oxlint | ESLint |");
    println!("|---|---|---|---|---|");
    let rivals = RIVALS.map(|rival| {
        let program = parts::get(rival.name);
        (rival, program)
    });
    let problems = packages(binary, &rivals, options.runs)?;
    change(binary, options.runs)?;
    println!("\nMedians of {} runs in turn, of ESLint and oxlint {}.", options.runs, options.runs.min(RIVAL_RUNS));
    println!("{LEGEND}");
    for (rival, program) in &rivals {
        if let Err(failure) = program {
            println!("{} was not measured: {failure}", rival.name);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

type Installed = [(Rival, Result<PathBuf, String>)];

/// Everything, with one thread; gives what is wrong with the comparison.
fn packages(binary: &Path, rivals: &Installed, runs: usize) -> Result<Vec<String>, String> {
    let sources = project::sources()?;
    let all = ["--mode", "all", "--threads", "1", "--format", "json", "."];
    let mut subjects = vec![Subject::new(binary, &sources.folder).args(all).finds()];
    for (rival, program) in rivals {
        if let Ok(program) = program {
            subjects.push((rival.subject)(program, &sources.folder)?.finds().at_most(RIVAL_RUNS));
        }
    }
    let mut outcomes = measure::in_turn(&subjects, runs).into_iter();
    let own = outcomes.next().ok_or("nothing was measured")??;
    let record: serde_json::Value = serde_json::from_str(&own.said).map_err(|e| format!("no record: {e}"))?;
    let mut problems = Vec::new();
    let mut compare = |name: &str, files: Option<usize>| {
        let said = files.map_or_else(|| "an unknown number of".to_owned(), |files| files.to_string());
        if files != Some(sources.files) {
            problems.push(format!("{name} looked at {said} files instead of {}", sources.files));
        }
    };
    compare("fake-code-detector", record["files"].as_u64().and_then(|files| usize::try_from(files).ok()));
    let speed = |outcome: &Outcome| sources.megabytes * 1000.0 / cpu(outcome);
    let mut cells = vec![
        format!("{:.1} MB of TypeScript, {} files", sources.megabytes, sources.files),
        format!("{:.1} MB/s, {:.1} MB", speed(&own), memory(&own)),
        format!("≥ {SPEED:.0} MB/s: {}", word(speed(&own) >= SPEED)),
    ];
    for (rival, program) in rivals {
        cells.push(match if program.is_ok() { outcomes.next() } else { None } {
            None => "not installed".to_owned(),
            Some(Err(failure)) => format!("fails: {}", failure.lines().last().unwrap_or_default().trim()),
            Some(Ok(other)) => {
                compare(rival.name, (rival.files)(&other.said));
                let times = (cpu(&other) / cpu(&own), memory(&other) / memory(&own));
                format!("{:.1} MB/s, {:.0} MB ({:.1}×, {:.1}×)", speed(&other), memory(&other), times.0, times.1)
            }
        });
    }
    println!("| {} |", cells.join(" | "));
    Ok(problems)
}

/// The functions that a pull request changes.
fn change(binary: &Path, runs: usize) -> Result<(), String> {
    let folder = project::change()?;
    let args = ["--mode", "changed-functions", "--base", "main", "--format", "json"];
    let subject = Subject::new(binary, &folder).args(args).finds();
    let outcome = measure::in_turn(&[subject], runs).into_iter().next().ok_or("nothing was measured")??;
    let record: serde_json::Value = serde_json::from_str(&outcome.said).map_err(|e| format!("no record: {e}"))?;
    if record["files"].as_u64() != Some(project::CHANGED as u64) {
        return Err(format!("of {} changed files {} were looked at", project::CHANGED, record["files"]));
    }
    let (cpu, memory) = (cpu(&outcome), memory(&outcome));
    println!(
        "| pull request, {} files changed | {cpu:.1} ms, {memory:.1} MB | ≤ {:.0} ms: {}, ≤ {:.0} MB: {} | | |",
        project::CHANGED,
        CHANGE.0,
        word(cpu <= CHANGE.0),
        CHANGE.1,
        word(memory <= CHANGE.1),
    );
    Ok(())
}

fn word(reached: bool) -> &'static str {
    if reached { "yes" } else { "no" }
}

/// Milliseconds.
fn cpu(outcome: &Outcome) -> f64 {
    of(outcome, |sample| sample.cpu_ms)
}

/// Megabytes.
fn memory(outcome: &Outcome) -> f64 {
    of(outcome, |sample| sample.peak_mib) * 1.048_576
}

fn of(outcome: &Outcome, what: fn(&Sample) -> f64) -> f64 {
    median(outcome.samples.iter().map(what))
}
