//! The whole chain in a real clone, with attestations of a Sigstore of one's own: every seal is real, every claim chosen.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod world;

use std::fs;

use serde_json::{Value, json};
use tests::cases::history;
use tests::sigstore::{Run, Sigstore, digest};
use world::{Ran, World};

const REPOSITORY: &str = "https://github.com/dataflow/monorepo";
const SINCE: u64 = 1_790_000_000;
const AT: u64 = SINCE + 86_400;
const HISTORY: &str =
    "commit one on main\n  write a 1\ntag v1 at one\ncommit two on main\n  write a 2\nbranch v2 at two\n";

/// A release with two files, their list, the notes, and one attestation.
struct Release {
    world: World,
    sigstore: Sigstore,
    run: Run,
}

impl Release {
    fn new() -> Self {
        let mut world = World::empty();
        let built = history::build(HISTORY, world.root()).unwrap();
        let id = |label: &str| built.ids.iter().find(|(known, _)| known == label).unwrap().1.clone();
        fs::write(world.asset("tool"), "tool").unwrap();
        fs::write(world.asset("NOTES.md"), "# v1\n").unwrap();
        let list = format!("{}  NOTES.md\n{}  tool\n", digest(b"# v1\n"), digest(b"tool"));
        fs::write(world.asset("SHA256SUMS"), list).unwrap();
        let sigstore = Sigstore::new(SINCE);
        fs::write(world.root().join("root.json"), sigstore.trusted_root().to_string()).unwrap();
        let args = [
            ("--dir", "dist"),
            ("--tag", "v1"),
            ("--repository", "dataflow/monorepo"),
            ("--clone", "work"),
            ("--signer-workflow", ".github/workflows/release.yml"),
            ("--trusted-root", "root.json"),
            ("--notes", "dist/NOTES.md"),
            ("--now", "2026-11-27T12:00:00Z"),
        ];
        args.into_iter().for_each(|(name, value)| world.set(name, value));
        Self { world, sigstore, run: Run::on_tag((REPOSITORY, "v1"), &id("one"), AT) }
    }

    fn statement(&self) -> Value {
        self.run.provenance(&[("tool", digest(b"tool")), ("dist/NOTES.md", digest(b"# v1\n"))])
    }

    fn attest(&self, statement: &Value) {
        let bundle = self.sigstore.attest(&self.run, statement).to_string();
        fs::write(self.world.asset("release.intoto.jsonl"), format!("{bundle}\n")).unwrap();
    }
}

#[track_caller]
fn check(exit: i32, said: &[&str], change: impl FnOnce(&mut Release)) -> Ran {
    let mut release = Release::new();
    change(&mut release);
    if !release.world.asset("release.intoto.jsonl").exists() {
        release.attest(&release.statement());
    }
    let ran = release.world.run();
    let findings = ran.findings();
    assert_eq!(ran.exit, Some(exit), "{findings:#?} {}", ran.stderr);
    assert_eq!(findings.len(), said.len(), "{findings:#?}");
    for (finding, said) in findings.iter().zip(said) {
        assert!(finding.starts_with(said), "{said} is not {finding}");
    }
    ran
}

