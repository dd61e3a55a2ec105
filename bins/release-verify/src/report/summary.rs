//! The record as a section of the step summary: the answer, the chain, the files and who signed.
use action::markdown::{code, text};

use crate::record::{Finding, Record, Status};

/// Rows of a table; GitHub takes 1 MiB of a step.
const MOST_ROWS: usize = 200;
/// Findings of a link.
const MOST_FINDINGS: usize = 50;

/// The section, in GitHub's Markdown.
pub(super) fn section(record: &Record) -> String {
    let repository = record.repository.trim_start_matches("https://");
    let mut out = format!(
        "### {} {} of {}: {}\n\n",
        mark(record.verdict),
        text(&record.tag),
        text(repository),
        record.verdict.word()
    );
    out += "| link | | what was seen |\n|---|---|---|\n";
    for step in &record.chain {
        out += &format!("| {} | {} | {} |\n", step.link.word(), mark(step.status), text(&step.message));
    }
    let findings: Vec<&Finding> =
        record.chain.iter().flat_map(|step| step.findings.iter().take(MOST_FINDINGS)).collect();
    if !findings.is_empty() {
        out.push('\n');
        findings.iter().for_each(|finding| out += &item(finding));
    }
    out += &files(record);
    for root in &record.roots {
        out += &format!("\nTrusted root {}, as of {} ({} days old).\n", text(&root.origin), root.as_of, root.age_days);
    }
    out
}

fn mark(status: Status) -> &'static str {
    match status {
        Status::Pass => "🟢",
        Status::Fail => "🔴",
        Status::Unknown => "🟡",
        Status::Skipped => "⚪",
    }
}

fn item(finding: &Finding) -> String {
    let file = finding.file.as_ref().map(|file| format!("{}: ", code(file))).unwrap_or_default();
    let hint = finding.hint.as_ref().map(|hint| format!("; {}", text(hint))).unwrap_or_default();
    format!("- {} {file}{}{hint}\n", mark(finding.status), text(&finding.message))
}

fn files(record: &Record) -> String {
    if record.assets.is_empty() {
        return String::new();
    }
    let mut out = "\n| file | SHA-256 | listed | attested |\n|---|---|---|---|\n".to_owned();
    for asset in record.assets.iter().take(MOST_ROWS) {
        let yes = |is: bool| if is { "yes" } else { "no" };
        let (listed, attested) = (yes(asset.listed), yes(!asset.attested_by.is_empty()));
        out += &format!("| {} | {} | {listed} | {attested} |\n", code(&asset.name), code(&asset.sha256));
    }
    let more = record.assets.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        out += &format!("\nand {more} more files\n");
    }
    out
}
