//! The attestations were made by whom, from where and how it was expected: whole strings are compared, never beginnings.
use std::collections::BTreeSet;

use super::Seen;
use super::attestation::Judged;
use crate::record::{Claims, Finding, Status};
use crate::seal::{Content, Genuine};
use crate::settings::{Expected, Runner, Signer};

/// What of a genuine bundle is not as expected; `commit` is the tag's, where it is known.
pub(crate) fn broken(genuine: &Genuine, expected: &Expected, commit: Option<&str>) -> Vec<Finding> {
    let claims = &genuine.claims;
    let mut findings = vec![
        compare(
            ("issuer-differs", "it was not made for a run that the expected issuer vouches for: the issuer"),
            &claims.issuer,
            &expected.issuer,
        ),
        compare(("repository-differs", "it is of another repository"), &claims.repository, &expected.repository),
        signer(claims, &expected.signer),
        source_ref(claims, expected),
        trigger(claims, expected),
        runner(claims, expected.runner),
    ];
    if let Some(id) = &expected.repository_id {
        findings.push(compare(
            ("repository-id-differs", "it is of another repository: its number"),
            &claims.repository_id,
            id,
        ));
    }
    findings.push(match commit {
        Some(commit) => source_commit(claims, commit),
        None if claims.source_commit.is_none() => Some(silent("commit-differs", "of which commit it is")),
        None => None,
    });
    findings.push(statement(genuine));
    findings.into_iter().flatten().collect()
}

fn silent(code: &str, what: &str) -> Finding {
    let message = format!("its certificate does not say {what}");
    Finding::fail(code, message)
        .hint("sign in a workflow of GitHub Actions, with `actions/attest` or cosign of 2023 or later")
}

fn compare((code, what): (&str, &str), found: &Option<String>, expected: &str) -> Option<Finding> {
    let Some(found) = found else { return Some(silent(code, &format!("this ({what})"))) };
    if found == expected {
        return None;
    }
    let hint = match found.eq_ignore_ascii_case(expected) {
        true => "they differ in capital letters alone: write it as the certificate has it, if that is the right one",
        false => "do not use this release, unless what was expected is wrong",
    };
    Some(Finding::fail(code, format!("{what} is {found}, and {expected} was expected")).hint(hint))
}

/// The subject is the signing workflow; what else the certificate calls the signer has to be the same.
fn signer(claims: &Claims, expected: &Signer) -> Option<Finding> {
    let what = ("signer-differs", "it was signed by another workflow: the signer");
    if let (Some(signer), Some(subject)) = (&claims.signer, &claims.subject)
        && signer != subject
    {
        let message = format!("its certificate contradicts itself: the subject is {subject}, and the signer {signer}");
        return Some(Finding::fail("signer-differs", message).hint("do not use this release"));
    }
    let uri = expected.uri()?;
    let finding = compare(what, &claims.subject, &uri)?;
    let path = |uri: &str| uri.split_once("@refs/").map(|(path, name)| (path.to_owned(), format!("refs/{name}")));
    let found = claims.subject.as_deref().and_then(path);
    Some(match (found, path(&uri)) {
        (Some((workflow, found)), Some((same, wanted))) if workflow == same => {
            let message = format!("it was signed by the right workflow as of {found}, and {wanted} was expected");
            Finding::fail("signer-ref-differs", message).hint("a workflow of another ref may be another file; if it is right, say so (signer-ref)")
        }
        (Some((workflow, _)), _) if claims.repository.as_ref().is_some_and(|own| !workflow.starts_with(&format!("{own}/"))) => {
            finding.hint("the signer is a reusable workflow of another repository: if it is the right one, name it whole (signer-workflow: owner/name/.github/workflows/<file>)")
        }
        _ => finding,
    })
}

