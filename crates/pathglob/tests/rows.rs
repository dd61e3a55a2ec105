//! Observed answers of picomatch for single patterns, and of short lists of them.

use pathglob::{Glob, Syntax};
use serde_json::Value;

/// The table of paths-filter; rows with statuses are its own business.
const ROWS: &str = include_str!("../../../fixtures/paths-filter/glob.json");

/// What a filter of `patterns` says about `file`: any of them, or every one.
fn check(patterns: &[&str], file: &str, quantifier: &str, expected: bool) -> Result<(), String> {
    let matches = |pattern: &&str| Glob::new(pattern, Syntax::Picomatch).map(|glob| glob.is_match(file.as_bytes()));
    let answers: Vec<bool> =
        patterns.iter().map(matches).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    let ours = if quantifier == "every" { answers.iter().all(|&yes| yes) } else { answers.iter().any(|&yes| yes) };
    if ours == expected { Ok(()) } else { Err(format!("{patterns:?} {file:?}: {ours}, not {expected}")) }
}

#[test]
fn answers_as_observed_or_better() {
    let table: Value = serde_json::from_str(ROWS).expect("the rows are JSON");
    let rows = table["rows"].as_array().expect("rows");
    let rows: Vec<&Value> = rows.iter().filter(|row| row["group"] != "status").collect();
    let failures: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let patterns = row["patterns"].as_array()?.iter().map(Value::as_str).collect::<Option<Vec<&str>>>()?;
            let expected = row.get("ours").unwrap_or(&row["expected"]).as_bool()?;
            check(&patterns, row["file"].as_str()?, row["quantifier"].as_str()?, expected).err()
        })
        .collect();
    assert!(rows.len() > 250, "only {} rows", rows.len());
    assert_eq!(failures, Vec::<String>::new());
}
