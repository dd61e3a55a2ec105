//! Corrections of messages after the merge: a tracked TOML file with one table for each commit.
//!
//! ```toml
//! ["0123456789abcdef"]
//! message = "feat!: drop the old format"   # the whole message anew
//!
//! ["76543210"]
//! type = "fix"                              # or some of its parts
//! scope = "core"
//! description = "read empty files"
//! breaking = "empty files are errors now"   # false takes it back
//! ```
use std::collections::BTreeMap;

use action::{Failure, Location, OrFail};
use git::{Id, Repository};
use serde::Deserialize;

use crate::decide::Commit;
use crate::message::is_id;
use crate::told::Told;

/// One correction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    message: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    scope: Option<String>,
    description: Option<String>,
    breaking: Option<Breaking>,
}

/// Whether it breaks, or what does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Breaking {
    Is(bool),
    Note(String),
}

/// More corrections than that are a rewriting of history.
const MOST: usize = 10_000;

/// Reads the file; the second part of an error is the line.
///
/// # Errors
/// No TOML, an unknown key, a table that is named by no id, a message beside its parts.
pub fn read(text: &str) -> Result<BTreeMap<String, Override>, (String, Option<u32>)> {
    let read: BTreeMap<String, Override> = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u32 + 1);
        (error.message().to_owned(), line)
    })?;
    if read.len() > MOST {
        return Err((format!("there are more than {MOST} corrections"), None));
    }
    for (id, change) in &read {
        let line = text.lines().position(|line| line.contains(id.as_str())).map(|at| at as u32 + 1);
        let refused = |cause: &str| (format!("`{}`: {cause}", action::neutral(id)), line);
        if !is_id(id) {
            return Err(refused("that is no id of a commit: 7 to 64 hexadecimal digits in lower case"));
        }
        let parts = change.kind.is_some()
            || change.scope.is_some()
            || change.description.is_some()
            || change.breaking.is_some();
        match &change.message {
            Some(_) if parts => return Err(refused("a message says all of it; leave its parts out")),
            None if !parts => return Err(refused("nothing is corrected")),
            _ => {}
        }
        if change.kind.as_deref().is_some_and(|kind| kind.is_empty() || kind.contains(char::is_whitespace)) {
            return Err(refused("a type is one word"));
        }
    }
    Ok(read)
}

/// Corrects the commits that the file of the checked-out commit names.
pub(crate) fn apply(repo: &Repository, file: Option<&str>, commits: &mut [Commit]) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    let doing = || format!("read the corrections in {}", action::neutral(file));
    let head = repo.head().or_fail(doing)?;
    let blob = head.map(|head| repo.blob(head, file.as_bytes())).transpose().or_fail(doing)?.flatten();
    let Some(blob) = blob else {
        let hint = "name it relative to the root of the repository, and commit it: corrections are part of history";
        return Err(Failure::inputs(doing(), "it is not tracked").hint(hint));
    };
    let text = String::from_utf8(blob).or_bad_input(doing)?;
    let read = read(&text).map_err(|(cause, line)| {
        let place = line.map_or_else(|| Location::file(file), |line| Location::line(file, line));
        Failure::inputs(doing(), cause).at(place)
    })?;
    let mut by_id: Vec<(Id, usize)> = commits.iter().zip(0..).map(|(commit, at)| (commit.id, at)).collect();
    by_id.sort_unstable();
    for (id, change) in &read {
        let start = by_id.partition_point(|(known, _)| known.to_hex().to_string().as_str() < id.as_str());
        let fitting: Vec<usize> = by_id[start..]
            .iter()
            .take_while(|(known, _)| known.to_hex().to_string().starts_with(id))
            .map(|(_, at)| *at)
            .collect();
        match fitting[..] {
            // It speaks of another release.
            [] => {}
            [at] => commits[at].told = corrected(&commits[at].told, change),
            _ => return Err(Failure::inputs(doing(), format!("`{id}` is the beginning of several ids"))),
        }
    }
    Ok(())
}

fn corrected(told: &Told, change: &Override) -> Told {
    if let Some(message) = &change.message {
        return Told::of(message);
    }
    let mut told = told.clone();
    if let Some(kind) = &change.kind {
        told.set_kind(kind);
    }
    if let Some(scope) = &change.scope {
        told.scope = (!scope.is_empty()).then(|| scope.as_str().into());
    }
    if let Some(description) = &change.description {
        told.set_description(description);
    }
    match &change.breaking {
        Some(Breaking::Is(false)) => told.set_notes(Vec::new()),
        Some(Breaking::Is(true)) if !told.breaking() => told.set_notes(vec![told.description().into()]),
        Some(Breaking::Note(note)) => told.set_notes(vec![note.as_str().into()]),
        Some(Breaking::Is(true)) | None => {}
    }
    told.settle();
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<usize, (&str, Option<u32>)>) {
        let found = read(text);
        let found = found.as_ref().map(BTreeMap::len).map_err(|(cause, line)| (cause.as_str(), *line));
        match (&found, &expected) {
            (Err((cause, line)), Err((part, at))) => {
                assert!(cause.contains(part) && line == at, "{text}: {cause} {line:?}")
            }
            _ => assert_eq!(found, expected, "{text}"),
        }
    }

    #[test]
    fn corrections_are_checked() {
        check("", Ok(0));
        check("[\"0123456\"]\nmessage = \"feat: a\"\n", Ok(1));
        check("[\"0123456\"]\ntype = \"fix\"\nbreaking = true\n", Ok(1));
        check("[\"0123456\"]\nbreaking = \"gone\"\n", Ok(1));
        check("[\"0123456\"]\n", Err(("nothing is corrected", Some(1))));
        check("\n[\"main\"]\ntype = \"fix\"\n", Err(("no id", Some(2))));
        check("[\"0123456\"]\nbucket = \"x\"\n", Err(("unknown field", Some(2))));
        check("[\"0123456\"]\nmessage = \"a\"\ntype = \"b\"\n", Err(("leave its parts out", Some(1))));
        check("[\"0123456\"]\ntype = \"a b\"\n", Err(("one word", Some(1))));
        check("x", Err(("", Some(1))));
    }

    #[test]
    fn a_breaking_mark_is_set_and_taken_back() {
        let breaking = |told: &Told, text: &str| corrected(told, &read(text).unwrap()["0123456"]).notes().to_vec();
        let (plain, broken) = (Told::of("fix: a"), Told::of("fix!: a"));
        assert_eq!(breaking(&plain, "[\"0123456\"]\nbreaking = true"), ["a".into()]);
        assert_eq!(breaking(&plain, "[\"0123456\"]\nbreaking = \"b\""), ["b".into()]);
        assert!(breaking(&broken, "[\"0123456\"]\nbreaking = false").is_empty());
        assert_eq!(breaking(&broken, "[\"0123456\"]\nscope = \"x\""), ["a".into()]);
    }
}
