//! Open pull requests found by the branch that they come from, which may be a fork's.
use serde::Deserialize;

use crate::address::encoded;
use crate::call::{Call, Needs};
use crate::client::Client;
use crate::error::{Error, ErrorKind, quoted};
use crate::pages::Follows;
use crate::pulls::is_commit;
use crate::settings::Repo;

/// An open pull request, as a list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPull {
    /// Its number in the repository that it goes to.
    pub number: u64,
    /// Commit id at the head: 40 or 64 hexadecimal digits.
    pub head_sha: String,
    /// `owner/name` of the repository that it comes from; none once that is deleted.
    pub head_repo: Option<String>,
}

/// Pages of open pull requests of one branch; a repository has one for each base at most.
const PAGES: usize = 100;

#[derive(Deserialize)]
struct WireOpenPull {
    number: u64,
    head: WireHead,
}

#[derive(Deserialize)]
struct WireHead {
    r#ref: String,
    sha: String,
    user: Option<WireOwner>,
    repo: Option<WireRepo>,
}

#[derive(Deserialize)]
struct WireOwner {
    login: String,
}

#[derive(Deserialize)]
struct WireRepo {
    full_name: String,
}

impl Client {
    /// `GET /repos/{owner}/{repo}/pulls?state=open&head={owner}:{branch}`: the pull requests from `branch` of `owner`'s fork,
    /// or of the repository itself, newest first.
    ///
    /// Needs `pull-requests: read` where the repository is private. GitHub ignores a `head` that it cannot read and lists
    /// everything, so what comes from another owner or branch is left out here as well.
    pub fn open_pulls_of(&self, repo: &Repo, owner: &str, branch: &str) -> Result<Vec<OpenPull>, Error> {
        let call = call(repo, owner, branch)?;
        let mut found = Vec::new();
        let end = self.entries((&call, PAGES), |pull: WireOpenPull| {
            let WireHead { r#ref, sha, user, repo } = pull.head;
            if r#ref != branch || !user.is_some_and(|user| user.login.eq_ignore_ascii_case(owner)) {
                return Ok(());
            }
            if !is_commit(&sha) {
                return Err("answered a commit without an id".to_owned());
            }
            found.push(OpenPull { number: pull.number, head_sha: sha, head_repo: repo.map(|repo| repo.full_name) });
            Ok(())
        })?;
        match end {
            Follows::Nothing => Ok(found),
            _ => Err(call.bad_answer(&format!("lists more than {} pull requests", PAGES * crate::pages::FULL))),
        }
    }
}

fn call(repo: &Repo, owner: &str, branch: &str) -> Result<Call, Error> {
    repo.check()?;
    let fork = Repo { owner: owner.to_owned(), ..repo.clone() };
    let of = quoted(&format!("{owner}:{branch}"));
    if fork.check().is_err() || branch.is_empty() || branch.len() > 1_000 {
        let message = format!("could not find pull requests: {of:?} is not the owner and the name of a branch");
        return Err(Error::new(ErrorKind::Settings, message));
    }
    let Repo { owner: base, name } = repo;
    let head = encoded(&format!("{owner}:{branch}"));
    Ok(Call::get(
        format!("find the pull requests of {of:?} in {base}/{name}"),
        format!("/repos/{base}/{name}/pulls?state=open&head={head}"),
        Needs::Permission("pull-requests: read"),
    ))
}
