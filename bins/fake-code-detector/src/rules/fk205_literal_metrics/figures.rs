//! Numbers under the names of measures: which are written out, and which of those somebody may have chosen.
use super::chosen::chosen_name;
use crate::analysis::Origin;
use crate::lexicon;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

#[derive(Default)]
pub(super) struct Figures<'a> {
    pub(super) names: Vec<&'a str>,
    /// Numbers under names of measures, without 0 and 1.
    pub(super) measures: usize,
    /// Numbers of any name that nobody would choose.
    pub(super) odd: usize,
    /// Numbers that somebody chose: limits and weights.
    pub(super) chosen: usize,
    /// Only one of them is under the name of a measure: the function has to promise the rest.
    pub(super) mostly_odd: bool,
}

pub(super) fn figures<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>) -> Figures<'a> {
    let mut figures = Figures::default();
    let within = object.properties.iter().filter_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => match it.value.get_inner_expression() {
            Expression::ObjectExpression(inner) if !chosen_name(names::key(&it.key)) => Some(&inner.properties),
            _ => None,
        },
        ObjectPropertyKind::SpreadProperty(_) => None,
    });
    for property in object.properties.iter().chain(within.flatten()) {
        let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
        let name = names::key(&property.key);
        if name.is_empty() || !is_figure(module, &property.value) {
            continue;
        }
        if is_config(name) {
            figures.chosen += 1;
            continue;
        }
        // `{ temperature: 0.7, volume: 0.8 }` may be settings as well: then the number has to be one that nobody chooses.
        if names::has_word(name, &lexicon::METRIC_NOUNS)
            && (!is_soft(name) || is_odd(&property.value) || !property.value.is_literal())
        {
            figures.measures += 1;
            figures.names.push(name);
        } else if is_odd(&property.value)
            || !matches!(
                property.value.get_inner_expression(),
                Expression::NumericLiteral(_) | Expression::BinaryExpression(_)
            )
        {
            figures.odd += 1;
            figures.names.push(name);
        }
    }
    if figures.odd >= 3 && (1..2).contains(&figures.measures) && figures.odd <= 12 {
        figures.measures += 1;
        figures.mostly_odd = true;
    }
    figures
}

/// A number that is written out, but 0, 1 and -1: those begin a count.
fn is_figure<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value.get_inner_expression() {
        Expression::NumericLiteral(it) => it.value != 0.0 && it.value != 1.0,
        Expression::BinaryExpression(it) => is_arithmetic(it.operator) && is_constant(module, value),
        Expression::Identifier(_) | Expression::CallExpression(_) => {
            is_constant(module, value) && is_number(module, value, 0)
        }
        _ => false,
    }
}

fn is_arithmetic(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Addition
            | BinaryOperator::Subtraction
            | BinaryOperator::Multiplication
            | BinaryOperator::Division
    )
}

fn is_constant<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    module.origin(value) == Origin::LITERAL
}

/// Whether a constant is arithmetic: a sum, `Math.round(…)`, or a variable that holds such.
fn is_number<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> bool {
    match value.get_inner_expression() {
        Expression::NumericLiteral(it) => it.value != 0.0 && it.value != 1.0,
        Expression::BinaryExpression(it) => is_arithmetic(it.operator),
        Expression::CallExpression(call) => {
            // `Math.round(12.4)`, `avg(41.2, 38.7)`
            let numbers = |it: &Argument<'_>| matches!(it, Argument::NumericLiteral(_));
            !call.arguments.is_empty()
                && (names::object(&call.callee).is_some_and(|object| object.is_specific_id("Math"))
                    || call.arguments.iter().all(numbers))
        }
        Expression::Identifier(name) if depth < 4 => {
            let Some(symbol) = module.symbol(name) else { return false };
            match module.kind(module.declaration(symbol)) {
                AstKind::VariableDeclarator(it) if module.function_around(module.declaration(symbol)).is_some() => {
                    it.id.get_binding_identifier().is_some()
                        && it.init.as_ref().is_some_and(|init| is_number(module, init, depth + 1))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// A number that comes from measuring: 1840, 0.042; not 100, 250, 0.5.
pub(super) fn is_odd(value: &Expression<'_>) -> bool {
    let Expression::NumericLiteral(it) = value.get_inner_expression() else { return false };
    let number = it.value.abs();
    number.fract() != 0.0 && ((number * 20.0).fract() != 0.0 || number > 10.0)
        || number > 10.0
            && number.fract() == 0.0
            && number % 25.0 != 0.0
            && number % 10.0 != 0.0
            && (number.log2()).fract() != 0.0
        || number > 1000.0 && number % 100.0 != 0.0
}

fn is_soft(name: &str) -> bool {
    static WORDS: &[&str] = &[
        "volume",
        "speed",
        "depth",
        "altitude",
        "duration",
        "distance",
        "temperature",
        "energy",
        "power",
        "voltage",
        "pressure",
        "weight",
        "quantity",
        "price",
        "steps",
        "progress",
        "quality",
        "rate",
        "ratio",
        "loss",
        "drift",
        "current",
        "active",
        "confidence",
        "probability",
        "cost",
        "fee",
        "total",
        "shares",
        "memory",
        "cpu",
        "disk",
        "load",
        "moisture",
        "humidity",
        "credits",
        "health",
        "signal",
        "comments",
        "count",
    ];
    names::words(name).iter().any(|word| WORDS.contains(&word.as_str()))
}

pub(super) fn is_config(name: &str) -> bool {
    static WORDS: &[&str] = &[
        "max",
        "min",
        "limit",
        "limits",
        "threshold",
        "default",
        "target",
        "budget",
        "goal",
        "per",
        "timeout",
        "size",
        "weight",
        "initial",
        "interval",
        "ttl",
        "step",
        "capacity",
        "quota",
        "allowed",
        "retention",
        "rate_limit",
        "window",
        "duration",
        "delay",
        "width",
        "height",
        "base",
        "factor",
        "maximum",
        "minimum",
        "range",
        "scale",
        "ratio",
        "multiplier",
        "code",
        "index",
        "days",
        "hours",
        "minutes",
        "seconds",
        "port",
        "steps",
    ];
    names::words(name).iter().any(|word| WORDS.contains(&word.as_str()))
}
