//! Reading the raw bytes of a tree object, entry by entry, without copying.

use std::cmp::Ordering;

use crate::Mode;

/// One entry of a tree, borrowed from its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// Brought to one of the five modes that git knows, as git does when it reads a tree.
    pub(crate) mode: Mode,
    pub(crate) name: &'a [u8],
    /// The raw id, as long as the hash function makes it.
    pub(crate) id: &'a [u8],
    /// How many bytes the entry takes.
    pub(crate) len: usize,
}

impl<'a> Entry<'a> {
    /// The first entry of `bytes`, whose ids take `id_len` bytes; `None` when the bytes are no tree.
    pub(crate) fn first(bytes: &'a [u8], id_len: usize) -> Option<Self> {
        let mut mode = 0u32;
        let mut at = 0;
        loop {
            match bytes.get(at)? {
                b' ' if at > 0 => break,
                digit @ b'0'..=b'7' if at < 7 => mode = mode << 3 | u32::from(digit - b'0'),
                _ => return None,
            }
            at += 1;
        }
        let rest = bytes.get(at + 1..)?;
        let name_len = gix::bstr::ByteSlice::find_byte(rest, 0).filter(|&len| len > 0)?;
        let id = rest.get(name_len + 1..name_len + 1 + id_len)?;
        Some(Self { mode: Mode(mode).canonical(), name: &rest[..name_len], id, len: at + 2 + name_len + id_len })
    }

    /// Orders as in a tree: by bytes, with a slash behind the name of a folder.
    pub(crate) fn cmp_name(&self, other: &Entry<'_>) -> Ordering {
        let common = self.name.len().min(other.name.len());
        let end = |entry: &Entry<'_>| {
            entry.name.get(common).copied().unwrap_or(if entry.mode.is_tree() { b'/' } else { 0 })
        };
        self.name[..common].cmp(&other.name[..common]).then_with(|| end(self).cmp(&end(other)))
    }
}
