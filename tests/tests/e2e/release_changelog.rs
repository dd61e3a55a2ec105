//! release-changelog as a step: notes on the push of a tag, and the release tried on a pull request.
use std::collections::BTreeMap;
use std::fs;

use action::oracle;
use serde_json::Value;

use crate::runner::{Run, Runner};
use crate::trees::{spied, tree};

const WORKFLOW: &str = include_str!("release-changelog.yml");

const HISTORY: &str = "commit begin on main\n  message \"feat: begin\"\n  write a 1\ntag v1.0.0 at begin\n\
                       commit add on main\n  message \"feat(api): add totals (#12)\"\n\
                       commit hostile on main\n  message \"fix: @team <b>::error::x</b> `kept`\"\n";

struct Seen {
    run: Run,
    outputs: BTreeMap<String, String>,
    summary: String,
}

fn check(history: &str, (event, payload): (&str, &str)) -> Option<Seen> {
    let mut runner = Runner::with(history)?;
    let (copy, notes) = (runner.folder("action"), runner.folder("notes"));
    spied(&tree("release-changelog"), &copy, &notes);
    runner.action("dataflow/release-changelog@v1", &copy);
    runner.env("GITHUB_REPOSITORY", "dataflow/monorepo");
    let run = runner.run(event, payload, WORKFLOW);
    let outputs = oracle::output(&fs::read(notes.join("output")).unwrap_or_default()).unwrap();
    let summary = oracle::summary(&fs::read(notes.join("summary")).unwrap_or_default()).unwrap();
    Some(Seen { run, outputs: outputs.into_iter().collect(), summary })
}

fn tag(name: &str) -> String {
    format!(
        r#"{{"ref": "refs/tags/{name}", "before": "0000000000000000000000000000000000000000", "after": "@hostile", "created": true,
             "repository": {{"default_branch": "main", "full_name": "dataflow/monorepo"}}}}"#
    )
}

#[test]
fn the_push_of_a_tag_writes_its_notes() {
    let history = format!("{HISTORY}tag v1.1.0 at hostile\n");
    let Some(seen) = check(&history, ("push", &tag("v1.1.0"))) else { return };
    assert_eq!(seen.run.jobs(), ["notes success"], "{}", seen.run.log);
    let printed = seen.run.printed();
    assert!(printed.contains(&"version=1.1.0 class=final"), "{printed:?}");
    let heading = "## [1.1.0](https://github.com/dataflow/monorepo/compare/v1.0.0...v1.1.0) - ";
    let headings = printed.iter().filter(|line| line.starts_with(heading)).count();
    assert!(headings >= 2, "in the notes and in the changelog: {printed:?}");
    assert!(seen.run.annotations().is_empty(), "{:?}", seen.run.annotations());
    let ledger: Value = serde_json::from_str(&seen.outputs["ledger"]).unwrap();
    assert_eq!((&ledger["total"], seen.outputs["listed"].as_str()), (&Value::from(2), "2"));
    assert!(seen.summary.contains("### Features") && !seen.summary.contains("<b>"), "{}", seen.summary);
}

#[test]
fn a_tag_below_the_ledger_fails_the_job() {
    let history = format!("{HISTORY}tag v1.0.1 at hostile\n");
    let Some(seen) = check(&history, ("push", &tag("v1.0.1"))) else { return };
    assert_eq!(seen.run.jobs(), ["notes failure"], "{}", seen.run.log);
    let annotations = seen.run.annotations();
    assert!(annotations.iter().any(|text| text.starts_with("error: v1.0.1 is below 1.1.0")), "{annotations:?}");
}

#[test]
fn a_pull_request_sees_its_release() {
    let history = format!(
        "{HISTORY}commit topic on topic from hostile\n  message \"feat!: drop v1\"\n  write b 1\n\
         branch head at main\nmerge merge on head of topic\n  message Merge topic into main\ncheckout merge\n"
    );
    let payload = r#"{"number": 7, "pull_request": {"number": 7, "base": {"ref": "main", "sha": "@hostile"}, "head": {"ref": "topic", "sha": "@topic"}},
                      "repository": {"full_name": "dataflow/monorepo"}}"#;
    let Some(seen) = check(&history, ("pull_request", payload)) else { return };
    assert_eq!(seen.run.jobs(), ["check success"], "{}", seen.run.log);
    assert_eq!((seen.outputs["version"].as_str(), seen.outputs["bump"].as_str()), ("2.0.0", "major"));
    assert_eq!((seen.outputs["total"].as_str(), seen.outputs["merge"].as_str()), ("4", "1"));
}
