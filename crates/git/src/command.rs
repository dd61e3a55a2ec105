//! Running the `git` command so that nothing in the repository can make it run anything else.

use std::ffi::{OsStr, OsString};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::Error;

/// Set in the environment of hooks and aliases, these would point git at another repository or change its answers.
const FOREIGN: [&str; 24] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ATTR_SOURCE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DEFAULT_HASH",
    "GIT_DIFF_OPTS",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REF_PARANOIA",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Settings of the repository that name programs, made harmless for every call.
const HARMLESS: [&str; 5] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.alternateRefsCommand=",
    "gc.auto=0",
    "maintenance.auto=false",
];

/// Further settings and variables with which git asks no helper and no person for a password, and goes to no server
/// but by HTTP: for reading, when a partial clone lacks an object.
const NO_HELPER: [&str; 3] = ["credential.helper=", "core.askPass=", "credential.interactive=false"];

/// A call of git that is being put together.
pub(crate) struct Git {
    command: Result<Command, Error>,
    /// The arguments as they are told in a failure.
    told: Vec<OsString>,
    /// Settings handed over in the environment, where no process list shows them.
    hidden: Vec<(OsString, OsString)>,
}

impl Git {
    /// A call that reads the repository at `git_dir`; it may fetch what a partial clone lacks, over HTTP only.
    pub(crate) fn reading(git_dir: &Path, work_tree: Option<&Path>) -> Self {
        let mut git = Self::new(git_dir, work_tree);
        git.configure(NO_HELPER);
        git.env("GIT_ALLOW_PROTOCOL", "https:http").env("GIT_ASKPASS", "").env("SSH_ASKPASS", "")
    }

    /// A call that may talk to the repository's remotes in the way that the repository is set up for.
    pub(crate) fn fetching(git_dir: &Path, work_tree: Option<&Path>) -> Self {
        let mut git = Self::new(git_dir, work_tree);
        git.configure(["protocol.ext.allow=never", "fetch.recurseSubmodules=false", "fetch.writeCommitGraph=false"]);
        git
    }

    fn new(git_dir: &Path, work_tree: Option<&Path>) -> Self {
        let command = find_git().map(|path| {
            let mut command = Command::new(path);
            command.current_dir(work_tree.unwrap_or(git_dir));
            command
        });
        let mut git = Self { command, told: Vec::new(), hidden: Vec::new() };
        git.configure(HARMLESS);
        for folder in [Some(git_dir), work_tree].into_iter().flatten() {
            let mut setting = OsString::from("safe.directory=");
            setting.push(folder);
            git.configure([&setting]);
        }
        for name in FOREIGN {
            git.with(|command| command.env_remove(name));
        }
        // A repository that is named outright is not checked for its owner, by any version of git.
        let git = git.env("GIT_DIR", git_dir).env("GIT_OPTIONAL_LOCKS", "0").env("GIT_LITERAL_PATHSPECS", "1");
        let git = git.env("GIT_TERMINAL_PROMPT", "0").env("GIT_PAGER", "cat").env("LC_ALL", "C");
        match work_tree {
            Some(folder) => git.env("GIT_WORK_TREE", folder),
            None => git,
        }
    }

    fn with(&mut self, change: impl FnOnce(&mut Command) -> &mut Command) {
        if let Ok(command) = &mut self.command {
            change(command);
        }
    }

    fn configure<S: AsRef<OsStr>>(&mut self, settings: impl IntoIterator<Item = S>) {
        for setting in settings {
            self.with(|command| command.arg("-c").arg(setting.as_ref()));
        }
    }

    /// Sets `key=value`; before any argument.
    pub(crate) fn set(mut self, setting: &str) -> Self {
        self.configure([setting]);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.with(|command| command.env(name, value));
        self
    }

    /// Without any fetching of missing objects.
    pub(crate) fn offline(self) -> Self {
        self.env("GIT_ALLOW_PROTOCOL", "none").env("GIT_NO_LAZY_FETCH", "1")
    }

