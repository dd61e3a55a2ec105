//! Characters that no set of a pattern tells apart share one symbol, so that tables stay small.

use std::collections::HashMap;

use crate::charset::{CharSet, INVALID};

/// A symbol: a class of characters that every set of the pattern holds either all or none of.
pub(crate) type Symbol = u16;

/// The symbols of one pattern.
#[derive(Debug)]
pub(crate) struct Alphabet {
    ascii: [u8; 128],
    /// First characters of the stretches above ASCII, with the symbol of each stretch.
    stretches: Vec<(u32, Symbol)>,
    /// Per symbol, one bit for each set that holds it.
    members: Vec<u64>,
    words: usize,
    invalid: Symbol,
}

impl Alphabet {
    /// The fewest symbols that tell the members of each of `sets` from the others.
    pub(crate) fn new(sets: &[CharSet]) -> Self {
        let words = sets.len().div_ceil(64).max(1);
        let mut changes: Vec<(u32, usize)> = Vec::new();
        for (index, set) in sets.iter().enumerate() {
            for &(low, high) in set.ranges() {
                changes.push((low, index));
                changes.push((high + 1, index));
            }
        }
        changes.sort_unstable();
        let mut alphabet = Alphabet { ascii: [0; 128], stretches: Vec::new(), members: Vec::new(), words, invalid: 0 };
        let mut known: HashMap<Box<[u64]>, Symbol> = HashMap::new();
        let mut signature = vec![0u64; words];
        let (mut from, mut next) = (0, 0);
        while from <= INVALID {
            while let Some(&(_, index)) = changes.get(next).filter(|change| change.0 <= from) {
                signature[index / 64] ^= 1 << (index % 64);
                next += 1;
            }
            let to = changes.get(next).map_or(INVALID + 1, |change| change.0);
            let symbol = match known.get(&signature[..]) {
                Some(&symbol) => symbol,
                None => alphabet.add(&signature, &mut known),
            };
            alphabet.assign(from, to, symbol);
            from = to;
        }
        alphabet
    }

    fn add(&mut self, signature: &[u64], known: &mut HashMap<Box<[u64]>, Symbol>) -> Symbol {
        // The state limit keeps the number of sets, and so of symbols, far below the width of a symbol.
        let symbol = known.len() as Symbol;
        known.insert(signature.into(), symbol);
        self.members.extend_from_slice(signature);
        symbol
    }

    fn assign(&mut self, from: u32, to: u32, symbol: Symbol) {
        for character in from..to.min(128) {
            // Stretches come in order, so the first 128 characters need at most the first 128 symbols.
            self.ascii[character as usize] = symbol as u8;
        }
        if to > 128 {
            self.stretches.push((from.max(128), symbol));
        }
        if to > INVALID {
            self.invalid = symbol;
        }
    }

    /// Number of symbols; they count from 0.
    pub(crate) fn len(&self) -> usize {
        self.members.len() / self.words
    }

    /// The symbol of an ASCII byte.
    pub(crate) fn ascii(&self, byte: u8) -> Symbol {
        Symbol::from(self.ascii[usize::from(byte)])
    }

    /// The symbol of a character.
    pub(crate) fn symbol(&self, character: char) -> Symbol {
        if character.is_ascii() {
            return self.ascii(character as u8);
        }
        let after = self.stretches.partition_point(|&(first, _)| first <= character as u32);
        self.stretches[after - 1].1
    }

    /// One bit for each set, by its index: whether it holds the symbol.
    pub(crate) fn members(&self, symbol: Symbol) -> &[u64] {
        &self.members[usize::from(symbol) * self.words..][..self.words]
    }

    /// Whether the set with that index holds the symbol.
    pub(crate) fn holds(&self, symbol: Symbol, set: usize) -> bool {
        self.members(symbol)[set / 64] >> (set % 64) & 1 == 1
    }

    /// The symbol of the last character of `path`, and its length in bytes. `path` must not be empty.
    ///
    /// Valid sequences cannot overlap, so reading backwards finds the same characters as reading forwards.
    pub(crate) fn last(&self, path: &[u8]) -> (Symbol, usize) {
        let end = path.len();
        let byte = path[end - 1];
        if byte < 0x80 {
            return (self.ascii(byte), 1);
        }
        for length in 2..=end.min(4) {
            let lead = path[end - length];
            if lead & 0xc0 != 0x80 {
                return match std::str::from_utf8(&path[end - length..]).ok().and_then(|text| text.chars().next()) {
                    Some(character) if character.len_utf8() == length => (self.symbol(character), length),
                    _ => (self.invalid, 1),
                };
            }
        }
        (self.invalid, 1)
    }

    /// The symbol of the first character of `path`, and its length in bytes. `path` must not be empty.
    pub(crate) fn first(&self, path: &[u8]) -> (Symbol, usize) {
        let length = match path[0] {
            byte if byte < 0x80 => return (self.ascii(byte), 1),
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        };
        let text = path.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        match text.and_then(|text| text.chars().next()) {
            Some(character) => (self.symbol(character), character.len_utf8()),
            None => (self.invalid, 1),
        }
    }
}
