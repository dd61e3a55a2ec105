//! Filters files: which are read, which are refused, with which words and at which place.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use paths_filter::filters::{Dialect, parse};
use proptest::prelude::*;
use serde_json::Value;

/// The refusal of a text, or nothing.
fn check(text: &str, expected: Option<&str>) {
    let got = parse(text, Dialect::Picomatch)
        .err()
        .map(|problem| problem.hint.iter().fold(problem.to_string(), |text, hint| format!("{text} [{hint}]")));
    assert_eq!(got.as_deref(), expected, "{:.200?}", text);
}

#[test]
fn every_row_of_the_fixture() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/paths-filter/config.json");
    let table: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for row in table["rows"].as_array().unwrap() {
        let Some(text) = row["filters"].as_str() else { continue };
        let read = parse(text, Dialect::Picomatch);
        assert_eq!(read.is_ok(), row["our_exit"] == 0, "{}: {read:?}", row["case"]);
    }
}

#[test]
fn refusals_name_the_place_and_the_remedy() {
    check(
        "f:\n",
        Some("line 1, column 2: expected a pattern, found nothing [write a pattern in quotes, such as 'docs/**']"),
    );
    check(
        "f:\n  - !docs/**\n",
        Some(
            "line 2, column 5: `!docs/**` is a YAML tag, not a pattern, because it is not quoted [write it as '!docs/**']",
        ),
    );
    check("a: ['x']\na: ['y']\n", Some("line 2, column 1: `a` stands twice; it is first in line 1"));
    check(
        "- a\n",
        Some(
            "line 1, column 1: expected a mapping of filter names to patterns, found a list [write `name: ['folder/**']`, one filter a line]",
        ),
    );
    check(
        "a: ['x']\n---\nb: ['y']\n",
        Some("line 2, column 1: a second document starts here; filters are one document"),
    );
    check("a: [1]\n", Some("line 1, column 5: expected a pattern, found a number [put it in quotes]"));
    check("a: {paths: x, depends: b}\n", Some("line 1, column 24: `b` is not a filter of this file"));
    check(
        "a: {paths: x, nope: y}\n",
        Some(
            "line 1, column 15: unknown key `nope`; a filter knows paths, depends, dir, matrix [a rule for a status goes under `paths`]",
        ),
    );
    check(
        "a: {paths: x, matrix: {name: y}}\n",
        Some(
            "line 1, column 24: the matrix field `name` is ours: name, dir, files, hash [give your field another name]",
        ),
    );
    check("{}\n", Some("line 1, column 1: there is no filter in it"));
    check("", Some("line 1, column 1: the file is empty"));
}

#[test]
fn circles_are_refused_and_diamonds_are_not() {
    let circle = "a: {paths: x, depends: b}\nb: {paths: y, depends: c}\nc: {paths: z, depends: [a]}\n";
    check(circle, Some("line 3, column 25: `depends` goes in a circle: a → b → c → a"));
    check("a: {paths: x, depends: a}\n", Some("line 1, column 24: `depends` goes in a circle: a → a"));
    check("a: {depends: [b, c]}\nb: {depends: d}\nc: {depends: d}\nd: x\n", None);
}

#[test]
fn long_chains_and_deep_nests_end_in_time() {
    let chain: String = (0..15_000).map(|i| format!("f{i}: {{paths: x, depends: f{}}}\n", i + 1)).collect();
    check(&format!("{chain}f15000: x\n"), None);
    let deep = format!("f: {}'x'{}\n", "[".repeat(60), "]".repeat(60));
    check(&deep, None);
    assert!(parse(&format!("f: {}x{}", "[".repeat(100_000), "]".repeat(100_000)), Dialect::Picomatch).is_err());
    let mut laughs = "a0: &a0 ['x']\n".to_owned();
    for i in 1..40 {
        laughs += &format!("a{i}: &a{i} [*a{p}, *a{p}, *a{p}]\n", p = i - 1);
    }
    let problem = parse(&laughs, Dialect::Picomatch).unwrap_err();
    assert!(problem.message.contains("aliases included"), "{problem}");
    assert!(parse(&"# x\n".repeat(300_000), Dialect::Picomatch).is_err(), "larger than the limit");
}

#[test]
fn anchors_merge_keys_and_odd_keys() {
    let read = |text: &str| -> Vec<String> {
        let filters = parse(text, Dialect::Picomatch).unwrap();
        filters
            .list
            .iter()
            .map(|f| format!("{}:{}", f.name, f.patterns().map(|p| p.glob.pattern()).collect::<Vec<_>>().join(" ")))
            .collect()
    };
    assert_eq!(read("x: &x ['a/**']\ny: [*x, 'b']\n"), ["x:a/**", "y:a/** b"]);
    assert_eq!(read("base: &b\n  added: ['a']\n<<: *b\n"), ["base:a", "added:a"]);
    assert_eq!(read("true: a\n1: b\n\"my filter\": c\n"), ["true:a", "1:b", "my filter:c"]);
    assert_eq!(read("a: |\n  x/**\n"), ["a:x/**\n"]);
    assert_eq!(read("\u{feff}a: x\r\nb: y\r\n"), ["a:x", "b:y"]);
}

proptest! {
    #[test]
    fn never_panics(text in "(?s).{0,200}") {
        let _ = parse(&text, Dialect::Picomatch);
    }

    #[test]
    fn never_panics_on_almost_yaml(text in "([a-c&*!|>\\[\\]{},:?\"' \n-]|<<: |a: |- ){0,60}") {
        let _ = parse(&text, Dialect::Gitignore);
    }

    #[test]
    fn what_is_written_is_read(names in proptest::collection::btree_map("[a-z]{1,8}", proptest::collection::vec("[a-z/*.]{1,12}", 1..4), 1..5)) {
        let names: std::collections::BTreeMap<String, Vec<String>> = names;
        let text = serde_json::to_string(&names).unwrap();
        let filters = parse(&text, Dialect::Picomatch).unwrap();
        let read = filters.list.iter().map(|f| (f.name.clone(), f.patterns().map(|p| p.glob.pattern().to_owned()).collect())).collect();
        prop_assert_eq!(names, read);
    }
}
