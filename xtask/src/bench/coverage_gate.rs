//! coverage-gate beside diff-cover and diff-coverage: from a report and a branch to a verdict.
mod answers;
mod project;
mod reports;

use std::path::{Path, PathBuf};

use super::Options;
use super::measure::{self, Outcome, Sample, Subject, median};
use crate::parts;
use answers::Answer;
use project::{Format, Project};

/// What is measured and what is to be reached.
struct Row {
    project: Project,
    /// CPU milliseconds.
    cpu: f64,
    /// MiB of the largest process.
    memory: Option<f64>,
}

const fn row(name: &'static str, format: Format, files: [usize; 3], (cpu, memory): (f64, Option<f64>)) -> Row {
    let [files, reported, changed] = files;
    Row { project: Project { name, format, files, reported, changed }, cpu, memory }
}

/// Tracked files, files in the report, changed files.
const ROWS: [Row; 5] = [
    row("cobertura", Format::Cobertura, [20_000, 20_000, 30], (600.0, Some(48.0))),
    row("cobertura-4000-changed", Format::Cobertura, [20_000, 20_000, 4_000], (600.0, Some(48.0))),
    row("lcov", Format::Lcov, [25_000, 20_200, 30], (250.0, None)),
    row("jacoco", Format::Jacoco, [7_350, 7_350, 30], (400.0, None)),
    row("cobertura-small", Format::Cobertura, [190, 190, 10], (15.0, None)),
];

/// Runs of what takes many seconds.
const RIVAL_RUNS: usize = 3;

/// A tool beside ours.
struct Rival {
    name: &'static str,
    subject: fn(&Path, &Path, Format) -> Subject,
    answer: fn(&str) -> Result<Answer, String>,
}

const RIVALS: [Rival; 2] = [
    Rival { name: "diff-cover", subject: diff_cover, answer: answers::of_diff_cover },
    Rival { name: "diff-coverage", subject: diff_coverage, answer: answers::of_diff_coverage },
];

const LEGEND: &str =
    "CPU is user and system time, with that of git; memory is the peak of the largest process, git included.
In brackets: the peak of coverage-gate itself; of another tool, how many times our CPU time and memory it takes.
N/M: of M changed lines that are measured N are covered. Where another tool says something else, nothing is compared.";

