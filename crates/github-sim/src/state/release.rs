//! Tags, releases and their files, as the simulated GitHub keeps them.
use serde::{Deserialize, Serialize};

use super::{Repository, State};

/// One tag of a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tag {
    /// Without `refs/tags/`.
    pub name: String,
    /// What it points at in the end.
    pub commit: String,
    /// The id of the tag object, of an annotated tag.
    pub object: Option<String>,
}

/// One release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Release {
    /// Its number, unique on the server among releases and assets; new ones get the next that is free.
    pub id: u64,
    /// The tag; a draft's need not exist.
    pub tag_name: String,
    /// Where publishing makes the tag if it does not exist: a commit, or anything else for the repository's head.
    pub target_commitish: String,
    /// The title.
    pub name: Option<String>,
    /// Its Markdown.
    pub body: Option<String>,
    /// Seen only by those who may write.
    pub draft: bool,
    /// Not for production.
    pub prerelease: bool,
    /// Tag and assets no longer change.
    pub immutable: bool,
    /// The login of who made it; empty is `github-actions[bot]`.
    pub author: String,
    /// Its files, oldest first.
    pub assets: Vec<Asset>,
}

/// One file of a release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asset {
    /// Its number, unique on the server among releases and assets.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// `uploaded`, `open`, or `starter`, which GitHub has and its description lacks.
    pub state: String,
    /// As sent with it.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// `sha256:…`; none on servers that compute none.
    pub digest: Option<String>,
    /// The login of who sent it; empty is `github-actions[bot]`.
    pub uploader: String,
}

impl State {
    /// The number of the next release or asset.
    pub(crate) fn next_release(&self) -> u64 {
        let releases = || self.repositories.iter().flat_map(|r| &r.releases);
        let assets = releases().flat_map(|r| &r.assets).map(|asset| asset.id);
        let deleted = self.repositories.iter().map(|repository| repository.last_deleted);
        releases().map(|release| release.id).chain(assets).chain(deleted).max().unwrap_or(0) + 1
    }
}

impl Repository {
    pub(crate) fn tag(&self, name: &str) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.name == name)
    }

    /// Moves a tag, makes it, or deletes it.
    pub(crate) fn set_tag(&mut self, name: &str, commit: Option<&str>) {
        self.tags.retain(|tag| tag.name != name);
        self.tags.extend(commit.map(|commit| Tag { name: name.to_owned(), commit: commit.to_owned(), object: None }));
    }
}
