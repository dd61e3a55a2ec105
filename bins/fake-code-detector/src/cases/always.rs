//! Assertions that hold for every value of their kind: a length of at least zero, a `typeof` that is defined, a call that cannot throw.
use super::{Assertion, Style};
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// What holds for every value.
pub(crate) fn always<'a>(module: &Module<'a>, it: &Assertion<'a>, subject: &'a Expression<'a>) -> Option<String> {
    let expected = it.expected;
    let inner = subject.get_inner_expression();
    let number = expected.and_then(|value| number(value));
    let name = names::last(inner);
    let counted =
        matches!(name.strip_suffix("()").unwrap_or(name), "length" | "size" | "byteLength" | "count" | "callCount");
    let negated = it.is_negated();
    match it.matcher {
        "toBeGreaterThanOrEqual" | "least" | "gte" | "isAtLeast"
            if counted && !negated && number.is_some_and(|n| n <= 0.0) =>
        {
            Some("no count is below zero".to_owned())
        }
        "toBeGreaterThan" | "above" | "gt" | "isAbove" if counted && !negated && number.is_some_and(|n| n < 0.0) => {
            Some("no count is below zero".to_owned())
        }
        "toBeLessThan"
        | "toBeLessThanOrEqual"
        | "below"
        | "lessThan"
        | "lt"
        | "lte"
        | "isBelow"
        | "isAtMost"
        | "most"
            if !negated
                && number
                    .is_some_and(|n| n == f64::INFINITY || (599.0..=1000.0).contains(&n) && is_http_status(inner)) =>
        {
            Some("every such number is below the bound".to_owned())
        }
        "toBeGreaterThan" | "toBeGreaterThanOrEqual" | "above" | "least" | "gt" | "gte" | "isAbove" | "isAtLeast"
            if !negated && number.is_some_and(|n| n == f64::NEG_INFINITY || n <= 100.0 && is_http_status(inner)) =>
        {
            Some("every such number is above the bound".to_owned())
        }
        "toContain" | "include" | "toInclude" | "includes"
            if !negated && accepts_every_status(written_list(module, inner), expected) =>
        {
            Some("success and failure of the server both pass".to_owned())
        }
        "toContain" | "include" | "toInclude" | "includes" if !negated && holds_both_booleans(inner) => {
            Some("every boolean is one of true and false".to_owned())
        }
        "toBeDefined" if !negated && never_undefined(module, inner) => {
            Some("such a value is never undefined".to_owned())
        }
        "toBeUndefined" if negated && never_undefined(module, inner) => {
            Some("such a value is never undefined".to_owned())
        }
        "toBe" | "toEqual" | "toStrictEqual" | "notEqual" | "notStrictEqual"
            if (negated || it.matcher.starts_with("not"))
                && expected.is_some_and(|value| value.is_specific_id("undefined"))
                && never_undefined(module, inner) =>
        {
            Some("such a value is never undefined".to_owned())
        }
        "toBeTruthy" | "ok" | "exist" if !negated && it.style != Style::Context && always_truthy(module, inner) => {
            Some("such a value is always truthy".to_owned())
        }
        "toBeTruthy" | "ok" | "toBe" | "true" | "equal" | "strictEqual" | "isTrue"
            if !negated && is_tautology(module, inner) =>
        {
            Some("the condition holds for every value".to_owned())
        }
        "toBeTruthy" | "ok" | "toBe" | "true" | "equal" | "strictEqual" | "isTrue"
            if !negated && allows_every_status(module, inner) =>
        {
            Some("success and failure of the server both pass".to_owned())
        }
        "toThrow" | "throw" | "toThrowError" if negated => {
            does_nothing(module, inner).then(|| "the function that must not throw does nothing".to_owned())
        }
        "doesNotThrow" | "notThrows" => {
            does_nothing(module, inner).then(|| "the function that must not throw does nothing".to_owned())
        }
        _ => None,
    }
}

fn number(value: &Expression<'_>) -> Option<f64> {
    match value.get_inner_expression() {
        Expression::NumericLiteral(it) => Some(it.value),
        Expression::Identifier(name) if name.name == "Infinity" => Some(f64::INFINITY),
        Expression::StaticMemberExpression(it) if it.object.is_specific_id("Number") => {
            match it.property.name.as_str() {
                "POSITIVE_INFINITY" | "MAX_VALUE" | "MAX_SAFE_INTEGER" => Some(f64::INFINITY),
                "NEGATIVE_INFINITY" | "MIN_SAFE_INTEGER" => Some(f64::NEG_INFINITY),
                _ => None,
            }
        }
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::UnaryNegation => {
            number(&it.argument).map(|value| -value)
        }
        _ => None,
    }
}

