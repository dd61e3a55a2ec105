//! State of a component: where it came from, and whether anybody but the screen gets it.
use crate::analysis::{Act, CallKind, Deed, Origin};
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

impl<'a> Module<'a> {
    /// The state that a call of `setRows(…)` sets.
    pub(crate) fn state_of_setter(&self, call: &'a CallExpression<'a>) -> Option<SymbolId> {
        let Expression::Identifier(name) = call.callee.get_inner_expression() else { return None };
        let symbol = self.symbol(name)?;
        if !self.is_state(symbol, 1) {
            return None;
        }
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return None };
        let BindingPattern::ArrayPattern(pattern) = &it.id else { return None };
        pattern.elements.first()?.as_ref()?.get_symbol_ids().first().copied()
    }

    /// Whether the state that a call sets was asked for from elsewhere: another call of the same setter puts an answer into it.
    pub(crate) fn is_loaded_state(&self, call: &'a CallExpression<'a>, handler: FunctionId) -> bool {
        let Expression::Identifier(name) = call.callee.get_inner_expression() else { return false };
        let Some(symbol) = self.symbol(name) else { return false };
        let handler = self.function(handler);
        self.uses(symbol).take(40).any(|reference| {
            let node = reference.node_id();
            if node > handler.node && node < handler.end {
                return false;
            }
            match self.kind(self.parent(node)) {
                AstKind::CallExpression(other) if other.callee.span() == self.kind(node).span() => {
                    let Some(value) = other.arguments.first().and_then(Argument::as_expression) else { return false };
                    self.is_answered(value)
                }
                // `load().then(setRows)`
                AstKind::CallExpression(other) => names::last(&other.callee) == "then",
                _ => false,
            }
        })
    }

    /// What a request answered: by `await`, or as the parameter of a callback of `then`.
    fn is_answered(&self, value: &'a Expression<'a>) -> bool {
        if self.function_in(value).is_some() {
            return false;
        }
        if let Expression::Identifier(name) = names::root(value)
            && let Some(symbol) = self.symbol(name)
            && matches!(self.kind(self.declaration(symbol)), AstKind::FormalParameter(_))
        {
            // What a field says when it changes is no answer.
            return self
                .function_around(self.declaration(symbol))
                .is_some_and(|id| matches!(self.function(id).argument_of, "then" | "onSnapshot" | "subscribe" | "on"));
        }
        self.origin(value).has(Origin::CALL)
    }

    /// Whether what a handler sets reaches somebody in another way: an effect stores it, another handler sends it, a context gives it on.
    pub(crate) fn is_kept_elsewhere(&self, state: SymbolId, handler: FunctionId) -> bool {
        let handler = self.function(handler);
        self.uses(state).take(60).any(|reference| {
            let node = reference.node_id();
            if node > handler.node && node < handler.end {
                return false;
            }
            for (id, around) in self.around(node).take(14) {
                match around {
                    AstKind::CallExpression(call) if !call.callee.span().contains_inclusive(self.kind(node).span()) => {
                        let hook = names::last(&call.callee).starts_with("use");
                        if self.call_kind(call) == CallKind::Effect && !hook && self.act_of(call) == Act::Real {
                            return true;
                        }
                    }
                    AstKind::JSXAttribute(it) => {
                        let AstKind::JSXOpeningElement(element) = self.kind(self.parent(id)) else { return false };
                        let name = self.text_of(element.name.span());
                        let field = name.starts_with(|sign: char| sign.is_ascii_lowercase());
                        let key = it.name.as_identifier().map_or("", |name| name.name.as_str());
                        let hidden = key == "value" && self.text_of(element.span).contains("hidden");
                        return name.ends_with("Provider") || field && (key == "href" || hidden);
                    }
                    AstKind::ReturnStatement(_) => {
                        // A hook gives its state on.
                        return self.function_around(id).is_some_and(|id| self.function(id).name.starts_with("use"));
                    }
                    AstKind::JSXExpressionContainer(_) | AstKind::Function(_) => return false,
                    _ => {}
                }
            }
            false
        })
    }

    /// Whether deeds change state that came from elsewhere, and none of it is kept by anybody.
    pub(crate) fn changes_loaded(&self, deeds: &[Deed<'a>], handler: FunctionId) -> bool {
        let mut loaded = false;
        for deed in deeds.iter().filter(|deed| deed.act == Act::Set) {
            let Some(state) = self.state_of_setter(deed.call) else { continue };
            if self.is_kept_elsewhere(state, handler) {
                return false;
            }
            loaded |= self.is_loaded_state(deed.call, handler);
        }
        loaded
    }

    /// Whether anything that deeds set is kept by somebody.
    pub(crate) fn keeps_any(&self, deeds: &[Deed<'a>], handler: FunctionId) -> bool {
        deeds
            .iter()
            .filter(|deed| deed.act == Act::Set)
            .filter_map(|deed| self.state_of_setter(deed.call))
            .any(|state| self.is_kept_elsewhere(state, handler))
    }
}
