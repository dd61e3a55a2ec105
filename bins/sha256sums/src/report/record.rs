//! What a check came to, for programs.
use std::path::Path;

use formats::sums::{Entry, hex};
use serde::Serialize;

use super::name_as_json;
use crate::decide::{self, Facts, Outcome, State, Verdict};
use crate::gather::shown;

/// The record.
#[derive(Serialize)]
pub(crate) struct Record {
    list: String,
    outcome: &'static str,
    good: usize,
    files: Vec<File>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct File {
    name: String,
    line: u64,
    state: &'static str,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
}

#[derive(Serialize)]
struct Finding {
    outcome: &'static str,
    line: Option<u64>,
    column: Option<u32>,
    name: Option<String>,
    message: String,
    hint: &'static str,
}

/// The record of a check.
pub(crate) fn record(facts: &Facts, verdict: &Verdict, list: &Path) -> Record {
    Record {
        list: shown(list),
        outcome: outcome_word(verdict.outcome),
        good: verdict.good,
        files: facts.list.entries.iter().zip(&facts.states).map(|(entry, state)| file(entry, state)).collect(),
        findings: verdict.findings.iter().map(finding).collect(),
    }
}

fn file(entry: &Entry, state: &State) -> File {
    let found = match state {
        State::Differs(digest) => Some(hex(digest)),
        _ => None,
    };
    let (name, sha256) = (name_as_json(&entry.name), hex(&entry.digest));
    File { name, line: entry.line, state: state_word(state), sha256, found }
}

fn finding(finding: &decide::Finding) -> Finding {
    Finding {
        outcome: outcome_word(finding.outcome),
        line: finding.at.map(|at| at.0),
        column: finding.at.map(|at| at.1),
        name: finding.name.as_deref().map(name_as_json),
        message: finding.message.clone(),
        hint: finding.hint,
    }
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Good => "good",
        Outcome::Unread => "unread",
        Outcome::No => "bad",
        Outcome::Nonsense => "nonsense",
    }
}

fn state_word(state: &State) -> &'static str {
    match state {
        State::Good => "good",
        State::Differs(_) => "differs",
        State::Missing => "missing",
        State::Vanished => "vanished",
        State::Outside => "outside",
        State::Ambiguous => "ambiguous",
        State::Unread(_) => "unread",
        State::Skipped => "skipped",
    }
}