/// `expect([200, 404, 500]).toContain(res.status)`: success and failure both pass.
fn accepts_every_status(list: &Expression<'_>, expected: Option<&Expression<'_>>) -> bool {
    let Expression::ArrayExpression(it) = list else { return false };
    let codes = it.elements.iter().filter_map(|element| element.as_expression().and_then(number));
    expected.is_some_and(is_status) && covers(codes)
}

fn is_status(value: &Expression<'_>) -> bool {
    matches!(names::last(value), "status" | "statusCode" | "code" | "statusText")
}

/// The list itself, also where a constant holds it.
fn written_list<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> &'a Expression<'a> {
    let value = value.get_inner_expression();
    let Expression::Identifier(name) = value else { return value };
    let held = module.symbol(name).and_then(|symbol| module.unchanged_value(symbol));
    held.map_or(value, Expression::get_inner_expression)
}

fn is_http_status(value: &Expression<'_>) -> bool {
    matches!(names::last(value), "status" | "statusCode")
}

/// Codes of success and of a failure of the server, or three and more of success and failure.
fn covers(codes: impl Iterator<Item = f64>) -> bool {
    let codes: Vec<f64> = codes.collect();
    let has = |from: f64, to: f64| codes.iter().any(|code| *code >= from && *code < to);
    has(200.0, 300.0) && (codes.contains(&500.0) || has(400.0, 600.0) && codes.len() >= 3)
}

/// `[200, 404].includes(res.status)`, `res.status === 200 || res.status === 500`.
fn allows_every_status<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value {
        Expression::CallExpression(call) if names::last(&call.callee) == "includes" => {
            let list = names::object(&call.callee).map(|it| written_list(module, it));
            list.is_some_and(|list| {
                accepts_every_status(list, call.arguments.first().and_then(Argument::as_expression))
            })
        }
        Expression::LogicalExpression(_) => {
            let mut codes = Vec::new();
            collect_codes(value, &mut codes, 0) && covers(codes.into_iter())
        }
        _ => false,
    }
}

fn collect_codes(value: &Expression<'_>, codes: &mut Vec<f64>, depth: usize) -> bool {
    match value.get_inner_expression() {
        Expression::LogicalExpression(it) if it.operator == LogicalOperator::Or && depth < 12 => {
            collect_codes(&it.left, codes, depth + 1) && collect_codes(&it.right, codes, depth + 1)
        }
        Expression::BinaryExpression(it) if is_status(&it.left) && it.operator.is_equality() => {
            codes.extend(number(&it.right));
            true
        }
        _ => false,
    }
}

fn holds_both_booleans(value: &Expression<'_>) -> bool {
    let Expression::ArrayExpression(it) = value else { return false };
    let has = |wanted: bool| {
        it.elements
            .iter()
            .any(|element| matches!(element, ArrayExpressionElement::BooleanLiteral(it) if it.value == wanted))
    };
    has(true) && has(false)
}

/// The query of the page that a constant holds; else the value itself.
fn held<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> &'a Expression<'a> {
    let Expression::Identifier(name) = value else { return value };
    let init =
        module.symbol(name).and_then(|symbol| module.unchanged_value(symbol)).map(Expression::get_inner_expression);
    match init {
        Some(Expression::CallExpression(_)) => init.unwrap_or(value),
        _ => value,
    }
}

/// `typeof x`, `!x`, `a === b`, a template, a new object, a query that answers null.
fn never_undefined<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match held(module, value) {
        Expression::UnaryExpression(it) => matches!(it.operator, UnaryOperator::Typeof | UnaryOperator::LogicalNot),
        Expression::BinaryExpression(_)
        | Expression::TemplateLiteral(_)
        | Expression::ArrayExpression(_)
        | Expression::ObjectExpression(_) => true,
        Expression::CallExpression(call) => {
            let name = names::last(&call.callee);
            let query = name.starts_with("queryBy") && name.len() > 7
                || name.starts_with("queryAllBy")
                || matches!(name, "querySelector" | "querySelectorAll" | "getElementById");
            query && names::object(&call.callee).is_some() || module.is_fixed_query(call)
        }
        Expression::StaticMemberExpression(it) => {
            it.property.name == "length" && !matches!(it.object.get_inner_expression(), Expression::CallExpression(_))
        }
        _ => false,
    }
}

