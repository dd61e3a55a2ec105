//! The measured lines of one file, small and in any order: which are measured, hit, fully hit, and their branches.

/// The highest line number that any report may name.
pub const LAST_LINE: u32 = 10_000_000;

/// How far a line is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Measured and never executed.
    Missed,
    /// Executed, but not every branch or instruction of it.
    Partial,
    /// Executed, all of it.
    Hit,
}

/// The branches of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Branches {
    /// The line.
    pub line: u32,
    /// How many were taken.
    pub covered: u16,
    /// How many there are.
    pub total: u16,
}

/// How many lines and branches, and how many of them are covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Measured lines.
    pub measured: u64,
    /// Those that were executed, partially ones included.
    pub hit: u64,
    /// Those that were executed partially.
    pub partial: u64,
    /// Branches; those of a whole file are all of it, on lines that are not measured too.
    pub branches: u64,
    /// Those that were taken.
    pub branches_hit: u64,
}

impl Counts {
    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            measured: self.measured + other.measured,
            hit: self.hit + other.hit,
            partial: self.partial + other.partial,
            branches: self.branches + other.branches,
            branches_hit: self.branches_hit + other.branches_hit,
        }
    }
}

/// 64 lines in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Chunk {
    index: u32,
    measured: u64,
    hit: u64,
    full: u64,
}

/// The lines of one file. Memory follows the number of lines that are measured, not the highest number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    chunks: Vec<Chunk>,
    branches: Vec<Branches>,
    /// Chunks and branches up to here are in order and each is there once; what follows waits for [`Lines::settle`].
    settled: (usize, usize),
}

impl Lines {
    /// Adds one line, from 1 to [`LAST_LINE`]; a line that is added again keeps the best of all.
    pub fn add(&mut self, line: u32, state: State) {
        self.add_bits(line / 64, 1 << (line % 64), state);
    }

    /// Adds lines in a row, both ends included.
    pub fn add_range(&mut self, first: u32, last: u32, state: State) {
        let mut line = first;
        while line <= last {
            let end = last.min(line | 63);
            self.add_bits(line / 64, (u64::MAX << (line % 64)) & (u64::MAX >> (63 - end % 64)), state);
            line = end + 1;
        }
    }

    /// Adds lines of one chunk.
    #[inline]
    fn add_bits(&mut self, index: u32, bits: u64, state: State) {
        let hit = if state == State::Missed { 0 } else { bits };
        let full = if state == State::Hit { bits } else { 0 };
        match self.chunks.last_mut() {
            Some(last) if last.index == index => {
                last.measured |= bits;
                last.hit |= hit;
                last.full |= full;
            }
            _ => {
                // Ascending order, as nearly every report has it, keeps the list settled as it grows.
                let in_order = self.chunks.last().is_none_or(|last| last.index < index);
                if in_order && self.settled.0 == self.chunks.len() {
                    self.settled.0 += 1;
                }
                self.chunks.push(Chunk { index, measured: bits, hit, full });
                if self.chunks.len() > 64 && self.chunks.len() > 2 * self.settled.0 {
                    self.settle();
                }
            }
        }
    }

    /// Takes every executed line for fully executed, but for these.
    pub fn complete(&mut self, partial: impl IntoIterator<Item = u32>) {
        self.settle();
        for chunk in &mut self.chunks {
            chunk.full = chunk.hit;
        }
        for line in partial {
            if let Ok(at) = self.chunks.binary_search_by_key(&(line / 64), |chunk| chunk.index) {
                self.chunks[at].full &= !(1 << (line % 64));
            }
        }
    }

    /// Adds the branches of a line that is or will be added itself. Of two counts for one line the better covered stays:
    /// two reports may have taken different branches, and which ones nobody can tell.
    pub fn add_branches(&mut self, branches: Branches) {
        let in_order = self.branches.last().is_none_or(|last| last.line < branches.line);
        if in_order && self.settled.1 == self.branches.len() {
            self.settled.1 += 1;
        }
        self.branches.push(branches);
        if self.branches.len() > 64 && self.branches.len() > 2 * self.settled.1 {
            self.settle();
        }
    }

    /// Puts everything in order; to be called once after the last line was added, before anything is asked.
    pub fn settle(&mut self) {
        if self.settled.0 < self.chunks.len() {
            self.chunks.sort_unstable_by_key(|chunk| chunk.index);
            self.chunks.dedup_by(|later, kept| {
                let same = later.index == kept.index;
                if same {
                    kept.measured |= later.measured;
                    kept.hit |= later.hit;
                    kept.full |= later.full;
                }
                same
            });
        }
        if self.settled.1 < self.branches.len() {
            self.branches.sort_by_key(|branches| branches.line);
            self.branches.dedup_by(|later, kept| {
                let same = later.line == kept.line;
                if same {
                    *kept = better(*kept, *later);
                }
                same
            });
        }
        self.settled = (self.chunks.len(), self.branches.len());
    }

