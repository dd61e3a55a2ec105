//! How far the calls of a function reach: whether they ask something, or may change it.
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// How far the calls of a function reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outward {
    /// They compute.
    Nothing,
    /// They only ask something else, and the answers are values here.
    Asks,
    /// They only ask, and an answer is dropped where it comes.
    Drops,
    /// Something with no effect in its name is awaited, and its answer is dropped.
    Runs,
    /// They may change the world.
    World,
}

impl<'a> Module<'a> {
    /// How far one call in a function reaches.
    pub(crate) fn outward(&self, node: NodeId, within: FunctionId) -> Outward {
        let name = match self.kind(node) {
            AstKind::CallExpression(call) => names::last(&call.callee),
            AstKind::NewExpression(new) => names::last(&new.callee),
            _ => return Outward::World,
        };
        if name.is_empty() || names::verb_in(name, &lexicon::EFFECT_VERBS) {
            return Outward::World;
        }
        let mut awaited = false;
        for (id, around) in self.around(node) {
            match around {
                AstKind::LogicalExpression(_)
                | AstKind::ConditionalExpression(_)
                | AstKind::ChainExpression(_)
                | AstKind::ParenthesizedExpression(_)
                | AstKind::TSAsExpression(_)
                | AstKind::TSNonNullExpression(_) => {}
                AstKind::AwaitExpression(_) => awaited = true,
                // What is done for each, and waited for together.
                AstKind::StaticMemberExpression(it)
                    if matches!(it.property.name.as_str(), "then" | "catch" | "finally") => {}
                AstKind::CallExpression(it)
                    if matches!(
                        names::last(&it.callee),
                        "then" | "catch" | "finally" | "all" | "allSettled" | "race" | "map" | "flatMap" | "filter"
                    ) => {}
                AstKind::FunctionBody(_) | AstKind::BlockStatement(_) => {}
                AstKind::ReturnStatement(_) => {
                    if self.function_around(id) == Some(within) {
                        return Outward::Asks;
                    }
                }
                AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => match self.function_at(id) {
                    Some(inner) if inner == within => return Outward::Asks,
                    Some(inner) if matches!(self.function(inner).argument_of, "map" | "flatMap" | "filter") => {}
                    Some(inner)
                        if matches!(
                            self.function(inner).argument_of,
                            "reduce" | "some" | "every" | "find" | "sort"
                        ) =>
                    {
                        return Outward::Asks;
                    }
                    _ => return Outward::World,
                },
                AstKind::ExpressionStatement(_) => return self.reach_of_dropped(node, name, awaited),
                AstKind::UnaryExpression(it) if it.operator == UnaryOperator::Void => return Outward::World,
                _ => return Outward::Asks,
            }
        }
        Outward::World
    }

    /// How far a call reaches whose answer is dropped: what a name promises decides.
    fn reach_of_dropped(&self, node: NodeId, name: &str, awaited: bool) -> Outward {
        let words = names::words(name);
        let given = match self.kind(node) {
            AstKind::CallExpression(call) => match call.callee.get_inner_expression() {
                // Nobody knows what a function does that was given.
                Expression::Identifier(name) => self
                    .symbol(name)
                    .is_some_and(|symbol| !self.imports.contains_key(&symbol) && self.function_of(symbol).is_none()),
                _ => false,
            },
            _ => true,
        };
        let asks = words.first().is_some_and(|verb| lexicon::QUERY_VERBS.has(verb) || lexicon::COMPUTE_VERBS.has(verb));
        match (given, awaited, asks) {
            (true, _, _) => Outward::World,
            (false, true, true) => Outward::Drops,
            (false, true, false) => Outward::Runs,
            // `schema.parse(body);` is a guard.
            (false, false, _)
                if words
                    .first()
                    .is_some_and(|verb| lexicon::CHECK_VERBS.has(verb) || verb == "parse" || verb == "assert") =>
            {
                Outward::Drops
            }
            (false, false, _) => Outward::World,
        }
    }
}
