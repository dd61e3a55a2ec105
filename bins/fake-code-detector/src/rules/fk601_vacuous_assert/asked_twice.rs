//! The answer and what it is compared with come from the same call with equal arguments, each kept in a variable of its own.
use super::RULE;
use crate::cases::{Case, REPEATS, Tests};
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// More parts of titles for which two calls are made: the second one sees what the first has changed.
const CHANGES: &[&str] = &["mutat", "copy", "clone", "differ", "random", "order", "regardless"];

/// A call of the code under test, and the variable that keeps its answer.
type Asked<'a> = (SymbolId, &'a CallExpression<'a>);

pub(super) fn finding<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    (case, body): (&Case<'a>, FunctionId),
) -> Option<Finding> {
    let asked: Vec<Asked<'a>> = module.own(&module.declarators, body).filter_map(|at| asked(module, at.it)).collect();
    let title = case.title.to_lowercase();
    let repeats = || REPEATS.iter().chain(CHANGES).any(|word| title.contains(word));
    if asked.len() < 2 || title.is_empty() || repeats() {
        return None;
    }
    let (one, other) = asked.iter().enumerate().find_map(|(at, one)| {
        let other = asked[at + 1..].iter().find(|other| same_question(module, one.1, other.1))?;
        Some((*one, *other))
    })?;
    let mut plain = tests.assertions_in(module, body).iter().filter(|it| it.is_plain()).peekable();
    plain.peek()?;
    let between = plain.all(|it| {
        let sides = it.subject.zip(it.expected);
        let crossed = |(subject, expected): (&'a Expression<'a>, &'a Expression<'a>)| {
            comes_from(module, subject, one.0) && comes_from(module, expected, other.0)
                || comes_from(module, subject, other.0) && comes_from(module, expected, one.0)
        };
        !it.is_negated() && sides.is_some_and(crossed)
    });
    if !between {
        return None;
    }
    let message = format!("{}: the answer is compared with the answer to the same question", case.shown());
    Some(Finding::new(&RULE, case.call.span, message).of(body).with_severity(Severity::Warning).because(
        Evidence::ConstantOutcome,
        other.1.span,
        "the same call with equal arguments",
    ))
}

/// `const expected = amortize(loan)`, of a function that the project wrote.
fn asked<'a>(module: &Module<'a>, it: &'a VariableDeclarator<'a>) -> Option<Asked<'a>> {
    let symbol = it.id.get_binding_identifier()?.symbol_id.get()?;
    let value = match module.unchanged_value(symbol)?.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let Expression::CallExpression(call) = value else { return None };
    let Expression::Identifier(name) = call.callee.get_inner_expression() else { return None };
    let own = module.source_of(module.symbol(name)?)?.starts_with('.');
    (own && !call.arguments.is_empty()).then_some((symbol, &**call))
}

/// Whether two calls ask the same of the same: `amortize(loan)` and `amortize({ ...loan })`.
fn same_question<'a>(module: &Module<'a>, one: &'a CallExpression<'a>, other: &'a CallExpression<'a>) -> bool {
    let text = |value: &Expression<'a>| module.text_of(value.span()).split_whitespace().collect::<String>();
    text(&one.callee) == text(&other.callee)
        && one.arguments.len() == other.arguments.len()
        && one.arguments.iter().zip(&other.arguments).all(|(a, b)| match (a.as_expression(), b.as_expression()) {
            (Some(a), Some(b)) => text(a) == text(b) || bare(module, a).is_some() && bare(module, a) == bare(module, b),
            _ => false,
        })
}

/// The variable that an argument is, or is a plain copy of.
fn bare<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<SymbolId> {
    match value.get_inner_expression() {
        Expression::Identifier(name) => module.symbol(name),
        Expression::ObjectExpression(it) => match &it.properties[..] {
            [ObjectPropertyKind::SpreadProperty(it)] => bare(module, &it.argument),
            _ => None,
        },
        Expression::ArrayExpression(it) => match &it.elements[..] {
            [ArrayExpressionElement::SpreadElement(it)] => bare(module, &it.argument),
            _ => None,
        },
        Expression::CallExpression(it) if it.callee.is_specific_id("structuredClone") => {
            bare(module, it.arguments.first()?.as_expression()?)
        }
        _ => None,
    }
}

/// Whether a value is a part of what a variable holds, also as the parameter of a loop over it.
fn comes_from<'a>(module: &Module<'a>, value: &'a Expression<'a>, of: SymbolId) -> bool {
    let Expression::Identifier(name) = names::root(value) else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    if symbol == of {
        return true;
    }
    let node = module.declaration(symbol);
    let AstKind::FormalParameter(_) = module.kind(node) else { return false };
    let Some(function) = module.function_around(node).map(|id| module.function(id)) else { return false };
    let AstKind::CallExpression(call) = module.kind(module.parent(function.node)) else { return false };
    let list = names::object(&call.callee).map(|it| names::root(it));
    names::last(&call.callee) == "forEach"
        && matches!(list, Some(Expression::Identifier(name)) if module.symbol(name) == Some(of))
}
