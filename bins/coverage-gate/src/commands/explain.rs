//! `explain FILE:LINE`: which reports speak of a line, which hunk added it, and which rule follows from that.
use action::{Answer, Failure, Line, Report, neutral};
use serde_json::{Value, json};

use crate::gather::{self, Asked, Facts, shown};
use crate::inputs::{ExplainInputs, Format};
use crate::lines::{LAST_LINE, State};
use crate::record::Record;
use crate::{decide, today};

pub(crate) fn run(inputs: ExplainInputs, report: &mut Report) -> Result<Answer, Failure> {
    let ExplainInputs { place, gate } = inputs;
    let asked = asked(&place)?;
    let settings = gate.settings(today());
    let facts = gather::facts(&settings, report.workflow(), Some(&asked))?;
    let record = decide::verdict(&facts, &settings.rules);
    let explained = Explained::of(&asked, &facts, &record);
    match settings.sinks.format {
        Format::Text => explained.print(report, &record),
        Format::Json => report.machine(format!("{:#}\n", explained.json())),
    }
    Ok(Answer::Yes)
}

fn asked(place: &str) -> Result<Asked, Failure> {
    let (file, line) = place.rsplit_once(':').unwrap_or((place, ""));
    match line.parse() {
        Ok(line) if (1..=LAST_LINE).contains(&line) && !file.is_empty() => {
            let file = file.strip_prefix("./").unwrap_or(file);
            Ok(Asked { file: file.as_bytes().to_vec(), line })
        }
        _ => {
            let cause = format!("`{}` is not FILE:LINE", neutral(place));
            Err(Failure::inputs("explain a line", cause).hint("for example `coverage-gate explain src/app.py:42`"))
        }
    }
}

/// What is known of the line.
struct Explained<'a> {
    file: String,
    line: u32,
    facts: &'a Facts,
    state: Option<State>,
    /// The statement that it is a later part of.
    statement: Option<u32>,
    /// Old and new lines of the hunk that added it.
    hunk: Option<git::Hunk>,
    changed: bool,
    rule: String,
}

impl<'a> Explained<'a> {
    fn of(asked: &Asked, facts: &'a Facts, record: &Record) -> Self {
        let coverage = facts.measured.get(&asked.file);
        let state = coverage.and_then(|coverage| coverage.lines.state(asked.line));
        let source = facts.sources.get(&asked.file);
        let statement = match (state, source, coverage) {
            (None, Some(source), Some(coverage)) => source.statements.start(asked.line, &coverage.lines),
            _ => None,
        };
        let change = facts.change.iter().flat_map(|change| &change.files).find(|change| change.path == asked.file);
        let hunk =
            change.and_then(|change| change.hunks.iter().find(|hunk| hunk.added().contains(&asked.line)).copied());
        let file = shown(&asked.file);
        let left_out = record.left_out.iter().find(|left| left.file == file).map(|left| left.why.as_str());
        let rule = rule(state, (statement, hunk.is_some()), (left_out, coverage.is_some()));
        Self { file, line: asked.line, facts, state, statement, hunk, changed: change.is_some(), rule }
    }

    fn print(&self, report: &mut Report, record: &Record) {
        let field = |name: &str| Line::new().dim(format!("{name:<10}"));
        report.line(field("line").bold(format!("{}:{}", neutral(&self.file), self.line)));
        report.line(field("state").plain(word(self.state)));
        for seen in &self.facts.sightings {
            let place = if seen.sighting.at > 0 { format!(", byte {}", seen.sighting.at) } else { String::new() };
            let said = format!("{}: {} ({}{place})", neutral(&seen.report), word(Some(seen.sighting.state)), seen.kind);
            report.line(field("report").plain(said));
            let class = if seen.sighting.class.is_empty() {
                String::new()
            } else {
                format!(", in {}", neutral(&seen.sighting.class))
            };
            report.line(field("").dim(format!("as {}{class}: {}", neutral(&seen.name), seen.how.words())));
        }
        if self.facts.sightings.is_empty() {
            report.line(field("report").plain("none speaks of this line"));
        }
        report.line(field("change").plain(match (self.hunk, self.changed) {
            (Some(hunk), _) => format!(
                "added by the hunk -{},{} +{},{}",
                hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines
            ),
            (None, true) => "not among the changed lines of its file".to_owned(),
            (None, false) => "its file did not change".to_owned(),
        }));
        report.line(field("compared").plain(record.compared.clone()));
        if let Some(start) = self.statement {
            report.line(field("statement").plain(format!("begins on line {start}")));
        }
        report.line(field("counts").plain(self.rule.clone()));
    }

    fn json(&self) -> Value {
        let seen: Vec<Value> = self
            .facts
            .sightings
            .iter()
            .map(|seen| {
                json!({
                    "report": seen.report, "format": seen.kind.to_string(), "name": shown(&seen.name), "resolved": seen.how.words(),
                    "class": shown(&seen.sighting.class), "byte": seen.sighting.at, "state": word(Some(seen.sighting.state)),
                })
            })
            .collect();
        let hunk = self
            .hunk
            .map(|hunk| json!({ "old": [hunk.old_start, hunk.old_lines], "new": [hunk.new_start, hunk.new_lines] }));
        json!({
            "file": self.file, "line": self.line, "state": word(self.state), "reports": seen, "hunk": hunk,
            "statement": self.statement, "rule": self.rule,
        })
    }
}

fn word(state: Option<State>) -> &'static str {
    match state {
        None => "not measured",
        Some(State::Missed) => "missed",
        Some(State::Partial) => "partial",
        Some(State::Hit) => "hit",
    }
}

fn rule(
    state: Option<State>,
    (statement, added): (Option<u32>, bool),
    (left_out, named): (Option<&str>, bool),
) -> String {
    let whole = "in all, and in new or modified files where its file is one";
    match (left_out, state, statement, added) {
        (Some(why), ..) => format!("nowhere: its file is left out ({why})"),
        (None, Some(_), _, true) => format!("in the patch; {whole}"),
        (None, Some(_), _, false) => format!("not in the patch; {whole}"),
        (None, None, Some(start), true) => format!("in the patch, by its statement on line {start}"),
        (None, None, Some(start), false) => format!("nowhere by itself; its statement on line {start} counts"),
        (None, None, None, _) if !named => "nowhere: no report names its file".to_owned(),
        (None, None, None, _) => "nowhere: it is no code that reports measure".to_owned(),
    }
}
