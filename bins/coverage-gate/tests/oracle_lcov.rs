//! A second opinion on LCOV: maps filled line by line, in real tracefiles and in made-up ones, whole or in shards.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use coverage_gate::formats::{self, Parsed};
use coverage_gate::lines::{Lines, State};
use proptest::prelude::*;

/// The lines that made-up tracefiles name, and one more.
const LINES: std::ops::Range<u32> = 1..140;

/// What is known of a file: the state of each line, and the branches of each line that has some.
type Known = (BTreeMap<u32, State>, BTreeMap<u32, (u16, u16)>);
type Files = BTreeMap<String, Known>;

/// Our reader's lines by file.
fn read(text: &str) -> BTreeMap<String, Lines> {
    let Parsed { files, .. } =
        formats::read(text.as_bytes(), None).unwrap_or_else(|problem| panic!("{problem}: {text}"));
    files.into_iter().map(|file| (String::from_utf8(file.name).unwrap(), file.lines)).collect()
}

fn known(files: &BTreeMap<String, Lines>) -> Files {
    let of = |lines: &Lines| {
        let branches = LINES.chain(lines.iter().map(|(line, _)| line)).filter_map(|line| lines.branches(line));
        (lines.iter().collect(), branches.map(|it| (it.line, (it.covered, it.total))).collect())
    };
    files.iter().map(|(name, lines)| (name.clone(), of(lines))).collect()
}

/// What one record says: how often each line and each branch was executed, at most.
#[derive(Default)]
struct Record {
    lines: BTreeMap<u32, f64>,
    branches: BTreeMap<(u32, String), f64>,
}

impl Record {
    fn take(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("DA:") {
            let fields: Vec<&str> = rest.split(',').collect();
            let count = if fields[1].starts_with(['=', '#']) { 0.0 } else { fields[1].parse().unwrap() };
            let known = self.lines.entry(fields[0].parse().unwrap()).or_insert(count);
            *known = known.max(count);
        } else if let Some(rest) = line.strip_prefix("BRDA:") {
            let (line, rest) = rest.split_once(',').unwrap();
            let (branch, count) = rest.rsplit_once(',').unwrap();
            let count = if count == "-" { 0.0 } else { count.parse().unwrap() };
            let known = self.branches.entry((line.parse().unwrap(), branch.to_owned())).or_insert(count);
            *known = known.max(count);
        }
    }

    /// Adds what is in the record to what is known of its file.
    fn close(self, (lines, branches): &mut Known) {
        let mut counts: BTreeMap<u32, (u16, u16)> = BTreeMap::new();
        for ((line, _), count) in &self.branches {
            let counted = counts.entry(*line).or_default();
            *counted = (counted.0 + u16::from(*count > 0.0), counted.1 + 1);
        }
        for (line, count) in self.lines {
            let untaken = counts.get(&line).is_some_and(|(taken, all)| taken < all);
            let state = match (count > 0.0, untaken) {
                (false, _) => State::Missed,
                (true, true) => State::Partial,
                (true, false) => State::Hit,
            };
            let kept = lines.entry(line).or_insert(state);
            *kept = state.max(*kept);
        }
        for (line, count) in counts {
            let kept = branches.entry(line).or_insert(count);
            if better(count, *kept) {
                *kept = count;
            }
        }
    }
}

/// Whether the first count of branches is the better covered one; of two as good, the larger.
fn better(one: (u16, u16), other: (u16, u16)) -> bool {
    let ratio = |(taken, all): (u16, u16)| f64::from(taken) / f64::from(all);
    match ratio(one).total_cmp(&ratio(other)) {
        Ordering::Equal => one.1 > other.1,
        order => order.is_gt(),
    }
}

/// Reads a tracefile as one would by hand.
fn by_hand(text: &str) -> Files {
    let (mut files, mut name, mut record) = (Files::new(), None, Record::default());
    for line in text.lines() {
        if let Some(file) = line.strip_prefix("SF:") {
            files.entry(file.to_owned()).or_default();
            name = Some(file.to_owned());
        } else if line == "end_of_record" {
            let record = std::mem::take(&mut record);
            if let Some(known) = name.take().and_then(|name| files.get_mut(&name)) {
                record.close(known);
            }
        } else if name.is_some() {
            record.take(line);
        }
    }
    files
}

