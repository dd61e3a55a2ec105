//! istanbul's coverage-final.json, of its own instrumenter and of v8, and coverage-summary.json.
//! <https://github.com/istanbuljs/istanbuljs/blob/main/packages/istanbul-lib-coverage/lib/file-coverage.js>
use std::io::Read;

use serde::Deserialize;

use super::input::Input;
use super::json::{self, Count, Entries, Files, LineNumber, List};
use super::{Builder, Problem};
use crate::lines::State;

/// A line's count is the highest of the statements that start on it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct FileCoverage {
    path: Option<String>,
    #[serde(rename = "statementMap")]
    statements: Option<Entries<Range>>,
    s: Entries<Count>,
    #[serde(rename = "branchMap")]
    branches: Entries<Branch>,
    b: Entries<List<Count>>,
    /// Some versions wrap all of it once more.
    data: Option<Box<FileCoverage>>,
}

/// Where something starts; columns may be null, and nobody needs them.
#[derive(Deserialize)]
struct Range {
    start: Start,
}

#[derive(Deserialize)]
struct Start {
    line: LineNumber,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Branch {
    line: Option<LineNumber>,
    loc: Option<Loose>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Loose {
    start: Option<LooseStart>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LooseStart {
    line: Option<LineNumber>,
}

impl Branch {
    fn line(&self) -> Option<LineNumber> {
        self.line.or_else(|| self.loc.as_ref()?.start.as_ref()?.line)
    }
}

/// Reads coverage-final.json.
///
/// # Errors
/// As [`json::read`].
pub(super) fn read<R: Read>(input: &mut Input<R>, builder: &mut Builder) -> Result<(), Problem> {
    json::read(input, Files { builder, each: file })
}

fn file(builder: &mut Builder, key: &str, mut coverage: FileCoverage) -> Result<(), Problem> {
    if let Some(wrapped) = coverage.data.take() {
        coverage = *wrapped;
    }
    let name = coverage.path.as_deref().filter(|path| !path.is_empty()).unwrap_or(key);
    let Some(statements) = coverage.statements else {
        return Err(Problem::new(
            "bad-report",
            0,
            format!("{} has no statementMap", super::number::shown(name.as_bytes())),
        ));
    };
    builder.file(name.as_bytes(), 0)?;
    let branches = branches(builder, coverage.branches, coverage.b);
    let counts = coverage.s.sorted();
    for (key, range) in statements.0 {
        let Ok(at) = counts.binary_search_by_key(&key, |(key, _)| *key) else {
            return Err(Problem::new("bad-report", 0, "a statement has no count"));
        };
        let line = range.start.line.0;
        let untaken =
            branches.binary_search_by_key(&line, |(line, ..)| *line).is_ok_and(|at| branches[at].1 < branches[at].2);
        let state = match (counts[at].1.is_hit(builder), untaken) {
            (false, _) => State::Missed,
            (true, true) => State::Partial,
            (true, false) => State::Hit,
        };
        builder.line(line.into(), state, 0)?;
    }
    for (line, taken, all) in branches {
        builder.branches(line.into(), (taken, all));
    }
    Ok(())
}

/// Taken and all branches by line, in order.
fn branches(builder: &mut Builder, places: Entries<Branch>, counts: Entries<List<Count>>) -> Vec<(u32, u64, u64)> {
    let counts = counts.sorted();
    let mut all: Vec<(u32, u64, u64)> = Vec::new();
    for (key, branch) in places.sorted() {
        let (Some(line), Ok(at)) = (branch.line(), counts.binary_search_by_key(&key, |(key, _)| *key)) else {
            continue;
        };
        let arms = &counts[at].1.0;
        let taken = arms.iter().filter(|count| count.is_hit(builder)).count();
        all.push((line.0, taken as u64, arms.len() as u64));
    }
    all.sort_unstable();
    all.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            (kept.1, kept.2) = (kept.1 + later.1, kept.2 + later.2);
        }
        same
    });
    all
}

#[derive(Deserialize)]
struct Summary {
    lines: Totals,
}

#[derive(Deserialize)]
struct Totals {
    total: u64,
    covered: u64,
}

/// Reads coverage-summary.json: totals, and not one line.
///
/// # Errors
/// As [`json::read`].
pub(super) fn read_summary<R: Read>(input: &mut Input<R>, builder: &mut Builder) -> Result<(), Problem> {
    json::read(input, Files { builder, each: summary })
}

fn summary(builder: &mut Builder, key: &str, summary: Summary) -> Result<(), Problem> {
    let Totals { total, covered } = summary.lines;
    if covered > total {
        let message = format!("{covered} of {total} lines are covered");
        return Err(Problem::new("bad-number", 0, message));
    }
    if key == "total" {
        builder.totals(covered, total);
    }
    Ok(())
}
