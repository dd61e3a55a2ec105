//! A table of tests that everything passes: `{ pets: (it) => Boolean(it), lift: (it) => Boolean(it) }`.
use crate::finding::{Evidence, Finding, Severity};
use crate::model::Module;
use crate::rules::fk105_one_answer_branches::RULE;
use crate::syntax::*;

/// Three tests and more under different keys that only ask whether there is anything.
pub(super) fn predicates<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>) -> Option<Finding> {
    if object.properties.len() < 3 {
        return None;
    }
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let id = module.function_in(&it.value)?;
        let function = module.function(id);
        let [parameter] = function.parameters()[..] else { return None };
        let mut answers = module.returns_of(id);
        let value = answers.next()?.value?;
        if answers.next().is_some() || !asks_for_presence(module, value, parameter.symbol_id.get()?) {
            return None;
        }
    }
    let count = object.properties.len();
    Some(
        Finding::new(&RULE, object.span, format!("all {count} tests let everything pass that is there"))
            .because(Evidence::ConstantOutcome, object.span, "the same question under every key")
            .because(Evidence::ContractWords, object.span, "each key names a test of its own")
            .with_severity(Severity::Error),
    )
}

/// `Boolean(it)`, `!!it`, `it != null` of the parameter itself.
fn asks_for_presence<'a>(module: &Module<'a>, value: &'a Expression<'a>, parameter: SymbolId) -> bool {
    let is = |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::Identifier(it) if module.symbol(it) == Some(parameter));
    match value.get_inner_expression() {
        Expression::CallExpression(call) => {
            call.callee.is_specific_id("Boolean")
                && call.arguments.first().and_then(Argument::as_expression).is_some_and(is)
        }
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
            matches!(it.argument.get_inner_expression(), Expression::UnaryExpression(inner) if inner.operator == UnaryOperator::LogicalNot && is(&inner.argument))
        }
        Expression::BinaryExpression(it) => {
            matches!(it.operator, BinaryOperator::Inequality | BinaryOperator::StrictInequality)
                && is(&it.left)
                && it.right.is_null_or_undefined()
        }
        _ => false,
    }
}
