//! One step to the left: the values of all states at a position, from those at the position after it.

use super::alphabet::Symbol;
use super::program::{Op, Program, Side};

/// Room for the values at one position; kept between steps so that none of them allocates.
#[derive(Debug, Default)]
pub(crate) struct Values {
    values: Vec<bool>,
    /// Values worked out so far; the linear bound is stated over it.
    #[cfg(test)]
    pub(crate) steps: u64,
}

impl Values {
    /// Makes room for `program`.
    pub(crate) fn reset(&mut self, program: &Program) {
        self.values.clear();
        self.values.resize(program.takers.len() + program.ops.len(), false);
    }

    /// Sets the values of the takers from one bit each.
    pub(crate) fn set_takers(&mut self, bits: &[u64], takers: usize) {
        for (values, word) in self.values[..takers].chunks_mut(64).zip(bits) {
            for (bit, value) in values.iter_mut().enumerate() {
                *value = word >> bit & 1 == 1;
            }
        }
    }

    /// Works out all other states between `left` and `right`, and says whether `start` matches.
    pub(crate) fn settle(&mut self, program: &Program, left: Side, right: Side) -> bool {
        let mut from = 0;
        for range in &program.loops {
            self.sweep(program, from..range.start, (left, right));
            let width = program.takers.len();
            self.values[width + range.start..width + range.end].fill(false);
            while self.sweep(program, range.clone(), (left, right)) {}
            from = range.end;
        }
        self.sweep(program, from..program.ops.len(), (left, right));
        self.values[program.start as usize]
    }

    /// One pass over some of the ops; says whether any value changed.
    fn sweep(&mut self, program: &Program, range: std::ops::Range<usize>, (left, right): (Side, Side)) -> bool {
        let width = program.takers.len();
        let mut changed = false;
        let at_word_boundary = (left == Side::Word) != (right == Side::Word);
        #[cfg(test)]
        {
            self.steps += range.len() as u64;
        }
        for index in range {
            let value = |slot: u32| self.values[slot as usize];
            let new = match program.ops[index] {
                Op::Accept => true,
                Op::Or(first, second) => value(first) | value(second),
                Op::Start(next) => (left == Side::Edge) & value(next),
                Op::End(next) => (right == Side::Edge) & value(next),
                Op::Boundary { negative, next } => (at_word_boundary != negative) & value(next),
                Op::Look { body, negative, next } => (value(body) != negative) & value(next),
            };
            changed |= self.values[width + index] != new;
            self.values[width + index] = new;
        }
        changed
    }

    /// Writes one bit for each taker that matches when `symbol` stands to the left; says whether a vital one does.
    pub(crate) fn take(&mut self, program: &Program, symbol: Symbol, bits: &mut [u64]) -> bool {
        #[cfg(test)]
        {
            self.steps += program.takers.len() as u64;
        }
        let members = program.alphabet.members(symbol);
        // No branch depends on a value: on hostile paths they are as good as random.
        for (word, takers) in bits.iter_mut().zip(program.takers.chunks(64)) {
            *word = takers.iter().rev().fold(0, |word, taker| {
                let held = members[taker.set as usize / 64] >> (taker.set % 64);
                word << 1 | (u64::from(self.values[taker.next as usize]) & held)
            });
        }
        match &program.vital {
            Some(vital) => bits.iter().zip(vital).any(|(bits, vital)| bits & vital != 0),
            None => true,
        }
    }
}
