//! `explain`: which rule of which filter decides about a file, or about all that changed, and what was compared.
use action::{Answer, Failure, Line, Report, neutral};
use serde_json::{Value, json};

use super::answer::decided;
use crate::decide::Why;
use crate::filters::{Change, Filter, Quantifier};
use crate::gather::{self, Place};
use crate::inputs::{ExplainInputs, Format};
use crate::report::lists::text;
use crate::report::text::letter_and_name;
use crate::report::{self, Shown};

/// What one filter says.
struct Row {
    filter: String,
    is_true: bool,
    /// The deciding file.
    file: Option<String>,
    /// The deciding pattern and its line.
    pattern: Option<(String, usize)>,
    why: &'static str,
}

pub(crate) fn run(inputs: ExplainInputs, report: &mut Report) -> Result<Answer, Failure> {
    let ExplainInputs { file, filter } = inputs;
    let settings = filter.settings(report.workflow())?;
    let place = Place::open(&settings.source, report.workflow())?;
    let read = gather::filters(&settings.source, &place)?;
    let facts = gather::facts(&place, &settings, read.as_ref().map(|read| &read.filters))?;
    let shown = decided(&settings, read, facts);
    let rows = match &file {
        Some(file) => about_file(&shown, file, settings.source.quantifier),
        None => about_change(&shown),
    };
    match settings.format {
        Format::Text => print(report, &shown, &rows, file.as_deref()),
        Format::Json => report.machine(format!("{}\n", as_json(&shown, &rows, file.as_deref()))),
    }
    report::warnings(report, &shown);
    Ok(Answer::Yes)
}

fn about_change(shown: &Shown) -> Vec<Row> {
    let row = |filter: &crate::decide::FilterVerdict| {
        let (file, pattern, why) = match &filter.why {
            Why::Met { change, pattern } => {
                let pattern = pattern.as_ref().map(|(text, at)| (text.clone(), at.line));
                (Some(letter_and_name(&shown.facts.changes[*change])), pattern, "met by a changed file")
            }
            Why::Depends(other) => (Some(other.clone()), None, "depends on a true filter"),
            Why::Uncertain => (None, None, "what changed is not known for sure"),
            Why::No => (None, None, "met by no changed file"),
        };
        Row { filter: filter.name.clone(), is_true: filter.is_true(), file, pattern, why }
    };
    shown.verdict.filters.iter().map(row).collect()
}

fn about_file(shown: &Shown, file: &str, quantifier: Quantifier) -> Vec<Row> {
    let change: Option<&Change> = shown.facts.changes.iter().find(|change| change.path == file.as_bytes());
    let status = change.map(|change| change.status);
    let row = |filter: &Filter| {
        let met = filter.meets(file.as_bytes(), status, quantifier);
        let pattern = met.and_then(|met| met.by).map(|p| (p.glob.pattern().to_owned(), p.at.line));
        let why = match (met.is_some(), change.is_some()) {
            (true, true) => "met by this file",
            (true, false) => "would be met by this file, which did not change",
            (false, _) => "not met by this file",
        };
        Row { filter: filter.name.clone(), is_true: met.is_some(), file: None, pattern, why }
    };
    shown.filters.list.iter().map(row).collect()
}

fn print(report: &mut Report, shown: &Shown, rows: &[Row], file: Option<&str>) {
    let head = shown.facts.head.as_deref().unwrap_or("the work tree");
    report.line(Line::new().dim("base  ").plain(shown.facts.base.as_deref().unwrap_or("nothing").to_owned()));
    report.line(Line::new().dim("      ").plain(shown.facts.why.clone()));
    report.line(Line::new().dim("head  ").plain(head.to_owned()));
    if let Some(why) = &shown.facts.fell_back {
        report.line(Line::new().dim("read  ").plain(format!("by the git command, because {why}")));
    }
    if let Some(file) = file {
        let change = shown.facts.changes.iter().find(|change| change.path == file.as_bytes());
        let status = change.map_or("not changed", |change| change.status.word());
        report.line(Line::new().dim("file  ").plain(format!("{} ({status})", neutral(file))));
    }
    report.line("");
    let width = rows.iter().map(|row| neutral(&row.filter).chars().count()).max().unwrap_or(0);
    for row in rows {
        report.line(answer(row, width));
        if let Some((pattern, line)) = &row.pattern {
            let place = shown.path.as_deref().unwrap_or("filters");
            let indent = " ".repeat(7 + width + 2);
            report.line(Line::new().plain(indent).dim("by ").plain(neutral(pattern)).dim(format!("  {place}:{line}")));
        }
    }
}

fn answer(row: &Row, width: usize) -> Line {
    let name = format!("{:<width$}  ", neutral(&row.filter));
    if !row.is_true {
        return Line::new().dim("false  ").dim(name).dim(row.why);
    }
    let line = Line::new().good("true   ").bold(name);
    match &row.file {
        Some(file) => line.plain(file.clone()).dim(if row.pattern.is_some() { "" } else { ", on which it depends" }),
        None => line.plain(row.why),
    }
}

fn as_json(shown: &Shown, rows: &[Row], file: Option<&str>) -> Value {
    let row = |row: &Row| {
        json!({
            "filter": row.filter, "matched": row.is_true, "why": row.why, "by": row.file,
            "pattern": row.pattern.as_ref().map(|(pattern, _)| pattern), "line": row.pattern.as_ref().map(|(_, line)| line),
        })
    };
    let changes: Vec<Value> =
        shown.facts.changes.iter().map(|c| json!({ "file": text(&c.path), "status": c.status.word() })).collect();
    json!({
        "file": file, "base": shown.facts.base, "head": shown.facts.head, "why": shown.facts.why, "doubt": shown.facts.doubt,
        "fell-back": shown.facts.fell_back, "filters-file": shown.path, "changes": changes,
        "filters": rows.iter().map(row).collect::<Vec<_>>(),
    })
}
