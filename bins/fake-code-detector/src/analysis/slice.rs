//! What the outcomes of a function depend on: a slice backwards from what it answers, throws and does to others.
//!
//! Only what is known to serve no outcome is dead. A variable counts from where it was last set; what is put into a collection
//! counts wherever the collection is read. A function that costs more than [`MOST`] steps has no slice: all of it is real.
mod control;
mod definition;
mod fold;
mod follow;
mod glance;
mod plain;
mod private;
mod reaching;
mod seed;
mod through;
mod whole;

use std::cell::Cell;

use rustc_hash::FxHashMap;

use crate::analysis::Usage;
use crate::model::{FunctionId, Module};
use crate::syntax::*;
use definition::Definition;

/// What a value serves at best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Level {
    /// No outcome.
    #[default]
    Dead,
    /// Only a log is told, or a pause is made longer.
    Told,
    /// Only whether the function throws or leaves with nothing.
    Guard,
    /// Only how much of it there is.
    Size,
    /// An outcome.
    Live,
}

impl Level {
    /// The same as a use of a parameter.
    pub(crate) fn usage(self) -> Usage {
        match self {
            Self::Dead => Usage::Dead,
            Self::Told => Usage::Logged,
            Self::Guard => Usage::Guarding,
            Self::Size => Usage::Presence,
            Self::Live => Usage::Live,
        }
    }
}

/// Steps that one slice may take: nodes and definitions that are looked at.
const MOST: u32 = 100_000;

/// Nodes of the largest function that is looked at.
const LARGEST: usize = 30_000;

/// How many functions deep slices are made.
const DEEPEST: usize = 8;

/// What the outcomes of one function depend on.
pub(crate) struct Slice<'a> {
    levels: FxHashMap<SymbolId, Level>,
    definitions: Vec<Definition<'a>>,
    /// The definitions of each variable, in the order of the text.
    defined: FxHashMap<SymbolId, Vec<usize>>,
}

impl<'a> Slice<'a> {
    /// What a variable or parameter serves at best.
    pub(crate) fn level(&self, symbol: SymbolId) -> Level {
        self.levels.get(&symbol).copied().unwrap_or_default()
    }

    /// What the value serves that is given to a variable at this node.
    pub(crate) fn level_at(&self, node: NodeId) -> Level {
        let first = self.definitions.partition_point(|it| it.node < node);
        let own = self.definitions[first..].iter().take_while(|it| it.node == node);
        own.map(|it| it.level).max().unwrap_or_default()
    }

    /// Whether a variable is set or changed somewhere, and none of that serves anything.
    pub(crate) fn is_dead(&self, symbol: SymbolId) -> bool {
        let own = self.defined.get(&symbol).filter(|own| !own.is_empty());
        own.is_some_and(|own| own.iter().all(|&index| self.definitions[index].level == Level::Dead))
    }

    /// Whether anything of the function's own is set or changed inside of a place.
    pub(crate) fn changes_within(&self, span: Span) -> bool {
        self.definitions.iter().any(|it| span.contains_inclusive(it.span))
    }

    /// The best that anything serves which is set or changed inside of a place.
    pub(crate) fn level_within(&self, span: Span) -> Level {
        let inside = self.definitions.iter().filter(|it| span.contains_inclusive(it.span));
        inside.map(|it| it.level).max().unwrap_or_default()
    }
}

/// A place that is still to be followed.
enum Task {
    /// An expression.
    Scan(NodeId, Span, Level),
    /// What a function inside of this one answers.
    Answers(FunctionId, Level),
    /// What decides whether a node is reached.
    Controls(NodeId, Level),
}

/// A slice in the making.
struct Slicer<'m, 'a> {
    module: &'m Module<'a>,
    id: FunctionId,
    node: NodeId,
    end: NodeId,
    slice: Slice<'a>,
    /// By definition the function that it stands in.
    homes: Vec<Option<FunctionId>>,
    /// Variables that share what another one holds.
    aliases: FxHashMap<SymbolId, Vec<SymbolId>>,
    /// `break` and `continue`.
    jumps: Vec<NodeId>,
    /// By the number of the node in the function.
    reads: Vec<Level>,
    controlled: Vec<Option<Level>>,
    answered: FxHashMap<FunctionId, Level>,
    open: Vec<Task>,
    steps: Cell<u32>,
}

impl<'a> Module<'a> {
    /// The slice of a function; nothing where it is too large, or where there is nothing that a slice could tell apart.
    pub(crate) fn slice(&self, id: FunctionId) -> Option<&Slice<'a>> {
        let cell = self.slices.get(id.0 as usize)?;
        if let Some(known) = cell.get() {
            return known.as_ref();
        }
        // Functions that call each other in a circle know nothing of each other while the first is looked at.
        if self.slicing.borrow().contains(&id) || self.slicing.borrow().len() > DEEPEST {
            return None;
        }
        self.slicing.borrow_mut().push(id);
        let slice = self.find_slice(id);
        self.slicing.borrow_mut().pop();
        cell.get_or_init(|| slice).as_ref()
    }

    fn find_slice(&self, id: FunctionId) -> Option<Slice<'a>> {
        let function = self.function(id);
        // What a slice costs is worth it only where something is kept in between.
        if function.statements().is_empty() || !(20..LARGEST).contains(&(function.end.index() - function.node.index()))
        {
            return None;
        }
        let mut slicer = Slicer {
            module: self,
            id,
            node: function.node,
            end: function.end,
            slice: Slice { levels: FxHashMap::default(), definitions: Vec::new(), defined: FxHashMap::default() },
            homes: Vec::new(),
            aliases: FxHashMap::default(),
            jumps: Vec::new(),
            reads: vec![Level::Dead; function.end.index() - function.node.index()],
            controlled: vec![None; function.end.index() - function.node.index()],
            answered: FxHashMap::default(),
            open: Vec::new(),
            steps: Cell::new(0),
        };
        slicer.collect();
        if slicer.slice.definitions.is_empty() {
            return None;
        }
        slicer.seed();
        while let Some(task) = slicer.open.pop() {
            slicer.follow(task);
            if slicer.steps.get() > MOST {
                return None;
            }
        }
        Some(slicer.slice)
    }
}
