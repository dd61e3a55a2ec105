//! The rows of fixtures/paths-filter/glob.json through `match`, and quantifiers beyond them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use serde_json::{Value, json};

fn fixture(name: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/paths-filter").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The answer of `paths-filter match` to a row: true, false or "error".
fn answer(row: &Value) -> Value {
    let answer: Value = serde_json::from_str(&paths_filter::match_line(&row.to_string())).unwrap();
    if answer.get("error").is_some() { "error".into() } else { answer["matched"].clone() }
}

#[test]
fn every_row() {
    let table = fixture("glob.json");
    let rows = table["rows"].as_array().unwrap();
    let wrong = |row: &&Value| answer(row) != *row.get("ours").unwrap_or(&row["expected"]);
    let wrong: Vec<String> = rows.iter().filter(wrong).map(Value::to_string).collect();
    assert!(wrong.is_empty(), "{} of {} rows are wrong:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    println!("{} rows", rows.len());
}

/// Patterns, the file with its status, the quantifier, and the answer.
fn check(patterns: Value, (file, status): (&str, Value), quantifier: &str, expected: bool) {
    let row = json!({ "patterns": patterns, "file": file, "status": status, "quantifier": quantifier });
    assert_eq!(answer(&row), json!(expected), "{row}");
}

#[test]
fn an_exclusion_is_final_with_some_with_excludes() {
    let mobile = json!(["mobile/**", "!mobile/**/*.md", "!mobile/.config/**", ".github/workflows/mobile.yml"]);
    for (file, expected) in [
        ("mobile/main.kt", true),
        (".github/workflows/mobile.yml", true),
        ("mobile/README.md", false),
        ("mobile/.config/lint.json", false),
        ("backend/main.go", false),
    ] {
        check(mobile.clone(), (file, json!("modified")), "some-with-excludes", expected);
    }
    check(json!(["!docs/**"]), ("src/a", json!("modified")), "some-with-excludes", false);
    check(json!(["!(docs)/**"]), ("src/a", json!("modified")), "some-with-excludes", true);
    check(json!([{ "added": "!docs/**" }, "**"]), ("docs/a", json!("modified")), "some-with-excludes", true);
    check(json!([{ "added": "!docs/**" }, "**"]), ("docs/a", json!("added")), "some-with-excludes", false);
}

#[test]
fn a_type_change_counts_as_modified() {
    check(json!([{ "modified": "**" }]), ("a", Value::Null), "some", true);
    check(json!([{ "typechanged": "**" }]), ("a", Value::Null), "some", true);
    check(json!([{ "typechanged": "**" }]), ("a", json!("modified")), "some", false);
    check(json!([{ "added|deleted": "**" }]), ("a", Value::Null), "some", false);
}

#[test]
fn in_ordered_dialects_the_last_match_decides() {
    for syntax in ["github", "gitignore"] {
        let row =
            |patterns: Value, file: &str| answer(&json!({ "patterns": patterns, "file": file, "syntax": syntax }));
        assert_eq!(row(json!(["src/**", "!src/**/*.md"]), "src/a.md"), json!(false), "{syntax}");
        assert_eq!(row(json!(["src/**", "!src/**/*.md", "src/keep.md"]), "src/keep.md"), json!(true), "{syntax}");
        assert_eq!(row(json!(["!src/**"]), "docs/a"), json!(false), "{syntax}");
    }
}

#[test]
fn gitignore_lists_are_read_folder_by_folder() {
    let row =
        |patterns: Value, file: &str| answer(&json!({ "patterns": patterns, "file": file, "syntax": "gitignore" }));
    assert_eq!(row(json!(["docs/"]), "a/docs/b"), json!(true));
    assert_eq!(row(json!(["docs/", "!docs/keep.md"]), "docs/keep.md"), json!(true), "its folder is matched as a whole");
    assert_eq!(row(json!([{ "added": "/src" }, { "modified": "!*.md" }]), "src/a.md"), json!(false));
}

#[test]
fn what_is_not_a_question_is_an_error() {
    for line in ["", "{}", "[]", "{\"patterns\":[\"a\"]}", "{\"patterns\":[\"a\"],\"file\":\"a\",\"status\":\"gone\"}"]
    {
        let answer: Value = serde_json::from_str(&paths_filter::match_line(line)).unwrap();
        assert!(answer["error"].is_string(), "{line}: {answer}");
    }
}
