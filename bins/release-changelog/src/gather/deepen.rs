//! Too little history or no tags: refused with the remedy, or fetched without files and folders.
use std::time::Duration;

use action::{Failure, OrFail};
use git::{Depth, FetchRequest, Filter, Repository};

use super::Incomplete;
use super::history::{History, Place};
use crate::settings::Source;

/// What to do about it.
const REMEDY: &str = "set `fetch-depth: 0` and `filter: tree:0` in actions/checkout, run `git fetch --unshallow --tags --filter=tree:0`, or set deepen";

/// What to do where the clone is complete, and tags are missing all the same.
const REMEDY_OF_TAGS: &str = "set `fetch-depth: 0` in actions/checkout, run `git fetch --tags`, or set deepen";

/// What brings a name that is not here.
pub(crate) fn remedy(repo: &Repository) -> &'static str {
    if repo.is_shallow().unwrap_or(false) { REMEDY } else { REMEDY_OF_TAGS }
}

/// A shallow clone has not all tags of its history, so no tag before the end can be trusted to be the last.
pub(crate) fn refuse_shallow(repo: &Repository) -> Result<(), Incomplete> {
    if !repo.is_shallow().or_fail(|| "look how deep the clone is")? {
        return Ok(());
    }
    let cause = "this clone is shallow, and the tag before may be in what it lacks";
    Err(Incomplete { failure: Failure::inputs("tell what is in the release", cause).hint(REMEDY), fetch: true })
}

/// A range that reaches the end of a shallow clone goes on where nobody can see it.
pub(crate) fn refuse_cut(history: &mut History<'_>, places: &[Place]) -> Result<(), Incomplete> {
    for &place in places {
        let commit = history.read(place)?;
        if commit.cut {
            let cause = format!("this clone is shallow and ends at {}, inside the range", commit.id);
            let failure = Failure::inputs("tell what is in the release", cause).hint(REMEDY);
            return Err(Incomplete { failure, fetch: true });
        }
    }
    Ok(())
}

/// No tag is no evidence that there is no release.
pub(crate) fn tagless(prefix: &str) -> Incomplete {
    let cause = match prefix {
        "" => "this clone has no tag of a version".to_owned(),
        prefix => format!("this clone has no tag of a version behind `{}`", action::neutral(prefix)),
    };
    let hint = format!("{REMEDY_OF_TAGS}; where there was no release yet, name the first one by first-version");
    Incomplete { failure: Failure::inputs("tell what is in the release", cause).hint(hint), fetch: true }
}

/// Fetches all tags and the whole history below them and below what is checked out.
pub(crate) fn deepen(repo: &Repository, source: &Source) -> Result<(), Failure> {
    let mut wants = vec!["+refs/tags/*:refs/tags/*".to_owned()];
    if let Some(head) = repo.head().or_fail(|| "read HEAD")? {
        wants.push(head.to_string());
    }
    let request = FetchRequest {
        remote: "origin".to_owned(),
        wants,
        depth: Depth::Full,
        // Folders are only needed to tell which commits touch the wanted paths.
        filter: if source.paths.globs().is_empty() { Filter::Trees } else { Filter::Blobs },
        credentials: source.credentials.clone(),
        time_limit: Duration::from_secs(600),
    };
    repo.fetch(&request).or_fail(|| "fetch the missing history")
}
