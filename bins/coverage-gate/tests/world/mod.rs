//! A repository of a test, the binary that runs in it, and what it came to.
#![allow(dead_code, reason = "each test target takes what it needs")]
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The thresholds of the cases.
pub(crate) const USUAL: [&str; 6] = ["--threshold-all", "0.70", "--threshold-new", "0.80", "--threshold-patch", "0.80"];

/// A repository in a folder of its own.
pub(crate) struct World {
    folder: TempDir,
    ids: Vec<(String, String)>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    /// The repository of a history.
    pub(crate) fn new(history: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let built = tests::cases::history::build(history, folder.path()).unwrap();
        fs::create_dir_all(folder.path().join("home")).unwrap();
        Self { folder, ids: built.ids }
    }

    /// `f.py` with four lines, and a fifth in the commit `change`.
    pub(crate) fn small() -> Self {
        Self::new(
            "commit base on main\n  write f.py \"a = 1\\nb = 2\\nc = 3\\nd = 4\\n\"\n\
             commit change on main\n  write f.py \"a = 1\\nb = 2\\nc = 3\\nd = 4\\ne = 5\\n\"\n",
        )
    }

    /// The work tree.
    pub(crate) fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// A place beside the work tree.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The id of a commit.
    pub(crate) fn id(&self, label: &str) -> String {
        self.ids.iter().find(|(known, _)| known == label).unwrap().1.clone()
    }

    /// Writes a file of the work tree.
    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.work().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Runs git in the work tree.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let out = self.command("git").args(args).output().unwrap();
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap().trim().to_owned()
    }

    /// A command in the work tree with next to no environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.work()).env_clear().env("HOME", self.beside("home"));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("GIT_AUTHOR_NAME", "t").env("GIT_AUTHOR_EMAIL", "t@example.com");
        command.env("GIT_COMMITTER_NAME", "t").env("GIT_COMMITTER_EMAIL", "t@example.com");
        command.stdin(Stdio::null());
        command
    }

    /// The binary with `--base base --format json`, the usual thresholds and these arguments.
    pub(crate) fn gate(&self, args: &[&str]) -> Ran {
        let base = self.id("base");
        let usual = ["--base", &base, "--format", "json"].into_iter().chain(USUAL).chain(args.iter().copied());
        self.bare(&usual.collect::<Vec<_>>())
    }

    /// The binary with these arguments alone.
    pub(crate) fn bare(&self, args: &[&str]) -> Ran {
        ran(self.command(exe()).args(args))
    }

    /// As [`World::gate`], in a process that may have so many MiB of memory of its own.
    pub(crate) fn gate_within(&self, mebibytes: u32, args: &[&str]) -> Ran {
        let base = self.id("base");
        let limit = format!("ulimit -d {} && exec \"$@\"", mebibytes * 1024);
        let mut command = self.command("sh");
        command
            .args(["-c", &limit, "sh"])
            .arg(exe())
            .args(["--base", &base, "--format", "json"])
            .args(USUAL)
            .args(args);
        ran(&mut command)
    }
}

/// A run as the step of an action.
pub(crate) struct Step<'a> {
    world: &'a World,
    command: Command,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stepped {
    pub(crate) ran: Ran,
    pub(crate) outputs: String,
    pub(crate) summary: String,
}

impl<'a> Step<'a> {
    /// A step of `dataflow/monorepo` with these inputs.
    pub(crate) fn new(world: &'a World, inputs: &[(&str, &str)]) -> Self {
        let mut command = world.command(exe());
        command.env("GITHUB_ACTIONS", "true").env("CI", "true").env("GITHUB_WORKSPACE", world.work());
        command.env("GITHUB_REPOSITORY", "dataflow/monorepo").env("GITHUB_SERVER_URL", "https://github.com");
        command.env("GITHUB_RUN_ID", "42").env("RUNNER_TEMP", world.beside("home"));
        for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
            fs::write(world.beside(name), "").unwrap();
            command.env(name, world.beside(name));
        }
        for (name, value) in inputs {
            command.env(format!("INPUT_{}", name.to_uppercase().replace('-', "_")), value);
        }
        Self { world, command }
    }

    /// With another variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// With the payload of an event.
    pub(crate) fn event(self, name: &str, payload: &Value) -> Self {
        let file = self.world.beside("event.json");
        fs::write(&file, payload.to_string()).unwrap();
        self.env("GITHUB_EVENT_NAME", name).env("GITHUB_EVENT_PATH", &file)
    }

    /// As a subcommand.
    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.command.args(args);
        self
    }

    /// Runs.
    pub(crate) fn run(mut self) -> Stepped {
        let ran = ran(&mut self.command);
        let text = |name: &str| fs::read_to_string(self.world.beside(name)).unwrap();
        Stepped { ran, outputs: text("GITHUB_OUTPUT"), summary: text("GITHUB_STEP_SUMMARY") }
    }
}

