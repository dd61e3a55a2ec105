//! Genuine attestations cover every file.
use std::collections::{BTreeMap, BTreeSet};

use super::{Seen, counted, is_wanted, policy};
use crate::gather::{Asset, Examined, Facts, Sums};
use crate::record::{Finding, Status};
use crate::seal::{Content, Genuine};
use crate::settings::{Expected, Link, Names};
use crate::statement::Subject;

/// A bundle, and what is thought of it.
#[derive(Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) examined: &'a Examined,
    /// Whether its statement is of a type that counts.
    pub(crate) is_asked: bool,
    /// What of it is not as expected.
    pub(crate) broken: Vec<Finding>,
    /// Whether it is left aside: it was asked for, does not fit, and others cover every file.
    pub(crate) is_aside: bool,
}

impl Judged<'_> {
    pub(crate) fn genuine(&self) -> Option<&Genuine> {
        self.examined.seal.as_ref().ok()
    }

    pub(crate) fn status(&self) -> Status {
        match &self.examined.seal {
            _ if self.is_aside => Status::Skipped,
            Err(refused) if refused.unreadable => Status::Unknown,
            Err(_) => Status::Fail,
            Ok(_) if !self.is_asked => Status::Skipped,
            Ok(_) if !self.broken.is_empty() => Status::Fail,
            Ok(_) => Status::Pass,
        }
    }

    /// The file, and which of its bundles, where it has several.
    pub(crate) fn place(&self) -> String {
        match self.examined.number {
            1 => self.examined.file.clone(),
            number => format!("{} (bundle {number})", self.examined.file),
        }
    }
}

/// Every bundle, judged by itself.
pub(crate) fn judged<'a>(facts: &'a Facts, expected: &Expected, commit: Option<&str>) -> Vec<Judged<'a>> {
    let judge = |examined: &'a Examined| {
        let genuine = examined.seal.as_ref().ok();
        let is_asked = genuine.is_some_and(|genuine| match &genuine.content {
            Content::Statement(statement) => expected.predicate_types.contains(&statement.predicate_type),
            Content::File(_) => true,
        });
        let broken = genuine.filter(|_| is_asked).map(|genuine| policy::broken(genuine, expected, commit));
        Judged { examined, is_asked, broken: broken.unwrap_or_default(), is_aside: false }
    };
    let mut judged: Vec<Judged<'_>> = facts.bundles.iter().map(judge).collect();
    let coverage = Coverage::of(facts, expected, &judged);
    let mut wanted = facts.folder.assets.iter().filter(|asset| is_wanted(&asset.name, expected));
    if wanted.all(|asset| !coverage.of_asset(asset).is_empty()) {
        let unfit = |it: &&mut Judged<'_>| it.examined.asked && matches!(it.status(), Status::Fail | Status::Unknown);
        for judged in judged.iter_mut().filter(unfit) {
            (judged.is_aside, judged.broken) = (true, Vec::new());
        }
    }
    judged
}

/// The commit that all bundles that count are from.
pub(crate) fn commit(judged: &[Judged<'_>]) -> Option<String> {
    let counting = judged.iter().filter(|judged| judged.status() == Status::Pass);
    let commits: BTreeSet<_> = counting.filter_map(|judged| judged.genuine()?.claims.source_commit.as_ref()).collect();
    if commits.len() == 1 { commits.first().map(|commit| (*commit).clone()) } else { None }
}

/// Which bundles cover what: by digest, with the names that they give to it.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    named: BTreeMap<(String, String), Vec<usize>>,
    unnamed: BTreeMap<String, Vec<usize>>,
    listed: BTreeMap<String, String>,
    by_list: Vec<usize>,
    names: Names,
}

