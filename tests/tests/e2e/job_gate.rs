//! job-gate behind jobs that succeeded, failed and were skipped, with the verdict of a real paths-filter.
use std::collections::BTreeMap;
use std::fs;

use action::oracle;
use serde_json::{Value, json};

use crate::runner::{Run, Runner};
use crate::trees::{spied, tree};

const WORKFLOW: &str = include_str!("job-gate.yml");

/// A push that touches the API and not the documents.
const HISTORY: &str = "commit one on main\n  write services/api/a.rs 1\n  write docs/a.md 1\n\
                       commit two on main\n  write services/api/a.rs 2\n";
const PUSH: &str =
    r#"{"ref": "refs/heads/main", "before": "@one", "after": "@two", "repository": {"default_branch": "main"}}"#;

/// The run, and what the gate's step wrote, as GitHub's runner would read it.
fn check(workflow: &str) -> Option<(Run, BTreeMap<String, String>, String)> {
    let mut runner = Runner::with(HISTORY)?;
    let (copy, notes) = (runner.folder("action"), runner.folder("notes"));
    spied(&tree("job-gate"), &copy, &notes);
    runner.action("dataflow/job-gate@v1", &copy);
    runner.action("dataflow/paths-filter@v1", &tree("paths-filter"));
    let run = runner.run("push", PUSH, workflow);
    assert!(!runner.folder("work/owned").exists(), "an output was executed");
    let file = |name: &str| fs::read(notes.join(name)).unwrap_or_default();
    let outputs = oracle::output(&file("output")).unwrap().into_iter().collect();
    Some((run, outputs, oracle::summary(&file("summary")).unwrap()))
}

fn states(outputs: &BTreeMap<String, String>) -> Vec<String> {
    let jobs: Value = serde_json::from_str(&outputs["jobs"]).unwrap();
    let state = |job: &Value| format!("{} {}", job["job"].as_str().unwrap(), job["state"].as_str().unwrap());
    jobs.as_array().unwrap().iter().map(state).collect()
}

#[test]
fn a_job_that_the_change_does_not_touch_may_be_skipped() {
    let Some((run, outputs, summary)) = check(WORKFLOW) else { return };
    assert_eq!(run.jobs(), ["api success", "changes success", "ci-status success"], "{}", run.log);
    assert_eq!((outputs["result"].as_str(), outputs["success"].as_str()), ("success", "true"));
    let mut states = states(&outputs);
    states.sort();
    assert_eq!(states, ["api succeeded", "changes succeeded", "docs allowed"]);
    assert!(summary.contains("skipped, as it may be"), "{summary}");
    assert!(!run.log.contains("error::owned\n") && run.annotations().is_empty(), "{:?}", run.annotations());
}

#[test]
fn a_job_that_failed_closes_the_gate() {
    let Some((run, outputs, _)) = check(&WORKFLOW.replace("run: exit 0", "run: exit 1")) else { return };
    assert_eq!(run.jobs(), ["api failure", "changes success", "ci-status failure"], "{}", run.log);
    assert_eq!(outputs["failing"], json!(["api"]).to_string());
    assert!(run.annotations().iter().any(|text| text.starts_with("error: api failed")), "{:?}", run.annotations());
}

#[test]
fn a_job_that_is_skipped_although_it_was_touched_closes_the_gate() {
    let workflow = WORKFLOW.replace("if: fromJSON(needs.changes.outputs.result).api", "if: false");
    let Some((run, outputs, _)) = check(&workflow) else { return };
    assert_eq!(run.jobs(), ["changes success", "ci-status failure"], "{}", run.log);
    assert_eq!(outputs["failing"], json!(["api"]).to_string());
    let told = "error: api was skipped, although `api` is true";
    assert!(run.annotations().iter().any(|text| text.starts_with(told)), "{:?}", run.annotations());
}

#[test]
fn results_without_outputs_open_and_close_the_gate_too() {
    let lines = "results: |\n            changes: ${{ needs.changes.result }}\n            api: ${{ needs.api.result }}\n            \
                 docs: ${{ needs.docs.result }}\n          verdict: ${{ needs.changes.outputs.result }}\n          \
                 uncertain: ${{ needs.changes.outputs.uncertain }}";
    let workflow = WORKFLOW.replace("needs: ${{ toJSON(needs) }}", lines);
    let Some((run, outputs, _)) = check(&workflow) else { return };
    assert_eq!(outputs["result"], "success", "{}", run.log);
    let Some((_, outputs, _)) = check(&workflow.replace("            api: ${{ needs.api.result }}\n", "")) else {
        return;
    };
    assert_eq!(outputs["failing"], json!(["api"]).to_string(), "a need without a line is missing");
}

#[test]
fn an_expression_that_nobody_expanded_opens_nothing() {
    let Some((run, outputs, _)) = check(&WORKFLOW.replace("${{ toJSON(needs) }}", "${{ needs }}")) else { return };
    assert!(run.jobs().contains(&"ci-status failure".to_owned()), "{}", run.log);
    assert_eq!((outputs["result"].as_str(), outputs["success"].as_str()), ("unknown", "false"));
}
