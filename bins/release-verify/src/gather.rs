//! What there is: files and their digests, the list, bundles by the trusted roots, the tag's commit, the record, the notes.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use action::{Failure, OrFail as _};
use formats::sums;
use jiff::Timestamp;

use crate::record::RootRow;
use crate::seal::{Content, Genuine, Refused, Root};
use crate::settings::Settings;

pub(crate) mod api;
pub mod bundles;
mod files;
pub(crate) mod release;
pub mod roots;
mod tag;

use api::Api;
pub(crate) use files::is_bundle;
pub use files::{Asset, Folder};
pub use release::Release;
pub use tag::Tagged;

/// All that is known; `decide` draws the consequences.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The files of the release.
    pub folder: Folder,
    /// The list of checksums.
    pub sums: Sums,
    /// The bundles.
    pub bundles: Vec<Examined>,
    /// What the tag names.
    pub tagged: Tagged,
    /// GitHub's record of the release, where it is given.
    pub release: Option<Release>,
    /// The release notes, where they are given.
    pub notes: Option<Notes>,
    /// What was verified with.
    pub roots: Vec<RootRow>,
}

/// The list of checksums.
#[derive(Clone, Debug)]
pub enum Sums {
    /// There is none.
    Missing,
    /// There are several, and none of them was chosen.
    Several(Vec<String>),
    /// This one.
    Read {
        /// Its name.
        name: String,
        /// Its SHA-256 in hex: an attestation may be of it.
        sha256: String,
        /// What it says: files by name, with their SHA-256 in hex.
        files: BTreeMap<String, String>,
        /// Lines that are none of a list.
        problems: Vec<sums::Problem>,
    },
}

/// A bundle, and what came of it.
#[derive(Clone, Debug)]
pub struct Examined {
    /// The file that it is in.
    pub file: String,
    /// Which of the file's bundles it is, counted from 1.
    pub number: usize,
    /// Whether it was asked for: of these one that fits is enough, since everybody who may write has theirs kept there.
    pub asked: bool,
    /// Genuine, or why not.
    pub seal: Result<Genuine, Refused>,
}

/// The release notes.
#[derive(Clone, Debug)]
pub struct Notes {
    /// The file.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

/// Reads all of it.
pub(crate) fn facts(settings: &Settings) -> Result<Facts, Failure> {
    let sources = &settings.sources;
    let (roots, rows) = roots::read(&sources.roots, settings.now)?;
    let listed = files::list(&sources.dir)?;
    let bundles = bundles::examine(&sources.bundles, (&sources.dir, &listed), &roots)?;
    let aside = [sources.sums.as_deref(), sources.release.as_deref()].into_iter().flatten();
    let aside: Vec<&Path> = aside.chain(sources.bundles.iter().map(PathBuf::as_path)).collect();
    let mut facts = Facts {
        sums: files::sums(sources.sums.as_deref(), (&sources.dir, &listed))?,
        folder: files::digests((&sources.dir, listed), &aside)?,
        bundles,
        tagged: tag::look_up(&sources.clone, &settings.expected.tag)?,
        release: sources.release.as_deref().map(release::read).transpose()?,
        notes: sources.notes.as_deref().map(notes).transpose()?,
        roots: rows,
    };
    if let Some(api) = &sources.api {
        ask(&mut facts, (api, &settings.expected.tag), &roots)?;
    }
    if facts.bundles.iter().any(has_sha512) {
        files::sha512(&sources.dir, &mut facts.folder)?;
    }
    Ok(facts)
}

/// Asks for what is not there.
fn ask(facts: &mut Facts, (api, tag): (&Api, &str), roots: &[Root]) -> Result<(), Failure> {
    if facts.bundles.is_empty() {
        facts.bundles = bundles::asked(api::bundles(api, &facts.folder)?, roots);
    }
    if facts.release.is_none() {
        facts.release = Some(api::release(api, tag)?);
    }
    if !matches!(facts.tagged, Tagged::Commit(_))
        && let Some(commit) = api::tagged(api, tag)?
    {
        facts.tagged = Tagged::Commit(commit);
    }
    Ok(())
}

fn has_sha512(bundle: &Examined) -> bool {
    match bundle.seal.as_ref().map(|genuine| &genuine.content) {
        Ok(Content::Statement(statement)) => statement.subjects.iter().any(|subject| subject.sha512.is_some()),
        _ => false,
    }
}

fn notes(path: &Path) -> Result<Notes, Failure> {
    let bytes = bounded(path, 1 << 20, "the release notes")?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sha256 = files::sha256(&bytes);
    let text = String::from_utf8(bytes).or_bad_input(|| format!("read the release notes {}", shown(path)))?;
    Ok(Notes { name, text, sha256 })
}

/// Reads a file that has a sensible size.
pub(crate) fn bounded(path: &Path, most: u64, what: &str) -> Result<Vec<u8>, Failure> {
    let doing = || format!("read {what} {}", shown(path));
    let mut bytes = Vec::new();
    let file = File::open(path).or_fail(doing)?;
    file.take(most + 1).read_to_end(&mut bytes).or_fail(doing)?;
    match bytes.len() as u64 > most {
        true => Err(Failure::inputs(doing(), format!("it is longer than {most} bytes"))),
        false => Ok(bytes),
    }
}

/// A path in a message.
pub(crate) fn shown(path: &Path) -> String {
    action::neutral(path.as_os_str().as_encoded_bytes())
}

/// Days from one time to another, whole ones.
pub(crate) fn days(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second()).div_euclid(86_400)
}
