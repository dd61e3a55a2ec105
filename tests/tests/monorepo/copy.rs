//! A copy of the monorepo for one test, and commands that are run in it.
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of ours that outlives a run.
pub(crate) fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("monorepo-kept").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The files that git knows or would add, in a folder that is always the same one: some tools cache by path.
pub(crate) struct Monorepo(PathBuf);

impl Monorepo {
    /// A new copy for the test of that name.
    pub(crate) fn new(test: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("monorepo").join(test);
        drop(fs::remove_dir_all(&root));
        tests::monorepo::copy(&root);
        // Some tools pass over what git ignores, and cargo's folder is ignored: a repository of its own ends that.
        run(Command::new("git").args(["init", "--quiet", "--initial-branch=main"]).current_dir(&root));
        Self(root)
    }

    /// A path in it.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// The text of a file in it.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// A command in one of its folders, with nothing in the environment that changes what a tool does.
    pub(crate) fn command(&self, folder: &str, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.at(folder)).env("NO_COLOR", "1");
        for name in
            ["RUSTFLAGS", "GOFLAGS", "GITHUB_ACTIONS", "FORCE_COLOR", "NODE_OPTIONS", "VIRTUAL_ENV", "DATABASE_URL"]
        {
            command.env_remove(name);
        }
        command
    }

    /// Replaces the one place where a text stands in a file.
    pub(crate) fn mutate(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "{path} does not have {from} once");
        fs::write(self.at(path), text.replace(from, to)).unwrap();
    }
}

/// Runs a command that must succeed, and gives what it printed.
pub(crate) fn run(command: &mut Command) -> String {
    let (well, said) = outcome(command);
    assert!(well, "{command:?} failed:\n{said}");
    said
}

/// Runs a command that must fail, and gives what it printed.
pub(crate) fn fails(command: &mut Command) -> String {
    let (well, said) = outcome(command);
    assert!(!well, "{command:?} did not fail:\n{said}");
    said
}

fn outcome(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap_or_else(|e| panic!("could not start {command:?}: {e}"));
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), said.concat())
}

/// The names of the eight services, as their Deployments are called.
pub(crate) const SERVICES: [&str; 8] =
    ["catalog", "copilot", "frontend", "inventory", "migration-engine", "notifications", "orders", "payments"];

/// The five of them in Kotlin.
pub(crate) const KOTLIN: [&str; 5] = ["catalog", "inventory", "notifications", "orders", "payments"];
