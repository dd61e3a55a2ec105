//! Reading from packs, with two versions of a tree at once, of which mostly one is stored as its difference from the
//! other.
//!
//! Object databases read one object at a time, and so unpack the common base of two versions twice, which is most of
//! the work of a comparison. Here the version that the other one builds on is read first and then handed to it. All
//! else is gix's work; whatever is in no pack is read through its object database.

use std::path::{Path, PathBuf};

use gix::objs::Kind;
use gix::odb::pack::cache::Never;
use gix::odb::pack::data::decode::entry::ResolvedBase;
use gix::odb::pack::data::entry::Header;
use gix::odb::pack::{data, index};

use crate::Id;

/// Longest way from one version to the other that is followed; git packs at most 50 by default.
const LONGEST_CHAIN: usize = 64;

/// No tree is larger than this many bytes.
pub(crate) const LARGEST_TREE: usize = 1 << 30;

/// All packs of a repository.
pub(crate) struct Packs {
    packs: Vec<Pack>,
    inflate: gix::zlib::Inflate,
    /// For the steps between the two versions.
    between: Vec<u8>,
}

struct Pack {
    index: index::File,
    /// Opened when first needed.
    data: Option<data::File>,
    path: PathBuf,
}

impl Packs {
    /// Opens the packs in these object folders; what cannot be opened is left to the general way.
    pub(crate) fn open(object_folders: &[PathBuf], format: gix::hash::Kind) -> Self {
        let mut packs = Vec::new();
        for folder in object_folders {
            packs.extend(index_files(&folder.join("pack")).into_iter().filter_map(|path| {
                let index = index::File::at(&path, format).ok()?;
                Some(Pack { index, data: None, path: path.with_extension("pack") })
            }));
        }
        Self { packs, inflate: gix::zlib::Inflate::default(), between: Vec::new() }
    }

    /// Whether the object is in a pack.
    pub(crate) fn has(&self, id: &Id) -> bool {
        self.packs.iter().any(|pack| pack.offset(id).is_some())
    }

    /// Reads an object; `None` when this way does not lead there, and then the buffer holds anything.
    pub(crate) fn read(&mut self, id: &Id, buffer: &mut Vec<u8>) -> Option<Kind> {
        let (mut reader, at) = self.reader(id)?;
        reader.read(at, buffer)
    }

    /// Reads two trees; `None` when this way does not lead there, and then the buffers hold anything.
    pub(crate) fn read_pair(&mut self, ids: [&Id; 2], buffers: [&mut Vec<u8>; 2]) -> Option<()> {
        let [first, second] = buffers;
        let (mut reader, first_at) = self.reader(ids[0])?;
        let Some(second_at) = reader.pack.offset(ids[1]) else {
            reader.read_tree(first_at, first)?;
            return (self.read(ids[1], second)? == Kind::Tree).then_some(());
        };
        if let Some(chain) = reader.chain(second_at, first_at) {
            reader.read_tree(first_at, first)?;
            reader.build(&chain, first, second)
        } else if let Some(chain) = reader.chain(first_at, second_at) {
            reader.read_tree(second_at, second)?;
            reader.build(&chain, second, first)
        } else {
            reader.read_tree(first_at, first)?;
            reader.read_tree(second_at, second)
        }
    }

    /// Opens the pack that holds an object, and says where in it that is.
    fn reader(&mut self, id: &Id) -> Option<(Reader<'_>, data::Offset)> {
        let Self { packs, inflate, between } = self;
        let (at, offset) = packs.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset(id)?)))?;
        // The pack found last comes first, as the next tree is most likely in it too.
        packs.swap(0, at);
        let pack = packs.first_mut()?;
        pack.open()?;
        Some((Reader { data: pack.data.as_ref()?, pack, inflate, between }, offset))
    }
}

impl Pack {
    fn offset(&self, id: &gix::oid) -> Option<data::Offset> {
        self.index.lookup(id).map(|at| self.index.pack_offset_at_index(at))
    }

    fn open(&mut self) -> Option<()> {
        if self.data.is_none() {
            let data = data::File::at(&self.path, self.index.object_hash()).ok()?;
            self.data = Some(data.with_alloc_limit_bytes(Some(LARGEST_TREE)));
        }
        Some(())
    }
}

/// One pack, and what is needed to read from it.
struct Reader<'a> {
    pack: &'a Pack,
    data: &'a data::File,
    inflate: &'a mut gix::zlib::Inflate,
    /// For the steps between the two versions.
    between: &'a mut Vec<u8>,
}

impl Reader<'_> {
    /// The entries from `at` down to the one before `base`, if `at` is built on `base`.
    fn chain(&self, mut at: data::Offset, base: data::Offset) -> Option<Vec<data::Entry>> {
        let mut chain = Vec::new();
        while at != base {
            // A base lies before what is built on it.
            let entry = self.data.entry(at).ok().filter(|_| at > base && chain.len() < LONGEST_CHAIN)?;
            let Header::OfsDelta { base_distance } = entry.header else { return None };
            at = entry.checked_base_pack_offset(base_distance)?;
            chain.push(entry);
        }
        Some(chain)
    }

    fn read_tree(&mut self, at: data::Offset, out: &mut Vec<u8>) -> Option<()> {
        (self.read(at, out)? == Kind::Tree).then_some(())
    }

    fn read(&mut self, at: data::Offset, out: &mut Vec<u8>) -> Option<Kind> {
        let Self { pack, data, .. } = *self;
        let resolve = |id: &gix::oid, _: &mut Vec<u8>| {
            pack.offset(id).map(|at| data.entry(at).map(ResolvedBase::InPack)).transpose()
        };
        let read = data.decode_entry(data.entry(at).ok()?, out, self.inflate, &resolve, &mut Never).ok()?;
        Some(read.kind)
    }

    /// Applies the chain to `base`, one entry at a time, until the object at its top is in `out`.
    fn build(&mut self, chain: &[data::Entry], base: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let unused = Id::null(self.pack.index.object_hash());
        for (step, entry) in chain.iter().rev().enumerate() {
            // As a reference to an object elsewhere the base may come from us; its id is never looked at.
            let entry = data::Entry { header: Header::RefDelta { base_id: unused }, ..entry.clone() };
            if step > 0 {
                std::mem::swap(out, self.between);
            }
            let base = if step == 0 { base } else { self.between.as_slice() };
            let resolve = |_: &gix::oid, out: &mut Vec<u8>| {
                out.clear();
                out.extend_from_slice(base);
                Ok(Some(ResolvedBase::OutOfPack { kind: Kind::Tree, end: base.len() }))
            };
            self.data.decode_entry(entry, out, self.inflate, &resolve, &mut Never).ok()?;
        }
        Some(())
    }
}

fn index_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "idx"));
    // The order of a folder is chance; the same repository is to be read in the same way each time.
    files.sort_unstable();
    files
}
