//! Missing history: fetched at most once in a run, without file contents, and only in a workflow.
use std::time::Duration;

use action::Failure;
use git::{Credentials, Depth, FetchRequest, Filter, Id, Repository};

use super::failed;

/// Where a branch or tag that was fetched by its name is kept. `FETCH_HEAD` would not do: an older fetch may have left it.
pub(crate) const FETCHED: &str = "refs/dataflow/paths-filter/base";

/// How fetching is done here.
#[derive(Clone)]
pub(crate) struct Fetching {
    /// Whether this run may fetch at all.
    pub(crate) allowed: bool,
    /// The remote's name.
    pub(crate) remote: String,
    /// How many commits `initial-fetch-depth` asks for instead of the whole history.
    pub(crate) depth: Option<u32>,
    /// For a private repository that was checked out without keeping its credentials.
    pub(crate) credentials: Option<Credentials>,
}

/// Fetches once, remembers what came of it.
pub(crate) struct Fetcher<'a> {
    how: &'a Fetching,
    done: bool,
    /// What git said when the fetch failed: the annotation tells it.
    pub(crate) failure: Option<String>,
}

impl<'a> Fetcher<'a> {
    pub(crate) fn new(how: &'a Fetching) -> Fetcher<'a> {
        Fetcher { how, done: false, failure: None }
    }

    pub(crate) fn remote(&self) -> &str {
        &self.how.remote
    }

    /// One commit with its trees.
    pub(crate) fn commit(&mut self, repo: &Repository, sha: &str) -> Result<bool, Failure> {
        // In a complete clone a depth would cut history off; in a shallow one it keeps the fetch small.
        let depth = if is_shallow(repo)? { Depth::To(1) } else { Depth::Keep };
        self.fetch(repo, vec![sha.to_owned()], depth)
    }

    /// The history of these, as deep as it goes or as deep as the user wants.
    pub(crate) fn history(&mut self, repo: &Repository, wants: &[String]) -> Result<bool, Failure> {
        let wants = wants.iter().filter(|want| !want.is_empty()).cloned().collect();
        let depth = self.deep(repo)?;
        self.fetch(repo, wants, depth)
    }

    /// A branch or tag of that name, left in [`FETCHED`]; with it the history of `head`, so that the two can meet.
    pub(crate) fn named(&mut self, repo: &Repository, name: &str, head: Id) -> Result<bool, Failure> {
        if name.starts_with('-') || name.contains([':', '+', '*', '^', '~', ' ']) {
            return Ok(false);
        }
        let mut wants = vec![format!("+{name}:{FETCHED}")];
        if is_shallow(repo)? {
            wants.push(head.to_string());
        }
        let depth = self.deep(repo)?;
        self.fetch(repo, wants, depth)
    }

    /// All tags and the history below a commit.
    pub(crate) fn tags(&mut self, repo: &Repository, head: Id) -> Result<bool, Failure> {
        let depth = self.deep(repo)?;
        self.fetch(repo, vec![head.to_string(), "+refs/tags/*:refs/tags/*".to_owned()], depth)
    }

    fn deep(&self, repo: &Repository) -> Result<Depth, Failure> {
        Ok(match self.how.depth {
            _ if !is_shallow(repo)? => Depth::Keep,
            Some(commits) => Depth::To(commits),
            None => Depth::Full,
        })
    }

    fn fetch(&mut self, repo: &Repository, wants: Vec<String>, depth: Depth) -> Result<bool, Failure> {
        if !self.how.allowed || std::mem::replace(&mut self.done, true) {
            return Ok(false);
        }
        let request = FetchRequest {
            remote: self.how.remote.clone(),
            wants,
            depth,
            filter: Filter::Blobs,
            credentials: self.how.credentials.clone(),
            time_limit: Duration::from_secs(600),
        };
        match repo.fetch(&request) {
            Ok(()) => Ok(true),
            Err(error) => {
                self.failure = Some(said(&error.to_string()));
                Ok(false)
            }
        }
    }
}

fn is_shallow(repo: &Repository) -> Result<bool, Failure> {
    repo.is_shallow().map_err(failed)
}

/// What git said last in the order of the alphabet: its own words and the server's arrive in any order.
fn said(error: &str) -> String {
    let fatal = error.split("; ").filter_map(|line| line.split_once("fatal: ").map(|(_, text)| text.trim()));
    fatal.max().unwrap_or(error).to_owned()
}
