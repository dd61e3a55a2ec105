//! What GNU's sha256sum does: as the table says, as `--gnu` does, and as the machine's own program does.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use world::{Ran, build, bytes, call, fixture, gnu, ours, run, text, without_gnu};

fn table() -> Value {
    serde_json::from_str(&fs::read_to_string(fixture("gnu.json")).unwrap()).unwrap()
}

/// Runs every row with a program; gives what it came to, with the folder by its name.
fn rows(table: &Value, program: &(PathBuf, Vec<OsString>)) -> Vec<Ran> {
    let place = tempfile::tempdir().unwrap();
    let work = place.path().canonicalize().unwrap().join("work");
    build(table, &work);
    let here = work.to_str().unwrap();
    let named = |said: Vec<u8>| bytes(&text(&said).replace(here, "@{work}"));
    let one = |row: &Value| {
        let folder = work.join(row["folder"].as_str().unwrap_or_default());
        let ran = run(program, &call(row, &folder));
        Ran { exit: ran.exit, stdout: named(ran.stdout), stderr: named(ran.stderr) }
    };
    table["rows"].as_array().unwrap().iter().map(one).collect()
}

fn expected(row: &Value, whose: &str) -> Ran {
    let of = |key: &str| bytes(row[whose][key].as_str().unwrap());
    let exit = i32::try_from(row[whose]["exit"].as_i64().unwrap()).unwrap();
    Ran { exit, stdout: of("stdout"), stderr: of("stderr") }
}

fn check(program: &(PathBuf, Vec<OsString>), whose: &str) {
    let table = table();
    let ran = rows(&table, program);
    assert_eq!(ran.len(), 86);
    for (row, ran) in table["rows"].as_array().unwrap().iter().zip(ran) {
        let shown = |ran: &Ran| format!("{} {:?} {:?}", ran.exit, text(&ran.stdout), text(&ran.stderr));
        assert_eq!(shown(&ran), shown(&expected(row, whose)), "{}", row["case"]);
    }
}

#[test]
fn the_flag_does_what_the_table_says() {
    check(&ours(true), "gnu");
}

#[test]
fn the_machines_own_program_does_what_the_table_says() {
    match gnu() {
        Some(program) => check(&(program, Vec::new()), "gnu"),
        None => without_gnu(),
    }
}

#[test]
fn without_the_flag_nothing_is_passed_over() {
    if std::env::var("UPDATE").as_deref() == Ok("1") {
        update();
    }
    check(&ours(false), "ours");
    let table = table();
    for row in table["rows"].as_array().unwrap() {
        let (gnu, ours) = (expected(row, "gnu"), expected(row, "ours"));
        assert!(gnu.exit == 0 || ours.exit != 0, "{} is let through", row["case"]);
    }
}

/// Lists that GNU's program takes as verified, though not all of them was, or more than it says.
#[test]
fn each_hole_of_gnu_is_refused() {
    let holes = [
        "38 check, list of --zero",
        "48 format, one bad line",
        "49 format, one bad line is named",
        "68 format, byte order mark",
        "71 format, several algorithms",
        "73 trust, files listed twice",
        "75 trust, name out of the folder",
        "76 trust, absolute name",
        "79 trust, standard input in the list",
    ];
    let table = table();
    let rows = table["rows"].as_array().unwrap();
    for hole in holes {
        let row = rows.iter().find(|row| row["case"] == hole).unwrap();
        assert_eq!((expected(row, "gnu").exit, expected(row, "ours").exit), (0, 2), "{hole}");
    }
    // The others that GNU passes are good lists, links within the folder among them.
    let passed = rows.iter().filter(|row| expected(row, "gnu").exit == 0 && row["args"][0] == "-c");
    let stricter = passed.filter(|row| expected(row, "ours").exit != 0).count();
    assert_eq!(stricter, holes.len());
}

fn update() {
    let mut table = table();
    let ran = rows(&table, &ours(false));
    for (row, ran) in table["rows"].as_array_mut().unwrap().iter_mut().zip(ran) {
        row["ours"] = json!({ "exit": ran.exit, "stdout": text(&ran.stdout), "stderr": text(&ran.stderr) });
    }
    // Letters outside of ASCII stand for bytes, so they are written as escapes.
    let written: String = serde_json::to_string_pretty(&table).unwrap().chars().map(escaped).collect();
    fs::write(Path::new(&fixture("gnu.json")), written + "\n").unwrap();
}

fn escaped(letter: char) -> String {
    if letter.is_ascii() { letter.to_string() } else { format!("\\u{:04x}", u32::from(letter)) }
}
