//! The chain for a person: a mark for each link, and below it what is wrong and what to do.
use action::{Line, Report, neutral};

use crate::record::{Finding, Record, Status, Step};

/// Findings of a link that are listed.
const MOST: usize = 20;
/// Where the second column begins.
const COLUMN: usize = 15;

/// Prints it.
pub(super) fn write(report: &mut Report, record: &Record) {
    report.line(headline(record));
    report.line("");
    for step in &record.chain {
        link(report, step);
    }
    report.line("");
    for root in &record.roots {
        let age = format!("as of {}, {} days old", root.as_of, root.age_days);
        report.line(Line::new().dim(format!("trusted root {}, {age}", neutral(&root.origin))));
    }
    if !record.companions.is_empty() {
        let names: Vec<String> = record.companions.iter().map(neutral).collect();
        wrapped(report, Line::new().dim("not judged by themselves: "), (26, 2), &names.join(", "));
    }
}

fn headline(record: &Record) -> Line {
    let line = match record.verdict {
        Status::Pass => Line::new().good("pass"),
        Status::Fail => Line::new().bad("fail"),
        Status::Unknown | Status::Skipped => Line::new().doubtful("cannot tell"),
    };
    let count = record.assets.len();
    let files = format!("{} of {count} file{} attested", record.verified, if count == 1 { "" } else { "s" });
    line.plain(format!("  {} of {}, {files}", neutral(&record.tag), neutral(&record.repository)))
}

fn link(report: &mut Report, step: &Step) {
    let word = format!("{:<12} ", step.link.word());
    let line = Line::new();
    let line = match step.status {
        Status::Pass => line.good("✓ "),
        Status::Fail => line.bad("✗ "),
        Status::Unknown => line.doubtful("? "),
        Status::Skipped => line.dim("– "),
    };
    if step.findings.is_empty() {
        let line = if step.status == Status::Skipped { line.dim(word) } else { line.bold(word) };
        return wrapped(report, line, (COLUMN, COLUMN), &neutral(&step.message));
    }
    let mut line = line.bold(word);
    for finding in step.findings.iter().take(MOST) {
        wrapped(report, line, (COLUMN, COLUMN), &said(finding));
        if let Some(hint) = &finding.hint {
            let start = Line::new().plain(" ".repeat(COLUMN)).dim("hint: ");
            wrapped(report, start, (COLUMN + 6, COLUMN + 6), &neutral(hint));
        }
        line = Line::new().plain(" ".repeat(COLUMN));
    }
    let more = step.findings.len().saturating_sub(MOST);
    if more > 0 {
        report.line(Line::new().dim(format!("{}and {more} more", " ".repeat(COLUMN))));
    }
}

fn said(finding: &Finding) -> String {
    let file = finding.file.as_ref().map(|file| format!("{}: ", neutral(file))).unwrap_or_default();
    format!("{file}{}", neutral(&finding.message))
}

/// Prints text behind the start of a line, of so many columns, and goes on below it, indented, where the terminal ends.
fn wrapped(report: &mut Report, start: Line, (used, indent): (usize, usize), text: &str) {
    let (mut line, mut room) = (start, report.width().saturating_sub(used));
    let mut first = true;
    for word in text.split(' ') {
        let length = word.chars().count() + usize::from(!first);
        if length > room && !first {
            report.line(std::mem::replace(&mut line, Line::new().plain(" ".repeat(indent))));
            room = report.width().saturating_sub(indent + word.chars().count());
            line = line.plain(word);
        } else {
            line = line.plain(if first { word.to_owned() } else { format!(" {word}") });
            room = room.saturating_sub(length);
        }
        first = false;
    }
    report.line(line);
}
