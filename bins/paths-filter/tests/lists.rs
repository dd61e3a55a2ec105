//! File names in the four list formats: the rows of the fixture, and ten thousand hostile names through bash.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::process::{Command, Stdio};

use clap::ValueEnum as _;
use paths_filter::report::lists::{ListFormat, list};
use proptest::prelude::*;
use serde_json::Value;

fn format(name: &str) -> ListFormat {
    ListFormat::from_str(name, true).unwrap()
}

fn check(name: &[u8], format: ListFormat, expected: &str) {
    assert_eq!(list(format, std::iter::once(name)), expected, "{format:?} of {}", name.escape_ascii());
}

#[test]
fn every_row() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/paths-filter/list-files.json");
    let table: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for row in table["rows"].as_array().unwrap() {
        for name in ["json", "csv", "shell", "escape"] {
            let expected = row["ours"].get(name).unwrap_or(&row[name]).as_str().unwrap();
            check(row["file"].as_str().unwrap().as_bytes(), format(name), expected);
        }
    }
}

#[test]
fn bytes_that_are_not_utf8() {
    check(b"a\xff.txt", ListFormat::Json, r#"["a\\xff.txt"]"#);
    check(b"a\xff.txt", ListFormat::Csv, "\"a\\xff.txt\"");
    check(b"a\xff.txt", ListFormat::Shell, "$'a\\xff.txt'");
    check(b"-\xffa", ListFormat::Escape, "$'./-\\xffa'");
}

/// Pieces of which hostile names are made.
const PIECES: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\t",
    b"\x1b[2J",
    b"\x07",
    b"\x7f",
    b"::warning::x",
    b"##[error]x",
    b"::stop-commands::x",
    b"$(touch pwned)",
    b"`touch pwned`",
    b"; touch pwned;",
    b"& touch pwned &",
    b"| touch pwned",
    b"> pwned",
    b"'",
    b"\"",
    b"\\",
    b"\\n",
    b"$'",
    b"${IFS}",
    b"!!",
    b"-",
    b"--",
    b"-rf",
    b" ",
    b"  ",
    b"*",
    b"?",
    b"[x]",
    b"{a,b}",
    b"~",
    b"~root",
    b"#",
    b"=",
    b"%0A",
    b"%",
    b"<<EOF",
    b"EOF",
    b"name=value",
    b",",
    b"\xff",
    b"\xc3",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
    b"\xe2\x80\xae",
    "é".as_bytes(),
    "日本".as_bytes(),
    "😀".as_bytes(),
    "\u{feff}".as_bytes(),
    b"a",
    b"b.txt",
    b"dir/",
    b"..",
    b".",
    b"\x01",
    b"0",
    b"x41",
];

/// A deterministic stream of numbers (xorshift), so that every run sees the same names.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

fn hostile_names(count: usize) -> Vec<Vec<u8>> {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut name = || {
        let pieces = 1 + numbers.below(6);
        let name: Vec<u8> = (0..pieces).flat_map(|_| PIECES[numbers.below(PIECES.len())].to_vec()).collect();
        if numbers.below(500) == 0 { name.repeat(4096 / name.len()) } else { name }
    };
    (0..count).map(|_| name()).collect()
}

/// What bash makes of a list: its words, each ended by NUL; `None` when it ran something or could not read it.
fn bash(words: &str) -> Option<Vec<Vec<u8>>> {
    let folder = tempfile::tempdir().unwrap();
    let out = Command::new("bash")
        .args(["--norc", "--noprofile", "-c", &format!("printf '%s\\0' {words}")])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let untouched = std::fs::read_dir(folder.path()).unwrap().count() == 0;
    let mut read: Vec<Vec<u8>> = out.stdout.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
    read.pop();
    (out.status.success() && untouched).then_some(read)
}

/// The name that a script sees: an option is none any more.
fn plain(name: &[u8]) -> Vec<u8> {
    if name.starts_with(b"-") { [b"./", name].concat() } else { name.to_vec() }
}

/// How many lists of five hundred names do not come back as they were.
fn escapes(names: &[Vec<u8>], words: impl Fn(&[Vec<u8>]) -> String) -> usize {
    let is_wrong = |chunk: &&[Vec<u8>]| {
        bash(&words(chunk))
            .is_none_or(|read| !read.iter().eq(chunk.iter().map(|name| plain(name)).collect::<Vec<_>>().iter()))
    };
    names.chunks(500).filter(is_wrong).count()
}

#[test]
fn ten_thousand_hostile_names_through_bash() {
    let names = hostile_names(10_000);
    for format in [ListFormat::Shell, ListFormat::Escape] {
        assert_eq!(escapes(&names, |chunk| list(format, chunk.iter().map(Vec::as_slice))), 0, "{format:?}");
    }
}

#[test]
fn weaker_quoting_is_caught() {
    let names = hostile_names(2_000);
    let quote = |name: &[u8]| format!("'{}'", String::from_utf8_lossy(name).replace('\'', "'\\''"));
    let each = |chunk: &[Vec<u8>], quote: &dyn Fn(&[u8]) -> String| {
        chunk.iter().map(|name| quote(name)).collect::<Vec<_>>().join(" ")
    };
    // Quotes that a shell would accept lose bytes that are no text, and leave options as they are.
    assert!(escapes(&names, |chunk| each(chunk, &quote)) > 0);
    // Ours, but with the dollar that makes `\n` a line break gone.
    let ours = |name: &[u8]| list(ListFormat::Shell, std::iter::once(name));
    assert!(escapes(&names, |chunk| each(chunk, &|name| ours(name).replacen("$'", "'", 1))) > 0);
    // Ours, but without the quotes around a blank.
    assert!(escapes(&names, |chunk| each(chunk, &|name| ours(name).replace("' '", " "))) > 0);
    assert_eq!(escapes(&names, |chunk| each(chunk, &ours)), 0);
}

#[test]
fn ten_thousand_hostile_names_as_outputs_and_log_lines() {
    let names = hostile_names(10_000);
    for format in [ListFormat::Json, ListFormat::Csv, ListFormat::Shell, ListFormat::Escape] {
        let value = list(format, names.iter().map(Vec::as_slice));
        assert!(value.len() > 10_000, "{format:?}");
        if format == ListFormat::Json {
            let read: Vec<String> = serde_json::from_str(&value).unwrap();
            assert_eq!(read.len(), names.len());
        }
    }
    for name in &names {
        let line = action::neutral(name);
        let log = action::oracle::log(format!("{line}\n").as_bytes());
        assert!(log.commands.is_empty(), "a command escaped: {line}");
        assert!(!line.contains(['\n', '\r', '\x1b']), "a line escaped: {line}");
    }
}

proptest! {
    #[test]
    fn any_bytes_survive_bash(name in proptest::collection::vec(1u8..=255, 1..40)) {
        for format in [ListFormat::Shell, ListFormat::Escape] {
            let words = list(format, std::iter::once(name.as_slice()));
            prop_assert_eq!(bash(&words), Some(vec![plain(&name)]));
        }
    }

    #[test]
    fn csv_reads_back(names in proptest::collection::vec("[a-z\", \n\r\t]{1,8}", 1..6)) {
        let line = list(ListFormat::Csv, names.iter().map(|name| name.as_bytes()));
        prop_assert_eq!(read_csv(&line), names);
    }
}

/// RFC 4180, one record.
fn read_csv(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields
}
