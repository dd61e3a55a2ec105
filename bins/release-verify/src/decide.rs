//! Facts × what was expected → the record: link by link, each with what is wrong with it. Pure.
#![deny(clippy::disallowed_methods)]
use crate::gather::Facts;
use crate::record::{AssetRow, BundleRow, Finding, Record, SCHEMA, Status, Step};
use crate::seal::Content;
use crate::settings::{Expected, Link};

mod assets;
mod attestation;
mod notes;
mod policy;
mod release;
mod sums;
mod tag;

use attestation::Coverage;

/// What one rule came to: what it saw, and what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// In one sentence without a full stop, for when nothing is wrong.
    message: String,
    findings: Vec<Finding>,
    /// Whether there was nothing to judge, and nothing had to be.
    skipped: bool,
}

impl Seen {
    fn fine(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    fn skipped(message: impl Into<String>) -> Self {
        Self { skipped: true, ..Self::fine(message) }
    }

    fn of(message: impl Into<String>, findings: Vec<Finding>) -> Self {
        Self { findings, ..Self::fine(message) }
    }

    /// No evidence: the link is unknown, unless it may be without.
    fn without(expected: &Expected, link: Link, finding: Finding) -> Self {
        match expected.without.contains(&link) {
            true => Self::skipped(finding.message),
            false => Self::of("", vec![finding]),
        }
    }

    fn step(self, link: Link) -> Step {
        let worst = self.findings.iter().map(|finding| finding.status).max();
        let status = worst.unwrap_or(if self.skipped { Status::Skipped } else { Status::Pass });
        let message = match self.findings.iter().find(|finding| finding.status == status) {
            None => self.message,
            Some(first) => {
                let file = first.file.as_ref().map(|file| format!("{file}: ")).unwrap_or_default();
                let more = self.findings.len() - 1;
                let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
                format!("{file}{}{more}", first.message)
            }
        };
        Step { link, status, message, findings: self.findings }
    }
}

/// The answer.
pub fn verdict(facts: &Facts, expected: &Expected) -> Record {
    let commit = tag::commit(facts, expected);
    let judged = attestation::judged(facts, expected, commit.as_deref());
    let coverage = Coverage::of(facts, expected, &judged);
    let chain: Vec<Step> = [
        (Link::Tag, tag::seen(facts, expected)),
        (Link::Notes, notes::seen(facts, &coverage)),
        (Link::Release, release::seen(facts, expected)),
        (Link::Sums, sums::seen(facts, expected)),
        (Link::Assets, assets::seen(facts, expected)),
        (Link::Attestation, attestation::seen(facts, expected, (&judged, &coverage))),
        (Link::Policy, policy::seen(expected, &judged)),
    ]
    .into_iter()
    .map(|(link, seen)| seen.step(link))
    .collect();
    let worst = chain.iter().map(|step| step.status).max().unwrap_or(Status::Unknown);
    // A chain of which nothing was judged says nothing.
    let verdict = if worst == Status::Skipped { Status::Unknown } else { worst };
    let assets = asset_rows(facts, expected, &coverage);
    Record {
        schema: SCHEMA.to_owned(),
        verdict,
        tag: expected.tag.clone(),
        repository: expected.repository.clone(),
        commit: commit.or_else(|| attestation::commit(&judged)),
        verified: assets.iter().filter(|asset| !asset.attested_by.is_empty()).count(),
        assets,
        bundles: judged.iter().map(bundle_row).collect(),
        roots: facts.roots.clone(),
        companions: facts.folder.companions.iter().map(|file| file.name.clone()).collect(),
        chain,
    }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Whether a file is one that was asked for.
pub(crate) fn is_wanted(name: &str, expected: &Expected) -> bool {
    expected.only.is_empty() || expected.only.iter().any(|wanted| wanted == name)
}

fn asset_rows(facts: &Facts, expected: &Expected, coverage: &Coverage) -> Vec<AssetRow> {
    let wanted = facts.folder.assets.iter().filter(|asset| is_wanted(&asset.name, expected));
    let row = |asset: &crate::gather::Asset| AssetRow {
        name: asset.name.clone(),
        size: asset.size,
        sha256: asset.sha256.clone(),
        listed: sums::lists(&facts.sums, asset),
        attested_by: coverage.of_asset(asset).to_vec(),
    };
    wanted.map(row).collect()
}

fn bundle_row(judged: &attestation::Judged<'_>) -> BundleRow {
    let genuine = judged.examined.seal.as_ref().ok();
    let statement = genuine.and_then(|genuine| match &genuine.content {
        Content::Statement(statement) => Some(statement),
        Content::File(_) => None,
    });
    BundleRow {
        file: judged.examined.file.clone(),
        number: judged.examined.number,
        status: judged.status(),
        predicate_type: statement.map(|statement| statement.predicate_type.clone()),
        subjects: statement.map_or(usize::from(genuine.is_some()), |statement| statement.subjects.len()),
        signed_at: genuine.map(|genuine| genuine.signed_at.clone()).unwrap_or_default(),
        log_index: genuine.and_then(|genuine| genuine.log_index),
        claims: genuine.map(|genuine| genuine.claims.clone()),
    }
}

#[cfg(test)]
mod tests;
