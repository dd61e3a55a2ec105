//! What others can see of a function: its answers without those of its guards, and how far it reaches.
use crate::analysis::{CallKind, EffectKind, Origin, Outward, Shape};
use crate::model::{FunctionId, Module, Return};
use crate::names;
use crate::syntax::*;

/// What others can see of a function.
pub(crate) struct Outcome<'a> {
    /// The returns that are no guards.
    pub(crate) main: Vec<Return<'a>>,
    /// The guards that return early, because something that is needed is missing.
    pub(crate) guards: Vec<Span>,
    /// What the values of `main` are made of, and what decides between them.
    pub(crate) answer: Origin,
    pub(crate) outward: Outward,
    /// A value is a function, a class, a log or a pause.
    pub(crate) is_callable: bool,
    /// All returns, those of guards too, are the same literal: no condition matters.
    pub(crate) is_same: bool,
}

impl<'a> Outcome<'a> {
    /// The values of `main`.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a Expression<'a>> + '_ {
        self.main.iter().filter_map(|it| it.value)
    }

    /// Whether there are values, and all are made of literals; a function as a value is no literal.
    pub(crate) fn is_constant(&self) -> bool {
        !self.is_callable
            && !self.main.is_empty()
            && self.main.iter().all(|it| it.value.is_some())
            && self.answer.is_constant()
    }
}

