//! `cargo xtask test`: every check that CI runs, each stage with its time, and one line of counts at the end.
mod count;
mod stages;

use std::sync::LazyLock;
use std::thread;
use std::time::Instant;

use clap::Args;

use crate::program::Program;
use crate::{parts, place};
pub(crate) use count::Counts;
use count::Timed;
use stages::{STAGES, Stage};

/// Which stages to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Stages to run; all but the ones marked "by name" when none is named
    stages: Vec<String>,
    /// Only the inner loop: format, lints, unit and case tests
    #[arg(long)]
    quick: bool,
    /// Show the stages instead
    #[arg(long)]
    list: bool,
}

/// Runs the stages one after the other, all of them whatever happens, and fails without a word if one did: the counts
/// are the last line.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    if options.list {
        STAGES.iter().for_each(|stage| println!("{:<12} {}", stage.name, stage.what));
        return Ok(());
    }
    let stages = chosen(options)?;
    install_ahead(&stages);
    let mut board = Board::default();
    for stage in stages {
        if stage.name == AHEAD && options.stages.is_empty() {
            thread::spawn(|| LazyLock::force(&TREES));
        }
        println!("\n=== {}: {}", stage.name, stage.what);
        let start = Instant::now();
        let outcome = (stage.run)();
        board.note(stage, outcome, start.elapsed().as_secs_f64());
    }
    board.print();
    if board.failures.is_empty() { Ok(()) } else { Err(String::new()) }
}

/// What a stage came to.
#[derive(Default)]
pub(crate) struct Outcome {
    counts: Counts,
    /// What took long inside.
    timed: Vec<Timed>,
    /// What went wrong, to be told again at the end.
    failures: Vec<String>,
}

impl Outcome {
    /// A stage that is one check.
    fn of(result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self { counts: Counts { passed: 1, ..Counts::default() }, ..Self::default() },
            Err(failure) => {
                println!("{failure}");
                Self { counts: Counts { failed: 1, ..Counts::default() }, failures: vec![failure], ..Self::default() }
            }
        }
    }

    /// A check that could not be made here; in CI that is a failure.
    fn not_run(why: &str) -> Self {
        println!("not run: {why}");
        Self { counts: Counts { skipped: 1, ..Counts::default() }, ..Self::default() }
    }

    fn and(mut self, other: Self) -> Self {
        self.counts.add(other.counts);
        self.timed.extend(other.timed);
        self.failures.extend(other.failures);
        self
    }
}

fn chosen(options: &Options) -> Result<Vec<&'static Stage>, String> {
    let known = |name: &String| {
        let unknown = || format!("there is no stage {name}; `cargo xtask test --list` shows them");
        STAGES.iter().find(|stage| stage.name == name).ok_or_else(unknown)
    };
    match (options.quick, options.stages.as_slice()) {
        (true, []) => Ok(STAGES.iter().filter(|stage| stage.quick).collect()),
        (true, _) => Err("--quick chooses the stages itself".to_owned()),
        (false, []) => Ok(STAGES.iter().filter(|stage| stage.full).collect()),
        (false, names) => names.iter().map(known).collect(),
    }
}

/// Installs what the stages need while the first of them build; a stage waits for what it needs, and tells a failure.
fn install_ahead(stages: &[&'static Stage]) {
    let names = stages.iter().flat_map(|stage| stage.parts).copied();
    // That one takes as long as all others together.
    let (long, short): (Vec<&str>, Vec<&str>) = names.partition(|name| *name == parts::cluster::NAME);
    for names in [long, short] {
        thread::spawn(move || names.into_iter().for_each(|name| drop(parts::get(name))));
    }
}

#[derive(Default)]
struct Board {
    counts: Counts,
    stages: Vec<(&'static str, Counts, f64)>,
    timed: Vec<Timed>,
    failures: Vec<String>,
}

impl Board {
    fn note(&mut self, stage: &'static Stage, outcome: Outcome, seconds: f64) {
        self.counts.add(outcome.counts);
        self.stages.push((stage.name, outcome.counts, seconds));
        self.timed.extend(outcome.timed);
        self.failures.extend(outcome.failures.iter().map(|failure| format!("{}: {failure}", stage.name)));
    }

    fn print(&mut self) {
        println!("\n=== stages");
        for (name, counts, seconds) in &self.stages {
            println!("{name:<12} {seconds:>7.1} s   {counts}");
        }
        self.timed.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        println!("\n=== slowest tests");
        for timed in self.timed.iter().take(5) {
            println!("{:>7.2} s   {}", timed.seconds, timed.name);
        }
        for failure in &self.failures {
            println!("\nFAILED {failure}");
        }
        println!("\n{}", self.counts);
    }
}

/// From this stage on of a whole run the trees are built beside the others: the last step of a tool keeps one core busy.
const AHEAD: &str = "actionlint";

/// Every tool built statically for this machine, with its size checked: done once, by a process of its own, whose words are kept.
static TREES: LazyLock<Result<String, String>> = LazyLock::new(|| {
    let program = std::env::current_exe().map_err(|e| format!("could not find this program: {e}"))?;
    Program::new(program, ["dist", "--host"]).at(&place::root()).output_and_errors()
});

/// The trees that users get.
fn trees() -> Result<std::path::PathBuf, String> {
    TREES.as_ref().map_err(|_| "there are no trees: see the stage dist".to_owned())?;
    place::in_target("dist")
}

fn dist_stage() -> Outcome {
    Outcome::of(TREES.as_ref().map(|said| print!("{said}")).map_err(Clone::clone))
}
