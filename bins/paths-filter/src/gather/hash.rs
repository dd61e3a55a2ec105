//! A hash a filter over the tracked files that it names: the same content gives the same key across rebases and reverts.
use action::Failure;
use git::{Id, Mode, Repository, Scope};
use sha2::{Digest, Sha256};

use super::failed;
use super::range::Head;
use crate::filters::{Filters, Quantifier};

/// Whose files are hashed.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) filters: &'a Filters,
    pub(crate) quantifier: Quantifier,
    pub(crate) scope: &'a Scope,
}

/// SHA-256 in hex, one a filter, over the records `mode SP object-id SP path NUL` of its files, sorted by their bytes.
pub(crate) fn hashes(repo: &Repository, head: Head, wanted: &Wanted<'_>) -> Result<Vec<String>, Failure> {
    let mut records = Records::new(wanted.filters.list.len());
    let visit = |mode: Mode, id: &Id, path: &[u8]| records.take(wanted, (mode, id), path);
    match head {
        Head::Commit(id) => repo.tracked(id, wanted.scope, visit),
        Head::WorkTree(_) => repo.index(wanted.scope, visit),
    }
    .map_err(failed)?;
    Ok(records.hashes())
}

/// The tracked files that some filter names, each once. A hundred thousand of them are walked in an order that has nothing to
/// do with where they lie, so each is one piece of `bytes`: its id, its path, NUL.
struct Records {
    bytes: Vec<u8>,
    /// Mode, and where the piece starts.
    list: Vec<(Mode, u32)>,
    id_length: usize,
    /// A bit a record, a set a filter.
    of: Vec<Vec<u64>>,
}

impl Records {
    fn new(filters: usize) -> Records {
        Records { bytes: Vec::new(), list: Vec::new(), id_length: 0, of: vec![Vec::new(); filters] }
    }

    fn take(&mut self, wanted: &Wanted<'_>, (mode, id): (Mode, &Id), path: &[u8]) {
        let index = self.list.len();
        let mut taken = false;
        for (filter, set) in wanted.filters.list.iter().zip(&mut self.of) {
            if filter.meets(path, None, wanted.quantifier).is_some() {
                set.resize(index / 64 + 1, 0);
                set[index / 64] |= 1 << (index % 64);
                taken = true;
            }
        }
        if taken {
            self.list.push((mode, self.bytes.len() as u32));
            self.id_length = id.as_slice().len();
            self.bytes.extend_from_slice(id.as_slice());
            self.bytes.extend_from_slice(path);
            self.bytes.push(0);
        }
    }

    /// Modes are six digits and ids of one length, so the order of the records' bytes is that of their fields.
    /// The first eight bytes of an id decide nearly always, and beside the index they spare the walk to the record.
    fn hashes(self) -> Vec<String> {
        let key = |index: u32, (mode, start): (Mode, u32)| {
            let mut key = [0; 8];
            key.copy_from_slice(&self.bytes[start as usize..][..8]);
            (mode, index, u64::from_be_bytes(key))
        };
        let mut order: Vec<_> = (0..).zip(&self.list).map(|(index, record)| key(index, *record)).collect();
        order.sort_unstable_by(|a, b| (a.0, a.2).cmp(&(b.0, b.2)).then_with(|| self.piece(a.1).cmp(self.piece(b.1))));
        let order: Vec<u32> = order.into_iter().map(|(_, index, _)| index).collect();
        self.of.iter().map(|set| self.hash(set, &order)).collect()
    }

    /// Id, path and NUL.
    fn piece(&self, index: u32) -> &[u8] {
        let (_, start) = self.list[index as usize];
        let end = self.list.get(index as usize + 1).map_or(self.bytes.len(), |(_, next)| *next as usize);
        &self.bytes[start as usize..end]
    }

    fn hash(&self, set: &[u64], order: &[u32]) -> String {
        let is_in = |index: &&u32| set.get(**index as usize / 64).is_some_and(|bits| bits >> (**index % 64) & 1 == 1);
        let mut hasher = Sha256::new();
        let mut buffer = Vec::with_capacity(BUFFER + 4096);
        for index in order.iter().filter(is_in) {
            let (id, path) = self.piece(*index).split_at(self.id_length);
            octal(&mut buffer, self.list[*index as usize].0.0);
            buffer.push(b' ');
            hex(&mut buffer, id);
            buffer.push(b' ');
            buffer.extend_from_slice(path);
            if buffer.len() >= BUFFER {
                hasher.update(&buffer);
                buffer.clear();
            }
        }
        hasher.update(&buffer);
        let mut text = Vec::with_capacity(64);
        hex(&mut text, &hasher.finalize());
        text.into_iter().map(char::from).collect()
    }
}

/// How much is hashed at once.
const BUFFER: usize = 8 << 10;

/// Six octal digits, as git prints a mode; formatting machinery would take longer than the hash.
fn octal(out: &mut Vec<u8>, mode: u32) {
    out.extend((0..6).rev().map(|digit| b'0' + (mode >> (3 * digit) & 7) as u8));
}

/// Two lower-case digits a byte; for an id, written at once.
fn hex(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [0; 64];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    out.extend_from_slice(&digits[..bytes.len() * 2]);
}
