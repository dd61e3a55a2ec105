//! Whether the work tree is what the index says, without running anything and without reading more than it takes.
//!
//! Yes is said only where git would say so whatever its configuration is: a file counts as unchanged when everything that
//! the index recorded of it is still the same, and nothing could have written to it since without leaving a trace; or
//! when its bytes are the recorded ones and no conversion could make others of them.

use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use gix::bstr::ByteSlice as _;
use gix::index::entry::Flags;
use gix::index::{Entry, State};
use gix::objs::{Kind, compute_hash};

use crate::{Id, Mode, Repository};

/// An index with more entries is left to git, which looks at them with several threads.
const MOST_ENTRIES: usize = 50_000;

/// No larger file is read to compare it.
const LARGEST: u64 = 8 << 20;

/// An index that the work tree agrees with.
pub(crate) struct Checkout {
    index: gix::worktree::Index,
}

impl Checkout {
    /// Every name of the index with what it is there and in the work tree, in the order of names.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&[u8], (Mode, Id))> {
        self.index.entries().iter().map(|entry| {
            let path: &[u8] = entry.path(&self.index);
            (path, (Mode(entry.mode.bits()), entry.id))
        })
    }
}

impl Repository {
    /// The index, where nothing in the work tree differs from it for sure; `None` where something does or may.
    pub(crate) fn checkout(&self) -> Option<Checkout> {
        let root = self.work_tree()?;
        let index = self.gix.as_ref()?.try_index().ok()??;
        if index.is_sparse() || index.entries().len() > MOST_ENTRIES {
            return None;
        }
        let written = std::fs::metadata(self.git_dir().join("index")).ok()?;
        if written.mtime() != index.timestamp().unix_seconds() {
            return None;
        }
        let mut look = Look { index: &index, written, root, path: PathBuf::new(), recodes: None };
        let mut before: &[u8] = b"";
        for entry in index.entries() {
            let path: &[u8] = entry.path(&index);
            // Each name once, and none in conflict.
            if before >= path || !look.are_folders(path, before) || !look.is_clean(entry, path) {
                return None;
            }
            before = path;
        }
        Some(Checkout { index })
    }
}

struct Look<'a> {
    index: &'a State,
    /// Of the file of the index.
    written: Metadata,
    root: &'a Path,
    /// The place that is being looked at; one buffer for all.
    path: PathBuf,
    /// Whether attributes may ask for another encoding in the work tree.
    recodes: Option<bool>,
}

impl Look<'_> {
    fn at(&mut self, name: &[u8]) -> Option<Metadata> {
        self.path.clear();
        self.path.push(self.root);
        self.path.push(Path::new(std::ffi::OsStr::from_bytes(name)));
        std::fs::symlink_metadata(&self.path).ok()
    }

    /// Whether each folder of a name is one, and no link to one; those that the name before lies in too are known.
    fn are_folders(&mut self, path: &[u8], before: &[u8]) -> bool {
        let common = path.iter().zip(before).take_while(|(a, b)| a == b).count();
        let slashes = path.find_iter(b"/").filter(|&at| at >= common);
        slashes.collect::<Vec<_>>().into_iter().all(|at| self.at(&path[..at]).is_some_and(|data| data.is_dir()))
    }

    /// Whether an entry is what lies in the work tree, for sure.
    fn is_clean(&mut self, entry: &Entry, path: &[u8]) -> bool {
        let special =
            Flags::STAGE_MASK | Flags::ASSUME_VALID | Flags::INTENT_TO_ADD | Flags::SKIP_WORKTREE | Flags::REMOVE;
        let mode = Mode(entry.mode.bits());
        let Some(data) = self.at(path) else { return false };
        if entry.flags.intersects(special) || !is_kind(mode, &data) {
            return false;
        }
        if mode == Mode::SUBMODULE {
            // With nothing checked out in it, it is where the index says.
            return std::fs::symlink_metadata(self.path.join(".git"))
                .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
        }
        is_recorded(entry, &data) && (self.is_settled(entry, &data) || self.is_same(entry, &data) == Some(true))
    }

    /// Whether a change after the index was written would show: it would have given the file a later time than it has.
    ///
    /// Git compares seconds. Parts of seconds are as good where both files lie on one file system and it has them.
    fn is_settled(&self, entry: &Entry, data: &Metadata) -> bool {
        let (file, index) = (entry.stat.mtime, self.index.timestamp());
        let seconds = i64::from(file.secs).cmp(&index.unix_seconds());
        let parts = file.nsecs > 0 && file.nsecs < index.nanoseconds() && data.dev() == self.written.dev();
        seconds.is_lt() || (seconds.is_eq() && parts)
    }

    /// Whether the bytes in the work tree are those of the entry, and git would take them as they are.
    fn is_same(&mut self, entry: &Entry, data: &Metadata) -> Option<bool> {
        if data.len() > LARGEST || self.recodes() {
            return None;
        }
        let bytes = match data.is_symlink() {
            true => std::fs::read_link(&self.path).ok()?.into_os_string().as_bytes().to_vec(),
            false => std::fs::read(&self.path).ok()?,
        };
        // Line ends and `$Id$` are all that could be converted, as filters are never run.
        let plain = data.is_symlink() || !(bytes.contains(&b'\r') || bytes.find(b"$Id").is_some());
        Some(plain && compute_hash(entry.id.kind(), Kind::Blob, &bytes).ok()? == entry.id)
    }

    /// Whether the attribute `working-tree-encoding` is spoken of.
    fn recodes(&mut self) -> bool {
        if let Some(known) = self.recodes {
            return known;
        }
        let is_attributes = |path: &&[u8]| path.rsplit(|&byte| byte == b'/').next() == Some(b".gitattributes");
        let speaks = |path: &[u8]| {
            let path = self.root.join(Path::new(std::ffi::OsStr::from_bytes(path)));
            !std::fs::read(path).is_ok_and(|text| text.find(b"working-tree-encoding").is_none())
        };
        let mut names = self.index.entries().iter().map(|entry| &**entry.path(self.index)).filter(is_attributes);
        let found = names.any(speaks);
        self.recodes = Some(found);
        found
    }
}

/// Whether it is a file that may be run or not, a link or a folder, as the mode says.
fn is_kind(mode: Mode, data: &Metadata) -> bool {
    match mode {
        Mode::FILE => data.is_file() && data.mode() & 0o100 == 0,
        Mode::EXECUTABLE => data.is_file() && data.mode() & 0o100 != 0,
        Mode::LINK => data.is_symlink(),
        Mode::SUBMODULE => data.is_dir(),
        _ => false,
    }
}

/// Whether all that the index keeps of a file is still so. Of numbers it keeps the lower 32 bits.
fn is_recorded(entry: &Entry, data: &Metadata) -> bool {
    let low = |number: u64| (number & u64::from(u32::MAX)) as u32;
    let time = |number: i64| low(number.cast_unsigned());
    let kept = &entry.stat;
    // Git records no size of a file that it knows to have changed.
    let sized = kept.size != 0 || entry.id.is_empty_blob();
    sized
        && (kept.size, kept.ino, kept.uid, kept.gid) == (low(data.len()), low(data.ino()), data.uid(), data.gid())
        && (kept.mtime.secs, kept.mtime.nsecs) == (time(data.mtime()), time(data.mtime_nsec()))
        && (kept.ctime.secs, kept.ctime.nsecs) == (time(data.ctime()), time(data.ctime_nsec()))
}
