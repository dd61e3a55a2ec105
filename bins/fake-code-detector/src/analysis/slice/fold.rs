//! What is known before anything runs: tests that can only go one way, and collections that are still empty.
use super::Slicer;
use super::definition::How;
use crate::names;
use crate::syntax::*;

/// Operators deep that a test is looked into.
const DEEPEST: usize = 4;

impl<'a> Slicer<'_, 'a> {
    /// Which way a test always goes; nothing where it may go both.
    pub(super) fn known(&self, test: &'a Expression<'a>) -> Option<bool> {
        self.known_at(test, 0)
    }

    fn known_at(&self, test: &'a Expression<'a>, depth: usize) -> Option<bool> {
        if depth > DEEPEST {
            return None;
        }
        let of = |test: &'a Expression<'a>| self.known_at(test, depth + 1);
        match test.get_inner_expression() {
            Expression::BooleanLiteral(it) => Some(it.value),
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                of(&it.argument).map(|known| !known)
            }
            Expression::LogicalExpression(it) => match (it.operator, of(&it.left), of(&it.right)) {
                (LogicalOperator::And, Some(false), _) | (LogicalOperator::And, _, Some(false)) => Some(false),
                (LogicalOperator::Or, Some(true), _) | (LogicalOperator::Or, _, Some(true)) => Some(true),
                (LogicalOperator::And, Some(true), Some(true)) => Some(true),
                (LogicalOperator::Or, Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Expression::BinaryExpression(it) if self.is_decided(it) => Some(true),
            Expression::Identifier(name) => {
                let symbol = self.module.symbol(name).filter(|it| self.is_local(*it))?;
                let all = self.slice.defined.get(&symbol)?;
                let [only] = all[..] else { return None };
                let only = &self.slice.definitions[only];
                let declared = only.node == self.module.declaration(symbol) && only.how == How::Set;
                let value = only.value.filter(|_| declared)?;
                match value.get_inner_expression() {
                    Expression::BooleanLiteral(it) => Some(it.value),
                    Expression::BinaryExpression(it) if self.is_decided(it) => Some(true),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether a comparison can only go one way.
    pub(super) fn is_decided(&self, it: &'a BinaryExpression<'a>) -> bool {
        (it.operator.is_compare() || it.operator.is_equality()) && self.module.yes_of_comparison(it).is_some()
    }

    /// Whether a variable is declared in the function.
    pub(super) fn is_local(&self, symbol: SymbolId) -> bool {
        let home = self.module.declaration(symbol);
        home > self.node && home < self.end
    }

    /// Whether two expressions are written the same.
    pub(super) fn same(&self, one: Span, other: Span) -> bool {
        one.size() == other.size() && self.module.text_of(one) == self.module.text_of(other)
    }

    /// Whether a call asks a collection that was made here and into which nothing has been put yet.
    pub(super) fn asks_empty(&self, node: NodeId, call: &'a CallExpression<'a>) -> bool {
        let asks = super::plain::asks(names::last(&call.callee));
        let Some(object) = names::object(&call.callee).filter(|_| asks) else { return false };
        let Expression::Identifier(name) = object.get_inner_expression() else { return false };
        let Some(symbol) = self.module.symbol(name) else { return false };
        let Some(all) = self.slice.defined.get(&symbol) else { return false };
        let Some(&first) = all.first() else { return false };
        let first = &self.slice.definitions[first];
        let empty = match first.value.map(Expression::get_inner_expression) {
            Some(Expression::ArrayExpression(it)) => it.elements.is_empty(),
            Some(Expression::NewExpression(it)) => {
                it.arguments.is_empty() && matches!(names::last(&it.callee), "Map" | "Set" | "WeakMap" | "WeakSet")
            }
            _ => false,
        };
        let home = self.module.function_around(first.node);
        empty
            && first.how == How::Set
            && self.module.function_around(node) == home
            && self.aliases.get(&symbol).is_none_or(|all| all.iter().all(|alias| !self.defined_before(*alias, node)))
            && all[1..].iter().all(|&index| {
                let it = &self.slice.definitions[index];
                self.module.function_around(it.node) == home
                    && it.node > node
                    && !self.share_loop(it.node, node, first.node)
            })
            && self.module.uses(symbol).all(|used| used.node_id() >= node || self.is_asked(used.node_id()))
            && !self.share_loop(node, node, first.node)
    }

    fn defined_before(&self, symbol: SymbolId, node: NodeId) -> bool {
        self.slice.defined.get(&symbol).is_some_and(|all| {
            all.iter().any(|&index| {
                self.slice.definitions[index].how == How::Change && self.slice.definitions[index].node < node
            })
        })
    }

    /// Whether a use of a collection is only a question to it.
    fn is_asked(&self, node: NodeId) -> bool {
        matches!(self.module.kind(self.module.parent(node)), AstKind::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "get" | "has" | "includes" | "size" | "length"))
    }

    /// Whether a loop is around two nodes and not around a third.
    pub(super) fn share_loop(&self, one: NodeId, other: NodeId, without: NodeId) -> bool {
        let (other, without) = (self.module.kind(other).span(), self.module.kind(without).span());
        self.module.around(one).take_while(|(node, _)| *node > self.node).any(|(_, kind)| {
            let again = match kind {
                // What stands first in the head runs once.
                AstKind::ForStatement(it) => {
                    Span::new(it.init.as_ref().map_or(it.span.start, |init| init.span().end), it.span.end)
                }
                _ if is_loop(kind) => kind.span(),
                _ => return false,
            };
            again.contains_inclusive(other) && !again.contains_inclusive(without)
        })
    }
}

pub(super) fn is_loop(kind: AstKind<'_>) -> bool {
    matches!(
        kind,
        AstKind::ForStatement(_)
            | AstKind::ForOfStatement(_)
            | AstKind::ForInStatement(_)
            | AstKind::WhileStatement(_)
            | AstKind::DoWhileStatement(_)
    )
}
