//! release-verify as a step on a pushed tag: the tag is looked up in the checkout, the release is in a folder.
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use action::oracle;
use serde_json::Value;
use tests::sigstore::{Run as Signing, Sigstore, digest};

use crate::runner::{Run, Runner};
use crate::trees::{spied, tree};

const WORKFLOW: &str = include_str!("release-verify.yml");
const PUSH: &str = r#"{"ref": "refs/tags/v1", "after": "@one", "repository": {"full_name": "dataflow/monorepo"}}"#;
const HISTORY: &str = "commit one on main\n  write a 1\ntag v1 at one\n";
const SINCE: u64 = 1_790_000_000;

/// What a run came to: the run, what the oracle reads in the files that the step wrote, and the tag's commit.
struct Seen {
    run: Run,
    outputs: BTreeMap<String, String>,
    summary: String,
    commit: String,
}

/// A release with one file, its list and its attestation, after `tamper` has been at its folder.
fn check(tamper: impl FnOnce(&Path)) -> Option<Seen> {
    let mut runner = Runner::with(HISTORY)?;
    let work = runner.folder("work");
    let commit = runner.id("one");
    let release = work.join("release");
    fs::create_dir(&release).unwrap();
    fs::write(release.join("tool"), "tool").unwrap();
    fs::write(release.join("SHA256SUMS"), format!("{}  tool\n", digest(b"tool"))).unwrap();
    let sigstore = Sigstore::new(SINCE);
    fs::write(work.join("root.json"), sigstore.trusted_root().to_string()).unwrap();
    let signing = Signing::on_tag(("https://github.com/dataflow/monorepo", "v1"), &commit, SINCE + 60);
    let bundle = sigstore.attest(&signing, &signing.provenance(&[("tool", digest(b"tool"))]));
    fs::write(release.join("tool.sigstore.json"), bundle.to_string()).unwrap();
    tamper(&release);
    let (copy, notes) = (runner.folder("action"), runner.folder("notes"));
    spied(&tree("release-verify"), &copy, &notes);
    runner.action("dataflow/release-verify@v1", &copy);
    let run = runner.run("push", PUSH, WORKFLOW);
    let outputs = oracle::output(&fs::read(notes.join("output")).unwrap_or_default()).unwrap();
    let summary = oracle::summary(&fs::read(notes.join("summary")).unwrap_or_default()).unwrap();
    Some(Seen { run, outputs: outputs.into_iter().collect(), summary, commit })
}

#[test]
fn a_release_is_verified_on_its_tag() {
    let Some(seen) = check(|_| {}) else { return };
    assert_eq!(seen.run.jobs(), ["verify success"], "{}", seen.run.log);
    let said = format!("verdict=pass verified=1 commit={}", seen.commit);
    assert!(seen.run.printed().contains(&said.as_str()), "{:?}", seen.run.printed());
    let record: Value = serde_json::from_str(&seen.outputs["record"]).unwrap();
    assert_eq!((&record["tag"], &record["bundles"][0]["status"]), (&Value::from("v1"), &Value::from("pass")));
    assert!(seen.summary.starts_with("### 🟢 v1 of github.com/dataflow/monorepo: pass\n"), "{}", seen.summary);
}

#[test]
fn a_changed_file_fails_the_job() {
    let Some(seen) = check(|release| fs::write(release.join("tool"), "evil").unwrap()) else { return };
    assert_eq!(seen.run.jobs(), ["verify failure"], "{}", seen.run.log);
    let annotations = seen.run.annotations();
    assert!(annotations.iter().any(|text| text.starts_with("error: tool: its SHA-256 is ")), "{annotations:?}");
    assert_eq!(seen.outputs["verdict"], "fail");
}

#[test]
fn a_release_without_an_attestation_fails_the_job() {
    let Some(seen) = check(|release| fs::remove_file(release.join("tool.sigstore.json")).unwrap()) else { return };
    assert_eq!(seen.run.jobs(), ["verify failure"], "{}", seen.run.log);
    assert_eq!(seen.outputs["verdict"], "unknown");
}
