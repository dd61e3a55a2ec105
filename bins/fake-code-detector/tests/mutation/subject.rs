//! What is known of a function that can be turned into a stub.
use std::ops::Range;

use oxc_span::Span;

use crate::value::Value;

/// A function with a body that works.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subject {
    pub(crate) name: String,
    /// Bytes of the function with its name.
    pub(crate) span: Range<usize>,
    /// Bytes between its braces.
    pub(crate) body: Range<usize>,
    pub(crate) indent: String,
    pub(crate) is_async: bool,
    /// Whether it gives a promise without being async.
    pub(crate) promises: bool,
    /// Whether nobody uses a value of it.
    pub(crate) is_void: bool,
    /// A value of its kind.
    pub(crate) value: Option<Value>,
    /// The name of its declared type, where that is one of its own, without the promise around it.
    pub(crate) named_type: Option<String>,
    /// Its first parameter, where giving that back would be right for the types.
    pub(crate) same: Option<String>,
    /// Names of its parameters that are plain.
    pub(crate) parameters: Vec<String>,
    pub(crate) statements: Vec<Statement>,
    /// Calls that reach something outside.
    pub(crate) outside: Vec<Outside>,
    /// Calls of what is imported, given or of `this`, whatever their names promise.
    pub(crate) foreign: Vec<Range<usize>>,
    /// Whether it writes what does not belong to it.
    pub(crate) writes: bool,
}

/// A statement of the body itself.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) span: Range<usize>,
    pub(crate) shape: Shape,
    /// Whether it uses a parameter or `this`.
    pub(crate) reads: bool,
    /// Whether it uses what the body declared.
    pub(crate) leans: bool,
    /// Whether something outside may change or be asked.
    pub(crate) acts: bool,
    /// Whether a value leaves the function in it that is no literal.
    pub(crate) answers: bool,
}

/// What a statement is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// `if (…) return` or `throw`, with nothing of worth in it.
    Guard,
    /// A line of a log.
    Log,
    /// `const x = await ask(…)`: where the awaited call is.
    Ask(Range<usize>),
    /// `return value`.
    Return,
    Other,
}

/// A call that reaches something outside.
#[derive(Debug, Clone)]
pub(crate) struct Outside {
    /// With the `await` before it.
    pub(crate) span: Range<usize>,
    /// Whether it is on a field of `this` or what was imported.
    pub(crate) collaborator: bool,
    /// Whether its name promises that something changes.
    pub(crate) order: bool,
    pub(crate) place: Place,
}

/// Where its result goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere: it is a statement.
    Dropped,
    Returned,
    /// A constant has it.
    Bound,
    Elsewhere,
}

pub(crate) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