    /// Gives back the room that was kept for more lines.
    pub fn shrink(&mut self) {
        self.chunks.shrink_to_fit();
        self.branches.shrink_to_fit();
    }

    /// Forgets everything but the room.
    pub fn clear(&mut self) {
        self.chunks.clear();
        self.branches.clear();
        self.settled = (0, 0);
    }

    /// Takes in more lines of the same file, and puts them in order when there are many; [`Lines::settle`] does at last.
    pub fn append(&mut self, other: &Self) {
        if self.chunks.is_empty() && self.branches.is_empty() {
            // A copy takes no more room than it needs.
            *self = other.clone();
            return;
        }
        self.chunks.extend_from_slice(&other.chunks);
        self.branches.extend_from_slice(&other.branches);
        let grown = |length: usize, settled: usize| length > 64 && length > 2 * settled;
        if grown(self.chunks.len(), self.settled.0) || grown(self.branches.len(), self.settled.1) {
            self.settle();
        }
    }

    /// Takes in what another report says of the same file.
    pub fn merge(&mut self, other: &Self) {
        if self.chunks.is_empty() && self.branches.is_empty() {
            *self = other.clone();
            return;
        }
        self.chunks.extend_from_slice(&other.chunks);
        self.branches.extend_from_slice(&other.branches);
        self.settle();
    }

    /// Leaves these lines out, as if nobody had measured them.
    pub fn remove(&mut self, out: impl Fn(u32) -> bool) {
        for chunk in &mut self.chunks {
            for bit in 0..64 {
                if chunk.measured & 1 << bit != 0 && out(chunk.index * 64 + bit) {
                    let keep = !(1 << bit);
                    chunk.measured &= keep;
                    chunk.hit &= keep;
                    chunk.full &= keep;
                }
            }
        }
        self.branches.retain(|branches| !out(branches.line));
    }

    /// How a line is covered; `None` when it is not measured.
    pub fn state(&self, line: u32) -> Option<State> {
        let chunk = self.chunks.binary_search_by_key(&(line / 64), |chunk| chunk.index).ok()?;
        state(&self.chunks[chunk], line % 64)
    }

    /// The branches of a line, if any report counts them.
    pub fn branches(&self, line: u32) -> Option<Branches> {
        let at = self.branches.binary_search_by_key(&line, |branches| branches.line).ok()?;
        Some(self.branches[at])
    }

    /// All measured lines, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, State)> + '_ {
        self.chunks
            .iter()
            .flat_map(|chunk| (0..64).filter_map(move |bit| Some((chunk.index * 64 + bit, state(chunk, bit)?))))
    }

    /// The last measured line at or before this one.
    pub fn at_or_before(&self, line: u32) -> Option<u32> {
        let after = self.chunks.partition_point(|chunk| chunk.index <= line / 64);
        for chunk in self.chunks[..after].iter().rev() {
            let mask = if chunk.index == line / 64 { u64::MAX >> (63 - line % 64) } else { u64::MAX };
            let measured = chunk.measured & mask;
            if measured != 0 {
                return Some(chunk.index * 64 + 63 - measured.leading_zeros());
            }
        }
        None
    }

    /// The highest measured line.
    pub fn last(&self) -> Option<u32> {
        self.at_or_before(LAST_LINE)
    }

    /// Whether no line is measured.
    pub fn is_empty(&self) -> bool {
        self.chunks.iter().all(|chunk| chunk.measured == 0)
    }

    /// How much of all this is covered.
    pub fn counts(&self) -> Counts {
        let ones = |bits: fn(&Chunk) -> u64| self.chunks.iter().map(|chunk| u64::from(bits(chunk).count_ones())).sum();
        let of = |count: fn(&Branches) -> u16| self.branches.iter().map(|branches| u64::from(count(branches))).sum();
        Counts {
            measured: ones(|chunk| chunk.measured),
            hit: ones(|chunk| chunk.hit),
            partial: ones(|chunk| chunk.hit & !chunk.full),
            branches: of(|branches| branches.total),
            branches_hit: of(|branches| branches.covered),
        }
    }

    /// What one line counts for; nothing when it is not measured.
    pub fn count(&self, line: u32) -> Counts {
        let Some(state) = self.state(line) else { return Counts::default() };
        let branches = self.branches(line);
        Counts {
            measured: 1,
            hit: u64::from(state != State::Missed),
            partial: u64::from(state == State::Partial),
            branches: branches.map_or(0, |branches| branches.total.into()),
            branches_hit: branches.map_or(0, |branches| branches.covered.into()),
        }
    }

    /// How many bytes it takes, roughly.
    pub fn weight(&self) -> usize {
        self.chunks.capacity() * size_of::<Chunk>() + self.branches.capacity() * size_of::<Branches>()
    }
}

