//! The surroundings of one run: temporary folders, environment, server, commands; and the run itself.
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::folder::{Case, Start};
use super::history;
use super::names::Names;
use super::replies::{self, Book, Reply};
use super::server::Server;
use crate::yaml;

/// After this a run counts as hanging, and is killed.
const PATIENCE: Duration = Duration::from_secs(60);
/// The files that a step may write, by the variable that holds their path.
pub(crate) const FILES: [&str; 5] =
    ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_STATE", "GITHUB_PATH"];

/// What a run came to, before names are put in.
pub(crate) struct Observed {
    /// Exit code; none after a signal.
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// What the step wrote, in the order of [`FILES`]; none on a terminal.
    pub(crate) files: Option<Vec<Vec<u8>>>,
    pub(crate) calls: String,
}

/// Everything around a run.
pub(crate) struct World {
    folder: TempDir,
    work: PathBuf,
    names: Names,
    book: Book,
    replies: Vec<Reply>,
    // Held so that it answers until the case is over.
    _server: Server,
}

impl World {
    /// Makes the folders, the history, the commands and the server of a case.
    pub(crate) fn build(case: &Case) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|e| format!("could not make a temporary folder: {e}"))?;
        let at = folder.path();
        let work = at.join("work");
        for name in ["work", "bin", "home", "runner", "temp"] {
            made(fs::create_dir_all(at.join(name)), &at.join(name))?;
        }
        let book = Book::open(&at.join("runner"));
        let server = Server::start(book.clone())?;
        let mut names = Names::default();
        if let Some(text) = &case.history {
            history::build(text, at)?.ids.iter().for_each(|(label, id)| names.add(label, id));
            made(tool("git", &at.join("bin")), &at.join("bin/git"))?;
        }
        for (name, value) in [("work", work.display().to_string()), ("api", server.url())] {
            names.add(name, value);
        }
        names.add("temp", at.join("temp").display().to_string());
        names.add("runner", at.join("runner").display().to_string());
        if let Some(files) = &case.files {
            made(copy_all(files, &work), &work)?;
        }
        let filled = names.fill(&case.replies)?;
        book.prepare(&filled)?;
        let replies = replies::read(&filled)?;
        let world = Self { folder, work, names, book, replies, _server: server };
        world.commands()?;
        Ok(world)
    }

    /// The names of what differs from run to run.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn commands(&self) -> Result<(), String> {
        let runner = std::env::current_exe().map_err(|e| format!("could not find this program: {e}"))?;
        for command in replies::commands(&self.replies) {
            let file = self.at("bin").join(command);
            made(symlink(&runner, &file), &file)?;
        }
        Ok(())
    }

    /// Runs the binary, and complains about calls that the case does not foresee.
    pub(crate) fn play(&self, exe: &Path, case: &Case) -> Result<Observed, String> {
        let mut command = Command::new(exe);
        command.current_dir(&self.work).env_clear();
        command.env("PATH", self.at("bin")).env("HOME", self.at("home"));
        match &case.start {
            Start::Args(args) => {
                let filled: Result<Vec<String>, String> = args.iter().map(|arg| self.names.fill(arg)).collect();
                command.args(filled?);
            }
            Start::With(inputs) => self.step(&mut command, exe, inputs)?,
        }
        if let Some(event) = &case.event {
            let file = self.at("runner/event.json");
            made(fs::write(&file, self.names.fill(event)?), &file)?;
            command.env("GITHUB_EVENT_PATH", file);
        }
        for (name, value) in &case.env {
            command.env(name, self.names.fill(value)?);
        }
        let mut observed = run(command, &self.names.fill(&case.stdin)?)?;
        if let Start::With(_) = case.start {
            let written = |name: &&str| fs::read(self.at("runner").join(name)).unwrap_or_default();
            observed.files = Some(FILES.iter().map(written).collect());
        }
        observed.calls = self.book.calls();
        self.book.problem(&self.replies).map_or(Ok(observed), Err)
    }

    /// The environment of a composite action's step: every declared input, given or by default or empty.
    fn step(&self, command: &mut Command, exe: &Path, inputs: &[(String, String)]) -> Result<(), String> {
        let declared = declared(exe)?;
        if let Some((name, _)) = inputs.iter().find(|(name, _)| !declared.iter().any(|(known, _)| known == name)) {
            return Err(format!("with.yml: the action has no input {name}"));
        }
        for (name, default) in &declared {
            let given = inputs.iter().find(|(given, _)| given == name).map(|(_, value)| value);
            let value = self.names.fill(given.unwrap_or(default))?;
            command.env(format!("INPUT_{}", name.to_uppercase().replace('-', "_")), value);
        }
        command.env("GITHUB_ACTIONS", "true").env("CI", "true").env("GITHUB_API_URL", self.names.fill("@{api}")?);
        command.env("GITHUB_WORKSPACE", &self.work).env("RUNNER_TEMP", self.at("temp"));
        command.env("GITHUB_REPOSITORY", "dataflow/monorepo").env("GITHUB_SERVER_URL", "https://github.com");
        for name in FILES {
            let file = self.at("runner").join(name);
            made(fs::write(&file, ""), &file)?;
            command.env(name, file);
        }
        Ok(())
    }
}

