//! The pairs of the corpus: a fake, its honest twin, and the labels.
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::score::Judged;
use crate::findings::{self, Finding};
use crate::place;

/// One pair.
#[derive(Clone)]
pub(crate) struct Pair {
    /// The folder of its group.
    pub(crate) group: String,
    /// Its own folder, a name for people.
    pub(crate) name: String,
    pub(crate) labels: Labels,
    folder: PathBuf,
}

/// `pair.json`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labels {
    /// What the fake pretends, and why the twin is honest.
    pub(crate) about: String,
    /// The rules that fit, best first.
    pub(crate) rules: Vec<String>,
    /// Kinds of evidence that it shows.
    pub(crate) evidence: Vec<String>,
    /// Whether a word gives it away.
    pub(crate) words: bool,
    /// Whether a reviewer has to look carefully.
    pub(crate) subtle: bool,
    pub(crate) fake: Fake,
    honest: Honest,
}

/// The fake side.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fake {
    pub(crate) file: String,
    /// First and last lines of what pretends.
    pub(crate) lines: Vec<[u32; 2]>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Honest {
    file: String,
}

/// The pairs of a group, by name.
pub(crate) fn of(home: &Path, group: &str) -> Result<Vec<Pair>, String> {
    let folder = home.join(group);
    let names = place::names(&folder).into_iter().filter(|name| folder.join(name).is_dir());
    let read = |name: String| {
        let folder = folder.join(&name);
        let file = folder.join("pair.json");
        let labels: Labels = serde_json::from_str(&place::read(&file)?)
            .map_err(|e| format!("could not read {}: {e}", file.display()))?;
        if labels.rules.is_empty() || labels.fake.lines.is_empty() {
            return Err(format!("{} names no rule or no lines", file.display()));
        }
        Ok(Pair { group: group.to_owned(), name, labels, folder })
    };
    names.map(read).collect()
}

impl Pair {
    /// One for tests.
    #[cfg(test)]
    pub(crate) fn made_up(labels: Labels) -> Self {
        Self { group: String::new(), name: String::new(), labels, folder: PathBuf::new() }
    }

    /// What the tool says of both sides.
    pub(crate) fn judged(&self, binary: &Path) -> Result<Judged<'_>, String> {
        let fake = self.side(binary, "fake", &self.labels.fake.file)?;
        let honest = self.side(binary, "honest", &self.labels.honest.file)?;
        Ok(Judged::new(self, fake, honest))
    }

    fn side(&self, binary: &Path, side: &str, file: &str) -> Result<Vec<Finding>, String> {
        let folder = self.folder.join(side);
        let record = findings::of(binary, &folder, [file])?;
        match record.unparsable.first() {
            Some(problem) => Err(format!("{} is no program: {}", folder.join(file).display(), problem.message)),
            None => Ok(record.findings),
        }
    }
}
