//! The published schema holds for the record of every verdict, and for nothing else.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod world;

use std::fs;
use std::path::Path;

use release_verify::record::{Record, SCHEMA};
use serde_json::Value;
use world::{CONDA, NPM, WHEEL, World};

fn validator() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/release-verify/record.schema.json");
    jsonschema::validator_for(&serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()).unwrap()
}

/// Records of a yes, a no and a could-not-tell of each bundle.
fn records() -> Vec<Value> {
    let mut records = Vec::new();
    for case in [CONDA, NPM, WHEEL] {
        let mut world = World::of(case);
        records.push(world.run().record);
        world.set("--repository", "o/r");
        records.push(world.run().record);
        fs::write(world.bundle(), "{}").unwrap();
        records.push(world.run().record);
    }
    records
}

#[test]
fn every_record_is_as_published() {
    let validator = validator();
    let mut verdicts = Vec::new();
    for record in records() {
        let errors: Vec<String> =
            validator.iter_errors(&record).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let typed: Record = serde_json::from_value(record.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed).unwrap(), record, "not read back as it was");
        verdicts.push(record["verdict"].as_str().unwrap().to_owned());
    }
    assert_eq!(verdicts, ["pass", "fail", "unknown"].repeat(3));
}

#[test]
fn another_shape_is_refused() {
    let validator = validator();
    let good = records().swap_remove(0);
    assert_eq!(good["schema"], SCHEMA);
    for (pointer, wrong) in [
        ("/verdict", Value::from("skipped")),
        ("/chain/0/status", Value::from("maybe")),
        ("/chain", Value::Array(Vec::new())),
        ("/assets/0/sha256", Value::from("x")),
        ("/bundles/0/claims/subject", Value::from(1)),
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
fn the_day_of_the_built_in_roots_is_that_of_their_version() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock")).unwrap();
    let version = release_verify::gather::roots::BUILT_IN_VERSION;
    let found = lock.contains(&format!("name = \"sigstore-trust-root\"\nversion = \"{version}\"\n"));
    assert!(
        found,
        "sigstore-trust-root is another one than {version}: set its day, and the version, in gather/roots.rs"
    );
}
