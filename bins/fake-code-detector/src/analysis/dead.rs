//! Work of which nothing comes: results that nothing reads, and objects that nobody sees.
use crate::analysis::{CallKind, Usage};
use crate::model::{FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

impl<'a> Module<'a> {
    /// Whether a function changes a copy that it has made: `copy.total = 0`.
    pub(crate) fn changes_a_copy(&self, id: FunctionId) -> bool {
        self.inside(&self.writes, id).iter().any(|write| match write.it {
            Write::Assign(it) => names::target_object(&it.left).is_some(),
            Write::Update(it) => it.argument.get_identifier_name().is_none(),
        })
    }

    /// The best use of any parameter outside of guards.
    pub(crate) fn input_usage(&self, id: FunctionId, guards: &[Span]) -> Usage {
        let best = self.summary(id).map(|summary| summary.best_usage()).unwrap_or(Usage::Live);
        if best <= Usage::Guarding || guards.is_empty() {
            return best;
        }
        let symbols = self.function(id).parameters().iter().copied().filter_map(|name| name.symbol_id.get());
        symbols.map(|symbol| self.usage_outside(symbol, id, guards)).max().unwrap_or_default().max(Usage::Guarding)
    }

    /// Work of a function of which nothing comes, where its answer is known to be constant: the first variable that is made of something real, or a loop.
    pub(crate) fn dead_work(&self, id: FunctionId) -> Option<(&'a str, Span)> {
        let function = self.function(id);
        (function.node.index()..function.end.index()).map(NodeId::from_usize).find_map(|node| match self.kind(node) {
            AstKind::VariableDeclarator(it) => {
                let works = !matches!(
                    it.init.as_ref()?.get_inner_expression(),
                    Expression::Identifier(_) | Expression::StaticMemberExpression(_)
                );
                let name = it.id.get_binding_identifiers().first().copied()?;
                (works && self.origin_of_symbol(name.symbol_id.get()?).is_real())
                    .then_some((name.name.as_str(), it.span))
            }
            AstKind::ForOfStatement(it) => Some(("the loop", Span::new(it.span.start, it.right.span().end))),
            AstKind::AwaitExpression(it) if matches!(self.kind(self.parent(node)), AstKind::ExpressionStatement(_)) => {
                Some(("what it awaits", it.span))
            }
            AstKind::CallExpression(it)
                if matches!(self.kind(self.parent(node)), AstKind::ExpressionStatement(_)) && self.drops_value(it) =>
            {
                Some(("what it is given", it.span))
            }
            _ => None,
        })
    }

    /// Whether a call as a statement is made for its value.
    fn drops_value(&self, call: &'a CallExpression<'a>) -> bool {
        let runs = matches!(names::last(&call.callee), "then" | "catch" | "finally" | "forEach" | "call" | "apply");
        !runs && matches!(self.call_kind(call), CallKind::Pure | CallKind::Effect)
    }

    /// A variable of a function that is made with some work and that nothing reads, whatever else the function does.
    pub(crate) fn unread_result(&self, id: FunctionId) -> Option<(&'a str, Span)> {
        self.declarators(id).filter(|it| self.function_around(it.node_id.get()) == Some(id)).find_map(|it| {
            let names = it.id.get_binding_identifiers();
            let first = names.first()?;
            let ignored =
                |name: &str| name.starts_with('_') || matches!(name, "unused" | "ignored" | "dummy" | "React");
            if names.iter().any(|name| ignored(name.name.as_str()))
                || matches!(
                    self.kind(self.parent(self.parent(it.node_id.get()))),
                    AstKind::ForInStatement(_) | AstKind::ForOfStatement(_)
                )
            {
                return None;
            }
            let untouched =
                names.iter().all(|name| name.symbol_id.get().is_some_and(|symbol| self.uses(symbol).next().is_none()));
            let works = match it.init.as_ref().map(Expression::get_inner_expression) {
                Some(
                    Expression::ArrowFunctionExpression(_)
                    | Expression::FunctionExpression(_)
                    | Expression::ClassExpression(_),
                ) => false,
                Some(Expression::CallExpression(call)) => {
                    !matches!(self.call_kind(call), CallKind::Timer | CallKind::Log)
                }
                Some(
                    Expression::AwaitExpression(_) | Expression::NewExpression(_) | Expression::ChainExpression(_),
                ) => true,
                // What is only named is work where nothing at all names it again.
                Some(Expression::Identifier(_) | Expression::StaticMemberExpression(_)) => {
                    untouched && self.is_real(first)
                }
                Some(_) => it.id.is_binding_identifier() && self.is_real(first),
                None => !untouched && it.id.is_binding_identifier() && self.is_real(first),
            };
            (works && names.iter().all(|name| self.is_unread(name, id))).then_some((first.name.as_str(), it.span))
        })
    }

    fn is_real(&self, name: &BindingIdentifier<'a>) -> bool {
        name.symbol_id.get().is_some_and(|symbol| self.origin_of_symbol(symbol).is_real())
    }

    /// A list or an object that a function makes of something real, fills, and shows to nobody.
    pub(crate) fn unseen_object(&self, id: FunctionId) -> Option<(&'a str, Span)> {
        self.declarators(id).find_map(|it| {
            let init = it.init.as_ref()?;
            let name = it.id.get_binding_identifier().filter(|_| self.is_fresh(init))?;
            let symbol = name.symbol_id.get()?;
            let read = self.uses(symbol).next().is_some() && self.origin_of_symbol(symbol).is_real();
            (read && self.is_unread(name, id)).then_some((name.name.as_str(), it.span))
        })
    }

    pub(crate) fn declarators(&self, id: FunctionId) -> impl Iterator<Item = &'a VariableDeclarator<'a>> + '_ {
        self.inside(&self.declarators, id).iter().map(|at| at.it)
    }

    fn is_unread(&self, name: &BindingIdentifier<'a>, id: FunctionId) -> bool {
        name.symbol_id
            .get()
            .is_some_and(|symbol| matches!(self.usage(symbol, id), Usage::Unread | Usage::Voided | Usage::Dead))
    }
}