/// Measures every report and prints a Markdown table.
pub(crate) fn run(options: &Options, binary: &Path) -> Result<(), String> {
    let rivals = RIVALS.map(|rival| {
        let program = parts::get(rival.name);
        (rival, program)
    });
    println!("| report | coverage-gate | goal | diff-cover | diff-coverage |");
    println!("|---|---|---|---|---|");
    let mut problems = Vec::new();
    for row in &ROWS {
        problems.extend(measured(row, (binary, &rivals), options.runs)?);
    }
    println!("\nMedians of {} runs in turn, of the others {}.", options.runs, options.runs.min(RIVAL_RUNS));
    println!("{LEGEND}");
    for (rival, program) in &rivals {
        if let Err(failure) = program {
            println!("{} was not measured: {failure}", rival.name);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

type Installed = [(Rival, Result<PathBuf, String>)];

/// Measures and prints one row; gives what is wrong with the answers.
fn measured(row: &Row, (binary, rivals): (&Path, &Installed), runs: usize) -> Result<Option<String>, String> {
    let folder = row.project.made()?;
    let format = row.project.format;
    let mut subjects = vec![ours(binary, &folder, format)];
    let installed = rivals.iter().filter_map(|(rival, program)| Some((rival, program.as_ref().ok()?)));
    subjects.extend(installed.map(|(rival, program)| (rival.subject)(program, &folder, format).at_most(RIVAL_RUNS)));
    let mut outcomes = measure::in_turn(&subjects, runs).into_iter();
    let own = outcomes.next().ok_or("nothing was measured")??;
    let answer = answers::of_coverage_gate(&own.said)?;
    let mut cells = vec![title(row, &folder), format!("{}, {answer}", shown(&own)), goal(row, &own)];
    let mut problem = None;
    for (rival, program) in rivals {
        let outcome = if program.is_ok() { outcomes.next() } else { None };
        let (cell, same) = beside(rival, outcome, (&own, answer));
        cells.push(cell);
        if rival.name == "diff-cover" && !same {
            problem = Some(format!("{}: diff-cover counts other lines than coverage-gate", row.project.name));
        }
    }
    println!("| {} |", cells.join(" | "));
    Ok(problem)
}

fn ours(binary: &Path, folder: &Path, format: Format) -> Subject {
    let thresholds = ["--threshold-all", "0.5", "--threshold-patch", "0.5", "--format", "json"];
    Subject::new(binary, folder).args(["--base", "main", "--reports", format.file()]).args(thresholds)
}

fn diff_cover(program: &Path, folder: &Path, format: Format) -> Subject {
    let subject = Subject::new(program, folder).args([format.file(), "--compare-branch", "main"]);
    if format == Format::Jacoco { subject.args(["--src-roots", format.root()]) } else { subject }
}

/// It takes a diff from a file.
fn diff_coverage(program: &Path, folder: &Path, format: Format) -> Subject {
    let script = "git diff main...HEAD | \"$0\" \"$1\" --diff-file /dev/stdin --output summary";
    Subject::new("sh", folder).args(["-c", script]).args([program]).args([format.file()])
}

fn title(row: &Row, folder: &Path) -> String {
    let Project { format, reported, changed, .. } = &row.project;
    let size = std::fs::metadata(folder.join(format.file())).map_or(0.0, |data| data.len() as f64 / 1e6);
    format!("{}, {size:.0} MB, {reported} files, {changed} changed", format.name())
}

/// Time, and memory with that of the process itself in brackets.
fn shown(own: &Outcome) -> String {
    let [cpu, peak, itself] =
        [|s: &Sample| s.cpu_ms, |s: &Sample| s.peak_mib, |s: &Sample| s.own_mib].map(|what| of(own, what));
    format!("{cpu:.0} ms, {peak:.1} MiB ({itself:.1})")
}

/// Whether our numbers are what we want.
fn goal(row: &Row, own: &Outcome) -> String {
    let word = |reached: bool| if reached { "yes" } else { "no" };
    let mut reached = format!("≤ {:.0} ms: {}", row.cpu, word(of(own, |sample| sample.cpu_ms) <= row.cpu));
    if let Some(memory) = row.memory {
        reached += &format!(", ≤ {memory:.0} MiB: {}", word(of(own, |sample| sample.peak_mib) <= memory));
    }
    reached
}

/// Another tool's cell, and whether it does not contradict us. Numbers are compared for the same answer only.
fn beside(
    rival: &Rival,
    outcome: Option<Result<Outcome, String>>,
    (own, answer): (&Outcome, Answer),
) -> (String, bool) {
    let outcome = match outcome {
        None => return ("not installed".to_owned(), true),
        Some(Err(failure)) => return (format!("fails: {}", cause(&failure)), false),
        Some(Ok(outcome)) => outcome,
    };
    let [cpu, peak] = [|s: &Sample| s.cpu_ms, |s: &Sample| s.peak_mib].map(|what| (of(&outcome, what), of(own, what)));
    let numbers = format!("{:.0} ms, {:.0} MiB", cpu.0, peak.0);
    match (rival.answer)(&outcome.said) {
        Ok(other) if other == answer => {
            (format!("{numbers} ({:.1}×, {:.1}×), {other}", cpu.0 / cpu.1, peak.0 / peak.1), true)
        }
        Ok(other) => (format!("{numbers}, but {other}"), false),
        Err(failure) => (format!("{numbers}, but {failure}"), false),
    }
}

/// What a tool itself said before it failed, if anything: that stands before the end of the run.
fn cause(failure: &str) -> String {
    let mut lines = failure.lines().rev().map(str::trim);
    let last = lines.next().unwrap_or_default();
    let line = lines.find(|line| !line.is_empty()).filter(|line| !line.starts_with('`')).unwrap_or(last);
    // Some colour it without a terminal.
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

fn of(outcome: &Outcome, what: fn(&Sample) -> f64) -> f64 {
    median(outcome.samples.iter().map(what))
}
