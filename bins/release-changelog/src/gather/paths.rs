//! Which commits touch none of the wanted paths.
use action::{Failure, OrFail};
use git::{Repository, Scope};
use pathglob::GlobList;

use crate::decide::{Commit, OUTSIDE};

/// For each commit whether it is outside; nothing where all paths are wanted.
///
/// A commit is compared with its first parent, the first one with nothing. Merges are not asked.
pub(crate) fn outside(repo: &Repository, globs: &GlobList, commits: &[Commit]) -> Result<Vec<bool>, Failure> {
    if globs.globs().is_empty() {
        return Ok(Vec::new());
    }
    let prefixes: Vec<&[u8]> = globs.globs().iter().filter(|g| !g.is_negated()).map(|g| g.literal_prefix()).collect();
    let scope = Scope::prefixes(prefixes);
    let touches = |commit: &Commit| {
        if commit.parents.len() > 1 {
            return Ok(true);
        }
        let doing = || format!("compare commit {} with the one before", commit.id);
        let parent = match commit.parents.first() {
            Some(&OUTSIDE) => repo.commit(commit.id).or_fail(doing)?.first_parent(),
            Some(&place) => Some(commits[place as usize].id),
            None => None,
        };
        let changes = repo.diff(parent, commit.id, &scope).or_fail(doing)?;
        let wanted = |path: &[u8]| globs.decides(path).is_some_and(|decision| decision.included);
        Ok(changes.iter().any(|change| wanted(&change.path)))
    };
    commits.iter().map(|commit| touches(commit).map(|touches| !touches)).collect()
}
