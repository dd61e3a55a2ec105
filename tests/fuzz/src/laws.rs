//! What holds of every report that is read, and of every problem.
use std::collections::BTreeMap;

use coverage_gate::formats::{Block, Kind, Parsed, ParsedFile, Place, Problem, Sighting};
use coverage_gate::lines::{Counts, LAST_LINE, Lines, State};

use crate::reports::packed;

/// The codes that a problem of a report may have.
const CODES: [&str; 18] = [
    "bad-number",
    "bad-report",
    "empty-report",
    "encoding",
    "entity-not-allowed",
    "limit-blocks",
    "limit-branches",
    "limit-depth",
    "limit-entries",
    "limit-files",
    "limit-line",
    "limit-lines",
    "limit-names",
    "limit-size",
    "limit-sources",
    "limit-token",
    "truncated-report",
    "unknown-format",
];
/// A few bytes stand for up to 64 lines, which are kept in 32 bytes; a branch takes 8 more.
const BYTES_FOR_A_BYTE: usize = 16;
/// The most that the lines of one report may take, and one file more.
const MOST_BYTES: usize = (64 << 20) + (6 << 20);

/// Lines, counts and names make sense, and memory follows the length of what was read.
pub(crate) fn of_report(parsed: &Parsed, length: usize) {
    let weight: usize = parsed.files.iter().map(|file| file.lines.weight()).sum();
    // A block or a segment may span any number of lines.
    let spanning = matches!(parsed.kind, Kind::Go | Kind::Llvm);
    assert!(weight <= MOST_BYTES && (spanning || weight <= BYTES_FOR_A_BYTE * length), "{weight} bytes of {length}");
    if parsed.kind != Kind::Jacoco {
        let names: BTreeMap<&[u8], usize> = parsed.files.iter().map(|file| (file.name.as_slice(), 0)).collect();
        assert_eq!(names.len(), parsed.files.len(), "each name is there once");
    }
    for file in parsed.files.iter().filter(|file| file.lines.weight() < 1 << 20) {
        of_lines(&file.lines);
        of_blocks(file);
    }
    if let Some((covered, measured)) = parsed.totals {
        assert!(covered <= measured, "{covered} of {measured}");
    }
    parsed.notes.values().for_each(|(count, note)| {
        assert!(*count > 0);
        one_line(note);
    });
}

fn of_lines(lines: &Lines) {
    let all: Vec<(u32, State)> = lines.iter().collect();
    assert!(all.windows(2).all(|pair| pair[0].0 < pair[1].0), "each line is there once, in order");
    assert!(all.iter().all(|(line, _)| (1..=LAST_LINE).contains(line)), "a line that no file has");
    let mut sum = Counts::default();
    for (line, state) in &all {
        assert_eq!(lines.state(*line), Some(*state));
        sum = sum.plus(lines.count(*line));
        if let Some(branches) = lines.branches(*line) {
            assert!(branches.covered <= branches.total && branches.total > 0, "{branches:?}");
        }
    }
    let counts = lines.counts();
    assert_eq!((sum.measured, sum.hit, sum.partial), (counts.measured, counts.hit, counts.partial));
    assert!(counts.partial <= counts.hit && counts.hit <= counts.measured, "{counts:?}");
    assert!(counts.branches_hit <= counts.branches && sum.branches <= counts.branches, "{counts:?} and {sum:?}");
    assert_eq!(lines.last(), all.last().map(|(line, _)| *line));
}

fn of_blocks(file: &ParsedFile) {
    let blocks: Vec<_> = file.blocks.iter().collect();
    let place = |at: usize| (blocks[at].start, blocks[at].end);
    assert!((1..blocks.len()).all(|at| place(at - 1) < place(at)), "each block is there once, in order");
    for block in &blocks {
        assert!(block.start <= block.end, "{block:?}");
        let state = file.lines.state(block.start.0);
        assert!(state.is_some_and(|state| state != State::Missed || !block.hit), "{block:?} and its line is {state:?}");
    }
    if !blocks.is_empty() {
        let within = |line: u32| blocks.iter().any(|block| block.start.0 <= line && line <= block.end.0);
        assert_eq!(file.lines.iter().take(2000).find(|(line, _)| !within(*line)), None, "a line of no block");
        let missing =
            |block: &&&Block| (block.start.0..block.end.0).take(99).any(|line| file.lines.state(line).is_none());
        assert_eq!(blocks.iter().find(missing), None, "a block whose lines are not measured");
    }
    let (hit, all) = file.blocks.statements();
    assert!(hit <= all, "{hit} of {all} statements");
}

/// The code is a known one, the place is in the input, and the message is for a person.
pub(crate) fn of_problem(problem: &Problem, bytes: &[u8]) {
    if packed(bytes) && problem.code == "unreadable-report" {
        return;
    }
    assert!(CODES.contains(&problem.code), "{problem:?}");
    assert!(!problem.outside, "{problem:?}");
    one_line(&problem.message);
    assert!(!problem.message.starts_with(|first: char| first.is_ascii_uppercase()), "{problem:?}");
    if packed(bytes) {
        return;
    }
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    match problem.place {
        Place::Byte(at) => assert!(at <= bytes.len() as u64, "{problem:?} of {} bytes", bytes.len()),
        Place::Line(line, column) => {
            assert!(line >= 1 && line <= lines, "{problem:?} of {lines} lines");
            assert!(column >= 1 && column <= bytes.len() as u64 + 1, "{problem:?} of {} bytes", bytes.len());
        }
    }
}

/// A message is one line and does nothing to a terminal.
pub fn one_line(text: &str) {
    assert!(!text.is_empty() && !text.contains(char::is_control), "{text:?}");
}

/// A line to ask about: one that is measured, if any is.
pub(crate) fn some_line(parsed: &Parsed, length: usize) -> u32 {
    let file = parsed.files.get(length % parsed.files.len().max(1));
    let line = file.and_then(|file| file.lines.iter().nth(length % 7).map(|(line, _)| line));
    line.unwrap_or(1 + length as u32 % 9)
}

/// A line is sighted where it is measured, and was executed if one sighting says so.
pub(crate) fn of_sightings(parsed: &Parsed, sightings: &[Sighting], line: u32) {
    for (at, file) in parsed.files.iter().enumerate() {
        let states: Vec<State> = sightings.iter().filter(|it| it.file == at).map(|it| it.state).collect();
        let state = file.lines.state(line);
        assert_eq!(state.is_some(), !states.is_empty(), "line {line} is {state:?} and was sighted as {states:?}");
        let hit = states.iter().any(|state| *state != State::Missed);
        assert_eq!(state.is_some_and(|state| state != State::Missed), hit, "line {line} is {state:?}: {states:?}");
    }
    assert!(sightings.iter().all(|sighting| sighting.file < parsed.files.len()));
}

/// Whatever the shorter report measures, the longer one measures too.
pub(crate) fn is_part(shorter: &Parsed, longer: &Parsed) {
    let all: BTreeMap<&[u8], &Lines> = longer.files.iter().map(|file| (file.name.as_slice(), &file.lines)).collect();
    for file in &shorter.files {
        let Some(lines) = all.get(file.name.as_slice()) else { panic!("the file is not there: {file:?}") };
        let missing = file.lines.iter().find(|(line, _)| lines.state(*line).is_none());
        assert_eq!(missing, None, "measured in the part only");
    }
}