#[test]
fn a_release_is_what_it_says() {
    let ran = check(0, &[], |_| {});
    assert_eq!(ran.record["verified"], 2);
    let statuses: Vec<&str> =
        ran.record["chain"].as_array().unwrap().iter().map(|step| step["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["pass", "pass", "skipped", "pass", "pass", "pass", "pass"]);
}

#[test]
fn an_annotated_tag_is_followed_to_its_commit() {
    check(0, &[], |release| {
        let clone = release.world.root().join("work");
        let git = |args: &[&str]| {
            let mut command = std::process::Command::new("git");
            command.current_dir(&clone).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
            command.args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(args);
            let out = command.output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        };
        git(&["tag", "--force", "--annotate", "--message", "v1", "v1", "v1"]);
    });
}

#[test]
fn a_moved_tag_is_refused() {
    check(1, &["policy commit-differs"], |release| {
        release.run.commit = "0123456789012345678901234567890123456789".to_owned();
    });
}

#[test]
fn a_branch_is_no_tag() {
    // The clone has a branch v2, and no such tag.
    check(2, &["tag no-tag"], |release| {
        release.world.set("--tag", "v2");
        release.run = Run::on_tag((REPOSITORY, "v2"), &release.run.commit, AT);
    });
    check(1, &["policy ref-differs"], |release| {
        release.world.set("--signer-ref", "refs/heads/v1");
        release.run.reference = "refs/heads/v1".to_owned();
        release.run.signer = format!("{REPOSITORY}/.github/workflows/release.yml@refs/heads/v1");
    });
}

#[test]
fn a_signature_outside_of_the_certificates_time_is_refused() {
    for signed_at in [AT - 1, AT + 601] {
        check(1, &["attestation signed-outside-certificate"], |release| release.run.signed_at = signed_at);
    }
}

#[test]
fn a_signature_from_the_future_is_refused() {
    check(1, &["attestation signed-outside-certificate"], |release| {
        let next_century = 4_102_444_800;
        (release.run.certified_at, release.run.signed_at) = (next_century, next_century + 5);
    });
}

#[test]
fn another_instance_is_refused() {
    check(1, &["attestation unknown-log"], |release| release.sigstore = Sigstore::new(SINCE));
    // The built-in roots know nothing of this one.
    check(1, &["attestation unknown-log"], |release| release.world.drop_arg("--trusted-root"));
}

#[test]
fn another_repository_is_refused() {
    let evil = format!("{REPOSITORY}-evil");
    check(1, &["policy repository-differs", "policy signer-differs"], |release| {
        release.run = Run::on_tag((&evil, "v1"), &release.run.commit, AT);
    });
}

#[test]
fn a_pull_requests_run_is_refused() {
    check(1, &["policy trigger-differs"], |release| release.run.trigger = "pull_request".to_owned());
}

#[test]
fn a_reusable_workflow_is_not_its_caller() {
    let reusable = |release: &mut Release| {
        release.run.signer = "https://github.com/dataflow/shared/.github/workflows/release.yml@refs/tags/v7".to_owned();
    };
    check(1, &["policy signer-differs"], reusable);
    check(0, &[], |release| {
        reusable(release);
        release.world.set("--signer-workflow", "dataflow/shared/.github/workflows/release.yml");
        release.world.set("--signer-ref", "refs/tags/v7");
    });
}

#[test]
fn a_statement_of_another_commit_is_refused() {
    check(1, &["policy statement-differs"], |release| {
        let mut statement = release.statement();
        let commit = &mut statement["predicate"]["buildDefinition"]["resolvedDependencies"][0]["digest"]["gitCommit"];
        *commit = json!("0123456789012345678901234567890123456789");
        release.attest(&statement);
    });
}

#[test]
fn the_list_may_be_what_is_attested() {
    let ran = check(0, &[], |release| {
        let list = fs::read(release.world.asset("SHA256SUMS")).unwrap();
        release.attest(&release.run.provenance(&[("SHA256SUMS", digest(&list))]));
    });
    assert_eq!(ran.record["verified"], 2);
}

#[test]
fn all_of_several_bundles_have_to_be_good() {
    check(0, &[], |release| {
        let lines: Vec<String> = [("tool", digest(b"tool")), ("NOTES.md", digest(b"# v1\n"))]
            .into_iter()
            .map(|subject| release.sigstore.attest(&release.run, &release.run.provenance(&[subject])).to_string())
            .collect();
        fs::write(release.world.asset("release.intoto.jsonl"), lines.join("\n")).unwrap();
    });
    check(1, &["policy trigger-differs"], |release| {
        let good = release.sigstore.attest(&release.run, &release.statement()).to_string();
        release.run.trigger = "issue_comment".to_owned();
        let bad = release.sigstore.attest(&release.run, &release.statement()).to_string();
        fs::write(release.world.asset("release.intoto.jsonl"), format!("{good}\n{bad}\n")).unwrap();
    });
}

#[test]
fn the_record_of_a_release_is_compared() {
    let record = |release: &Release, body: &str| {
        let names = ["tool", "NOTES.md", "SHA256SUMS", "release.intoto.jsonl"];
        let asset = |name: &&str| {
            let bytes = fs::read(release.world.asset(name)).unwrap();
            json!({"name": name, "size": bytes.len(), "state": "uploaded", "digest": format!("sha256:{}", digest(&bytes))})
        };
        let assets: Vec<Value> = names.iter().map(asset).collect();
        let record = json!({"tag_name": "v1", "draft": true, "body": body, "assets": assets, "id": 7});
        fs::write(release.world.root().join("release.json"), record.to_string()).unwrap();
    };
    check(0, &[], |release| {
        release.attest(&release.statement());
        record(release, "# v1\r\n");
        release.world.set("--release-json", "release.json");
    });
    check(1, &["notes notes-differ", "release digest-differs"], |release| {
        release.attest(&release.statement());
        record(release, "# v1, edited");
        let text = fs::read_to_string(release.world.root().join("release.json")).unwrap();
        let other = text.replace(&digest(b"tool"), &digest(b"other"));
        fs::write(release.world.root().join("release.json"), other).unwrap();
        release.world.set("--release-json", "release.json");
    });
}
