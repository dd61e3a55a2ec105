//! The files are those of the list: all and only they, with their digests.
use std::collections::BTreeMap;

use super::{Seen, counted, is_wanted};
use crate::gather::{Asset, Facts, Sums};
use crate::record::Finding;
use crate::settings::Expected;

const AGAIN: &str = "download it again; if it stays so, do not use this release";

pub(crate) fn seen(facts: &Facts, expected: &Expected) -> Seen {
    let mut findings: Vec<Finding> = facts.folder.odd.iter().map(|name| odd(name)).collect();
    let wanted: Vec<&Asset> = facts.folder.assets.iter().filter(|asset| is_wanted(&asset.name, expected)).collect();
    for name in expected.only.iter().filter(|name| !wanted.iter().any(|asset| asset.name == **name)) {
        let message = "it is to be looked at, and it is not in the folder";
        findings.push(Finding::fail("missing", message).file(name).hint("download it, or leave it out of assets"));
    }
    if wanted.is_empty() && findings.is_empty() {
        let hint = "download the release's files into the folder, or name the right folder (dir)";
        findings.push(Finding::unknown("no-assets", "there is no file to look at").hint(hint));
    }
    let Sums::Read { name, files, problems, .. } = &facts.sums else {
        // Each of these may be done without, but not all of them: then nothing says what the files should be.
        if findings.is_empty() && facts.bundles.is_empty() && facts.release.is_none() {
            let message = "no list, no attestation and no record of the release says what the files should be";
            let hint = "give one of them (sums, bundles, release-json), or ask GitHub (online)";
            findings.push(Finding::unknown("no-evidence", message).hint(hint));
        }
        return match findings.is_empty() {
            true => Seen::skipped(format!("{}, and no list to compare with", counted(wanted.len(), "file"))),
            false => Seen::of("", findings),
        };
    };
    findings.extend(compared(facts, expected, files));
    // With lines that cannot be read, what is not listed may be in one of them; and an empty list is none.
    if problems.is_empty() && !files.is_empty() {
        let unlisted = wanted.iter().filter(|asset| !files.contains_key(&asset.name));
        findings.extend(unlisted.map(|asset| {
            let hint = "add it to the list, or take it out of the release";
            Finding::fail("unlisted", format!("{name} does not list it")).file(&asset.name).hint(hint)
        }));
    }
    Seen::of(format!("{} with the digests of {name}", counted(wanted.len(), "file")), findings)
}

/// What is listed, against what is there.
fn compared(facts: &Facts, expected: &Expected, files: &BTreeMap<String, String>) -> Vec<Finding> {
    let folder = facts.folder.assets.iter().chain(&facts.folder.companions);
    let there: BTreeMap<&str, &Asset> = folder.map(|asset| (asset.name.as_str(), asset)).collect();
    let finding = |(name, digest): (&String, &String)| match there.get(name.as_str()) {
        Some(asset) if asset.sha256 == *digest => None,
        Some(asset) => {
            let message = format!("its SHA-256 is {}, and {digest} is listed", asset.sha256);
            Some(Finding::fail("digest-differs", message).file(name).hint(AGAIN))
        }
        None if !is_wanted(name, expected) => None,
        None => {
            let hint = "download it, or say which assets are to be looked at (assets)";
            Some(Finding::fail("missing", "it is listed, and it is not in the folder").file(name).hint(hint))
        }
    };
    files.iter().filter_map(finding).collect()
}

fn odd(name: &str) -> Finding {
    let hint = "put the release's files alone into the folder, as files";
    Finding::unknown("no-file", "it is in the folder, and it is no file").file(name).hint(hint)
}
