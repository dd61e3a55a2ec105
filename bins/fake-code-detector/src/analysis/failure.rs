//! Failure branches: the code that runs when something went wrong, in all the ways that it can be written.
use crate::model::{At, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// How a failure is caught.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caught {
    /// `catch {}`
    Clause,
    /// `finally { return … }`
    Finally,
    /// `.catch(() => …)`
    Handler,
    /// `if (error) { … }` in a callback, `if (!response.ok) { … }`
    Branch,
}

/// A branch that runs on failure.
#[derive(Clone, Copy)]
pub(crate) struct Failure {
    pub(crate) how: Caught,
    /// The branch.
    pub(crate) span: Span,
    /// Its nodes.
    pub(crate) start: NodeId,
    pub(crate) end: NodeId,
    /// The function that the branch is in; of a handler that itself.
    pub(crate) function: FunctionId,
    /// The function to blame: it contains what failed too.
    pub(crate) host: FunctionId,
}

impl<'a> Module<'a> {
    /// All failure branches of the module.
    pub(crate) fn failures(&self) -> Vec<Failure> {
        let mut found = Vec::new();
        for at in &self.catches {
            self.of_try(at, &mut found);
        }
        for at in &self.calls {
            self.of_handler(at, &mut found);
        }
        found
    }

    fn of_try(&self, at: &At<&'a TryStatement<'a>>, found: &mut Vec<Failure>) {
        let Some(function) = at.function else { return };
        if let Some(handler) = &at.it.handler {
            let start = handler.node_id.get();
            let end = at
                .it
                .finalizer
                .as_ref()
                .map_or_else(|| self.end_of(start, handler.span, function), |it| it.node_id.get());
            found.push(Failure { how: Caught::Clause, span: handler.body.span, start, end, function, host: function });
        }
        if let Some(finalizer) = &at.it.finalizer {
            let start = finalizer.node_id.get();
            found.push(Failure {
                how: Caught::Finally,
                span: finalizer.span,
                start,
                end: self.end_of(start, finalizer.span, function),
                function,
                host: function,
            });
        }
    }

    /// The first node behind a part of a function.
    fn end_of(&self, start: NodeId, span: Span, function: FunctionId) -> NodeId {
        self.first_from(span.end, start, self.function(function).end)
    }

