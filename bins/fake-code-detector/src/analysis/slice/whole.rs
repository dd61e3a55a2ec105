//! Objects of which nothing is left, and answers that are the same whatever decides between them.
use super::{Slicer, Task};
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

impl<'a> Slicer<'_, 'a> {
    /// Follows `{ ...own, ...PRESET }` without what is overridden; false where nothing is.
    pub(super) fn overridden(&mut self, node: NodeId, it: &'a ObjectExpression<'a>, level: super::Level) -> bool {
        let spread = |at: usize| match it.properties.get(at) {
            Some(ObjectPropertyKind::SpreadProperty(spread)) => self.keys(&spread.argument),
            _ => None,
        };
        let all: Vec<Option<Vec<&'a str>>> = (0..it.properties.len().min(20)).map(spread).collect();
        let gone = |at: usize| {
            all[at].as_ref().is_some_and(|own| {
                all[at + 1..].iter().flatten().any(|later| own.iter().all(|key| later.contains(key)))
            })
        };
        let dead: Vec<usize> = (0..all.len()).filter(|at| gone(*at)).collect();
        for (at, property) in it.properties.iter().enumerate().filter(|_| !dead.is_empty()) {
            if !dead.contains(&at) {
                self.open.push(Task::Scan(node, property.span(), level));
            }
        }
        !dead.is_empty()
    }

    /// The keys of an object that is written out, directly or as a constant, and that nobody adds to.
    fn keys(&self, value: &'a Expression<'a>) -> Option<Vec<&'a str>> {
        let value = value.get_inner_expression();
        let object = self.module.constant_value(value);
        let Expression::ObjectExpression(object) = object.get_inner_expression() else { return None };
        if let Expression::Identifier(name) = value {
            let symbol = self.module.symbol(name)?;
            let only_read = self.module.uses(symbol).all(|used| {
                !matches!(self.module.kind(self.module.parent(used.node_id())), AstKind::ComputedMemberExpression(_))
                    && !used.is_write()
            });
            let changed = self.slice.defined.get(&symbol).is_some_and(|all| all.len() > 1);
            if !only_read || changed {
                return None;
            }
        }
        let key = |it: &'a ObjectPropertyKind<'a>| match it {
            ObjectPropertyKind::ObjectProperty(it) if !it.value.is_undefined() => {
                Some(names::key(&it.key)).filter(|key| !key.is_empty())
            }
            _ => None,
        };
        object.properties.iter().map(key).collect::<Option<Vec<_>>>().filter(|keys| !keys.is_empty())
    }

    /// Where the size of what a call gives comes from, where that is only how much there is of something else.
    pub(super) fn size_of_call(&mut self, node: NodeId, call: &'a CallExpression<'a>, level: super::Level) -> bool {
        if let Some(id) = self.module.memoised(call) {
            let values: Vec<_> = self.module.returns_of(id).map(|it| it.value).collect();
            let (Some(Some(value)), 1) = (values.first(), values.len()) else { return false };
            self.size(self.module.function(id).node, value, level);
            return true;
        }
        let all = matches!(names::last(&call.callee), "all" | "allSettled")
            && names::object(&call.callee).is_some_and(|it| it.is_specific_id("Promise"));
        match call.arguments.first().and_then(Argument::as_expression).filter(|_| all) {
            Some(of) => {
                self.size(node, of, level);
                true
            }
            None => false,
        }
    }
}

/// Whether a function answers one and the same parameter everywhere, as it came or as a flat copy: `state`, `{ ...state }`.
pub(super) fn answers_one<'a>(module: &Module<'a>, id: FunctionId) -> bool {
    let mut first = None;
    let mut count = 0;
    let one = module.returns_of(id).all(|it| {
        count += 1;
        let symbol = it.value.and_then(|value| flat(module, value));
        symbol.is_some() && *first.get_or_insert(symbol) == symbol
    });
    one && count > 1
}

fn flat<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<SymbolId> {
    match value.get_inner_expression() {
        Expression::ObjectExpression(it) => match it.properties.as_slice() {
            [ObjectPropertyKind::SpreadProperty(it)] => module.parameter(&it.argument),
            _ => None,
        },
        Expression::ArrayExpression(it) => match it.elements.as_slice() {
            [ArrayExpressionElement::SpreadElement(it)] => module.parameter(&it.argument),
            _ => None,
        },
        _ => module.parameter(value),
    }
}
