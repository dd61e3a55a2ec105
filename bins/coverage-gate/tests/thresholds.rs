//! The rows of fixtures/coverage-gate/thresholds.json as whole runs: exit code and reason.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use serde_json::Value;
use world::{Step, Stepped, World, cobertura, hits};

fn table() -> Value {
    serde_json::from_str(include_str!("../../../fixtures/coverage-gate/thresholds.json")).unwrap()
}

/// Each input with the reason for missing it, and its rate in the record; a value gets before it what is in front of `=`.
const INPUTS: [(&str, &str, &str, &str); 5] = [
    ("--threshold-all", "all-below", "all", "threshold-all"),
    ("--threshold-patch", "patch-below", "patch", "threshold-patch"),
    ("--threshold-new", "new-below", "new", "threshold-new"),
    ("--threshold-modified", "modified-below", "modified", "threshold-modified"),
    ("--allow-drop", "", "", "allow-drop"),
];

/// Two commits, all of whose lines are new: seven of ten are covered.
fn world(status: &str) -> World {
    let ten = "1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n10\\n";
    let base = if status == "new" { String::new() } else { "  write f.py \"0\\n\"\n".to_owned() };
    let world = World::new(&format!(
        "commit base on main\n  write README.md x\n{base}commit change on main\n  write f.py \"{ten}\"\n"
    ));
    world.write("coverage.xml", cobertura("f.py", &hits("1110111001")));
    world
}

fn check(world: &World, (flag, value): (&str, &str), exit: i32, code: Option<&str>) -> Value {
    let base = world.id("base");
    let set = format!("{flag}={value}");
    let ran = world.bare(&["--base", &base, "--format", "json", &set, "coverage.xml"]);
    assert_eq!(ran.exit, Some(exit), "{set}: {} {}", ran.stdout, ran.stderr);
    let record = ran.record();
    assert_eq!(record["reasons"][0]["code"].as_str(), code, "{set}: {record}");
    record
}

#[test]
fn thresholds_are_read_exactly_and_compared_in_whole_numbers() {
    for (flag, below, rate, _) in INPUTS.into_iter().filter(|input| !input.1.is_empty()) {
        let world = world(if rate == "modified" { "modified" } else { "new" });
        for row in table()["reached"].as_array().unwrap() {
            let exit = i32::try_from(row["exit"].as_i64().unwrap()).unwrap();
            let record = check(&world, (flag, row["value"].as_str().unwrap()), exit, (exit == 1).then_some(below));
            assert_eq!(record[rate]["threshold"], row["threshold"], "{flag}={row}");
            assert_eq!(record[rate]["percent"], "70.00", "{flag}={row}");
            assert_eq!((&record[rate]["covered"], &record[rate]["measured"]), (&7.into(), &10.into()));
        }
    }
}

#[test]
fn what_is_no_threshold_is_refused_by_name() {
    let world = world("new");
    for (flag, _, _, name) in INPUTS {
        for value in table()["refused"].as_array().unwrap() {
            let value = value.as_str().unwrap();
            let record = check(&world, (flag, value), 2, Some("bad-threshold"));
            let message = record["reasons"][0]["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("{name} is `")), "{message}");
            assert_eq!(record["verdict"], "unknown");
        }
    }
}

#[test]
fn a_group_s_own_threshold_follows_the_same_rules() {
    let world = world("new");
    let base = world.id("base");
    let check = |value: &str, exit: i32, code: Option<&str>| {
        let group = format!("py:**/*.py:coverage.xml:all={value}");
        let ran = world.bare(&["--base", &base, "--format", "json", "--groups", &group]);
        assert_eq!(ran.exit, Some(exit), "{group}: {} {}", ran.stdout, ran.stderr);
        assert_eq!(ran.record()["reasons"][0]["code"].as_str(), code, "{group}: {}", ran.stdout);
    };
    for row in table()["reached"].as_array().unwrap() {
        let exit = i32::try_from(row["exit"].as_i64().unwrap()).unwrap();
        check(row["value"].as_str().unwrap(), exit, (exit == 1).then_some("all-below"));
    }
    // A comma parts the thresholds of a group, so what has one is another mistake, and none the less refused.
    for value in table()["refused"].as_array().unwrap().iter().filter_map(Value::as_str).filter(|v| !v.contains(',')) {
        check(value, 2, Some("bad-threshold"));
    }
    check("0,7", 2, Some("bad-group"));
}

fn step(value: &str) -> Stepped {
    Step::new(&world("new"), &[("reports", "coverage.xml"), ("threshold-all", value), ("comment", "never")]).run()
}

/// What stands nowhere is not judged.
#[test]
fn an_empty_input_of_a_step_is_not_judged() {
    assert_eq!(step("").ran.exit, Some(0));
    assert_eq!(step("0.71").ran.exit, Some(1));
}

/// A blank stands somewhere: a variable that was not what it should be must not switch the gate off.
#[test]
fn a_blank_input_of_a_step_is_refused() {
    let blank = step(" ");
    assert_eq!(blank.ran.exit, Some(2), "{blank:?}");
    blank.ran.says("bad-threshold").says("threshold-all");
}
