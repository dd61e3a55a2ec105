//! The states of one pattern, in the order in which their values are worked out.

use super::alphabet::{Alphabet, Symbol};

/// Index of a state's value: first the states that take a character, then the others.
pub(crate) type Slot = u32;

/// A state that takes one character out of a set and goes on at `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Taker {
    pub(crate) set: u32,
    pub(crate) next: Slot,
}

/// A state that takes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// The match is complete.
    Accept,
    /// Either of two.
    Or(Slot, Slot),
    /// On, if this is the beginning of the path.
    Start(Slot),
    /// On, if this is the end of the path.
    End(Slot),
    /// On, if this is (or, when negative, is not) between a word character and another one.
    Boundary { negative: bool, next: Slot },
    /// On, if `body` matches here (or, when negative, does not).
    Look { body: Slot, negative: bool, next: Slot },
}

impl Op {
    /// The states whose values at the same position this one's needs.
    pub(crate) fn needs(self) -> [Option<Slot>; 2] {
        match self {
            Op::Accept => [None, None],
            Op::Or(first, second) => [Some(first), Some(second)],
            Op::Start(next) | Op::End(next) | Op::Boundary { next, .. } => [Some(next), None],
            Op::Look { body, next, .. } => [Some(body), Some(next)],
        }
    }
}

/// What is on the other side of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Nothing: the path begins or ends here.
    Edge,
    /// A character that is not a word character.
    Other,
    /// A letter, a digit or `_`.
    Word,
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) alphabet: Alphabet,
    /// Per set: the only character in it, if there is only one.
    pub(crate) literals: Vec<Option<u32>>,
    pub(crate) takers: Vec<Taker>,
    /// The other states; their slots follow those of `takers`. Each comes after those that it needs, but for `loops`.
    pub(crate) ops: Vec<Op>,
    /// Stretches of `ops` that need each other: repeats of something that may take nothing. Sweeps until all is calm.
    pub(crate) loops: Vec<std::ops::Range<usize>>,
    pub(crate) start: Slot,
    /// One bit for each taker outside of look-aheads, if a match can only be complete at the end of the path: when none of
    /// their values is true before the end, the answer is no.
    pub(crate) vital: Option<Vec<u64>>,
    /// Index of the set of word characters, if a word boundary is asked for.
    pub(crate) word_set: Option<usize>,
    /// Upper bound for the values worked out per character.
    pub(crate) cost: usize,
}

impl Program {
    /// Which side a symbol makes for the position beside it. Word or not is told apart only where it matters.
    pub(crate) fn side(&self, symbol: Symbol) -> Side {
        match self.word_set {
            Some(set) if self.alphabet.holds(symbol, set) => Side::Word,
            _ => Side::Other,
        }
    }
}
