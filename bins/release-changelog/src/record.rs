//! The record: the one value that every rendering is made from, and the JSON that others rely on.
//!
//! Its schema is published as `dist/release-changelog/record.schema.json`; a test holds every record of the cases against it.
//! Subjects, descriptions, names and notes in it are untrusted text: a rendering escapes them.
use std::collections::BTreeMap;

use serde::Serialize;

use crate::decide::version::Bump;
use crate::decide::{Bucket, Facts, Ledger, Why};
use crate::sections::Sections;
use crate::tag::{Class, Tag};

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

/// What a release is called and goes from and to.
#[derive(Debug, Clone)]
pub(crate) struct Ends {
    pub(crate) version: Option<semver::Version>,
    pub(crate) bump: Bump,
    pub(crate) tag: Option<Tag>,
    pub(crate) next_tag: Option<String>,
    pub(crate) base: Option<semver::Version>,
    pub(crate) from: Option<String>,
    pub(crate) to: String,
    pub(crate) commit: git::Id,
    pub(crate) time: i64,
    pub(crate) compare: Option<String>,
}

/// What is known about the commits.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) authors: &'a [Box<str>],
    pub(crate) sections: &'a Sections,
    /// For each commit the pre-release that it first came with; empty where none is to be marked.
    pub(crate) since: &'a [Option<&'a str>],
}

/// Puts a record together; `full` with every commit, which only machines read.
pub(crate) fn record<'a>(known: Known<'a>, ledger: &Ledger, (ends, full): (Ends, bool)) -> Record<'a> {
    let Ends { version, bump, tag, next_tag, base, from, to, commit, time, compare } = ends;
    let prerelease = version.as_ref().is_some_and(|version| !version.pre.is_empty());
    let class =
        tag.as_ref().map(Tag::class).or(version.as_ref().map(|_| if prerelease { Class::Rc } else { Class::Final }));
    Record {
        schema: SCHEMA,
        version: version.map(|version| version.to_string()),
        bump,
        tagged: tag.is_some(),
        tag: tag.map(|tag| tag.name).or(next_tag),
        tag_class: class,
        prerelease,
        base: base.map(|base| base.to_string()),
        from,
        to,
        commit: commit.to_string(),
        date: date(time),
        compare,
        breaking: breaking(known, ledger),
        sections: sections(known, ledger),
        contributors: contributors(known, ledger),
        ledger: ledger_record(known, ledger, full),
        lint: lint(known, ledger),
    }
}

/// A day in UTC; times that no calendar has are its ends.
pub(crate) fn date(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    });
    time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

fn breaking<'a>(known: Known<'a>, ledger: &Ledger) -> Vec<Note<'a>> {
    let mut notes = Vec::new();
    for entry in ledger.breaking(known.facts) {
        let commit = &known.facts.commits[entry.place as usize];
        let note = |text: &'a str| Note {
            id: commit.id.to_string(),
            scope: commit.told.scope.as_deref(),
            text,
            pr: commit.told.pr,
        };
        notes.extend(commit.told.notes().iter().map(|text| note(text)));
    }
    notes
}

fn sections<'a>(known: Known<'a>, ledger: &Ledger) -> Vec<Section<'a>> {
    let count = known.sections.places().count();
    let mut lines: Vec<Vec<Line<'a>>> = std::iter::repeat_with(Vec::new).take(count).collect();
    for entry in &ledger.entries {
        let Some(section) = entry.section() else { continue };
        let at = usize::from(section).min(count - 1);
        lines[at].push(line(known, entry.place));
    }
    let titled = known.sections.places().zip(lines).filter(|(_, entries)| !entries.is_empty());
    titled.map(|(place, entries)| Section { title: known.sections.title(place), entries }).collect()
}

fn line<'a>(known: Known<'a>, place: u32) -> Line<'a> {
    let commit = &known.facts.commits[place as usize];
    let told = &commit.told;
    Line {
        id: commit.id.to_string(),
        kind: told.kind.as_deref(),
        scope: told.scope.as_deref(),
        breaking: told.breaking(),
        description: told.description(),
        pr: told.pr,
        author: known.authors.get(commit.author as usize).map_or("", |name| name),
        since: known.since.get(place as usize).copied().flatten(),
    }
}

fn contributors<'a>(known: Known<'a>, ledger: &Ledger) -> Vec<Contributor<'a>> {
    let mut names: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let away = |bucket| matches!(bucket, Bucket::OutsidePaths | Bucket::Merge);
    for entry in ledger.entries.iter().filter(|entry| !away(entry.bucket)) {
        let commit = &known.facts.commits[entry.place as usize];
        if let Some(author) = known.authors.get(commit.author as usize) {
            names.entry(author).or_default().get_or_insert_with(|| commit.id.to_string());
        }
        for name in commit.told.coauthors() {
            names.entry(name).or_default();
        }
    }
    let named = names.into_iter().filter(|(name, _)| !name.is_empty());
    named.map(|(name, commit)| Contributor { name, commit, login: None }).collect()
}

fn ledger_record<'a>(known: Known<'a>, ledger: &Ledger, full: bool) -> LedgerRecord<'a> {
    let commits = &known.facts.commits;
    let one = |entry: &crate::decide::Entry| CommitRecord {
        id: commits[entry.place as usize].id.to_string(),
        bucket: entry.bucket,
        section: entry.section().map(|section| known.sections.title(section)),
        reverted_by: match entry.why {
            Why::RevertedBy(by) => Some(commits[by as usize].id.to_string()),
            _ => None,
        },
        subject: &commits[entry.place as usize].told.subject,
    };
    let commits = if full { ledger.entries.iter().map(one).collect() } else { Vec::new() };
    LedgerRecord { total: ledger.total(), buckets: Buckets::of(ledger.counts), commits }
}

fn lint<'a>(known: Known<'a>, ledger: &Ledger) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for entry in &ledger.entries {
        let commit = &known.facts.commits[entry.place as usize];
        let finding = |code| Finding { id: commit.id.to_string(), code, subject: &commit.told.subject };
        findings.extend(commit.told.lint().iter().map(|lint| finding(lint.code())));
    }
    findings
}
