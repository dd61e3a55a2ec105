//! sha256sums as steps of a release on a pushed tag: listed, verified, its provenance stated; and refused once it is changed.
use std::path::Path;

use serde_json::Value;

use crate::runner::{Run, Runner};
use crate::trees::tree;

const WORKFLOW: &str = include_str!("sha256sums.yml");
/// One of GitHub's own examples: the tag `simple-tag` is pushed.
const PUSH: &str = include_str!("../../../fixtures/action/payloads/push.tag-created.json");
const LIST: [&str; 2] = [
    "a172cedcae47474b615c54d510a5d84a8dea3032e958587430b413538be3f333  app.tar.gz",
    "99bb88401742848e032fd6f51709415fb6be169a72d2e5d7fc44289255160d3c  cli",
];

fn check() -> Option<Run> {
    let mut runner = Runner::with("commit one on main\n  write README.md hello\n")?;
    runner.action("dataflow/sha256sums@v1", Path::new(&tree("sha256sums")));
    // What GitHub's runner says of a run, and the local one does not.
    for (name, value) in [
        ("GITHUB_REPOSITORY", "Codertocat/Hello-World"),
        ("GITHUB_REPOSITORY_ID", "186853002"),
        ("GITHUB_REPOSITORY_OWNER_ID", "21031067"),
        ("GITHUB_WORKFLOW_REF", "Codertocat/Hello-World/.github/workflows/release.yml@refs/tags/simple-tag"),
        ("RUNNER_ENVIRONMENT", "github-hosted"),
    ] {
        runner.env(name, value);
    }
    Some(runner.run("push", PUSH, WORKFLOW))
}

#[test]
fn a_release_is_listed_verified_and_refused_once_it_is_changed() {
    let Some(run) = check() else { return };
    assert_eq!(run.jobs(), ["release failure"], "{}", run.log);
    let printed = run.printed();
    let after = |mark: &str| {
        let at = printed.iter().position(|line| *line == mark).unwrap_or_else(|| panic!("no {mark}: {printed:?}"));
        printed[at + 1..].to_vec()
    };
    assert_eq!(after("counts 2 2 2")[..2], LIST, "{}", run.log);
    assert_eq!(after("subjects")[..2], LIST);
    let statement: String = after("statement").into_iter().take_while(|line| *line != "subjects").collect();
    let statement: Value = serde_json::from_str(&statement).unwrap();
    assert_eq!(statement["subject"][1]["name"], "cli");
    let build = &statement["predicate"]["buildDefinition"];
    assert_eq!(build["externalParameters"]["workflow"]["path"], ".github/workflows/release.yml");
    assert_eq!(build["internalParameters"]["github"]["event_name"], "push");
    let source = build["resolvedDependencies"][0]["uri"].as_str().unwrap();
    assert!(source.ends_with("@refs/tags/simple-tag"), "{source}");
    let said = "error: app.tar.gz: its digest is not the listed one; get the file again, and trust neither";
    assert_eq!(run.annotations(), [said], "{}", run.log);
}
