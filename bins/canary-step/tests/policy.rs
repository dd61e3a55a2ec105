//! Policy files: what is read, with which defaults; what is refused, with which words and at which place.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod table;

use canary_step::policy::{Policy, Preset, Service};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(text: &str, names: &[&str]) -> Result<Policy, String> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Policy::read(text, &names)
        .map_err(|problem| problem.hint.iter().fold(problem.to_string(), |text, hint| format!("{text} [{hint}]")))
}

#[test]
fn every_row_of_the_fixture() {
    table::check("policies", |row| match read(row["policy"].as_str().unwrap(), &[]) {
        Err(problem) => problem.into(),
        Ok(policy) => {
            let (given, default) =
                (serde_json::to_value(policy).unwrap(), serde_json::to_value(Policy::empty()).unwrap());
            let given = given.as_object().unwrap().clone();
            // Only what differs from an empty policy.
            given
                .into_iter()
                .filter(|(key, value)| default.get(key) != Some(value))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
    });
}

#[test]
fn names_alone_make_a_policy() {
    let expected = Policy { services: vec![Service::named("api"), Service::named("web")], ..Policy::empty() };
    for (text, names) in [
        ("services: [api, web]", &[][..]),
        ("services:\n  api:\n  web: {}\n", &[]),
        ("", &["api", "web"]),
        ("# nothing\n", &["api", "web"]),
        ("services:\nsteps:\n", &["api", "web"]),
    ] {
        assert_eq!(read(text, names), Ok(expected.clone()), "{text}");
    }
    assert_eq!((expected.judge.alpha(), expected.judge.margin(), expected.judge.preset), (0.01, 1.25, Preset::Default));
    assert_eq!(
        read("", &[]).unwrap_err(),
        "line 1, column 1: `services`: there is no service in it [name them in the policy, one `- name` a line, or by the input `services`]"
    );
    assert!(read("", &["Api"]).unwrap_err().contains("`Api` is no name in Kubernetes"));
}

#[test]
fn promotion_goes_by_dependency_then_order_then_place() {
    let policy = read(
        "services:\n  web: {dependsOn: [api, auth], order: -5}\n  api: {dependsOn: [db]}\n  db: {order: 9}\n  auth: {}\n  docs: {}\n",
        &[],
    )
    .unwrap();
    let names: Vec<&str> = policy.promotion_order().iter().map(|at| policy.services[*at].name.as_str()).collect();
    assert_eq!(names, ["auth", "docs", "db", "api", "web"]);
}

#[test]
fn hostile_files_end_in_time() {
    let many: String = (0..200).map(|at| format!("s{at}: {{}}, ")).collect();
    assert!(read(&format!("services: {{{many}}}"), &[]).unwrap_err().contains("more than 100 of them"));
    assert!(read(&format!("x: {}{}", "[".repeat(50_000), "]".repeat(50_000)), &[]).is_err());
    assert!(read(&"# x\n".repeat(300_000), &[]).unwrap_err().contains("larger than 1024 KiB"));
    let mut laughs = "a0: &a0 [x]\n".to_owned();
    for at in 1..40 {
        laughs += &format!("a{at}: &a{at} [*a{p}, *a{p}, *a{p}]\n", p = at - 1);
    }
    let problem = read(&laughs, &[]).unwrap_err();
    assert!(problem.contains("what aliases repeat included"), "{problem}");
}

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist/canary-step/policy.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Rows that are read must be valid, and those that are refused for one field's type or range must not be.
#[test]
fn the_published_schema_says_what_the_reader_does() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/canary-step/policies.json");
    let table: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for row in table["rows"].as_array().unwrap() {
        let Some(json) = row.get("json") else { continue };
        let read = read(&json.to_string(), &[]);
        let errors: Vec<String> = validator.iter_errors(json).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors.is_empty(), read.is_ok(), "{}: {errors:?} but {read:?}", row["case"]);
        *(if read.is_ok() { &mut valid } else { &mut invalid }) += 1;
    }
    assert!(valid >= 3 && invalid >= 20, "{valid} valid, {invalid} invalid rows with JSON");
}

/// Every default that the schema states is the one of an empty policy, and every field of a policy is in the schema.
#[test]
fn the_schema_has_every_field_and_its_default() {
    fn compare((schema, whole): (&Value, &Value), policy: &Value, path: &str, seen: &mut usize) {
        let schema = match schema.get("$ref").and_then(Value::as_str) {
            Some(link) => whole.pointer(link.trim_start_matches('#')).unwrap(),
            None => schema,
        };
        if let Some(default) = schema.get("default") {
            assert_eq!(default, policy, "the default of {path}");
            *seen += 1;
        }
        let Value::Object(fields) = policy else { return };
        for (key, value) in fields {
            let field = schema.pointer(&format!("/properties/{key}"));
            let field = field.unwrap_or_else(|| panic!("{path}.{key} is not in the schema"));
            compare((field, whole), value, &format!("{path}.{key}"), seen);
        }
    }
    let (schema, mut seen) = (schema(), 0);
    compare((&schema, &schema), &serde_json::to_value(Policy::empty()).unwrap(), "", &mut seen);
    assert!(seen >= 15, "{seen} defaults");
}

