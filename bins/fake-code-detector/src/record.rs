//! The verdict as one value, from which every rendering is made; its schema is `dist/fake-code-detector/findings.schema.json`.
use serde::{Deserialize, Serialize};

use crate::finding::{Evidence, Severity};

/// The name of the schema.
pub const SCHEMA: &str = "https://github.com/dataflow/fake-code-detector/findings/1";

/// Everything that a run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: String,
    /// `pass`, `fail` or `unknown`.
    pub verdict: String,
    /// What was looked at: `all`, `changed-files` or `changed-functions`.
    pub mode: String,
    /// What a change was compared with, for people; nothing in mode `all`.
    pub compared: Option<String>,
    /// Files that were looked into.
    pub files: usize,
    /// Functions in them.
    pub functions: usize,
    /// Of the files, those that no rule judges: fixtures, scripts, examples, generated code.
    #[serde(default)]
    pub not_judged: usize,
    /// Counts of what is listed.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Findings that a comment answers for.
    pub suppressed: usize,
    /// Findings that the baseline knows.
    pub known: usize,
    /// All findings, by file and line.
    pub findings: Vec<Listed>,
    /// Files that could not be read as programs.
    pub unparsable: Vec<Unreadable>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// File, relative to the root of the repository or to where the tool runs.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// `FK103`.
    pub rule: String,
    /// `constant-answer`.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The function, where there is one.
    pub function: Option<String>,
    /// What shows it.
    pub evidence: Vec<Shown>,
    /// The shortest honest repair.
    pub repair: String,
    /// The same wherever the code is moved and however it is formatted.
    pub fingerprint: String,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// Its kind.
    pub kind: Evidence,
    /// Its line.
    pub line: u32,
    /// In words.
    pub text: String,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    /// The file.
    pub file: String,
    /// Where, from 1; nothing for the whole file.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
    /// Why.
    pub message: String,
}
