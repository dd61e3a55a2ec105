//! Starting the runner in a world of its own, and what it told.
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use serde_json::Value;
use tempfile::TempDir;
use tests::{cases::history, parts};

/// What a step can call: a shell, coreutils and git; nothing else is on `PATH`.
const PROGRAMS: [&str; 13] =
    ["git", "uname", "env", "cp", "cat", "mktemp", "chmod", "mkdir", "ln", "mv", "rm", "printf", "kill"];

/// A repository, the actions that its workflow uses, and the runner.
pub(crate) struct Runner {
    program: PathBuf,
    folder: TempDir,
    actions: Vec<String>,
    env: Vec<String>,
    ids: Vec<(String, String)>,
    /// Further words for the runner: variables, secrets, an artifact server.
    words: Vec<String>,
    /// Whether steps see this machine's own programs and settings as well, as the tools of other languages need.
    open: bool,
}

/// What happened in a run.
pub(crate) struct Run {
    events: Vec<Value>,
    /// The whole log, for failures.
    pub(crate) log: String,
}

impl Runner {
    /// A world with the repository of a history; none when the runner is not installed.
    pub(crate) fn with(history: &str) -> Option<Self> {
        let mut runner = Self::empty()?;
        runner.ids = history::build(history, runner.folder.path()).unwrap().ids;
        PROGRAMS.iter().for_each(|name| runner.program(name));
        Some(runner)
    }

    /// A world of which only the shell is ours, and whose repository somebody else puts into the folder `work`.
    pub(crate) fn open() -> Option<Self> {
        Some(Self { open: true, ..Self::empty()? })
    }

    fn empty() -> Option<Self> {
        let (program, folder) = (parts::needed("act")?, tempfile::tempdir().unwrap());
        fs::create_dir_all(folder.path().join("bin")).unwrap();
        fs::create_dir_all(folder.path().join("home")).unwrap();
        let (actions, env, ids, words) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let runner = Self { program, folder, actions, env, ids, words, open: false };
        runner.shell();
        Some(runner)
    }

    /// Remembers a commit for payloads.
    pub(crate) fn remember(&mut self, label: &str, id: String) {
        self.ids.push((label.to_owned(), id));
    }

    /// Further words for the runner.
    pub(crate) fn words(&mut self, words: &[&str]) {
        self.words.extend(words.iter().map(|&word| word.to_owned()));
    }

