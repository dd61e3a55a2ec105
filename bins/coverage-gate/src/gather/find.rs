//! Finding report files by path or glob.
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use pathglob::{Glob, Syntax};

/// Folders and files that one search may look at.
const MOST_ENTRIES: usize = 5_000_000;

/// The files that a path or glob names, sorted; a path that exists is itself, whatever its letters.
///
/// Links are not followed, and `.git` is not looked into.
///
/// # Errors
/// What is wrong with the pattern, in words.
pub(crate) fn files(pattern: &str, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let plain = folder.join(pattern);
    if plain.is_file() {
        return Ok(vec![PathBuf::from(pattern)]);
    }
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let glob = Glob::new(pattern, Syntax::Picomatch).map_err(|error| error.to_string())?;
    if glob.is_literal() {
        return Ok(Vec::new());
    }
    // Names are matched as the pattern writes them: below its own first folder, or below the current one.
    let literal = glob.literal_prefix();
    let start = &literal[..literal.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1)];
    let mut found = Vec::new();
    let mut folders = vec![start.to_vec()];
    let mut left = MOST_ENTRIES;
    while let Some(name) = folders.pop() {
        let path = folder.join(std::ffi::OsStr::from_bytes(&name));
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries.flatten() {
            left = left.checked_sub(1).ok_or_else(|| format!("it looks at more than {MOST_ENTRIES} files"))?;
            let full = [name.as_slice(), entry.file_name().as_bytes()].concat();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                if entry.file_name() != ".git" && glob.may_match_below(&full) {
                    folders.push([full.as_slice(), b"/"].concat());
                }
            } else if kind.is_file() && glob.is_match(&full) {
                found.push(PathBuf::from(std::ffi::OsStr::from_bytes(&full)));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_by_path_and_by_glob() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a/coverage.xml", "a/b/coverage.xml", "a/[x].info", ".git/coverage.xml", "c.out"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let check = |pattern: &str, expected: &[&str]| {
            let found = files(pattern, folder.path()).unwrap();
            let found: Vec<String> = found.iter().map(|path| path.display().to_string()).collect();
            assert_eq!(found, expected, "{pattern}");
        };
        check("**/coverage.xml", &["a/b/coverage.xml", "a/coverage.xml"]);
        check("./a/*.xml", &["a/coverage.xml"]);
        check("a/[x].info", &["a/[x].info"]);
        check("c.out", &["c.out"]);
        check("none.xml", &[]);
        check("*/none.xml", &[]);
        let absolute = format!("{}/a/*.xml", folder.path().display());
        check(&absolute, &[&format!("{}/a/coverage.xml", folder.path().display())]);
        assert!(files("a/[", folder.path()).is_err() || files("a/[", folder.path()).unwrap().is_empty());
    }
}
