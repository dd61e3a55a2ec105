//! The published schema holds for every record that a case expects, and for nothing else; SARIF has the shape of its standard.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::fs;
use std::path::{Path, PathBuf};

use fake_code_detector::record::{Record, SCHEMA};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn validator() -> jsonschema::Validator {
    let text = fs::read_to_string(root().join("dist/fake-code-detector/findings.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// Every JSON value that a case prints or gives as its output `findings`.
fn printed() -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for case in fs::read_dir(root().join("fixtures/fake-code-detector")).unwrap().flatten() {
        let Ok(text) = fs::read_to_string(case.path().join("expect")) else { continue };
        let starts = text.match_indices("== stdout\n{").map(|(at, _)| at + "== stdout\n".len());
        let outputs = text.match_indices("\nfindings = {").map(|(at, _)| at + "\nfindings = ".len());
        for at in starts.chain(outputs) {
            let value = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>().next().unwrap().unwrap();
            found.push((case.path(), value));
        }
    }
    found
}

fn records() -> Vec<(PathBuf, Value)> {
    printed().into_iter().filter(|(_, value)| value["schema"] == SCHEMA).collect()
}

#[test]
fn every_record_is_as_published() {
    let (validator, records) = (validator(), records());
    assert!(records.len() >= 4, "only {} cases print a record", records.len());
    for (case, record) in records {
        let errors: Vec<String> =
            validator.iter_errors(&record).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", case.display());
        let typed: Record = serde_json::from_value(record.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed).unwrap(), record, "{}: not read back as it was", case.display());
    }
}

#[test]
fn another_shape_is_refused() {
    let validator = validator();
    let (_, good) = records().into_iter().find(|(_, record)| record["errors"] != 0).unwrap();
    for (pointer, wrong) in [
        ("/verdict", Value::from("maybe")),
        ("/findings/0/line", Value::from(0)),
        ("/findings/0/severity", Value::from("fatal")),
        ("/findings/0/rule", Value::from("103")),
        ("/surprise", Value::Null),
    ] {
        let mut record = good.clone();
        match record.pointer_mut(pointer) {
            Some(place) => *place = wrong,
            None => drop(record.as_object_mut().unwrap().insert(pointer[1..].to_owned(), wrong)),
        }
        assert!(!validator.is_valid(&record), "{pointer}");
    }
}

#[test]
fn sarif_names_what_code_scanning_needs() {
    let logs: Vec<Value> =
        printed().into_iter().map(|(_, value)| value).filter(|value| value["version"] == "2.1.0").collect();
    assert!(!logs.is_empty());
    for log in logs {
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'?' | b':')), "{uri}");
            assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
            assert!(result["partialFingerprints"]["fakeCode/v1"].is_string());
        }
    }
}
