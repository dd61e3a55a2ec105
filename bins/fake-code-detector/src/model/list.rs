//! What of one kind stands in a module, in the order of the text.
use std::ops::Deref;

use super::FunctionId;
use crate::syntax::NodeId;

/// Something that stands in a function, or at the top of the module.
#[derive(Clone, Copy)]
pub(crate) struct At<T> {
    /// Its node.
    pub(crate) node: NodeId,
    /// The innermost function around it.
    pub(crate) function: Option<FunctionId>,
    /// What it is.
    pub(crate) it: T,
}

/// How many lists a module has.
pub(super) const LISTS: usize = 25;

/// Of each list what stands in one function, functions in that one included: the first, and the first behind the last.
pub(super) type Parts = [(u32, u32); LISTS];

/// All of one kind.
pub(crate) struct List<T> {
    all: Vec<At<T>>,
    /// Which of the lists of a module it is.
    pub(super) number: usize,
}

impl<T> List<T> {
    /// The list of this number, with room for so many.
    pub(super) fn new(number: usize, room: usize) -> Self {
        Self { all: Vec::with_capacity(room), number }
    }

    pub(super) fn push(&mut self, at: At<T>) {
        self.all.push(at);
    }

    /// How many there are so far.
    pub(super) fn count(&self) -> u32 {
        self.all.len().try_into().unwrap_or(u32::MAX)
    }
}

impl<T> Deref for List<T> {
    type Target = [At<T>];

    fn deref(&self) -> &[At<T>] {
        &self.all
    }
}

impl<'m, T> IntoIterator for &'m List<T> {
    type Item = &'m At<T>;
    type IntoIter = std::slice::Iter<'m, At<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}
