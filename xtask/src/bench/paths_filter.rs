//! paths-filter beside `git diff`, and beside dorny/paths-filter where there is a checkout of it.
use std::path::Path;

use super::measure::{self, Outcome, Sample, Subject, median};
use super::{Options, repository};
use crate::place;
use crate::program::Program;

/// Measures every situation and prints a Markdown table.
pub(crate) fn run(options: &Options, binary: &Path) -> Result<(), String> {
    println!("| situation | git diff | paths-filter | CPU ratio | as a step, with hashes |");
    println!("|---|---|---|---:|---|");
    for situation in SITUATIONS {
        row(&situation, binary, options)?;
    }
    println!(
        "\nMedians of {} runs in turn; CPU is user and system time, memory the peak of the process.",
        options.runs
    );
    if options.upstream.is_none() {
        println!(
            "dorny/paths-filter is in no package registry: check it out and pass `--upstream DIR` to measure it here."
        );
    }
    Ok(())
}

/// A repository and filters.
struct Situation {
    name: &'static str,
    files: usize,
    changed: usize,
    filters: &'static str,
    /// CPU milliseconds and MiB to reach, measured where `git diff` took 42 ms for the large repository.
    goal: (f64, f64),
}

const ALL: &str =
    "backend: ['backend/**']\nfrontend: ['frontend/**', '**/*.ts']\ndocs: ['docs/**', '**/*.md']\ngo: ['**/*.go']\n";

const SITUATIONS: [Situation; 3] = [
    Situation { name: "20 files, 5 changed", files: 20, changed: 5, filters: ALL, goal: (3.0, 5.0) },
    Situation {
        name: "100,000 files, 5,000 changed",
        files: 100_000,
        changed: 5_000,
        filters: ALL,
        goal: (30.0, 15.0),
    },
    Situation {
        name: "same, filters that reach one prefix",
        files: 100_000,
        changed: 5_000,
        filters: "one: ['backend/m07/**']\n",
        goal: (5.0, 8.0),
    },
];

fn row(situation: &Situation, binary: &Path, options: &Options) -> Result<(), String> {
    let repository = repository::of(situation.files, situation.changed)?;
    let git = Subject::new("git", &repository).args(["diff", "--no-renames", "--name-status", "-z", "main", "feature"]);
    let ours = Subject::new(binary, &repository).args(["--base", "main", "--filters", situation.filters]);
    let step = step(Subject::new(binary, &repository), &repository, situation)?;
    let mut subjects = vec![git, ours, step];
    if let Some(upstream) = &options.upstream {
        let node = Subject::new("node", &repository).args([&upstream.join("dist/index.js")]);
        subjects.push(self::step(node, &repository, situation)?);
    }
    let outcomes: Result<Vec<Outcome>, String> = measure::in_turn(&subjects, options.runs).into_iter().collect();
    let samples: Vec<Vec<Sample>> = outcomes?.into_iter().map(|outcome| outcome.samples).collect();
    let ratios = samples[1].iter().zip(&samples[0]).map(|(ours, git)| ours.cpu_ms / git.cpu_ms);
    let (cpu, memory) = situation.goal;
    println!(
        "| {} | {} | {} (goal {cpu} ms, {memory} MiB) | {:.2} | {} |",
        situation.name,
        shown(&samples[0]),
        shown(&samples[1]),
        median(ratios),
        shown(&samples[2]),
    );
    if let Some(upstream) = samples.get(3) {
        println!("| – dorny/paths-filter | | {} | | |", shown(upstream));
    }
    Ok(())
}

fn shown(samples: &[Sample]) -> String {
    let cpu = median(samples.iter().map(|sample| sample.cpu_ms));
    let memory = median(samples.iter().map(|sample| sample.peak_mib));
    format!("{cpu:.1} ms, {memory:.1} MiB")
}

/// The same question as a step of a workflow asks it.
fn step(subject: Subject, repository: &Path, situation: &Situation) -> Result<Subject, String> {
    let folder = place::in_target("bench/step")?;
    let before = Program::new("git", ["-C", &repository.to_string_lossy(), "rev-parse", "main"]).output()?;
    let event =
        format!(r#"{{"ref":"refs/heads/main","before":"{}","repository":{{"default_branch":"main"}}}}"#, before.trim());
    place::write(&folder.join("event.json"), event)?;
    let mut subject = subject.env("GITHUB_ACTIONS", "true").env("RUNNER_TEMP", folder.as_os_str());
    for (name, value) in [("EVENT_NAME", "push"), ("REF", "refs/heads/main"), ("REPOSITORY", "a/b")] {
        subject = subject.env(&format!("GITHUB_{name}"), value);
    }
    for file in ["OUTPUT", "STEP_SUMMARY"] {
        let path = folder.join(file);
        subject = subject.env(&format!("GITHUB_{file}"), path.as_os_str()).emptied(path);
    }
    Ok(subject.env("GITHUB_EVENT_PATH", folder.join("event.json")).env("INPUT_FILTERS", situation.filters))
}