/// The inputs of the action and their defaults, as its generated action.yml says.
fn declared(exe: &Path) -> Result<Vec<(String, String)>, String> {
    let document = yaml::parse(&generated(exe, "--action-yml")?).map_err(|e| format!("--action-yml: {e}"))?;
    let inputs = document.get("inputs").and_then(Value::as_object).cloned().unwrap_or_default();
    let default = |input: &Value| input.get("default").and_then(Value::as_str).unwrap_or_default().to_owned();
    // A case has no job token unless it gives one.
    let plain = |text: String| if text.contains("${{") { String::new() } else { text };
    Ok(inputs.iter().map(|(name, input)| (name.clone(), plain(default(input)))).collect())
}

/// What a binary generates about itself.
pub(crate) fn generated(exe: &Path, flag: &str) -> Result<String, String> {
    let mut command = Command::new(exe);
    command.arg(flag).env_clear();
    let said = run(command, "")?;
    match said.exit {
        Some(0) => Ok(String::from_utf8_lossy(&said.stdout).into_owned()),
        exit => Err(format!("{flag}: exit {exit:?}: {}", String::from_utf8_lossy(&said.stderr))),
    }
}

fn run(mut command: Command, input: &str) -> Result<Observed, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| format!("could not start {:?}: {e}", command.get_program()))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (stdout, stderr, exit) = std::thread::scope(|scope| {
        // A program that does not read its input closes it early.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
        let stdout = scope.spawn(move || drained(stdout));
        let stderr = scope.spawn(move || drained(stderr));
        let exit = wait(&mut child);
        (stdout.join().unwrap_or_default(), stderr.join().unwrap_or_default(), exit)
    });
    Ok(Observed { exit: exit?, stdout, stderr, files: None, calls: String::new() })
}

/// Waits for the end; a process that hangs is killed by its id.
fn wait(child: &mut Child) -> Result<Option<i32>, String> {
    let id = child.id().to_string();
    let (ended, over) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        let hangs = over.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout);
        if hangs {
            drop(Command::new("kill").args(["-9", &id]).status());
        }
        hangs
    });
    let status = child.wait().map_err(|e| format!("could not wait: {e}"));
    drop(ended);
    match watch.join() {
        Ok(true) => Err(format!("it did not end within {} s, and was killed", PATIENCE.as_secs())),
        _ => status.map(|status| status.code()),
    }
}

fn drained(stream: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        let _ = stream.read_to_end(&mut bytes);
    }
    bytes
}

/// Links a real program of this machine.
fn tool(name: &str, folder: &Path) -> std::io::Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    symlink(found.ok_or(std::io::ErrorKind::NotFound)?, folder.join(name))
}

fn copy_all(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (from, to) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if from.is_dir() {
            copy_all(&from, &to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

fn made<T>(result: std::io::Result<T>, path: &Path) -> Result<T, String> {
    result.map_err(|e| format!("could not make {}: {e}", path.display()))
}
