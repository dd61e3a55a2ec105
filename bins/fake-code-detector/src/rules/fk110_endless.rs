//! FK110 for limits: a comparison with a constant that is infinite, or no number at all, goes one way only.
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{Module, Topic};
use crate::rules::fk110_dead_switch::RULE;
use crate::syntax::*;

pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    if !module.speaks_of(Topic::Endless) {
        return;
    }
    for at in &module.binaries {
        let Some(id) = at.function else { continue };
        let Some(why) = decided(module, at.it) else { continue };
        let function = module.function(module.home(id));
        let message = format!("{} asks `{}`, which is always the same", function.qualified(), module.brief(at.it.span));
        sink.report(
            Finding::new(&RULE, function.span, message)
                .of(function.id)
                .because(Evidence::ConstantOutcome, at.it.span, why)
                .with_severity(Severity::Warning),
        );
    }
}

/// Why a comparison with a named constant cannot go both ways.
fn decided<'a>(module: &Module<'a>, it: &'a BinaryExpression<'a>) -> Option<&'static str> {
    use BinaryOperator as Op;
    if !it.operator.is_compare() && !it.operator.is_equality() {
        return None;
    }
    let named = |value: &'a Expression<'a>| {
        matches!(value.get_inner_expression(), Expression::Identifier(name) if module.symbol(name).is_some())
            .then(|| module.text_of(module.constant_value(value).span()))
    };
    let (left, right) = (named(&it.left).unwrap_or(""), named(&it.right).unwrap_or(""));
    if matches!(left, "NaN" | "Number.NaN") || matches!(right, "NaN" | "Number.NaN") {
        return Some("nothing is equal to, above or below what is no number");
    }
    let high = |text: &str| matches!(text, "Infinity" | "Number.POSITIVE_INFINITY");
    let low = |text: &str| matches!(text, "-Infinity" | "Number.NEGATIVE_INFINITY");
    let (above, below) = match it.operator {
        Op::GreaterThan | Op::LessEqualThan => (right, left),
        Op::LessThan | Op::GreaterEqualThan => (left, right),
        _ => return None,
    };
    (high(above) || low(below)).then_some("no number is beyond that")
}