/// Both readings of the whole agree, and the shards say the same together, whichever comes first.
fn check(shards: &[String]) {
    let whole = shards.concat();
    let wanted = by_hand(&whole);
    assert_eq!(known(&read(&whole)), wanted, "{whole}");
    for turned in [false, true] {
        let mut merged: BTreeMap<String, Lines> = BTreeMap::new();
        let mut order: Vec<&String> = shards.iter().collect();
        if turned {
            order.reverse();
        }
        for (name, lines) in order.iter().flat_map(|shard| read(shard)) {
            merged.entry(name).or_default().merge(&lines);
        }
        assert_eq!(known(&merged), wanted, "in shards, turned: {turned}: {whole}");
    }
}

#[test]
fn real_tracefiles_are_read_as_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage-gate/real/reports");
    let mut shards = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "lcov") {
            shards.push(fs::read_to_string(entry.path()).unwrap());
            check(&shards[shards.len() - 1..]);
        }
    }
    assert!(shards.len() >= 8, "only {} tracefiles", shards.len());
    check(&shards);
}

/// A count as some tool writes it.
fn count() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0u32..3).prop_map(|count| count.to_string()),
        1 => prop::sample::select(vec!["-3", "1e3", "0.0", "18446744073709551615", "000", "+7"]).prop_map(str::to_owned),
    ]
}

fn line_of_record() -> impl Strategy<Value = String> {
    let line = || prop_oneof![1u32..9, Just(63u32), Just(64), 1u32..LINES.end];
    let branch = prop::sample::select(vec!["0,0", "0,1", "e0,1", "0,jump to line 3", "0,jump to 5, then 7", "1,0"]);
    let taken = prop_oneof![Just("-".to_owned()), count()];
    prop_oneof![
        5 => (line(), count(), prop::sample::select(vec!["", ",sum", ",a,b"])).prop_map(|(l, c, sum)| format!("DA:{l},{c}{sum}")),
        1 => line().prop_map(|line| format!("DA:{line},#####")),
        4 => (line(), branch, taken).prop_map(|(line, branch, taken)| format!("BRDA:{line},{branch},{taken}")),
        1 => prop::sample::select(vec!["FN:1,f", "FNDA:3,f", "LF:77", "LH:77", "BRF:1", "VER:2", "FNL:0,1", "# x", "", "XY:1"])
            .prop_map(str::to_owned),
    ]
}

/// Some records of a few files, so that files come again in other shards and in the same one.
fn shard() -> impl Strategy<Value = String> {
    let record = ("[ab]\\.c|c d\\.c", prop::collection::vec(line_of_record(), 0..14), any::<[bool; 3]>());
    prop::collection::vec(record, 0..4).prop_map(|records| {
        let mut text = String::from("TN:\n");
        for (name, lines, [test, windows, outside]) in records {
            let end = if windows { "\r\n" } else { "\n" };
            let before = if test { "TN:t" } else { "" };
            // Lines before any file belong to none.
            let outside = if outside { "DA:2,1\nBRDA:2,0,0,-\nBRDA:3,0,0,0" } else { "#" };
            for line in
                [&[before, outside, &format!("SF:{name}")], &lines.iter().map(String::as_str).collect::<Vec<_>>()[..]]
                    .concat()
            {
                text.push_str(line);
                text.push_str(end);
            }
            text.push_str("end_of_record");
            text.push_str(end);
        }
        text
    })
}

proptest! {
    #[test]
    fn made_up_tracefiles_are_read_as_by_hand(shards in prop::collection::vec(shard(), 1..5)) {
        check(&shards);
    }

    #[test]
    fn the_order_within_a_record_does_not_matter(lines in prop::collection::vec(line_of_record(), 0..20).prop_shuffle()) {
        let mut sorted = lines.clone();
        sorted.sort();
        let of = |lines: &[String]| known(&read(&format!("SF:a.c\n{}\nend_of_record\n", lines.join("\n"))));
        prop_assert_eq!(of(&lines), of(&sorted));
    }

    /// What is cut off within a record is no report.
    #[test]
    fn a_part_of_a_record_is_refused(lines in prop::collection::vec(line_of_record(), 1..9), at in any::<prop::sample::Index>()) {
        let text = format!("TN:\nSF:a.c\n{}\nend_of_record\n", lines.join("\n"));
        let (from, to) = (4, text.len() - 2);
        let at = from + at.index(to - from);
        prop_assert!(at < 7 || formats::read(&text.as_bytes()[..at], None).is_err(), "{}", &text[..at]);
    }
}
