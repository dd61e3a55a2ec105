//! coverage-gate as a step on a pull request's merge commit, in a clone of depth 2, with and without a token.
use std::collections::BTreeMap;
use std::fs;

use action::oracle;
use github_sim::{Fault, PlannedFault, Pull, Repository, Sim, State, Token};
use serde_json::Value;

use crate::runner::{Run, Runner};
use crate::trees::{spied, tree};

const WORKFLOW: &str = include_str!("coverage-gate.yml");

/// The base has moved on since the pull request began: its own changes must not count.
const HISTORY: &str = "commit base on main\n  write app.py \"one()\\ntwo()\\n\"\n  write other.py \"x()\\n\"\n\
                       commit topic on topic from base\n  write app.py \"one()\\ntwo()\\nthree()\\nfour()\\n\"\n  \
                       write reports.txt \"SF:app.py\\nDA:1,1\\nDA:2,1\\nDA:3,1\\nDA:4,0\\nend_of_record\\nSF:other.py\\nDA:1,0\\nDA:2,0\\nend_of_record\\n\"\n\
                       commit later on main\n  write other.py \"x()\\ny()\\n\"\n\
                       branch head at main\nmerge merge on head of topic\nclone depth=2 head\n";
const PULL: &str = r#"{"number": 7, "pull_request": {"number": 7, "base": {"ref": "main", "sha": "@later"}, "head": {"ref": "topic", "sha": "@topic"}},
                       "repository": {"full_name": "dataflow/monorepo"}}"#;

/// A GitHub with the pull request, where `secret` may comment.
fn github(faults: Vec<PlannedFault>) -> Sim {
    let pull = Pull { number: 7, ..Pull::default() };
    let (owner, name) = ("dataflow".to_owned(), "monorepo".to_owned());
    let repository = Repository { id: 1, owner, name, pulls: vec![pull], ..Repository::default() };
    let token = Token {
        secret: "ghs_secret".to_owned(),
        repositories: vec!["dataflow/monorepo".to_owned()],
        permissions: BTreeMap::from([("pull_requests".to_owned(), "write".to_owned())]),
        ..Token::default()
    };
    Sim::start(State { repositories: vec![repository], tokens: vec![token], faults, ..State::default() }).unwrap()
}

/// What a run came to: the run, and what the oracle reads in the files that the step wrote.
struct Seen {
    run: Run,
    outputs: BTreeMap<String, String>,
    summary: String,
}

fn check(threshold: &str, token: &str, github: &Sim) -> Option<Seen> {
    let mut runner = Runner::with(HISTORY)?;
    let (copy, notes) = (runner.folder("action"), runner.folder("notes"));
    spied(&tree("coverage-gate"), &copy, &notes);
    runner.action("dataflow/coverage-gate@v1", &copy);
    runner.env("GITHUB_API_URL", &github.url());
    runner.env("GITHUB_REPOSITORY", "dataflow/monorepo");
    let workflow = WORKFLOW.replace("THRESHOLD", threshold).replace("TOKEN", token);
    let run = runner.run("pull_request", PULL, &workflow);
    let outputs = oracle::output(&fs::read(notes.join("output")).unwrap_or_default()).unwrap();
    let summary = oracle::summary(&fs::read(notes.join("summary")).unwrap_or_default()).unwrap();
    Some(Seen { run, outputs: outputs.into_iter().collect(), summary })
}

fn comments(github: &Sim) -> Vec<String> {
    let mut bodies = Vec::new();
    github.change(|state| {
        let comments = &state.repositories[0].pulls[0].comments;
        bodies = comments.iter().filter_map(|comment| comment.body.clone()).collect();
    });
    bodies
}

#[test]
fn a_pull_request_is_judged_by_its_own_lines_without_a_token() {
    let github = github(Vec::new());
    let Some(seen) = check("0.5", "''", &github) else { return };
    assert_eq!(seen.run.jobs(), ["coverage success"], "{}", seen.run.log);
    assert_eq!((seen.outputs["verdict"].as_str(), seen.outputs["patch"].as_str()), ("pass", "50.00"));
    assert!(seen.run.printed().contains(&"verdict=pass patch=50.00"), "{:?}", seen.run.printed());
    let record: Value = serde_json::from_str(&seen.outputs["record"]).unwrap();
    assert_eq!(record["compared"], "the first parent of the pull request's merge commit");
    assert!(seen.summary.contains("50.00 %"), "{}", seen.summary);
    assert!(seen.run.printed().iter().any(|line| line.starts_with("<!DOCTYPE html>")), "{}", seen.run.log);
    assert!(comments(&github).is_empty());
    assert!(github.calls().is_empty(), "no verdict needs the API");
}

#[test]
fn too_little_fails_the_job_and_is_commented_on() {
    let github = github(Vec::new());
    let Some(seen) = check("80%", "ghs_secret", &github) else { return };
    assert_eq!(seen.run.jobs(), ["coverage failure"], "{}", seen.run.log);
    assert_eq!(seen.outputs["verdict"], "fail");
    let annotations = seen.run.annotations();
    assert!(
        annotations.iter().any(|text| text.starts_with("error: the changed lines: 1 of 2 covered")),
        "{annotations:?}"
    );
    let comments = comments(&github);
    assert_eq!(comments.len(), 1);
    assert!(comments[0].contains("app.py") && comments[0].contains("50.00"), "{}", comments[0]);
}

#[test]
fn a_refused_comment_changes_no_verdict() {
    let refused = Fault::Status { status: 403, retry_after: None };
    let github = github(vec![PlannedFault { call: 1, times: 0, fault: refused }]);
    let Some(seen) = check("0.5", "ghs_secret", &github) else { return };
    assert_eq!(seen.run.jobs(), ["coverage success"], "{}", seen.run.log);
    assert_eq!(seen.outputs["verdict"], "pass");
    let annotations = seen.run.annotations();
    assert!(annotations.iter().any(|text| text.starts_with("warning: there is no comment")), "{annotations:?}");
}