/// Policies of every shape, as JSON.
fn policies() -> impl Strategy<Value = Value> {
    let span = (1_u32..80_000).prop_map(|seconds| json!(format!("{seconds}s")));
    let weights = proptest::collection::btree_set(1_u8..=99, 0..5);
    let services = proptest::collection::btree_map("[a-z]([a-z0-9-]{0,20}[a-z0-9])?", -1_000_i32..1_000, 1..6);
    let words = (0_usize..3, 0_usize..3, 0_usize..2, 0_usize..4, any::<bool>());
    (services, weights, proptest::collection::vec(span, 8), words, 1_u32..1_000, 0.001_f64..0.5).prop_map(
        |(services, weights, spans, (cancel, inconclusive, router, preset, strict), pods, alpha)| {
            let steps: Vec<Value> = weights.iter().map(|w| json!({"weight": w, "observe": spans[0], "gates": ["notWorse", "hold"]})).collect();
            let services: Vec<Value> = services.iter().map(|(name, order)| json!({"name": name, "order": order, "image": "r/a"})).collect();
            json!({
                "group": "g", "services": services, "steps": steps, "strict": strict, "router": (["replicas", "inplace"][router]),
                "onCancel": (["freeze", "scaleDown", "abort"][cancel]), "limits": {"maxExtraPods": pods},
                "timeouts": {"readyWithin": spans[1], "promoteWithin": spans[2], "handover": spans[3]},
                "judge": {
                    "alpha": alpha, "margin": 1.0 + alpha, "warmUp": spans[4], "tick": spans[5],
                    "preset": (["default", "sensitive", "robust", "legacy"][preset]), "legacy": {"failures": pods},
                    "onInconclusive": (["hold", "abort", "proceed"][inconclusive]),
                    "hardSignals": {"flaps": pods, "reactions": {"Exited": "report", "OOMKilled": "abort"}},
                    "metrics": [{"name": "m", "source": {"prometheus": {"url": "http://p:9090"}}, "count": {"total": "a", "failed": "b"}}],
                },
            })
        },
    )
}

proptest! {
    /// A policy that is printed is the same policy when it is read, and valid.
    #[test]
    fn what_is_printed_is_read_again(json in policies()) {
        let policy = read(&json.to_string(), &[]).unwrap();
        let printed = serde_json::to_value(&policy).unwrap();
        prop_assert_eq!(&read(&printed.to_string(), &[]).unwrap(), &policy);
        let again: Policy = serde_json::from_value(printed).unwrap();
        prop_assert_eq!(again, policy);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,200}") {
        let _ = read(&text, &["a"]);
    }

    #[test]
    fn text_that_is_nearly_a_policy_is_read_or_refused(text in "(services|steps|judge|weight|observe|: |\n|  |- |\\[|\\]|\\{|\\}|&a|\\*a|10|-5m|!x|\"|api){0,40}") {
        let _ = read(&text, &[]);
    }
}

/// One row a field, with what it is and its default; fields of fields below it.
fn rows(schema: &Value, (whole, path): (&Value, &str), out: &mut String) {
    let inner = |schema: &Value, path: &str, out: &mut String| rows(schema, (whole, path), out);
    for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if let Some(text) = field.get("description").and_then(Value::as_str) {
            let default = field.get("default").filter(|default| !default.is_object() && !default.is_array());
            let default = default.map_or_else(String::new, |default| match default {
                Value::String(text) => format!("`{text}`"),
                other => format!("`{other}`"),
            });
            out.push_str(&format!("| `{path}` | {default} | {} |\n", text.replace('|', "\\|")));
        }
        inner(field, &path, out);
        if let Some(items) = field.get("items") {
            inner(items, &format!("{path}[]"), out);
        }
        for one in field.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
            inner(one, &path, out);
            for part in ["items", "additionalProperties"] {
                let Some(part) = one.get(part) else { continue };
                inner(part, &format!("{path}[]"), out);
                let ways = part.get("anyOf").and_then(Value::as_array);
                ways.into_iter().flatten().for_each(|way| inner(way, &format!("{path}[]"), out));
            }
        }
        for way in field.pointer("/items/anyOf").and_then(Value::as_array).into_iter().flatten() {
            inner(way, &format!("{path}[]"), out);
        }
    }
}

/// The reference in the documentation is made from the schema, and the signals' table from the signals; `UPDATE=1` rewrites both.
#[test]
fn the_reference_is_the_schema() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist/canary-step/POLICY.md");
    let written = std::fs::read_to_string(path).unwrap();
    let schema = schema();
    let mut fields = String::new();
    rows(&schema, (&schema, ""), &mut fields);
    let mut seen = std::collections::BTreeSet::new();
    let unique = |line: &&str| !line.contains("reactions.") && seen.insert(line.split('|').nth(1).map(str::to_owned));
    let fields: Vec<&str> = fields.lines().filter(unique).collect();
    let signals = canary_step::signals::Kind::ALL.map(|kind| format!("| `{}` | {} |", kind.word(), kind.meaning()));
    let made = [
        ("fields", format!("| field | default | what it is |\n|---|---|---|\n{}\n", fields.join("\n"))),
        ("signals", format!("| signal | what it means |\n|---|---|\n{}\n", signals.join("\n"))),
    ];
    let mut expected = written.clone();
    for (name, table) in made {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let from = expected.find(&start).unwrap() + start.len();
        let to = from + expected[from..].find(&end).unwrap();
        expected.replace_range(from..to, &format!("\n{table}\n"));
    }
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        std::fs::write(path, &expected).unwrap();
    }
    assert!(
        written == expected || std::env::var_os("UPDATE").is_some(),
        "POLICY.md is not what the schema says (UPDATE=1 rewrites it)"
    );
}
