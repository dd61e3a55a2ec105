//! paths-filter as a step: its outputs gate jobs and make a matrix; the oracle reads what it wrote.
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use action::oracle;
use serde_json::{Value, json};

use crate::runner::{Run, Runner};
use crate::trees::{spied, tree};

const WORKFLOW: &str = include_str!("paths-filter.yml");

/// A pull request on a merge commit, as GitHub checks it out.
const HISTORY: &str = "commit base on main\n  write services/api/a.rs 1\n  write services/web/a.ts 1\n  write docs/a.md 1\n\
                       commit topic on topic from base\n  write services/api/a.rs 2\n  write \"services/web/$(touch owned) b.ts\" 2\n\
                       commit later on main\n  write docs/a.md 2\n\
                       branch head at main\nmerge merge on head of topic\ncheckout merge\n";
const PULL: &str = r#"{"number": 7, "pull_request": {"number": 7, "base": {"ref": "main", "sha": "@later"}, "head": {"ref": "topic", "sha": "@topic"}}}"#;

fn check(history: &str, (event, payload): (&str, &str), workflow: &str) -> Option<(Run, BTreeMap<String, String>)> {
    let mut runner = Runner::with(history)?;
    // The compatibility action is JavaScript.
    runner.program("node");
    let (copy, notes) = (runner.folder("action"), runner.folder("notes"));
    spied(&tree("paths-filter"), &copy, &notes);
    runner.action("dataflow/paths-filter@v1", &copy);
    let run = runner.run(event, payload, workflow);
    assert!(!runner.folder("work/owned").exists(), "a file name was executed");
    Some((run, read(&notes)))
}

/// What the last step with our launcher wrote, as GitHub's runner would read it.
fn read(notes: &Path) -> BTreeMap<String, String> {
    let output = fs::read(notes.join("output")).unwrap_or_default();
    oracle::summary(&fs::read(notes.join("summary")).unwrap_or_default()).unwrap();
    oracle::output(&output).unwrap().into_iter().collect()
}

fn json_output(run: &Run, name: &str) -> Value {
    serde_json::from_str(run.output("filter", name).unwrap_or_else(|| panic!("no output {name}:\n{}", run.log)))
        .unwrap()
}

#[test]
fn a_pull_request_builds_what_it_touches() {
    let Some((run, _)) = check(HISTORY, ("pull_request", PULL), WORKFLOW) else { return };
    assert_eq!(run.jobs(), ["build-1 success", "build-2 success", "changes success"], "{}", run.log);
    let mut built: Vec<&str> = run.printed().into_iter().filter(|line| line.starts_with("building ")).collect();
    built.sort_unstable();
    assert_eq!(built, ["building api ", "building web 20"]);
    assert_eq!(json_output(&run, "changes"), json!(["api", "web"]));
    assert_eq!(json_output(&run, "result")["api_files"], json!(["services/api/a.rs"]));
    assert_eq!(json_output(&run, "result")["docs"], json!(false));
    assert_eq!((run.output("filter", "any"), run.output("filter", "uncertain")), (Some("true"), Some("false")));
    assert_eq!(run.output("filter", "head").map(str::len), Some(40));
}

#[test]
fn the_compatibility_action_sets_an_output_for_each_filter() {
    let Some((run, written)) = check(HISTORY, ("pull_request", PULL), WORKFLOW) else { return };
    let shown = run.printed().into_iter().find(|line| line.starts_with("api=")).unwrap_or_default();
    assert_eq!(shown, r#"api=true files=services/api/a.rs count=1 web=true changes=["api","web-app"]"#);
    assert_eq!(written["any"], "true", "{written:?}");
}

#[test]
fn a_change_of_nothing_that_is_filtered_builds_nothing() {
    let history = "commit one on main\n  write services/api/a.rs 1\ncommit two on main\n  write README.md 2\n";
    let payload =
        r#"{"ref": "refs/heads/main", "before": "@one", "after": "@two", "repository": {"default_branch": "main"}}"#;
    let Some((run, written)) = check(history, ("push", payload), WORKFLOW) else { return };
    assert_eq!(run.jobs(), ["changes success", "idle success"], "{}", run.log);
    assert_eq!(json_output(&run, "changes"), json!([]));
    assert_eq!(written["changes"], "[]");
}

#[test]
fn lost_history_builds_everything_and_says_so() {
    let history = "commit one on main\n  write services/api/a.rs 1\n";
    let payload = r#"{"ref": "refs/heads/main", "before": "00000000000000000000000000000000000000ff", "after": "@one",
                      "repository": {"default_branch": "main"}}"#;
    let Some((run, _)) = check(history, ("push", payload), WORKFLOW) else { return };
    assert_eq!(run.output("filter", "uncertain"), Some("true"), "{}", run.log);
    assert_eq!(json_output(&run, "changes"), json!(["api", "web", "docs"]));
    assert!(run.annotations().iter().any(|annotation| annotation.starts_with("warning: ")), "{:?}", run.annotations());
}

#[test]
fn filters_that_make_no_sense_fail_the_job() {
    let workflow = WORKFLOW.replace("- docs/**", "- !docs/**");
    let Some((run, _)) = check(HISTORY, ("pull_request", PULL), &workflow) else { return };
    assert_eq!(run.jobs(), ["changes failure"], "{}", run.log);
    assert!(run.annotations().iter().any(|annotation| annotation.starts_with("error: ")), "{:?}", run.annotations());
}
