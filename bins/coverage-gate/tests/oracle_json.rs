//! A second opinion on the JSON formats: plain walks over their values, llvm-cov's segments taken line by line.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use coverage_gate::formats::{self, Kind};
use coverage_gate::lines::State;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The state of each line, and how many branches of it were taken of how many; `None` where it has none.
type Lines = BTreeMap<u32, (State, Option<(u64, u64)>)>;
type Files = BTreeMap<String, Lines>;
/// Taken and all branches by line.
type Branches = BTreeMap<u32, (u64, u64)>;

/// What our reader finds.
fn ours(text: &str) -> (Kind, Files) {
    let parsed = formats::read(text.as_bytes(), None).unwrap_or_else(|problem| panic!("{problem}: {text}"));
    let files = parsed.files.into_iter().map(|file| {
        let branches = |line| file.lines.branches(line).map(|it| (it.covered.into(), it.total.into()));
        let lines = file.lines.iter().map(|(line, state)| (line, (state, branches(line)))).collect();
        (String::from_utf8(file.name).unwrap(), lines)
    });
    (parsed.kind, files.collect())
}

fn line(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn positive(value: &Value) -> bool {
    value.as_f64().unwrap() > 0.0
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// LLVM 18 and later also count a line where a region with a count begins behind a skipped one, or a gap does.
const SINCE_LLVM_18: bool = true;

/// Hit lines and their branches together.
fn joined(hits: BTreeMap<u32, bool>, branches: &Branches) -> Lines {
    let state = |line, hit| match (hit, branches.get(&line)) {
        (false, _) => State::Missed,
        (true, Some((taken, all))) if taken < all => State::Partial,
        (true, _) => State::Hit,
    };
    let branches = |line| branches.get(&line).copied().filter(|(_, all)| *all > 0);
    hits.into_iter().map(|(line, hit)| (line, (state(line, hit), branches(line)))).collect()
}

/// The highest count of the statements that start on a line; the arms of all branches on it.
fn istanbul(file: &Value) -> Lines {
    let (mut hits, mut branches) = (BTreeMap::new(), Branches::new());
    for (id, place) in file["statementMap"].as_object().unwrap() {
        *hits.entry(line(&place["start"]["line"])).or_default() |= positive(&file["s"][id]);
    }
    for (id, place) in file["branchMap"].as_object().into_iter().flatten() {
        let at = if place["line"].is_null() { &place["loc"]["start"]["line"] } else { &place["line"] };
        if at.is_null() {
            continue;
        }
        let counted = branches.entry(line(at)).or_default();
        for arm in list(&file["b"][id]) {
            *counted = (counted.0 + u64::from(positive(arm)), counted.1 + 1);
        }
    }
    joined(hits, &branches)
}

/// Executed and missing lines, and the jumps from each.
fn coverage_py(file: &Value) -> Lines {
    let (mut hits, mut branches) = (BTreeMap::new(), Branches::new());
    for (list_of, hit) in [("missing", false), ("executed", true)] {
        list(&file[format!("{list_of}_lines")]).for_each(|it| *hits.entry(line(it)).or_default() |= hit);
        for jump in list(&file[format!("{list_of}_branches")]).filter(|jump| jump[0].as_i64() > Some(0)) {
            let counted = branches.entry(line(&jump[0])).or_default();
            *counted = (counted.0 + u64::from(hit), counted.1 + 1);
        }
    }
    joined(hits, &branches)
}

/// Every line from the first segment to the last, as llvm-cov goes from one to the next.
fn llvm(file: &Value) -> Lines {
    let segments: Vec<&Value> = list(&file["segments"]).collect();
    let flag = |segment: &Value, at: usize| segment[at].as_bool().unwrap_or(false);
    let (has_count, is_entry) = (|it: &Value| flag(it, 3), |it: &Value| flag(it, 4));
    let (mut hits, mut wrapped): (BTreeMap<u32, bool>, Option<&Value>) = (BTreeMap::new(), None);
    let ends = segments.first().zip(segments.last());
    for at in ends.map(|(first, last)| line(&first[0])..=line(&last[0])).into_iter().flatten() {
        let here: Vec<&Value> = segments.iter().copied().filter(|it| line(&it[0]) == at).collect();
        let starting: Vec<&&Value> = here.iter().filter(|it| !flag(it, 5) && has_count(it) && is_entry(it)).collect();
        let skipped = here.first().is_some_and(|it| !has_count(it) && is_entry(it));
        let mut mapped = !skipped && (wrapped.is_some_and(has_count) || !starting.is_empty());
        mapped |= SINCE_LLVM_18 && here.iter().any(|it| has_count(it) && is_entry(it));
        if mapped {
            let counts = wrapped.into_iter().chain(starting.into_iter().copied()).map(|it| positive(&it[2]));
            hits.insert(at, counts.into_iter().any(|hit| hit));
        }
        wrapped = here.last().copied().or(wrapped);
    }
    let mut places: BTreeMap<String, (u32, [bool; 2])> = BTreeMap::new();
    for it in list(&file["branches"]) {
        let taken =
            &mut places.entry(json!(it.as_array().unwrap()[..4]).to_string()).or_insert((line(&it[0]), [false; 2])).1;
        *taken = [taken[0] | positive(&it[4]), taken[1] | positive(&it[5])];
    }
    let mut branches = Branches::new();
    for (line, taken) in places.into_values() {
        let counted = branches.entry(line).or_default();
        *counted = (counted.0 + taken.iter().filter(|it| **it).count() as u64, counted.1 + 2);
    }
    joined(hits, &branches)
}

/// Reads a report as one would by hand.
fn by_hand(kind: Kind, text: &str) -> Files {
    let whole: Value = serde_json::from_str(text).unwrap();
    let none = Map::new();
    let entries = |value: &'static str| whole[value].as_object().unwrap_or(&none).iter();
    match kind {
        Kind::CoveragePy => entries("files").map(|(name, file)| (name.clone(), coverage_py(file))).collect(),
        Kind::Llvm => {
            let files = list(&whole["data"]).flat_map(|it| list(&it["files"]));
            files.map(|file| (file["filename"].as_str().unwrap().to_owned(), llvm(file))).collect()
        }
        _ => {
            let name = |key: &str, file: &Value| file["path"].as_str().unwrap_or(key).to_owned();
            whole.as_object().unwrap().iter().map(|(key, file)| (name(key, file), istanbul(file))).collect()
        }
    }
}

/// Both readings agree.
fn check(text: &str) -> Files {
    let (kind, files) = ours(text);
    assert_eq!(files, by_hand(kind, text), "{text}");
    files
}

fn real(ending: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage-gate/real/reports");
    let all = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let named =
        all.filter(|path| path.to_str().is_some_and(|path| path.ends_with(ending) && !path.contains("summary")));
    named.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn real_reports_are_read_as_by_hand() {
    let reports = real(".json");
    assert!(reports.len() >= 6, "only {} reports", reports.len());
    reports.iter().for_each(|(_, text)| drop(check(text)));
}

/// llvm-cov makes both from the same segments.
#[test]
fn real_segments_are_the_lines_of_the_tracefile() {
    for (path, text) in real(".json").iter().filter(|(path, _)| path.to_str().unwrap().contains("llvm-")) {
        let tracefile = fs::read_to_string(path.with_extension("lcov")).unwrap();
        let hits = |files: Files| -> BTreeSet<(String, u32, bool)> {
            let of = |(name, lines): (String, Lines)| {
                lines.into_iter().map(move |(line, (state, _))| (name.clone(), line, state != State::Missed))
            };
            files.into_iter().flat_map(of).collect()
        };
        assert_eq!(hits(check(text)), hits(ours(&tracefile).1), "{}", path.display());
    }
}

/// A count as some tool writes it.
fn count() -> impl Strategy<Value = Value> {
    prop_oneof![4 => (0u32..3).prop_map(Value::from), 1 => prop::sample::select(vec![json!(-1), json!(1e3), json!(u64::MAX)])]
}

fn istanbul_file() -> impl Strategy<Value = Value> {
    let place = || (1u32..30).prop_map(|line| json!({ "start": { "line": line, "column": null } }));
    let statements = prop::collection::btree_map("[0-9]{1,2}", (place(), count()), 0..12);
    let arms = prop::collection::vec(count(), 0..4);
    let branches = prop::collection::btree_map("[0-9]", (place(), arms, 0u8..4), 0..6);
    (statements, branches).prop_map(|(statements, branches)| {
        let of = |statements: &BTreeMap<String, (Value, Value)>, second| -> Value {
            let each = |(id, it): (&String, &(Value, Value))| (id.clone(), if second { it.1.clone() } else { it.0.clone() });
            statements.iter().map(each).collect::<Map<_, _>>().into()
        };
        let place = |(place, _, kind): &(Value, Vec<Value>, u8)| match kind {
            0 => json!({ "line": place["start"]["line"], "loc": { "start": { "line": 77 } } }),
            1 => json!({ "loc": { "start": {}, "end": {} } }),
            _ => json!({ "loc": place, "type": "if" }),
        };
        let places: Map<String, Value> = branches.iter().map(|(id, it)| (id.clone(), place(it))).collect();
        let arms: Map<String, Value> = branches.iter().map(|(id, it)| (id.clone(), json!(it.1))).collect();
        json!({ "statementMap": of(&statements, false), "s": of(&statements, true), "branchMap": places, "b": arms, "f": {} })
    })
}

fn coverage_py_file() -> impl Strategy<Value = Value> {
    let lines = || prop::collection::vec(1u32..30, 0..12);
    let jumps = || prop::collection::vec((-3i32..30, -3i32..30), 0..8);
    (lines(), lines(), jumps(), jumps()).prop_map(|(executed, missing, taken, untaken)| {
        json!({ "executed_lines": executed, "missing_lines": missing, "excluded_lines": [1],
            "executed_branches": taken, "missing_branches": untaken, "summary": {} })
    })
}

/// Segments in order, with more than one on most lines and room between some.
fn llvm_file() -> impl Strategy<Value = Value> {
    let segment = (prop_oneof![3 => Just(0u32), 2 => 1u32..4, 1 => Just(70)], count(), any::<[bool; 3]>());
    let branch = (1u32..20, 1u32..3, count(), count())
        .prop_map(|(line, column, yes, no)| json!([line, column, line, 9, yes, no, 0, 0, 4]));
    (prop::collection::vec(segment, 0..14), prop::collection::vec(branch, 0..6)).prop_map(|(steps, branches)| {
        let mut line = 1;
        let segments: Vec<Value> = (1..)
            .zip(steps)
            .map(|(column, (step, count, [has_count, entry, gap]))| {
                line += step;
                json!([line, column, if has_count { count } else { json!(0) }, has_count, entry, gap && has_count])
            })
            .collect();
        json!({ "segments": segments, "branches": branches, "expansions": [] })
    })
}

proptest! {
    #[test]
    fn made_up_reports_of_istanbul_are_read_as_by_hand(files in prop::collection::btree_map("[a-c]\\.ts", istanbul_file(), 1..4)) {
        check(&json!(files).to_string());
    }

    #[test]
    fn made_up_reports_of_coverage_py_are_read_as_by_hand(files in prop::collection::btree_map("[a-c]\\.py", coverage_py_file(), 1..4)) {
        check(&json!({ "meta": { "format": 3 }, "files": files, "totals": {} }).to_string());
    }

    #[test]
    fn made_up_segments_are_read_as_by_hand(files in prop::collection::vec(llvm_file(), 1..4)) {
        let named = files.into_iter().enumerate().map(|(at, mut file)| {
            file["filename"] = json!(format!("{at}.cpp"));
            file
        });
        let files: Vec<Value> = named.collect();
        check(&json!({ "data": [{ "files": files }], "type": "llvm.coverage.json.export", "version": "3.1.0" }).to_string());
    }
}
