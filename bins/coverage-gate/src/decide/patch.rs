//! The changed lines of one file: which are measured, by themselves or by their statement, and how they are covered.
#![deny(clippy::disallowed_methods)]
use std::collections::BTreeSet;

use git::FileChange;

use super::rates::Part;
use crate::baseline::merged;
use crate::gather::Coverage;
use crate::lines::{Counts, State};
use crate::record::{FilePatch, Metric};
use crate::source::Source;

/// Judges the added lines of a file that a report names.
pub(super) fn of_file(
    change: &FileChange,
    coverage: &Coverage,
    (source, metric): (Option<&Source>, Metric),
) -> FilePatch {
    let source = source.map(|source| &source.statements);
    let go = !coverage.blocks.is_empty();
    let mut counted = BTreeSet::new();
    let mut by_statement = Vec::new();
    let mut added = 0;
    for line in change.hunks.iter().flat_map(git::Hunk::added) {
        added += 1;
        let measured = coverage.lines.state(line).is_some();
        // A block of Go spans blank lines, comments and closing braces too.
        let code = !go || source.is_none_or(|source| source.has_code(line));
        if measured && code {
            counted.insert(line);
        } else if !measured
            && let Some(start) = source.and_then(|source| source.start(line, &coverage.lines))
            && counted.insert(start)
        {
            by_statement.push((start, line));
        }
    }
    // A statement whose first line was added as well counts by itself.
    by_statement.retain(|(start, _)| !change.hunks.iter().any(|hunk| hunk.added().contains(start)));
    let counts = counted.iter().fold(Counts::default(), |sum, line| sum.plus(coverage.lines.count(*line)));
    let Part { covered, measured } = Part::of(counts, metric);
    let with = |state: State| counted.iter().copied().filter(move |line| coverage.lines.state(*line) == Some(state));
    FilePatch {
        added,
        covered,
        measured,
        missed: merged(with(State::Missed)),
        partial: merged(with(State::Partial)),
        by_statement,
    }
}
