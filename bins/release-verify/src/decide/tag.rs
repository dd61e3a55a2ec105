//! The tag names the commit that the release is built from.
use super::Seen;
use crate::gather::{Facts, Tagged};
use crate::record::Finding;
use crate::settings::{Expected, Link};

/// The commit that is known without any attestation: the clone's, else the given one.
pub(crate) fn commit(facts: &Facts, expected: &Expected) -> Option<String> {
    match &facts.tagged {
        Tagged::Commit(id) => Some(id.clone()),
        _ => expected.commit.clone(),
    }
}

pub(crate) fn seen(facts: &Facts, expected: &Expected) -> Seen {
    let tag = &expected.tag;
    match (&facts.tagged, &expected.commit) {
        (Tagged::Commit(id), Some(given)) if id != given => {
            let message = format!("the tag {tag} names the commit {id}, and {given} was expected");
            let hint = "find out who moved the tag; if it is the clone that is old, fetch its tags again";
            Seen::of("", vec![Finding::fail("commit-differs", message).hint(hint)])
        }
        (Tagged::Commit(id), _) => Seen::fine(format!("{tag} is the commit {id}")),
        (_, Some(given)) => Seen::fine(format!("{tag} is taken to be the commit {given}, as the input says")),
        (Tagged::NoTag(dir), None) => {
            let message = format!("the clone in {dir} has no tag {tag}");
            let hint = "fetch its tags (`git fetch --tags`), or give the commit";
            Seen::without(expected, Link::Tag, Finding::unknown("no-tag", message).hint(hint))
        }
        (Tagged::NoClone(dir), None) => {
            let message = format!("no clone says which commit {tag} names: {dir} is in none");
            let hint =
                "name a clone (clone) or the commit (commit), ask GitHub (online), or allow it by name (without: tag)";
            Seen::without(expected, Link::Tag, Finding::unknown("no-clone", message).hint(hint))
        }
    }
}
