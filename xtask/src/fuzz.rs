//! `cargo xtask fuzz`: the targets of tests/fuzz, on the stable toolchain.
use std::ffi::OsString;

use clap::Args;

use crate::program::Program;
use crate::{parts, place};

/// What to fuzz and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Targets to run; all of them when none is named
    targets: Vec<String>,
    /// Seconds for each
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Executions of each target in `cargo xtask test`, and the seconds after which fewer are enough.
const SMOKE: [&str; 2] = ["-runs=20000", "-max_total_time=15"];

/// Runs targets for a time and prints how often each was executed.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let all = targets();
    if let Some(unknown) = options.targets.iter().find(|name| !all.contains(name)) {
        return Err(format!("there is no target {unknown}; there are {}", all.join(", ")));
    }
    let chosen = if options.targets.is_empty() { &all } else { &options.targets };
    let bound = format!("-max_total_time={}", options.seconds);
    let failures: Vec<String> = chosen.iter().filter_map(|target| fuzz(target, &[&bound]).err()).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// The names of the targets.
pub(crate) fn targets() -> Vec<String> {
    let files = place::names(&place::root().join("tests/fuzz/fuzz_targets"));
    files.iter().filter_map(|file| file.strip_suffix(".rs")).map(str::to_owned).collect()
}

/// Runs a target from its seeds for a bounded number of executions.
pub(crate) fn smoke(target: &str) -> Result<(), String> {
    fuzz(target, &SMOKE)
}

fn fuzz(target: &str, bounds: &[&str]) -> Result<(), String> {
    let program = parts::get("cargo-fuzz")?;
    let home = place::root().join("tests/fuzz");
    let corpus = place::in_target(&format!("fuzz-corpus/{target}"))?;
    let (seeds, artifacts) = (home.join("seeds").join(target), place::in_target("fuzz-artifacts")?);
    // Without a sanitizer: our code has no unsafe, and executions are five times as many.
    let mut args: Vec<OsString> = ["run", "--sanitizer", "none", "--fuzz-dir"].map(Into::into).to_vec();
    args.extend([home.into_os_string(), target.into(), corpus.into_os_string()]);
    let mut longest = 0;
    if seeds.is_dir() {
        let size = |name: String| std::fs::metadata(seeds.join(name)).map_or(0, |data| data.len());
        longest = place::names(&seeds).into_iter().map(size).max().unwrap_or(0) * 2;
        args.push(seeds.into_os_string());
    }
    let artifacts = format!("-artifact_prefix={}/", artifacts.display());
    // A seed that is longer than an input may be is cut, and a cut one is no longer what it is the seed of.
    let longest = format!("-max_len={}", longest.max(4096));
    // What one execution may take: every parser is linear, so a slow input is a bug.
    let options = [&artifacts, "-timeout=10", "-rss_limit_mb=1024", &longest, "-print_final_stats=1"];
    args.extend(["--"].iter().chain(bounds).chain(&options).map(Into::into));
    let program = Program::new(program, args).env("RUSTC_BOOTSTRAP", "1").at(&place::root());
    let said = program.env("CARGO_TARGET_DIR", place::in_target("fuzz")?).output_and_errors()?;
    let runs = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")).unwrap_or("?");
    println!("{target}: {} executions", runs.trim());
    Ok(())
}
