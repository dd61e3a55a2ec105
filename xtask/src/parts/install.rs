//! Installing a part with its package client, and checking that the version is the pinned one.
use std::path::{Path, PathBuf};

use super::table::{DEBIAN_RUST, How, Part};
use crate::place;
use crate::program::Program;

/// Installs into `folder`; gives the program, or the folder for what is not a program.
pub(crate) fn install(part: &Part, folder: &Path) -> Result<PathBuf, String> {
    place::make(folder)?;
    match part.how {
        How::Pip { packages, program } => pip(part, folder, (packages, program)),
        How::Go { module, program } => go(part, folder, (module, program)),
        How::GoModule { module } => go_module(part, folder, module),
        How::OwnGo => super::cluster::make(part.version, folder),
        How::GoRun { folder: sources } => go_run(folder, sources),
        How::Cargo { package } => cargo(part, folder, (package, package)),
        How::CargoProgram { package, program } => cargo(part, folder, (package, program)),
        How::Npm { packages } => npm_part(part, folder, packages),
        How::NpmLock { folder: locked, main } => npm_lock(part, folder, (locked, main)),
        How::Maven { artifacts } => super::jars::install(part, folder, artifacts),
        How::Here { places } => super::present::find(part, places),
        How::Apt { packages, program } => apt(part, packages, program),
        How::DebianRust => debian_rust(part, folder),
    }
}

fn pip(part: &Part, folder: &Path, (packages, program): (&[&str], &str)) -> Result<PathBuf, String> {
    let (first, others) = packages.split_first().ok_or("it names no package")?;
    let venv = folder.join("venv");
    Program::new("python3", ["-m".as_ref(), "venv".as_ref(), venv.as_os_str()]).output()?;
    // A package around a program of others may count for itself.
    let pinned = if first.contains("==") { (*first).to_owned() } else { format!("{first}=={}", part.version) };
    let args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &pinned];
    Program::new(venv.join("bin/python3"), args.iter().chain(others)).output()?;
    let path = venv.join("bin").join(program);
    // zig alone has a word for it.
    let ask = if *first == "ziglang" { "version" } else { "--version" };
    checked(part, path, ask)
}

fn go(part: &Part, folder: &Path, (module, program): (&str, &str)) -> Result<PathBuf, String> {
    let pinned = format!("{module}@v{}", part.version);
    Program::new("go", ["install", &pinned]).env("GOBIN", folder).env("GOFLAGS", "-trimpath").output()?;
    let path = folder.join(program);
    // What Go wrote into it: not every program knows its own version.
    let said = Program::new("go", ["version".as_ref(), "-m".as_ref(), path.as_os_str()]).output()?;
    let own = said.lines().find(|line| line.trim_start().starts_with("mod")).unwrap_or_default();
    fits_version(part, own)?;
    Ok(path)
}

fn go_run(folder: &Path, sources: &str) -> Result<PathBuf, String> {
    let sources = place::root().join(sources);
    Program::new("go", ["run".as_ref(), ".".as_ref(), folder.as_os_str()]).at(&sources).output()?;
    Ok(folder.to_owned())
}

/// Fetches a module, checked against the checksum database as any other, and gives its folder.
fn go_module(part: &Part, folder: &Path, module: &str) -> Result<PathBuf, String> {
    let pinned = format!("{module}@v{}", part.version);
    // Go makes its cache read-only otherwise, and then it cannot be cleared.
    let download = Program::new("go", ["mod", "download", "-modcacherw", "-json", &pinned]).at(folder);
    let said = download.env("GOMODCACHE", folder).env("GO111MODULE", "on").output()?;
    let said: serde_json::Value = serde_json::from_str(&said).map_err(|e| format!("go mod download {pinned}: {e}"))?;
    let path = said["Dir"].as_str().map(PathBuf::from).filter(|path| path.is_dir());
    path.ok_or_else(|| format!("go mod download {pinned} names no folder"))
}

fn cargo(part: &Part, folder: &Path, (package, program): (&str, &str)) -> Result<PathBuf, String> {
    let pinned = format!("{package}@{}", part.version);
    let args = ["install".as_ref(), "--locked".as_ref(), "--root".as_ref(), folder.as_os_str(), pinned.as_ref()];
    Program::cargo(args).without("CARGO_TARGET_DIR").without("RUSTFLAGS").output()?;
    checked(part, folder.join("bin").join(program), "--version")
}

