//! What a name or member means: the literal or the function behind constants, memos, frozen objects, members and local makers.
use crate::analysis::CallKind;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// How many names a meaning is followed through.
const DEEPEST: usize = 8;

impl<'a> Module<'a> {
    /// The expression that a value is, as far as it is known: `NOOP`, `handlers.share`, `actions` of `const { actions } = useRow()`,
    /// `useMemo(() => ({ … }), [])`, `Object.freeze([…])`.
    pub(crate) fn meant(&self, value: &'a Expression<'a>) -> &'a Expression<'a> {
        let mut value = self.constant_value(value);
        for _ in 0..DEEPEST {
            let Some(next) = self.effort.deeper(|| self.meant_once(value)).flatten() else { break };
            value = self.constant_value(next);
        }
        value
    }

    fn meant_once(&self, value: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
        match value {
            Expression::CallExpression(call) => {
                let first = call.arguments.first().and_then(Argument::as_expression);
                let on_object = names::object(&call.callee).is_some_and(|object| object.is_specific_id("Object"));
                match names::last(&call.callee) {
                    "freeze" | "seal" if on_object => first,
                    _ if call.arguments.is_empty() || self.memoised(call).is_some() => match self.call_kind(call) {
                        CallKind::Local(id) if !self.function(id).is_async => self.only_value(id),
                        _ => None,
                    },
                    _ => None,
                }
            }
            // `this.token` of a field that nothing changes.
            Expression::StaticMemberExpression(it) if matches!(it.object, Expression::ThisExpression(_)) => {
                let (node, name) = (it.node_id.get(), it.property.name.as_str());
                let class = self.class_around(node).filter(|_| self.is_constant_field(node, name))?;
                class.members.iter().find(|member| member.name == name)?.value
            }
            Expression::StaticMemberExpression(it) => self.part_of(&it.object, it.property.name.as_str()),
            Expression::Identifier(name) => {
                let AstKind::VariableDeclarator(it) = self.kind(self.declaration(self.symbol(name)?)) else {
                    return None;
                };
                let BindingPattern::ObjectPattern(pattern) = &it.id else { return None };
                let symbol = self.symbol(name)?;
                let bound = pattern.properties.iter().find(|property| {
                    matches!(&property.value, BindingPattern::BindingIdentifier(own) if own.symbol_id.get() == Some(symbol))
                })?;
                self.part_of(it.init.as_ref()?, names::key(&bound.key))
            }
            _ => None,
        }
    }

    /// The value under a key of what is known to be a literal object that nothing is written to.
    fn part_of(&self, object: &'a Expression<'a>, key: &str) -> Option<&'a Expression<'a>> {
        let Expression::ObjectExpression(it) = self.meant(object) else { return None };
        if let Expression::Identifier(name) = object.get_inner_expression()
            && self.symbol(name).is_some_and(|symbol| self.is_filled(symbol, key))
        {
            return None;
        }
        crate::analysis::property(it, key)
    }

    /// `handlers.share = …`
    fn is_filled(&self, symbol: SymbolId, key: &str) -> bool {
        // Who is used so often may be changed anywhere: the search would cost more than it is worth.
        if self.uses(symbol).nth(200).is_some() {
            return true;
        }
        self.uses(symbol).any(|reference| {
            let member = self.parent(reference.node_id());
            let AstKind::StaticMemberExpression(it) = self.kind(member) else { return false };
            it.property.name == key
                && matches!(self.kind(self.parent(member)), AstKind::AssignmentExpression(write) if write.left.span() == it.span)
        })
    }

    /// The value that a function answers, where it has one `return`.
    pub(crate) fn only_value(&self, id: FunctionId) -> Option<&'a Expression<'a>> {
        let mut values = self.returns_of(id);
        let value = values.next()?.value?;
        values.next().is_none().then_some(value)
    }

    /// What a call of a function of the module answers, where that has one value; else the value itself.
    pub(crate) fn answered(&self, value: &'a Expression<'a>) -> &'a Expression<'a> {
        let inner = match value.get_inner_expression() {
            Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
            other => other,
        };
        let Expression::CallExpression(call) = inner else { return value };
        match self.call_kind(call) {
            CallKind::Local(id) => self.only_value(id).map_or(value, |answer| self.meant(answer)),
            _ => value,
        }
    }

    /// The function that a value means, through names, members, `bind`, wrappers and makers: `handlers.share`, `save.bind(this)`,
    /// `handle("approve")` of a function that answers a function.
    pub(crate) fn function_meant(&self, value: &'a Expression<'a>) -> Option<FunctionId> {
        let value = self.meant(value);
        if let Some(id) = self.function_in(value) {
            return Some(id);
        }
        match value {
            Expression::Identifier(name) => self.function_of(self.symbol(name)?),
            Expression::CallExpression(call) if names::last(&call.callee) == "bind" => {
                let bound = names::object(&call.callee)?;
                self.function_meant(bound).or_else(|| self.method_meant(bound))
            }
            Expression::CallExpression(call) => match self.call_kind(call) {
                CallKind::Local(id) => self.function_in(self.only_value(id)?),
                _ => None,
            },
            other => self.method_meant(other),
        }
    }

    /// `this.save`
    fn method_meant(&self, value: &'a Expression<'a>) -> Option<FunctionId> {
        let Expression::StaticMemberExpression(it) = value.get_inner_expression() else { return None };
        if !matches!(it.object, Expression::ThisExpression(_)) {
            return None;
        }
        let class = self.class_around(it.node_id.get())?;
        let named =
            |id: &FunctionId| self.function(*id).name == it.property.name.as_str() && self.function(*id).has_body();
        class.methods.iter().copied().find(named)
    }
}
