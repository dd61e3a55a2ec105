//! Reading from packs, with two versions of a tree at once, of which mostly one is stored as its difference from the
//! other.
//!
//! Object databases read one object at a time, and so unpack the common base of two versions twice, which is most of
//! the work of a comparison. Here the version that the other one builds on is read first and then handed to it. All
//! else is gix's work; whatever is in no pack is read through its object database.

mod recent;

use std::path::{Path, PathBuf};

use gix::objs::Kind;
use gix::odb::pack::cache::{DecodeEntry, Never};
use gix::odb::pack::data::decode;
use gix::odb::pack::data::decode::entry::ResolvedBase;
use gix::odb::pack::data::entry::Header;
use gix::odb::pack::{data, index};

use crate::Id;
use recent::Recent;

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
    /// Contents of files; of trees both versions are read at once.
    recent: Recent,
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
        Self { packs, inflate: gix::zlib::Inflate::default(), between: Vec::new(), recent: Recent::default() }
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

    /// The same of a file, of which another version may have been read before or may be read next.
    pub(crate) fn read_version(&mut self, id: &Id, buffer: &mut Vec<u8>) -> Option<Kind> {
        let (mut reader, at) = self.reader(id)?;
        reader.read_version(at, buffer)
    }

    /// How many bytes an object has; `None` when this way does not lead there.
    pub(crate) fn size(&mut self, id: &Id) -> Option<u64> {
        let (Reader { pack, data, inflate, .. }, at) = self.reader(id)?;
        let resolve = |id: &gix::oid| {
            pack.offset(id).map(|at| data.entry(at).map(decode::header::ResolvedBase::InPack)).transpose()
        };
        let header = data.decode_header(data.entry(at).ok()?, inflate, &resolve).ok()?;
        Some(header.object_size)
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
        let Self { packs, inflate, between, recent } = self;
        let (at, offset) = packs.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset(id)?)))?;
        // The pack found last comes first, as the next tree is most likely in it too.
        packs.swap(0, at);
        let pack = packs.first_mut()?;
        pack.open()?;
        Some((Reader { data: pack.data.as_ref()?, pack, inflate, between, recent }, offset))
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
    recent: &'a mut Recent,
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
        decode_entry((self.pack, self.data, at), out, (self.inflate, &mut Never))
    }

    fn read_version(&mut self, at: data::Offset, out: &mut Vec<u8>) -> Option<Kind> {
        decode_entry((self.pack, self.data, at), out, (self.inflate, self.recent))
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

fn decode_entry(
    (pack, data, at): (&Pack, &data::File, data::Offset),
    out: &mut Vec<u8>,
    (inflate, cache): (&mut gix::zlib::Inflate, &mut dyn DecodeEntry),
) -> Option<Kind> {
    let resolve =
        |id: &gix::oid, _: &mut Vec<u8>| pack.offset(id).map(|at| data.entry(at).map(ResolvedBase::InPack)).transpose();
    let read = data.decode_entry(data.entry(at).ok()?, out, inflate, &resolve, cache).ok()?;
    Some(read.kind)
}

fn index_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "idx"));
    // The order of a folder is chance; the same repository is to be read in the same way each time.
    files.sort_unstable();
    files
}
