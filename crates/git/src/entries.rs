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
        let end =
            |entry: &Entry<'_>| entry.name.get(common).copied().unwrap_or(if entry.mode.is_tree() { b'/' } else { 0 });
        self.name[..common].cmp(&other.name[..common]).then_with(|| end(self).cmp(&end(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Mode, name and id.
    type Parts = (u32, Vec<u8>, [u8; 20]);

    /// Reads all entries; `None` where the bytes are no tree.
    fn check(bytes: &[u8], expected: Option<&[Parts]>) {
        let mut found = Vec::new();
        let mut at = 0;
        let whole = loop {
            if at == bytes.len() {
                break true;
            }
            let Some(entry) = Entry::first(&bytes[at..], 20) else { break false };
            assert!(entry.len > 20 && at + entry.len <= bytes.len(), "it goes on and stays inside");
            found.push((entry.mode.0, entry.name.to_vec(), entry.id.try_into().expect("20 bytes")));
            at += entry.len;
        };
        match expected {
            Some(expected) => assert_eq!((whole, found.as_slice()), (true, expected)),
            None => assert!(!whole, "{found:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            entries in prop::collection::vec(
                (prop::sample::select(&[0o40_000, 0o100_644, 0o100_755, 0o120_000, 0o160_000][..]),
                 prop::collection::vec(1u8.., 1..20), any::<[u8; 20]>()),
                0..8,
            ),
            cut in 1usize..20,
        ) {
            let mut bytes = Vec::new();
            for (mode, name, id) in &entries {
                bytes.extend_from_slice(format!("{mode:o} ").as_bytes());
                bytes.extend_from_slice(name);
                bytes.push(0);
                bytes.extend_from_slice(id);
            }
            check(&bytes, Some(&entries));
            if !entries.is_empty() {
                check(&bytes[..bytes.len() - cut], None);
            }
        }

        #[test]
        fn any_bytes_are_a_tree_or_not(bytes in prop::collection::vec(prop::sample::select(&b"\0 1074/a"[..]), 0..80)) {
            let mut rest = bytes.as_slice();
            while let Some(entry) = Entry::first(rest, 4) {
                prop_assert!(entry.len >= 8 && entry.name.len() + 7 <= entry.len);
                rest = &rest[entry.len..];
            }
        }
    }
}