impl Stepped {
    /// The record, from the outputs.
    pub(crate) fn record(&self) -> Value {
        let records = action::oracle::output(self.outputs.as_bytes()).unwrap();
        let (_, text) = records.iter().find(|(name, _)| name == "record").unwrap();
        serde_json::from_str(text).unwrap()
    }

    /// The annotations: level and what it says, title first.
    pub(crate) fn annotations(&self) -> Vec<(String, String)> {
        let log = action::oracle::log(self.ran.stdout.as_bytes());
        let levels = ["error", "warning", "notice"];
        let commands = log.commands.iter().filter(|command| levels.contains(&command.name.as_str()));
        let title = |command: &action::oracle::Command| {
            let title = command.properties.iter().find(|(name, _)| *name == "title");
            title.map(|(_, title)| title.clone()).unwrap_or_default()
        };
        commands.map(|command| (command.name.clone(), format!("{}: {}", title(command), command.data))).collect()
    }
}

/// The binary: that of `$DATAFLOW_TREES`, as users get it, or the one that was built with this test.
pub(crate) fn exe() -> PathBuf {
    let built = || PathBuf::from(env!("CARGO_BIN_EXE_coverage-gate"));
    let Some(trees) = std::env::var_os("DATAFLOW_TREES") else { return built() };
    let folder = if cfg!(target_arch = "aarch64") { "linux-aarch64" } else { "linux-x86_64" };
    let shipped = Path::new(&trees).join("coverage-gate/bin").join(folder).join("coverage-gate");
    if shipped.is_file() { shipped } else { built() }
}

/// Runs a command to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let out = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { exit: out.status.code(), stdout: text(&out.stdout), stderr: text(&out.stderr) }
}

impl Ran {
    /// The record.
    pub(crate) fn record(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// `all-below fail f.py:3` of every reason, in order.
    pub(crate) fn reasons(&self) -> Vec<String> {
        lines(&self.record()["reasons"])
    }

    /// The same of every note.
    pub(crate) fn notes(&self) -> Vec<String> {
        lines(&self.record()["notes"])
    }

    /// Whether exit code and first reason are these.
    #[track_caller]
    pub(crate) fn is(&self, exit: i32, code: &str) -> &Self {
        assert_eq!(self.exit, Some(exit), "{} {}", self.stdout, self.stderr);
        let record = self.record();
        let found = record["reasons"][0]["code"].as_str().unwrap_or_default();
        assert_eq!(found, code, "{} {}", self.stdout, self.stderr);
        self
    }

    /// Whether a text is in what was printed.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text) || self.stderr.contains(text), "no `{text}` in {self:?}");
        self
    }
}

fn lines(list: &Value) -> Vec<String> {
    let one = |reason: &Value| {
        let text = |name: &str| reason[name].as_str().unwrap_or("-").to_owned();
        let line = reason["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
        format!("{} {} {}{line}", text("code"), text("verdict"), text("file"))
    };
    list.as_array().unwrap().iter().map(one).collect()
}

/// An LCOV report: each file with its lines and their hits.
pub(crate) fn lcov(files: &[(&str, &[(u32, u32)])]) -> String {
    let line = |(line, hits): &(u32, u32)| format!("DA:{line},{hits}\n");
    let file = |(name, lines): &(&str, &[(u32, u32)])| {
        format!("SF:{name}\n{}end_of_record\n", lines.iter().map(line).collect::<String>())
    };
    files.iter().map(file).collect()
}

/// A Cobertura report of one class, whose lines are given as they stand there.
pub(crate) fn cobertura(name: &str, lines: &str) -> String {
    format!(
        "<?xml version=\"1.0\" ?>\n<coverage>\n<packages><package name=\".\"><classes>\n\
         <class name=\"c\" filename=\"{name}\">\n<lines>\n{lines}</lines>\n</class>\n\
         </classes></package></packages>\n</coverage>\n"
    )
}

/// Lines of a Cobertura class from 1 on: a hit one for each `1`, a missed one for each `0`.
pub(crate) fn hits(pattern: &str) -> String {
    let line = |(number, hit): (usize, char)| format!("<line number=\"{}\" hits=\"{hit}\"/>\n", number + 1);
    pattern.chars().enumerate().map(line).collect()
}

/// A path as an argument.
pub(crate) fn arg(path: &Path) -> String {
    OsString::from(path).into_string().unwrap()
}
