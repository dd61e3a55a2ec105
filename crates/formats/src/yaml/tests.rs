//! Trees, places, bounds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

const LIMITS: Limits = Limits { depth: 8, values: 100 };

fn check(text: &str, expected: Json) {
    assert_eq!(parse(text, LIMITS).unwrap().map(|node| node.to_json()), Some(expected), "{text}");
}

fn refuses(text: &str, (line, column): (usize, usize), fault: Fault) {
    assert_eq!(parse(text, LIMITS), Err(Problem { at: Position { line, column }, fault }), "{text}");
}

#[test]
fn scalars_are_typed_by_the_core_schema() {
    check(
        "[18446744073709551615, 007, ~, '', null, True, 'true', -1, +2, 0x1F, 0o17, 1.5e3, .5, '3', !!str 4, x]",
        json!([
            18_446_744_073_709_551_615_u64,
            7,
            null,
            "",
            null,
            true,
            "true",
            -1,
            2,
            31,
            15,
            1500.0,
            0.5,
            "3",
            "4",
            "x"
        ]),
    );
    check(
        "[.inf, -.INF, .nan, 1_000, 0x, 0o8, ., yes, 12345678901234567890123]",
        json!([".inf", "-.INF", ".nan", "1_000", "0x", "0o8", ".", "yes", 12_345_678_901_234_567_890_123.0]),
    );
    check("\u{feff}a: &x {b: [1]}\nc: *x\n", json!({"a": {"b": [1]}, "c": {"b": [1]}}));
    check("{1: a, true: b, ~: c}", json!({"1": "a", "true": "b", "null": "c"}));
    assert_eq!(parse("# nothing\n", LIMITS), Ok(None));
}

#[test]
fn every_value_knows_its_place() {
    let root = parse("a:\n  - é: &x b\n    c: *x\nd: {'<<': 1}\n<<: {}\n", LIMITS).unwrap().unwrap();
    let mut texts = Vec::new();
    root.texts(&mut texts);
    assert_eq!(texts, [("b", Position { line: 2, column: 8 }), ("b", Position { line: 3, column: 8 })]);
    let Value::Map(entries) = &root.value else { panic!("{root:?}") };
    assert_eq!(
        entries.iter().map(|(key, _)| (key.at.line, key.merge)).collect::<Vec<_>>(),
        [(1, false), (4, false), (5, true)]
    );
}

#[test]
fn what_is_wrong_has_a_place() {
    refuses("a: 1\n---\nb: 2\n", (2, 1), Fault::SecondDocument);
    refuses("a: &x [*x]\n", (1, 8), Fault::AliasInside);
    refuses("? [a]\n: b\n", (1, 3), Fault::KeyIsNoText);
    refuses("a: 1\nb: {c: 1, c: 2}\n", (2, 11), Fault::Twice { key: "c".into(), first: 2 });
    refuses("a: !x b\n", (1, 4), Fault::Tag("!x".into()));
    refuses("[[[[[[[[[1]]]]]]]]]", (1, 9), Fault::Depth(8));
    refuses("a: &x [[[[1]]]]\nb: [[[*x]]]\nc: [[[[*x]]]]\n", (3, 8), Fault::Depth(8));
    refuses("a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: *b\n", (2, 32), Fault::Values(100));
    let long = format!("a: &a {}\nb: [*a,*a,*a]\n", "x".repeat(64 * 30));
    refuses(&long, (2, 11), Fault::Values(100));
    assert!(matches!(parse("a: [\n", LIMITS), Err(Problem { fault: Fault::Syntax(_), .. })));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[-a-z:{}\\[\\] \n0-9'\"#&*!|>?,.<]{0,200}") {
        drop(parse(&text, LIMITS));
    }

    #[test]
    fn json_is_read_as_itself(keys in proptest::collection::vec("\\PC{0,6}", 0..4), number in any::<i64>(), is in any::<bool>()) {
        let object: Json = keys.into_iter().map(|key| (key.clone(), json!([key, number, is, null]))).collect();
        let read = parse(&object.to_string(), LIMITS).unwrap().unwrap();
        prop_assert_eq!(read.to_json(), object.clone());
        prop_assert_eq!(Node::from_json(&object).to_json(), object);
    }
}
