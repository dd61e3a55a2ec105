//! Pull requests and the files that they change.
use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Deserialize;

use crate::call::{Call, Needs};
use crate::client::Client;
use crate::error::{Error, quoted};
use crate::pages::{FULL, Follows};
use crate::settings::Repo;

/// How a pull request changes a file: the seven statuses of GitHub's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileStatus {
    /// `added`
    Added,
    /// `removed`
    Removed,
    /// `modified`
    Modified,
    /// `renamed`; `previous_filename` is set.
    Renamed,
    /// `copied`
    Copied,
    /// `changed`: the type or the mode.
    Changed,
    /// `unchanged`
    Unchanged,
}

impl FileStatus {
    /// Reads GitHub's word; `None` for a word of the future.
    pub fn parse(word: &str) -> Option<Self> {
        use FileStatus::*;
        let all = [Added, Removed, Modified, Renamed, Copied, Changed, Unchanged];
        all.into_iter().find(|status| status.as_str() == word)
    }

    /// GitHub's word.
    pub fn as_str(self) -> &'static str {
        match self {
            FileStatus::Added => "added",
            FileStatus::Removed => "removed",
            FileStatus::Modified => "modified",
            FileStatus::Renamed => "renamed",
            FileStatus::Copied => "copied",
            FileStatus::Changed => "changed",
            FileStatus::Unchanged => "unchanged",
        }
    }
}

/// One entry of a pull request's file list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullFile {
    /// The path at the head; arbitrary text.
    pub filename: String,
    /// The path at the base, of renamed and copied files.
    pub previous_filename: Option<String>,
    /// How the file changes.
    pub status: FileStatus,
}

/// The files of a pull request, in GitHub's order, as far as GitHub lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullFiles {
    /// At most 3,000 entries; two that are equal are one.
    pub files: Vec<PullFile>,
    /// How often a file came again: the list moved while it was read, so another may have been missed.
    pub repeated: usize,
    /// GitHub announced more pages than it lists.
    pub more: bool,
}

/// Why a file list may be short or of another state than asked for; `Display` completes "the list of files is uncertain: …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The list stops at GitHub's limit and the pull request has more.
    Limit {
        /// Entries listed.
        listed: usize,
        /// `changed_files` of the pull request.
        expected: u64,
    },
    /// The list and `changed_files` differ.
    Count {
        /// Entries listed.
        listed: usize,
        /// `changed_files` of the pull request.
        expected: u64,
    },
    /// Files came twice: the pull request changed while its pages were read.
    Moved {
        /// Entries that came again.
        repeated: usize,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::Limit { listed, expected } => {
                write!(f, "GitHub lists {listed} of {expected} changed files; its limit is {}", PullFiles::LIMIT)
            }
            Doubt::Count { listed, expected } => {
                write!(f, "GitHub lists {listed} files and counts {expected} changed files")
            }
            Doubt::Moved { repeated } => {
                write!(f, "the pull request changed while its files were listed ({repeated} came twice)")
            }
        }
    }
}

impl PullFiles {
    /// GitHub lists no more files of a pull request than this, whatever the pages.
    pub const LIMIT: usize = 3_000;

    /// Compares with `changed_files` of the payload or of [`Client::pull_request`]; only `None` means that the list is complete.
    ///
    /// A change of type may be listed as two entries of one name, so the number of names may match as well.
    pub fn doubt(&self, changed_files: u64) -> Option<Doubt> {
        let (listed, expected) = (self.files.len(), changed_files);
        if self.repeated > 0 {
            return Some(Doubt::Moved { repeated: self.repeated });
        }
        if self.more || listed >= Self::LIMIT && expected > listed as u64 {
            return Some(Doubt::Limit { listed, expected });
        }
        let names: HashSet<&str> = self.files.iter().map(|file| file.filename.as_str()).collect();
        let agrees = expected == listed as u64 || expected == names.len() as u64;
        (!agrees).then_some(Doubt::Count { listed, expected })
    }
}

