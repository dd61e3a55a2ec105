//! Chores that are not a test: `cargo xtask demo|test|parts|dist|pin|bench|corpus|judge|precision|numbers|fuzz`.
#![allow(clippy::print_stdout, reason = "a chore talks to the person who started it, never to a workflow")]
mod bench;
mod corpus;
mod demo;
mod dist;
mod field;
mod findings;
mod fuzz;
mod judge;
mod numbers;
mod parts;
mod pin;
mod place;
mod precision;
mod program;
mod test;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Chores {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Tell the story of a change from pull request to production, on an embedded cluster
    Demo(demo::Options),
    /// Run every check that CI runs, or the named stages
    Test(test::Options),
    /// Install the tools and servers that tests need, once, and print where they are
    Parts(parts::Options),
    /// Build the trees that users get: static binary, launcher, action.yml
    Dist(dist::Options),
    /// Pin what workflows call of ours by the ids of committed trees, or check the pins
    Pin(pin::Options),
    /// Measure a tool against what it replaces
    Bench(bench::Options),
    /// Run one command and print its CPU milliseconds and peak MiB
    #[command(hide = true)]
    Measured(bench::Measured),
    /// Score fake-code-detector on its labelled pairs
    Corpus(corpus::Options),
    /// Count what fake-code-detector reports in the sources of respected npm packages
    Precision(precision::Options),
    /// Run the seeded suite of canary-step's judge: a table of situations, each with its goal
    Judge(judge::Options),
    /// Print the board of code and size figures
    Numbers,
    /// Run the fuzz targets for a while
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    let result = match Chores::parse().chore {
        Chore::Demo(options) => demo::run(&options),
        Chore::Test(options) => test::run(&options),
        Chore::Parts(options) => parts::run(&options),
        Chore::Dist(options) => dist::run(&options),
        Chore::Pin(options) => pin::run(&options),
        Chore::Bench(options) => bench::run(&options),
        Chore::Measured(measured) => bench::once(&measured),
        Chore::Corpus(options) => corpus::run(&options),
        Chore::Precision(options) => precision::run(&options),
        Chore::Judge(options) => judge::run(&options),
        Chore::Numbers => numbers::run(),
        Chore::Fuzz(options) => fuzz::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // The tests have said it all, and end with their counts.
            if !failure.is_empty() {
                let _ = writeln!(std::io::stderr(), "error: {failure}");
            }
            ExitCode::FAILURE
        }
    }
}
