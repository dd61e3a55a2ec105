//! What is looked at: sources of packages of the field in one folder, and a repository whose branch changes some files.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::repository;
use crate::field;
use crate::place;
use crate::program::Program;

/// Packages of TypeScript, some of it with JSX.
const PACKAGES: [&str; 4] = ["mongodb", "matrix-js-sdk", "@reduxjs/toolkit", "@wordpress/components"];
/// The package that the repository holds.
const REPOSITORY: &str = "mongodb";
/// Files that the branch changes.
pub(super) const CHANGED: usize = 20;

/// A folder of sources.
pub(super) struct Sources {
    pub(super) folder: PathBuf,
    pub(super) files: usize,
    pub(super) megabytes: f64,
}

/// The packages beside each other; copied anew each time, so that they are what the table of the field says.
pub(super) fn sources() -> Result<Sources, String> {
    let folder = place::in_target("bench/fake-code-detector")?.join("sources");
    place::clear(&folder)?;
    place::make(&folder)?;
    for package in field::packages(&PACKAGES.map(str::to_owned))? {
        let from = package.sources()?;
        Program::new("cp", ["-R".as_ref(), from.as_os_str(), folder.as_os_str()]).output()?;
    }
    // A repository of its own: oxlint goes by the `.gitignore` of the one around it, which ignores what is built.
    Program::new("git", ["init", "-q"]).at(&folder).run()?;
    let files = field::programs(&folder);
    let bytes: u64 = files.iter().map(|file| std::fs::metadata(file).map_or(0, |data| data.len())).sum();
    Ok(Sources { folder, files: files.len(), megabytes: bytes as f64 / 1e6 })
}

/// A repository with a package on `main`, and on top of it the branch `feature`, checked out.
pub(super) fn change() -> Result<PathBuf, String> {
    let folder = place::in_target("bench/fake-code-detector")?.join("change");
    let package = field::packages(&[REPOSITORY.to_owned()])?.into_iter().next().ok_or("there is no such package")?;
    let sources = package.sources()?;
    let mut stream = repository::commit("main", 1);
    let files = field::programs(&sources);
    let texts =
        files.iter().map(|file| Ok((file.as_path(), place::read(file)?))).collect::<Result<Vec<_>, String>>()?;
    for (path, text) in &texts {
        file(&mut stream, (path.strip_prefix(&sources).unwrap_or(path), text));
    }
    stream += &repository::commit("feature", 2);
    stream += "from :1\n";
    // Neither lists of names nor the largest ones: what a pull request touches.
    let usual: Vec<&(&Path, String)> = texts.iter().filter(|(_, text)| (2_000..40_000).contains(&text.len())).collect();
    let step = (usual.len() / CHANGED).max(1);
    for (path, text) in usual.into_iter().step_by(step).take(CHANGED) {
        file(&mut stream, (path.strip_prefix(&sources).unwrap_or(path), &changed(text)));
    }
    repository::import(&folder, stream)?;
    // As a clone has it: what `git fast-import` writes holds each file as its difference from another one.
    Program::new("git", ["repack", "-adfq"]).at(&folder).run()?;
    repository::check_out(&folder)?;
    Ok(folder)
}

fn file(stream: &mut String, (path, text): (&Path, &str)) {
    // Writing to a String cannot fail.
    let _ = write!(stream, "M 100644 inline {}\ndata {}\n{text}\n", path.display(), text.len());
}

/// The text with one more line, after the block that opens next to its middle.
fn changed(text: &str) -> String {
    let middle = text.lines().count() / 2;
    let mut lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().skip(middle).position(|line| line.ends_with('{')).map_or(middle, |at| middle + at + 1);
    lines.insert(at, "// changed");
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_a_line_in_the_middle() {
        assert_eq!(changed("a {\n}\nb\nc {\n  d\n}\n"), "a {\n}\nb\nc {\n// changed\n  d\n}\n");
        assert_eq!(changed("a\nb\n"), "a\n// changed\nb\n");
    }
}
