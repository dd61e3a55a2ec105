//! `cargo xtask parts coverage`: makes the reports of `fixtures/coverage-gate/real` anew, by the real tools, and compares.
mod recipes;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::get;
use super::table::{How, REPORTERS};
use crate::place;
use crate::program::Program;
use recipes::{RECIPES, Recipe};

/// What this is called beside the parts.
pub(crate) const NAME: &str = "coverage";
/// Time and space on two cores.
pub(crate) const COST: &str = "10 s after its tools";
/// What it is for.
pub(crate) const PURPOSE: &str = "real coverage reports, made anew and compared; UPDATE=1 rewrites the fixtures";

/// Reports carry absolute paths: this is where a hosted runner puts a repository of this name.
const NEUTRAL: &str = "/home/runner/work/monorepo/monorepo";

/// What stands before a moment in a report, up to the next quote.
const MOMENTS: [&str; 5] = ["timestamp=\"", "\"timestamp\": \"", "generated=\"", "start=\"", "dump=\""];

/// Runs every recipe on a copy of the tree; gives the folder of the fixtures.
pub(crate) fn make() -> Result<PathBuf, String> {
    let real = place::root().join("fixtures/coverage-gate/real");
    let neutral = Path::new(NEUTRAL);
    if neutral.exists() {
        return Err(format!("could not make reports in {NEUTRAL}: it is there already; remove it if a run left it"));
    }
    let made = neutral.ancestors().take_while(|folder| !folder.exists()).last().unwrap_or(neutral);
    let failures = match copied(&real.join("tree"), neutral) {
        Ok(()) => RECIPES.iter().filter_map(|recipe| follow(recipe, neutral, &real).err()).collect(),
        Err(failure) => vec![failure],
    };
    place::clear(made)?;
    if failures.is_empty() { Ok(real) } else { Err(failures.join("\n")) }
}

fn copied(tree: &Path, neutral: &Path) -> Result<(), String> {
    place::make(neutral)?;
    Program::new("cp", ["-R".as_ref(), tree.join(".").as_os_str(), neutral.as_os_str()]).output().map(drop)
}

/// Runs the commands of a recipe, and compares what they leave with the fixtures.
fn follow(recipe: &Recipe, neutral: &Path, real: &Path) -> Result<(), String> {
    let folder = neutral.join(recipe.at);
    let path = search_path(recipe, &folder)?;
    let start = Instant::now();
    for command in recipe.commands {
        println!("{}$ {command}", recipe.at);
        let program = Program::new("sh", ["-c", command]).at(&folder).env("PATH", &path).env("LC_ALL", "C");
        // What is set for a build of this repository, or for colours, would change the reports.
        let program = ["RUSTFLAGS", "RUSTUP_TOOLCHAIN", "GOFLAGS", "FORCE_COLOR", "CI", "GITHUB_ACTIONS"]
            .iter()
            .fold(program, |program, name| program.without(name));
        program.env("NO_COLOR", "1").env("GOTOOLCHAIN", "local").env("PYTHONDONTWRITEBYTECODE", "1").output()?;
    }
    println!("{} {:.1} s", recipe.at, start.elapsed().as_secs_f64());
    let differing = recipe.makes.iter().filter_map(|(left, name)| compare(&folder.join(left), &real.join(name)).err());
    let differing: Vec<String> = differing.collect();
    if differing.is_empty() { Ok(()) } else { Err(differing.join("\n")) }
}

/// The `PATH` of a recipe: its tools first. A package of npm is linked to, as its configuration imports it.
fn search_path(recipe: &Recipe, folder: &Path) -> Result<OsString, String> {
    let mut folders = Vec::new();
    for name in recipe.tools {
        let program = get(name)?;
        let beside = program.parent().unwrap_or(&program);
        let npm = REPORTERS.iter().any(|part| part.name == *name && matches!(part.how, How::Npm { .. }));
        if npm {
            let args =
                ["-sfn".as_ref(), beside.as_os_str(), folder.join("node_modules").as_os_str()].map(OsString::from);
            Program::new("ln", args).output()?;
        }
        folders.push(if npm { beside.join(".bin") } else { beside.to_path_buf() });
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|e| format!("could not make a PATH: {e}"))
}

/// Takes a report over with `UPDATE=1` where it says something else; otherwise that is a failure.
fn compare(new: &Path, committed: &Path) -> Result<(), String> {
    let said = place::read(new)?;
    if place::read(committed).is_ok_and(|known| told(&known) == told(&said)) {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_none_or(|update| update != "1") {
        return Err(format!("{} is not what the tool says now; UPDATE=1 takes it over", committed.display()));
    }
    println!("wrote {}", committed.display());
    place::make(committed.parent().unwrap_or(committed))?;
    place::write(committed, said)
}

/// What a report says: its lines without moments, sorted, because some tools go by the order of a folder.
fn told(report: &str) -> Vec<String> {
    let mut lines: Vec<String> = report.lines().map(timeless).collect();
    lines.sort();
    lines
}

fn timeless(line: &str) -> String {
    let mut line = line.to_owned();
    for before in MOMENTS {
        let mut from = 0;
        while let Some(start) = line[from..].find(before).map(|at| from + at + before.len()) {
            let end = line[start..].find('"').map_or(line.len(), |at| start + at);
            line.replace_range(start..end, "");
            from = start;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_differ_by_what_they_say() {
        let first = "<report a=\"1\"><session start=\"5\" dump=\"6\"/>\nDA:1,0\nDA:2,1\n";
        assert_eq!(told(first), told("DA:2,1\n<report a=\"1\"><session start=\"77\" dump=\"\"/>\nDA:1,0\n"));
        assert_ne!(told(first), told(&first.replace("DA:1,0", "DA:1,1")));
        assert_eq!(timeless("start=\"1"), "start=\"");
    }

    #[test]
    fn every_report_is_explained_and_has_its_truth() {
        let real = place::root().join("fixtures/coverage-gate/real");
        let readme = place::read(&real.join("README.md")).unwrap();
        let truth: serde_json::Value =
            serde_json::from_str(&place::read(&real.join("expected.json")).unwrap()).unwrap();
        for name in place::names(&real.join("reports")) {
            assert!(readme.contains(&format!("`{name}`")), "the README does not name {name}");
            assert!(truth[&name]["files"].is_object(), "nothing is expected of {name}");
        }
        for recipe in RECIPES {
            let made = recipe.makes.iter().filter(|(_, name)| !real.join(name).is_file());
            assert_eq!(made.map(|(_, name)| *name).collect::<Vec<_>>(), [""; 0]);
            let untold = recipe.commands.iter().filter(|command| !readme.contains(&format!("`{command}`")));
            assert_eq!(untold.collect::<Vec<_>>(), [&""; 0], "not in the README");
        }
    }
}
