//! Random lists, names and options: `--gnu` beside the machine's own program.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use world::{Call, gnu, ours, run, text, without_gnu};

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const FLAGS: [&str; 16] = [
    "-c",
    "-b",
    "-t",
    "-z",
    "-w",
    "--tag",
    "--quiet",
    "--status",
    "--strict",
    "--warn",
    "--ignore-missing",
    "--chec",
    "--st",
    "-cw",
    "--zero=1",
    "--",
];

/// Pieces of lines, put together at random.
fn list() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => Just(format!("{ABC}  a\n")),
        2 => Just(format!("{ABC} a\n")),
        2 => Just(format!("{ABC} *b\n")),
        2 => Just(format!("SHA256 (a) = {ABC}\n")),
        1 => Just(format!("\\{ABC}  new\\nline\n")),
        1 => Just(format!("\\SHA256 (new\\nline)= {ABC}\r\n")),
        3 => Just(ABC.to_owned()),
        2 => Just(format!("{}\t", ABC.to_uppercase())),
        2 => Just(format!("{}  a\n", "0".repeat(64))),
        4 => "[ \t*\\\\()=\r\n\0#/.ab-]{1,4}",
        1 => Just("SHA256 (".to_owned()),
        1 => Just(") = ".to_owned()),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat().into_bytes())
}

/// Names of any bytes that a path can have.
fn name() -> impl Strategy<Value = Vec<u8>> {
    let odd = prop::sample::select(b"a '\"\\\n\t:#{}~!?*$\x7f\x01\xc3\xa9=[]".to_vec());
    prop::collection::vec(prop_oneof![odd, 1_u8..=255], 1..6)
        .prop_filter("a name in this folder", |name| !name.contains(&b'/') && name != b"." && name != b"..")
}

/// Both programs with the same arguments in the same folder.
fn same(folder: &Path, args: &[Vec<u8>], stdin: &[u8]) -> Result<(), TestCaseError> {
    let Some(theirs) = gnu() else { return Ok(()) };
    let args: Vec<OsString> = args.iter().cloned().map(OsString::from_vec).collect();
    let call = Call { args, folder, stdin: stdin.to_vec(), full: false };
    let (wanted, found) = (run(&(theirs, Vec::new()), &call), run(&ours(true), &call));
    let shown = |ran: &world::Ran| (ran.exit, text(&ran.stdout), text(&ran.stderr));
    prop_assert_eq!(shown(&found), shown(&wanted), "{:?}", call.args);
    Ok(())
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b", "new\nline"] {
        fs::write(folder.path().join(name), "abc").unwrap();
    }
    folder
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() })
}

#[test]
fn lists_come_to_the_same() {
    if gnu().is_none() {
        return without_gnu();
    }
    let folder = folder();
    let flags = prop::collection::vec(prop::sample::select(FLAGS[4..].to_vec()), 0..3);
    runner(400)
        .run(&(list(), list(), flags, any::<bool>()), |(one, other, flags, stdin)| {
            fs::write(folder.path().join("one"), &one).unwrap();
            fs::write(folder.path().join("other"), &other).unwrap();
            let mut args: Vec<Vec<u8>> = vec![b"-c".to_vec()];
            args.extend(flags.iter().map(|flag| flag.as_bytes().to_vec()));
            args.extend([b"one".to_vec(), if stdin { b"-".to_vec() } else { b"other".to_vec() }]);
            same(folder.path(), &args, if stdin { &other } else { b"" })
        })
        .unwrap();
}

#[test]
fn options_come_to_the_same() {
    if gnu().is_none() {
        return without_gnu();
    }
    let folder = folder();
    fs::write(folder.path().join("list"), format!("{ABC}  a\nx\n{ABC}  gone\n")).unwrap();
    let words = [FLAGS.as_slice(), &["list", "a", "-", "nope", "--nope", "-x", "--s"]].concat();
    runner(300)
        .run(&prop::collection::vec(prop::sample::select(words), 0..5), |words| {
            let args: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
            same(folder.path(), &args, format!("{ABC}  b\n").as_bytes())
        })
        .unwrap();
}

#[test]
fn names_come_to_the_same() {
    if gnu().is_none() {
        return without_gnu();
    }
    runner(300)
        .run(&(name(), name()), |(there, missing)| {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(OsString::from_vec(there.clone())), "abc").unwrap();
            let dotted = [b"./".as_slice(), &there].concat();
            same(folder.path(), &[b"--".to_vec(), there, dotted.clone(), missing.clone()], b"")?;
            same(folder.path(), &[b"--tag".to_vec(), b"--".to_vec(), dotted.clone()], b"")?;
            let mut list = Vec::new();
            let digest = formats::sums::from_hex(ABC.as_bytes()).unwrap();
            for name in [dotted, missing] {
                formats::sums::write(&mut list, (&name, &digest), formats::sums::Form::Text, formats::sums::End::Line);
            }
            same(folder.path(), &[b"-c".to_vec(), b"--".to_vec()], &list)
        })
        .unwrap();
}
