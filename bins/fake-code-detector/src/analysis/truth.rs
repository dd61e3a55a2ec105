//! Yeses that nobody can turn into a no: `true`, `list.length >= 0`, a value compared with itself, a score capped at the limit.
use crate::analysis::CallKind;
use crate::lexicon;
use crate::model::{Body, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// A value that is a yes whatever happened before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Yes {
    pub(crate) span: Span,
    /// Why nothing else can come out.
    pub(crate) why: &'static str,
    /// It is written as a yes; otherwise it only looks like a test.
    pub(crate) plain: bool,
}

pub(crate) const DEEPEST: usize = 8;

impl<'a> Module<'a> {
    /// Why an expression is always a yes; nothing where it may be a no.
    pub(crate) fn always_yes(&self, value: &'a Expression<'a>) -> Option<Yes> {
        self.yes(value, 0)
    }

    pub(crate) fn yes(&self, value: &'a Expression<'a>, depth: usize) -> Option<Yes> {
        if depth > DEEPEST {
            return None;
        }
        let of = |value: &'a Expression<'a>| self.yes(value, depth + 1);
        let tested = |why| Some(Yes { span: value.span(), why, plain: false });
        match value.get_inner_expression() {
            Expression::BooleanLiteral(it) if it.value => {
                Some(Yes { span: it.span, why: "true is written there", plain: true })
            }
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                match it.argument.get_inner_expression() {
                    Expression::NumericLiteral(zero) if zero.value == 0.0 => {
                        Some(Yes { span: it.span, why: "it is true", plain: true })
                    }
                    Expression::BooleanLiteral(no) if !no.value => {
                        Some(Yes { span: it.span, why: "it is true", plain: true })
                    }
                    Expression::UnaryExpression(inner) if inner.operator == UnaryOperator::LogicalNot => {
                        of(&inner.argument).or_else(|| {
                            self.is_never_missing(&inner.argument).then_some(Yes {
                                span: it.span,
                                why: "it is never missing",
                                plain: false,
                            })
                        })
                    }
                    _ if self.no(&it.argument, depth + 1) => tested("what it denies never holds"),
                    _ => None,
                }
            }
            Expression::AwaitExpression(it) => of(&it.argument),
            Expression::LogicalExpression(it) => match it.operator {
                LogicalOperator::Or if self.has_opposites(value) => tested("one of the two always holds"),
                LogicalOperator::Or => of(&it.left).or_else(|| of(&it.right)).map(|yes| Yes { plain: false, ..yes }),
                LogicalOperator::And => of(&it.left).and_then(|_| of(&it.right)),
                LogicalOperator::Coalesce => of(&it.left),
            },
            Expression::ConditionalExpression(it) => {
                let both = of(&it.consequent).zip(of(&it.alternate));
                both.map(|(_, yes)| Yes { span: it.span, why: "both arms are a yes", plain: yes.plain })
            }
            Expression::ObjectExpression(it) => self.yes_of_object(it, depth),
            Expression::BinaryExpression(it) => self.yes_of_comparison(it).and_then(tested),
            Expression::Identifier(name) => self.yes_of_name(name, depth),
            Expression::CallExpression(call) => self.yes_of_call(call, depth),
            _ => None,
        }
    }

    /// `{ valid: true, … }`, `{ status: "ok" }`: every verdict in it is a yes.
    fn yes_of_object(&self, object: &'a ObjectExpression<'a>, depth: usize) -> Option<Yes> {
        let mut found = None;
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
            let key = names::key(&it.key);
            // `verified: files.length` counts and is no verdict.
            let counts = matches!(it.value.get_inner_expression(), Expression::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "length" | "size"));
            if counts {
                continue;
            }
            if names::has_word(key, &lexicon::VERDICT_WORDS) {
                found = Some(self.yes(&it.value, depth + 1)?);
            } else if !key.ends_with('s') && names::words(key).iter().any(|word| lexicon::DANGER_WORDS.has(word)) {
                found = Some(Yes { span: it.span, why: "the all-clear is written there", plain: true })
                    .filter(|_| matches!(it.value.get_inner_expression(), Expression::BooleanLiteral(no) if !no.value))
                    .or_else(|| if matches!(it.value.get_inner_expression(), Expression::ArrayExpression(list) if list.elements.is_empty()) { found } else { None });
                found?;
            } else if matches!(key, "status" | "verdict" | "decision" | "outcome" | "result")
                && let Expression::StringLiteral(word) = it.value.get_inner_expression()
            {
                let good = lexicon::SUCCESS_WORDS.has(&word.value.to_lowercase())
                    || lexicon::VERDICT_WORDS.has(&word.value.to_lowercase());
                found =
                    Some(good.then_some(Yes { span: it.span, why: "the verdict is written there", plain: true })?);
            }
        }
        found
    }

    /// A variable that is only ever given yeses.
    fn yes_of_name(&self, name: &IdentifierReference<'a>, depth: usize) -> Option<Yes> {
        let symbol = self.symbol(name)?;
        let AstKind::VariableDeclarator(declarator) = self.kind(self.declaration(symbol)) else { return None };
        if !matches!(declarator.id, BindingPattern::BindingIdentifier(_)) {
            return None;
        }
        let first = self.yes(declarator.init.as_ref()?, depth + 1)?;
        for reference in self.uses(symbol).filter(|reference| reference.is_write()) {
            match self.kind(self.parent(reference.node_id())) {
                AstKind::AssignmentExpression(it) if it.operator == AssignmentOperator::LogicalOr => first,
                AstKind::AssignmentExpression(it)
                    if it.operator == AssignmentOperator::Assign
                        && self.keeps(&it.right, name.name.as_str(), LogicalOperator::Or) =>
                {
                    first
                }
                AstKind::AssignmentExpression(it) if it.operator == AssignmentOperator::Assign => {
                    self.yes(&it.right, depth + 1)?
                }
                _ => return None,
            };
        }
        Some(first)
    }

    fn yes_of_call(&self, call: &'a CallExpression<'a>, depth: usize) -> Option<Yes> {
        let first = call.arguments.first().and_then(Argument::as_expression);
        let second = call.arguments.get(1).and_then(Argument::as_expression);
        let same = Some(Yes { span: call.span, why: "a value is compared with itself", plain: false });
        let object = names::object(&call.callee);
        match (names::last(&call.callee), object, first, second) {
            ("resolve", Some(promise), Some(value), None) if promise.is_specific_id("Promise") => {
                self.yes(value, depth + 1)
            }
            _ if self.fits_everything(call) => Some(Yes { span: call.span, why: "it fits everything", plain: false }),
            ("useMemo", None, Some(value), _) => self.answers_yes(self.function_in(value)?, depth + 1),
            ("Boolean", None, Some(value), None) if self.is_never_missing(value) => {
                Some(Yes { span: call.span, why: "it is never missing", plain: false })
            }
            ("Boolean", None, Some(value), None) => self.yes(value, depth + 1),
            ("timingSafeEqual" | "isEqual" | "is" | "compare" | "compareSync", _, Some(one), Some(other))
                if self.is_same(one, other) =>
            {
                same
            }
            ("equals", Some(one), Some(other), _) if self.is_same(one, other) => same,
            _ => match self.call_kind(call) {
                CallKind::Local(id) => self.answers_yes(id, depth + 1),
                _ => None,
            },
        }
    }

    /// Whether two values are one: written the same, or a buffer that is only ever filled from the other.
    pub(crate) fn is_same(&self, one: &'a Expression<'a>, other: &'a Expression<'a>) -> bool {
        let plain = |value: &Expression<'a>| {
            matches!(value.get_inner_expression(), Expression::Identifier(_) | Expression::StaticMemberExpression(_))
        };
        plain(one) && self.text_of(one.span()) == self.text_of(other.span())
            || self.is_twin(one, other)
            || self.is_twin(other, one)
    }

    /// `one.copy(other)`, `other.set(one)`, and nothing else that writes to `other`.
    fn is_twin(&self, one: &'a Expression<'a>, other: &'a Expression<'a>) -> bool {
        let (Expression::Identifier(source), Expression::Identifier(copy)) =
            (one.get_inner_expression(), other.get_inner_expression())
        else {
            return false;
        };
        let Some(symbol) = self.symbol(copy) else { return false };
        let AstKind::VariableDeclarator(declarator) = self.kind(self.declaration(symbol)) else { return false };
        let empty = match declarator.init.as_ref().map(Expression::get_inner_expression) {
            Some(Expression::CallExpression(call)) => matches!(names::last(&call.callee), "alloc" | "allocUnsafe"),
            Some(Expression::NewExpression(new)) => names::last(&new.callee) == "Uint8Array",
            // A variable that is set again later is no twin any more.
            Some(init @ Expression::Identifier(_)) => {
                return self.text_of(init.span()) == source.name.as_str()
                    && ![Some(symbol), self.symbol(source)]
                        .into_iter()
                        .flatten()
                        .any(|it| self.semantic.scoping().symbol_is_mutated(it));
            }
            _ => false,
        };
        let mut copies = 0;
        let only = self.uses(symbol).all(|reference| {
            let node = reference.node_id();
            if self.kind(node).span() == copy.span {
                return true;
            }
            let call = self
                .around(node)
                .take(2)
                .find_map(|(_, kind)| if let AstKind::CallExpression(call) = kind { Some(call) } else { None });
            let from = call.and_then(|call| match names::last(&call.callee) {
                "copy" => names::object(&call.callee),
                "set" => call.arguments.first().and_then(Argument::as_expression),
                _ => None,
            });
            copies += usize::from(from.is_some());
            from.is_none_or(|from| from.is_specific_id(source.name.as_str()))
        });
        empty && only && copies > 0
    }

    /// Whether all answers of a function of the module are yeses.
    fn answers_yes(&self, id: FunctionId, depth: usize) -> Option<Yes> {
        let function = self.function(id);
        let falls_through = matches!(function.body, Body::Block(body) if !body.statements.last().is_some_and(ends));
        // A function costs more than an operator: few of them in a row keep hostile modules cheap.
        let depth = depth + 2;
        if depth > DEEPEST || falls_through || !self.inside(&self.throws, id).is_empty() {
            return None;
        }
        let mut found = None;
        for it in self.returns_of(id) {
            found = Some(self.yes(it.value?, depth + 1)?);
        }
        found
    }

    /// What a variable holds that is set once; the expression itself where it is none.
    pub(crate) fn constant_value(&self, value: &'a Expression<'a>) -> &'a Expression<'a> {
        let mut value = value.get_inner_expression();
        for _ in 0..DEEPEST {
            let Expression::Identifier(name) = value else { break };
            let Some(symbol) = self.symbol(name) else { break };
            let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { break };
            let plain = !self.semantic.scoping().symbol_is_mutated(symbol)
                && matches!(it.id, BindingPattern::BindingIdentifier(_));
            match it.init.as_ref().filter(|_| plain) {
                Some(init) => value = init.get_inner_expression(),
                None => break,
            }
        }
        value
    }
}

/// Whether nothing behind a statement is reached.
pub(crate) fn ends(statement: &Statement<'_>) -> bool {
    ends_at(statement, 0)
}

fn ends_at(statement: &Statement<'_>, depth: usize) -> bool {
    let of = |statement: &Statement<'_>| depth < 30 && ends_at(statement, depth + 1);
    match statement {
        Statement::ReturnStatement(_) | Statement::ThrowStatement(_) => true,
        Statement::BlockStatement(it) => it.body.last().is_some_and(of),
        Statement::IfStatement(it) => of(&it.consequent) && it.alternate.as_ref().is_some_and(of),
        Statement::TryStatement(it) => {
            let last = |block: &BlockStatement<'_>| block.body.last().is_some_and(of);
            it.finalizer.as_ref().is_some_and(|block| last(block))
                || last(&it.block) && it.handler.as_ref().is_none_or(|handler| last(&handler.body))
        }
        Statement::SwitchStatement(it) => {
            it.cases.iter().any(|case| case.test.is_none())
                && it.cases.last().is_some_and(|case| case.consequent.last().is_some_and(of))
        }
        _ => false,
    }
}
