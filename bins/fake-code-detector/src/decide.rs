//! Findings × suppressions × baseline × rules of the project → the record. Pure.
#![deny(clippy::disallowed_methods)]
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use crate::baseline::Baseline;
use crate::engine::{Examined, Seen};
use crate::finding::Severity;
use crate::record::{Listed, Record, SCHEMA, Shown, Unreadable};
use crate::rules;
use crate::suppress::Suppression;

/// What is judged.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Functions that the change touches.
    ChangedFunctions,
    /// Files that the change touches, all of each.
    ChangedFiles,
    /// Everything.
    All,
}

impl Mode {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::ChangedFunctions => "changed-functions",
            Self::ChangedFiles => "changed-files",
            Self::All => "all",
        }
    }
}

/// What a project may decide.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) mode: Mode,
    /// The least severity that fails.
    pub(crate) fail_on: Severity,
    /// A file that cannot be parsed lets the run pass.
    pub(crate) unparsable_passes: bool,
    /// Severities by rule; `None` switches it off.
    pub(crate) severities: BTreeMap<String, Option<Severity>>,
    /// Days that a suppression may last.
    pub(crate) longest: u32,
    pub(crate) today: Date,
}

/// One file as it was looked at.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) name: String,
    /// Changed lines of the newer side; nothing where all of it is judged.
    pub(crate) changed: Option<Vec<RangeInclusive<u32>>>,
    pub(crate) result: Result<Examined, Unreadable>,
}

/// What all files come to.
pub(crate) fn verdict(
    files: &[Looked],
    baseline: Option<&Baseline>,
    (policy, compared): (&Policy, Option<String>),
) -> Record {
    let mut record = Record {
        schema: SCHEMA.to_owned(),
        mode: policy.mode.word().to_owned(),
        compared,
        files: files.len(),
        ..Record::default()
    };
    let mut known = baseline.cloned().unwrap_or_default();
    let mut open: Vec<Listed> = Vec::new();
    for file in files {
        match &file.result {
            Ok(examined) => {
                record.functions += examined.functions;
                record.not_judged += usize::from(examined.aside);
                let (left, suppressed) = unsuppressed(file, examined, policy);
                record.suppressed += suppressed;
                open.extend(left);
            }
            Err(problem) => record.unparsable.push(problem.clone()),
        }
    }
    // Those that the file's own baseline knows first, so that a moved one does not use up a neighbour's.
    let (own, others): (Vec<Listed>, Vec<Listed>) =
        open.into_iter().partition(|it| known.has(&it.file, &Baseline::key(&it.rule, &it.fingerprint)));
    for listed in own.into_iter().chain(others) {
        if is_about_suppressions(&listed.rule)
            || !known.take(&listed.file, &Baseline::key(&listed.rule, &listed.fingerprint))
        {
            record.findings.push(listed);
        } else {
            record.known += 1;
        }
    }
    if policy.mode == Mode::All {
        record.findings.extend(known.left().filter_map(|left| stale(left, policy)));
    }
    record.findings.sort_by(|a, b| {
        (&a.file, a.line, &a.rule, a.end_line, &a.message).cmp(&(&b.file, b.line, &b.rule, b.end_line, &b.message))
    });
    counted(record, policy)
}

fn counted(mut record: Record, policy: &Policy) -> Record {
    let count = |severity| record.findings.iter().filter(|it| it.severity == severity).count();
    (record.errors, record.warnings, record.notes) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let fails = record.findings.iter().any(|it| it.severity >= policy.fail_on);
    record.verdict = match () {
        () if fails => "fail",
        () if !record.unparsable.is_empty() && !policy.unparsable_passes => "unknown",
        () => "pass",
    }
    .to_owned();
    record
}

/// The findings of a file that are judged and that no comment answers for, with those about the comments; and how many are answered for.
fn unsuppressed(file: &Looked, examined: &Examined, policy: &Policy) -> (Vec<Listed>, usize) {
    let mut used = vec![false; examined.suppressions.len()];
    let mut left = Vec::new();
    let mut suppressed = 0;
    for seen in &examined.findings {
        let Some(severity) = severity(seen.rule, seen.severity, policy) else { continue };
        let by = examined.suppressions.iter().position(|it| covers(it, seen) && in_force(it, policy));
        for (index, it) in examined.suppressions.iter().enumerate() {
            used[index] |= covers(it, seen);
        }
        match by {
            Some(_) => suppressed += 1,
            None if is_judged(seen, file, policy) => left.push(listed(&file.name, seen, severity)),
            None => {}
        }
    }
    let mut left = merged(left);
    for (it, used) in examined.suppressions.iter().zip(used) {
        left.extend(about(&file.name, it, used, policy).filter(|_| touched(it.line..=it.line, file)));
    }
    (left, suppressed)
}

