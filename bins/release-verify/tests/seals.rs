//! Public bundles of every kind, genuine ones and broken ones: what is thought of their seals alone.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod world;

use std::fs;

use release_verify::gather::bundles::split;
use release_verify::seal::{Content, Genuine, Refused, Root, verify};
use sigstore_verify::trust_root::{SIGSTORE_GITHUB_TRUSTED_ROOT, SIGSTORE_PRODUCTION_TRUSTED_ROOT};

fn read(name: &str) -> String {
    fs::read_to_string(world::fixtures().join("seals").join(name)).unwrap()
}

fn seal(name: &str, roots: &[&str]) -> Result<Genuine, Refused> {
    let roots: Vec<Root> = roots.iter().map(|json| Root::read(json).unwrap().0).collect();
    let bundle = split(read(&format!("{name}.sigstore.json")).as_bytes()).swap_remove(0).unwrap();
    verify(&bundle, &roots)
}

const BUILT_IN: [&str; 2] = [SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_GITHUB_TRUSTED_ROOT];

#[test]
fn rekor_2_and_timestamps_are_genuine() {
    let conda = seal("conda-rekor-2", &[&read("staging.root.json")]).unwrap();
    assert_eq!(conda.claims.subject.as_deref(), Some("mailto:jku@goto.fi"));
    assert_eq!(conda.signed_at.len(), 1, "the timestamp authority says when: {:?}", conda.signed_at);
    let Content::Statement(statement) = &conda.content else { panic!("{conda:?}") };
    assert_eq!(statement.subjects[0].file_name(), "signed-package-2.1.0-hb0f4dca_0.conda");
}

#[test]
fn without_a_log_only_githubs_root_vouches() {
    let release = seal("github-release", &BUILT_IN).unwrap();
    assert_eq!(release.claims.subject.as_deref(), Some("https://dotcom.releases.github.com"));
    assert_eq!((release.log_index, release.signed_at.len()), (None, 1));
    let refused = seal("github-release", &BUILT_IN[..1]).unwrap_err();
    assert_eq!((refused.code, refused.unreadable), ("no-root", false));
}

#[test]
fn a_reusable_workflow_is_the_subject_and_not_the_one_that_was_started() {
    let staging = read("staging.root.json");
    let genuine = seal("staging-reusable-workflow", &[&staging]).unwrap();
    let workflow = |name: &str| {
        Some(format!("https://github.com/sigstore/root-signing-staging/.github/workflows/{name}@refs/heads/main"))
    };
    assert_eq!(
        (genuine.claims.subject, genuine.claims.started_workflow),
        (workflow("custom-test.yml"), workflow("test.yml"))
    );
    assert_eq!(seal("staging-reusable-workflow", &BUILT_IN).unwrap_err().code, "timestamp");
}

#[test]
fn broken_bundles_are_refused() {
    let check = |name: &str, (code, unreadable): (&str, bool)| {
        let staging = read("staging.root.json");
        let refused = seal(name, &[BUILT_IN[0], BUILT_IN[1], &staging]).unwrap_err();
        assert_eq!((refused.code, refused.unreadable), (code, unreadable), "{name}: {refused:?}");
        assert!(!refused.message.is_empty() && !refused.hint.is_empty());
    };
    // The log's entry is of another file than the one that is signed: CVE-2022-36056.
    check("cve-2022-36056", ("log-entry", false));
    check("othername", ("unknown-log", false));
    check("no-signed-time", ("no-time", false));
    check("no-certificate", ("no-proof", true));
    check("no-checkpoint", ("no-proof", true));
    check("promise-only", ("no-proof", true));
    check("no-log-entry", ("unreadable-bundle", true));
    check("two-signatures", ("unreadable-bundle", true));
    check("managed-key", ("unreadable-bundle", true));
}

#[test]
fn a_log_that_the_root_does_not_know_vouches_for_nothing() {
    let root = read("other-certificate-log.root.json");
    let refused = seal("other-certificate-log", &[&root]).unwrap_err();
    assert_eq!((refused.code, refused.unreadable), ("certificate-log", false), "{refused:?}");
}

#[test]
fn a_root_that_makes_no_sense_is_refused() {
    let check = |text: &str| drop(Root::read(text).err().unwrap());
    check("{}");
    check("[]");
    check(&read("github-release.sigstore.json"));
    check(&SIGSTORE_PRODUCTION_TRUSTED_ROOT.replace("trustedroot", "otherroot"));
    check(&SIGSTORE_PRODUCTION_TRUSTED_ROOT.replacen("MFkw", "MFkx", 1));
}
