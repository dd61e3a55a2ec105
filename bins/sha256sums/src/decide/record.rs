//! A release record against a list.
#![deny(clippy::disallowed_methods)]
use std::collections::HashMap;

use formats::sums::{Digest, path};

use super::{Facts, Finding, Outcome, State, of_file};
use crate::release::Asset;
use formats::sums::names::is_beside;

/// What differs between the record and the list; of a download only the required names are compared.
pub(super) fn findings(facts: &Facts, assets: &[Asset]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut known: HashMap<&[u8], &Asset> = HashMap::new();
    for asset in assets {
        if known.insert(asset.name.as_bytes(), asset).is_some() {
            let name = asset.name.as_bytes();
            found.push(of_file(Outcome::Nonsense, name, "the release record has it twice", "save the record again"));
        }
    }
    let asked = |state: &State| facts.required.is_empty() || *state != State::Skipped;
    let mut listed: HashMap<Vec<u8>, ()> = HashMap::new();
    for (entry, state) in facts.list.entries.iter().zip(&facts.states) {
        let name = path(&entry.name);
        if asked(state) {
            found.extend(differs(known.get(name.as_slice()).copied(), &entry.digest, &entry.name));
        }
        listed.insert(name, ());
    }
    if let Some((name, digest)) = &facts.itself
        && let Some(asset) = known.get(name.as_slice())
    {
        found.extend(differs(Some(asset), digest, name));
    }
    let unknown = |asset: &&Asset| !is_beside(asset.name.as_bytes()) && !listed.contains_key(asset.name.as_bytes());
    if facts.required.is_empty() {
        let itself = facts.itself.as_ref().map(|(name, _)| name.as_slice());
        let extra = assets.iter().filter(unknown).filter(|asset| Some(asset.name.as_bytes()) != itself);
        found.extend(extra.map(|asset| {
            let hint = "make the list again, or remove the asset";
            of_file(Outcome::No, asset.name.as_bytes(), "the release has it, and the list does not", hint)
        }));
    }
    found
}

/// What is wrong with the asset of a name.
fn differs(asset: Option<&Asset>, digest: &Digest, name: &[u8]) -> Option<Finding> {
    let (outcome, message, hint) = match asset {
        None => (Outcome::No, "the release has no such asset", "upload it; GitHub changes some letters of names"),
        Some(asset) if !asset.uploaded => {
            (Outcome::Nonsense, "its upload to the release was not finished", "upload it again, and save the record")
        }
        Some(Asset { digest: None, .. }) => (
            Outcome::Nonsense,
            "the release record has no SHA-256 digest of it",
            "upload it again, and save the record",
        ),
        Some(asset) if asset.digest != Some(*digest) => {
            (Outcome::No, "the release has another digest for it", "upload it again, or make the list again")
        }
        Some(_) => return None,
    };
    Some(of_file(outcome, name, message, hint))
}
