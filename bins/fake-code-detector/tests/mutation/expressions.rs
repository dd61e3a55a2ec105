//! What an expression is, by its form and its names.
use oxc_ast::ast::*;

/// Verbs of what changes something, and of what asks for something.
pub(crate) const EFFECTS: &str = include_str!("../../src/lexicon/effect_verbs.txt");
pub(crate) const QUERIES: &str = include_str!("../../src/lexicon/query_verbs.txt");

/// The call of a statement, awaited or not.
pub(crate) fn called<'a>(value: &'a Expression<'a>) -> Option<&'a CallExpression<'a>> {
    match value.get_inner_expression() {
        Expression::CallExpression(call) => Some(call),
        Expression::AwaitExpression(it) => called(&it.argument),
        Expression::UnaryExpression(it) => called(&it.argument),
        _ => None,
    }
}

/// Whether a branch only leaves, with a literal, nothing or an error.
pub(crate) fn is_exit(branch: &Statement<'_>) -> bool {
    match branch {
        Statement::BlockStatement(block) => block.body.len() == 1 && block.body.iter().all(is_exit),
        Statement::ThrowStatement(_) => true,
        Statement::ReturnStatement(it) => it.argument.as_ref().is_none_or(is_literal),
        _ => false,
    }
}

/// Whether a value is the same whatever happens.
pub(crate) fn is_literal(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::Identifier(id) => id.name == "undefined",
        Expression::TemplateLiteral(it) => it.expressions.is_empty(),
        Expression::UnaryExpression(it) => is_literal(&it.argument),
        Expression::ArrayExpression(it) => it.elements.iter().all(|item| item.as_expression().is_some_and(is_literal)),
        Expression::ObjectExpression(it) => it.properties.iter().all(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => is_literal(&it.value),
            ObjectPropertyKind::SpreadProperty(_) => false,
        }),
        other => other.is_literal(),
    }
}

/// Whether a call asks for data and changes nothing, as its verb says.
pub(crate) fn is_question(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::CallExpression(call) => {
            let name = last(&call.callee);
            is_verb(name, &[QUERIES]) && !is_verb(name, &[EFFECTS])
        }
        _ => false,
    }
}

/// Whether a name promises that something changes.
pub(crate) fn is_order(name: &str) -> bool {
    is_verb(name, &[EFFECTS])
}

/// Whether the first word of a name is one of the verbs.
pub(crate) fn is_verb(name: &str, lists: &[&str]) -> bool {
    let end = name.find(|c: char| c.is_ascii_uppercase() || c == '_').unwrap_or(name.len());
    let lines = lists.iter().flat_map(|list| list.lines()).filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).any(|verb| verb == &name[..end])
}

/// The last name of an expression.
pub(crate) fn last<'a>(value: &'a Expression<'a>) -> &'a str {
    match value.get_inner_expression() {
        Expression::Identifier(id) => id.name.as_str(),
        Expression::StaticMemberExpression(member) => member.property.name.as_str(),
        Expression::PrivateFieldExpression(member) => member.field.name.as_str(),
        Expression::CallExpression(call) => last(&call.callee),
        _ => "",
    }
}

/// Where a chain of members and calls begins.
pub(crate) fn root<'a>(value: &'a Expression<'a>) -> &'a Expression<'a> {
    let mut value = value.get_inner_expression();
    loop {
        value = match value {
            Expression::StaticMemberExpression(member) => &member.object,
            Expression::PrivateFieldExpression(member) => &member.object,
            Expression::ComputedMemberExpression(member) => &member.object,
            Expression::CallExpression(call) => &call.callee,
            Expression::AwaitExpression(it) => &it.argument,
            _ => return value,
        }
        .get_inner_expression();
    }
}

/// Whether a value is neither a literal record or list nor an evident truth value: a text or a number in, one out.
pub(crate) fn is_open(value: &Expression<'_>) -> bool {
    !matches!(
        value.get_inner_expression(),
        Expression::ObjectExpression(_)
            | Expression::ArrayExpression(_)
            | Expression::UnaryExpression(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::LogicalExpression(_)
    ) && !matches!(value.get_inner_expression(), Expression::BinaryExpression(it) if it.operator.is_compare() || it.operator.is_equality())
}

pub(crate) fn is_opaque(value: &Expression<'_>) -> bool {
    matches!(
        value.get_inner_expression(),
        Expression::ArrowFunctionExpression(_)
            | Expression::FunctionExpression(_)
            | Expression::ClassExpression(_)
            | Expression::NewExpression(_)
            | Expression::JSXElement(_)
            | Expression::JSXFragment(_)
            | Expression::ThisExpression(_)
    )
}

pub(crate) fn is_undefined(value: &Expression<'_>) -> bool {
    matches!(value, Expression::Identifier(id) if id.name == "undefined")
}

/// Whether a call is a line of a log.
pub(crate) fn is_log(call: &CallExpression<'_>) -> bool {
    let logger = |name: &str| {
        name == "console" || name.to_ascii_lowercase().ends_with("log") || name.to_ascii_lowercase().ends_with("logger")
    };
    match call.callee.get_inner_expression() {
        Expression::StaticMemberExpression(member) => {
            logger(last(&member.object))
                || matches!(root(&member.object), Expression::Identifier(id) if logger(&id.name))
        }
        _ => false,
    }
}
