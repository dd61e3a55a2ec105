//! A pull request without a checkout: its files come from GitHub's API.
use action::{Failure, Kind};
use github::{Client, FileStatus, PullFile, Repo};

use super::Facts;
use super::situation::PullRequest;
use crate::filters::{Change, Status};
use crate::inputs::Settings;

/// Asks the API. A short or moving list is never taken for the whole one.
pub(crate) fn facts(pull: &PullRequest, settings: &Settings) -> Result<Facts, Failure> {
    let Some(api) = settings.api.as_ref().filter(|api| api.token.is_some()) else {
        return Err(Failure::inputs("find out what changed", "there is neither a checkout nor a token")
            .hint("run actions/checkout before this step, or pass `token: ${{ github.token }}`"));
    };
    let repo = repository(settings)?;
    let client = Client::new(api).map_err(|error| failure(&error))?;
    let listed = client.pull_request_files(&repo, pull.number).map_err(|error| failure(&error))?;
    // Asked after the list, so that a push in between shows.
    let now = client.pull_request(&repo, pull.number);
    let expected = match (pull.changed_files, &now) {
        (Some(count), _) => count,
        (None, Ok(now)) => now.changed_files,
        (None, Err(error)) => return Err(failure(error)),
    };
    let moved = now.is_ok_and(|now| !pull.head_sha.is_empty() && now.head_sha != pull.head_sha);
    let moved = moved.then(|| "the pull request's head moved since this run started".to_owned());
    let mut changes: Vec<Change> = listed.files.iter().flat_map(changed).collect();
    changes.sort_unstable();
    Ok(Facts {
        changes,
        hashes: None,
        base: Some(pull.base_sha.clone()).filter(|sha| !sha.is_empty()),
        head: Some(pull.head_sha.clone()).filter(|sha| !sha.is_empty()),
        why: format!("the base of pull request {}, by GitHub's list of its files", pull.number),
        doubt: listed.doubt(expected).map(|doubt| doubt.to_string()).or(moved),
        fell_back: None,
        whole: true,
    })
}

fn repository(settings: &Settings) -> Result<Repo, Failure> {
    Repo::parse(settings.repository.as_deref().unwrap_or_default()).map_err(|error| failure(&error))
}

/// A rename touches two names, as in git's own words.
fn changed(file: &PullFile) -> Vec<Change> {
    let change = |path: &str, status| Change { path: path.as_bytes().to_vec(), status };
    let here = |status| vec![change(&file.filename, status)];
    match file.status {
        FileStatus::Added => here(Status::Added),
        FileStatus::Removed => here(Status::Deleted),
        FileStatus::Modified => here(Status::Modified),
        FileStatus::Copied => here(Status::Copied),
        FileStatus::Changed => here(Status::Changed),
        FileStatus::Unchanged => here(Status::Unchanged),
        FileStatus::Renamed => {
            let mut both = here(Status::Added);
            both.extend(file.previous_filename.as_deref().map(|name| change(name, Status::Deleted)));
            both
        }
    }
}

/// Whose turn it is after a failed call.
fn failure(error: &github::Error) -> Failure {
    let kind = if error.is_of_inputs() { Kind::Inputs } else { Kind::Outside };
    Failure::told(kind, error).hints(error.hint())
}
