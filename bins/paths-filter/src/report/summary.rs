//! The answer for the summary page of a run: which filter is true, and which file and line decided it.
use action::{Report, markdown};

use super::{Shown, files, short};
use crate::decide::{FilterVerdict, Why};

/// Writes one section.
pub(crate) fn write(report: &mut Report, shown: &Shown) {
    report.summary(section(shown));
}

/// `### paths-filter: 2 of 5 filters are true`, a table, and what was compared.
pub(crate) fn section(shown: &Shown) -> String {
    let raised = shown.verdict.filters.iter().filter(|filter| filter.is_true()).count();
    let mut out = format!("### paths-filter: {raised} of {} filters true\n\n", shown.verdict.filters.len());
    if let Some(doubt) = &shown.facts.doubt {
        out += &format!(
            "> [!WARNING]\n> What changed is not known for sure, so every filter is true: {}.\n\n",
            markdown::text(doubt)
        );
    }
    out += "| filter | | files | first file | decided by |\n|---|---|---:|---|---|\n";
    for filter in &shown.verdict.filters {
        out += &row(shown, filter);
    }
    let head = shown.facts.head.as_deref().map_or("the work tree".to_owned(), |head| format!("`{}`", short(head)));
    let changed = files(shown.facts.changes.len());
    out += &format!("\n{changed} changed in {head}, compared with {}.", markdown::text(shown.compared()));
    if let Some(why) = &shown.facts.fell_back {
        out += &format!(" Read by the `git` command, because {}.", markdown::text(why));
    }
    out += "\n";
    out
}

fn row(shown: &Shown, filter: &FilterVerdict) -> String {
    let mark = if filter.is_true() { "**true**" } else { "false" };
    let first = match &filter.why {
        Why::Met { change, .. } => {
            let change = &shown.facts.changes[*change];
            format!("{} {}", change.status.word(), markdown::code(&change.path))
        }
        _ => String::new(),
    };
    let reason = match &filter.why {
        Why::Met { pattern: Some((pattern, at)), .. } => format!("{} line {}", markdown::code(pattern), at.line),
        _ => markdown::text(shown.reason(filter)),
    };
    let count = if filter.files.is_empty() { String::new() } else { filter.files.len().to_string() };
    format!("| {} | {mark} | {count} | {first} | {reason} |\n", markdown::text(&filter.name))
}
