//! What a glance has to know of the places that it passes: where a slice could lose what goes through them.
use super::plain::{Glance, USES, asks};
use crate::analysis::{CallKind, Usage};
use crate::lexicon;
use crate::model::FunctionId;
use crate::names;
use crate::syntax::*;

/// Operators deep that a test is looked into.
const DEEPEST: usize = 4;

/// What becomes of a value in a place.
pub(super) enum Way {
    /// It is an outcome.
    Out,
    /// It goes on to what is around the place.
    On,
    /// Nobody knows.
    Lost,
}

impl<'a> Glance<'_, 'a> {
    /// Whether a slice that follows this follows all that is in it.
    pub(super) fn passes_on(&self, kind: AstKind<'a>) -> bool {
        match kind {
            AstKind::ParenthesizedExpression(_)
            | AstKind::TSAsExpression(_)
            | AstKind::TSSatisfiesExpression(_)
            | AstKind::TSNonNullExpression(_)
            | AstKind::TemplateLiteral(_)
            | AstKind::ArrayExpression(_)
            | AstKind::SpreadElement(_)
            | AstKind::AwaitExpression(_)
            | AstKind::ObjectProperty(_)
            | AstKind::ChainExpression(_)
            | AstKind::SequenceExpression(_)
            | AstKind::ComputedMemberExpression(_)
            | AstKind::PrivateFieldExpression(_)
            | AstKind::NewExpression(_)
            | AstKind::JSXExpressionContainer(_)
            | AstKind::JSXAttribute(_)
            | AstKind::JSXSpreadAttribute(_)
            | AstKind::JSXOpeningElement(_)
            | AstKind::JSXElement(_)
            | AstKind::JSXFragment(_) => true,
            // A comparison may be known to go one way.
            AstKind::BinaryExpression(it) => !self.is_decided(it),
            AstKind::UnaryExpression(it) => !matches!(it.operator, UnaryOperator::Void | UnaryOperator::Typeof),
            AstKind::StaticMemberExpression(it) => {
                !matches!(it.property.name.as_str(), "length" | "size" | "byteLength")
                    || !matches!(it.object.get_inner_expression(), Expression::Identifier(_))
            }
            // What a spread brings may be written over by the next.
            AstKind::ObjectExpression(it) => {
                it.properties.iter().filter(|it| matches!(it, ObjectPropertyKind::SpreadProperty(_))).count() < 2
            }
            AstKind::LogicalExpression(it) => {
                let unset = match it.left.get_inner_expression() {
                    Expression::CallExpression(call) if it.operator != LogicalOperator::And => self.may_be_empty(call),
                    _ => false,
                };
                !unset && !self.may_be_known(&it.left, 0)
            }
            AstKind::ConditionalExpression(it) => {
                let text = |value: &Expression<'a>| self.module.text_of(value.span());
                text(&it.consequent) != text(&it.alternate) && !self.may_be_known(&it.test, 0)
            }
            _ => false,
        }
    }

    /// What becomes of a part of a call.
    pub(super) fn call(&self, (node, call): (NodeId, &'a CallExpression<'a>), part: Span, depth: usize) -> Way {
        match self.module.call_kind(call) {
            CallKind::Effect => Way::Out,
            CallKind::Log | CallKind::Timer if self.reach.any => Way::Out,
            CallKind::Pure if self.runs_for_itself((node, call)) => Way::Out,
            CallKind::Pure | CallKind::Change if self.is_statement(node) && self.changes((node, call), part, depth) => {
                Way::Out
            }
            CallKind::Pure | CallKind::Change if !self.may_be_empty(call) => Way::On,
            CallKind::Local(callee) => {
                let index = call.arguments.iter().position(|it| it.span().contains_inclusive(part));
                if index.is_some_and(|index| !self.is_read(call, callee, index)) {
                    return Way::Lost;
                }
                let world = self.module.summary(callee).is_none_or(|it| !it.effects().is_empty());
                if world { Way::Out } else { Way::On }
            }
            _ => Way::Lost,
        }
    }

    /// Whether a call puts an argument into what a live variable holds: `rows.push(row)`.
    fn changes(&self, (node, call): (NodeId, &'a CallExpression<'a>), part: Span, depth: usize) -> bool {
        let name = names::last(&call.callee);
        call.arguments.iter().any(|it| it.span().contains_inclusive(part))
            && (lexicon::MUTATORS.has(name) || !lexicon::PURE_METHODS.has(name))
            && names::object(&call.callee).is_some_and(|object| {
                !object.is_specific_id("Object")
                    && !object.is_specific_id("Reflect")
                    && self.is_held(object, node, depth)
            })
    }

    /// Whether a function of the module reads one of its arguments for more than a log.
    fn is_read(&self, call: &'a CallExpression<'a>, callee: FunctionId, index: usize) -> bool {
        if self.module.memoised(call).is_some() {
            return index != 1;
        }
        let Some(item) = self.module.function(callee).params.items.get(index) else { return true };
        let symbols = item.pattern.get_symbol_ids();
        symbols.is_empty()
            || call.arguments.iter().any(Argument::is_spread)
            || symbols.into_iter().filter(|it| self.module.uses(*it).nth(USES).is_none()).any(|symbol| {
                match self.module.usage(symbol, callee) {
                    Usage::Guarding => true,
                    Usage::Presence | Usage::Live => callee != self.id && self.is_live_in(symbol, callee),
                    _ => false,
                }
            })
    }

    /// Whether a slice could know which way a test goes.
    pub(super) fn may_be_known(&self, test: &'a Expression<'a>, depth: usize) -> bool {
        if depth > DEEPEST {
            return true;
        }
        match test.get_inner_expression() {
            Expression::BooleanLiteral(_) => true,
            Expression::UnaryExpression(it) => {
                it.operator == UnaryOperator::LogicalNot && self.may_be_known(&it.argument, depth + 1)
            }
            Expression::LogicalExpression(it) => {
                self.may_be_known(&it.left, depth + 1) || self.may_be_known(&it.right, depth + 1)
            }
            Expression::BinaryExpression(it) => self.is_decided(it),
            Expression::Identifier(name) => {
                let symbol = self.module.symbol(name);
                let value = match symbol.map(|symbol| self.module.kind(self.module.declaration(symbol))) {
                    Some(AstKind::VariableDeclarator(it)) => it.init.as_ref(),
                    _ => None,
                };
                let value = value.map(Expression::get_inner_expression);
                matches!(value, Some(Expression::BooleanLiteral(_) | Expression::BinaryExpression(_)))
            }
            _ => false,
        }
    }

    fn is_decided(&self, it: &'a BinaryExpression<'a>) -> bool {
        (it.operator.is_compare() || it.operator.is_equality()) && self.module.yes_of_comparison(it).is_some()
    }

    /// Whether a call could ask a collection into which nothing has been put yet.
    fn may_be_empty(&self, call: &'a CallExpression<'a>) -> bool {
        let Some(object) = names::object(&call.callee).filter(|_| asks(names::last(&call.callee))) else {
            return false;
        };
        let Expression::Identifier(name) = object.get_inner_expression() else { return false };
        let Some(symbol) = self.module.symbol(name) else { return false };
        let made = match self.module.kind(self.module.declaration(symbol)) {
            AstKind::VariableDeclarator(it) => it.init.as_ref().is_none_or(|init| {
                matches!(init.get_inner_expression(), Expression::ArrayExpression(_) | Expression::NewExpression(_))
            }),
            _ => false,
        };
        made || self.module.semantic.scoping().symbol_is_mutated(symbol)
    }
}
