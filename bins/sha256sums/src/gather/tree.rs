//! The files of a folder and of the folders in it; links are followed to files within it only.
use std::fs::FileType;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use action::{Failure, OrFail as _};

use super::{below, shown};

/// More files than this are no release.
const MOST: usize = 2_000_000;

/// One thing of a folder that is no folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Path below the folder, with `/`.
    pub(crate) name: Vec<u8>,
    /// Why it cannot be part of a release.
    pub(crate) refused: Option<Refusal>,
}

/// Why something cannot be part of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A link that leads out of the folder.
    Outside,
    /// A link that leads to nothing.
    Nothing,
    /// A link to a folder.
    Folder,
    /// A named pipe, a socket, a device, or a link to one.
    NoFile,
}

impl Refusal {
    /// In words, behind the name.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Outside => "it is a link out of the folder",
            Self::Nothing => "it is a link to nothing",
            Self::Folder => "it is a link to a folder",
            Self::NoFile => "it is no regular file",
        }
    }
}

impl Item {
    /// The name without its folders.
    pub(crate) fn base(&self) -> &[u8] {
        base(&self.name)
    }
}

/// The last part of a path.
pub(crate) fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}

/// Everything below a folder that is no folder, sorted by name.
pub(crate) fn items(folder: &Path) -> Result<Vec<Item>, Failure> {
    let root = folder.canonicalize().or_bad_input(|| format!("find the folder {}", shown(folder)))?;
    let mut items = Vec::new();
    let mut folders = vec![Vec::new()];
    while let Some(prefix) = folders.pop() {
        let at = if prefix.is_empty() { folder.to_path_buf() } else { below(folder, &prefix) };
        let doing = || format!("list the folder {}", shown(&at));
        for entry in std::fs::read_dir(&at).or_fail(doing)? {
            let entry = entry.or_fail(doing)?;
            let mut name = prefix.clone();
            if !name.is_empty() {
                name.push(b'/');
            }
            name.extend_from_slice(entry.file_name().as_bytes());
            let kind = entry.file_type().or_fail(doing)?;
            match kind.is_dir() {
                true => folders.push(name),
                false => items.push(Item { refused: refused(&below(folder, &name), kind, &root), name }),
            }
        }
        if items.len() > MOST {
            return Err(Failure::inputs(doing(), format!("there are more than {MOST} files")));
        }
    }
    items.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(items)
}

fn refused(path: &Path, kind: FileType, root: &Path) -> Option<Refusal> {
    match () {
        () if kind.is_symlink() => link(path, root),
        () if !kind.is_file() => Some(Refusal::NoFile),
        () => None,
    }
}

/// Why a link is none to a file within the folder.
fn link(path: &Path, root: &Path) -> Option<Refusal> {
    let Ok(target) = path.canonicalize() else { return Some(Refusal::Nothing) };
    match target.metadata() {
        _ if !target.starts_with(root) => Some(Refusal::Outside),
        Ok(meta) if meta.is_file() => None,
        Ok(meta) if meta.is_dir() => Some(Refusal::Folder),
        _ => Some(Refusal::NoFile),
    }
}

/// Whether what a name leads to stays within the folder whose canonical path is `root`.
///
/// # Errors
/// The system's, when the way cannot be followed.
pub(crate) fn stays_within(path: &Path, root: &Path) -> io::Result<bool> {
    Ok(path.canonicalize()?.starts_with(root))
}

/// The canonical path of a folder.
pub(crate) fn root(folder: &Path) -> Result<PathBuf, Failure> {
    folder.canonicalize().or_fail(|| format!("find the folder {}", shown(folder)))
}