    /// Sets `key` by the environment.
    pub(crate) fn hide(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.hidden.push((key.into(), value.into()));
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        for arg in args {
            self.told.push(arg.as_ref().to_owned());
            self.with(|command| command.arg(arg.as_ref()));
        }
        self
    }

    /// The finished command, and how it is told in a failure.
    pub(crate) fn finish(self) -> Result<(Command, String), Error> {
        let mut command = self.command?;
        // Settings that came the same way stay in force; ours follow them.
        let known = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
        for (at, (key, value)) in self.hidden.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{}", known + at), key);
            command.env(format!("GIT_CONFIG_VALUE_{}", known + at), value);
        }
        if !self.hidden.is_empty() {
            command.env("GIT_CONFIG_COUNT", (known + self.hidden.len()).to_string());
        }
        let told: Vec<String> = self.told.iter().map(|arg| arg.as_bytes().escape_ascii().to_string()).collect();
        Ok((command, format!("run git {}", told.join(" "))))
    }

    /// What it prints; a failure when it fails.
    pub(crate) fn output(self) -> Result<Vec<u8>, Error> {
        let (mut command, what) = self.finish()?;
        let output = command.stdin(Stdio::null()).output().map_err(|error| Error::new(&what, error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Error::new(what, said(&output.stderr, output.status)))
    }

    /// Whether it runs and succeeds.
    pub(crate) fn succeeds(self) -> bool {
        self.output().is_ok()
    }

    /// Runs it, writing its input by `feed` while `read` makes something of its output in another thread.
    ///
    /// When it fails, what it said comes before what `read` makes of its end; when `read` fails, it is not heard out.
    pub(crate) fn through<T: Send>(
        self,
        feed: impl FnOnce(ChildStdin) -> std::io::Result<()>,
        read: impl FnOnce(ChildStdout) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let (mut command, what) = self.finish()?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| Error::new(&what, error))?;
        let ends = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(stderr)) = ends else {
            return Err(Error::new(what, "it has no input or output"));
        };
        let (fed, read, text) = std::thread::scope(|scope| {
            let listener = scope.spawn(|| beginning(stderr));
            let reader = scope.spawn(|| read(output));
            let fed = feed(input);
            (fed, joined(reader), joined(listener))
        });
        let status = child.wait().map_err(|error| Error::new(&what, error))?;
        match (read, fed) {
            (read, Ok(())) if status.success() => read,
            (Ok(_), Err(error)) if status.success() => Err(Error::new(what, error)),
            (Err(error), _) if status.success() || status.signal() == Some(BROKEN_PIPE) => Err(error),
            _ => Err(Error::new(what, said(&text, status))),
        }
    }

    /// Starts it for a conversation over its input and output.
    pub(crate) fn converse(self) -> Result<(Child, ChildStdin, ChildStdout), Error> {
        let (mut command, what) = self.finish()?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| Error::new(&what, error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok((child, input, output)),
            _ => Err(Error::new(what, "it has no input or output")),
        }
    }
}

/// The signal of a program that writes where nobody reads any more.
const BROKEN_PIPE: i32 = 13;

/// As much of what git says as is told.
const MOST_SAID: usize = 2000;

/// Reads all that git says and keeps the beginning, so that it never waits for a listener.
fn beginning(stderr: std::process::ChildStderr) -> Vec<u8> {
    let mut text = Vec::new();
    let mut start = stderr.take(MOST_SAID as u64);
    // What cannot be read is not there to be told.
    let _ = start.read_to_end(&mut text);
    let _ = std::io::copy(&mut start.into_inner(), &mut std::io::sink());
    text
}

/// What a thread has made; a panic in it goes on here.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What git said when it failed, on one line and not endlessly.
pub(crate) fn said(stderr: &[u8], status: std::process::ExitStatus) -> String {
    let text = String::from_utf8_lossy(&stderr[..stderr.len().min(MOST_SAID)]);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { status.to_string() } else { lines.join("; ") }
}

/// The `git` of an absolute folder in `PATH`: never one that lies in the repository or the current folder.
fn find_git() -> Result<PathBuf, Error> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join("git"))
        .find(|path| path.is_file())
        .ok_or_else(|| Error::new("run git", "there is no git command in PATH"))
}
