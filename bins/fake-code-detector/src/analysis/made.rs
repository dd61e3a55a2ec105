//! What a value is made of, by the reader's own measure: whether it comes from one special source, and from nothing else but literals.
use crate::analysis::{CallKind, Origin};
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// What a value is made of. The greatest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Made {
    /// Literals.
    Plain,
    /// The special source, and literals.
    Special,
    /// Something else besides.
    Other,
}

/// What the reader says of an expression before it is taken apart.
pub(crate) type Leaf<'l, 'a> = &'l dyn Fn(&Module<'a>, &'a Expression<'a>) -> Option<Made>;

const DEEPEST: usize = 40;

impl<'a> Module<'a> {
    /// What a value is made of.
    pub(crate) fn made_of(&self, value: &'a Expression<'a>, leaf: Leaf<'_, 'a>) -> Made {
        self.made_at(value, leaf, 0)
    }

    fn made_at(&self, value: &'a Expression<'a>, leaf: Leaf<'_, 'a>, depth: usize) -> Made {
        self.effort.deeper(|| self.made_within(value, leaf, depth)).unwrap_or(Made::Other)
    }

    fn made_within(&self, value: &'a Expression<'a>, leaf: Leaf<'_, 'a>, depth: usize) -> Made {
        let value = value.get_inner_expression();
        if depth > DEEPEST {
            return Made::Other;
        }
        if let Some(made) = leaf(self, value) {
            return made;
        }
        let of = |value: &'a Expression<'a>| self.made_at(value, leaf, depth + 1);
        match value {
            Expression::Identifier(name) => self.made_of_name(name, leaf, depth + 1),
            Expression::BinaryExpression(it) => of(&it.left).max(of(&it.right)),
            Expression::LogicalExpression(it) => of(&it.left).max(of(&it.right)),
            Expression::ConditionalExpression(it) => of(&it.test).max(of(&it.consequent)).max(of(&it.alternate)),
            Expression::UnaryExpression(it) => of(&it.argument),
            Expression::AwaitExpression(it) => of(&it.argument),
            Expression::TemplateLiteral(it) => it.expressions.iter().map(of).max().unwrap_or(Made::Plain),
            Expression::ComputedMemberExpression(it) => match of(&it.object) {
                // `known[id]`, as above.
                Made::Special => Made::Special,
                object => object.max(of(&it.expression)),
            },
            Expression::StaticMemberExpression(it) => of(&it.object),
            Expression::CallExpression(call) => self.made_of_call(call, leaf, depth + 1),
            Expression::NewExpression(new) => {
                let global = new.callee.get_identifier_reference().is_some_and(|name| {
                    self.symbol(name).is_none() && crate::lexicon::PURE_GLOBALS.has(name.name.as_str())
                });
                let arguments = new.arguments.iter().map(|it| it.as_expression().map_or(Made::Other, of)).max();
                if global { arguments.unwrap_or(Made::Plain) } else { Made::Other }
            }
            Expression::ArrayExpression(it) => {
                it.elements.iter().filter_map(|it| it.as_expression()).map(of).max().unwrap_or(Made::Plain)
            }
            // `() => Math.random()` of `Array.from(…)`: what it answers.
            Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_) => match self.function_in(value)
            {
                Some(id) => self.returns_of(id).filter_map(|it| it.value).map(of).max().unwrap_or(Made::Other),
                None => Made::Other,
            },
            other => plain_or_other(self.origin(other)),
        }
    }

    fn made_of_call(&self, call: &'a CallExpression<'a>, leaf: Leaf<'_, 'a>, depth: usize) -> Made {
        let of = |value: &'a Expression<'a>| self.made_at(value, leaf, depth);
        // `known.get(id)`: what was put into it under whatever key.
        if names::last(&call.callee) == "get"
            && let Some(Expression::Identifier(name)) = names::object(&call.callee).map(|it| it.get_inner_expression())
            && self.made_of_name(name, leaf, depth) == Made::Special
        {
            return Made::Special;
        }
        let arguments =
            call.arguments.iter().map(|it| it.as_expression().map_or(Made::Other, of)).max().unwrap_or(Made::Plain);
        match self.call_kind(call) {
            CallKind::Pure | CallKind::Change => {
                names::object(&call.callee).map_or(arguments, |object| of(object).max(arguments))
            }
            CallKind::Local(id) => {
                let Some(summary) = self.summary(id) else { return Made::Other };
                if call.arguments.is_empty() {
                    return summary.values().map(of).max().unwrap_or(Made::Other);
                }
                if summary.answer().has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV) {
                    Made::Other
                } else {
                    arguments
                }
            }
            // `subDays(now, i)`, `dayjs().subtract(i, 'day')`: of somewhere else, but known to compute.
            CallKind::Effect => match (names::object(&call.callee), names::root(&call.callee)) {
                (None, Expression::Identifier(name)) if computes(&name.name) => arguments,
                (Some(object), Expression::Identifier(name)) if computes(&name.name) => of(object).max(arguments),
                _ => Made::Other,
            },
            _ => Made::Other,
        }
    }

    fn made_of_name(&self, name: &IdentifierReference<'a>, leaf: Leaf<'_, 'a>, depth: usize) -> Made {
        let Some(symbol) = self.symbol(name) else { return plain_or_other(self.origin_of_name(name)) };
        let node = self.declaration(symbol);
        let AstKind::VariableDeclarator(declarator) = self.kind(node) else {
            return plain_or_other(self.origin_of_symbol(symbol));
        };
        let mut made = match &declarator.init {
            Some(init) => self.made_at(init, leaf, depth),
            None => plain_or_other(self.origin_of_symbol(symbol)),
        };
        for reference in self.uses(symbol) {
            if made == Made::Other {
                break;
            }
            // `h = h * 31 + c`, `v[i] = x`, `list.push(x)`: its own old value adds nothing new.
            for value in self.put_at(reference.node_id()) {
                made = made.max(self.made_of_rest(value, symbol, leaf, depth));
            }
        }
        made
    }

    /// What a use of a variable puts into it.
    fn put_at(&self, node: NodeId) -> Vec<&'a Expression<'a>> {
        let mut inner = self.kind(node).span();
        for (_, around) in self.around(node).take(4) {
            match around {
                AstKind::StaticMemberExpression(it) if it.object.span() == inner => inner = it.span,
                AstKind::ComputedMemberExpression(it) if it.object.span() == inner => inner = it.span,
                AstKind::TSNonNullExpression(it) => inner = it.span,
                AstKind::AssignmentExpression(it) if it.left.span() == inner => return vec![&it.right],
                AstKind::CallExpression(call)
                    if call.callee.span() == inner
                        && matches!(names::last(&call.callee), "push" | "unshift" | "add" | "fill") =>
                {
                    return call.arguments.iter().filter_map(Argument::as_expression).collect();
                }
                AstKind::CallExpression(call) if call.callee.span() == inner && names::last(&call.callee) == "set" => {
                    return call.arguments.iter().skip(1).filter_map(Argument::as_expression).collect();
                }
                _ => break,
            }
        }
        Vec::new()
    }

    fn made_of_rest(&self, value: &'a Expression<'a>, symbol: SymbolId, leaf: Leaf<'_, 'a>, depth: usize) -> Made {
        let own = |module: &Module<'a>, value: &'a Expression<'a>| match value {
            Expression::Identifier(name) if module.symbol(name) == Some(symbol) => Some(Made::Plain),
            other => leaf(module, other),
        };
        self.made_at(value, &own, depth + 4)
    }
}

/// Whether a function of another module only computes, by its name.
fn computes(name: &str) -> bool {
    matches!(
        names::words(name).first().map(String::as_str),
        Some(
            "add"
                | "sub"
                | "subtract"
                | "format"
                | "round"
                | "clamp"
                | "pad"
                | "lerp"
                | "dayjs"
                | "moment"
                | "to"
                | "from"
        )
    )
}

fn plain_or_other(origin: Origin) -> Made {
    if origin.without(Origin::TIME | Origin::INDEX).is_constant() { Made::Plain } else { Made::Other }
}
