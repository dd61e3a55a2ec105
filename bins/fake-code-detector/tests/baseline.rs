//! The baseline through its life: written, known, moved, formatted, stale, pruned.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::path::Path;
use std::process::{Command, Output};

const FAKE: &str =
    "export function routeFor(order: Order): Route {\n  return { carrier: \"north\", lane: \"fast\" };\n}\n";
const FORMATTED: &str = "// moved and formatted\n\n\nexport function routeFor(\n    order: Order\n): Route\n{\n    return ({\n        'carrier': 'north',   // kept\n        lane: \"fast\"\n    })\n}\n";
const OTHER: &str =
    "export function wayBack(order: Order): Route {\n  return { carrier: \"south\", lane: \"slow\" };\n}\n";
const HONEST: &str =
    "export function routeFor(order: Order): Route {\n  return { carrier: order.carrier, lane: order.lane };\n}\n";

fn tool(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fake-code-detector"));
    command.args(args).current_dir(folder).env_clear().output().unwrap()
}

/// Code, standard output and standard error.
fn run(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = tool(folder, args);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

fn with_baseline() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "src/route.ts", FAKE);
    let (code, said) = run(folder.path(), &["baseline", "--baseline", "known.json"]);
    assert_eq!((code, said.as_str()), (0, "1 known in 1 of 1 files: known.json\n"));
    folder
}

#[test]
fn what_is_known_passes_and_what_is_new_fails() {
    let folder = with_baseline();
    let (code, said) = run(folder.path(), &["--baseline", "known.json"]);
    assert_eq!((code, said.as_str()), (0, "no fake code found in 1 file and 1 function (1 known)\n"));
    write(folder.path(), "src/back.ts", OTHER);
    let (code, said) = run(folder.path(), &["--baseline", "known.json"]);
    assert_eq!(code, 1);
    assert!(said.contains("src/back.ts:1") && !said.contains("src/route.ts"), "{said}");
}

#[test]
fn moving_and_formatting_wake_nothing() {
    let folder = with_baseline();
    write(folder.path(), "src/route.ts", FORMATTED);
    assert_eq!(run(folder.path(), &["--baseline", "known.json"]).0, 0);
    std::fs::rename(folder.path().join("src/route.ts"), folder.path().join("src/moved.ts")).unwrap();
    assert_eq!(run(folder.path(), &["--baseline", "known.json"]).0, 0);
}

#[test]
fn a_copy_of_a_known_fake_is_new() {
    let folder = with_baseline();
    write(folder.path(), "src/copy.ts", FAKE);
    let (code, said) = run(folder.path(), &["--baseline", "known.json"]);
    assert_eq!(code, 1);
    assert!(said.contains("src/copy.ts:1") && !said.contains("src/route.ts"), "{said}");
}

#[test]
fn another_value_is_another_fake() {
    let folder = with_baseline();
    write(folder.path(), "src/route.ts", &FAKE.replace("fast", "faster"));
    let (code, said) = run(folder.path(), &["--baseline", "known.json"]);
    assert_eq!(code, 1);
    assert!(said.contains("FK103") && said.contains("FK904"), "{said}");
}

#[test]
fn what_is_gone_is_stale_until_it_is_pruned() {
    let folder = with_baseline();
    write(folder.path(), "src/back.ts", OTHER);
    write(folder.path(), "src/route.ts", HONEST);
    let (code, said) = run(folder.path(), &["--baseline", "known.json"]);
    assert_eq!(code, 1);
    assert!(said.contains("FK904 baseline-stale"), "{said}");
    let (code, said) = run(folder.path(), &["baseline", "--prune", "--baseline", "known.json"]);
    assert_eq!((code, said.as_str()), (0, "0 known in 0 of 2 files: known.json\n"));
    let (code, said) = run(folder.path(), &["--baseline", "known.json"]);
    assert_eq!(code, 1, "pruning makes nothing new known");
    assert!(said.contains("FK103") && !said.contains("FK904"), "{said}");
}

#[test]
fn two_runs_write_the_same_bytes() {
    let folder = with_baseline();
    write(folder.path(), "src/back.ts", OTHER);
    let bytes = |threads| {
        assert_eq!(run(folder.path(), &["baseline", "--baseline", "again.json", "--threads", threads]).0, 0);
        std::fs::read(folder.path().join("again.json")).unwrap()
    };
    assert_eq!(bytes("1"), bytes("8"));
}

#[test]
fn a_broken_baseline_is_no_baseline() {
    let folder = with_baseline();
    for text in ["", "{", "{\"schema\": \"x\", \"files\": {}}", "[]"] {
        write(folder.path(), "known.json", text);
        assert_eq!(run(folder.path(), &["--baseline", "known.json"]).0, 2, "{text}");
    }
    std::fs::remove_file(folder.path().join("known.json")).unwrap();
    assert_eq!(run(folder.path(), &["--baseline", "known.json"]).0, 2);
    assert_eq!(run(folder.path(), &["baseline", "--prune", "--baseline", "known.json"]).0, 2);
}
