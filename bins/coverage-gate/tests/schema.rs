//! The published schema holds for every record that a case expects, and for nothing else.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::fs;
use std::path::{Path, PathBuf};

use coverage_gate::record::{Record, SCHEMA};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn validator() -> jsonschema::Validator {
    let text = fs::read_to_string(root().join("dist/coverage-gate/record.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// The records in the expected outputs of all cases, with the case's folder.
fn records() -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for case in fs::read_dir(root().join("fixtures/coverage-gate")).unwrap().flatten() {
        let Ok(text) = fs::read_to_string(case.path().join("expect")) else { continue };
        for section in text.split("\n== ").filter(|section| section.starts_with("stdout\n{")) {
            let mut values = serde_json::Deserializer::from_str(&section["stdout\n".len()..]).into_iter::<Value>();
            let value = values.next().unwrap();
            // A case that explains a line prints another object.
            if let Ok(value) = value
                && value.get("schema").is_some()
            {
                found.push((case.path(), value));
            }
        }
    }
    found
}

#[test]
fn every_record_is_as_published() {
    let (validator, records) = (validator(), records());
    assert!(records.len() >= 20, "only {} cases print a record", records.len());
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
    let (_, good) = records().swap_remove(0);
    assert_eq!(good["schema"], SCHEMA);
    for (pointer, wrong) in [
        ("/verdict", Value::from("maybe")),
        ("/all", Value::from("72.22")),
        ("/all/percent", Value::from("72.2")),
        ("/metric", Value::Null),
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
