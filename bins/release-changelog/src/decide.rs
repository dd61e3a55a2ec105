//! Which bucket each commit of a range is in: exactly one, and nothing is dropped. Pure.
#![deny(clippy::disallowed_methods)]
pub mod paint;
pub mod releases;
pub mod reverts;
pub mod version;

use git::Id;
use serde::{Deserialize, Serialize};

use crate::sections::Sections;
use crate::told::Told;

/// Where a parent stands that is not among the facts.
pub const OUTSIDE: u32 = u32::MAX;

/// A commit as the ledger needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: Id,
    /// Places of its parents among the facts, [`OUTSIDE`] for those that are not there.
    pub parents: Parents,
    /// Whether a shallow clone has cut its parents off.
    pub cut: bool,
    /// Committer time in seconds since 1970 (UTC).
    pub time: i64,
    /// Place of its author.
    pub author: u32,
    /// What its message tells.
    pub told: Told,
}

/// Places of parents: one, as most commits have, without an allocation of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parents {
    /// The usual.
    One(u32),
    /// None, or several.
    Many(Box<[u32]>),
}

impl std::ops::Deref for Parents {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        match self {
            Self::One(place) => std::slice::from_ref(place),
            Self::Many(places) => places,
        }
    }
}

impl FromIterator<u32> for Parents {
    fn from_iter<I: IntoIterator<Item = u32>>(places: I) -> Self {
        let places: Vec<u32> = places.into_iter().collect();
        if let [place] = places[..] { Self::One(place) } else { Self::Many(places.into()) }
    }
}

/// What was gathered: commits with parents before children.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The commits.
    pub commits: Vec<Commit>,
    /// Whether each touches none of the wanted paths; empty where all paths are wanted.
    pub outside_paths: Vec<bool>,
    /// Places by id, sorted.
    pub by_id: Vec<(Id, u32)>,
}

impl Facts {
    /// Puts an index beside the commits.
    pub fn new(commits: Vec<Commit>, outside_paths: Vec<bool>) -> Self {
        let mut by_id: Vec<(Id, u32)> = commits.iter().zip(0..).map(|(commit, place)| (commit.id, place)).collect();
        by_id.sort_unstable();
        Self { commits, outside_paths, by_id }
    }

    /// The place of the one commit whose id starts so; `None` where there is none or more than one.
    pub fn find(&self, id: &str) -> Option<u32> {
        if let Ok(full) = Id::from_hex(id.as_bytes()) {
            return self.by_id.binary_search_by(|(known, _)| known.cmp(&full)).ok().map(|at| self.by_id[at].1);
        }
        let start = |at: usize| self.by_id.get(at).map(|(known, _)| known.to_hex().to_string());
        let at = self.by_id.partition_point(|(known, _)| known.to_hex().to_string().as_str() < id);
        let found = start(at)?.starts_with(id) && !start(at + 1).is_some_and(|next| next.starts_with(id));
        found.then(|| self.by_id[at].1)
    }
}

/// Where a commit ends up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bucket {
    /// Listed in a section.
    Listed,
    /// Left out by the rule for its type; never a breaking one.
    Hidden,
    /// A merge: what it brought is in the ledger by itself.
    Merge,
    /// Reverted in the range, or reverting in it.
    Reverted,
    /// It only makes a release.
    Release,
    /// Not conventional; listed as an other change.
    Other,
    /// It touches none of the wanted paths.
    OutsidePaths,
}

impl Bucket {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 7] =
        [Self::Listed, Self::Hidden, Self::Merge, Self::Reverted, Self::Release, Self::Other, Self::OutsidePaths];

    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Hidden => "hidden",
            Self::Merge => "merge",
            Self::Reverted => "reverted",
            Self::Release => "release",
            Self::Other => "other",
            Self::OutsidePaths => "outside-paths",
        }
    }
}

/// Why a commit is in its bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its type has this section.
    Section(u16),
    /// Its type is hidden.
    HiddenType,
    /// It breaks, and what breaks is never hidden; it has this section.
    Breaks(u16),
    /// It has several parents.
    Parents,
    /// The commit at this place reverts it.
    RevertedBy(u32),
    /// It reverts commits of the range and nothing else.
    Reverts,
    /// It names a version and nothing else.
    NamesVersion,
    /// It is not conventional.
    Unconventional,
    /// It touches none of the paths.
    TouchesNothing,
}

/// One line of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which commit.
    pub place: u32,
    /// Where it is.
    pub bucket: Bucket,
    /// And why.
    pub why: Why,
}

impl Entry {
    /// The section that shows it.
    pub fn section(&self) -> Option<u16> {
        match self.why {
            Why::Section(section) | Why::Breaks(section) => Some(section),
            Why::Unconventional => Some(Sections::OTHER),
            _ => None,
        }
    }
}

/// The ledger of a part of the facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// One entry for each commit of the part, parents before children.
    pub entries: Vec<Entry>,
    /// How many are in each bucket, in the order of [`Bucket::ALL`].
    pub counts: [usize; 7],
}

impl Ledger {
    /// Sorts the commits of a part into their buckets; `members` are places in their order.
    pub fn of(facts: &Facts, members: &[u32], sections: &Sections) -> Self {
        let reverts = reverts::resolve(facts, members);
        let mut ledger = Self { entries: Vec::with_capacity(members.len()), counts: [0; 7] };
        for &place in members {
            let (bucket, why) = sorted(facts, place, (&reverts, sections));
            ledger.counts[bucket as usize] += 1;
            ledger.entries.push(Entry { place, bucket, why });
        }
        ledger
    }

    /// How many commits it has; the sum of its buckets.
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Entries that tell of a breaking change which is in effect.
    pub fn breaking<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = &'a Entry> {
        let gone = |bucket| matches!(bucket, Bucket::Reverted | Bucket::OutsidePaths);
        self.entries.iter().filter(move |e| !gone(e.bucket) && facts.commits[e.place as usize].told.breaking())
    }
}

/// The bucket of one commit: the first rule that is true of it.
fn sorted(facts: &Facts, place: u32, (reverts, sections): (&reverts::Reverts, &Sections)) -> (Bucket, Why) {
    let commit = &facts.commits[place as usize];
    let told = &commit.told;
    if let Some(why) = reverts.why(place) {
        return (Bucket::Reverted, why);
    }
    if commit.parents.len() > 1 {
        return (Bucket::Merge, Why::Parents);
    }
    if facts.outside_paths.get(place as usize).copied().unwrap_or(false) {
        return (Bucket::OutsidePaths, Why::TouchesNothing);
    }
    let kind = told.kind.as_deref().filter(|_| told.conventional || told.is_revert());
    match kind {
        Some(kind) if told.breaking() => (Bucket::Listed, Why::Breaks(sections.of_breaking(kind))),
        _ if !told.breaking() && releases::only_names_a_version(told) => (Bucket::Release, Why::NamesVersion),
        None => (Bucket::Other, Why::Unconventional),
        Some(kind) => match sections.of(kind) {
            Some(section) => (Bucket::Listed, Why::Section(section)),
            None => (Bucket::Hidden, Why::HiddenType),
        },
    }
}

#[cfg(test)]
mod tests;
