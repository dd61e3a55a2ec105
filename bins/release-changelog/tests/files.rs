//! Files that a run writes: the changelog, once and as a whole; notes that are too long for a release.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output};

use tests::cases::history;

const HISTORY: &str = "commit one on main\n  message \"feat: begin\"\n  write a 1\ntag v1.0.0 at one\n\
                       commit two on main\n  message \"fix: repair\"\ntag v1.1.0 at two\ncommit three on main\n  message \"feat: more\"\n";

fn run(work: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_release-changelog"));
    command.args(args).current_dir(work).env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", work);
    command.output().unwrap()
}

fn check(work: &Path, args: &[&str], exit: i32) -> String {
    let output = run(work, args);
    assert_eq!(output.status.code(), Some(exit), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_changelog_grows_release_by_release_and_twice_is_once() {
    let folder = tempfile::tempdir().unwrap();
    let work = history::build(HISTORY, folder.path()).unwrap().work;
    let file = work.join("CHANGELOG.md");
    let add = |tag: &str| drop(check(&work, &["--to", tag, "--changelog-file", "CHANGELOG.md"], 0));
    add("v1.0.0");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    add("v1.1.0");
    let both = fs::read_to_string(&file).unwrap();
    assert!(both.find("## 1.1.0").unwrap() < both.find("## 1.0.0").unwrap(), "{both}");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    let inode = fs::metadata(&file).unwrap().ino();
    add("v1.1.0");
    assert_eq!(fs::read_to_string(&file).unwrap(), both);
    assert_eq!(fs::metadata(&file).unwrap().ino(), inode, "what is the same is not written");
    add("v1.0.0");
    assert_eq!(fs::read_to_string(&file).unwrap(), both);
    check(&work, &["--all", "--to", "v1.1.0", "--changelog-file", "whole.md"], 0);
    assert_eq!(fs::read_to_string(work.join("whole.md")).unwrap(), both);
}

#[test]
fn a_link_leads_on_to_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let work = history::build(HISTORY, folder.path()).unwrap().work;
    fs::create_dir(work.join("docs")).unwrap();
    fs::write(work.join("docs/changes.md"), "# Changes\n").unwrap();
    symlink("docs/changes.md", work.join("CHANGELOG.md")).unwrap();
    check(&work, &["--to", "v1.1.0", "--changelog-file", "CHANGELOG.md"], 0);
    assert!(fs::symlink_metadata(work.join("CHANGELOG.md")).unwrap().is_symlink());
    assert!(fs::read_to_string(work.join("docs/changes.md")).unwrap().starts_with("# Changes\n\n## 1.1.0 - "));
}

#[test]
fn a_refused_changelog_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let work = history::build(HISTORY, folder.path()).unwrap().work;
    for text in ["## 1.1.0\n\n## v1.1.0\n", "# C\n\n```\n"] {
        fs::write(work.join("C.md"), text).unwrap();
        check(&work, &["--to", "v1.1.0", "--changelog-file", "C.md"], 2);
        assert_eq!(fs::read_to_string(work.join("C.md")).unwrap(), text);
    }
    let left: Vec<_> = fs::read_dir(&work).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| ["a", "C.md", ".git"].contains(&name.to_str().unwrap())), "{left:?}");
}

#[test]
fn a_release_below_the_ledger_writes_no_changelog() {
    let folder = tempfile::tempdir().unwrap();
    let history = HISTORY.replace("fix: repair", "fix!: repair");
    let work = history::build(&history, folder.path()).unwrap().work;
    check(&work, &["--to", "v1.1.0", "--require-bump", "--changelog-file", "C.md"], 1);
    assert!(!work.join("C.md").exists());
}

/// A history of so many fixes with subjects of 150 bytes, and one breaking note of so many bytes.
fn long(fixes: usize, note: usize) -> String {
    let mut text = HISTORY.to_owned();
    for at in 0..fixes {
        text += &format!("commit fix{at} on main\n  message \"fix: {}\"\n", "x".repeat(145));
    }
    text + &format!(
        "commit last on main\n  message \"feat!: y\\n\\nBREAKING CHANGE: {}\"\ntag v2.0.0 at last\n",
        "z ".repeat(note / 2)
    )
}

#[test]
fn what_is_too_long_is_shortened_by_stages_and_what_breaks_stays() {
    let folder = tempfile::tempdir().unwrap();
    let work = history::build(&long(900, 1000), folder.path()).unwrap().work;
    let output = run(&work, &["check", "--to", "v2.0.0"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.len() > 125_000, "what is printed is whole");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("a release would have a shorter text"), "{said}");
}

#[test]
fn what_breaks_and_does_not_fit_is_said_before_anything_is_public() {
    let folder = tempfile::tempdir().unwrap();
    let work = history::build(&long(3, 130_000), folder.path()).unwrap().work;
    let output = run(&work, &["check", "--to", "v2.0.0"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("what breaks alone has more than the 124000"), "{said}");
}
