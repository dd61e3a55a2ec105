//! The published schema holds for the evidence of every case, and for nothing else; and every report of it is bounded and safe.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::fs;
use std::path::{Path, PathBuf};

use canary_step::evidence::Evidence;
use canary_step::report::{Window, html, lines, summary, view};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn validator() -> jsonschema::Validator {
    let text = fs::read_to_string(root().join("dist/canary-step/evidence.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// The evidence that the cases are made from, by the case's name.
fn all() -> Vec<(String, Value)> {
    let cases = fs::read_dir(root().join("fixtures/canary-step")).unwrap().flatten();
    let read = |case: fs::DirEntry| {
        let text = fs::read_to_string(case.path().join("files/evidence.json")).ok()?;
        Some((case.file_name().into_string().unwrap(), serde_json::from_str(&text).unwrap()))
    };
    cases.filter_map(read).collect()
}

/// As printed, and read again.
fn typed(value: &Value) -> Evidence {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn all_evidence_is_as_published() {
    let (validator, all) = (validator(), all());
    assert!(all.len() >= 4, "only {} cases have evidence", all.len());
    for (case, value) in all {
        for value in [&value, &serde_json::to_value(typed(&value)).unwrap()] {
            let errors: Vec<String> =
                validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{case}: {errors:#?}");
        }
        assert_eq!(serde_json::to_value(typed(&value)).unwrap(), value, "{case}: not read back as it was");
    }
}

#[test]
fn another_shape_is_refused() {
    let (validator, good) = (validator(), all().swap_remove(0).1);
    for (pointer, wrong) in [
        ("/outcome", json!("done")),
        ("/schema", json!(2)),
        ("/leftovers", json!(-1)),
        ("/stableUntouched", json!("yes")),
        ("/services/0/series/0/stableReady", Value::Null),
        ("/surprise", Value::Null),
    ] {
        let mut value = good.clone();
        match value.pointer_mut(pointer) {
            Some(place) => *place = wrong,
            None => drop(value.as_object_mut().unwrap().insert(pointer[1..].to_owned(), wrong)),
        }
        assert!(!validator.is_valid(&value), "{pointer}");
    }
}

/// What a line comes to in a log without colour.
fn shown(lines: Vec<action::Line>) -> Vec<String> {
    static TOOL: action::Tool =
        action::Tool { name: "t", about: "", version: "1", homepage: "", icon: "", color: "", outputs: &[] };
    let (streams, captured) = action::Streams::captured();
    let mut report = action::Report::new(&TOOL, action::Workflow::from_lookup(|_| None), streams);
    lines.into_iter().for_each(|line| report.line(line));
    String::from_utf8(captured.out()).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn no_view_is_wider_or_longer_than_its_window() {
    for (case, value) in all() {
        for (columns, rows) in [(60, 24), (80, 24), (80, 50), (120, 40), (200, 100)] {
            let lines = shown(view(&typed(&value), Window { columns, rows }));
            for line in &lines {
                assert!(line.chars().count() <= columns, "{case} at {columns}: {line}");
            }
            assert!(lines.len() < rows, "{case} at {columns} × {rows}: {} lines", lines.len());
        }
    }
}

/// Evidence of many services and long, hostile texts in every place that a stranger writes to.
fn hostile() -> Evidence {
    let text = "<script>alert(1)</script> | `x` ]( @someone ::error::x \u{202e}\n\n# heading ".repeat(50);
    let mut value = all().into_iter().find(|(case, _)| case == "reports-a-crash-with-its-last-lines").unwrap().1;
    for name in ["namespace", "group", "rollout"] {
        value[name] = json!(text);
    }
    value["run"] = json!({"id": text, "url": text, "attempt": 1, "sha": text});
    let service = json!({
        "name": text, "deployment": text, "fromImage": text, "toImage": text, "promoted": false, "e": 1e300,
        "series": [{"at": 0, "stableReady": 4_294_967_295_u32, "canaryReady": 1, "canary": {"requests": u64::MAX, "errors": u64::MAX}, "e": 0.0}],
    });
    let reason = json!({
        "service": text, "pod": text, "container": text, "signal": text, "since": u64::MAX, "text": text, "kind": "regression",
        "lastLogLines": vec![&text; 60],
    });
    value["services"] = json!(vec![&service; 120]);
    value["reasons"] = json!(vec![&reason; 60]);
    value["events"] = json!(vec![json!({"at": u64::MAX, "service": text, "kind": text, "text": text}); 220]);
    let operation = json!({"at": 1, "intent": text, "method": "PATCH", "path": text, "result": text});
    value["operations"] = json!(vec![operation; 220]);
    value["runbook"] = json!(vec![&text; 220]);
    value["elapsed"] = json!(u64::MAX);
    value["judge"] = json!({"verdict": text, "e": 0.0, "alpha": 0.0, "margin": 1.0, "text": text});
    typed(&value)
}

/// Every tag in HTML that passes through Markdown must be one of our own.
fn ours(html: &str, allowed: &[&str]) {
    for tag in html.split('<').skip(1) {
        assert!(allowed.iter().any(|name| tag.starts_with(name)), "{html:.300}");
    }
}

#[test]
fn hostile_evidence_stays_within_its_bounds() {
    let evidence = hostile();
    let markdown = summary(&evidence);
    assert!(markdown.len() < 1 << 20, "{} bytes", markdown.len());
    let (allowed, mut options) =
        (["details", "/details", "summary", "/summary", "code", "/code", "!--"], comrak::Options::default());
    (options.extension.table, options.extension.autolink, options.extension.tasklist) = (true, true, true);
    let arena = comrak::Arena::new();
    let mut headings = 0;
    for node in comrak::parse_document(&arena, &markdown, &options).descendants() {
        match &node.data.borrow().value {
            comrak::nodes::NodeValue::HtmlBlock(html) => ours(&html.literal, &allowed),
            comrak::nodes::NodeValue::HtmlInline(html) => ours(html, &allowed),
            comrak::nodes::NodeValue::Heading(_) => headings += 1,
            comrak::nodes::NodeValue::Link(link) => {
                assert!(link.url.starts_with("https://github.com/"), "{}", link.url)
            }
            _ => {}
        }
    }
    assert_eq!(headings, 1, "the section's own");
    let page = html(&evidence);
    assert!(!page.contains("<script") && page.len() < 64 << 20, "{} bytes", page.len());
    assert!(lines(&evidence, 100).len() < 2_000);
    assert!(view(&evidence, Window { columns: 80, rows: 40 }).len() < 60);
}

/// Nothing but what every rollout has from its first moment.
#[test]
fn a_rollout_that_has_just_begun_is_shown() {
    let mut value = all().swap_remove(0).1;
    for (name, empty) in [
        ("services", json!([])),
        ("steps", json!([])),
        ("events", json!([])),
        ("reasons", json!([])),
        ("operations", json!([])),
        ("runbook", json!([])),
        ("judge", Value::Null),
        ("legacy", Value::Null),
        ("outcome", json!("running")),
        ("phase", json!("stepping")),
    ] {
        value[name] = empty;
    }
    let evidence = typed(&value);
    let view = shown(view(&evidence, Window { columns: 80, rows: 24 }));
    assert!(view[1].contains("starting the canaries"), "{view:#?}");
    assert!(html(&evidence).contains("under way") && summary(&evidence).contains("under way"));
}
