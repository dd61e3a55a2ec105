//! Both sides of a comparison are made of the same thing in the same way.
use crate::analysis::CallKind;
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

const DEEPEST: usize = 8;

pub(crate) fn same_source<'a>(module: &Module<'a>, sink: &mut Sink) {
    let compared = module.binaries.iter().filter(|at| at.it.operator.is_equality());
    let compared = compared.map(|at| (at.node, (&at.it.left, &at.it.right), at.it.span));
    let called = module.calls.iter().filter_map(|at| Some((at.node, sides(at.it)?, at.it.span)));
    for (node, (left, right), span) in compared.chain(called) {
        // A plain `x === x` is another matter: so is `x !== x.trim()`.
        let plain = |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::Identifier(_));
        if module.text_of(left.span()) == module.text_of(right.span()) || !plain(left) && !plain(right) {
            continue;
        }
        if !is_one(module, left, right, 0) || is_apart(module, node, left, right) {
            continue;
        }
        let message = "both sides are made of the same source in the same way: this can only come out equal";
        let finding = Finding::new(&super::RULE, span, message.to_owned())
            .because(Evidence::ConstantOutcome, span, "nothing else is compared")
            .because(Evidence::ContractWords, span, "a comparison promises two sides");
        sink.report(match module.function_around(node) {
            Some(id) => finding.of(id),
            None => finding,
        });
    }
}

fn sides<'a>(call: &'a CallExpression<'a>) -> Option<(&'a Expression<'a>, &'a Expression<'a>)> {
    let first = call.arguments.first()?.as_expression()?;
    match names::last(&call.callee) {
        "timingSafeEqual" | "isEqual" | "safeCompare" | "safeEqual" | "constantTimeEqual" => {
            Some((first, call.arguments.get(1)?.as_expression()?))
        }
        "equals" => Some((names::object(&call.callee)?, first)),
        _ => None,
    }
}

/// Whether anything may have changed since the older side was read: `const before = this.size; this.add(x); …`
fn is_apart<'a>(module: &Module<'a>, node: NodeId, left: &'a Expression<'a>, right: &'a Expression<'a>) -> bool {
    let declared = |value: &Expression<'a>| match value.get_inner_expression() {
        Expression::Identifier(name) => module.symbol(name).map(|symbol| module.declaration(symbol)),
        _ => None,
    };
    let start = [left, right].into_iter().filter_map(declared).min().unwrap_or(node);
    let sides: Vec<Span> = [left, right].iter().map(|side| module.constant_value(side).span()).collect();
    let looped = module.around(node).take_while(|(id, _)| *id > start).any(|(_, kind)| kind.is_iteration_statement());
    let called = module.between(&module.calls, start, node).iter().any(|call| {
        let own = sides.iter().any(|side| side.contains_inclusive(call.it.span));
        !own && !matches!(module.call_kind(call.it), CallKind::Pure | CallKind::Log)
    });
    let written = !module.between(&module.writes, start, node).is_empty();
    let awaited = module
        .between(&module.awaits, start, node)
        .iter()
        .any(|at| !sides.iter().any(|side| side.contains_inclusive(at.it.span)));
    let crossed = module.function_around(start) != module.function_around(node);
    looped || called || written || awaited || crossed
}

/// Whether two expressions are one, with what constants hold put in their place.
fn is_one<'a>(module: &Module<'a>, one: &'a Expression<'a>, other: &'a Expression<'a>, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let (left, right) = (filled(module, one), filled(module, other));
    if left.span() == right.span() && depth > 0 {
        return true;
    }
    let both = |one: &'a Expression<'a>, other: &'a Expression<'a>| is_one(module, one, other, depth + 1);
    match (left, right) {
        (Expression::Identifier(left), Expression::Identifier(right)) => {
            left.name == right.name && module.symbol(left) == module.symbol(right) && {
                let moved =
                    module.symbol(left).is_none_or(|symbol| module.semantic.scoping().symbol_is_mutated(symbol));
                !moved
            }
        }
        (Expression::StringLiteral(left), Expression::StringLiteral(right)) => left.value == right.value && depth > 0,
        (Expression::NumericLiteral(left), Expression::NumericLiteral(right)) => {
            left.value.to_bits() == right.value.to_bits() && depth > 0
        }
        (Expression::ThisExpression(_), Expression::ThisExpression(_)) => true,
        (Expression::AwaitExpression(left), Expression::AwaitExpression(right)) => {
            both(&left.argument, &right.argument)
        }
        (Expression::StaticMemberExpression(left), Expression::StaticMemberExpression(right)) => {
            left.property.name == right.property.name && both(&left.object, &right.object)
        }
        (Expression::CallExpression(left), Expression::CallExpression(right)) => {
            is_one_call(module, left, right)
                && left.arguments.len() == right.arguments.len()
                && left.arguments.iter().zip(&right.arguments).all(|(left, right)| {
                    left.as_expression().zip(right.as_expression()).is_some_and(|(left, right)| both(left, right))
                })
                && match (names::object(&left.callee), names::object(&right.callee)) {
                    (Some(left), Some(right)) => {
                        both(left, right) || module.text_of(left.span()) == module.text_of(right.span())
                    }
                    (None, None) => true,
                    _ => false,
                }
        }
        _ => false,
    }
}

/// Two calls of the same thing with an argument, one right after the other, or which only compute.
fn is_one_call<'a>(module: &Module<'a>, left: &'a CallExpression<'a>, right: &'a CallExpression<'a>) -> bool {
    let name = names::last(&left.callee);
    if name.is_empty() || name != names::last(&right.callee) {
        return false;
    }
    let kind = module.call_kind(left);
    if kind != module.call_kind(right) || names::verb(name) == "next" || name.to_lowercase().contains("random") {
        return false;
    }
    let next = matches!((kind, left.arguments.is_empty()), (CallKind::Pure | CallKind::Change, _) | (_, false))
        || name == "digest";
    let (first, last) = if left.span.start < right.span.start { (left, right) } else { (right, left) };
    let between = module.between(&module.calls, first.node_id.get(), last.node_id.get());
    let apart = between.iter().any(|call| {
        call.it.span.start >= first.span.end
            && !last.span.contains_inclusive(call.it.span)
            && !call.it.span.contains_inclusive(last.span)
            && !matches!(module.call_kind(call.it), CallKind::Pure)
    });
    let news = module.between(&module.writes, first.node_id.get(), last.node_id.get());
    next && (kind == CallKind::Pure || !apart && news.is_empty())
}

/// What a constant holds; `head.sum` of `const { sum } = head` stays a name.
fn filled<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> &'a Expression<'a> {
    let found = module.constant_value(value);
    match found.get_inner_expression() {
        Expression::ParenthesizedExpression(it) => it.expression.get_inner_expression(),
        other => other,
    }
}