/// Several rules at one place are one finding, the worst of them, which names the others: there is one thing to repair.
fn merged(mut all: Vec<Listed>) -> Vec<Listed> {
    all.sort_by(|a, b| {
        (a.line, a.end_line, a.column, b.severity, &a.rule).cmp(&(b.line, b.end_line, b.column, a.severity, &b.rule))
    });
    let mut kept: Vec<Listed> = Vec::new();
    for it in all {
        match kept.last_mut() {
            Some(first) if (first.line, first.end_line, first.column) == (it.line, it.end_line, it.column) => {
                first.evidence.extend(
                    it.evidence
                        .into_iter()
                        .map(|proof| Shown { text: format!("{}: {}", it.rule, proof.text), ..proof }),
                );
            }
            _ => kept.push(it),
        }
    }
    kept
}

fn is_about_suppressions(rule: &str) -> bool {
    rule.starts_with("FK90")
}

fn severity(rule: &str, own: Severity, policy: &Policy) -> Option<Severity> {
    policy.severities.get(rule).copied().unwrap_or(Some(own))
}

/// Whether a finding counts in this mode: all of it, or where the change touches its function.
fn is_judged(seen: &Seen, file: &Looked, policy: &Policy) -> bool {
    match policy.mode {
        Mode::All => seen.rule != "FK503",
        Mode::ChangedFiles => seen.rule != "FK503" || touched(seen.line..=seen.end_line, file),
        Mode::ChangedFunctions if seen.rule == "FK503" => touched(seen.line..=seen.end_line, file),
        Mode::ChangedFunctions => touched(seen.around.clone(), file) || touched(seen.line..=seen.end_line, file),
    }
}

fn touched(lines: RangeInclusive<u32>, file: &Looked) -> bool {
    match &file.changed {
        Some(changed) => changed.iter().any(|range| range.start() <= lines.end() && lines.start() <= range.end()),
        None => true,
    }
}

fn covers(it: &Suppression, seen: &Seen) -> bool {
    it.rules.iter().any(|rule| rule == seen.rule) && it.place.0 <= seen.at && seen.at < it.place.1
}

fn in_force(it: &Suppression, policy: &Policy) -> bool {
    it.terms
        .as_ref()
        .is_ok_and(|terms| terms.until >= policy.today && days(policy.today, terms.until) <= i64::from(policy.longest))
}

fn days(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// What is wrong with a suppression.
fn about(file: &str, it: &Suppression, used: bool, policy: &Policy) -> Option<Listed> {
    let (rule, message) = match &it.terms {
        Err(why) => (&rules::FK901, format!("this suppression does not count: {why}")),
        Ok(terms) if terms.until < policy.today => {
            (&rules::FK902, format!("this suppression ended on {}", terms.until))
        }
        Ok(terms) if days(policy.today, terms.until) > i64::from(policy.longest) => {
            (&rules::FK902, format!("this suppression lasts until {}, more than {} days", terms.until, policy.longest))
        }
        Ok(_) if !used => (&rules::FK903, format!("nothing here is found by {}", it.rules.join(", "))),
        Ok(_) => return None,
    };
    let severity = severity(rule.id, rule.severity, policy)?;
    Some(Listed {
        file: file.to_owned(),
        line: it.line,
        column: 1,
        end_line: it.line,
        rule: rule.id.to_owned(),
        name: rule.name.to_owned(),
        severity,
        message,
        function: None,
        evidence: Vec::new(),
        repair: rule.repair.to_owned(),
        fingerprint: String::new(),
    })
}

fn stale((file, key, count): (&str, &str, u32), policy: &Policy) -> Option<Listed> {
    let rule = &rules::FK904;
    let severity = severity(rule.id, rule.severity, policy)?;
    let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
    Some(Listed {
        file: file.to_owned(),
        line: 1,
        column: 1,
        end_line: 1,
        rule: rule.id.to_owned(),
        name: rule.name.to_owned(),
        severity,
        message: format!("the baseline knows {key}{times} here, and it is gone"),
        function: None,
        evidence: Vec::new(),
        repair: rule.repair.to_owned(),
        fingerprint: String::new(),
    })
}

fn listed(file: &str, seen: &Seen, severity: Severity) -> Listed {
    let rule = rules::by_id(seen.rule);
    Listed {
        file: file.to_owned(),
        line: seen.line,
        column: seen.column,
        end_line: seen.end_line,
        rule: seen.rule.to_owned(),
        name: rule.map_or("", |rule| rule.name).to_owned(),
        severity,
        message: seen.message.clone(),
        function: seen.function.clone(),
        evidence: seen
            .evidence
            .iter()
            .map(|(line, kind, text)| Shown { kind: *kind, line: *line, text: text.clone() })
            .collect(),
        repair: rule.map_or("", |rule| rule.repair).to_owned(),
        fingerprint: seen.fingerprint.clone(),
    }
}
