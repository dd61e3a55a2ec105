//! The answer for the summary page of a run: a table with a row a job, what fails first.
use action::markdown;

use super::text::said;
use crate::record::{Answer, Record, Row, State};

/// `### job-gate: failure`, the counts and the rows.
pub(super) fn section(record: &Record) -> String {
    let word = match record.result {
        Answer::Unknown => "cannot tell",
        answer => answer.word(),
    };
    let mut out = format!("### job-gate: {word}\n\n{}\n\n", said(record));
    for problem in &record.problems {
        let hint = problem.hint.as_ref().map(|hint| format!(" ({})", markdown::text(hint))).unwrap_or_default();
        out += &format!("- {}{hint}\n", markdown::text(&problem.message));
    }
    if !record.problems.is_empty() {
        out.push('\n');
    }
    out += "| | job | why |\n|---|---|---|\n";
    let (bad, good): (Vec<&Row>, Vec<&Row>) = record.jobs.iter().partition(|row| !row.state.passes());
    bad.into_iter().chain(good).for_each(|row| out += &line(row));
    out
}

fn line(row: &Row) -> String {
    let mark = match row.state {
        State::Succeeded => "✅",
        State::Allowed => "➖",
        State::Unknown => "❔",
        _ => "❌",
    };
    let name = match &row.url {
        Some(url) => markdown::link(&row.job, url),
        None => markdown::text(&row.job),
    };
    let hint = row.hint.as_ref().map(|hint| format!("<br>{}", markdown::text(hint))).unwrap_or_default();
    format!("| {mark} | {name} | {}{hint} |\n", markdown::text(&row.reason))
}
