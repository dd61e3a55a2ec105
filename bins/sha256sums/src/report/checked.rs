//! What a check says: a line for each file, a reason for each fault, the record, and how it ends.
use std::fmt::Write as _;
use std::path::Path;

use action::{Annotation, Answer, Failure, Location, Report, markdown, neutral};
use formats::sums::{Digest, write_name};

use super::printer::Printer;
use crate::decide::{Facts, Finding, Outcome, State, Verdict};
use crate::gather::shown;

/// Which lines are printed for files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// One for each file.
    All,
    /// One for each that is not as listed.
    Bad,
    /// None.
    None,
}

/// The lines for the files, in GNU's form, and the reasons as annotations.
pub(crate) fn write(report: &mut Report, (facts, verdict): (&Facts, &Verdict), list: &Path, lines: Lines) {
    let mut printer = Printer::new(report);
    for (entry, state) in facts.list.entries.iter().zip(&facts.states) {
        let Some(word) = word(state) else { continue };
        if lines == Lines::All || (lines == Lines::Bad && *state != State::Good) {
            printer.bytes(|out| line(out, &entry.name, word));
        }
    }
    for finding in &verdict.findings {
        printer.annotate(annotation(finding, list));
    }
}

/// `name: word`. GNU's program escapes a name here only if it would break the line.
pub(crate) fn line(out: &mut Vec<u8>, name: &[u8], word: &str) {
    match name.contains(&b'\n') {
        false => out.extend_from_slice(name),
        true => {
            out.push(b'\\');
            write_name(out, name);
        }
    }
    out.extend_from_slice(b": ");
    out.extend_from_slice(word.as_bytes());
    out.push(b'\n');
}

fn word(state: &State) -> Option<&'static str> {
    match state {
        State::Good => Some("OK"),
        State::Differs(_) => Some("FAILED"),
        State::Skipped => None,
        _ => Some("FAILED open or read"),
    }
}

fn annotation(finding: &Finding, list: &Path) -> Annotation {
    let name = finding.name.as_ref().map(|name| format!("{}: ", neutral(name))).unwrap_or_default();
    let hint = if finding.hint.is_empty() { String::new() } else { format!("; {}", finding.hint) };
    let weight = match finding.outcome {
        Outcome::Nonsense => 3,
        Outcome::No => 2,
        _ => 1,
    };
    let annotation = Annotation::error(format!("{name}{}{hint}", finding.message)).weight(weight);
    match finding.at {
        None => annotation,
        Some((line, column)) => {
            annotation.at(Location::column(shown(list), u32::try_from(line).unwrap_or(u32::MAX), column))
        }
    }
}

/// The answer; of findings that outweigh it, a failure that sums up what the annotations said.
pub(crate) fn answer(verdict: &Verdict, list: &Path) -> Result<Answer, Failure> {
    let doing = format!("verify by {}", shown(list));
    match verdict.outcome {
        Outcome::Good => Ok(Answer::Yes),
        Outcome::No => Ok(Answer::No),
        Outcome::Unread => Err(Failure::outside(doing, "not every file could be read")),
        Outcome::Nonsense => Err(Failure::inputs(doing, "it proves nothing as long as it has problems")),
    }
}

/// The reasons, or the good files, in the summary of the step.
pub(crate) fn table(report: &mut Report, facts: &Facts, verdict: &Verdict) {
    if verdict.findings.is_empty() {
        let good = facts.list.entries.iter().zip(&facts.states).filter(|(_, state)| **state == State::Good);
        let files: Vec<(&[u8], &Digest)> = good.map(|(entry, _)| (entry.name.as_slice(), &entry.digest)).collect();
        return super::table(report, &format!("✅ {} as listed", super::files(files.len())), &files);
    }
    if !report.workflow().in_actions {
        return;
    }
    let mut text = String::from("### ❌ The files are not as listed\n\n| file | what is wrong |\n|---|---|\n");
    for finding in verdict.findings.iter().take(super::ROWS) {
        let name = match (&finding.name, finding.at) {
            (Some(name), _) => markdown::code(name),
            (None, Some((line, _))) => format!("line {line}"),
            (None, None) => String::new(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {name} | {} |", markdown::text(&finding.message));
    }
    report.summary(text);
}
