//! The record: the one value that every rendering is made from, and the JSON that others rely on.
//!
//! Its schema is published as `dist/release-changelog/record.schema.json`; a test holds every record of the cases against it.
//! Subjects, descriptions, names and notes in it are untrusted text: a rendering escapes them.
mod made;

use serde::Serialize;

use crate::decide::Bucket;
use crate::decide::version::Bump;
use crate::tag::Class;
pub(crate) use made::{Ends, Known, record};

/// The version of this shape: a field may be added, but none changes its meaning without another number at the end of it.
pub const SCHEMA: &str = "https://github.com/dataflow/release-changelog/record/1";

/// One release.
#[derive(Debug, Clone, Serialize)]
pub struct Record<'a> {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The tag's version, or the next one; `None` where nothing asks for one.
    pub version: Option<String>,
    /// What the ledger demands of the last final version.
    pub bump: Bump,
    /// The tag as it is or would be called.
    pub tag: Option<String>,
    /// Whether that tag is there.
    pub tagged: bool,
    /// What it marks.
    pub tag_class: Option<Class>,
    /// Whether it is a pre-release.
    pub prerelease: bool,
    /// The last final version, which the bump is measured from.
    pub base: Option<String>,
    /// What it begins after; `None` at the beginning of history.
    pub from: Option<String>,
    /// What it ends with: the tag, or the full id of a commit.
    pub to: String,
    /// The full id of that commit.
    pub commit: String,
    /// Day of the tag, or else of its commit, in UTC.
    pub date: String,
    /// Where both ends can be compared.
    pub compare: Option<String>,
    /// What breaks: always shown.
    pub breaking: Vec<Note<'a>>,
    /// Sections that have something in them, in their order.
    pub sections: Vec<Section<'a>>,
    /// Who wrote it, in the order of the alphabet.
    pub contributors: Vec<Contributor<'a>>,
    /// The ledger.
    pub ledger: LedgerRecord<'a>,
    /// What is nearly right in the messages.
    pub lint: Vec<Finding<'a>>,
}

/// One breaking change.
#[derive(Debug, Clone, Serialize)]
pub struct Note<'a> {
    /// The full id of its commit.
    pub id: String,
    /// Scope of the commit.
    pub scope: Option<&'a str>,
    /// In the words of its author; may have several lines.
    pub text: &'a str,
    /// Its pull request.
    pub pr: Option<u64>,
}

/// One section.
#[derive(Debug, Clone, Serialize)]
pub struct Section<'a> {
    /// As it is shown.
    pub title: &'a str,
    /// The oldest first.
    pub entries: Vec<Line<'a>>,
}

/// One listed commit.
#[derive(Debug, Clone, Serialize)]
pub struct Line<'a> {
    /// The full id.
    pub id: String,
    /// Type in lower case.
    #[serde(rename = "type")]
    pub kind: Option<&'a str>,
    /// Scope as it is written.
    pub scope: Option<&'a str>,
    /// Whether it breaks.
    pub breaking: bool,
    /// Without the number of its pull request.
    pub description: &'a str,
    /// Its pull request.
    pub pr: Option<u64>,
    /// Its author's name.
    pub author: &'a str,
    /// The pre-release that it first came with, where this is the final version.
    pub since: Option<&'a str>,
}

/// Someone who wrote or co-wrote a commit of the range.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Contributor<'a> {
    /// As in the commits.
    pub name: &'a str,
    /// The full id of a commit of theirs; `None` for who only co-wrote.
    pub commit: Option<String>,
    /// On GitHub, where that is known.
    pub login: Option<String>,
}

/// Every commit in its bucket.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerRecord<'a> {
    /// As `git rev-list --count` counts; the sum of the buckets.
    pub total: usize,
    /// All seven of them.
    pub buckets: Buckets,
    /// Parents before children.
    pub commits: Vec<CommitRecord<'a>>,
}

/// How many commits are in each bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Buckets {
    /// [`Bucket::Listed`].
    pub listed: usize,
    /// [`Bucket::Hidden`].
    pub hidden: usize,
    /// [`Bucket::Merge`].
    pub merge: usize,
    /// [`Bucket::Reverted`].
    pub reverted: usize,
    /// [`Bucket::Release`].
    pub release: usize,
    /// [`Bucket::Other`].
    pub other: usize,
    /// [`Bucket::OutsidePaths`].
    pub outside_paths: usize,
}

impl Buckets {
    pub(crate) fn of([listed, hidden, merge, reverted, release, other, outside_paths]: [usize; 7]) -> Self {
        Self { listed, hidden, merge, reverted, release, other, outside_paths }
    }

    /// Adds the counts of another release.
    pub(crate) fn add(&mut self, other: &Self) {
        self.listed += other.listed;
        self.hidden += other.hidden;
        self.merge += other.merge;
        self.reverted += other.reverted;
        self.release += other.release;
        self.other += other.other;
        self.outside_paths += other.outside_paths;
    }

    /// How many are in one of them.
    pub fn count(&self, bucket: Bucket) -> usize {
        match bucket {
            Bucket::Listed => self.listed,
            Bucket::Hidden => self.hidden,
            Bucket::Merge => self.merge,
            Bucket::Reverted => self.reverted,
            Bucket::Release => self.release,
            Bucket::Other => self.other,
            Bucket::OutsidePaths => self.outside_paths,
        }
    }
}

/// One commit of the ledger.
#[derive(Debug, Clone, Serialize)]
pub struct CommitRecord<'a> {
    /// The full id.
    pub id: String,
    /// Where it is.
    pub bucket: Bucket,
    /// Title of the section that shows it.
    pub section: Option<&'a str>,
    /// The commit that reverts it, in full.
    pub reverted_by: Option<String>,
    /// First line of its message.
    pub subject: &'a str,
}

/// Something nearly right.
#[derive(Debug, Clone, Serialize)]
pub struct Finding<'a> {
    /// The full id of the commit.
    pub id: String,
    /// What it is: a code of the README.
    pub code: &'static str,
    /// First line of its message.
    pub subject: &'a str,
}