impl Coverage {
    pub(crate) fn of(facts: &Facts, expected: &Expected, judged: &[Judged<'_>]) -> Self {
        let mut coverage = Self { names: expected.names, ..Self::default() };
        for (at, judged) in judged.iter().enumerate().filter(|(_, judged)| judged.status() == Status::Pass) {
            match judged.genuine().map(|genuine| &genuine.content) {
                Some(Content::Statement(statement)) => {
                    statement.subjects.iter().for_each(|subject| coverage.add(subject, at));
                }
                Some(Content::File(sha256)) => coverage.unnamed.entry(sha256.clone()).or_default().push(at),
                None => {}
            }
        }
        // Who attests a list attests the files of the list, by the names that it has for them.
        if let Sums::Read { name, sha256, files, problems } = &facts.sums
            && problems.is_empty()
        {
            let list = Asset { name: name.clone(), sha256: sha256.clone(), ..Asset::default() };
            let unnamed = coverage.unnamed.get(sha256).into_iter().flatten().copied();
            coverage.by_list =
                coverage.of_asset(&list).into_iter().chain(unnamed).collect::<BTreeSet<_>>().into_iter().collect();
            coverage.listed.clone_from(files);
        }
        coverage
    }

    fn add(&mut self, subject: &Subject, at: usize) {
        for digest in [&subject.sha256, &subject.sha512].into_iter().flatten() {
            self.named.entry((digest.clone(), subject.file_name().to_owned())).or_default().push(at);
            if self.names == Names::Any {
                self.unnamed.entry(digest.clone()).or_default().push(at);
            }
        }
    }

    /// The bundles that cover a file, each once, in order.
    pub(crate) fn of_asset(&self, asset: &Asset) -> Vec<usize> {
        let mut found = BTreeSet::new();
        for digest in [Some(&asset.sha256), asset.sha512.as_ref()].into_iter().flatten() {
            found.extend(self.named.get(&(digest.clone(), asset.name.clone())).into_iter().flatten());
            if self.names == Names::Any {
                found.extend(self.unnamed.get(digest).into_iter().flatten());
            }
        }
        if self.listed.get(&asset.name) == Some(&asset.sha256) {
            found.extend(&self.by_list);
        }
        found.into_iter().collect()
    }
}

pub(crate) fn seen(facts: &Facts, expected: &Expected, (judged, coverage): (&[Judged<'_>], &Coverage)) -> Seen {
    if judged.is_empty() {
        let hint =
            "get it (`gh attestation download <file> --repo <owner/name>`), or allow it by name (without: attestation)";
        let finding = Finding::unknown("no-attestation", "there is no attestation").hint(hint);
        return Seen::without(expected, Link::Attestation, finding);
    }
    let mut findings: Vec<Finding> = judged.iter().filter_map(refused).collect();
    let genuine = judged.iter().filter(|judged| judged.genuine().is_some()).count();
    let wanted = facts.folder.assets.iter().filter(|asset| is_wanted(&asset.name, expected));
    let bare: Vec<&Asset> = wanted.filter(|asset| coverage.of_asset(asset).is_empty()).collect();
    if genuine > 0 {
        findings.extend(bare.iter().filter_map(|asset| uncovered(asset, judged)));
        findings.extend(absent(facts, expected, judged));
    }
    let files = if bare.is_empty() { ", and every file is attested" } else { ", but not made as expected" };
    Seen::of(format!("{genuine} of {} genuine{files}", counted(judged.len(), "bundle")), findings)
}

fn refused(judged: &Judged<'_>) -> Option<Finding> {
    let refused = judged.examined.seal.as_ref().err().filter(|_| !judged.is_aside)?;
    let make = if refused.unreadable { Finding::unknown } else { Finding::fail };
    Some(make(refused.code, refused.message.clone()).file(&judged.place()).hint(refused.hint))
}

/// Why a file is not covered, by the bundle that comes nearest. `None` when one does that is not as expected: the link
/// `policy` says why.
fn uncovered(asset: &Asset, judged: &[Judged<'_>]) -> Option<Finding> {
    let (mut found, mut nearest) = (None, 0);
    for judged in judged {
        let Some(genuine) = judged.genuine() else { continue };
        for (same_digest, name, digest) in seals(genuine, asset) {
            let same_name = name.as_deref() == Some(asset.name.as_str());
            if same_digest && !judged.broken.is_empty() {
                return None;
            }
            let (weight, finding) = match (same_digest, same_name) {
                (true, _) if !judged.is_asked => (4, other_type(genuine)),
                (true, false) => (3, other_name(name.as_deref())),
                (false, true) if judged.is_asked => {
                    let message = format!("its digest is {}, and {digest} is attested", asset.sha256);
                    (
                        2,
                        Finding::fail("digest-differs", message)
                            .hint("download it again; if it stays so, do not use it"),
                    )
                }
                _ => continue,
            };
            if weight > nearest {
                (found, nearest) = (Some(finding), weight);
            }
        }
    }
    let bare =
        || Finding::fail("not-attested", "no attestation is of it").hint("attest it, or take it out of the release");
    Some(found.unwrap_or_else(bare).file(&asset.name))
}

/// For each thing that a bundle seals: whether it has the file's digest, its name, and its digest.
fn seals(genuine: &Genuine, asset: &Asset) -> Vec<(bool, Option<String>, String)> {
    match &genuine.content {
        Content::File(digest) => vec![(*digest == asset.sha256, None, digest.clone())],
        Content::Statement(statement) => {
            let one = |subject: &Subject| {
                let same = subject.sha256.as_ref() == Some(&asset.sha256)
                    || (subject.sha512.is_some() && subject.sha512 == asset.sha512);
                let digest = subject.sha256.clone().or(subject.sha512.clone()).unwrap_or_default();
                (same, Some(subject.file_name().to_owned()), digest)
            };
            statement.subjects.iter().map(one).collect()
        }
    }
}

fn other_type(genuine: &Genuine) -> Finding {
    let kind = match &genuine.content {
        Content::Statement(statement) => statement.predicate_type.as_str(),
        Content::File(_) => "",
    };
    let message = format!("it is attested by a statement of another type alone: {kind}");
    Finding::unknown("other-predicate", message).hint("if that is what you expect, say so (predicate-types)")
}

fn other_name(name: Option<&str>) -> Finding {
    let hint = "if names do not matter here, say so (subject-names: any)";
    match name {
        Some(name) => Finding::fail("name-differs", format!("it is attested under another name: {name}")).hint(hint),
        None => Finding::unknown("no-name", "it is signed by a signature that does not name it").hint(hint),
    }
}

/// Subjects that are not there, where no list says what has to be.
fn absent(facts: &Facts, expected: &Expected, judged: &[Judged<'_>]) -> Vec<Finding> {
    if !matches!(facts.sums, Sums::Missing) || !expected.only.is_empty() {
        return Vec::new();
    }
    let folder = || facts.folder.assets.iter().chain(&facts.folder.companions);
    let digests: BTreeSet<&String> =
        folder().flat_map(|asset| [Some(&asset.sha256), asset.sha512.as_ref()]).flatten().collect();
    let names: BTreeSet<&str> = folder().map(|asset| asset.name.as_str()).collect();
    let mut findings = Vec::new();
    for judged in judged.iter().filter(|judged| judged.status() == Status::Pass) {
        let Some(Content::Statement(statement)) = judged.genuine().map(|genuine| &genuine.content) else { continue };
        for subject in &statement.subjects {
            let there = [&subject.sha256, &subject.sha512].into_iter().flatten().any(|digest| digests.contains(digest));
            if !there && !names.contains(subject.file_name()) {
                let hint = "download it, or say which assets are to be looked at (assets)";
                let message = "it is attested, and it is not in the folder";
                findings.push(Finding::fail("missing", message).file(&subject.name).hint(hint));
            }
        }
    }
    findings
}
