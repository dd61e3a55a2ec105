//! The tracked names, and which of them end in what: a look-up, however many files have the same last part.
use std::cell::OnceCell;
use std::cmp::Ordering;

/// All tracked names, in order.
pub(crate) struct Tree {
    names: Vec<Vec<u8>>,
    /// How many parts the deepest name has.
    depth: usize,
    /// Indices into `names`, in the order of the names read backwards; made when a name is first looked for by its end.
    backwards: OnceCell<Vec<u32>>,
    /// The names in lower case, and the files behind each; made when it is first needed.
    lower: OnceCell<(Box<Tree>, Vec<Vec<u32>>)>,
}

impl Tree {
    /// Of names in any order.
    pub(crate) fn new(mut names: Vec<Vec<u8>>) -> Self {
        names.sort_unstable();
        names.dedup();
        let depth = names.iter().map(|name| 1 + memchr::memchr_iter(b'/', name).count()).max().unwrap_or(0);
        Self { names, depth, backwards: OnceCell::new(), lower: OnceCell::new() }
    }

    /// The name of a file.
    pub(crate) fn name(&self, index: u32) -> &[u8] {
        &self.names[index as usize]
    }

    /// All names, in order.
    pub(crate) fn names(&self) -> &[Vec<u8>] {
        &self.names
    }

    /// Where exactly this name is.
    pub(crate) fn find(&self, name: &[u8]) -> Option<u32> {
        self.names.binary_search_by(|known| known.as_slice().cmp(name)).ok().map(|at| at as u32)
    }

    /// The files that are this name or end in it, whole parts only.
    pub(super) fn ending_in(&self, end: &[u8]) -> Vec<u32> {
        let backwards = self.backwards.get_or_init(|| {
            let mut all: Vec<u32> = (0..u32::try_from(self.names.len()).unwrap_or(u32::MAX)).collect();
            all.sort_unstable_by(|one, other| from_behind(self.name(*one), self.name(*other)));
            all
        });
        let end = [b"/", end].concat();
        let from = backwards.partition_point(|index| from_behind(self.name(*index), &end) == Ordering::Less);
        let length = backwards[from..].partition_point(|index| self.name(*index).ends_with(&end));
        let mut found = backwards[from..from + length].to_vec();
        found.extend(self.find(&end[1..]));
        found.sort_unstable();
        found
    }

    /// The file that is itself the longest end of this name, and how many parts it has.
    pub(super) fn end_of(&self, parts: &[Vec<u8>]) -> Option<(u32, usize)> {
        let longest = parts.len().min(self.depth);
        (1..=longest).rev().find_map(|count| Some((self.find(&parts[parts.len() - count..].join(&b'/'))?, count)))
    }

    /// The same names without regard to upper and lower case, and the files that each may be.
    pub(super) fn lower(&self) -> (&Self, &[Vec<u32>]) {
        let (tree, files) = self.lower.get_or_init(|| {
            let tree = Self::new(self.names.iter().map(|name| name.to_ascii_lowercase()).collect());
            let mut files = vec![Vec::new(); tree.names.len()];
            for (index, name) in self.names.iter().enumerate() {
                if let Some(at) = tree.find(&name.to_ascii_lowercase()) {
                    files[at as usize].push(index as u32);
                }
            }
            (Box::new(tree), files)
        });
        (tree, files)
    }
}

/// The order of two names read backwards.
fn from_behind(one: &[u8], other: &[u8]) -> Ordering {
    one.iter().rev().cmp(other.iter().rev())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_look_at_each_name_finds(
            names in prop::collection::vec("[ab]{1,2}(/[ab]{1,2}){0,3}", 0..40),
            end in "[ab]{1,2}(/[ab]{1,2}){0,4}",
        ) {
            let tree = Tree::new(names.into_iter().map(String::into_bytes).collect());
            let end = end.into_bytes();
            let slash = [b"/", end.as_slice()].concat();
            let ends = |name: &&Vec<u8>| **name == end || name.ends_with(&slash);
            let found: Vec<&[u8]> = tree.ending_in(&end).into_iter().map(|index| tree.name(index)).collect();
            prop_assert_eq!(found, tree.names().iter().filter(ends).map(Vec::as_slice).collect::<Vec<_>>());
            let parts: Vec<Vec<u8>> = end.split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect();
            let is_end = |name: &&Vec<u8>| end == **name || end.ends_with(&[b"/", name.as_slice()].concat());
            let longest = tree.names().iter().filter(is_end).max_by_key(|name| name.len());
            prop_assert_eq!(tree.end_of(&parts).map(|(index, _)| tree.name(index)), longest.map(Vec::as_slice));
        }
    }
}
