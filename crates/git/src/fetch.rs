//! Getting missing history from a remote, by the `git` command.

use std::io::Read as _;
use std::process::Stdio;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use crate::command::{Git, said};
use crate::{Error, Repository};

/// How far back the fetched history goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// As far as the clone is: nothing is deepened.
    Keep,
    /// This many commits from each fetched tip (at least 1).
    To(u32),
    /// This many commits more than there are now.
    Deepen(u32),
    /// All of it; no error when the clone is complete already.
    Full,
}

/// Which objects stay behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// File contents stay behind; commits and trees come (enough for any diff of names).
    Blobs,
    /// File contents and trees stay behind; only commits and tags come (enough for merge bases and logs).
    Trees,
}

/// A secret header for one server; it reaches git through its environment, never through a command line.
#[derive(Clone)]
pub struct Credentials {
    /// Where it may be sent, for example `https://github.com/`.
    pub server: String,
    /// The header, for example `AUTHORIZATION: basic …`.
    pub header: String,
}

/// One call of `git fetch`.
#[derive(Clone)]
pub struct FetchRequest {
    /// Name or URL of the remote.
    pub remote: String,
    /// What to ask for: full ids, refs or refspecs (`+refs/heads/main:refs/remotes/origin/main`).
    pub wants: Vec<String>,
    /// How far back.
    pub depth: Depth,
    /// What to leave behind.
    pub filter: Filter,
    /// For a private repository whose clone has none.
    pub credentials: Option<Credentials>,
    /// After this time git is stopped and the fetch has failed.
    pub time_limit: Duration,
}

impl Repository {
    /// Fetches; what has come can be read at once. The text of a failure ends with what git said.
    ///
    /// No tags come but those that are asked for, no submodules, and no hook is run. As git does with every filtered
    /// fetch, the clone is marked as a partial one, so that later commands get what they lack from the remote.
    pub fn fetch(&self, request: &FetchRequest) -> Result<(), Error> {
        let mut git = Git::fetching(self.git_dir(), self.work_tree());
        if let Some(Credentials { server, header }) = &request.credentials {
            git = git.hide(format!("http.{server}.extraheader"), header);
        }
        let git = git.args(["fetch", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--quiet"]);
        let git = git.args(match request.filter {
            Filter::Blobs => ["--filter=blob:none"],
            Filter::Trees => ["--filter=tree:0"],
        });
        let git = match request.depth {
            Depth::To(count) => git.args([format!("--depth={}", count.max(1))]),
            Depth::Deepen(count) => git.args([format!("--deepen={count}")]),
            // Git refuses to complete what is complete.
            Depth::Full if self.is_shallow()? => git.args(["--unshallow"]),
            Depth::Full | Depth::Keep => git,
        };
        let fetched = run(git.args(["--"]).args([&request.remote]).args(&request.wants), request.time_limit);
        self.has_fetched();
        fetched
    }
}

/// Runs git until it ends or the time is up.
fn run(git: Git, time_limit: Duration) -> Result<(), Error> {
    let (mut command, what) = git.finish()?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| Error::new(&what, error))?;
    let (sender, ended) = channel();
    if let Some(mut stderr) = child.stderr.take() {
        // Git has ended when nobody can write to its standard error any more.
        std::thread::spawn(move || {
            let mut said = Vec::new();
            let _ = stderr.read_to_end(&mut said);
            let _ = sender.send(said);
        });
    }
    match ended.recv_timeout(time_limit) {
        Ok(text) => match child.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Error::new(what, said(&text, status))),
            Err(error) => Err(Error::new(what, error)),
        },
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(Error::new(what, format!("it was stopped after {} s", time_limit.as_secs_f32())))
        }
    }
}
