//! The published schema holds for the record of every answer, and for nothing else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use action::{Streams, World};
use serde_json::{Value, json};

fn validator() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/job-gate/record.schema.json");
    jsonschema::validator_for(&serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()).unwrap()
}

/// What the gate prints of these results, with further words.
fn record(needs: &Value, words: &[&str]) -> Value {
    let (streams, captured) = Streams::captured();
    let needs = needs.to_string();
    let args = [&["job-gate", "--format", "json", "--needs", &needs], words].concat();
    let world = World { args: args.into_iter().map(OsString::from).collect(), env: &|_| None, streams };
    action::drive(&job_gate::TOOL, world, job_gate::run);
    serde_json::from_slice(&captured.out()).unwrap()
}

/// Each answer, and rows of each state.
fn records() -> Vec<Value> {
    let of = |results: &[(&str, &str)]| {
        Value::Object(
            results.iter().map(|(job, word)| ((*job).to_owned(), json!({"result": word, "outputs": {}}))).collect(),
        )
    };
    let all = [("a", "success"), ("b", "failure"), ("c", "cancelled"), ("d", "skipped"), ("e", "odd")];
    vec![
        record(&of(&all[..1]), &[]),
        record(&of(&all[..4]), &["--allowed-skips", "d", "--expected-jobs", "z"]),
        record(&of(&all[..4]), &[]),
        record(&of(&all), &["--allowed-failures", "nobody"]),
    ]
}

#[test]
fn every_record_is_as_published() {
    let validator = validator();
    let (mut answers, mut states) = (Vec::new(), Vec::new());
    for record in records() {
        let errors: Vec<String> =
            validator.iter_errors(&record).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{record:#}");
        answers.push(record["result"].as_str().unwrap().to_owned());
        states.extend(record["jobs"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap().to_owned()));
    }
    states.sort();
    states.dedup();
    assert_eq!(answers, ["success", "failure", "failure", "unknown"]);
    assert_eq!(states, ["allowed", "cancelled", "failed", "missing", "skipped", "succeeded", "unknown"]);
}

#[test]
fn another_shape_is_refused() {
    let validator = validator();
    for (pointer, wrong) in [
        ("/result", json!("skipped")),
        ("/jobs", json!([])),
        ("/jobs/0/state", json!("failed")),
        ("/jobs/0/result", json!("odd")),
        ("/jobs/0/reason", json!("")),
        ("/problems", json!([{"message": "what"}])),
    ] {
        let mut record = records().swap_remove(0);
        *record.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&record), "{pointer}");
    }
    let mut record = records().swap_remove(0);
    record["surprise"] = Value::Null;
    assert!(!validator.is_valid(&record));
}
