//! Objects that were read last, for those that are stored as their difference from one of them.

use std::collections::VecDeque;

use gix::objs::Kind;
use gix::odb::pack::cache::DecodeEntry;

/// Both versions of some files lie between an object and the one that builds on it.
const MOST: usize = 64;

/// All kept objects together take at most this many bytes.
const MOST_BYTES: usize = 2 << 20;

/// The objects, the latest first.
#[derive(Default)]
pub(super) struct Recent {
    kept: VecDeque<Kept>,
    bytes: usize,
}

struct Kept {
    pack: u32,
    offset: u64,
    kind: Kind,
    compressed_size: usize,
    data: Vec<u8>,
}

impl DecodeEntry for Recent {
    fn put(&mut self, pack: u32, offset: u64, data: &[u8], kind: Kind, compressed_size: usize) {
        if data.len() > MOST_BYTES {
            return;
        }
        let mut buffer = Vec::new();
        while self.kept.len() >= MOST || self.bytes + data.len() > MOST_BYTES {
            let Some(oldest) = self.kept.pop_back() else { break };
            self.bytes -= oldest.data.len();
            buffer = oldest.data;
        }
        buffer.clear();
        buffer.extend_from_slice(data);
        self.bytes += data.len();
        self.kept.push_front(Kept { pack, offset, kind, compressed_size, data: buffer });
    }

    fn get(&mut self, pack: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let found = self.kept.iter().find(|kept| (kept.offset, kept.pack) == (offset, pack))?;
        out.clear();
        out.extend_from_slice(&found.data);
        Some((found.kind, found.compressed_size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_and_the_oldest_goes_first() {
        let mut recent = Recent::default();
        let mut out = Vec::new();
        for offset in 0..MOST as u64 + 3 {
            recent.put(1, offset, &offset.to_be_bytes(), Kind::Blob, 7);
        }
        assert_eq!(recent.get(1, 2, &mut out), None);
        assert_eq!(recent.get(2, 3, &mut out), None);
        assert_eq!(recent.get(1, 3, &mut out), Some((Kind::Blob, 7)));
        assert_eq!(out, 3u64.to_be_bytes());
        recent.put(1, 99, &vec![0; MOST_BYTES + 1], Kind::Blob, 7);
        assert_eq!(recent.get(1, 99, &mut out), None);
        recent.put(1, 100, &vec![0; MOST_BYTES - 8], Kind::Blob, 7);
        assert_eq!((recent.kept.len(), recent.bytes), (2, MOST_BYTES));
    }
}
