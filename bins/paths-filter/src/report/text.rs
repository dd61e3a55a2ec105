//! The answer for a person: one line a filter, the true ones with their files.
use action::{Line, Report, neutral};

use super::{Shown, files, short};
use crate::decide::{FilterVerdict, Why};
use crate::filters::Change;

/// Names longer than this do not push the other columns away.
const WIDEST_NAME: usize = 24;

/// Prints the table and its last line.
pub(crate) fn write(report: &mut Report, shown: &Shown) {
    let width = shown.verdict.filters.iter().map(|filter| neutral(&filter.name).chars().count()).max().unwrap_or(0);
    let count = shown.verdict.filters.iter().map(|filter| files(filter.files.len()).len()).max().unwrap_or(0);
    let columns = Columns { name: width.min(WIDEST_NAME), count, all: report.width() };
    for filter in &shown.verdict.filters {
        report.line(row(shown, filter, columns));
    }
    if !shown.verdict.filters.is_empty() {
        report.line("");
    }
    report.line(total(shown));
    report.line(Line::new().dim(format!("compared with {}", shown.compared())));
    if shown.path.is_none() && shown.filters.list.iter().all(|filter| filter.rules.is_empty()) {
        report.line(
            Line::new()
                .dim("no filters file, so this is by top-level folder; write .github/filters.yml to name your own"),
        );
    }
}

#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    count: usize,
    all: usize,
}

fn row(shown: &Shown, filter: &FilterVerdict, columns: Columns) -> Line {
    let name = neutral(&filter.name);
    let padded = format!("{name:<width$}  ", width = columns.name);
    let line = match filter.why {
        Why::No => return Line::new().dim(format!("false  {name}")),
        Why::Met { .. } => Line::new().good("true   ").bold(padded),
        Why::Depends(_) | Why::Uncertain => Line::new().doubtful("true   ").bold(padded),
    };
    let count = if filter.files.is_empty() {
        String::new()
    } else {
        format!("{:<width$}  ", files(filter.files.len()), width = columns.count)
    };
    let used = 7 + name.chars().count().max(columns.name) + 2 + count.chars().count();
    let room = columns.all.saturating_sub(used).max(20);
    match &filter.why {
        Why::Met { change, .. } => {
            let rest = filter.files.len().saturating_sub(1);
            let more = if rest > 0 { format!(" +{rest}") } else { String::new() };
            let shown_change = fit(&letter_and_name(&shown.facts.changes[*change]), room.saturating_sub(more.len()));
            line.plain(count).plain(shown_change).dim(more)
        }
        _ => line.plain(count).dim(fit(&shown.reason(filter), room)),
    }
}

/// `M src/main.rs`
pub(crate) fn letter_and_name(change: &Change) -> String {
    format!("{} {}", change.status.letter(), neutral(&change.path))
}

/// Cuts the middle out of what is too long: the start and the end of a path say most.
fn fit(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    let (head, tail) = (room.saturating_sub(1) / 3, room.saturating_sub(1) - room.saturating_sub(1) / 3);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

fn total(shown: &Shown) -> Line {
    let raised = shown.verdict.filters.iter().filter(|filter| filter.is_true()).count();
    let changed = files(shown.facts.changes.len());
    let reach = if shown.facts.whole { "" } else { " where the filters look" };
    let head = shown.facts.head.as_deref().map_or("the work tree".to_owned(), |head| short(head).to_owned());
    Line::new()
        .bold(format!("{raised} of {} true", shown.verdict.filters.len()))
        .plain(format!(", {changed} changed{reach} in {head}"))
}
