//! The release as GitHub's API gives it.
use std::path::Path;

use action::{Failure, OrFail as _};
use serde::Deserialize;

use super::{bounded, shown};

/// A release with 1,000 files has about 2 MB.
const LARGEST: u64 = 16 << 20;

/// What is compared of it; <https://docs.github.com/rest/releases/releases>.
#[derive(Clone, Debug, Deserialize)]
pub struct Release {
    /// Its tag.
    pub tag_name: String,
    /// Its notes.
    pub body: Option<String>,
    /// Whether it is not published yet.
    #[serde(default)]
    pub draft: bool,
    /// Its files.
    pub assets: Vec<Uploaded>,
}

/// One file of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Uploaded {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// `uploaded`, or `open` when the upload was broken off.
    pub state: String,
    /// `sha256:` and its digest in hex; older releases have none.
    pub digest: Option<String>,
}

/// Reads it.
pub(crate) fn read(path: &Path) -> Result<Release, Failure> {
    let bytes = bounded(path, LARGEST, "the record of the release")?;
    let doing = || format!("read the record of the release {}", shown(path));
    serde_json::from_slice(&bytes)
        .or_bad_input(doing)
        .map_err(|failure| failure.hint("save it with `gh api repos/<owner>/<name>/releases/tags/<tag>`"))
}
