//! An ordered list of patterns in which the last one that matches decides.

use crate::glob::Glob;

/// What a [`GlobList`] says about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decision {
    /// Place of the deciding pattern in the list, from 0.
    pub index: usize,
    /// Whether the path is in: true unless the deciding pattern is negated.
    pub included: bool,
}

/// An ordered list of patterns in which the last one that matches decides: GitHub's `paths`, or a `.gitignore` file.
#[derive(Debug, Clone, Default)]
pub struct GlobList {
    globs: Vec<Glob>,
}

impl GlobList {
    /// A list of `globs` in the order in which they were written.
    pub fn new(globs: Vec<Glob>) -> Self {
        GlobList { globs }
    }

    /// The patterns in their order.
    pub fn globs(&self) -> &[Glob] {
        &self.globs
    }

    /// The pattern that decides about `path`, or `None` when no pattern does.
    ///
    /// Gitignore patterns are asked for each folder on the way, as git does: what lies in a folder that is in, is in,
    /// and no later `!` for a file in it changes that.
    ///
    /// A negated picomatch pattern counts as matching where it matches with its `!`, so it never takes anything out:
    /// that dialect has no such lists.
    pub fn decides(&self, path: &[u8]) -> Option<Decision> {
        if path.is_empty() {
            return None;
        }
        let mut deciders: Vec<(usize, usize)> = Vec::new();
        for (index, glob) in self.globs.iter().enumerate() {
            match glob.matching_levels(path) {
                Some(levels) => deciders.extend(levels.into_iter().map(|end| (end, index))),
                None if glob.is_match(path) => deciders.push((path.len(), index)),
                None => {}
            }
        }
        // Outermost folder first, and on each level the last pattern.
        deciders.sort_unstable_by_key(|&(end, index)| (end, std::cmp::Reverse(index)));
        deciders.dedup_by_key(|&mut (end, _)| end);
        let decision = |&(_, index): &(usize, usize)| Decision { index, included: !self.counts_out(index) };
        let folder = deciders.iter().find(|decider| !self.counts_out(decider.1)).map(decision);
        folder.or_else(|| deciders.last().filter(|decider| decider.0 == path.len()).map(decision))
    }

    fn counts_out(&self, index: usize) -> bool {
        self.globs[index].is_negated() && self.globs[index].syntax() != crate::Syntax::Picomatch
    }
}
