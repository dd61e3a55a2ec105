//! The findings as Markdown, for the summary of the step.
use std::fmt::Write as _;

use action::markdown;

use crate::finding::Severity;
use crate::record::Record;
use crate::report::text::many;

/// Findings that are listed; the rest is counted.
const LISTED: usize = 50;

/// The section.
pub(crate) fn section(record: &Record) -> String {
    let word = match record.verdict.as_str() {
        "pass" => "🟢 no fake code",
        "fail" => "🔴 fake code found",
        _ => "⚪ could not tell",
    };
    let mut text = format!("### {word}\n\n");
    let looked = format!("{} and {}", many(record.files, "file"), many(record.functions, "function"));
    // Writing to a String does not fail.
    let _ = writeln!(
        text,
        "{}, {} in {looked}{}.\n",
        many(record.errors, "error"),
        many(record.warnings, "warning"),
        compared(record)
    );
    if !record.findings.is_empty() {
        text.push_str("| | rule | where | what |\n|---|---|---|---|\n");
    }
    for it in record.findings.iter().take(LISTED) {
        let mark = match it.severity {
            Severity::Error => "🔴",
            Severity::Warning => "🟡",
            Severity::Note => "⚪",
        };
        let place = markdown::code(format!("{}:{}", it.file, it.line));
        let _ = writeln!(text, "| {mark} | {} {} | {place} | {} |", it.rule, it.name, markdown::text(&it.message));
    }
    if record.findings.len() > LISTED {
        let _ = writeln!(text, "\n… and {} more.", record.findings.len() - LISTED);
    }
    for it in record.unparsable.iter().take(LISTED) {
        let _ = writeln!(text, "\nCould not read {}: {}.", markdown::code(&it.file), markdown::text(&it.message));
    }
    text
}

fn compared(record: &Record) -> String {
    record
        .compared
        .as_ref()
        .map_or_else(String::new, |compared| format!(", {}, compared with {}", record.mode, markdown::text(compared)))
}
