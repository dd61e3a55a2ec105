//! The verdict record: the one value that every rendering is made from, and the JSON that others rely on.
//!
//! Its schema is published as `dist/coverage-gate/record.schema.json`; a test holds every record against it. Whatever is a
//! file name, a reason's message or a title in it is untrusted text: a rendering escapes it.
use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The version of this shape: a field may be added, but none changes its meaning without another number here.
pub const SCHEMA: &str = "https://github.com/dataflow/coverage-gate/record/1";

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every rule that was asked for holds: exit code 0.
    Pass,
    /// A rule does not hold: exit code 1.
    Fail,
    /// Something is missing or makes no sense: exit code 2.
    Unknown,
}

impl Verdict {
    /// The word of the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// Which numbers are compared with a threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Executed lines of measured lines.
    #[default]
    Line,
    /// Executed lines and taken branches of all lines and branches, as pytest prints it.
    Combined,
    /// Fully executed lines of measured lines: a line with an untaken branch counts as missed.
    Strict,
}

impl Metric {
    /// The word of the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Combined => "combined",
            Self::Strict => "strict",
        }
    }
}

/// A ratio, and what it was compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The covered part, in units of the metric.
    pub covered: u64,
    /// The whole.
    pub measured: u64,
    /// `covered` of `measured` in percent with two decimals, cut off and never rounded up; null when nothing was measured.
    pub percent: Option<String>,
    /// The percentage that had to be reached; null when this was not judged.
    pub threshold: Option<String>,
    /// Whether it was reached; null when this was not judged, or nothing was measured.
    pub reached: Option<bool>,
}

/// Where a reason or a note comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What it is, for programs: `patch-below`, `unmeasured-source`, ….
    pub code: String,
    /// What follows from it: for a reason the verdict that it alone would make; for a note `pass`.
    pub verdict: Verdict,
    /// The file, relative to the root of the repository or as a report names it; null when it is about no single file.
    pub file: Option<String>,
    /// The line in that file.
    pub line: Option<u32>,
    /// The group that it is about; null for the whole.
    pub group: Option<String>,
    /// What it is, for a person, in one sentence without a full stop.
    pub message: String,
    /// What to do about it, where there is something to do.
    pub hint: Option<String>,
}

/// A reason for not being able to tell.
pub(crate) fn problem(code: &str, message: String) -> Reason {
    Reason {
        code: code.to_owned(),
        verdict: Verdict::Unknown,
        file: None,
        line: None,
        group: None,
        message,
        hint: None,
    }
}

/// Something worth knowing.
pub(crate) fn note(code: &str, message: String) -> Reason {
    Reason { verdict: Verdict::Pass, ..problem(code, message) }
}

/// How a file stands to the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// New.
    Added,
    /// Changed under the same name.
    Modified,
    /// Changed, and renamed from `from`.
    Renamed,
    /// Not changed.
    Unchanged,
    /// Nothing was compared, so nobody knows.
    Unknown,
}

impl Status {
    /// The word of the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Modified => "modified",
            Self::Renamed => "renamed",
            Self::Unchanged => "unchanged",
            Self::Unknown => "unknown",
        }
    }
}

/// Lines in a row, both ends included; JSON has `[first, last]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span(pub u32, pub u32);

impl fmt::Display for Span {
    /// `7` or `7-9`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == self.1 { write!(f, "{}", self.0) } else { write!(f, "{}-{}", self.0, self.1) }
    }
}

/// One source file that a report measures, or that changed and should be measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name, relative to the root of the repository; bytes that are not UTF-8 are `\xNN`.
    pub file: String,
    /// How it stands to the base.
    pub status: Status,
    /// Its old name, when it was renamed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// What `covered` and `measured` count: `line`, or `statement` in a Go profile.
    pub unit: Cow<'static, str>,
    /// The covered part, in units of the metric.
    pub covered: u64,
    /// The whole; 0 when no report measures it.
    pub measured: u64,
    /// In percent with two decimals, cut off; null when nothing was measured.
    pub percent: Option<String>,
    /// Whether any report names it.
    pub reported: bool,
    /// Its part of the patch; null for files that did not change.
    pub patch: Option<FilePatch>,
}

/// What a change did to one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePatch {
    /// Added lines of any kind.
    pub added: u64,
    /// The covered part of the patch, in units of the metric.
    pub covered: u64,
    /// The whole: measured added lines, and statements that an added line is part of.
    pub measured: u64,
    /// Lines that had to be covered and are not.
    pub missed: Vec<Span>,
    /// Lines that are covered in part: not every branch was taken.
    pub partial: Vec<Span>,
    /// Statements that count because of an added line further down: `[start of the statement, added line]`.
    pub by_statement: Vec<(u32, u32)>,
}

