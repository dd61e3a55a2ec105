//! `cargo xtask bench`: a tool beside what it replaces, in one run, in turn: CPU time and peak memory of the whole process.
mod coverage_gate;
mod fake_code_detector;
mod job_gate;
mod measure;
mod paths_filter;
mod release_changelog;
mod repository;
mod sha256sums;

use std::path::PathBuf;

use clap::Args;

use crate::dist;
pub(crate) use measure::{Measured, once};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// The tool: coverage-gate, fake-code-detector, job-gate, paths-filter, release-changelog, sha256sums
    tool: String,
    /// Counted runs of each command; what takes many seconds gets three at most
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// The binary to measure; the static one that users get when none is named
    #[arg(long)]
    binary: Option<PathBuf>,
    /// A checkout of what is replaced, measured beside the others: of dorny/paths-filter with its dist/index.js, or of re-actors/alls-green
    #[arg(long)]
    upstream: Option<PathBuf>,
    /// For release-changelog histories of 31,000 and 23,000 commits instead of 5,000 (git-cliff takes minutes for them); for sha256sums
    /// files of 2 GiB and 315 MB instead of an eighth of that
    #[arg(long)]
    full: bool,
}

/// Measures with the options and the binary, and prints a Markdown table.
type Bench = fn(&Options, &std::path::Path) -> Result<(), String>;

/// All benches by the tool that they measure.
const BENCHES: [(&str, Bench); 6] = [
    ("coverage-gate", coverage_gate::run),
    ("fake-code-detector", fake_code_detector::run),
    ("job-gate", job_gate::run),
    ("paths-filter", paths_filter::run),
    ("release-changelog", release_changelog::run),
    ("sha256sums", sha256sums::run),
];

/// Runs one bench.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let Some((name, bench)) = BENCHES.iter().find(|(name, _)| *name == options.tool) else {
        let names = BENCHES.map(|(name, _)| name).join(", ");
        return Err(format!("there is no bench for {}; there are {names}", options.tool));
    };
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize().map_err(|e| format!("could not find {}: {e}", binary.display()))?,
        None => dist::shipped(name)?,
    };
    bench(options, &binary)
}