fn source_ref(claims: &Claims, expected: &Expected) -> Option<Finding> {
    let finding =
        compare(("ref-differs", "it is built from another ref: the source"), &claims.source_ref, &expected.source_ref)?;
    let found = claims.source_ref.as_deref().unwrap_or_default();
    Some(match found.strip_prefix("refs/heads/") {
        Some(branch) if expected.source_ref == format!("refs/tags/{branch}") => {
            finding.hint("a branch has the tag's name: anybody who may push branches can make one")
        }
        Some(_) => finding.hint("if releases are made from this branch before they are tagged, say so (source-ref)"),
        None if found.starts_with("refs/pull/") => {
            finding.hint("it was made in a pull request: do not use this release")
        }
        None => finding,
    })
}

fn trigger(claims: &Claims, expected: &Expected) -> Option<Finding> {
    let Some(trigger) = &claims.trigger else { return Some(silent("trigger-differs", "which event started its run")) };
    if expected.triggers.contains(trigger) {
        return None;
    }
    let message = format!("its run was started by {trigger}, and {} was expected", expected.triggers.join(" or "));
    let hint = match trigger.starts_with("pull_request") {
        true => "a pull request's run may execute anybody's code: do not use this release",
        false => "if releases are made by this event, say so (triggers)",
    };
    Some(Finding::fail("trigger-differs", message).hint(hint))
}

fn runner(claims: &Claims, expected: Runner) -> Option<Finding> {
    match expected {
        Runner::Any => None,
        Runner::GithubHosted => compare(
            ("runner-differs", "it was signed on another kind of machine: the runner"),
            &claims.runner,
            "github-hosted",
        ),
    }
}

fn source_commit(claims: &Claims, commit: &str) -> Option<Finding> {
    let hint = "the tag was moved, or the files are of another build: do not use this release before you know which";
    compare(
        ("commit-differs", "it is built from another commit than the tag's: the source"),
        &claims.source_commit,
        commit,
    )
    .map(|finding| finding.hint(hint))
}

/// What the statement says of its run is what the certificate says.
fn statement(genuine: &Genuine) -> Option<Finding> {
    let Content::Statement(statement) = &genuine.content else { return None };
    let (said, claims) = (&statement.provenance, &genuine.claims);
    let differs = |said: &Option<String>, claim: &Option<String>| said.is_some() && said != claim;
    let commit = said.commits.iter().find(|commit| Some(*commit) != claims.source_commit.as_ref());
    let what = if differs(&said.repository, &claims.repository) {
        format!("the repository {}", said.repository.as_deref().unwrap_or_default())
    } else if differs(&said.reference, &claims.source_ref) {
        format!("the ref {}", said.reference.as_deref().unwrap_or_default())
    } else {
        format!("the commit {}", commit?)
    };
    let message = format!("its statement tells of {what}, and its certificate of another one");
    Some(
        Finding::fail("statement-differs", message)
            .hint("do not use this release: whoever signed it wrote the statement by hand"),
    )
}

pub(crate) fn seen(expected: &Expected, judged: &[Judged<'_>]) -> Seen {
    let mut findings = Vec::new();
    for judged in judged {
        findings.extend(judged.broken.iter().map(|finding| finding.clone().file(&judged.place())));
    }
    let counting: Vec<&Claims> =
        judged.iter().filter(|it| it.status() == Status::Pass).filter_map(|it| Some(&it.genuine()?.claims)).collect();
    let subjects: BTreeSet<&str> = counting.iter().filter_map(|claims| claims.subject.as_deref()).collect();
    let subjects = subjects.into_iter().collect::<Vec<_>>().join(", ");
    if findings.is_empty() && counting.is_empty() {
        return Seen::skipped("there is no attestation that this could be asked of");
    }
    if expected.signer == Signer::Unsaid && !counting.is_empty() {
        let message = format!("the expected signer is not given; the certificate says {subjects}");
        let hint =
            "if that is right, give its path (signer-workflow), or say that it does not matter (signer-workflow: any)";
        findings.push(Finding::unknown("signer-unsaid", message).hint(hint));
    }
    let commits: BTreeSet<_> = counting.iter().map(|claims| &claims.source_commit).collect();
    if commits.len() > 1 {
        let message = "its attestations are from different commits";
        findings.push(Finding::fail("commits-differ", message).hint("build all files of a release from one commit"));
    }
    Seen::of(format!("signed by {subjects}"), findings)
}
