//! fake-code-detector as a step on a pull request's merge commit, in a clone of depth 2: the changed functions are judged.
use std::collections::BTreeMap;
use std::fs;

use action::oracle;
use serde_json::Value;

use crate::runner::{Run, Runner};
use crate::trees::{spied, tree};

const WORKFLOW: &str = include_str!("fake-code-detector.yml");
const PULL: &str = r#"{"number": 7, "pull_request": {"number": 7, "base": {"ref": "main", "sha": "@later"}, "head": {"ref": "topic", "sha": "@topic"}},
                       "repository": {"full_name": "dataflow/monorepo"}}"#;
/// An old fake that the change does not touch, and a function beside it.
const OLD: &str = "export function oldRoute(order) {\\n  return { carrier: 'north', lane: 'fast' };\\n}\\n\\nexport const label = 'a';\\n";

/// The base has moved on since the pull request began: its own changes must not count.
fn history(added: &str) -> String {
    format!(
        "commit base on main\n  write src/old.ts \"{OLD}\"\n  write src/other.ts \"export const x = 1;\\n\"\n\
         commit topic on topic from base\n  write src/old.ts \"{}\"\n  write src/route.ts \"{added}\"\n\
         commit later on main\n  write src/other.ts \"export function later(order) {{\\n  return {{ carrier: 'west', lane: 'slow' }};\\n}}\\n\"\n\
         branch head at main\nmerge merge on head of topic\nclone depth=2 head\n",
        OLD.replace("'a'", "'b'")
    )
}

/// What a run came to: the run, and what the oracle reads in the files that the step wrote.
struct Seen {
    run: Run,
    outputs: BTreeMap<String, String>,
    summary: String,
}

fn check(added: &str) -> Option<Seen> {
    let mut runner = Runner::with(&history(added))?;
    let (copy, notes) = (runner.folder("action"), runner.folder("notes"));
    spied(&tree("fake-code-detector"), &copy, &notes);
    runner.action("dataflow/fake-code-detector@v1", &copy);
    let run = runner.run("pull_request", PULL, WORKFLOW);
    let outputs = oracle::output(&fs::read(notes.join("output")).unwrap_or_default()).unwrap();
    let summary = oracle::summary(&fs::read(notes.join("summary")).unwrap_or_default()).unwrap();
    Some(Seen { run, outputs: outputs.into_iter().collect(), summary })
}

#[test]
fn a_fake_fails_the_job_and_only_changed_functions_are_judged() {
    let Some(seen) = check("export function routeFor(order) {\\n  return { carrier: 'south', lane: 'fast' };\\n}\\n")
    else {
        return;
    };
    assert_eq!(seen.run.jobs(), ["fakes failure"], "{}", seen.run.log);
    let record: Value = serde_json::from_str(&seen.outputs["findings"]).unwrap();
    let found: Vec<&str> =
        record["findings"].as_array().unwrap().iter().map(|it| it["file"].as_str().unwrap()).collect();
    assert_eq!(found, ["src/route.ts"]);
    assert_eq!(record["compared"], "the first parent of the pull request's merge commit");
    assert!(seen.run.printed().contains(&"verdict=fail errors=1"), "{:?}", seen.run.printed());
    assert!(seen.run.printed().iter().any(|line| line.contains("\"version\": \"2.1.0\"")), "{}", seen.run.log);
    let annotations = seen.run.annotations();
    assert!(
        annotations.iter().any(|text| text.starts_with("error: routeFor always answers the same")),
        "{annotations:?}"
    );
    assert!(seen.summary.contains("src/route.ts"), "{}", seen.summary);
}

#[test]
fn its_honest_twin_passes() {
    let added = "export function routeFor(order) {\\n  return { carrier: order.carrier, lane: order.lane };\\n}\\n";
    let Some(seen) = check(added) else { return };
    assert_eq!(seen.run.jobs(), ["fakes success"], "{}", seen.run.log);
    assert!(seen.run.printed().contains(&"verdict=pass errors=0"), "{:?}", seen.run.printed());
}