/// What the tools need to know about a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number in the repository.
    pub number: u64,
    /// How many files it changes, beyond any limit of the list.
    pub changed_files: u64,
    /// Branch name at the base.
    pub base_ref: String,
    /// Commit id at the base: 40 or 64 hexadecimal digits.
    pub base_sha: String,
    /// Branch name at the head.
    pub head_ref: String,
    /// Commit id at the head: 40 or 64 hexadecimal digits.
    pub head_sha: String,
}

#[derive(Deserialize)]
struct WirePull {
    number: u64,
    changed_files: u64,
    base: WireSide,
    head: WireSide,
}

#[derive(Deserialize)]
struct WireSide {
    r#ref: String,
    sha: String,
}

#[derive(Deserialize)]
struct WireFile {
    filename: String,
    previous_filename: Option<String>,
    status: String,
}

impl Client {
    /// `GET /repos/{owner}/{repo}/pulls/{number}`; needs `pull-requests: read` where the repository is private.
    pub fn pull_request(&self, repo: &Repo, number: u64) -> Result<PullRequest, Error> {
        let call = call(repo, (number, "read", ""))?;
        let pull: WirePull = call.read(&self.send(&call, self.deadline())?)?;
        if pull.number != number || !is_commit(&pull.base.sha) || !is_commit(&pull.head.sha) {
            return Err(call.bad_answer("answered another pull request, or commits without ids"));
        }
        Ok(PullRequest {
            number,
            changed_files: pull.changed_files,
            base_ref: pull.base.r#ref,
            base_sha: pull.base.sha,
            head_ref: pull.head.r#ref,
            head_sha: pull.head.sha,
        })
    }

    /// `GET /repos/{owner}/{repo}/pulls/{number}/files`, all pages; ask [`PullFiles::doubt`] whether the list is complete.
    ///
    /// Needs `pull-requests: read` where the repository is private. A status that is not in GitHub's description is an
    /// error, and so is a renamed file without its previous name.
    pub fn pull_request_files(&self, repo: &Repo, number: u64) -> Result<PullFiles, Error> {
        let call = call(repo, (number, "list the files of", "/files"))?;
        let mut gathered = Gathered::default();
        let end = self.entries((&call, PullFiles::LIMIT / FULL), |entry| gathered.add(entry))?;
        gathered.list.more = end == Follows::Page;
        Ok(gathered.list)
    }
}

fn call(repo: &Repo, (number, verb, rest): (u64, &str, &str)) -> Result<Call, Error> {
    repo.check()?;
    let Repo { owner, name } = repo;
    Ok(Call::get(
        format!("{verb} pull request {number} of {owner}/{name}"),
        format!("/repos/{owner}/{name}/pulls/{number}{rest}"),
        Needs::Permission("pull-requests: read"),
    ))
}

/// Whether this is a commit's whole id.
pub(crate) fn is_commit(sha: &str) -> bool {
    [40, 64].contains(&sha.len()) && sha.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The list so far, and where each name stands in it.
#[derive(Default)]
struct Gathered {
    list: PullFiles,
    places: HashMap<String, usize>,
}

impl Gathered {
    /// Adds one entry; the error completes "GET …".
    fn add(&mut self, entry: WireFile) -> Result<(), String> {
        let WireFile { filename, previous_filename, status } = entry;
        let Some(status) = FileStatus::parse(&status) else {
            return Err(format!("answered the unknown status {:?} for {:?}", quoted(&status), quoted(&filename)));
        };
        if filename.is_empty() {
            return Err("answered a file without a name".to_owned());
        }
        if status == FileStatus::Renamed && previous_filename.is_none() {
            return Err(format!("answered no previous name for the renamed {:?}", quoted(&filename)));
        }
        let file = PullFile { filename, previous_filename, status };
        let files = &mut self.list.files;
        let before = self.places.get(&file.filename).copied();
        let same = before.is_some_and(|place| files[place] == file);
        // A change of type may be two entries in a row; anything else that comes again means that the list moved.
        let twin = before.is_some_and(|place| place + 1 == files.len()) && !same;
        if before.is_some() && !twin {
            self.list.repeated += 1;
        }
        if !same {
            self.places.insert(file.filename.clone(), files.len());
            files.push(file);
        }
        Ok(())
    }
}
