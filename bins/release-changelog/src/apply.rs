//! The release on GitHub: the seam between the notes and what is made of them.
use action::Failure;

use crate::inputs::ReleaseMode;

/// What a release needs beside its notes.
pub(crate) struct Publishing {
    /// Whether there is to be one.
    pub(crate) mode: ReleaseMode,
    /// Globs of its files.
    pub(crate) assets: Vec<String>,
    /// How to reach the API; `None` without a token.
    pub(crate) api: Option<github::Settings>,
    /// `owner/name`.
    pub(crate) repository: Option<String>,
}

/// The notes, ready for a release.
pub(crate) struct Notes {
    /// Tag with its prefix, as it is in the repository.
    pub(crate) tag: String,
    /// The full id of the commit that it names.
    pub(crate) commit: String,
    /// Title of the release.
    pub(crate) title: String,
    /// What fits into a release: at most 125,000 bytes.
    pub(crate) body: String,
    /// The whole text, where the body is shorter; it becomes an asset.
    pub(crate) full: Option<String>,
    /// Whether it is a pre-release.
    pub(crate) prerelease: bool,
}

/// What became of a release.
pub(crate) struct Released {
    /// Its address on the website.
    pub(crate) url: String,
}

/// Makes the release.
///
/// # Errors
/// Always, until the state machine stands behind it: a release that was asked for is never silently left out.
pub(crate) fn release(publishing: &Publishing, notes: &Notes) -> Result<Released, Failure> {
    let Publishing { mode, assets, api, repository } = publishing;
    let cause = format!(
        "{mode:?} with {} assets in {} by {}: this build makes no releases",
        assets.len(),
        repository.as_deref().unwrap_or("no repository"),
        if api.is_some() { "the API" } else { "no token" },
    );
    Err(Failure::inputs(format!("release {}", notes.tag), cause).hint("leave the input `release` out"))
}
