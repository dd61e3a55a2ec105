//! Programs that no package client has: looked for on the machine.
use std::path::PathBuf;

use super::install::fits_version;
use super::table::Part;
use crate::place;
use crate::program::Program;

/// The first of the places where a program of the part's version is.
///
/// `$PATH` stands for each of its folders, another `$VARIABLE` at the beginning for its value, `*` in a name for anything.
pub(super) fn find(part: &Part, places: &[&str]) -> Result<PathBuf, String> {
    let there: Vec<PathBuf> =
        places.iter().flat_map(|place| expanded(place, &|name| std::env::var(name).ok())).collect();
    // One that fails may still print the version: a launcher does that names the versions which it could start.
    let works =
        |path: &PathBuf| Program::new(path, ["--version"]).output().is_ok_and(|said| fits_version(part, &said).is_ok());
    there.into_iter().find(works).ok_or_else(|| format!("it is in none of {}", places.join(", ")))
}

fn expanded(place: &str, variable: &dyn Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let (first, rest) = place.split_once('/').unwrap_or((place, ""));
    let start: Vec<PathBuf> = match first.strip_prefix('$') {
        Some("PATH") => variable("PATH").iter().flat_map(std::env::split_paths).collect(),
        Some(name) => variable(name).into_iter().filter(|value| !value.is_empty()).map(PathBuf::from).collect(),
        None => vec![PathBuf::from(format!("{first}/"))],
    };
    let found = rest.split('/').fold(start, |folders, name| {
        let matching = |folder: &PathBuf| match name.contains('*') {
            true => place::names(folder)
                .into_iter()
                .filter(|there| fits(name, there))
                .map(|name| folder.join(name))
                .collect(),
            false => vec![folder.join(name)],
        };
        folders.iter().flat_map(matching).collect()
    });
    found.into_iter().filter(|path| path.is_file()).collect()
}

/// Whether a name is what a pattern with stars means.
fn fits(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut last = None;
    for piece in pieces {
        if let Some(piece) = last.replace(piece) {
            match rest.split_once(piece) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, expected) in [
            ("java", "java", true),
            ("java", "javac", false),
            ("3.12.*", "3.12.1", true),
            ("3.12.*", "3.13.0", false),
            ("*-21-*", "java-21-openjdk", true),
            ("*-21-*", "java-17-openjdk", false),
            ("*-21", "java-21-21", true),
            ("*-21", "java-21-22", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn finds_files_through_variables_and_stars() {
        let folder = place::in_target("present").unwrap();
        for name in ["a-1/x", "a-2/x", "b-1/x", "a-3/y"] {
            let file = folder.join(name);
            place::make(file.parent().unwrap()).unwrap();
            place::write(&file, "").unwrap();
        }
        let variable = |name: &str| (name == "HERE").then(|| folder.display().to_string());
        assert_eq!(expanded("$HERE/a-*/x", &variable), [folder.join("a-1/x"), folder.join("a-2/x")]);
        assert!(expanded("$NOWHERE/a-*/x", &variable).is_empty());
        assert_eq!(expanded(&format!("{}/*/y", folder.display()), &variable), [folder.join("a-3/y")]);
        let path = |name: &str| (name == "PATH").then(|| format!("{0}/a-1:{0}/b-1", folder.display()));
        assert_eq!(expanded("$PATH/x", &path), [folder.join("a-1/x"), folder.join("b-1/x")]);
    }
}
