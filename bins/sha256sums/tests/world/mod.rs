//! A folder as the table of GNU's behaviours describes it, and programs run in it.
#![allow(dead_code, reason = "each test file uses a part of it")]
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// One letter of the table is one byte.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

/// The other way round.
pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// A file of the fixtures of this binary.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sha256sums").join(name)
}

/// The machine's own program, where it is the one whose behaviours the table holds.
pub(crate) fn gnu() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let program = std::env::split_paths(&path).map(|folder| folder.join("sha256sum")).find(|file| file.is_file())?;
    let said = Command::new(&program).arg("--version").output().ok()?.stdout;
    said.starts_with(b"sha256sum (GNU coreutils) 9.1\n").then_some(program)
}

/// Says that a test had nothing to compare with; `cargo xtask test` counts it as skipped.
pub(crate) fn not_run(why: &str) {
    // Not by a macro: those are captured, and nobody would see that a test did not run.
    let _ = writeln!(std::io::stderr(), "\nnot run: {why}");
}

/// The same where GNU's program is missing.
pub(crate) fn without_gnu() {
    not_run("sha256sum of GNU coreutils 9.1 is not on PATH");
}

/// A program that answers as ours does, or as ours does behind `--gnu`.
pub(crate) fn ours(gnu: bool) -> (PathBuf, Vec<OsString>) {
    let first = if gnu { vec![OsString::from("--gnu")] } else { Vec::new() };
    (PathBuf::from(env!("CARGO_BIN_EXE_sha256sums")), first)
}

/// How a program is run.
pub(crate) struct Call<'a> {
    pub(crate) args: Vec<OsString>,
    pub(crate) folder: &'a Path,
    pub(crate) stdin: Vec<u8>,
    /// Whether the disk that it prints to is full.
    pub(crate) full: bool,
}

/// Runs a program in the C locale.
pub(crate) fn run((program, first): &(PathBuf, Vec<OsString>), call: &Call<'_>) -> Ran {
    let mut command = Command::new(program);
    // GNU's program begins its messages with the name that it was called by.
    command.arg0("sha256sum").args(first).args(&call.args).current_dir(call.folder).env_clear().env("LC_ALL", "C");
    let out = if call.full { Stdio::from(File::create("/dev/full").unwrap()) } else { Stdio::piped() };
    command.stdin(Stdio::piped()).stdout(out).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = call.stdin.clone();
    let writer = std::thread::spawn(move || {
        // Who does not read its input closes it early.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Ran { exit: output.status.code().unwrap(), stdout: output.stdout, stderr: output.stderr }
}

/// Makes the files, links and folders of the table below `work`.
pub(crate) fn build(table: &Value, work: &Path) {
    let at = |name: &str| work.join(OsStr::from_bytes(&bytes(name)));
    let here = text(work.as_os_str().as_bytes());
    fs::create_dir_all(work).unwrap();
    for (name, content) in table["files"].as_object().unwrap() {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::write(at(name), bytes(&content.as_str().unwrap().replace("@{work}", &here))).unwrap();
    }
    for (name, target) in table["links"].as_object().unwrap() {
        std::os::unix::fs::symlink(target.as_str().unwrap(), at(name)).unwrap();
    }
    for name in table["folders"].as_array().unwrap() {
        fs::create_dir_all(at(name.as_str().unwrap())).unwrap();
    }
}

/// The call of a row.
pub(crate) fn call<'a>(row: &Value, folder: &'a Path) -> Call<'a> {
    let args = row["args"].as_array().unwrap().iter();
    Call {
        args: args.map(|arg| OsString::from_vec(bytes(arg.as_str().unwrap()))).collect(),
        folder,
        stdin: bytes(row["stdin"].as_str().unwrap_or_default()),
        full: row["full"] == true,
    }
}
