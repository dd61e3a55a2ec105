//! What the simulated GitHub knows: repositories, pull requests, tokens, rate limit, and the faults to come.
mod release;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::PlannedFault;
pub use release::{Asset, Release, Tag};

/// Everything that the server answers from; as JSON it is the `--state` file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// The repositories, public and private.
    pub repositories: Vec<Repository>,
    /// The tokens that exist; any other is `Bad credentials`.
    pub tokens: Vec<Token>,
    /// An own server in private mode: every call without a token is 401.
    pub private_mode: bool,
    /// One limit for all callers.
    pub rate_limit: RateLimit,
    /// What goes wrong, and at which call.
    pub faults: Vec<PlannedFault>,
}

/// One repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Repository {
    /// GitHub's own number, which `Link` headers use in place of the name.
    pub id: u64,
    /// The user or organisation.
    pub owner: String,
    /// The name within the owner.
    pub name: String,
    /// Private ones are 404 without a token that sees them.
    pub private: bool,
    /// Its pull requests.
    pub pulls: Vec<Pull>,
    /// Its issues that are no pull requests; the numbers are shared.
    pub issues: Vec<Issue>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The commit of its default branch, which a tag gets that publishing makes.
    pub head_sha: String,
    /// Its releases and drafts.
    pub releases: Vec<Release>,
    /// What is published can no longer change, but for title and notes.
    pub immutable_releases: bool,
    /// The number of the release that is its latest.
    pub latest: Option<u64>,
    /// The highest number of a release or an asset that was deleted; no number is given twice.
    pub last_deleted: u64,
    /// Files get no digest, as on own servers before 3.18.
    pub without_digests: bool,
}

/// One pull request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pull {
    /// Its number within the repository.
    pub number: u64,
    /// Branch that it goes to.
    pub base_ref: String,
    /// Commit of that branch.
    pub base_sha: String,
    /// Branch that it comes from.
    pub head_ref: String,
    /// Commit of that branch.
    pub head_sha: String,
    /// The changed files, listed in this order.
    pub files: Vec<File>,
    /// So many more files `generated/00001.txt`, … after `files`.
    pub generated_files: usize,
    /// Says so many changed files, in place of the true number.
    pub changed_files: Option<u64>,
    /// Closed or merged, so that the list of open ones lacks it.
    pub closed: bool,
    /// `owner/name` of the fork that it comes from; none is the repository itself.
    pub fork: Option<String>,
    /// The fork is gone: GitHub then answers `null`, against its own description.
    pub fork_deleted: bool,
    /// Its conversation takes no new comments.
    pub locked: bool,
    /// Its comments, oldest first.
    pub comments: Vec<Comment>,
}

/// One issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Issue {
    /// Its number within the repository.
    pub number: u64,
    /// It takes no new comments.
    pub locked: bool,
    /// Calls for it are answered by 410.
    pub deleted: bool,
    /// Its comments, oldest first.
    pub comments: Vec<Comment>,
}

/// One comment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Comment {
    /// Its number, unique on the server; new ones get the next that is free.
    pub id: u64,
    /// The login of who wrote it; none when the account is deleted.
    pub author: Option<String>,
    /// `User`, `Bot`, …; empty is `Bot` for a login that ends in `[bot]`, and `User` for any other.
    pub author_type: String,
    /// Its Markdown; none when the answer has no such field.
    pub body: Option<String>,
}

/// A pull request or an issue as people talk about it.
pub(crate) struct Conversation<'a> {
    pub(crate) number: u64,
    pub(crate) is_pull: bool,
    pub(crate) locked: bool,
    pub(crate) deleted: bool,
    pub(crate) comments: &'a mut Vec<Comment>,
}

/// One entry of a pull request's file list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    /// The path at the head.
    pub filename: String,
    /// `added`, `removed`, …; free text, so that a status of the future can be served.
    pub status: String,
    /// The path at the base, of renamed and copied files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_filename: Option<String>,
}

/// One token of an app, a workflow run or a user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Token {
    /// What callers send.
    pub secret: String,
    /// Who it writes as; empty is `github-actions[bot]`. One that ends in `[bot]` is an app's: `GET /user` is then 403.
    pub login: String,
    /// `owner/name` of the repositories that it is for: private ones that it sees, and those that an app may write to.
    pub repositories: Vec<String>,
    /// `pull_requests` → `read` or `write`, and so on; what is not named is not granted.
    pub permissions: BTreeMap<String, String>,
}

/// The primary rate limit; every answered call uses one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimit {
    /// Calls in one window.
    pub limit: u64,
    /// Calls left; at zero every call is refused.
    pub remaining: u64,
    /// End of the window, seconds since 1970.
    pub reset: u64,
}

impl Default for RateLimit {
    fn default() -> Self {
        RateLimit { limit: 5_000, remaining: 5_000, reset: 1_900_000_000 }
    }
}

impl State {
    /// Reads a state file; the error names line and column.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The number of the next comment.
    pub(crate) fn next_comment(&self) -> u64 {
        let of_pulls = self.repositories.iter().flat_map(|r| &r.pulls).flat_map(|p| &p.comments);
        let of_issues = self.repositories.iter().flat_map(|r| &r.issues).flat_map(|i| &i.comments);
        of_pulls.chain(of_issues).map(|comment| comment.id).max().unwrap_or(0) + 1
    }

    pub(crate) fn pull_mut(&mut self, repository: &str, number: u64) -> Option<&mut Pull> {
        let found = self.repositories.iter_mut().find(|r| r.full_name() == repository)?;
        found.pulls.iter_mut().find(|p| p.number == number)
    }
}

impl Token {
    /// Who it writes as.
    pub(crate) fn login(&self) -> &str {
        if self.login.is_empty() { "github-actions[bot]" } else { &self.login }
    }

    pub(crate) fn is_for(&self, repository: &Repository) -> bool {
        self.repositories.iter().any(|name| *name == repository.full_name())
    }
}

impl Repository {
    /// What can be commented on.
    pub(crate) fn conversations(&mut self) -> impl Iterator<Item = Conversation<'_>> {
        let pulls = self.pulls.iter_mut().map(|pull| Conversation {
            number: pull.number,
            is_pull: true,
            locked: pull.locked,
            deleted: false,
            comments: &mut pull.comments,
        });
        let issues = self.issues.iter_mut().map(|issue| Conversation {
            number: issue.number,
            is_pull: false,
            locked: issue.locked,
            deleted: issue.deleted,
            comments: &mut issue.comments,
        });
        pulls.chain(issues)
    }

    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

impl Pull {
    /// Owner and name of where it comes from.
    pub(crate) fn head_repository<'a>(&'a self, own: &'a Repository) -> (&'a str, &'a str) {
        let fork = self.fork.as_deref().map(|fork| fork.split_once('/').unwrap_or((fork, "")));
        fork.unwrap_or((&own.owner, &own.name))
    }

    /// Number of changed files as the API says it.
    pub(crate) fn said_changed_files(&self) -> u64 {
        self.changed_files.unwrap_or((self.files.len() + self.generated_files) as u64)
    }

    /// The entry at this place of the whole list.
    pub(crate) fn file(&self, index: usize) -> Option<File> {
        if let Some(file) = self.files.get(index) {
            return Some(file.clone());
        }
        let number = index - self.files.len();
        let generated = || File {
            filename: format!("generated/{:05}.txt", number + 1),
            status: "added".to_owned(),
            previous_filename: None,
        };
        (number < self.generated_files).then(generated)
    }
}
