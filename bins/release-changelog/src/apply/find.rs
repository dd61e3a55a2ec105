//! Files of a release found by path or glob; what cannot be looked into is a failure, never a shorter list.
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use action::{Failure, OrFail as _};
use pathglob::{Glob, Syntax};

/// Folders and files that one search may look at.
const MOST_ENTRIES: usize = 1_000_000;

/// The files that a path or glob names, sorted, at least one; a path that exists is itself, whatever its letters.
///
/// A link that a glob meets is neither followed nor left out: it is a failure. And `.git` is not looked into.
pub(crate) fn files(pattern: &str, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let doing = || format!("find the assets {pattern}");
    let plain = folder.join(pattern);
    if plain.is_file() {
        return Ok(vec![plain]);
    }
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let glob = Glob::new(pattern, Syntax::Picomatch).map_err(|error| Failure::inputs(doing(), error.to_string()))?;
    let literal = glob.literal_prefix();
    let start = &literal[..literal.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1)];
    let start_path = folder.join(std::ffi::OsStr::from_bytes(start));
    let mut found = Vec::new();
    let mut folders = if start_path.is_dir() { vec![start.to_vec()] } else { Vec::new() };
    let mut left = MOST_ENTRIES;
    while let Some(name) = folders.pop() {
        let path = folder.join(std::ffi::OsStr::from_bytes(&name));
        for entry in fs::read_dir(&path).or_fail(doing)? {
            let entry = entry.or_fail(doing)?;
            let many = || Failure::inputs(doing(), format!("it looks at more than {MOST_ENTRIES} files"));
            left = left.checked_sub(1).ok_or_else(many)?;
            let full = [name.as_slice(), entry.file_name().as_bytes()].concat();
            let kind = entry.file_type().or_fail(doing)?;
            if kind.is_dir() {
                if entry.file_name() != ".git" && glob.may_match_below(&full) {
                    folders.push([full.as_slice(), b"/"].concat());
                }
            } else if kind.is_symlink() && glob.is_match(&full) {
                let link = folder.join(std::ffi::OsStr::from_bytes(&full));
                let hint = "name what it leads to, or copy that";
                return Err(Failure::inputs(doing(), format!("{} is a link", link.display())).hint(hint));
            } else if kind.is_file() && glob.is_match(&full) {
                found.push(folder.join(std::ffi::OsStr::from_bytes(&full)));
            }
        }
    }
    if found.is_empty() {
        let hint = "build them first, or correct the input `assets`; each of its lines has to name a file at least";
        return Err(Failure::inputs(doing(), "there is no such file").hint(hint));
    }
    found.sort_unstable();
    Ok(found)
}
