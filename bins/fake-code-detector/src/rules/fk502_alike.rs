//! FK502 for literals that nobody can tell from the answer: a failure yields what a success would, key by key.
use crate::analysis::{Caught, Failure, Origin, Shape, same_shape};
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// The literal that a failure branch returns, where it has the keys of the answer and does not say that something failed.
pub(super) fn answer_alike<'a>(module: &Module<'a>, failure: &Failure) -> Option<&'a Expression<'a>> {
    if !matches!(failure.how, Caught::Clause | Caught::Handler) {
        return None;
    }
    let inside = |at: NodeId| at >= failure.start && at < failure.end;
    let value = module
        .between(&module.returns, failure.start, failure.end)
        .iter()
        .filter(|at| at.function == Some(failure.function))
        .filter_map(|at| at.it.value)
        .next_back()?;
    let shape = Shape::of(value).filter(|shape| shape.leaves >= 3)?;
    let object = record(value)?;
    if shape.numbers + shape.strings == 0 || tells(object) {
        return None;
    }
    let host = module.function(failure.host);
    if names::has_word(host.name, &crate::lexicon::CONFIG_WORDS) || host.name.to_lowercase().contains("default") {
        return None;
    }
    let mut answers = module
        .inside(&module.returns, failure.host)
        .iter()
        .filter(|at| !inside(at.node) && at.function.is_some())
        .filter_map(|at| at.it.value);
    let alike = answers.any(|answer| {
        let answer = match answer.get_inner_expression() {
            Expression::Identifier(name) => module.initial(name).unwrap_or(answer),
            _ => answer,
        };
        let origin = module.origin(answer);
        match answer.get_inner_expression() {
            Expression::ObjectExpression(it) => same_shape(it, object) && origin.is_real(),
            // What somebody else answered: there is no telling it from the literal.
            _ => origin.has(Origin::CALL | Origin::FIELD) && !module.is_meager(answer),
        }
    });
    alike.then_some(value)
}

/// The object that a literal is, or the first of its list.
fn record<'a>(value: &'a Expression<'a>) -> Option<&'a ObjectExpression<'a>> {
    match value.get_inner_expression() {
        Expression::ObjectExpression(it) => Some(it),
        Expression::ArrayExpression(it) => match it.elements.first()?.as_expression()?.get_inner_expression() {
            Expression::ObjectExpression(it) => Some(it),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an answer says that it is none: by a refusal, an empty value for each key, or a word.
fn tells(object: &ObjectExpression<'_>) -> bool {
    let mut said = 0;
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return true };
        let key = names::key(&it.key).to_lowercase();
        if ["error", "reason", "message", "warning", "fail", "stale", "fallback", "default", "degraded"]
            .iter()
            .any(|word| key.contains(word))
        {
            return true;
        }
        match it.value.get_inner_expression() {
            Expression::BooleanLiteral(it) if !it.value => return true,
            Expression::NullLiteral(_) => return true,
            Expression::StringLiteral(text) => {
                let text = text.value.to_lowercase();
                let words = [
                    "error",
                    "fail",
                    "unknown",
                    "down",
                    "unavailable",
                    "offline",
                    "degraded",
                    "unreachable",
                    "n/a",
                    "none",
                    "missing",
                    "invalid",
                    "default",
                    "pending",
                ];
                if words.iter().any(|word| text.contains(word)) {
                    return true;
                }
                said += usize::from(text.len() > 1);
            }
            Expression::NumericLiteral(number) => said += usize::from(number.value != 0.0 && number.value != 1.0),
            value if value.is_undefined() => return true,
            _ => {}
        }
    }
    said < 2
}
