//! Two runs that have to come to the same record: other line ends, other orders, other formats of the same measurement.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tests::cases::history;

/// One run: a repository, files beside its own, and arguments.
#[derive(Clone)]
struct Run {
    history: String,
    files: BTreeMap<String, Vec<u8>>,
    args: Vec<String>,
}

/// What of two records has to be the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    /// Every byte.
    Bytes,
    /// All but the list of reports, and the notes, which tell of the reports.
    ButReports,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage-gate")
}

/// The files below a folder, by their paths from there.
fn below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() {
            files.extend(below(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

impl Run {
    /// As a case of the fixtures has it.
    fn of(case: &str) -> Self {
        let folder = fixtures().join(case);
        let args = fs::read_to_string(folder.join("args")).unwrap();
        Self {
            history: fs::read_to_string(folder.join("history")).unwrap(),
            files: below(&folder.join("files")),
            args: args.lines().map(str::to_owned).collect(),
        }
    }

    /// One real report, in a repository whose last commit adds a folder of the real tree.
    fn real(folder: &str, report: &str) -> Self {
        let mut history = "commit one on main\n  write README.md hello\ncommit change on feature from one\n".to_owned();
        for (path, text) in below(&fixtures().join("real/tree").join(folder)) {
            let text = json!(String::from_utf8(text).unwrap());
            // A header of nothing but declarations is in no report, and another story.
            match path.ends_with(".hpp") && !text.to_string().contains('{') {
                true => history = history.replacen('\n', &format!("\n  write {folder}/{path} {text}\n"), 1),
                false => writeln!(history, "  write {folder}/{path} {text}").unwrap(),
            }
        }
        history.push_str("checkout feature\n");
        let bytes = fs::read(fixtures().join("real/reports").join(report)).unwrap();
        let args =
            ["--base", "main", "--threshold-all", "0.70", "--threshold-new", "0.80", "--threshold-patch", "0.80"];
        let args = args.into_iter().chain(["--format", "json", "--reports", "report"]).map(str::to_owned).collect();
        Self { history, files: BTreeMap::from([("report".to_owned(), bytes)]), args }
    }

    /// With one file replaced.
    fn file(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.to_owned(), bytes.into());
        self
    }

    /// With more arguments.
    fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.files[name].clone()).unwrap()
    }

    /// The record and the exit code.
    fn play(&self) -> (String, Option<i32>) {
        let folder = tempfile::tempdir().unwrap();
        let work = history::build(&self.history, folder.path()).unwrap().work;
        for (name, bytes) in &self.files {
            let path = work.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_coverage-gate"));
        command.args(&self.args).current_dir(&work).env_clear();
        command.env("HOME", folder.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = command.output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    }
}

/// Plays both runs and compares; gives the record of the first.
fn check(one: &Run, other: &Run, same: Same) -> Value {
    let (one, other) = (one.play(), other.play());
    let record = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let shown = |text: &str| {
        let mut record = record(text);
        if same == Same::ButReports {
            let fields = record.as_object_mut().unwrap();
            fields.remove("reports");
            fields.remove("notes");
        }
        serde_json::to_string_pretty(&record).unwrap()
    };
    assert_eq!(shown(&one.0), shown(&other.0));
    assert_eq!(one.1, other.1, "exit codes");
    if same == Same::Bytes {
        assert_eq!(one.0, other.0);
    }
    record(&one.0)
}

fn has_note(record: &Value, code: &str) -> bool {
    record["notes"].as_array().unwrap().iter().any(|note| note["code"] == code)
}

#[test]
fn xml_is_the_same_without_line_breaks() {
    let pretty = Run::of("resolves-by-the-right-source-folder");
    let text = pretty.text("coverage.xml");
    let small = pretty.clone().file("coverage.xml", text.replace(['\n', '\t'], ""));
    assert!(text.lines().count() > 20);
    check(&pretty, &small, Same::Bytes);
    check(&Run::of("reads-xml-without-line-breaks"), &small, Same::Bytes);
}

#[test]
fn a_doctype_is_never_fetched() {
    let run = Run::of("does-not-count-the-lines-of-methods-again");
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let url = format!("http://{}/coverage-04.dtd", server.local_addr().unwrap());
    let known = "http://cobertura.sourceforge.net/xml/coverage-04.dtd";
    let text = run.text("coverage.xml");
    assert!(text.contains(known));
    let record = check(&run, &run.clone().file("coverage.xml", text.replace(known, &url)), Same::Bytes);
    assert_eq!(record["all"]["measured"], 5);
    assert_eq!(server.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody connected");
}

#[test]
fn classes_of_one_file_come_in_any_order() {
    let run = Run::of("takes-the-most-hits-of-two-classes-in-one-file");
    let text = run.text("coverage.xml");
    let from = text.find("\t\t\t\t<class ").unwrap();
    let middle = from + 1 + text[from + 1..].find("\t\t\t\t<class ").unwrap();
    let end = text.find("\t\t\t</classes>").unwrap();
    let swapped = [&text[..from], &text[middle..end], &text[from..middle], &text[end..]].concat();
    check(&run, &run.clone().file("coverage.xml", swapped), Same::Bytes);
}

#[test]
fn reports_come_in_any_order() {
    let run = Run::of("merges-reports-line-by-line");
    let record = check(&run, &Run::of("merges-reports-in-any-order"), Same::Bytes);
    assert_eq!((&record["all"]["covered"], &record["all"]["measured"]), (&json!(2), &json!(4)));
    let (a, b) = (run.text("a.info"), run.text("b.info"));
    check(&run, &run.clone().file("a.info", b).file("b.info", a), Same::Bytes);
    for threads in ["1", "2", "8"] {
        check(&run, &run.clone().args(&["--threads", threads]), Same::Bytes);
    }
}

#[test]
fn a_report_counts_once_however_often_it_is_given() {
    let twice = Run::of("counts-a-report-once-that-is-named-twice");
    let mut once = twice.clone();
    let at = once.args.iter().rposition(|arg| arg == "--reports").unwrap();
    once.args.drain(at..at + 2);
    assert!(!has_note(&check(&once, &twice, Same::ButReports), "duplicate-report"));
    assert!(has_note(&check(&twice, &once, Same::ButReports), "duplicate-report"));
    let spelled = Run::of("counts-a-report-once-under-two-spellings");
    let mut other = spelled.clone();
    let at = |text: &str| spelled.args.iter().position(|arg| arg == text).unwrap();
    other.args.swap(at("lcov.info"), at("./lcov.info"));
    assert!(has_note(&check(&spelled, &other, Same::Bytes), "duplicate-report"));
    let copy = check(&Run::of("counts-a-copy-of-a-report-once"), &once, Same::ButReports);
    assert!(has_note(&copy, "duplicate-report"));
}

#[test]
fn line_ends_and_byte_order_marks_do_not_count() {
    let windows = Run::of("reads-a-tracefile-of-windows");
    let text = windows.text("lcov.info");
    assert!(text.starts_with('\u{feff}') && text.contains("\r\n"), "git took them away");
    let plain = text.replace(['\u{feff}', '\r'], "");
    check(&windows, &windows.clone().file("lcov.info", plain), Same::Bytes);
}

#[test]
fn groups_of_jacoco_change_nothing() {
    let run = Run::of("reads-the-packages-of-a-group");
    assert!(run.files.values().all(|report| String::from_utf8_lossy(report).contains("<group name=")));
    check(&run, &Run::of("resolves-a-package-below-an-unknown-source-root"), Same::Bytes);
}

#[test]
fn llvm_covs_two_exports_say_the_same_of_every_line() {
    for (folder, json, lcov) in
        [("native", "llvm-cpp.json", "llvm-cpp.lcov"), ("meter", "llvm-rust.json", "llvm-rust.lcov")]
    {
        for metric in ["line", "combined", "strict"] {
            let run = |report| Run::real(folder, report).args(&["--metric", metric]);
            let record = check(&run(json), &run(lcov), Same::ButReports);
            // All of it is added, so `patch` lists every line that is not covered in full.
            assert!(record["files"].as_array().unwrap().iter().any(|file| file["patch"]["missed"][0].is_array()));
        }
    }
}

#[test]
fn a_clone_of_depth_two_is_enough() {
    let expect = |case: &str| fs::read_to_string(fixtures().join(case).join("expect")).unwrap();
    let whole = expect("judges-the-merge-of-a-pull-request");
    assert!(whole.contains("f.py  0/1  25"));
    assert_eq!(whole, expect("judges-the-merge-of-a-pull-request-in-a-clone-of-depth-two"));
}
