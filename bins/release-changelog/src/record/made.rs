//! Putting a record together from ledgers and facts.
use std::collections::BTreeMap;

use super::{Buckets, CommitRecord, Contributor, Finding, LedgerRecord, Line, Note, Record, SCHEMA, Section};
use crate::decide::version::Bump;
use crate::decide::{Bucket, Facts, Ledger, Why};
use crate::sections::Sections;
use crate::tag::{Class, Tag};

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
