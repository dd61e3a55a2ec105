//! FK103 for figures: what is worked out is cut to the same number in the end, or is the rest that no whole number has.
use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Kind, Module};
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

/// `Math.min(680, Math.max(680, score))`: the limits leave one number.
pub(super) fn cut<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.params.items.is_empty()
        || function.is_generator
        || module.is_bound_elsewhere(function)
    {
        return rest(module, function);
    }
    let literal =
        module.returns_of(function.id).all(|it| it.value.is_some_and(|value| module.origin(value).is_constant()));
    let reads = || module.summary(function.id).is_some_and(|it| it.best_usage() >= Usage::Dead);
    let only = module.only_number(function.id).filter(|_| !literal && reads());
    let Some((number, value)) = only else { return rest(module, function) };
    Some(
        Finding::new(&RULE, function.span, format!("{} can only ever answer {number}", function.qualified()))
            .of(function.id)
            .because(Evidence::ConstantOutcome, value, "the limits that it is kept to leave one number")
            .because(Evidence::UnreadInput, function.params.span, "what is given does not matter"),
    )
}

/// `hash % 1` of a whole number is nought.
fn rest<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let at = module.own(&module.binaries, function.id).find(|at| {
        let by_one = matches!(at.it.right.get_inner_expression(), Expression::NumericLiteral(it) if it.value == 1.0);
        // `n % 1 === 0` asks whether it is whole.
        let asked =
            matches!(module.kind(module.parent(at.node)), AstKind::BinaryExpression(it) if it.operator.is_equality());
        at.it.operator == BinaryOperator::Remainder && by_one && !asked && module.is_whole(&at.it.left, 0)
    })?;
    let what = module.brief(at.it.span);
    Some(
        Finding::new(&RULE, function.span, format!("{} decides by `{what}`, which is always 0", function.qualified()))
            .of(function.id)
            .because(Evidence::ConstantOutcome, at.it.span, "a whole number has no rest when it is divided by one")
            .with_severity(Severity::Error),
    )
}
