//! The files of the repository: those that git tracks and new ones that it does not ignore.
use std::path::{Path, PathBuf};
use std::process::Command;

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Path from the root of the repository.
    pub(crate) path: String,
    /// Content; bytes that are not UTF-8 are replaced.
    pub(crate) text: String,
}

impl File {
    /// A file made up by a test.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether it is Rust of ours; fixtures are data, whatever they are called.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs") && !self.path.starts_with("fixtures/")
    }

    /// Whether it is YAML.
    pub(crate) fn is_yaml(&self) -> bool {
        self.path.ends_with(".yml") || self.path.ends_with(".yaml")
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// All files, sorted by path.
pub(crate) fn tracked() -> Vec<File> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let output = Command::new("git").args(args).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let mut paths: Vec<String> = String::from_utf8(output.stdout).unwrap().split('\0').map(str::to_owned).collect();
    paths.sort();
    paths.dedup();
    // A file that was removed and not committed yet is still listed.
    let read = |path: String| Some((std::fs::read(root().join(&path)).ok()?, path));
    let file = |(bytes, path): (Vec<u8>, String)| File { path, text: String::from_utf8_lossy(&bytes).into_owned() };
    let files: Vec<File> = paths.into_iter().filter(|path| !path.is_empty()).filter_map(read).map(file).collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "no evidence: git lists {} files", files.len());
    files
}