fn npm_part(part: &Part, folder: &Path, packages: &[&str]) -> Result<PathBuf, String> {
    let (first, others) = packages.split_first().ok_or("it names no package")?;
    npm(folder, (first, part.version), others)
}

/// Installs an npm package of that version and others beside it; nothing of theirs is run. Gives the folder of the first.
pub(crate) fn npm(folder: &Path, (name, version): (&str, &str), others: &[&str]) -> Result<PathBuf, String> {
    place::write(&folder.join("package.json"), "{\"private\": true}\n")?;
    let pinned = format!("{name}@{version}");
    let args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", &pinned];
    Program::new("npm", args.iter().chain(others)).at(folder).output()?;
    of_version(version, (folder, name))
}

/// The folder of an installed package, if it has that version.
fn of_version(version: &str, (folder, name): (&Path, &str)) -> Result<PathBuf, String> {
    let path = folder.join("node_modules").join(name);
    let manifest = place::read(&path.join("package.json"))?;
    let manifest: serde_json::Value =
        serde_json::from_str(&manifest).map_err(|e| format!("package.json of {name}: {e}"))?;
    match manifest["version"].as_str() {
        Some(installed) if installed == version => Ok(path),
        other => Err(format!("npm installed {name} {other:?} instead of {version}")),
    }
}

/// Installs what a lock file says, nothing more or less; nothing of the packages is run. Gives the folder of the main one.
fn npm_lock(part: &Part, folder: &Path, (locked, main): (&str, &str)) -> Result<PathBuf, String> {
    for name in ["package.json", "package-lock.json"] {
        place::copy(&place::root().join(locked).join(name), &folder.join(name))?;
    }
    Program::new("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).at(folder).output()?;
    of_version(part.version, (folder, main))
}

fn apt(part: &Part, packages: &[&str], program: &str) -> Result<PathBuf, String> {
    if let Some(path) = place::on_path(program) {
        return checked(part, path, "--version");
    }
    let install = || {
        let args = ["install", "--yes", "--no-install-recommends"].iter().chain(packages);
        Program::new("apt-get", args).env("DEBIAN_FRONTEND", "noninteractive").output()
    };
    if install().is_err() {
        // The lists of a new machine are old or missing.
        Program::new("apt-get", ["update"]).output()?;
        install()?;
    }
    let path = place::on_path(program).ok_or_else(|| format!("{} has no program {program}", packages.join(" ")))?;
    checked(part, path, "--version")
}

/// Unpacks the packages without installing them, so that no toolchain of the system changes.
fn debian_rust(part: &Part, folder: &Path) -> Result<PathBuf, String> {
    let download = || {
        let args = ["download"].iter().chain(DEBIAN_RUST);
        Program::new("apt-get", args).at(folder).output()
    };
    if download().is_err() {
        Program::new("apt-get", ["update"]).output()?;
        download()?;
    }
    for name in place::names(folder).iter().filter(|name| name.ends_with(".deb")) {
        let package = folder.join(name);
        Program::new("dpkg", ["-x".as_ref(), package.as_os_str(), folder.as_os_str()]).output()?;
        std::fs::remove_file(&package).map_err(|e| format!("could not remove {}: {e}", package.display()))?;
    }
    let rustc = folder.join("usr/bin/rustc");
    let libraries = folder.join("usr/lib/x86_64-linux-gnu");
    let said = Program::new(&rustc, ["--version"]).env("LD_LIBRARY_PATH", &libraries).output()?;
    fits_version(part, &said)?;
    Ok(folder.join("usr"))
}

/// Asks a program for its version.
fn checked(part: &Part, path: PathBuf, ask: &str) -> Result<PathBuf, String> {
    fits_version(part, &Program::new(&path, [ask]).said()?)?;
    Ok(path)
}

/// Whether the version stands in what the program said, as a word of its own.
pub(super) fn fits_version(part: &Part, said: &str) -> Result<(), String> {
    let wanted = |word: &str| {
        let word = word.trim_matches(['(', ')', ',']).trim_start_matches('v');
        word == part.version || word.strip_prefix(part.version).is_some_and(|rest| rest.starts_with('.'))
    };
    if part.version.is_empty() || said.split_whitespace().any(wanted) {
        return Ok(());
    }
    let first = said.lines().next().unwrap_or("nothing");
    Err(format!("it says `{first}`, which is not version {}", part.version))
}
