//! FK502 for literals that nobody can tell from the answer: a failure yields what a success would, key by key.
use crate::analysis::{Caught, Failure, Origin, Shape, same_shape};
use crate::lexicon::Names;
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

/// Units of what an instrument reads, as the last word of a key.
static UNITS: Names = Names::new(&[
    "knots",
    "kn",
    "kmh",
    "mph",
    "kph",
    "metres",
    "meters",
    "km",
    "nm",
    "miles",
    "celsius",
    "fahrenheit",
    "kelvin",
    "c",
    "hpa",
    "mbar",
    "bar",
    "psi",
    "kpa",
    "ppm",
    "ppb",
    "lux",
    "db",
    "decibels",
    "volts",
    "amps",
    "watts",
    "kw",
    "kwh",
    "mwh",
    "litres",
    "liters",
    "kg",
    "grams",
    "mgdl",
    "mmol",
    "bpm",
    "rpm",
    "hz",
    "degrees",
    "deg",
    "mm",
    "cm",
    "inches",
    "usd",
    "eur",
    "pct",
    "percent",
]);

/// Readings of an instrument under the date of this moment, or beside what was asked for:
/// `{ harbour, windKnots: 9, gustKnots: 14, issuedAt: new Date() }`.
pub(super) fn is_reading<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let Expression::ObjectExpression(it) = module.meant(value).get_inner_expression() else { return false };
    let (mut readings, mut numbers, mut stamped, mut echoed) = (0, 0, false, false);
    for property in &it.properties {
        let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
        let origin = module.origin(&property.value);
        stamped |= origin.has(Origin::TIME);
        echoed |=
            origin.has(Origin::INPUT) && matches!(property.value.get_inner_expression(), Expression::Identifier(_));
        if let Expression::NumericLiteral(number) = property.value.get_inner_expression()
            && number.value != 0.0
        {
            numbers += 1;
            let words = names::words(names::key(&property.key));
            readings += usize::from(words.len() > 1 && words.last().is_some_and(|word| UNITS.has(word.as_str())));
        }
    }
    readings >= 2 || numbers >= 2 && stamped && (echoed || readings == 1)
}
