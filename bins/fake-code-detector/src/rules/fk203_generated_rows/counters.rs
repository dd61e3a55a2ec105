//! What counts: the variables of loops, the indexes of callbacks, and parameters that are given such.
use crate::analysis::{Made, Origin};
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// What stands for the number of a turn, and what echoes the question.
pub(super) fn counted<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            if is_counter(module, symbol) {
                return Some(Made::Special);
            }
            let parameter = matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_));
            (parameter
                && matches!(
                    name.name.as_str(),
                    "page"
                        | "offset"
                        | "cursor"
                        | "skip"
                        | "start"
                        | "limit"
                        | "size"
                        | "count"
                        | "pageSize"
                        | "perPage"
                        | "pageParam"
                ))
            .then_some(Made::Plain)
        }
        Expression::TemplateLiteral(it) => {
            let mut counts = false;
            for part in &it.expressions {
                match module.made_of(part, &counted) {
                    Made::Special => counts = true,
                    Made::Plain => {}
                    // An echo of the question.
                    Made::Other
                        if module.origin(part).has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV) =>
                    {
                        return None;
                    }
                    Made::Other => {}
                }
            }
            counts.then_some(Made::Special)
        }
        _ => None,
    }
}

fn number<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            let own = matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_))
                && module
                    .function_around(module.declaration(symbol))
                    .is_some_and(|id| !module.function(id).name.is_empty());
            // A function that hands its own parameter on is not looked through.
            (!own && is_counter(module, symbol)).then_some(Made::Special)
        }
        _ => None,
    }
}

/// The index of `map` and `from`, the variable of a loop that only counts, the argument of a function that calls itself with one less.
fn is_counter(module: &Module<'_>, symbol: SymbolId) -> bool {
    let node = module.declaration(symbol);
    match module.kind(node) {
        AstKind::VariableDeclarator(_) => {
            let (mut steps, mut other) = (0, 0);
            for reference in module.uses(symbol).filter(|reference| reference.is_write()) {
                match module.kind(module.parent(reference.node_id())) {
                    AstKind::UpdateExpression(_) => steps += 1,
                    AstKind::AssignmentExpression(it)
                        if matches!(it.operator, AssignmentOperator::Addition | AssignmentOperator::Subtraction)
                            && it.right.is_literal() =>
                    {
                        steps += 1
                    }
                    _ => other += 1,
                }
            }
            steps == 1 && other == 0 && in_loop(module, symbol) || steps + other == 0 && is_of_range(module, node)
        }
        AstKind::FormalParameter(_) => {
            let origin = module.origin_of_symbol(symbol);
            if origin.has(Origin::INDEX) && !origin.is_real() {
                return true;
            }
            let Some(id) = module.function_around(node) else { return false };
            is_key_of_counting(module, id, symbol)
                || counts_down(module, id, symbol)
                || is_given_counter(module, id, symbol)
        }
        _ => false,
    }
}

/// `for (const i of range(20))`, `for (const i of Array(20).keys())`
fn is_of_range(module: &Module<'_>, declarator: NodeId) -> bool {
    match module.kind(module.parent(module.parent(declarator))) {
        AstKind::ForOfStatement(it) => counts(module.text_of(it.right.span())),
        _ => false,
    }
}

/// Whether the text of a list says that it is only counting.
fn counts(text: &str) -> bool {
    text.len() < 80
        && (text.contains("keys()") && text.contains("Array(")
            || ["range(", "_.range(", "_.times(", "times("].iter().any(|start| text.starts_with(start)))
}

fn in_loop(module: &Module<'_>, symbol: SymbolId) -> bool {
    module.uses(symbol).filter(|reference| reference.is_write()).any(|reference| {
        module.around(reference.node_id()).take(8).any(|(_, kind)| {
            matches!(kind, AstKind::ForStatement(_) | AstKind::WhileStatement(_) | AstKind::DoWhileStatement(_))
        })
    })
}

/// The first parameter of the callback in `[...Array(12).keys()].map((n) => …)` and `range(12).map((n) => …)`
fn is_key_of_counting(module: &Module<'_>, id: FunctionId, symbol: SymbolId) -> bool {
    let function = module.function(id);
    let first = function.params.items.first().is_some_and(|item| item.pattern.get_symbol_ids().contains(&symbol));
    if !first {
        return false;
    }
    let AstKind::CallExpression(call) = module.kind(module.parent(function.node)) else { return false };
    match (function.argument_of, names::object(&call.callee)) {
        ("times", _) => call.arguments.len() == 2,
        ("from", _) => call.arguments.first().is_some_and(|list| counts(module.text_of(list.span()))),
        ("map" | "forEach" | "flatMap", Some(receiver)) => counts(module.text_of(receiver.span())),
        _ => false,
    }
}

fn counts_down<'a>(module: &Module<'a>, id: FunctionId, symbol: SymbolId) -> bool {
    let name = module.function(id).name;
    let is_it =
        |value: &Expression<'a>| value.get_identifier_reference().is_some_and(|it| module.symbol(it) == Some(symbol));
    !name.is_empty()
        && module.own(&module.calls, id).any(|call| {
            call.it.callee.is_specific_id(name)
                && call.it.arguments.iter().any(|argument| {
                    matches!(argument.as_expression().map(|it| it.get_inner_expression()), Some(Expression::BinaryExpression(it))
                        if matches!(it.operator, BinaryOperator::Subtraction | BinaryOperator::Addition) && is_it(&it.left) && it.right.is_literal())
                })
        })
}

/// A parameter of `makeRow(i)` where every call gives the number of a turn, or of `Array.from({ length: 9 }, makeRow)`.
fn is_given_counter(module: &Module<'_>, id: FunctionId, symbol: SymbolId) -> bool {
    let function = module.function(id);
    let Some(position) = function.params.items.iter().position(|item| item.pattern.get_symbol_ids().contains(&symbol))
    else {
        return false;
    };
    let named = match module.kind(function.node) {
        AstKind::Function(it) if it.id.is_some() => it.id.as_ref().and_then(|name| name.symbol_id.get()),
        _ => match module.kind(module.parent(function.node)) {
            AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().and_then(|name| name.symbol_id.get()),
            _ => None,
        },
    };
    let Some(named) = named else { return false };
    let mut calls = 0;
    module.uses(named).take(20).all(|reference| {
        let AstKind::CallExpression(call) = module.kind(module.parent(reference.node_id())) else { return false };
        calls += 1;
        if call.callee.get_identifier_reference().is_some_and(|it| module.symbol(it) == Some(named)) {
            let given = call.arguments.get(position).and_then(Argument::as_expression);
            return given.is_some_and(|given| module.made_of(given, &number) == Made::Special);
        }
        let text = module.text_of(call.callee.span());
        position == 1 && text == "Array.from"
            || position == 0 && text.contains("Array(") && text.ends_with(".keys()].map")
    }) && calls > 0
}
