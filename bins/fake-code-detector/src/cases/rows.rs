//! Filters over a table that is written in the test: whether any row of it comes through.
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// What a condition asks for or compares with.
#[derive(Clone, PartialEq)]
enum Known {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
}

impl Known {
    fn is_true(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(it) => *it,
            Self::Number(it) => *it != 0.0 && !it.is_nan(),
            Self::Text(it) => !it.is_empty(),
        }
    }

    fn is_loosely(&self, other: &Self) -> Option<bool> {
        let empty = |it: &Self| matches!(it, Self::Undefined | Self::Null);
        match (self, other) {
            _ if empty(self) || empty(other) => Some(empty(self) && empty(other)),
            (Self::Bool(_), Self::Bool(_)) | (Self::Number(_), Self::Number(_)) | (Self::Text(_), Self::Text(_)) => {
                Some(self == other)
            }
            _ => None,
        }
    }
}

/// `cases.filter((c) => c.allowed === null)`, where no row of the literal table `cases` is like that.
pub(super) fn nothing_comes_through<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    if names::last(&call.callee) != "filter" {
        return false;
    }
    let Some(Expression::Identifier(name)) = names::object(&call.callee).map(Expression::get_inner_expression) else {
        return false;
    };
    let table =
        module.symbol(name).and_then(|symbol| module.unchanged_value(symbol)).map(Expression::get_inner_expression);
    let Some(Expression::ArrayExpression(table)) = table else { return false };
    let Some(condition) = call.arguments.first().and_then(Argument::as_expression).and_then(|it| test_of(module, it))
    else {
        return false;
    };
    let (parameter, test) = condition;
    !table.elements.is_empty()
        && table.elements.iter().all(|row| match row.as_expression().map(Expression::get_inner_expression) {
            Some(row) => value(module, test, (parameter, row), 0).is_some_and(|it| !it.is_true()),
            None => false,
        })
}

/// The parameter and the expression of `(row) => row.x`.
fn test_of<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<(&'a BindingPattern<'a>, &'a Expression<'a>)> {
    let id = module.function_in(value)?;
    let parameter = &module.function(id).params.items.first()?.pattern;
    let mut returned = module.returns_of(id);
    let test = returned.next()?.value?;
    returned.next().is_none().then_some((parameter, test))
}

/// What a name means that a pattern takes out of a row: `{ fee }`, `[, rate]`, or the row itself.
fn taken<'a>(pattern: &'a BindingPattern<'a>, row: &'a Expression<'a>, symbol: SymbolId) -> Option<Known> {
    let is_it = |pattern: &BindingPattern<'a>| {
        pattern.get_binding_identifier().and_then(|name| name.symbol_id.get()) == Some(symbol)
    };
    if is_it(pattern) {
        return literal(row);
    }
    match (pattern, row) {
        (BindingPattern::ObjectPattern(names), Expression::ObjectExpression(object)) if is_plain(object) => {
            let name = names.properties.iter().find(|it| is_it(&it.value))?;
            crate::analysis::property(object, names::key(&name.key)).map_or(Some(Known::Undefined), literal)
        }
        (BindingPattern::ArrayPattern(names), Expression::ArrayExpression(list)) => {
            let at = names.elements.iter().position(|it| it.as_ref().is_some_and(is_it))?;
            list.elements.get(at)?.as_expression().and_then(literal)
        }
        _ => None,
    }
}

fn is_plain(object: &ObjectExpression<'_>) -> bool {
    !object.properties.iter().any(|it| matches!(it, ObjectPropertyKind::SpreadProperty(_)))
}

fn value<'a>(
    module: &Module<'a>,
    it: &'a Expression<'a>,
    (parameter, row): (&'a BindingPattern<'a>, &'a Expression<'a>),
    depth: usize,
) -> Option<Known> {
    if depth > 12 {
        return None;
    }
    let of = |it: &'a Expression<'a>| value(module, it, (parameter, row), depth + 1);
    match it.get_inner_expression() {
        Expression::Identifier(name) if name.name == "undefined" => Some(Known::Undefined),
        Expression::Identifier(name) => taken(parameter, row, module.symbol(name)?),
        Expression::StaticMemberExpression(member) => {
            let Expression::Identifier(name) = member.object.get_inner_expression() else { return None };
            let Expression::ObjectExpression(object) = row else { return None };
            let whole = parameter.get_binding_identifier().and_then(|name| name.symbol_id.get());
            if module.symbol(name) != whole || whole.is_none() || !is_plain(object) {
                return None;
            }
            crate::analysis::property(object, member.property.name.as_str()).map_or(Some(Known::Undefined), literal)
        }
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
            of(&it.argument).map(|it| Known::Bool(!it.is_true()))
        }
        Expression::LogicalExpression(it) => {
            let (left, right) = (of(&it.left), of(&it.right));
            match it.operator {
                LogicalOperator::And => match (left, right) {
                    (Some(one), _) | (_, Some(one)) if !one.is_true() => Some(Known::Bool(false)),
                    (Some(_), right) => right,
                    _ => None,
                },
                LogicalOperator::Or => match (left, right) {
                    (Some(one), _) | (_, Some(one)) if one.is_true() => Some(Known::Bool(true)),
                    (Some(_), right) => right,
                    _ => None,
                },
                LogicalOperator::Coalesce => None,
            }
        }
        Expression::BinaryExpression(it) => compare(it.operator, &of(&it.left)?, &of(&it.right)?).map(Known::Bool),
        other => literal(other),
    }
}

fn compare(operator: BinaryOperator, left: &Known, right: &Known) -> Option<bool> {
    let numbers = match (left, right) {
        (Known::Number(one), Known::Number(other)) => Some((*one, *other)),
        _ => None,
    };
    match operator {
        BinaryOperator::StrictEquality => Some(left == right),
        BinaryOperator::StrictInequality => Some(left != right),
        BinaryOperator::Equality => left.is_loosely(right),
        BinaryOperator::Inequality => left.is_loosely(right).map(|it| !it),
        BinaryOperator::LessThan => numbers.map(|(one, other)| one < other),
        BinaryOperator::LessEqualThan => numbers.map(|(one, other)| one <= other),
        BinaryOperator::GreaterThan => numbers.map(|(one, other)| one > other),
        BinaryOperator::GreaterEqualThan => numbers.map(|(one, other)| one >= other),
        _ => None,
    }
}

fn literal(value: &Expression<'_>) -> Option<Known> {
    match value.get_inner_expression() {
        Expression::NumericLiteral(it) => Some(Known::Number(it.value)),
        Expression::StringLiteral(it) => Some(Known::Text(it.value.to_string())),
        Expression::BooleanLiteral(it) => Some(Known::Bool(it.value)),
        Expression::NullLiteral(_) => Some(Known::Null),
        Expression::Identifier(name) if name.name == "undefined" => Some(Known::Undefined),
        _ => None,
    }
}
