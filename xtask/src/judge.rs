//! `cargo xtask judge`: the seeded suite of crates/sequential, an optimised executable of its own.
use clap::Args;

use crate::program::Program;

/// How much to try.
#[derive(Args)]
pub(crate) struct Options {
    /// Runs of each situation
    #[arg(default_value_t = 10_000)]
    runs: u32,
    /// Only situations whose name has this in it
    #[arg(default_value = "")]
    word: String,
}

/// Prints the table; fails when a goal is missed.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let runs = options.runs.to_string();
    let build = ["run", "--release", "--package", "sequential", "--example", "judge", "--", &runs, &options.word];
    Program::cargo(build).run()
}
