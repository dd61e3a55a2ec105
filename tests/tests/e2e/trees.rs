//! The trees of the actions, and a spy in them that keeps what a step wrote.
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The tree of a tool: below `$DATAFLOW_TREES`, or built now.
pub(crate) fn tree(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let trees = std::env::var_os("DATAFLOW_TREES").map_or_else(|| BUILT.get_or_init(build).clone(), PathBuf::from);
    let tree = trees.join(name);
    assert!(tree.join("bin").is_dir(), "there is no tree in {}; `cargo xtask dist --host` builds it", tree.display());
    tree
}

fn build() -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trees");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let args = ["run", "--quiet", "--package", "xtask", "--", "dist", "--host", "--debug", "--out"];
    let status = Command::new(cargo).args(args).arg(&out).status().unwrap();
    assert!(status.success(), "cargo xtask dist");
    out
}

/// Copies a tree and puts a spy in front of its launcher: what the step writes is kept in `notes`, for the oracle.
///
/// The local runner is no oracle: it takes files that GitHub's refuses.
pub(crate) fn spied(tree: &Path, copy: &Path, notes: &Path) {
    copy_all(tree, copy);
    fs::create_dir_all(notes).unwrap();
    fs::rename(copy.join("run"), copy.join("run.launcher")).unwrap();
    let spy = format!(
        "#!/bin/sh\nstatus=0\nsh \"${{0%/*}}/run.launcher\" \"$@\" || status=$?\n\
         cp \"$GITHUB_OUTPUT\" '{notes}/output'\ncp \"$GITHUB_STEP_SUMMARY\" '{notes}/summary'\nexit $status\n",
        notes = notes.display()
    );
    fs::write(copy.join("run"), spy).unwrap();
    fs::set_permissions(copy.join("run"), fs::Permissions::from_mode(0o755)).unwrap();
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
