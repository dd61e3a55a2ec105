//! What the tag names, in a clone.
use std::path::Path;

use action::{Failure, OrFail as _};
use git::Repository;

use super::shown;

/// What the tag names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagged {
    /// This commit, in hex; an annotated tag was followed to it.
    Commit(String),
    /// The folder is in no clone.
    NoClone(String),
    /// The clone in this folder has no such tag.
    NoTag(String),
}

/// Looks the tag up.
pub(crate) fn look_up(dir: &Path, tag: &str) -> Result<Tagged, Failure> {
    let doing = || format!("look up the tag {tag} in {}", shown(dir));
    let Some(repository) = Repository::discover(dir).or_fail(doing)? else {
        return Ok(Tagged::NoClone(shown(dir)));
    };
    // From the list: looked up as a revision, a branch called `refs/tags/…` could stand in for a tag that is not there.
    let tags = repository.tags().or_fail(doing)?;
    Ok(match tags.into_iter().find(|(name, _)| name == tag) {
        Some((_, id)) => Tagged::Commit(id.to_string()),
        None => Tagged::NoTag(shown(dir)),
    })
}
