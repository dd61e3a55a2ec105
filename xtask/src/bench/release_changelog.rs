//! release-changelog beside `git log`, which only prints what we have to read, and git-cliff.
mod history;

use std::path::Path;

use super::Options;
use super::measure::{self, Outcome, Sample, Subject, median};
use crate::parts;
use history::History;

/// A question to a history.
struct Row {
    name: &'static str,
    history: History,
    /// The revisions of `git log`, and how the other two are asked for the same.
    log: &'static str,
    ours: &'static [&'static str],
    cliff: &'static [&'static str],
    goal: Goal,
}

/// What is to be reached.
enum Goal {
    /// Times the CPU time of `git log`.
    Ratio(f64),
    /// CPU milliseconds.
    Time(f64),
}

/// Times the memory of `git log`.
const MEMORY: f64 = 1.5;

const EVERYTHING: &[&str] = &["--all", "--to", "main"];

const fn everything(name: &'static str, history: History, ratio: f64) -> Row {
    Row { name, history, log: "main", ours: EVERYTHING, cliff: &[], goal: Goal::Ratio(ratio) }
}

const DEFAULT: [Row; 3] = [
    everything("every release, 5,000 commits, 606 tags", History { commits: 5_000, tags: 606, last: 367 }, 1.4),
    everything("every release, 5,000 commits, 27 tags", History { commits: 5_000, tags: 27, last: 367 }, 1.2),
    one_release(History { commits: 5_000, tags: 27, last: 367 }),
];

const FULL: [Row; 3] = [
    everything("every release, 31,000 commits, 3,758 tags", History { commits: 31_000, tags: 3_758, last: 367 }, 1.4),
    everything("every release, 23,000 commits, 123 tags", History { commits: 23_000, tags: 123, last: 367 }, 1.2),
    one_release(History { commits: 23_000, tags: 123, last: 367 }),
];

const fn one_release(history: History) -> Row {
    Row {
        name: "one release of 367 commits",
        history,
        log: "v9.9.8..v9.9.9",
        ours: &["--to", "v9.9.9"],
        cliff: &["v9.9.8..v9.9.9"],
        goal: Goal::Time(15.0),
    }
}

/// Counted runs of git-cliff, which takes minutes for many tags, and the seconds after which it is not waited for.
const RIVAL_RUNS: usize = 1;
const RIVAL_LIMIT: u64 = 300;

/// Measures every question and prints a Markdown table.
pub(crate) fn run(options: &Options, binary: &Path) -> Result<(), String> {
    let cliff = parts::get("git-cliff");
    println!("| question | git log | release-changelog | goal | git-cliff |");
    println!("|---|---|---|---|---|");
    let mut missed = Vec::new();
    for row in if options.full { &FULL } else { &DEFAULT } {
        missed.extend(measured(row, (binary, cliff.as_ref().ok()), options.runs)?);
    }
    println!(
        "\nMedians of {} runs in turn, of git-cliff {RIVAL_RUNS}; CPU is user and system time with that of git, which counts",
        options.runs
    );
    println!("the commits once more for us; memory is the peak of the largest process. In brackets: times ours.");
    println!("git-cliff is ended after {RIVAL_LIMIT} s; then its figures are the least that it takes.");
    if let Err(failure) = cliff {
        println!("git-cliff was not measured: {failure}");
    }
    if missed.is_empty() { Ok(()) } else { Err(missed.join("\n")) }
}

fn measured(
    row: &Row,
    (binary, cliff): (&Path, Option<&std::path::PathBuf>),
    runs: usize,
) -> Result<Option<String>, String> {
    let folder = row.history.build()?;
    let mut subjects =
        vec![Subject::new("git", &folder).args(["log", row.log]), Subject::new(binary, &folder).args(row.ours)];
    if let Some(cliff) = cliff {
        let config = folder.join(".git/cliff.toml");
        crate::place::write(&config, CLIFF)?;
        let subject = Subject::new(cliff, &folder).args(["--config"]).args([&config]).args(row.cliff);
        subjects.push(subject.env("RUST_LOG", "off").at_most(RIVAL_RUNS).limit(RIVAL_LIMIT));
    }
    let outcomes: Vec<Outcome> = measure::in_turn(&subjects, runs).into_iter().collect::<Result<_, _>>()?;
    let entries = outcomes[1].said.lines().filter(|line| line.starts_with("- ")).count();
    if entries < row.history.last / 4 {
        return Err(format!("{}: only {entries} lines of notes", row.name));
    }
    let cpu = |samples: &[Sample]| median(samples.iter().map(|sample| sample.cpu_ms));
    let memory = |samples: &[Sample]| median(samples.iter().map(|sample| sample.peak_mib));
    let shown = |samples: &[Sample]| format!("{:.1} ms, {:.1} MiB", cpu(samples), memory(samples));
    let [git, ours] = [&outcomes[0].samples, &outcomes[1].samples];
    let ratios = ours.iter().zip(git).map(|(ours, git)| ours.cpu_ms / git.cpu_ms);
    let (ratio, space) = (median(ratios), memory(ours) / memory(git));
    let (goal, reached) = match row.goal {
        Goal::Ratio(most) => (format!("{most} × git log, {MEMORY} × its memory"), ratio <= most && space <= MEMORY),
        Goal::Time(most) => (format!("{most} ms"), cpu(ours) <= most && space <= MEMORY),
    };
    let rival = outcomes.get(2).map_or_else(
        || "–".to_owned(),
        |rival| {
            let over = if rival.samples.iter().any(|sample| sample.ended) { "ended after " } else { "" };
            format!("{over}{} ({:.0} ×)", shown(&rival.samples), cpu(&rival.samples) / cpu(ours))
        },
    );
    println!("| {} | {} | {} ({ratio:.2} ×, {space:.2} ×) | {goal} | {rival} |", row.name, shown(git), shown(ours));
    Ok((!reached).then(|| format!("{}: {ratio:.2} × git log, {:.1} ms, {space:.2} × its memory", row.name, cpu(ours))))
}

/// The same sections as ours, and no network.
const CLIFF: &str = r#"[git]
conventional_commits = true
filter_unconventional = false
commit_parsers = [
  { message = "^feat", group = "Features" },
  { message = "^fix", group = "Fixes" },
  { message = "^(docs|chore|ci|test)", skip = true },
  { message = ".*", group = "Other changes" },
]
"#;
