//! Copies of `fixtures/monorepo`.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files below a folder of this repository that git knows or would add, by their paths from its root.
///
/// # Panics
/// Where git does not list them, or lists none.
#[must_use]
pub fn tracked(folder: &str) -> Vec<PathBuf> {
    let words = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", folder];
    let output = Command::new("git").args(words).current_dir(root()).output().expect("git runs");
    let names = String::from_utf8(output.stdout).expect("names of ours are text");
    let there = |name: &&str| !name.is_empty() && root().join(name).is_file();
    let files: Vec<PathBuf> = names.split('\0').filter(there).map(PathBuf::from).collect();
    assert!(!files.is_empty(), "no evidence: git lists nothing in {folder}");
    files
}

/// Copies the monorepo into a folder, which is made.
///
/// # Panics
/// Where a file cannot be copied, or hardly any is there.
pub fn copy(target: &Path) {
    let files = tracked("fixtures/monorepo");
    assert!(files.len() > 100, "no evidence: git lists {} files", files.len());
    for file in files {
        let copied = target.join(file.strip_prefix("fixtures/monorepo").unwrap_or(&file));
        fs::create_dir_all(copied.parent().unwrap_or(target)).expect("a folder can be made");
        fs::copy(root().join(&file), copied).expect("a file can be copied");
    }
}

/// The root of this repository.
#[must_use]
pub fn root() -> &'static Path {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.parent().unwrap_or(folder)
}
