//! The reports that real tools made, against what those tools say of the same data: read alone, and judged end to end.
//!
//! What is expected comes from the tools and not from this program; fixtures/coverage-gate/real/README.md says how. Where a
//! tool's own totals differ from it, the tool counts something else. gcovr 8 writes a line of a template once for each of
//! its instances, so its Cobertura claims 17 lines of `native/include/ring.hpp` where 12 different ones are listed, and it
//! calls line 9 missed because one instance never ran it; another did, and the line is hit. llvm-cov's `LF` and `LH` for
//! Rust count the lines of each function, 28 and 22, where 27 are listed and 23 of them ran.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use coverage_gate::formats::{self, Kind, Parsed, ParsedFile};
use coverage_gate::lines::State;
use serde_json::Value;
use tempfile::TempDir;

/// Covered and measured lines or statements.
type Counts = (u64, u64);

/// What `expected.json` says of one file of a report.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    counts: Counts,
    /// Missed and measured lines, where the tool has lines.
    lines: Option<(Vec<u64>, Vec<u64>)>,
}

/// One report of `expected.json`.
struct Known {
    name: String,
    kind: String,
    files: BTreeMap<String, Expected>,
}

fn real() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage-gate/real")
}

fn known() -> Vec<Known> {
    let text = fs::read_to_string(real().join("expected.json")).unwrap();
    let reports: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let list = |value: &Value| -> Option<Vec<u64>> { value.as_array()?.iter().map(Value::as_u64).collect() };
    let file = |file: &Value| Expected {
        counts: (file["covered"].as_u64().unwrap(), file["measured"].as_u64().unwrap()),
        lines: list(&file["missed"]).zip(list(&file["measured_lines"])),
    };
    let report = |(name, report): (String, Value)| {
        let files = report["files"].as_object().unwrap().iter().map(|(path, said)| (path.clone(), file(said)));
        Known { name, kind: report["kind"].as_str().unwrap().to_owned(), files: files.collect() }
    };
    reports.into_iter().map(report).collect()
}

fn read(name: &str) -> Parsed {
    let file = fs::File::open(real().join("reports").join(name)).unwrap();
    formats::read(file, None).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

/// The one tracked file that shares most of its end with a name of the report.
fn tracked<'a>(name: &str, files: impl Iterator<Item = &'a String>) -> &'a String {
    let shared =
        |file: &str| file.split('/').rev().zip(name.split('/').rev()).take_while(|(one, other)| one == other).count();
    let mut best: Vec<(usize, &String)> = files.map(|file| (shared(file), file)).collect();
    best.sort();
    assert!(best.len() < 2 || best[best.len() - 2].0 < best[best.len() - 1].0, "{name} is two of {best:?}");
    let (parts, found) = best.pop().unwrap();
    assert!(parts > 0, "{name} is none of them");
    found
}

fn found(file: &ParsedFile, kind: Kind) -> Expected {
    if kind == Kind::Go {
        return Expected { counts: file.blocks.statements(), lines: None };
    }
    let counts = file.lines.counts();
    let (mut missed, mut measured) = (Vec::new(), Vec::new());
    for line in 1..1_000 {
        let state = file.lines.state(line);
        measured.extend(state.map(|_| u64::from(line)));
        missed.extend(state.filter(|state| *state == State::Missed).map(|_| u64::from(line)));
    }
    Expected { counts: (counts.hit, counts.measured), lines: Some((missed, measured)) }
}

/// The sum over files.
fn sum<'a>(files: impl Iterator<Item = &'a Expected>) -> Counts {
    files.fold((0, 0), |(covered, measured), file| (covered + file.counts.0, measured + file.counts.1))
}