fn state(chunk: &Chunk, bit: u32) -> Option<State> {
    let is = |bits: u64| bits & 1 << bit != 0;
    match (is(chunk.measured), is(chunk.hit), is(chunk.full)) {
        (false, ..) => None,
        (true, false, _) => Some(State::Missed),
        (true, true, false) => Some(State::Partial),
        (true, true, true) => Some(State::Hit),
    }
}

/// The better covered of two counts, by ratio, then by size: the same whichever comes first.
fn better(one: Branches, other: Branches) -> Branches {
    let product = |a: Branches, b: Branches| u32::from(a.covered) * u32::from(b.total);
    match product(one, other).cmp(&product(other, one)).then(one.total.cmp(&other.total)) {
        std::cmp::Ordering::Less => other,
        _ => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn of(lines: &[(u32, State)]) -> Lines {
        let mut all = Lines::default();
        lines.iter().for_each(|(line, state)| all.add(*line, *state));
        all.settle();
        all
    }

    fn any_line() -> impl Strategy<Value = (u32, State)> {
        let state = prop_oneof![Just(State::Missed), Just(State::Partial), Just(State::Hit)];
        (prop_oneof![1u32..300, 1u32..=LAST_LINE], state)
    }

    proptest! {
        #[test]
        fn says_what_a_map_of_lines_says(lines in prop::collection::vec(any_line(), 0..300), ask in 1u32..400) {
            let mut known = BTreeMap::new();
            for (line, state) in &lines {
                known.entry(*line).and_modify(|kept: &mut State| *kept = (*kept).max(*state)).or_insert(*state);
            }
            let all = of(&lines);
            prop_assert_eq!(all.iter().collect::<Vec<_>>(), known.clone().into_iter().collect::<Vec<_>>());
            prop_assert_eq!(all.state(ask), known.get(&ask).copied());
            prop_assert_eq!(all.at_or_before(ask), known.range(..=ask).next_back().map(|(line, _)| *line));
            prop_assert_eq!(all.last(), known.keys().next_back().copied());
            let counts = all.counts();
            prop_assert_eq!(counts.measured, known.len() as u64);
            prop_assert_eq!(counts.hit, known.values().filter(|state| **state != State::Missed).count() as u64);
            prop_assert_eq!(counts.partial, known.values().filter(|state| **state == State::Partial).count() as u64);
        }

        #[test]
        fn ranges_in_any_order_are_their_lines(ranges in prop::collection::vec((any_line(), 0u32..300), 0..200)) {
            let (mut all, mut one_by_one) = (Lines::default(), Lines::default());
            for ((first, state), more) in ranges {
                let last = (first + more).min(LAST_LINE);
                all.add_range(first, last, state);
                (first..=last).for_each(|line| one_by_one.add(line, state));
            }
            all.settle();
            one_by_one.settle();
            prop_assert_eq!(all.iter().collect::<Vec<_>>(), one_by_one.iter().collect::<Vec<_>>());
        }

        #[test]
        fn the_order_of_reports_does_not_matter(
            a in prop::collection::vec(any_line(), 0..80),
            b in prop::collection::vec(any_line(), 0..80),
            branches in prop::collection::vec((1u32..20, 0u16..4, 0u16..4), 0..40),
        ) {
            let (mut one, mut other) = (of(&a), of(&b));
            for (at, (line, covered, more)) in branches.iter().enumerate() {
                let branches = Branches { line: *line, covered: *covered, total: covered + more };
                if at % 2 == 0 { one.add_branches(branches) } else { other.add_branches(branches) }
            }
            one.settle();
            other.settle();
            let (mut forth, mut back) = (one.clone(), other.clone());
            forth.merge(&other);
            back.merge(&one);
            prop_assert_eq!(&forth, &back);
            forth.merge(&one);
            prop_assert_eq!(forth, back, "once more changes nothing");
        }
    }

    #[test]
    fn alternating_lines_take_no_room() {
        let mut all = Lines::default();
        for _ in 0..100_000 {
            all.add(1, State::Missed);
            all.add(1000, State::Hit);
        }
        assert!(all.weight() < 100_000);
    }
}
