//! Sets of characters as sorted ranges, over code points and one extra symbol for a byte that is not UTF-8.

/// The symbol that one invalid byte of a path is read as; above every code point, so that no literal equals it.
pub(crate) const INVALID: u32 = 0x11_0000;

/// A set of characters: sorted ranges with gaps between them, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct CharSet {
    ranges: Vec<(u32, u32)>,
}

impl CharSet {
    /// The set of all characters in `ranges`, which may overlap and come in any order.
    pub(crate) fn new(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        CharSet { ranges: merged }
    }

    /// The set of one character.
    pub(crate) fn one(character: u32) -> Self {
        CharSet { ranges: vec![(character, character)] }
    }

    /// Every character, and every invalid byte.
    pub(crate) fn all() -> Self {
        CharSet { ranges: vec![(0, INVALID)] }
    }

    /// Everything but `/`.
    pub(crate) fn not_slash() -> Self {
        CharSet::one('/' as u32).complement()
    }

    /// All that is not in this set.
    pub(crate) fn complement(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut from = 0;
        for &(low, high) in &self.ranges {
            if from < low {
                ranges.push((from, low - 1));
            }
            from = high + 1;
        }
        if from <= INVALID {
            ranges.push((from, INVALID));
        }
        CharSet { ranges }
    }

    /// The sorted ranges, both ends included.
    pub(crate) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// The only character in the set, if there is only one.
    pub(crate) fn single(&self) -> Option<u32> {
        match self.ranges[..] {
            [(low, high)] if low == high => Some(low),
            _ => None,
        }
    }

    /// `[0-9]`, what `\d` stands for.
    pub(crate) fn digits() -> Self {
        CharSet { ranges: vec![('0' as u32, '9' as u32)] }
    }

    /// `[A-Za-z0-9_]`, what `\w` stands for.
    pub(crate) fn word() -> Self {
        CharSet::new(
            [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')].map(|(low, high)| (low as u32, high as u32)).to_vec(),
        )
    }

    /// What `\s` stands for: ECMAScript's WhiteSpace and LineTerminator.
    pub(crate) fn space() -> Self {
        CharSet::new(vec![
            (0x09, 0x0d),
            (0x20, 0x20),
            (0xa0, 0xa0),
            (0x1680, 0x1680),
            (0x2000, 0x200a),
            (0x2028, 0x2029),
            (0x202f, 0x202f),
            (0x205f, 0x205f),
            (0x3000, 0x3000),
            (0xfeff, 0xfeff),
        ])
    }
}
