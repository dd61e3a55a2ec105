//! `cargo xtask parts`: installs pinned tools once into a cache folder, and says where each is.
pub(crate) mod cluster;
mod coverage;
mod install;
mod jars;
mod monorepo;
mod present;
mod table;

use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use sha2::{Digest, Sha256};

use crate::place;
pub(crate) use install::npm;
use table::{How, PARTS, Part, REPORTERS, RIVALS};

/// What fixtures/monorepo is built and tested with, the slow ones first.
pub(crate) const MONOREPO: &[&str] = &[
    "tflint",
    "golangci-lint",
    "kustomize",
    "oasdiff",
    "kotlin",
    "detekt",
    "frontend",
    "poetry",
    "postgres",
    "nginx",
    "redocly",
    "compose",
    "hadolint",
    "check-jsonschema",
    "jdk",
    "python-3.12",
    "terraform",
];

/// What to install.
#[derive(Args)]
pub(crate) struct Options {
    /// Parts to install; when none is named, all but those that only make fixtures or are measured by benches. `cluster
    /// up DIR` and `cluster down DIR` start and end a control plane
    names: Vec<String>,
    /// Show every part with its cost instead
    #[arg(long)]
    list: bool,
}

/// Installs or lists; goes on after a failure and names every part that could not be had.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    if options.list {
        list();
        return Ok(());
    }
    if let Some((cluster::NAME, words)) = options.names.split_first().map(|(first, words)| (first.as_str(), words)) {
        return cluster::run(words);
    }
    let all = || PARTS.iter().chain(monorepo::TOOLS).map(|part| part.name.to_owned()).collect();
    let names: Vec<String> = if options.names.is_empty() { all() } else { options.names.clone() };
    let mut failures = Vec::new();
    for name in &names {
        match if name == coverage::NAME { coverage::make() } else { get(name) } {
            Ok(path) => println!("{name}\t{}", path.display()),
            Err(failure) => {
                println!("{name}\tnot to be had");
                failures.push(failure);
            }
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Where a part is, after installing it if that was not done before.
///
/// Two runs at once wait for each other, part by part.
pub(crate) fn get(name: &str) -> Result<PathBuf, String> {
    let part = find(name)?;
    place::make(&cache())?;
    let lock = beside(part, "lock");
    let file = File::create(&lock).map_err(|e| format!("could not make {}: {e}", lock.display()))?;
    file.lock().map_err(|e| format!("could not lock {}: {e}", lock.display()))?;
    if let Some(path) = installed(part) {
        return Ok(path);
    }
    let start = Instant::now();
    let folder = folder(part)?;
    let path = install::install(part, &folder).map_err(|failure| explained(part, &failure))?;
    place::write(&beside(part, "at"), format!("{}\n{}\n", key(part), path.display()))?;
    println!("installed {} {} in {:.1} s", part.name, part.version, start.elapsed().as_secs_f64());
    Ok(path)
}

/// The program or folder of a part that was installed before, as the table wants it now.
pub(crate) fn installed(part: &Part) -> Option<PathBuf> {
    let at = place::read(&beside(part, "at")).ok()?;
    let (known, path) = at.trim_end().split_once('\n')?;
    let path = PathBuf::from(path);
    (known == key(part) && path.exists()).then_some(path)
}

/// An empty folder for a part, or for what is made of our own sources one that other work trees with the same sources use too.
fn folder(part: &Part) -> Result<PathBuf, String> {
    if let How::OwnGo = part.how {
        return Ok(cache().join(format!("{}-{}", part.name, cluster::content(part.version)?)));
    }
    let folder = cache().join(part.name);
    place::clear(&folder)?;
    Ok(folder)
}

fn find(name: &str) -> Result<&'static Part, String> {
    every().find(|part| part.name == name).ok_or_else(|| {
        let names: Vec<&str> = every().map(|part| part.name).chain([coverage::NAME]).collect();
        format!("there is no part {name}; there are {}", names.join(", "))
    })
}

fn every() -> impl Iterator<Item = &'static Part> {
    PARTS.iter().chain(monorepo::TOOLS).chain(REPORTERS).chain(RIVALS)
}

/// `$PARTS_CACHE`, or `target/parts`. The tests look there too (`tests::parts`).
fn cache() -> PathBuf {
    std::env::var_os("PARTS_CACHE").map_or_else(|| place::root().join("target/parts"), PathBuf::from)
}

fn beside(part: &Part, what: &str) -> PathBuf {
    cache().join(format!("{}.{what}", part.name))
}

/// What changes when a part has to be installed again.
fn key(part: &Part) -> String {
    let content = match part.how {
        // Without Go it could not be made anyway.
        How::OwnGo => cluster::content(part.version).unwrap_or_default(),
        // Without a lock file its installation says so.
        How::NpmLock { folder, .. } => {
            let lock = place::root().join(folder).join("package-lock.json");
            place::read(&lock).map(|lock| format!(" {:?}", Sha256::digest(lock))).unwrap_or_default()
        }
        _ => String::new(),
    };
    format!("{} {:?}{content}", part.version, part.how)
}

fn explained(part: &Part, failure: &str) -> String {
    let remedy = match part.how {
        How::Pip { .. } => "it takes Python 3 with venv (Debian: python3-venv) and a way to PyPI",
        How::Go { .. } | How::GoModule { .. } | How::GoRun { .. } | How::OwnGo => {
            "it takes Go and a way to the Go module proxy"
        }
        How::Cargo { .. } | How::CargoProgram { .. } => "it takes a way to crates.io",
        How::Npm { .. } | How::NpmLock { .. } => "it takes npm and a way to the npm registry",
        How::Maven { .. } => "it takes Maven and a way to Maven Central",
        How::Here { .. } => "no package client has it; install it another way",
        How::Apt { .. } => "it takes root on Debian; run `apt-get update` first, or install the program another way",
        How::DebianRust => "it takes Debian 12 on x86_64; elsewhere use `rustup target add x86_64-unknown-linux-musl`",
    };
    format!(
        "could not install {} {}: {failure}\n    {remedy}; then `cargo xtask parts {}`",
        part.name, part.version, part.name
    )
}

fn list() {
    println!("{:<18} {:<9} {:<22} {:<10} purpose", "part", "version", "cost", "state");
    let line = |name, version, cost, state, purpose| {
        println!("{name:<18} {version:<9} {cost:<22} {state:<10} {purpose}");
    };
    for part in every() {
        let state = if installed(part).is_some() { "installed" } else { "-" };
        line(part.name, part.version, part.cost, state, part.purpose);
    }
    line(coverage::NAME, "", coverage::COST, "by name", coverage::PURPOSE);
    println!("cache: {}", cache().display());
}
