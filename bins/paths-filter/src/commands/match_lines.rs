//! `paths-filter match`: one question a line in, one answer a line out, for editors and tests.
use std::io::{BufRead as _, Read as _};

use action::{Answer, Failure, OrFail, Report};
use serde::Deserialize;
use serde_json::json;

use crate::filters::{Dialect, Quantifier, Status, from_json};

/// One line of input. `status: null` is git's type change; without a quantifier it is `some`.
#[derive(Deserialize)]
struct Question {
    patterns: serde_json::Value,
    file: String,
    #[serde(default = "modified")]
    status: Option<String>,
    #[serde(default)]
    quantifier: Option<String>,
    #[serde(default)]
    syntax: Option<String>,
}

fn modified() -> Option<String> {
    Some("modified".to_owned())
}

/// Answers one line: `{"matched": bool}` or `{"error": text}`.
pub fn answer(line: &str) -> String {
    match matched(line) {
        Ok(matched) => json!({ "matched": matched }).to_string(),
        Err(error) => json!({ "error": error }).to_string(),
    }
}

fn matched(line: &str) -> Result<bool, String> {
    let question: Question = serde_json::from_str(line).map_err(|error| format!("not a question: {error}"))?;
    let (dialect, quantifier) = rules(&question)?;
    let status = match question.status.as_deref() {
        None => Status::TypeChanged,
        Some(word) => Status::from_word(word).ok_or_else(|| format!("unknown status `{word}`"))?,
    };
    let filters = from_json(&json!({ "f": question.patterns }), dialect).map_err(|problem| problem.message)?;
    let met = filters.list.iter().any(|f| f.meets(question.file.as_bytes(), Some(status), quantifier).is_some());
    Ok(met)
}

fn rules(question: &Question) -> Result<(Dialect, Quantifier), String> {
    let dialect = match question.syntax.as_deref() {
        None | Some("picomatch") => Dialect::Picomatch,
        Some("github") => Dialect::GitHub,
        Some("gitignore") => Dialect::Gitignore,
        Some(other) => return Err(format!("unknown syntax `{other}`")),
    };
    let quantifier = match question.quantifier.as_deref() {
        None | Some("some") if dialect != Dialect::Picomatch => Quantifier::Last,
        None | Some("some") => Quantifier::Some,
        Some("every") => Quantifier::Every,
        Some("some-with-excludes") => Quantifier::SomeWithExcludes,
        Some(other) => return Err(format!("unknown quantifier `{other}`")),
    };
    Ok((dialect, quantifier))
}

/// A line longer than this is refused, not read.
const LONGEST_LINE: u64 = 16 << 20;

/// Answers every line of standard input until it ends or nobody listens.
pub(crate) fn run(report: &mut Report) -> Result<Answer, Failure> {
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).or_fail(|| "read standard input")?;
        if read == 0 || report.closed() {
            return Ok(Answer::Yes);
        }
        if read as u64 == LONGEST_LINE {
            return Err(Failure::inputs(
                "read standard input",
                format!("a line is longer than {} MiB", LONGEST_LINE >> 20),
            ));
        }
        match std::str::from_utf8(&line) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => report.machine(format!("{}\n", answer(text))),
            Err(error) => report.machine(format!("{}\n", json!({ "error": error.to_string() }))),
        }
    }
}
