//! Whether what a variable holds is seen by this function only: then a change of it is no outcome by itself.
use super::Slicer;
use super::definition::How;
use crate::analysis::CallKind;
use crate::model::Write;
use crate::names;
use crate::syntax::*;

/// How many variables and parts of values one question may look at.
const MOST: usize = 60;

impl<'a> Slicer<'_, 'a> {
    /// Whether a change (a write to a member, or a call on a variable) changes only what this function made and nobody else holds.
    pub(super) fn changes_private(&self, node: NodeId) -> bool {
        let object = match self.module.kind(node) {
            AstKind::CallExpression(call) => match names::object(&call.callee) {
                Some(object) if object.is_specific_id("Object") || object.is_specific_id("Reflect") => {
                    call.arguments.first().and_then(Argument::as_expression)
                }
                object => object,
            },
            AstKind::AssignmentExpression(it) => names::target_object(&it.left),
            AstKind::UpdateExpression(it) => changed(Write::Update(it)),
            _ => None,
        };
        let Some(object) = object else { return false };
        let Expression::Identifier(name) = names::root(object) else { return false };
        let Some(symbol) = self.module.symbol(name) else { return false };
        let whole = matches!(object.get_inner_expression(), Expression::Identifier(_));
        self.is_private(symbol, !whole, &mut Vec::new())
    }

    /// Whether a variable holds what was made here; with `deep` also everything in it.
    fn is_private(&self, symbol: SymbolId, deep: bool, seen: &mut Vec<(SymbolId, bool)>) -> bool {
        if seen.contains(&(symbol, deep)) {
            return true;
        }
        self.spend(20);
        if seen.len() > MOST || self.steps.get() > super::MOST {
            return false;
        }
        seen.push((symbol, deep));
        let home = self.module.declaration(symbol);
        let declared =
            matches!(self.module.kind(home), AstKind::VariableDeclarator(it) if it.id.is_binding_identifier());
        let Some(all) = self.slice.defined.get(&symbol).filter(|_| declared && home > self.node && home < self.end)
        else {
            return false;
        };
        if self.escapes(symbol) {
            return false;
        }
        all.iter().all(|&index| {
            let it = &self.slice.definitions[index];
            match (it.how, it.value) {
                (How::Set | How::Add, Some(value)) => self.is_new(value, deep, seen),
                (How::Turn, Some(value)) => self.is_new(value, true, seen),
                (How::Change, value) if deep => {
                    value.is_none_or(|value| self.is_new(value, true, seen))
                        && match self.module.kind(it.node) {
                            AstKind::CallExpression(call) => call.arguments.iter().all(|argument| {
                                argument.as_expression().is_some_and(|value| self.is_new(value, true, seen))
                            }),
                            _ => true,
                        }
                }
                _ => true,
            }
        })
    }

    /// Whether somebody else may hold what a variable holds: it is given to a call that may keep it, or kept in something.
    fn escapes(&self, symbol: SymbolId) -> bool {
        self.module.uses(symbol).any(|used| {
            self.spend(1);
            let mut inner = self.module.kind(used.node_id()).span();
            for (_, around) in self.module.around(used.node_id()) {
                match around {
                    AstKind::ObjectProperty(_)
                    | AstKind::ObjectExpression(_)
                    | AstKind::ArrayExpression(_)
                    | AstKind::ParenthesizedExpression(_)
                    | AstKind::TSAsExpression(_)
                    | AstKind::TSNonNullExpression(_) => inner = around.span(),
                    AstKind::CallExpression(call) => {
                        return !call.callee.span().contains_inclusive(inner)
                            && matches!(self.module.call_kind(call), CallKind::Effect | CallKind::Local(_));
                    }
                    AstKind::NewExpression(new) => {
                        return !crate::lexicon::PURE_GLOBALS.has(names::last(&new.callee));
                    }
                    AstKind::AssignmentExpression(it) => {
                        return it.right.span().contains_inclusive(inner)
                            && !matches!(it.left, AssignmentTarget::AssignmentTargetIdentifier(_));
                    }
                    _ => return false,
                }
            }
            false
        })
    }

    /// Whether a value is new: made here, or of a kind that nobody can change.
    fn is_new(&self, value: &'a Expression<'a>, deep: bool, seen: &mut Vec<(SymbolId, bool)>) -> bool {
        let mut of = |value: &'a Expression<'a>| self.is_new(value, deep, seen);
        match value.get_inner_expression() {
            Expression::ArrayExpression(it) => {
                !deep || it.elements.iter().all(|it| it.as_expression().is_some_and(&mut of))
            }
            Expression::ObjectExpression(it) => {
                !deep
                    || it.properties.iter().all(|it| match it {
                        ObjectPropertyKind::ObjectProperty(it) => of(&it.value),
                        ObjectPropertyKind::SpreadProperty(_) => false,
                    })
            }
            Expression::NewExpression(it) => self.module.is_fresh(value) && (!deep || it.arguments.is_empty()),
            Expression::LogicalExpression(it) => of(&it.left) && of(&it.right),
            Expression::ConditionalExpression(it) => of(&it.consequent) && of(&it.alternate),
            Expression::Identifier(name) => {
                value.is_undefined()
                    || self.module.symbol(name).is_some_and(|symbol| self.is_private(symbol, deep, seen))
            }
            Expression::BinaryExpression(_)
            | Expression::TemplateLiteral(_)
            | Expression::UnaryExpression(_)
            | Expression::UpdateExpression(_) => true,
            Expression::CallExpression(_) if self.module.is_fresh(value) && !deep => true,
            // `groups.get(key)`, `rows[0]`
            other @ (Expression::CallExpression(_)
            | Expression::StaticMemberExpression(_)
            | Expression::ComputedMemberExpression(_)) => match names::root(other) {
                Expression::Identifier(name) => {
                    self.module.symbol(name).is_some_and(|symbol| self.is_private(symbol, true, seen))
                }
                _ => false,
            },
            other => other.is_literal(),
        }
    }
}

fn changed<'a>(write: Write<'a>) -> Option<&'a Expression<'a>> {
    match write {
        Write::Assign(it) => names::target_object(&it.left),
        Write::Update(it) => match &it.argument {
            SimpleAssignmentTarget::StaticMemberExpression(it) => Some(&it.object),
            SimpleAssignmentTarget::ComputedMemberExpression(it) => Some(&it.object),
            SimpleAssignmentTarget::PrivateFieldExpression(it) => Some(&it.object),
            _ => None,
        },
    }
}