#[test]
fn every_report_is_expected() {
    let mut names: Vec<String> = fs::read_dir(real().join("reports"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let known: Vec<String> = known().into_iter().map(|known| known.name).collect();
    assert_eq!(names, known);
}

#[test]
fn each_report_is_read_as_its_tool_reads_it() {
    for Known { name, kind, files } in known() {
        let parsed = read(&name);
        assert_eq!(parsed.kind.to_string(), kind, "{name}");
        if parsed.kind == Kind::IstanbulSummary {
            assert_eq!(parsed.totals, Some(sum(files.values())), "{name}");
            continue;
        }
        let mut seen = BTreeMap::new();
        for file in &parsed.files {
            let path = tracked(&String::from_utf8_lossy(&file.name), files.keys());
            assert!(seen.insert(path.clone(), found(file, parsed.kind)).is_none(), "{name} has {path} twice");
        }
        assert_eq!(seen, files, "{name}");
    }
}

/// The real tree as a repository of one commit, where a runner would have it: in a folder of the repository's name.
fn repository() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path().join("monorepo");
    copy(&real().join("tree"), &work);
    git(&work, &["init", "--quiet", "--initial-branch=main"]);
    git(&work, &["add", "--all"]);
    git(&work, &["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", "all"]);
    (folder, work)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

fn git(folder: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.args(args).current_dir(folder).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Judges a report that lies in the root of the repository, which helps no name to be found.
fn judge(work: &Path, report: &Path, metric: &str) -> (Output, Value) {
    fs::copy(report, work.join("report")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_coverage-gate"));
    command.args(["--base", "main", "--metric", metric, "--format", "json", "report"]).current_dir(work).env_clear();
    command.env("HOME", work).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.output().unwrap();
    let record = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {}", report.display(), String::from_utf8_lossy(&output.stderr)));
    (output, record)
}

fn has_note(record: &Value, code: &str) -> bool {
    record["notes"].as_array().unwrap().iter().any(|note| note["code"] == code)
}

#[test]
fn each_report_is_judged_by_tracked_files() {
    let (_held, work) = repository();
    for Known { name, kind, files } in known() {
        let (output, record) = judge(&work, &real().join("reports").join(&name), "line");
        assert_eq!(output.status.code(), Some(0), "{name}: {record:#}");
        assert_eq!(record["verdict"], "pass", "{name}");
        assert_eq!(record["reports"][0]["format"], kind, "{name}");
        assert_eq!(record["left_out"], serde_json::json!([]), "{name}");
        let counts = |part: &Value| (part["covered"].as_u64().unwrap(), part["measured"].as_u64().unwrap());
        assert_eq!(counts(&record["all"]), sum(files.values()), "{name}");
        let unit = if kind == "Go coverprofile" { "statement" } else { "line" };
        assert_eq!(record["unit"], unit, "{name}");
        if kind == "istanbul summary" {
            continue;
        }
        let listed = record["files"].as_array().unwrap().iter();
        let judged: BTreeMap<String, Counts> =
            listed.map(|file| (file["file"].as_str().unwrap().to_owned(), counts(file))).collect();
        let expected: BTreeMap<String, Counts> =
            files.into_iter().map(|(path, expected)| (path, expected.counts)).collect();
        assert_eq!(judged, expected, "{name}");
        // Its header counts instances; see the top of this file.
        assert_eq!(has_note(&record, "header-differs"), name == "gcovr8.cobertura.xml", "{name}: {record:#}");
    }
}

#[test]
fn a_report_without_evidence_is_refused() {
    let path = real().join("undecidable/gcovr8.jacoco.xml");
    let problem = formats::read(fs::File::open(&path).unwrap(), None).unwrap_err();
    assert_eq!(problem.code, "bad-number");
    let (_held, work) = repository();
    let (output, record) = judge(&work, &path, "line");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!((&record["verdict"], &record["all"]), (&Value::from("unknown"), &Value::Null));
    assert_eq!(record["reasons"][0]["code"], "bad-number");
}

#[test]
fn pytests_own_number_comes_out_by_the_combined_metric() {
    // 13 of 18 lines, and 4 of 6 branches where 2 lines are partial: `coverage report` prints 71 %.
    let (_held, work) = repository();
    for report in ["coverage-py.cobertura.xml", "coverage-py.json", "coverage-py.lcov"] {
        for (metric, percent) in [("line", "72.22"), ("combined", "70.83"), ("strict", "61.11")] {
            let (_, record) = judge(&work, &real().join("reports").join(report), metric);
            assert_eq!(record["all"]["percent"], percent, "{report} by {metric}");
        }
    }
}