    /// The first node between two nodes that begins at a place of the text or behind it.
    fn first_from(&self, place: u32, start: NodeId, end: NodeId) -> NodeId {
        let (mut low, mut high) = (start.index(), end.index());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.kind(NodeId::from_usize(middle)).span().start < place { low = middle + 1 } else { high = middle }
        }
        NodeId::from_usize(low)
    }

    /// `.catch(handler)`, the second argument of `.then`, and what `.finally` runs.
    fn of_handler(&self, at: &At<&'a CallExpression<'a>>, found: &mut Vec<Failure>) {
        let (position, how) = match names::last(&at.it.callee) {
            "catch" => (0, Caught::Handler),
            "then" => (1, Caught::Handler),
            "finally" => (0, Caught::Finally),
            _ => return,
        };
        if names::object(&at.it.callee).is_none() {
            return;
        }
        let Some(id) =
            at.it.arguments.get(position).and_then(Argument::as_expression).and_then(|value| self.function_in(value))
        else {
            return;
        };
        let function = self.function(id);
        let host = at.function.unwrap_or(id);
        found.push(Failure { how, span: function.span, start: function.node, end: function.end, function: id, host });
    }

    /// `if (error) …` of a callback `(error, answer) => …`, and `if (!response.ok) …`.
    pub(crate) fn failure_of_test(&self, node: NodeId, it: &'a IfStatement<'a>) -> Option<Failure> {
        if !self.tests_failure(&it.test) {
            return None;
        }
        let function = self.function_around(node)?;
        let span = it.consequent.span();
        let start = self.first_from(span.start, node, self.function(function).end);
        let host = match self.function(function).parent {
            Some(parent) if self.function(function).role == crate::model::Role::Callback => parent,
            _ => function,
        };
        Some(Failure { how: Caught::Branch, span, start, end: self.end_of(start, span, function), function, host })
    }

    /// Whether an expression is true when something failed, and only then, and says nothing about what it was.
    pub(crate) fn tests_failure(&self, test: &'a Expression<'a>) -> bool {
        match test.get_inner_expression() {
            Expression::Identifier(name) => is_error_name(&name.name),
            Expression::StaticMemberExpression(it) => {
                matches!(it.property.name.as_str(), "isError" | "error" | "failed" | "hasError")
            }
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                match it.argument.get_inner_expression() {
                    Expression::StaticMemberExpression(it) => {
                        matches!(it.property.name.as_str(), "ok" | "success" | "isSuccess")
                    }
                    _ => false,
                }
            }
            // `!response || !response.ok`
            Expression::LogicalExpression(it) if it.operator == LogicalOperator::Or => {
                let missing = match it.left.get_inner_expression() {
                    Expression::UnaryExpression(none) if none.operator == UnaryOperator::LogicalNot => {
                        let whole = self.text_of(none.argument.span());
                        matches!(none.argument, Expression::Identifier(_))
                            && matches!(it.right.get_inner_expression(), Expression::UnaryExpression(right) if names::object(&right.argument).is_some_and(|it| self.text_of(it.span()) == whole))
                    }
                    _ => false,
                };
                (missing || self.tests_failure(&it.left)) && self.tests_failure(&it.right)
            }
            // `response.status !== 200`, `response.status >= 400`
            Expression::BinaryExpression(it) => {
                let status = matches!(names::last(&it.left), "status" | "statusCode");
                let bound = matches!(it.right.get_inner_expression(), Expression::NumericLiteral(code) if match it.operator {
                    BinaryOperator::StrictInequality | BinaryOperator::Inequality => (200.0..300.0).contains(&code.value),
                    BinaryOperator::GreaterEqualThan | BinaryOperator::GreaterThan => code.value >= 299.0,
                    _ => false,
                });
                // `answer.status === "rejected"` of `Promise.allSettled`
                let rejected = matches!(it.operator, BinaryOperator::StrictEquality | BinaryOperator::Equality)
                    && matches!(it.right.get_inner_expression(), Expression::StringLiteral(text) if text.value == "rejected");
                status && (bound || rejected)
            }
            _ => false,
        }
    }
}

fn is_error_name(name: &str) -> bool {
    matches!(name, "error" | "err" | "e" | "failure" | "isError" | "failed" | "hasError" | "loadError" | "fetchError")
}

impl<'a> Module<'a> {
    /// All failure branches of the module, those of tests included, in the order of the text.
    pub(crate) fn all_failures(&self) -> Vec<Failure> {
        let mut found = self.failures();
        for at in &self.ifs {
            found.extend(self.failure_of_test(at.node, at.it));
        }
        found.sort_by_key(|failure| failure.start);
        found
    }
}

impl<'a> Module<'a> {
    /// Whether an expression compares the size of something with a number: `words(text) < 120`, `text.length > 20`.
    pub(crate) fn is_size_test(&self, test: &'a Expression<'a>) -> bool {
        let Expression::BinaryExpression(it) = test.get_inner_expression() else { return false };
        let number = matches!(it.right.get_inner_expression(), Expression::NumericLiteral(_));
        number && it.operator.is_compare() && self.is_size(&it.left, 0)
    }

    fn is_size(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        match value.get_inner_expression() {
            Expression::StaticMemberExpression(it) => matches!(it.property.name.as_str(), "length" | "size"),
            Expression::Identifier(name) if depth < 3 => {
                self.initial(name).is_some_and(|init| self.is_size(init, depth + 1))
            }
            Expression::CallExpression(call) if depth < 3 => match self.call_kind(call) {
                crate::analysis::CallKind::Local(id) => {
                    self.returns_of(id).filter_map(|it| it.value).all(|value| self.is_size(value, depth + 1))
                }
                _ => false,
            },
            _ => false,
        }
    }
}
