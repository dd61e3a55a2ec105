//! The answer for a person: a line a job, and below it what to do.
use action::{Line, Report};

use crate::record::{Answer, Record, Row, State};

/// Names longer than this do not push the reasons away.
const WIDEST: usize = 28;

/// Prints the rows, and the answer last: a log is read from its end.
pub(super) fn write(report: &mut Report, record: &Record) {
    let longest = record.jobs.iter().map(|row| row.job.len()).max().unwrap_or(0).min(WIDEST);
    for row in &record.jobs {
        line(report, row, longest);
    }
    for problem in &record.problems {
        report.line(Line::new().doubtful("? ").plain(&problem.message));
        hint(report, problem.hint.as_deref());
    }
    report.line("");
    report.line(total(record));
}

fn line(report: &mut Report, row: &Row, width: usize) {
    let name = format!("{:<width$}  ", row.job);
    let line = match row.state {
        State::Succeeded => Line::new().good("✓ ").plain(name).plain(&row.reason),
        State::Allowed => Line::new().dim("– ").plain(name).dim(&row.reason),
        State::Unknown => Line::new().doubtful("? ").bold(name).plain(&row.reason),
        _ => Line::new().bad("✗ ").bold(name).plain(&row.reason),
    };
    report.line(line);
    if !row.state.passes() {
        hint(report, row.hint.as_deref());
        if let Some(url) = &row.url {
            report.line(Line::new().dim(format!("    {url}")));
        }
    }
}

fn hint(report: &mut Report, hint: Option<&str>) {
    if let Some(hint) = hint {
        report.line(Line::new().plain("    ").dim("hint: ").dim(hint));
    }
}

fn total(record: &Record) -> Line {
    let line = match record.result {
        Answer::Success => Line::new().good("success"),
        Answer::Failure => Line::new().bad("failure"),
        Answer::Unknown => Line::new().doubtful("cannot tell"),
    };
    line.plain(format!("  {}", said(record)))
}

/// `5 succeeded, 1 allowed, 1 failed`.
pub(super) fn said(record: &Record) -> String {
    let count = |state: State| Some((record.count(state), state)).filter(|(count, _)| *count > 0);
    let parts: Vec<String> =
        State::ALL.into_iter().filter_map(count).map(|(count, state)| format!("{count} {}", state.word())).collect();
    parts.join(", ")
}
