//! Respected npm packages that ship their original sources: what fake-code-detector is tried on.
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{parts, place};

/// Endings of programs.
const ENDINGS: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/// One package.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    pub(crate) name: String,
    version: String,
    /// Files and folders that people wrote.
    sources: Vec<String>,
    /// Globs of files in them that a program wrote; a star stands for slashes too.
    exclude: Vec<String>,
}

/// Where the data about the field lies.
pub(crate) fn home() -> PathBuf {
    place::root().join("fixtures/fake-code-detector/field")
}

/// The named packages; all of them when none is named.
pub(crate) fn packages(names: &[String]) -> Result<Vec<Package>, String> {
    let file = home().join("packages.json");
    let all: Vec<Package> =
        serde_json::from_str(&place::read(&file)?).map_err(|e| format!("could not read {}: {e}", file.display()))?;
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|package| package.name == **name)) {
        let known: Vec<&str> = all.iter().map(|package| package.name.as_str()).collect();
        return Err(format!("there is no package {unknown} in the field; there are {}", known.join(", ")));
    }
    Ok(all.into_iter().filter(|package| names.is_empty() || names.contains(&package.name)).collect())
}

impl Package {
    /// The folder with the sources of the package and nothing else; installed and copied if that was not done before.
    ///
    /// Two runs at once wait for each other, package by package.
    pub(crate) fn sources(&self) -> Result<PathBuf, String> {
        let folder = place::in_target("field")?.join(self.name.replace('/', "+"));
        let beside = |what: &str| PathBuf::from(format!("{}.{what}", folder.display()));
        let (key, at, lock) = (format!("{self:?}\n"), beside("at"), beside("lock"));
        let file = File::create(&lock).map_err(|e| format!("could not make {}: {e}", lock.display()))?;
        file.lock().map_err(|e| format!("could not lock {}: {e}", lock.display()))?;
        if place::read(&at).is_ok_and(|known| known == key) && folder.is_dir() {
            return Ok(folder);
        }
        let install = beside("install");
        place::clear(&install)?;
        place::clear(&folder)?;
        place::make(&install)?;
        let explained = |failure| format!("could not install {} {}: {failure}", self.name, self.version);
        let installed = parts::npm(&install, (&self.name, &self.version), &[]).map_err(explained)?;
        for source in &self.sources {
            self.copy(source, (&installed, &folder))?;
        }
        place::clear(&install)?;
        place::write(&at, key)?;
        Ok(folder)
    }

    /// Copies the programs of a file or folder of the package.
    fn copy(&self, path: &str, (from, to): (&Path, &Path)) -> Result<(), String> {
        let source = from.join(path);
        if source.is_dir() {
            let inner = place::names(&source).into_iter().filter(|name| name != "node_modules");
            return inner.map(|name| format!("{path}/{name}")).try_for_each(|path| self.copy(&path, (from, to)));
        }
        if !source.is_file() {
            return Err(format!("{} {} has no {path}", self.name, self.version));
        }
        if !is_program(path) || self.exclude.iter().any(|glob| fits(glob, path)) {
            return Ok(());
        }
        let target = to.join(path);
        place::make(target.parent().unwrap_or(to))?;
        place::copy(&source, &target)
    }
}

/// The programs in a folder and below it, by path.
pub(crate) fn programs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for path in place::names(&folder).into_iter().map(|name| folder.join(name)) {
            if path.is_dir() {
                open.push(path);
            } else if path.to_str().is_some_and(is_program) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether a path is one of a program that a person wrote: no declarations, nothing minified.
fn is_program(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending));
    ending && !name.contains(".d.") && !name.contains(".min.")
}

/// Whether a path fits a glob whose only special character is the star.
fn fits(glob: &str, path: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(fits("src/generated/*", "src/generated/a/b.ts"));
        assert!(fits("src/*/errors.js", "src/a/b/errors.js"));
        assert!(fits("lib/data.js", "lib/data.js"));
        assert!(!fits("lib/data.js", "lib/data.json"));
        assert!(!fits("src/*.g.ts", "src/a.ts"));
        assert!(!fits("a*a", "a"));
    }

    #[test]
    fn declarations_and_packed_files_are_no_programs_of_people() {
        let programs = ["a/b.ts", "c.mjs", "d.d.ts", "e.min.js", "f.json", "ts", "g.test.tsx"];
        let kept: Vec<&str> = programs.into_iter().filter(|path| is_program(path)).collect();
        assert_eq!(kept, ["a/b.ts", "c.mjs", "g.test.tsx"]);
    }

    #[test]
    fn the_field_is_pinned() {
        let packages = packages(&[]).unwrap();
        assert!(packages.iter().all(|package| package.version.split('.').count() == 3 && !package.sources.is_empty()));
    }
}
