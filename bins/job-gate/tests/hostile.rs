//! Hostile outputs of jobs, and odd environments: nothing of them is obeyed, and nothing opens the gate.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::process::{Command, Stdio};

use action::{Streams, World, oracle};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a step came to.
struct Ran {
    exit: u8,
    log: oracle::Log,
    outputs: BTreeMap<String, String>,
    summary: String,
}

/// Runs the step with these inputs.
fn run(inputs: &[(&str, &str)]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| (format!("GITHUB_{name}"), folder.path().join(name).into_os_string());
    let mut env: HashMap<String, OsString> = ["OUTPUT", "STEP_SUMMARY"].map(path).into();
    env.insert("GITHUB_ACTIONS".to_owned(), "true".into());
    env.extend(inputs.iter().map(|(name, value)| (format!("INPUT_{name}"), OsString::from(value))));
    let (streams, captured) = Streams::captured();
    let world = World { args: vec!["job-gate".into()], env: &|name| env.get(name).cloned(), streams };
    let exit = action::drive(&job_gate::TOOL, world, job_gate::run);
    let file = |name: &str| std::fs::read(folder.path().join(name)).unwrap_or_default();
    let log = oracle::log(&captured.out());
    assert!(log.stopped.is_none() && oracle::log(&captured.err()).commands.is_empty());
    let outputs = oracle::output(&file("OUTPUT")).unwrap().into_iter().collect();
    Ran { exit, log, outputs, summary: oracle::summary(&file("STEP_SUMMARY")).unwrap() }
}

/// Text made of what parsers trip over.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "\n",
        "\r",
        "::error::x",
        "##[error]x",
        "::set-output name=result::success",
        "result=success",
        "$(touch owned)",
        "`id`",
        "\x1b[31m",
        "\u{202e}",
        "EOM",
        "${{ secrets.X }}",
        "<b>",
        "|",
        "](x)",
        "%0A",
        "\0",
        " ",
        "é",
    ];
    prop::collection::vec(
        prop_oneof![prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), any::<String>()],
        0..6,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn outputs_of_jobs_are_inert(text in hostile(), name in hostile()) {
        let needs = json!({
            "build": { "result": "success", "outputs": { name.as_str(): text.as_str() } },
            "test": { "result": "failure", "outputs": { "x": text.as_str() } },
        });
        let ran = run(&[("NEEDS", &needs.to_string())]);
        prop_assert_eq!(ran.exit, 1);
        let told: Vec<&str> = ran.log.commands.iter().map(|command| command.data.as_str()).collect();
        prop_assert_eq!(told, ["test failed"]);
        prop_assert_eq!(ran.outputs["result"].as_str(), "failure");
        // No word of what a job gave on is repeated, unless a rule asks for it.
        prop_assert_eq!(ran.summary, run(&[("NEEDS", &json!({ "build": { "result": "success" }, "test": { "result": "failure" } }).to_string())]).summary);
    }

    #[test]
    fn what_is_shown_is_inert(text in hostile()) {
        let needs = json!({ "build": { "result": text.as_str() } });
        let ran = run(&[("NEEDS", &needs.to_string())]);
        let known = ["success", "failure", "cancelled", "skipped"].contains(&text.as_str());
        prop_assert!(known || ran.exit == 2);
        prop_assert!(ran.log.commands.iter().all(|command| command.name == "error"));
        prop_assert!(known || ran.outputs["result"] == "unknown");
        let filtered = format!("docs: {}", text.replace(['\n', '|'], " "));
        let verdict = json!({ text.as_str(): false }).to_string();
        let needs = json!({ "changes": { "result": "success", "outputs": { "result": verdict } }, "docs": { "result": "skipped" } });
        let ran = run(&[("NEEDS", &needs.to_string()), ("FILTER_JOB", "changes"), ("FILTERED_JOBS", &filtered)]);
        prop_assert!(ran.log.commands.iter().all(|command| command.name == "error"), "{:?}", ran.log.commands);
        let obeyed = ran.summary.contains(['\x1b', '\0', '\u{202e}']);
        prop_assert!(!obeyed);
    }

    /// Whatever stands in the inputs, an open gate means that every job that was told of succeeded.
    #[test]
    fn no_text_opens_the_gate(needs in hostile(), skips in hostile(), filtered in hostile()) {
        let ran = run(&[("NEEDS", &needs), ("ALLOWED_SKIPS", &skips), ("FILTERED_JOBS", &filtered)]);
        prop_assert_eq!(ran.exit, 2);
        prop_assert_ne!(ran.outputs.get("success").map(String::as_str), Some("true"));
    }
}

/// Linux starts no program with a longer variable than 128 KiB: the largest that it does start is read whole, and what is
/// longer comes in a file.
#[test]
fn the_longest_variable_is_read_and_longer_results_come_in_a_file() {
    const LONGEST: usize = (128 << 10) - "INPUT_NEEDS=\0".len();
    let needs = |size: usize| {
        let frame = json!({ "build": { "result": "failure", "outputs": { "x": "" } } }).to_string();
        json!({ "build": { "result": "failure", "outputs": { "x": "x".repeat(size - frame.len()) } } }).to_string()
    };
    let started = |needs: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_job-gate"));
        command.env_clear().env("GITHUB_ACTIONS", "true").env("GITHUB_OUTPUT", folder.path().join("output"));
        command.env("INPUT_NEEDS", needs).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().map(|status| status.code())
    };
    assert_eq!(started(&needs(LONGEST)).unwrap(), Some(1));
    // The system refuses to start the step at all: the job fails, and with it the gate.
    assert!(started(&needs(LONGEST + 1)).is_err());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("needs.json");
    std::fs::write(&file, needs(8 << 20)).unwrap();
    let ran = run(&[("NEEDS_FILE", file.to_str().unwrap())]);
    assert_eq!((ran.exit, ran.outputs["failing"].as_str()), (1, "[\"build\"]"));
}

#[test]
fn outputs_are_the_declared_ones() {
    let needs = json!({ "a": { "result": "success" }, "b": { "result": "cancelled" }, "c": { "result": "skipped" } })
        .to_string();
    let ran = run(&[("NEEDS", &needs), ("ALLOWED_SKIPS", "c")]);
    let names: Vec<&str> = ran.outputs.keys().map(String::as_str).collect();
    assert_eq!(names, ["counts", "failing", "failure", "jobs", "result", "success"]);
    let counts: Value = serde_json::from_str(&ran.outputs["counts"]).unwrap();
    let expected =
        json!({ "succeeded": 1, "allowed": 1, "failed": 0, "cancelled": 1, "skipped": 0, "missing": 0, "unknown": 0 });
    assert_eq!(counts, expected);
    assert_eq!((ran.outputs["success"].as_str(), ran.outputs["failure"].as_str()), ("false", "true"));
    let jobs: Value = serde_json::from_str(&ran.outputs["jobs"]).unwrap();
    assert_eq!(jobs[1]["state"], "cancelled");
    assert_eq!(jobs[0], json!({ "job": "a", "result": "success", "state": "succeeded", "reason": "succeeded" }));
}
