//! The table of what was worked out before: a deterministic automaton that grows while it is used, within a bound.

use std::collections::HashMap;

use super::alphabet::Symbol;
use super::program::{Program, Side};
use super::step::Values;

/// Bytes that one table may take before it is emptied and begun again.
const MAX_BYTES: usize = 48 * 1024;
/// Rows that it may have in any case.
const MIN_ROWS: usize = 8;

const UNKNOWN: u32 = u32::MAX;
/// The row from which nothing leads to a match.
const DEAD: u32 = 0;

/// Rows of a deterministic automaton. A row stands for the takers that matched and the side of the last character; it
/// is named by the place of its first cell.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Per row one cell for each symbol, and one for the beginning of the path, which holds the answer.
    cells: Vec<u32>,
    bits: Vec<u64>,
    sides: Vec<Side>,
    index: HashMap<u64, u32>,
    width: usize,
    words: usize,
    max_rows: usize,
    values: Values,
    scratch: Vec<u64>,
}

impl Table {
    /// Whether `program` matches `path`.
    pub(crate) fn is_match(&mut self, program: &Program, path: &[u8]) -> bool {
        let mut row = self.first(program);
        let mut rest = path;
        while let [before @ .., byte] = rest {
            let symbol = if byte.is_ascii() {
                rest = before;
                program.alphabet.ascii(*byte)
            } else {
                let (symbol, length) = program.alphabet.last(rest);
                rest = &rest[..rest.len() - length];
                symbol
            };
            row = match self.cells[row as usize + usize::from(symbol)] {
                UNKNOWN => self.next(program, row, symbol),
                next => next,
            };
            if row == DEAD {
                return false;
            }
        }
        self.answer(program, row)
    }

    /// The places in `path` up to which `program` matches, for a program whose tree was mirrored: it is fed forwards
    /// and asked before each `/` and at the end.
    pub(crate) fn prefixes(&mut self, program: &Program, path: &[u8]) -> Vec<usize> {
        let mut places = Vec::new();
        let (mut row, mut at) = (self.first(program), 0);
        while row != DEAD {
            if path.get(at).is_none_or(|&byte| byte == b'/') && self.answer(program, row) {
                places.push(at);
            }
            if at == path.len() {
                break;
            }
            let (symbol, length) = program.alphabet.first(&path[at..]);
            row = match self.cells[row as usize + usize::from(symbol)] {
                UNKNOWN => self.next(program, row, symbol),
                next => next,
            };
            at += length;
        }
        places
    }

    /// Values worked out so far.
    #[cfg(test)]
    pub(crate) fn steps(&self) -> u64 {
        self.values.steps
    }

    /// The row before the last character.
    fn first(&mut self, program: &Program) -> u32 {
        if self.width == 0 {
            self.width = program.alphabet.len() + 1;
            self.words = program.takers.len().div_ceil(64).max(1);
            self.max_rows = (MAX_BYTES / (self.width * 4 + self.words * 8 + 32)).max(MIN_ROWS);
            self.scratch = vec![0; self.words];
            self.values.reset(program);
            self.clear();
        }
        self.width as u32
    }

    fn clear(&mut self) {
        self.cells.clear();
        self.bits.clear();
        self.sides.clear();
        self.index.clear();
        self.cells.resize(self.width, DEAD);
        self.bits.resize(self.words, 0);
        self.sides.push(Side::Edge);
        self.add(&vec![0; self.words], Side::Edge);
    }

    /// The row after `symbol` was read in front of what `row` stands for, worked out.
    #[cold]
    fn next(&mut self, program: &Program, row: u32, symbol: Symbol) -> u32 {
        let side = program.side(symbol);
        self.settle(program, row, side);
        let mut bits = std::mem::take(&mut self.scratch);
        let alive = self.values.take(program, symbol, &mut bits);
        let known = if alive { self.find(&bits, side) } else { Some(DEAD) };
        let next = match known {
            Some(next) => next,
            None if self.sides.len() >= self.max_rows => {
                // `row` goes away with the rest, so there is no cell to remember the answer in.
                self.clear();
                let next = self.add(&bits, side);
                self.scratch = bits;
                return next;
            }
            None => self.add(&bits, side),
        };
        self.scratch = bits;
        self.cells[row as usize + usize::from(symbol)] = next;
        next
    }

    /// Whether the path may begin where `row` stands.
    fn answer(&mut self, program: &Program, row: u32) -> bool {
        let cell = row as usize + self.width - 1;
        if self.cells[cell] == UNKNOWN {
            self.cells[cell] = u32::from(self.settle(program, row, Side::Edge));
        }
        self.cells[cell] == 1
    }

    fn settle(&mut self, program: &Program, row: u32, left: Side) -> bool {
        let index = row as usize / self.width;
        let bits = &self.bits[index * self.words..][..self.words];
        self.values.set_takers(bits, program.takers.len());
        self.values.settle(program, left, self.sides[index])
    }

    fn find(&self, bits: &[u64], side: Side) -> Option<u32> {
        let &row = self.index.get(&hash(bits, side))?;
        let index = row as usize / self.width;
        let same = self.sides[index] == side && self.bits[index * self.words..][..self.words] == *bits;
        same.then_some(row)
    }

    fn add(&mut self, bits: &[u64], side: Side) -> u32 {
        let row = self.cells.len() as u32;
        self.sides.push(side);
        self.bits.extend_from_slice(bits);
        self.cells.resize(self.cells.len() + self.width, UNKNOWN);
        // Of two rows with one hash the later is kept: the earlier is made again when it is needed.
        self.index.insert(hash(bits, side), row);
        row
    }
}

fn hash(bits: &[u64], side: Side) -> u64 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    bits.iter().fold(mix(1, side as u64), |hash, &word| mix(hash, word))
}
