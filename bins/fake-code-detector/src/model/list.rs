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

/// All of one kind, and which part of it stands in each function, functions in that one included.
pub(crate) struct List<T> {
    all: Vec<At<T>>,
    /// By function: the first, and the first behind the last.
    parts: Vec<(u32, u32)>,
}

impl<T> List<T> {
    /// With room for so many.
    pub(super) fn with_capacity(room: usize) -> Self {
        Self { all: Vec::with_capacity(room), parts: Vec::new() }
    }

    pub(super) fn push(&mut self, at: At<T>) {
        self.all.push(at);
    }

    /// What comes next stands in the next function.
    pub(super) fn open(&mut self) {
        let len = self.len();
        self.parts.push((len, len));
    }

    /// What comes next stands behind a function.
    pub(super) fn close(&mut self, function: FunctionId) {
        let len = self.len();
        if let Some(part) = self.parts.get_mut(function.0 as usize) {
            part.1 = len;
        }
    }

    /// What stands inside of a function.
    pub(super) fn inside(&self, function: FunctionId) -> &[At<T>] {
        let part = self.parts.get(function.0 as usize).copied().unwrap_or_default();
        self.all.get(part.0 as usize..part.1 as usize).unwrap_or_default()
    }

    fn len(&self) -> u32 {
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
