//! Regular expressions as the dialects need them: one tree for all of them, and a reader of ECMAScript's notation.

mod class;
mod escape;
mod parse;

pub(crate) use parse::{Failure, parse};

use crate::charset::CharSet;

/// A regular expression. Greedy or lazy makes no difference to a yes or no, so neither is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// One character out of a set.
    Set(CharSet),
    /// One after the other; none is the empty text.
    Concat(Vec<Node>),
    /// One of several.
    Alternate(Vec<Node>),
    /// At least `min` times and at most `max` times.
    Repeat { node: Box<Node>, min: u32, max: Option<u32> },
    /// What follows here must match (or, when negative, must not), and is not consumed.
    Look { node: Box<Node>, negative: bool },
    /// The beginning of the path.
    Start,
    /// The end of the path. Never "before a line break": no flag is in use.
    End,
    /// Between a word character and another one; when negative, anywhere else.
    WordBoundary { negative: bool },
}

impl Node {
    /// The empty text.
    pub(crate) fn empty() -> Self {
        Node::Concat(Vec::new())
    }

    /// One character.
    pub(crate) fn character(character: char) -> Self {
        Node::Set(CharSet::one(character as u32))
    }

    /// `node` any number of times.
    pub(crate) fn star(node: Node) -> Self {
        Node::Repeat { node: Box::new(node), min: 0, max: None }
    }

    /// `node` once or not at all.
    pub(crate) fn optional(node: Node) -> Self {
        Node::Repeat { node: Box::new(node), min: 0, max: Some(1) }
    }

    /// Whether the empty text matches at every position, whatever stands around it.
    pub(crate) fn is_nullable(&self) -> bool {
        match self {
            Node::Concat(nodes) => nodes.iter().all(Node::is_nullable),
            Node::Alternate(nodes) => nodes.iter().any(Node::is_nullable),
            Node::Repeat { node, min, .. } => *min == 0 || node.is_nullable(),
            Node::Set(_) | Node::Look { .. } | Node::Start | Node::End | Node::WordBoundary { .. } => false,
        }
    }
}
