//! A release in a folder of its own, what is done to it, and what the binary says of it.
#![allow(dead_code, reason = "each test target takes what it needs")]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with the files of a case, and the case's arguments.
pub(crate) struct World {
    folder: TempDir,
    pub(crate) args: Vec<String>,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: Option<i32>,
    pub(crate) stderr: String,
    pub(crate) record: Value,
}

pub(crate) const CONDA: &str = "verifies-a-conda-package";
pub(crate) const NPM: &str = "verifies-an-npm-package";
pub(crate) const WHEEL: &str = "verifies-a-wheel";

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/release-verify")
}

impl World {
    /// The release of a case.
    pub(crate) fn of(case: &str) -> Self {
        let world = Self::empty();
        let from = fixtures().join(case);
        let args = fs::read_to_string(from.join("args")).unwrap();
        copy(&from.join("files"), world.root());
        Self { args: args.lines().map(str::to_owned).collect(), ..world }
    }

    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("dist")).unwrap();
        Self { folder, args: Vec::new() }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the release.
    pub(crate) fn asset(&self, name: &str) -> PathBuf {
        self.root().join("dist").join(name)
    }

    /// The only bundle.
    pub(crate) fn bundle(&self) -> PathBuf {
        let names = fs::read_dir(self.root().join("dist")).unwrap().map(|entry| entry.unwrap().path());
        let mut found = names.filter(|path| path.to_string_lossy().contains(".sigstore"));
        let bundle = found.next().unwrap();
        assert!(found.next().is_none());
        bundle
    }

    /// Changes the bundle.
    pub(crate) fn edit(&self, change: impl FnOnce(&mut Value)) {
        let path = self.bundle();
        let mut bundle = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut bundle);
        fs::write(path, bundle.to_string()).unwrap();
    }

    /// Sets an argument, in the place of what it was.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.drop_arg(name);
        self.args.extend([name.to_owned(), value.to_owned()]);
    }

    pub(crate) fn drop_arg(&mut self, name: &str) {
        while let Some(at) = self.args.iter().position(|arg| arg == name) {
            self.args.drain(at..at + 2);
        }
    }

    /// Runs the binary.
    pub(crate) fn run(&self) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_release-verify"));
        command.current_dir(self.root()).env_clear().stdin(Stdio::null());
        let out = command.args(&self.args).args(["--format", "json"]).output().unwrap();
        let stderr = String::from_utf8(out.stderr).unwrap();
        let record = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
        Ran { exit: out.status.code(), stderr, record }
    }
}

impl Ran {
    /// `link code: message | hint` of every finding.
    pub(crate) fn findings(&self) -> Vec<String> {
        let steps = self.record["chain"].as_array().into_iter().flatten();
        let findings = steps.flat_map(|step| {
            let one = |finding: &Value| {
                let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
                format!("{} {}: {} | {}", step["link"].as_str().unwrap(), text("code"), text("message"), text("hint"))
            };
            step["findings"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
        });
        findings.collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Flips the lowest bit of one byte of a base64 field.
pub(crate) fn flip(field: &mut Value, at: usize) {
    rewrite(field, |bytes| {
        let length = bytes.len();
        bytes[at % length] ^= 1;
    });
}

/// Changes what a base64 field holds.
pub(crate) fn rewrite(field: &mut Value, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = BASE64_STANDARD.decode(field.as_str().expect("a base64 field")).unwrap();
    change(&mut bytes);
    *field = Value::from(BASE64_STANDARD.encode(bytes));
}

/// Replaces text in what a base64 field holds.
pub(crate) fn replace(field: &mut Value, from: &str, to: &str) {
    rewrite(field, |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        *bytes = text.replace(from, to).into_bytes();
    });
}
