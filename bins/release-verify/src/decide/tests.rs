//! What the rules decide of claims that no public bundle makes: pull requests, reusable workflows, look-alikes.
use std::collections::BTreeMap;

use super::*;
use crate::gather::{Asset, Examined, Folder, Notes, Release, Sums, Tagged};
use crate::record::Claims;
use crate::seal::Genuine;
use crate::settings::{Names, Runner, Signer};
use crate::statement::{Provenance, Statement, Subject};

const REPOSITORY: &str = "https://github.com/o/r";
const COMMIT: &str = "1111111111111111111111111111111111111111";
const OTHER: &str = "2222222222222222222222222222222222222222";
const WORKFLOW: &str = "https://github.com/o/r/.github/workflows/release.yml@refs/tags/v1";

/// Takes a claim away, and the finding that has to come of it.
type Clear = (fn(&mut Claims), &'static str);
/// Changes a release, and what has to come of it.
type Change = (fn(&mut Release), Status, &'static str);

fn digest(of: &str) -> String {
    of.repeat(64)
}

fn expected() -> Expected {
    let workflow = Signer::Workflow {
        repository: REPOSITORY.to_owned(),
        path: ".github/workflows/release.yml".to_owned(),
        reference: "refs/tags/v1".to_owned(),
    };
    Expected {
        tag: "v1".to_owned(),
        repository: REPOSITORY.to_owned(),
        signer: workflow,
        source_ref: "refs/tags/v1".to_owned(),
        commit: None,
        issuer: "https://token.actions.githubusercontent.com".to_owned(),
        triggers: vec!["push".to_owned()],
        runner: Runner::GithubHosted,
        repository_id: None,
        predicate_types: vec!["https://slsa.dev/provenance/v1".to_owned()],
        names: Names::Same,
        only: Vec::new(),
        without: Vec::new(),
    }
}

fn claims() -> Claims {
    let some = |text: &str| Some(text.to_owned());
    Claims {
        subject: some(WORKFLOW),
        signer: some(WORKFLOW),
        issuer: some("https://token.actions.githubusercontent.com"),
        repository: some(REPOSITORY),
        source_ref: some("refs/tags/v1"),
        source_commit: some(COMMIT),
        trigger: some("push"),
        runner: some("github-hosted"),
        ..Claims::default()
    }
}

fn statement(subjects: &[(&str, &str)]) -> Statement {
    let subject =
        |(name, of): &(&str, &str)| Subject { name: (*name).to_owned(), sha256: Some(digest(of)), sha512: None };
    Statement {
        predicate_type: "https://slsa.dev/provenance/v1".to_owned(),
        subjects: subjects.iter().map(subject).collect(),
        provenance: Provenance {
            repository: Some(REPOSITORY.to_owned()),
            reference: Some("refs/tags/v1".to_owned()),
            commits: vec![COMMIT.to_owned()],
        },
    }
}

fn bundle(content: Content, claims: Claims) -> Examined {
    let genuine = Genuine { content, claims, signed_at: vec!["2026-01-01T00:00:00Z".to_owned()], log_index: Some(1) };
    Examined { file: "b.json".to_owned(), number: 1, asked: false, seal: Ok(genuine) }
}

fn asset(name: &str, of: &str) -> Asset {
    Asset { name: name.to_owned(), size: 1, sha256: digest(of), sha512: None }
}

/// Two files, listed and attested.
fn facts() -> Facts {
    let files = BTreeMap::from([("a".to_owned(), digest("a")), ("b".to_owned(), digest("b"))]);
    Facts {
        folder: Folder {
            assets: vec![asset("a", "a"), asset("b", "b")],
            companions: vec![asset("SHA256SUMS", "5")],
            odd: Vec::new(),
        },
        sums: Sums::Read { name: "SHA256SUMS".to_owned(), sha256: digest("5"), files, problems: Vec::new() },
        bundles: vec![bundle(Content::Statement(statement(&[("a", "a"), ("dist/b", "b")])), claims())],
        tagged: Tagged::Commit(COMMIT.to_owned()),
        release: None,
        notes: None,
        roots: Vec::new(),
    }
}

/// `link code` of each finding, and the verdict.
fn check(change: impl FnOnce(&mut Facts, &mut Expected), (verdict, found): (Status, &[&str])) -> Record {
    let (mut facts, mut expected) = (facts(), expected());
    change(&mut facts, &mut expected);
    let record = super::verdict(&facts, &expected);
    let findings = record.chain.iter().flat_map(|step| {
        step.findings.iter().map(|finding| format!("{} {}", step.link.word(), finding.code)).collect::<Vec<_>>()
    });
    assert_eq!(
        (record.verdict, findings.collect::<Vec<_>>().as_slice()),
        (verdict, &*found.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "{record:#?}"
    );
    record
}

fn claim(change: impl FnOnce(&mut Claims), code: &str) -> String {
    let record = check(
        |facts, _| {
            if let Ok(genuine) = &mut facts.bundles[0].seal {
                change(&mut genuine.claims);
                // The statement says nothing of the run here, so that it contradicts nothing.
                if let Content::Statement(statement) = &mut genuine.content {
                    statement.provenance = Provenance::default();
                }
            }
        },
        (Status::Fail, &[&format!("policy {code}")]),
    );
    record.chain[6].findings[0].hint.clone().unwrap()
}

#[test]
fn a_whole_chain_is_a_yes() {
    let record = check(|_, _| {}, (Status::Pass, &[]));
    assert_eq!((record.verified, record.commit.as_deref()), (2, Some(COMMIT)));
}

#[test]
fn each_claim_is_compared_as_a_whole() {
    let text = |text: &str| Some(text.to_owned());
    claim(|it| it.repository = text("https://github.com/o/r-evil"), "repository-differs");
    claim(|it| it.repository = text("https://github.com/o/r.git"), "repository-differs");
    assert!(
        claim(|it| it.repository = text("https://github.com/O/r"), "repository-differs").contains("capital letters")
    );
    claim(|it| it.issuer = text("https://token.actions.githubusercontent.com/evil"), "issuer-differs");
    claim(|it| it.runner = text("self-hosted"), "runner-differs");
    claim(|it| it.source_commit = text(OTHER), "commit-differs");
    claim(|it| it.source_commit = text(&COMMIT[..12]), "commit-differs");
    for ends in ["x", "@refs/tags/v1"] {
        let uri = format!("{WORKFLOW}{ends}");
        claim(|it| (it.subject, it.signer) = (Some(uri.clone()), Some(uri.clone())), "signer-ref-differs");
    }
    let uri = text("https://github.com/o/r/.github/workflows/release.yml.yml@refs/tags/v1");
    claim(|it| (it.subject, it.signer) = (uri.clone(), uri), "signer-differs");
    claim(|it| it.signer = text("https://github.com/o/r/.github/workflows/ci.yml@refs/tags/v1"), "signer-differs");
}

#[test]
fn a_claim_that_is_not_made_is_no_yes() {
    let clears: [Clear; 7] = [
        (|it| it.issuer = None, "issuer-differs"),
        (|it| it.repository = None, "repository-differs"),
        (|it| it.subject = None, "signer-differs"),
        (|it| it.source_ref = None, "ref-differs"),
        (|it| it.source_commit = None, "commit-differs"),
        (|it| it.trigger = None, "trigger-differs"),
        (|it| it.runner = None, "runner-differs"),
    ];
    for (clear, code) in clears {
        claim(
            |it| {
                clear(it);
            },
            code,
        );
    }
}

#[test]
fn pull_requests_branches_and_reusable_workflows_are_told_apart() {
    let text = |text: &str| Some(text.to_owned());
    assert!(claim(|it| it.trigger = text("pull_request_target"), "trigger-differs").contains("anybody's code"));
    assert!(claim(|it| it.trigger = text("schedule"), "trigger-differs").contains("(triggers)"));
    assert!(claim(|it| it.source_ref = text("refs/heads/v1"), "ref-differs").contains("branch has the tag's name"));
    assert!(claim(|it| it.source_ref = text("refs/pull/7/merge"), "ref-differs").contains("pull request"));
    let reusable = text("https://github.com/o/shared/.github/workflows/release.yml@refs/tags/v1");
    let hint = claim(|it| (it.subject, it.signer) = (reusable.clone(), reusable), "signer-differs");
    assert!(hint.contains("reusable workflow"), "{hint}");
}

#[test]
fn a_reusable_workflow_counts_when_it_is_named() {
    let uri = "https://github.com/o/shared/.github/workflows/build.yml@refs/tags/v7".to_owned();
    check(
        |facts, expected| {
            expected.signer = Signer::read(
                (Some("o/shared/.github/workflows/build.yml"), Some("refs/tags/v7".to_owned())),
                (REPOSITORY, "refs/tags/v1"),
            )
            .unwrap();
            let Ok(genuine) = &mut facts.bundles[0].seal else { panic!() };
            (genuine.claims.subject, genuine.claims.signer) = (Some(uri.clone()), Some(uri));
        },
        (Status::Pass, &[]),
    );
}

#[test]
fn a_statement_that_contradicts_its_certificate_is_refused() {
    let changes: [fn(&mut Provenance); 3] = [
        |it| it.repository = Some("https://github.com/o/other".to_owned()),
        |it| it.reference = Some("refs/heads/main".to_owned()),
        |it| it.commits.push(OTHER.to_owned()),
    ];
    for change in changes {
        let changed = |facts: &mut Facts, _: &mut Expected| {
            if let Ok(Genuine { content: Content::Statement(statement), .. }) = &mut facts.bundles[0].seal {
                change(&mut statement.provenance);
            }
        };
        check(changed, (Status::Fail, &["policy statement-differs"]));
    }
}

#[test]
fn a_tag_that_was_moved_is_refused() {
    check(|facts, _| facts.tagged = Tagged::Commit(OTHER.to_owned()), (Status::Fail, &["policy commit-differs"]));
    check(|_, expected| expected.commit = Some(OTHER.to_owned()), (Status::Fail, &["tag commit-differs"]));
    check(|facts, _| facts.tagged = Tagged::NoTag(".".to_owned()), (Status::Unknown, &["tag no-tag"]));
    let allowed = |facts: &mut Facts, expected: &mut Expected| {
        facts.tagged = Tagged::NoClone(".".to_owned());
        expected.without = vec![Link::Tag];
    };
    assert_eq!(check(allowed, (Status::Pass, &[])).commit.as_deref(), Some(COMMIT));
}

#[test]
fn two_commits_are_no_release() {
    let two = |facts: &mut Facts, expected: &mut Expected| {
        (facts.tagged, expected.without) = (Tagged::NoClone(".".to_owned()), vec![Link::Tag]);
        let mut other = statement(&[("a", "a")]);
        other.provenance.commits = vec![OTHER.to_owned()];
        let claims = Claims { source_commit: Some(OTHER.to_owned()), ..claims() };
        facts.bundles.push(bundle(Content::Statement(other), claims));
    };
    check(two, (Status::Fail, &["policy commits-differ"]));
}

#[test]
fn files_that_change_places_are_refused() {
    let swapped = |facts: &mut Facts, _: &mut Expected| {
        facts.folder.assets = vec![asset("a", "b"), asset("b", "a")];
        let files = BTreeMap::from([("a".to_owned(), digest("b")), ("b".to_owned(), digest("a"))]);
        let Sums::Read { files: listed, .. } = &mut facts.sums else { panic!() };
        *listed = files;
    };
    check(swapped, (Status::Fail, &["attestation name-differs", "attestation name-differs"]));
}

#[test]
fn who_attests_the_list_attests_its_files() {
    let by_name = |facts: &mut Facts, _: &mut Expected| {
        facts.bundles = vec![bundle(Content::Statement(statement(&[("SHA256SUMS", "5")])), claims())];
    };
    assert_eq!(check(by_name, (Status::Pass, &[])).verified, 2);
    let by_signature = |facts: &mut Facts, _: &mut Expected| {
        facts.bundles = vec![bundle(Content::File(digest("5")), claims())];
    };
    assert_eq!(check(by_signature, (Status::Pass, &[])).verified, 2);
    let another_list = |facts: &mut Facts, _: &mut Expected| {
        facts.bundles = vec![bundle(Content::File(digest("6")), claims())];
    };
    check(another_list, (Status::Fail, &["attestation not-attested", "attestation not-attested"]));
}

#[test]
fn some_assets_are_enough_when_they_are_named() {
    let one = |facts: &mut Facts, expected: &mut Expected| {
        facts.folder.assets.pop();
        expected.only = vec!["a".to_owned()];
    };
    assert_eq!(check(one, (Status::Pass, &[])).verified, 1);
    check(|_, expected| expected.only = vec!["c".to_owned()], (Status::Fail, &["assets missing"]));
}

fn release(files: &[(&str, &str)]) -> Release {
    let uploaded = |(name, of): &(&str, &str)| serde_json::json!({"name": name, "size": 1, "state": "uploaded", "digest": format!("sha256:{}", digest(of))});
    let assets: Vec<_> = files.iter().map(uploaded).collect();
    serde_json::from_value(serde_json::json!({"tag_name": "v1", "body": "# v1\r\n\r\n- a\r\n", "assets": assets}))
        .unwrap()
}

#[test]
fn the_record_of_the_release_knows_every_file() {
    let all = [("a", "a"), ("b", "b"), ("SHA256SUMS", "5")];
    check(|facts, _| facts.release = Some(release(&all)), (Status::Pass, &[]));
    check(|facts, _| facts.release = Some(release(&all[..2])), (Status::Fail, &["release not-in-release"]));
    let more = [all[0], all[1], all[2], ("c", "c")];
    check(|facts, _| facts.release = Some(release(&more)), (Status::Fail, &["release not-downloaded"]));
    let other = [("a", "c"), all[1], all[2]];
    check(|facts, _| facts.release = Some(release(&other)), (Status::Fail, &["release digest-differs"]));
    let changes: [Change; 4] = [
        (|it| it.tag_name = "v1.0".to_owned(), Status::Fail, "release release-differs"),
        (|it| it.assets[0].digest = None, Status::Unknown, "release digest-unknown"),
        (|it| it.assets[0].state = "open".to_owned(), Status::Fail, "release upload-broken"),
        (|it| it.assets[0].size = 2, Status::Fail, "release size-differs"),
    ];
    for (change, status, code) in changes {
        let changed = |facts: &mut Facts, _: &mut Expected| {
            let mut release = release(&all);
            change(&mut release);
            facts.release = Some(release);
        };
        check(changed, (status, &[code]));
    }
}

#[test]
fn the_notes_are_the_releases() {
    let notes = |text: &str| Some(Notes { name: "a".to_owned(), text: text.to_owned(), sha256: digest("9") });
    let all = [("a", "a"), ("b", "b"), ("SHA256SUMS", "5")];
    let given = |text: &'static str, with: bool| {
        move |facts: &mut Facts, _: &mut Expected| {
            facts.notes = notes(text);
            facts.release = with.then(|| release(&all));
        }
    };
    check(given("# v1\n\n- a", true), (Status::Pass, &[]));
    check(given("# v1\n\n- b\n", true), (Status::Fail, &["notes notes-differ"]));
    check(given("# v1\n", true), (Status::Fail, &["notes notes-differ"]));
    check(given("# v1\n", false), (Status::Unknown, &["notes notes-unknown"]));
    let listed = |facts: &mut Facts, _: &mut Expected| {
        facts.notes = Some(Notes { name: "a".to_owned(), text: String::new(), sha256: digest("a") });
    };
    check(listed, (Status::Pass, &[]));
}

#[test]
fn a_chain_of_nothing_says_nothing() {
    let nothing = |facts: &mut Facts, expected: &mut Expected| {
        facts.bundles.clear();
        facts.folder = Folder::default();
        facts.sums = Sums::Missing;
        facts.tagged = Tagged::NoClone(".".to_owned());
        expected.without = vec![Link::Tag, Link::Sums, Link::Attestation];
    };
    check(nothing, (Status::Unknown, &["assets no-assets"]));
}

#[test]
fn files_that_nothing_speaks_of_are_no_yes() {
    let unspoken = |facts: &mut Facts, expected: &mut Expected| {
        facts.bundles.clear();
        facts.sums = Sums::Missing;
        expected.without = vec![Link::Sums, Link::Attestation];
    };
    check(unspoken, (Status::Unknown, &["assets no-evidence"]));
}

#[test]
fn of_bundles_that_were_asked_for_one_that_fits_is_enough() {
    let stray = |facts: &mut Facts| {
        let claims = Claims { trigger: Some("pull_request".to_owned()), ..claims() };
        facts.bundles.push(bundle(Content::Statement(statement(&[("a", "a")])), claims));
        facts.bundles.iter_mut().for_each(|bundle| bundle.asked = true);
    };
    let record = check(|facts, _| stray(facts), (Status::Pass, &[]));
    assert_eq!((record.bundles[0].status, record.bundles[1].status), (Status::Pass, Status::Skipped));
    let alone = |facts: &mut Facts, _: &mut Expected| {
        stray(facts);
        facts.bundles.remove(0);
    };
    check(alone, (Status::Fail, &["attestation not-attested", "policy trigger-differs"]));
}
