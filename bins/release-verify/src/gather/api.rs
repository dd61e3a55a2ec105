//! What is not given as files, from GitHub's API: the tag's commit, the release's record, and the bundles of each file.
use action::{Failure, Kind, neutral};
use github::{AssetState, Client, Repo};

use super::files::Folder;
use super::release::{Release, Uploaded};

/// Files that are asked about; without a token GitHub answers 60 calls an hour.
const MOST_FILES: usize = 200;

/// Where to ask.
pub(crate) struct Api {
    pub(crate) settings: github::Settings,
    pub(crate) repo: Repo,
}

/// Whom to ask about the repository of this address.
pub(crate) fn at(repository: &str, settings: github::Settings) -> Result<Api, Failure> {
    let name = repository.splitn(4, '/').nth(3).unwrap_or_default();
    Ok(Api { settings, repo: Repo::parse(name).map_err(|error| failure(&error))? })
}

/// The record of a tag's release; a draft, which only a token with `contents: write` sees, is found in the list.
pub(crate) fn release(api: &Api, tag: &str) -> Result<Release, Failure> {
    let client = Client::new(&api.settings).map_err(|error| failure(&error))?;
    let mut found = client.release_by_tag(&api.repo, tag).map_err(|error| failure(&error))?;
    let mut several = false;
    if found.is_none() && api.settings.token.is_some() {
        let of_tag = |release: github::Release| {
            if release.tag_name == tag {
                several |= found.is_some();
                found = Some(release);
            }
        };
        client.each_release(&api.repo, of_tag).map_err(|error| failure(&error))?;
    }
    let doing = || format!("look up the release of {}", neutral(tag));
    if several {
        return Err(Failure::inputs(doing(), "there are several drafts of it").hint("delete all but one"));
    }
    let hint = "publish it, or give a token that may see drafts (contents: write)";
    found.map(record).ok_or_else(|| Failure::inputs(doing(), "GitHub shows no such release").hint(hint))
}

/// The commit that a tag of the repository names; an annotated tag is followed to it.
pub(crate) fn tagged(api: &Api, tag: &str) -> Result<Option<String>, Failure> {
    let client = Client::new(&api.settings).map_err(|error| failure(&error))?;
    client.tag_commit(&api.repo, tag).map_err(|error| failure(&error))
}

fn record(release: github::Release) -> Release {
    let uploaded = |asset: github::Asset| Uploaded {
        name: asset.name,
        size: asset.size,
        state: match asset.state {
            AssetState::Uploaded => "uploaded".to_owned(),
            AssetState::Starter => "starter".to_owned(),
            AssetState::Other(word) => word,
        },
        digest: asset.digest,
    };
    Release {
        tag_name: release.tag_name,
        body: release.body,
        draft: release.draft,
        assets: release.assets.into_iter().map(uploaded).collect(),
    }
}

/// The bundles that the repository has for the files, each once: its file's name, which of it, and the bundle.
pub(crate) fn bundles(api: &Api, folder: &Folder) -> Result<Vec<(String, usize, String)>, Failure> {
    let lists = folder.companions.iter().filter(|file| super::files::is_sums(&file.name));
    let files: Vec<_> = folder.assets.iter().chain(lists).collect();
    if files.len() > MOST_FILES {
        let cause = format!("there are {} files, and {MOST_FILES} are asked about at most", files.len());
        return Err(Failure::inputs("ask for attestations", cause).hint("give the bundles as files (bundles)"));
    }
    let client = Client::new(&api.settings).map_err(|error| failure(&error))?;
    let mut bundles: Vec<(String, usize, String)> = Vec::new();
    for file in files {
        let found = client.attestations(&api.repo, &file.sha256).map_err(|error| failure(&error))?;
        for (at, bundle) in found.into_iter().enumerate() {
            // One of several files is given for each of them.
            if !bundles.iter().any(|(_, _, known)| *known == bundle) {
                bundles.push((format!("attestations of {}", file.name), at + 1, bundle));
            }
        }
    }
    Ok(bundles)
}

/// Whose turn it is after a failed call.
fn failure(error: &github::Error) -> Failure {
    let kind = if error.is_of_inputs() { Kind::Inputs } else { Kind::Outside };
    Failure::told(kind, error).hints(error.hint())
}