    /// Puts a shell on the steps' `PATH` that lingers when it is done: what a step prints last before it fails the runner
    /// loses in one of ten runs, even of a script of three lines, unless the process lives a little longer.
    fn shell(&self) {
        let (sh, sleep) = (on_path("sh"), on_path("sleep"));
        let text = format!("#!{0}\n{0} \"$@\"\ncode=$?\n{1} 0.1\nexit \"$code\"\n", sh.display(), sleep.display());
        let file = self.folder("bin").join("sh");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A folder of this world.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The id of a commit of the history.
    pub(crate) fn id(&self, label: &str) -> String {
        self.ids.iter().find(|(known, _)| known == label).unwrap().1.clone()
    }

    /// Puts a program of this machine on the steps' `PATH`.
    pub(crate) fn program(&self, name: &str) {
        symlink(on_path(name), self.folder("bin").join(name)).unwrap();
    }

    /// Puts a program on the steps' `PATH` under a name.
    pub(crate) fn link(&self, name: &str, program: &Path) {
        symlink(program, self.folder("bin").join(name)).unwrap();
    }

    /// Has `uses: name` mean a folder of this machine.
    pub(crate) fn action(&mut self, name: &str, folder: &Path) {
        self.actions.push(format!("{name}={}", folder.display()));
    }

    /// Sets a variable for every step.
    pub(crate) fn env(&mut self, name: &str, value: &str) {
        self.env.push(format!("{name}={value}"));
    }

    /// Runs a workflow for an event; `@label` in the payload is a commit's id.
    pub(crate) fn run(&self, event: &str, payload: &str, workflow: &str) -> Run {
        let output = self.command(event, payload, workflow).output().unwrap();
        Run::of(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    }

    /// Begins to run a workflow that somebody will end.
    pub(crate) fn start(&self, event: &str, payload: &str, workflow: &str) -> Running {
        // Not by a pipe: what outlives the runner would hold it open.
        let log = self.folder("log");
        let file = fs::File::create(&log).unwrap();
        let mut command = self.command(event, payload, workflow);
        let child = command.stdout(file.try_clone().unwrap()).stderr(file).spawn().unwrap();
        Running { child, log }
    }

    fn command(&self, event: &str, payload: &str, workflow: &str) -> Command {
        let payload =
            self.ids.iter().fold(payload.to_owned(), |text, (label, id)| text.replace(&format!("@{label}"), id));
        let (event_file, workflow_file) = (self.folder("event.json"), self.folder("workflow.yml"));
        fs::write(&event_file, payload).unwrap();
        fs::write(&workflow_file, workflow).unwrap();
        let mut command = Command::new(&self.program);
        command.args([event, "--platform", "ubuntu-24.04=-self-hosted", "--pull=false", "--json"]);
        command.args(["--no-cache-server", "--use-gitignore=false"]);
        // Jobs beside each other break its map of local repositories, now and then.
        command.args(["--concurrent-jobs", "1"]);
        command.arg("--workflows").arg(&workflow_file).arg("--eventpath").arg(&event_file);
        command.arg("--action-cache-path").arg(self.folder("cache"));
        for action in &self.actions {
            command.args(["--local-repository", action]);
        }
        for variable in &self.env {
            command.args(["--env", variable]);
        }
        command.args(&self.words);
        if self.open {
            let path = std::env::var_os("PATH").unwrap();
            let own = std::iter::once(self.folder("bin")).chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(own).unwrap());
            // What a workflow around this test would say of itself.
            let outer = std::env::vars_os().map(|(name, _)| name).filter(|name| {
                name.to_str().is_some_and(|name| {
                    ["GITHUB_", "RUNNER_", "INPUT_", "ACTIONS_", "CARGO", "RUST"]
                        .iter()
                        .any(|start| name.starts_with(start))
                })
            });
            for name in outer {
                command.env_remove(name);
            }
        } else {
            command.env_clear().env("HOME", self.folder("home")).env("PATH", self.folder("bin"));
        }
        command.current_dir(self.folder("work"));
        command
    }
}

/// Where a program of this machine is.
pub(crate) fn on_path(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

/// A run that is under way.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// What has happened so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Stops the runner where it stands, so that it draws no conclusion from what happens to its steps.
    pub(crate) fn stop(&self) {
        signal("STOP", &self.child.id().to_string());
    }

    /// Ends the runner, as a machine ends that is lost.
    pub(crate) fn kill(mut self) -> Run {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Run::of(self.log())
    }
}

/// Sends a signal to a process.
pub(crate) fn signal(name: &str, process: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), process]).status().unwrap();
    assert!(status.success(), "kill -{name} {process}");
}

impl Run {
    fn of(log: String) -> Self {
        let events = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Self { events, log }
    }

    /// How each job ended, as `name result`, sorted; a skipped job is not there.
    pub(crate) fn jobs(&self) -> Vec<String> {
        let ended = self.events.iter().filter_map(|event| {
            let (job, result) = (event["job"].as_str()?, event["jobResult"].as_str()?);
            Some(format!("{} {result}", unnumbered(job.rsplit('/').next()?.trim())))
        });
        let mut jobs: Vec<String> = ended.collect();
        jobs.sort();
        jobs.dedup();
        jobs
    }

    /// What the steps printed, line by line, without the runner's own messages.
    pub(crate) fn printed(&self) -> Vec<&str> {
        let raw = self.events.iter().filter(|event| event["raw_output"] == true);
        raw.filter_map(|event| event["msg"].as_str()).map(|line| line.trim_end_matches('\n')).collect()
    }

    /// The value of an output as the runner took it from the step with this id.
    pub(crate) fn output(&self, step: &str, name: &str) -> Option<&str> {
        let set = self
            .events
            .iter()
            .rfind(|event| event["command"] == "set-output" && event["name"] == name && event["stepID"][0] == step);
        set.and_then(|event| event["arg"].as_str())
    }

    /// The annotations, as `level: text`.
    pub(crate) fn annotations(&self) -> Vec<String> {
        let level = |event: &Value| {
            event["command"].as_str().filter(|name| ["error", "warning", "notice"].contains(name)).map(str::to_owned)
        };
        self.events.iter().filter_map(|event| Some(format!("{}: {}", level(event)?, event["arg"].as_str()?))).collect()
    }
}

/// A job of a matrix says so by itself; the runner counts them besides.
fn unnumbered(job: &str) -> &str {
    match job.rsplit_once(")-") {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => &job[..=name.len()],
        _ => job,
    }
}
