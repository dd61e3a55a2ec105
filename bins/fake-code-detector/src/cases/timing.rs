//! Whether the value of an expression is awaited, returned or dropped.
use crate::model::{At, FunctionId, Module, Write};
use crate::syntax::*;

impl<'a> Module<'a> {
    /// The calls inside of a place.
    pub(crate) fn calls_within(&self, span: Span) -> impl Iterator<Item = &At<&'a CallExpression<'a>>> {
        let first = self.calls.partition_point(|at| at.it.span.start < span.start);
        let last = self.calls.partition_point(|at| at.it.span.start < span.end);
        self.calls[first..last.max(first)].iter().filter(move |at| at.it.span.end <= span.end)
    }

    /// Whether something is thrown inside of a place.
    pub(crate) fn throws_within(&self, span: Span) -> bool {
        let first = self.throws.partition_point(|at| at.it.span.start < span.start);
        self.throws.get(first).is_some_and(|at| at.it.span.end <= span.end)
    }

    /// Whether a value is returned inside of a place.
    pub(crate) fn returns_within(&self, span: Span) -> bool {
        let first = self.returns.partition_point(|at| at.it.span.start < span.start);
        let last = self.returns.partition_point(|at| at.it.span.start < span.end);
        self.returns[first..last.max(first)].iter().any(|at| at.it.value.is_some())
    }

    /// Whether a function has a `return` of its own inside of a place, with a value or without.
    pub(crate) fn leaves_within(&self, span: Span, function: FunctionId) -> bool {
        let first = self.returns.partition_point(|at| at.it.span.start < span.start);
        self.returns[first..]
            .iter()
            .take_while(|at| at.it.span.start < span.end)
            .any(|at| at.function == Some(function))
    }

    /// Whether anything is returned or thrown between two places, in whatever function.
    pub(crate) fn ends_between(&self, start: u32, end: u32) -> bool {
        let first = self.returns.partition_point(|at| at.it.span.start < start);
        let thrown = self.throws.partition_point(|at| at.it.span.start < start);
        self.returns.get(first).is_some_and(|at| at.it.span.start < end)
            || self.throws.get(thrown).is_some_and(|at| at.it.span.start < end)
    }

    /// Whether something is assigned inside of a place.
    pub(crate) fn writes_within(&self, span: Span) -> bool {
        let start = |at: &At<Write<'a>>| self.kind(at.node).span().start;
        let first = self.writes.partition_point(|at| start(at) < span.start);
        self.writes.get(first).is_some_and(|at| start(at) < span.end)
    }

    /// Whether the value of an expression is dropped where it stands: a statement, or `void x`.
    pub(crate) fn floats(&self, node: NodeId) -> bool {
        for (_, around) in self.around(node) {
            match around {
                AstKind::ParenthesizedExpression(_)
                | AstKind::ChainExpression(_)
                | AstKind::TSNonNullExpression(_)
                | AstKind::TSAsExpression(_) => {}
                AstKind::UnaryExpression(it) if it.operator == UnaryOperator::Void => {}
                AstKind::ExpressionStatement(it) => {
                    // The value of `() => x` is an expression statement to nobody.
                    return !matches!(self.kind(self.parent(it.node_id.get())), AstKind::ArrowFunctionExpression(_));
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether a function waits for anything, or hands anything on, behind a place.
    pub(crate) fn waits_after(&self, function: FunctionId, end: u32) -> bool {
        self.own(&self.awaits, function).any(|at| at.it.span.start >= end)
            || self.returns_of(function).any(|it| it.value.is_some() && it.span.start >= end)
    }
}
