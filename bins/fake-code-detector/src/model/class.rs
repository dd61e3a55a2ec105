//! A class and its members.
use super::{ClassId, FunctionId};
use crate::syntax::*;

/// A field that a class holds.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    /// A parameter of the constructor, given by whoever makes the object: a collaborator or a setting.
    pub(crate) injected: bool,
    pub(crate) annotation: Option<&'a TSType<'a>>,
    pub(crate) value: Option<&'a Expression<'a>>,
    pub(crate) span: Span,
}

/// A class of the module.
pub(crate) struct Class<'a> {
    pub(crate) id: ClassId,
    pub(crate) node: NodeId,
    pub(crate) end: NodeId,
    pub(crate) it: &'a Class_<'a>,
    pub(crate) name: &'a str,
    /// Fields, and parameters of the constructor that become fields.
    pub(crate) members: Vec<Member<'a>>,
    pub(crate) methods: Vec<FunctionId>,
}

use crate::syntax::Class as Class_;

impl Class<'_> {
    /// Whether it extends or implements something: its methods answer to somebody else's contract.
    pub(crate) fn has_heritage(&self) -> bool {
        self.it.heritage.is_some() || !self.it.implements.is_empty()
    }
}
