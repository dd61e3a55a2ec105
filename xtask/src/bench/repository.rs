//! Seeded repositories for the bench, made by `git fast-import` once and kept in the target folder.
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use crate::place;
use crate::program::Program;

/// A repository with a branch `main` of so many files, and on top of it the branch `feature`, checked out, which changes some.
pub(crate) fn of(files: usize, changed: usize) -> Result<PathBuf, String> {
    let folder = place::in_target("bench")?.join(format!("{files}-{changed}"));
    if folder.join(".git/refs/heads/feature").exists() {
        return Ok(folder);
    }
    import(&folder, stream_of(files, changed))?;
    Ok(folder)
}

/// Makes the folder a new repository with what the stream of `git fast-import` says; nothing is checked out.
pub(crate) fn import(folder: &Path, stream: String) -> Result<(), String> {
    place::clear(folder)?;
    place::make(folder)?;
    Program::new("git", ["init", "--quiet", "--initial-branch=feature"]).at(folder).run()?;
    let file = folder.join(".git/stream");
    place::write(&file, stream)?;
    let input = File::open(&file).map_err(|e| format!("could not read {}: {e}", file.display()))?;
    let mut import = Program::new("git", ["fast-import", "--quiet"]).at(folder).into_command();
    let status =
        import.stdin(Stdio::from(input)).status().map_err(|e| format!("could not run git fast-import: {e}"))?;
    if !status.success() {
        return Err(format!("git fast-import ended with {status}"));
    }
    Ok(())
}

/// Checks out what was imported, as if that was some time ago.
pub(crate) fn check_out(folder: &Path) -> Result<(), String> {
    Program::new("git", ["reset", "--quiet", "--hard"]).at(folder).run()?;
    settle(&folder.join(".git/index"))
}

/// Git reads every file that is as young as its index once more, to be sure; no checkout stays that young.
fn settle(index: &Path) -> Result<(), String> {
    let later = SystemTime::now() + Duration::from_secs(2);
    let file = File::options().append(true).open(index);
    file.and_then(|file| file.set_modified(later)).map_err(|e| format!("could not date {}: {e}", index.display()))
}

const FOLDERS: [&str; 8] = ["backend", "frontend", "infra", "docs", "libs", "tools", "services", "mobile"];
const ENDINGS: [&str; 5] = ["kt", "ts", "py", "md", "go"];

/// Eight top-level folders of fifty of twenty-five of ten files, at the size of 100,000.
fn path(number: usize) -> String {
    let (folder, module, package) = (FOLDERS[number % 8], number / 8 % 50, number / 400 % 25);
    format!("{folder}/m{module:02}/pkg{package:02}/file{number:06}.{}", ENDINGS[number % 5])
}

fn stream_of(files: usize, changed: usize) -> String {
    let mut stream = commit("main", 1);
    for number in 0..files {
        let path = path(number);
        let _ = write!(stream, "M 100644 inline {path}\ndata {}\n{path}\n", path.len());
    }
    stream += &commit("feature", 2);
    stream += "from :1\n";
    // A step that is prime to every such size visits each file once, in an order that is spread over all folders.
    for number in (0..files).map(|index| index * 7_919 % files).take(changed) {
        let _ = write!(stream, "M 100644 inline {}\ndata 7\nchanged\n", path(number));
    }
    stream
}

/// The head of a commit on a branch.
pub(crate) fn commit(branch: &str, mark: u32) -> String {
    format!(
        "commit refs/heads/{branch}\nmark :{mark}\ncommitter bench <bench@localhost> 170000000{mark} +0000\ndata 1\n.\n"
    )
}
