//! job-gate beside an empty Python program, which is less than re-actors/alls-green takes, and beside that where there is a checkout of it.
use std::path::Path;

use super::Options;
use super::measure::{self, Outcome, Subject, least, median};
use crate::place;
use crate::program::Program;

/// Jobs and bytes of outputs: a usual workflow, and one whose outputs just fit into a variable.
const ROWS: [(&str, usize, usize); 2] = [("12 jobs", 12, 200), ("100 jobs, 120 KB of outputs", 100, 1_100)];

/// Measures both situations and prints a Markdown table.
pub(crate) fn run(options: &Options, binary: &Path) -> Result<(), String> {
    println!("| results | job-gate | python3, nothing done | alls-green |");
    println!("|---|---|---|---|");
    for (name, jobs, bytes) in ROWS {
        row(name, &needs(jobs, bytes), (binary, options))?;
    }
    let size = std::fs::metadata(binary).map_err(|e| format!("could not find {}: {e}", binary.display()))?.len();
    println!(
        "\nThe binary has {} KB. {} runs in turn: the median of CPU times, the least of wall times.",
        size / 1000,
        options.runs
    );
    if options.upstream.is_none() {
        println!("alls-green is in no package registry: check it out and pass `--upstream DIR` to measure it here.");
    }
    Ok(())
}

/// What `toJSON(needs)` gives.
fn needs(jobs: usize, bytes: usize) -> String {
    let job = |at: usize| {
        format!("\"job-{at}\": {{\"result\": \"success\", \"outputs\": {{\"x\": \"{}\"}}}}", "y".repeat(bytes))
    };
    format!("{{{}}}", (0..jobs).map(job).collect::<Vec<_>>().join(", "))
}

fn row(name: &str, needs: &str, (binary, options): (&Path, &Options)) -> Result<(), String> {
    let folder = place::in_target("bench/job-gate")?;
    let files = ["output", "summary"].map(|name| folder.join(name));
    let step = |subject: Subject| {
        let subject =
            subject.env("GITHUB_ACTIONS", "true").env("GITHUB_OUTPUT", &files[0]).env("GITHUB_STEP_SUMMARY", &files[1]);
        files.iter().fold(subject, |subject, file| subject.emptied(file.clone()))
    };
    // The interpreter itself: what is called python3 may be a script that looks for one.
    let python = Program::new("python3", ["-c", "import sys; print(sys.executable)"]).output()?;
    let python = python.trim();
    let mut subjects = vec![
        step(Subject::new(binary, &folder)).env("INPUT_NEEDS", needs),
        Subject::new(python, &folder).args(["-c", ""]),
    ];
    if let Some(upstream) = &options.upstream {
        let script = upstream.join("src/normalize_needed_jobs_status.py");
        subjects.push(step(Subject::new(python, &folder)).args([script.as_os_str()]).args(["[]", "[]", needs]));
    }
    let outcomes: Result<Vec<Outcome>, String> = measure::in_turn(&subjects, options.runs).into_iter().collect();
    let outcomes = outcomes?;
    let cpu = |outcome: &Outcome| median(outcome.samples.iter().map(|sample| sample.cpu_ms));
    let own = cpu(&outcomes[0]);
    let mut cells: Vec<String> = outcomes.iter().map(|outcome| cell(outcome, own)).collect();
    cells.resize(3, "not measured".to_owned());
    println!("| {name} | {} |", cells.join(" | "));
    Ok(())
}

fn cell(outcome: &Outcome, own: f64) -> String {
    let cpu = median(outcome.samples.iter().map(|sample| sample.cpu_ms));
    let wall = least(outcome.samples.iter().map(|sample| sample.wall_ms));
    let peak = median(outcome.samples.iter().map(|sample| sample.peak_mib));
    format!("{cpu:.1} ms CPU ({:.1}×), {wall:.1} ms wall, {peak:.1} MiB", cpu / own)
}