/// A part of the repository with thresholds of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its own answer.
    pub verdict: Verdict,
    /// Whether its lines come from the baseline, because its tests did not run this time.
    pub carried: bool,
    /// All its measured lines.
    pub all: Rate,
    /// Its part of the change.
    pub patch: Rate,
    /// Its new files.
    pub new: Rate,
    /// Its modified files.
    pub modified: Rate,
}

/// A report that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRead {
    /// Its path, as given or found.
    pub path: String,
    /// Its format.
    pub format: String,
    /// How many files it names.
    pub files: u64,
    /// How many of them are in the repository and in scope.
    pub used: u64,
}

/// A name of a report, or a changed file, that counts nowhere, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name.
    pub file: String,
    /// `outside`, `untracked`, `excluded`, `generated`, `vendored`, `deleted`, `renamed`, `mode`, `submodule`, `symlink`,
    /// `binary`, `test`, `no-source`, `no-statements`.
    pub why: String,
}

/// A waiver that was given, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The file.
    pub file: String,
    /// Its lines.
    pub lines: Vec<Span>,
    /// Why they cannot be covered, in the words of whoever waived them.
    pub reason: String,
    /// The last day on which it holds, `2027-01-31`.
    pub expires: String,
    /// How many missed lines it takes out of the count; 0 once it has expired.
    pub waived: u64,
    /// Whether its day is over.
    pub expired: bool,
}

/// What was compared with an earlier measurement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Why the delta rules were not judged; null when they were.
    pub skipped: Option<String>,
    /// The commit that the baseline was measured on.
    pub commit: Option<String>,
    /// The baseline's coverage less the lines that are gone by now.
    pub all: Rate,
    /// By how many percentage points coverage fell, with two decimals; negative when it rose; null when skipped.
    pub drop: Option<String>,
    /// By how many percentage points it may fall; null when that was not judged.
    pub allow_drop: Option<String>,
    /// Lines that did not change, were covered, and are not any more, by file.
    pub lost: Vec<Lost>,
}

/// Lines of one file that lost their coverage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The file.
    pub file: String,
    /// Its lines, as they are numbered now.
    pub lines: Vec<Span>,
}

/// The record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: String,
    /// The answer.
    pub verdict: Verdict,
    /// What this judges, where several gates run on one change: the input `title`.
    pub title: String,
    /// Which numbers decided.
    pub metric: Metric,
    /// What is counted: `line`, `statement` (Go alone), or `mixed`.
    pub unit: String,
    /// Commit id of the older side; null when nothing was compared.
    pub base: Option<String>,
    /// Commit id of the newer side; null for the work tree.
    pub head: Option<String>,
    /// What the base is, for people.
    pub compared: String,
    /// All measured lines in scope; null when it could not be counted.
    pub all: Option<Rate>,
    /// The changed lines.
    pub patch: Option<Rate>,
    /// All lines of added files.
    pub new: Option<Rate>,
    /// All lines of modified files.
    pub modified: Option<Rate>,
    /// Parts with thresholds of their own, in the order given.
    pub groups: Vec<Group>,
    /// Why the verdict is what it is, the worst first.
    pub reasons: Vec<Reason>,
    /// What is worth knowing and changes nothing.
    pub notes: Vec<Reason>,
    /// Source files, sorted by name.
    pub files: Vec<File>,
    /// Files that count nowhere.
    pub left_out: Vec<LeftOut>,
    /// Waivers in force or expired.
    pub waivers: Vec<Waiver>,
    /// The earlier measurement; null when none was given.
    pub baseline: Option<Baseline>,
    /// The reports, sorted by path.
    pub reports: Vec<ReportRead>,
}

/// `covered` of `measured` in hundredths of a percent, cut off; `None` of nothing.
pub fn hundredths(covered: u64, measured: u64) -> Option<u64> {
    if measured == 0 {
        return None;
    }
    // A u128 holds the product of any two counts.
    u64::try_from(u128::from(covered) * 10_000 / u128::from(measured)).ok()
}

/// `72.22`: percent with two decimals, cut off, so that 69.996 is never shown as 70.
pub fn percent(covered: u64, measured: u64) -> Option<String> {
    hundredths(covered, measured).map(|part| format!("{}.{:02}", part / 100, part % 100))
}