impl<'a> Module<'a> {
    /// What others can see of a function; nothing while it is being looked at.
    pub(crate) fn outcome(&self, id: FunctionId) -> Option<&Outcome<'a>> {
        self.outcomes.get(id.0 as usize)?.get_or_init(|| self.find_outcome(id)).as_ref()
    }

    fn find_outcome(&self, id: FunctionId) -> Option<Outcome<'a>> {
        let summary = self.summary(id)?;
        let function = self.function(id);
        let guards: Vec<Span> = function.statements().iter().filter_map(|it| self.guard(it)).collect();
        let guard_of = |span: Span| guards.iter().find(|guard| guard.contains_inclusive(span)).copied();
        let mut outcome = Outcome {
            main: Vec::new(),
            guards: Vec::new(),
            answer: Origin::NONE,
            outward: Outward::Nothing,
            is_callable: false,
            is_same: self.returns_the_same(id),
        };
        for at in self.own(&self.returns, id) {
            if let Some(guard) = guard_of(at.it.span) {
                outcome.guards.push(guard);
                continue;
            }
            if self.is_idle_catch(at.node) {
                continue;
            }
            if let Some(value) = at.it.value {
                outcome.answer |= self.origin(value);
                outcome.is_callable |= self.is_callable(value);
            }
            outcome.answer |= self.conditions(at.node, function.node);
            outcome.main.push(at.it);
        }
        outcome.outward = summary
            .effects()
            .iter()
            .map(|effect| if effect.kind == EffectKind::Call { self.outward(effect.node, id) } else { Outward::World })
            .max()
            .unwrap_or(Outward::Nothing);
        Some(outcome)
    }

    /// Whether a function returns the same literal in two or more places, and nothing else.
    fn returns_the_same(&self, id: FunctionId) -> bool {
        if !matches!(self.function(id).statements().last(), Some(Statement::ReturnStatement(_))) {
            return false;
        }
        let mut texts = self
            .own(&self.returns, id)
            .map(|at| at.it.value.filter(|value| Shape::of(value).is_some()).map(|value| self.text_of(value.span())));
        let Some(Some(first)) = texts.next() else { return false };
        let mut others = 0;
        texts.all(|text| {
            others += 1;
            text == Some(first)
        }) && others > 0
    }

    fn is_callable(&self, value: &'a Expression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::AwaitExpression(it) => self.is_callable_call(&it.argument),
            Expression::Identifier(name) => self.symbol(name).is_some_and(|symbol| {
                self.function_of(symbol).is_some() || matches!(self.kind(self.declaration(symbol)), AstKind::Class(_))
            }),
            Expression::ArrowFunctionExpression(_)
            | Expression::FunctionExpression(_)
            | Expression::ClassExpression(_) => true,
            other => self.is_callable_call(other),
        }
    }

    /// A log, a pause, or a promise of one.
    fn is_callable_call(&self, value: &'a Expression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::CallExpression(call) => match self.call_kind(call) {
                CallKind::Log | CallKind::Timer => true,
                // It hands over to a function that answers nothing.
                CallKind::Local(id) => self.summary(id).is_none_or(|summary| summary.values().next().is_none()),
                _ => false,
            },
            Expression::NewExpression(new) => {
                matches!(&new.callee, Expression::Identifier(name) if matches!(name.name.as_str(), "Promise" | "Proxy"))
            }
            _ => false,
        }
    }

    /// Whether a node is in the handler of a `try` in which nothing can go wrong: there is no call but of logs and pauses.
    fn is_idle_catch(&self, node: NodeId) -> bool {
        let around = self
            .around(node)
            .take_while(|(_, kind)| !matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_)));
        let Some(AstKind::TryStatement(it)) =
            around.map(|(_, kind)| kind).find(|kind| matches!(kind, AstKind::TryStatement(_)))
        else {
            return false;
        };
        let handled =
            it.handler.as_ref().is_some_and(|handler| handler.span.contains_inclusive(self.kind(node).span()));
        let Some(id) = self.function_around(node).filter(|_| handled) else { return false };
        let tried = |span: Span| it.block.span.contains_inclusive(span);
        let calls = self
            .inside(&self.calls, id)
            .iter()
            .any(|call| tried(call.it.span) && !matches!(self.call_kind(call.it), CallKind::Log | CallKind::Timer));
        let news = self
            .inside(&self.news, id)
            .iter()
            .any(|new| tried(new.it.span) && !new.it.callee.is_specific_id("Promise"));
        let throws = self.inside(&self.throws, id).iter().any(|throw| tried(throw.it.span));
        !calls && !news && !throws
    }

    /// Where an early return stands that only refuses what is missing: `if (!order) return null;`
    pub(crate) fn guard(&self, statement: &'a Statement<'a>) -> Option<Span> {
        let Statement::IfStatement(it) = statement else { return None };
        let last = match &it.consequent {
            Statement::BlockStatement(block) if block.body.len() <= 3 => block.body.last()?,
            other => other,
        };
        let Statement::ReturnStatement(leaves) = last else { return None };
        let meager = leaves
            .argument
            .as_ref()
            .is_none_or(|value| !matches!(value, Expression::CallExpression(_)) && self.is_meager(value));
        (it.alternate.is_none() && meager && is_presence(&it.test, 0)).then_some(it.span)
    }

    /// Whether a value says nothing: `null`, `false`, `0`, `''`, `[]`, `{}`, or a parameter as it came.
    pub(crate) fn is_meager(&self, value: &'a Expression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::NullLiteral(_) => true,
            Expression::BooleanLiteral(it) => !it.value,
            Expression::NumericLiteral(it) => it.value == 0.0,
            Expression::StringLiteral(it) => it.value.is_empty(),
            Expression::ArrayExpression(it) => it.elements.is_empty(),
            Expression::ObjectExpression(it) => it.properties.is_empty(),
            Expression::CallExpression(call) => {
                let resolved = names::last(&call.callee) == "resolve"
                    && names::object(&call.callee).is_some_and(|it| it.is_specific_id("Promise"));
                resolved
                    && call
                        .arguments
                        .first()
                        .and_then(Argument::as_expression)
                        .is_none_or(|value| self.is_meager(value))
            }
            other => other.is_undefined() || self.parameter(other).is_some(),
        }
    }

    /// The parameter that an expression is, as it came.
    pub(crate) fn parameter(&self, value: &'a Expression<'a>) -> Option<SymbolId> {
        let value = match value.get_inner_expression() {
            Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
            Expression::CallExpression(call) if names::last(&call.callee) == "resolve" && call.arguments.len() == 1 => {
                names::object(&call.callee).filter(|it| it.is_specific_id("Promise"))?;
                call.arguments.first()?.as_expression()?.get_inner_expression()
            }
            other => other,
        };
        let Expression::Identifier(name) = value else { return None };
        let symbol = self.symbol(name)?;
        let changed = self.semantic.scoping().get_resolved_references(symbol).any(Reference::is_write);
        let declared = matches!(self.kind(self.declaration(symbol)), AstKind::FormalParameter(it) if it.pattern.is_binding_identifier());
        (declared && !changed).then_some(symbol)
    }

    /// Whether a function may end in an error of its own, or of a function of the module that it calls.
    pub(crate) fn may_throw(&self, id: FunctionId) -> bool {
        let mut known = vec![id];
        let mut next = 0;
        while let Some(&id) = known.get(next).filter(|_| next < 8) {
            if !self.inside(&self.throws, id).is_empty() {
                return true;
            }
            for call in self.inside(&self.calls, id) {
                if let CallKind::Local(callee) = self.call_kind(call.it)
                    && known.len() < 8
                    && !known.contains(&callee)
                {
                    known.push(callee);
                }
            }
            next += 1;
        }
        false
    }
}

/// Whether a test only asks whether something is there, or of a usable kind.
pub(crate) fn is_presence(test: &Expression<'_>, depth: usize) -> bool {
    if depth > 8 {
        return false;
    }
    match test.get_inner_expression() {
        Expression::UnaryExpression(it) => it.operator == UnaryOperator::LogicalNot,
        Expression::LogicalExpression(it) => is_presence(&it.left, depth + 1) && is_presence(&it.right, depth + 1),
        Expression::BinaryExpression(it) => {
            let kind = matches!(&it.left, Expression::UnaryExpression(it) if it.operator == UnaryOperator::Typeof);
            let plain = |side: &Expression<'_>| match side.get_inner_expression() {
                Expression::NullLiteral(_) => true,
                Expression::NumericLiteral(it) => it.value.abs() <= 1.0,
                Expression::StringLiteral(it) => it.value.is_empty(),
                other => other.is_undefined(),
            };
            kind || plain(&it.right) || plain(&it.left)
        }
        _ => false,
    }
}
