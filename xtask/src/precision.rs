//! `cargo xtask precision`: what fake-code-detector reports in mature code, and what a person says of each error.
mod judge;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::field::{self, Package};
use crate::findings::{self, Finding, Severity};
use crate::place;
use judge::{Error, Judgement, Verdict};

/// What to look at.
#[derive(Args)]
pub(crate) struct Options {
    /// Packages of the field; all of them when none is named
    packages: Vec<String>,
    /// The binary to try; a release build when none is named
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// Errors in a thousand lines of mature code, at most.
const ERRORS_PER_KLOC: f64 = 0.02;

/// What was found in a package.
#[derive(Default)]
struct Tally {
    lines: usize,
    warnings: usize,
    errors: Vec<Finding>,
    /// Files that the tool could not read, each with the reason.
    unparsable: Vec<String>,
}

/// Installs, looks and prints; fails where there are too many errors, or errors and judgements that do not belong together.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let packages = field::packages(&options.packages)?;
    let judgements = judgements()?;
    let binary = findings::binary(options.binary.as_deref())?;
    let folders = findings::on_all_cores(&packages, Package::sources);
    let folders = folders.into_iter().collect::<Result<Vec<PathBuf>, _>>()?;
    println!("| package | KLOC | errors | warnings | errors per KLOC |");
    println!("|---|---:|---:|---:|---:|");
    let mut all = Tally::default();
    let mut errors = Vec::new();
    for (package, folder) in packages.iter().zip(&folders) {
        let tally = tally(&binary, folder)?;
        row(&package.name, &tally, tally.errors.len());
        all.lines += tally.lines;
        all.warnings += tally.warnings;
        all.unparsable.extend(tally.unparsable.into_iter().map(|problem| format!("{}: {problem}", package.name)));
        errors.extend(tally.errors.into_iter().map(|finding| Error { package: package.name.clone(), finding }));
    }
    row("all", &all, errors.len());
    println!();
    all.unparsable.iter().for_each(|problem| println!("not read: {problem}"));
    // What is said of packages that were not looked at is not stale.
    let known = |judgement: &&Judgement| {
        options.packages.is_empty() || packages.iter().any(|package| package.name == judgement.package)
    };
    let judgements: Vec<&Judgement> = judgements.iter().filter(known).collect();
    let failures = judged(&errors, &judgements).into_iter().chain(too_many(errors.len(), all.lines));
    let failures: Vec<String> = failures.collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn judgements() -> Result<Vec<Judgement>, String> {
    let file = field::home().join("judgements.json");
    serde_json::from_str(&place::read(&file)?).map_err(|e| format!("could not read {}: {e}", file.display()))
}

/// Looks at all that is in the folder.
fn tally(binary: &Path, folder: &Path) -> Result<Tally, String> {
    let record = findings::of(binary, folder, ["."])?;
    // The tool names files from the root of a repository, where there is one around.
    let inner = |file: &str| {
        let own = format!("{}/", folder.file_name().unwrap_or_default().to_string_lossy());
        file.split_once(&own).map_or(file, |(_, inner)| inner).to_owned()
    };
    let lines =
        |file: &PathBuf| std::fs::read(file).map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count());
    let with = |severity| record.findings.iter().filter(move |finding| finding.severity == severity);
    Ok(Tally {
        lines: field::programs(folder).iter().map(lines).sum(),
        warnings: with(Severity::Warning).count(),
        errors: with(Severity::Error).map(|it| Finding { file: inner(&it.file), ..it.clone() }).collect(),
        unparsable: record.unparsable.iter().map(|it| format!("{}: {}", inner(&it.file), it.message)).collect(),
    })
}

fn row(name: &str, tally: &Tally, errors: usize) {
    let kloc = tally.lines as f64 / 1000.0;
    println!("| {name} | {kloc:.1} | {errors} | {} | {:.4} |", tally.warnings, errors as f64 / kloc);
}

/// Prints every error with what is said of it; gives what is missing or too much.
fn judged(errors: &[Error], judgements: &[&Judgement]) -> Vec<String> {
    let matched = judge::matched(errors, judgements);
    for (error, judgement) in errors.iter().zip(&matched.of) {
        let said = judgement.map_or_else(|| "unjudged".to_owned(), |it| format!("{}: {}", it.verdict, it.why));
        println!("{error}\n    {said}");
    }
    let count = |verdict| matched.of.iter().flatten().filter(|it| it.verdict == verdict).count();
    let [genuine, arguable, wrong] = [Verdict::Genuine, Verdict::Arguable, Verdict::False].map(count);
    let unjudged = matched.of.iter().filter(|judgement| judgement.is_none()).count();
    println!("{genuine} genuine, {arguable} arguable, {wrong} false, {unjudged} unjudged");
    let missing = (unjudged > 0).then(|| format!("{unjudged} errors have no judgement"));
    let stale = matched.stale.iter().map(|judgement| format!("stale: {judgement}"));
    missing.into_iter().chain(stale).collect()
}

/// The goal, where it is missed. Without a line there is nothing to tell from.
fn too_many(errors: usize, lines: usize) -> Option<String> {
    let rate = errors as f64 * 1000.0 / lines as f64;
    (lines == 0 || rate > ERRORS_PER_KLOC).then(|| format!("{rate:.4} errors per KLOC, more than {ERRORS_PER_KLOC}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_judged_at_its_edge() {
        assert_eq!(too_many(2, 100_000), None);
        assert!(too_many(3, 100_000).is_some());
        assert!(too_many(0, 0).is_some());
    }

    #[test]
    fn the_committed_judgements_are_read() {
        judgements().unwrap();
    }
}
