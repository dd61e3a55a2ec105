//! The findings for a person: a code frame each, and a last line that counts.
use action::{Line, Report, neutral};

use crate::engine::Lines;
use crate::finding::Severity;
use crate::record::{Listed, Record};
use crate::report::Texts;

/// The most lines of code in a frame.
const MOST: u32 = 6;

/// Prints them.
pub(crate) fn write(report: &mut Report, (record, texts): (&Record, &Texts)) {
    for it in &record.findings {
        let lines = texts.get(&it.file).map(|text| Lines::of(text));
        finding(report, it, lines.as_ref());
        if report.closed() {
            return;
        }
    }
    report.line(last(record));
}

fn finding(report: &mut Report, it: &Listed, lines: Option<&Lines<'_>>) {
    let head = match it.severity {
        Severity::Error => Line::new().bad("error"),
        Severity::Warning => Line::new().doubtful("warning"),
        Severity::Note => Line::new().dim("note"),
    };
    report.line(
        head.bold(format!(" {}", it.rule)).dim(format!(" {}", it.name)).plain(format!("  {}", neutral(&it.message))),
    );
    report.line(Line::new().dim("  --> ").plain(format!("{}:{}:{}", neutral(&it.file), it.line, it.column)));
    if let Some(lines) = lines {
        frame(report, it, lines);
    }
    for proof in &it.evidence {
        report.line(Line::new().dim("    = ").plain(format!("line {}: {}", proof.line, neutral(&proof.text))));
    }
    report.line(Line::new().dim("    = repair: ").plain(neutral(&it.repair)));
    report.line("");
}

/// The first lines of the place, and of the rest those with evidence.
fn frame(report: &mut Report, it: &Listed, lines: &Lines<'_>) {
    let digits = it.end_line.to_string().len();
    let proofs = |line: u32| it.evidence.iter().any(|proof| proof.line == line);
    let width = report.width().saturating_sub(digits + 6).max(20);
    let mut shown = it.line.saturating_sub(1);
    for line in (it.line..=it.end_line)
        .filter(|line| *line < it.line + MOST - 1 || proofs(*line) || *line == it.end_line)
        .take(12)
    {
        if line > shown + 1 {
            report.line(Line::new().dim(format!("{:>digits$} …", "")));
        }
        shown = line;
        let mark = if proofs(line) {
            Line::new().bad(format!("{line:>digits$} > "))
        } else {
            Line::new().dim(format!("{line:>digits$} | "))
        };
        report.line(mark.plain(cut(lines.text(line), width)));
    }
}

/// A line of code on one line of the terminal, with tabs as blanks.
fn cut(text: &str, width: usize) -> String {
    let plain = text.replace('\t', "  ");
    match plain.char_indices().nth(width) {
        Some((at, _)) => format!("{}…", &plain[..at]),
        None => plain,
    }
}

fn last(record: &Record) -> Line {
    let place = format!(" in {} and {}", many(record.files, "file"), many(record.functions, "function"));
    let mut more = Vec::new();
    if record.not_judged > 0 {
        more.push(format!("{} not judged", record.not_judged));
    }
    if record.suppressed > 0 {
        more.push(format!("{} suppressed", record.suppressed));
    }
    if record.known > 0 {
        more.push(format!("{} known", record.known));
    }
    if !record.unparsable.is_empty() {
        more.push(format!("{} could not be read", many(record.unparsable.len(), "file")));
    }
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
    let counts = [(record.errors, "error"), (record.warnings, "warning"), (record.notes, "note")];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| many(*count, word)).collect();
    let compared =
        record.compared.as_ref().map_or_else(String::new, |compared| format!(", compared with {}", neutral(compared)));
    let line = match counts.is_empty() {
        true => Line::new().good("no fake code found"),
        false if record.errors > 0 => Line::new().bad(counts.join(", ")),
        false => Line::new().doubtful(counts.join(", ")),
    };
    line.plain(place).dim(format!("{compared}{more}"))
}

/// `1 file`, `2 files`.
pub(crate) fn many(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
