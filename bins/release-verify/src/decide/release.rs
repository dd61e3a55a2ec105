//! GitHub's record of the release knows these files, by these digests.
use std::collections::BTreeMap;

use super::{Seen, counted, is_wanted};
use crate::gather::{Asset, Facts, Release, is_bundle};
use crate::record::Finding;
use crate::settings::Expected;

pub(crate) fn seen(facts: &Facts, expected: &Expected) -> Seen {
    let Some(release) = &facts.release else { return Seen::skipped("no record of the release was given to compare") };
    let mut findings = Vec::new();
    if release.tag_name != expected.tag {
        let message = format!("the record is of the release '{}', not of '{}'", release.tag_name, expected.tag);
        findings.push(Finding::fail("release-differs", message).hint("get the record of this tag's release"));
    }
    let folder = facts.folder.assets.iter().chain(&facts.folder.companions);
    let mut there: BTreeMap<&str, &Asset> = folder.map(|asset| (asset.name.as_str(), asset)).collect();
    for uploaded in &release.assets {
        match there.remove(uploaded.name.as_str()) {
            Some(asset) => findings.extend(compared(uploaded, asset)),
            None if !is_wanted(&uploaded.name, expected) => {}
            None => {
                let message = "the release has this file, and the folder does not";
                let hint = "download it, or say which assets are to be looked at (assets)";
                findings.push(Finding::fail("not-downloaded", message).file(&uploaded.name).hint(hint));
            }
        }
    }
    // Bundles are kept beside releases as often as in them, and vouch for themselves.
    for name in there.into_keys().filter(|name| is_wanted(name, expected) && !is_bundle(name)) {
        let message = "the folder has this file, and the release does not";
        let hint = "upload it, or take it out of the folder";
        findings.push(Finding::fail("not-in-release", message).file(name).hint(hint));
    }
    Seen::of(message(release), findings)
}

fn message(release: &Release) -> String {
    let kind = if release.draft { "draft" } else { "release" };
    format!("GitHub's {kind} has {} with these digests", counted(release.assets.len(), "file"))
}

fn compared(uploaded: &crate::gather::release::Uploaded, asset: &Asset) -> Option<Finding> {
    let again = "upload it again, and find out who changed it";
    if uploaded.state != "uploaded" {
        let message = format!("its upload to the release was broken off: its state is '{}'", uploaded.state);
        return Some(Finding::fail("upload-broken", message).file(&asset.name).hint(again));
    }
    if uploaded.size != asset.size {
        let message = format!("it has {} bytes in the release, and {} here", uploaded.size, asset.size);
        return Some(Finding::fail("size-differs", message).file(&asset.name).hint(again));
    }
    match uploaded.digest.as_deref().map(|digest| (digest, digest.strip_prefix("sha256:"))) {
        Some((_, Some(digest))) if digest.eq_ignore_ascii_case(&asset.sha256) => None,
        Some((_, Some(digest))) => {
            let message = format!("its SHA-256 is {digest} in the release, and {} here", asset.sha256);
            Some(Finding::fail("digest-differs", message).file(&asset.name).hint(again))
        }
        Some((digest, None)) => {
            let message = format!("the release has the digest '{digest}', which is no SHA-256");
            Some(Finding::unknown("digest-unknown", message).file(&asset.name))
        }
        None => {
            let hint =
                "GitHub has digests of what was uploaded since June 2025: upload it again, or leave release-json out";
            Some(Finding::unknown("digest-unknown", "the release has no digest of it").file(&asset.name).hint(hint))
        }
    }
}