fn always_truthy<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value {
        Expression::UnaryExpression(it) => it.operator == UnaryOperator::Typeof,
        Expression::ArrayExpression(_) | Expression::ObjectExpression(_) | Expression::ArrowFunctionExpression(_) => {
            true
        }
        Expression::CallExpression(call) => {
            let name = names::last(&call.callee);
            name.starts_with("queryAllBy")
                || matches!(name, "querySelectorAll" | "getElementsByClassName" | "getElementsByTagName")
                || matches!(name, "filter" | "map")
                    && names::object(&call.callee).is_some()
                    && module.is_list_call(call)
        }
        // An element that somebody forgot to wait for: the promise is always there.
        Expression::NewExpression(it) => it.callee.is_specific_id("Promise"),
        _ => false,
    }
}

/// `x || true`, `x || !x`, `x.length >= 0`.
fn is_tautology<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value {
        Expression::LogicalExpression(it) if it.operator == LogicalOperator::Or => {
            let right = it.right.get_inner_expression();
            let opposite = matches!(right, Expression::UnaryExpression(not) if not.operator == UnaryOperator::LogicalNot && module.text_of(not.argument.span()) == module.text_of(it.left.span()));
            matches!(right, Expression::BooleanLiteral(it) if it.value) || opposite || is_either(module, it)
        }
        Expression::BinaryExpression(it) => {
            let counted = matches!(names::last(&it.left), "length" | "size")
                && matches!(it.left.get_inner_expression(), Expression::StaticMemberExpression(_));
            let zero = number(&it.right);
            counted
                && (it.operator == BinaryOperator::GreaterEqualThan && zero.is_some_and(|n| n <= 0.0)
                    || it.operator == BinaryOperator::GreaterThan && zero.is_some_and(|n| n < 0.0))
        }
        _ => false,
    }
}

/// `x === true || x === false`
fn is_either<'a>(module: &Module<'a>, it: &'a LogicalExpression<'a>) -> bool {
    let side = |value: &'a Expression<'a>| match value.get_inner_expression() {
        Expression::BinaryExpression(it)
            if matches!(it.operator, BinaryOperator::StrictEquality | BinaryOperator::Equality) =>
        {
            match it.right.get_inner_expression() {
                Expression::BooleanLiteral(flag) => Some((module.text_of(it.left.span()), flag.value)),
                _ => None,
            }
        }
        _ => None,
    };
    side(&it.left).zip(side(&it.right)).is_some_and(|(one, other)| one.0 == other.0 && one.1 != other.1)
}

/// `() => {}` and `() => render`: nothing is called.
fn does_nothing<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let Some(id) = module.function_in(value) else { return false };
    let function = module.function(id);
    let (first, end) = (function.node.index(), function.end.index());
    let quiet = (first..end).all(|index| {
        !matches!(
            module.kind(NodeId::from_usize(index)),
            AstKind::CallExpression(_)
                | AstKind::NewExpression(_)
                | AstKind::StaticMemberExpression(_)
                | AstKind::ComputedMemberExpression(_)
                | AstKind::AssignmentExpression(_)
                | AstKind::TaggedTemplateExpression(_)
                | AstKind::JSXOpeningElement(_)
                | AstKind::ImportExpression(_)
                | AstKind::Class(_)
                | AstKind::ThrowStatement(_)
                | AstKind::UnaryExpression(_)
                | AstKind::ForOfStatement(_)
                | AstKind::SpreadElement(_)
                | AstKind::VariableDeclarator(_)
                | AstKind::BinaryExpression(_)
                | AstKind::TemplateLiteral(_)
        )
    });
    quiet && function.has_body() || catches_all(function.statements())
}

/// `() => { try { … } catch {} }`
fn catches_all(statements: &[Statement<'_>]) -> bool {
    let [Statement::TryStatement(it)] = statements else { return false };
    it.handler.as_ref().is_some_and(|handler| handler.body.body.is_empty())
}
