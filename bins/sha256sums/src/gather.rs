//! What there is: the list, the folder, the digests of its files.
pub(crate) mod resolve;
pub(crate) mod tree;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use action::{Failure, OrFail as _, Report, neutral};
use formats::sums::{self, Dialect, Digest, List, read};

use crate::engine::{self, Care, Event, Source};
use crate::report::printer::Printer;

/// The largest list and the largest release record that are read, in bytes: ten million short lines.
const LARGEST: u64 = 1 << 30;

/// A path for messages.
pub(crate) fn shown(path: &Path) -> String {
    neutral(path.as_os_str().as_bytes())
}

/// A list that was found.
pub(crate) struct Found {
    /// As it was given or found.
    pub(crate) path: PathBuf,
    /// The folder that its names are in.
    pub(crate) folder: PathBuf,
    /// Digest of the list itself.
    pub(crate) digest: Digest,
    pub(crate) list: List,
}

/// Finds and reads the list: a file, or the only one of a folder.
pub(crate) fn list(path: Option<&Path>) -> Result<Found, Failure> {
    let given = path.unwrap_or(Path::new("."));
    let meta = given.metadata().or_bad_input(|| format!("find the list {}", shown(given)))?;
    let path = if meta.is_dir() { only_list(given)? } else { given.to_path_buf() };
    let bytes = bytes(&path, "the list")?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    };
    Ok(Found { folder, digest: engine::digest_of(&bytes), list: read(&bytes, Dialect::Strict), path })
}

fn only_list(folder: &Path) -> Result<PathBuf, Failure> {
    let doing = || format!("find a checksum list in {}", shown(folder));
    let entries = std::fs::read_dir(folder).or_fail(doing)?;
    let names: io::Result<Vec<_>> = entries.map(|entry| entry.map(|entry| entry.file_name())).collect();
    let mut lists: Vec<_> =
        names.or_fail(doing)?.into_iter().filter(|name| sums::names::is_list(name.as_bytes())).collect();
    lists.sort();
    let hint = "name the list, such as SHA256SUMS.txt";
    match lists.as_slice() {
        [one] if folder == Path::new(".") => Ok(PathBuf::from(one)),
        [one] => Ok(folder.join(one)),
        [] => Err(Failure::inputs(doing(), "there is none").hint(hint)),
        several => {
            let all: Vec<String> = several.iter().map(|name| neutral(name.as_bytes())).collect();
            Err(Failure::inputs(doing(), format!("there are several: {}", all.join(", "))).hint(hint))
        }
    }
}

/// The whole of a file.
///
/// # Errors
/// It cannot be read (exit 3), is not there or is too large (exit 2).
pub(crate) fn bytes(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let doing = || format!("read {what} {}", shown(path));
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error).or_bad_input(doing),
        other => other.or_fail(doing)?,
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).or_fail(doing)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::inputs(doing(), format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    Ok(bytes)
}

/// The digests of files, in their order, with progress for those who wait.
pub(crate) fn digests(paths: &[PathBuf], report: &mut Report) -> Vec<io::Result<Digest>> {
    let sources: Vec<Source<'_>> = paths.iter().map(|path| Source::File(path)).collect();
    let mut printer = Printer::new(report);
    let mut digests = Vec::with_capacity(paths.len());
    engine::hash(&sources, Care::Regular, |event| {
        match event {
            Event::Done(_, result) => digests.push(result),
            Event::Working(elapsed, bytes) => printer.working(elapsed, bytes),
            Event::Idle => {}
        }
        true
    });
    digests
}

/// The bytes of a file's name below a folder as a path.
pub(crate) fn below(folder: &Path, name: &[u8]) -> PathBuf {
    let name = Path::new(OsStr::from_bytes(name));
    if folder == Path::new(".") { name.to_path_buf() } else { folder.join(name) }
}
