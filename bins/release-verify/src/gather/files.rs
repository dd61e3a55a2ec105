//! The folder of a release: which files are assets, which are beside them, and the digests of all.
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use action::{Failure, OrFail as _};
use formats::sums::{self, Dialect};
use sha2::{Digest as _, Sha256, Sha512};

use super::{Sums, bounded, shown};
use crate::seal::hex;

/// More files than GitHub takes for a release (1,000).
const MOST_FILES: usize = 10_000;
/// A list of that many names.
const LARGEST_SUMS: u64 = 64 << 20;

/// The files of a release, by name.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// What the release is about.
    pub assets: Vec<Asset>,
    /// Lists of checksums, signatures and bundles: they tell of the assets.
    pub companions: Vec<Asset>,
    /// What is no file: folders, links, devices.
    pub odd: Vec<String>,
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asset {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hex.
    pub sha256: String,
    /// Its SHA-512 in hex, when a statement has such digests.
    pub sha512: Option<String>,
}

/// What is in the folder, before anything is read.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) files: Vec<String>,
    odd: Vec<String>,
}

/// Lists the folder.
pub(crate) fn list(dir: &Path) -> Result<Listing, Failure> {
    let doing = || format!("list the folder {}", shown(dir));
    let mut listing = Listing::default();
    for entry in fs::read_dir(dir).or_fail(doing)? {
        let entry = entry.or_fail(doing)?;
        let kind = entry.file_type().or_fail(doing)?;
        let name = entry.file_name();
        match name.to_str() {
            Some(name) if kind.is_file() => listing.files.push(name.to_owned()),
            _ => listing.odd.push(action::neutral(name.as_encoded_bytes())),
        }
    }
    if listing.files.len() > MOST_FILES {
        let cause = format!("it has {} files, and a release has {MOST_FILES} at most", listing.files.len());
        return Err(Failure::inputs(doing(), cause));
    }
    listing.files.sort_unstable();
    listing.odd.sort_unstable();
    Ok(listing)
}

/// Whether a file tells of the others, by its name.
pub(crate) fn is_companion(name: &str) -> bool {
    let ends = [".sig", ".asc", ".intoto.jsonl"];
    is_sums(name) || is_bundle(name) || ends.iter().any(|end| name.ends_with(end))
}

/// Whether a file holds bundles, by its name.
pub(crate) fn is_bundle(name: &str) -> bool {
    [".sigstore", ".sigstore.json", ".sigstore.jsonl", ".intoto.jsonl"].iter().any(|end| name.ends_with(end))
}

/// Whether a file is a list of checksums, by its name: those of other projects too, and with no ending that hides a program.
pub(crate) fn is_sums(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.strip_suffix(".txt").unwrap_or(&name);
    let known = ["sha256sums", "sha512sums", "sha1sums", "md5sums", "b2sums", "checksums"];
    known.contains(&stem) || stem.ends_with("_checksums") || stem.ends_with("-checksums")
}

/// The list of checksums: the given one, or the only one of the folder that can be read.
pub(crate) fn sums(given: Option<&Path>, (dir, listing): (&Path, &Listing)) -> Result<Sums, Failure> {
    let path = match given {
        Some(path) => path.to_owned(),
        None => {
            let other =
                |name: &str| ["sha512", "sha1", "md5", "b2"].iter().any(|algorithm| name.starts_with(algorithm));
            let lists = listing.files.iter().filter(|name| is_sums(name) && !other(&name.to_ascii_lowercase()));
            match lists.collect::<Vec<_>>().as_slice() {
                [] => return Ok(Sums::Missing),
                [one] => dir.join(one),
                several => return Ok(Sums::Several(several.iter().map(ToString::to_string).collect())),
            }
        }
    };
    let bytes = bounded(&path, LARGEST_SUMS, "the list of checksums")?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let list = sums::read(&bytes, Dialect::Strict);
    // A file whose name is no UTF-8 is none that is looked at, so such a line never fits one.
    let text = |name: &[u8]| {
        String::from_utf8(sums::path(name)).unwrap_or_else(|error| action::neutral(error.as_bytes()) + " (no UTF-8)")
    };
    let files = list.entries.iter().map(|entry| (text(&entry.name), hex(&entry.digest))).collect();
    Ok(Sums::Read { name, sha256: sha256(&bytes), files, problems: list.problems })
}

/// Reads every file. Files that are given as evidence are no assets, whatever their names.
pub(crate) fn digests((dir, listing): (&Path, Listing), aside: &[&Path]) -> Result<Folder, Failure> {
    let same = |path: &Path| path.canonicalize().ok();
    let aside: Vec<_> = aside.iter().filter_map(|path| same(path)).collect();
    let mut folder = Folder { odd: listing.odd, ..Folder::default() };
    for name in listing.files {
        let path = dir.join(&name);
        let (size, sha256) = digest(&path, Sha256::new())?;
        let beside = is_companion(&name) || same(&path).is_some_and(|path| aside.contains(&path));
        let asset = Asset { name, size, sha256, sha512: None };
        if beside { &mut folder.companions } else { &mut folder.assets }.push(asset);
    }
    Ok(folder)
}

/// Reads every asset again, for a statement that has such digests: npm's do, hardly any other.
pub(crate) fn sha512(dir: &Path, folder: &mut Folder) -> Result<(), Failure> {
    for asset in folder.assets.iter_mut().chain(&mut folder.companions) {
        let (size, sha512) = digest(&dir.join(&asset.name), Sha512::new())?;
        // What was changed in between is none of what was attested.
        asset.sha512 = (size == asset.size).then_some(sha512);
    }
    Ok(())
}

fn digest(path: &Path, mut state: impl sha2::Digest) -> Result<(u64, String), Failure> {
    let doing = || format!("read the file {}", shown(path));
    let mut file = File::open(path).or_fail(doing)?;
    let mut buffer = vec![0; 256 << 10];
    let mut size = 0;
    loop {
        let length = file.read(&mut buffer).or_fail(doing)?;
        if length == 0 {
            return Ok((size, hex(&state.finalize())));
        }
        size += length as u64;
        state.update(&buffer[..length]);
    }
}

/// The SHA-256 of bytes, in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tell_of_the_others_and_names_that_only_look_so() {
        for name in ["SHA256SUMS", "SHA256SUMS.txt", "tool_1.0_checksums.txt", "checksums.txt", "a.sig", "a.asc"] {
            assert!(is_companion(name), "{name}");
        }
        for name in ["a.sigstore", "a.sigstore.json", "a.sigstore.jsonl", "a.intoto.jsonl"] {
            assert!(is_companion(name) && is_bundle(name), "{name}");
        }
        for name in ["a.sigstore.exe", "sums", "checksums.sh", "SHA256SUMS.exe", "a.sig.exe", "my.intoto.jsonl.zip"] {
            assert!(!is_companion(name), "{name}");
        }
    }
}
