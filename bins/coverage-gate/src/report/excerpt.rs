//! The lines of source files that the HTML report shows: what changed or lost its coverage, and a little around it.
use std::collections::{BTreeMap, BTreeSet};

use page::{Line, LineState};

use super::html::{Source, Sources};
use crate::gather::{Facts, shown};
use crate::lines::State;
use crate::record::{Record, Span};

/// Lines around a changed one.
const AROUND: u32 = 3;
/// Lines of one file, and of all together.
const MOST_LINES: usize = 2_000;
const MOST_IN_ALL: usize = 20_000;
/// Characters of one line.
const LONGEST: usize = 400;

/// Cuts them out.
pub(super) fn sources(record: &Record, facts: &Facts) -> Sources {
    let mut wanted: BTreeMap<&[u8], (BTreeSet<u32>, BTreeSet<u32>)> = BTreeMap::new();
    for change in facts.change.iter().flat_map(|change| &change.files) {
        let (show, added) = wanted.entry(&change.path).or_default();
        for hunk in change.hunks.iter().filter(|hunk| hunk.new_lines > 0) {
            let lines = hunk.added();
            added.extend(lines.clone().take(MOST_LINES));
            let last = lines.end.saturating_add(AROUND).min(lines.start.saturating_add(MOST_LINES as u32));
            show.extend(lines.start.saturating_sub(AROUND).max(1)..last);
        }
    }
    for lost in record.baseline.iter().flat_map(|baseline| &baseline.lost) {
        if let Some((path, _)) = facts.sources.get_key_value(lost.file.as_bytes()) {
            let (show, _) = wanted.entry(path).or_default();
            let around = |line: u32| line.saturating_sub(AROUND).max(1)..=line.saturating_add(AROUND);
            show.extend(lost.lines.iter().flat_map(|span| (span.0..=span.1).take(MOST_LINES)).flat_map(around));
        }
    }
    let mut left = MOST_IN_ALL;
    let mut files = Vec::new();
    for file in record.files.iter().filter(|file| file.reported) {
        let path = wanted.keys().find(|path| shown(path) == file.file).copied();
        let Some(path) = path else { continue };
        let (Some(source), Some((show, added))) = (facts.sources.get(path), wanted.get(path)) else { continue };
        let in_force = record.waivers.iter().filter(|waiver| !waiver.expired && waiver.file == file.file);
        let waived: Vec<Span> = in_force.flat_map(|waiver| waiver.lines.clone()).collect();
        let lines = cut((path, &source.text), (show, added), (facts, &waived));
        left = left.saturating_sub(lines.len());
        if left == 0 {
            break;
        }
        files.push(Source { file: file.file.clone(), lines });
    }
    Sources { files }
}

fn cut(
    (path, text): (&[u8], &[u8]),
    (show, added): (&BTreeSet<u32>, &BTreeSet<u32>),
    (facts, waived): (&Facts, &[Span]),
) -> Vec<Line> {
    let coverage = facts.measured.get(path);
    let waived = |line: u32| waived.iter().any(|span| (span.0..=span.1).contains(&line));
    let state = |line: u32| match coverage.and_then(|coverage| coverage.lines.state(line)) {
        Some(State::Hit) => LineState::Hit,
        Some(State::Partial) => LineState::Partial,
        Some(State::Missed) if !waived(line) => LineState::Missed,
        Some(State::Missed) | None => LineState::Neutral,
    };
    let lines = text.split(|byte| *byte == b'\n').zip(1u32..);
    let ends = text.ends_with(b"\n").then(|| text.iter().filter(|byte| **byte == b'\n').count() as u32 + 1);
    lines
        .filter(|(_, number)| show.contains(number) && Some(*number) != ends)
        .take(MOST_LINES)
        .map(|(line, number)| Line {
            number,
            text: String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).chars().take(LONGEST).collect(),
            state: state(number),
            added: added.contains(&number),
        })
        .collect()
}
