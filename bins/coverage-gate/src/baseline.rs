//! The baseline: which lines were measured and hit at an earlier commit, kept in a file of our own.
//!
//! It is one JSON object: `schema`, `commit`, and `files` by name, each with its lines in runs such as `1-5,8`.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lines::{Lines, State};
use crate::record::Span;

/// The version of the shape.
pub const SCHEMA: &str = "https://github.com/dataflow/coverage-gate/baseline/1";

/// An earlier measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// [`SCHEMA`].
    pub schema: String,
    /// The id of the commit that was measured.
    pub commit: String,
    /// Lines by file; a name's bytes that are not UTF-8 are `\xNN`.
    pub files: BTreeMap<String, Runs>,
}

/// The lines of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// Measured lines, in runs.
    pub measured: String,
    /// Those of them that were hit.
    pub hit: String,
}

impl Runs {
    /// The runs of a file's lines.
    pub fn of(lines: &Lines) -> Self {
        let hit = |state: &State| *state != State::Missed;
        Self {
            measured: runs(lines.iter().map(|(line, _)| line)),
            hit: runs(lines.iter().filter(|(_, state)| hit(state)).map(|(line, _)| line)),
        }
    }

    /// Measured and hit lines; `None` where a run cannot be read, or a hit line is not measured.
    pub fn spans(&self) -> Option<(Vec<Span>, Vec<Span>)> {
        let read = |text: &str| if text.is_empty() { Some(Vec::new()) } else { crate::waivers::spans(text) };
        let (measured, hit) = (read(&self.measured)?, read(&self.hit)?);
        let sorted = |spans: &[Span]| spans.windows(2).all(|pair| pair[0].1 < pair[1].0);
        let (measured, hit) = (sorted(&measured).then_some(measured)?, sorted(&hit).then_some(hit)?);
        let measures = joined(&measured);
        let known = |span: &Span| {
            let next = measures.partition_point(|run| run.1 < span.0);
            measures.get(next).is_some_and(|run| run.0 <= span.0 && span.1 <= run.1)
        };
        joined(&hit).iter().all(known).then_some((measured, hit))
    }
}

/// Spans in order, those that touch as one.
fn joined(spans: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match all.last_mut() {
            Some(last) if last.1 + 1 == span.0 => last.1 = span.1,
            _ => all.push(Span(span.0, span.1)),
        }
    }
    all
}

/// Lines in ascending order as `1-5,8`.
fn runs(lines: impl Iterator<Item = u32>) -> String {
    let spans = merged(lines);
    spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Lines in ascending order as spans.
pub(crate) fn merged(lines: impl IntoIterator<Item = u32>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for line in lines {
        match spans.last_mut() {
            Some(last) if last.1 + 1 == line => last.1 = line,
            _ => spans.push(Span(line, line)),
        }
    }
    spans
}

/// Reads a baseline.
///
/// # Errors
/// Why it cannot be used, in a few words.
pub fn parse(text: &[u8]) -> Result<Baseline, String> {
    let schema =
        serde_json::from_slice::<serde_json::Value>(text).map_err(|error| format!("it is no JSON: {error}"))?;
    match schema.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => {}
        Some(other) => return Err(format!("its schema is {}, and this reads {SCHEMA}", action::neutral(other))),
        None => return Err("it has no schema, so it is no baseline".to_owned()),
    }
    let baseline: Baseline = serde_json::from_value(schema).map_err(|error| action::neutral(error.to_string()))?;
    match baseline.files.iter().find(|(_, runs)| runs.spans().is_none()) {
        Some((file, _)) => Err(format!("the lines of {} cannot be read", action::neutral(file))),
        None => Ok(baseline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reads_back_what_it_wrote(lines in prop::collection::btree_map(1u32..500, any::<bool>(), 0..200)) {
            let mut all = Lines::default();
            lines.iter().for_each(|(line, hit)| all.add(*line, if *hit { State::Hit } else { State::Missed }));
            all.settle();
            let (measured, hit) = Runs::of(&all).spans().unwrap();
            let numbers = |spans: &[Span]| spans.iter().flat_map(|span| span.0..=span.1).collect::<Vec<_>>();
            prop_assert_eq!(numbers(&measured), lines.keys().copied().collect::<Vec<_>>());
            let wanted: Vec<u32> = lines.iter().filter(|(_, hit)| **hit).map(|(line, _)| *line).collect();
            prop_assert_eq!(numbers(&hit), wanted);
        }

        #[test]
        fn any_bytes_are_read_or_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&text);
        }
    }

    #[test]
    fn says_why_it_cannot_be_used() {
        let check = |text: &str, expected: &str| {
            let said = parse(text.as_bytes()).map(|_| ()).unwrap_err();
            assert!(said.contains(expected), "{said}");
        };
        check("", "it is no JSON");
        check("{}", "it has no schema");
        check("{\"schema\":\"x/2\"}", "its schema is x/2");
        let with = |measured: &str, hit: &str| {
            format!(
                "{{\"schema\":\"{SCHEMA}\",\"commit\":\"c\",\"files\":{{\"a\":{{\"measured\":\"{measured}\",\"hit\":\"{hit}\"}}}}}}"
            )
        };
        for (measured, hit) in [("2-1", ""), ("5,1", ""), ("1", "1-5000"), ("", "1"), ("1-2,4", "2-4"), ("1,3", "2")] {
            check(&with(measured, hit), "the lines of a cannot be read");
        }
        for (measured, hit) in [("1-2,4", ""), ("1-2,4", "2,4"), ("1-2,3-9", "2-5"), ("1-9", "2,3-5")] {
            assert!(parse(with(measured, hit).as_bytes()).is_ok(), "{measured} {hit}");
        }
    }
}
