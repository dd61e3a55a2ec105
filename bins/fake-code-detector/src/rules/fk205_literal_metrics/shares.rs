//! A measure that is a fixed share: `ratio: 0.38`, `packedBytes: Math.ceil(raw.length * 0.42)`, where the function promises to measure.
use super::among::Figure;
use super::chosen;
use crate::lexicon::Names;
use crate::model::{At, Function, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Words of what only the work itself can say.
static OUTCOMES: Names = Names::new(&[
    "ratio",
    "confidence",
    "similarity",
    "accuracy",
    "compression",
    "saved",
    "saving",
    "savings",
    "compressed",
    "packed",
    "reduced",
    "reduction",
    "tokens",
    "completion",
    "certainty",
    "match",
    "overlap",
    "probability",
    "likelihood",
    "gain",
    "improvement",
    "optimized",
    "optimised",
    "deduplicated",
    "uplift",
]);
/// Words of names and comments that say that a figure is a guess, or one that somebody has chosen.
static GUESSES: Names = Names::new(&[
    "estimate",
    "estimates",
    "estimated",
    "approximate",
    "approximates",
    "approx",
    "approximately",
    "roughly",
    "guess",
    "guesses",
    "heuristic",
    "rough",
    "default",
    "defaults",
    "budget",
    "target",
    "assume",
    "assumes",
    "rule",
    "plan",
    "config",
    "options",
    "preset",
    "layout",
    "aspect",
    "style",
    "about",
    "project",
    "projected",
    "forecast",
]);

/// The share that an object says was measured.
pub(super) fn share<'a>(module: &Module<'a>, at: &At<&'a ObjectExpression<'a>>) -> Option<Figure<'a>> {
    let id = at.function?;
    let home = module.home(id);
    let it = module.function(home);
    if it.params.items.is_empty() || !module.is_candidate(it) || module.is_bound_elsewhere(it) {
        return None;
    }
    if !is_the_answer(module, home, at) {
        return None;
    }
    let (name, span) = outcome(module, at.it, 0)?;
    (!guesses(module, it) && !chosen::by_name(module, home) && promises(module, it)).then_some(Figure {
        name,
        span,
        home,
    })
}

/// Whether an object is all that a function answers, whatever the case.
fn is_the_answer<'a>(module: &Module<'a>, home: FunctionId, at: &At<&'a ObjectExpression<'a>>) -> bool {
    let mut answers = module
        .returns_of(home)
        .filter_map(|it| it.value)
        .filter(|it| matches!(it.get_inner_expression(), Expression::ObjectExpression(_)));
    let only =
        answers.next().is_some_and(|it| it.span() == at.it.span || it.get_inner_expression().span() == at.it.span);
    only && answers.next().is_none() && !module.conditions(at.node, module.function(home).node).is_real()
}

fn outcome<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>, depth: usize) -> Option<(&'a str, Span)> {
    object.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let name = names::key(&it.key);
        if let Expression::ObjectExpression(inner) = it.value.get_inner_expression() {
            let usage = matches!(name, "usage" | "stats" | "metrics" | "meta");
            return if usage && depth < 2 { outcome(module, inner, depth + 1) } else { None };
        }
        let named = names::words(name).iter().any(|word| OUTCOMES.has(word.as_str()));
        (named && (is_fraction(&it.value) || is_share(module, &it.value, 0) || depth > 0 && is_count(&it.value)))
            .then_some((name, it.span))
    })
}

/// `completion: 40` of what a model is said to have used.
fn is_count(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::NumericLiteral(it) if it.value > 1.0)
}

fn is_fraction(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::NumericLiteral(it) if it.value.fract() != 0.0 && it.value != 0.5)
}

/// `Math.ceil(segment.byteLength * 0.42)`: a size times a number that is written down.
fn is_share<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> bool {
    if depth > 4 {
        return false;
    }
    match value.get_inner_expression() {
        Expression::CallExpression(call) if names::object(&call.callee).is_some_and(|it| it.is_specific_id("Math")) => {
            call.arguments.first().and_then(Argument::as_expression).is_some_and(|it| is_share(module, it, depth + 1))
        }
        Expression::BinaryExpression(it) if it.operator == BinaryOperator::Multiplication => {
            let size = |value: &Expression<'_>| {
                matches!(names::last(value), "length" | "byteLength" | "size") && names::object(value).is_some()
            };
            is_fraction(&it.right) && size(&it.left) || is_fraction(&it.left) && size(&it.right)
        }
        Expression::Identifier(name) => module
            .symbol(name)
            .and_then(|symbol| module.unchanged_value(symbol))
            .is_some_and(|it| module.function_around(it.node_id()).is_some() && is_share(module, it, depth + 1)),
        _ => false,
    }
}

fn guesses<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let said = |text: &str| names::text_words(text).any(|word| GUESSES.has(word.as_str()));
    said(function.name) || said(function.owner) || said(&module.comment_of(function))
}

/// Whether a function says that it does what the figure is about.
fn promises<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.promises(function)
        || crate::analysis::first_verb(&module.comment_of(function)).is_some()
        || function.words().first().is_some_and(|word| {
            matches!(
                word.as_str(),
                "compress"
                    | "pack"
                    | "shrink"
                    | "dedupe"
                    | "summarize"
                    | "summarise"
                    | "classify"
                    | "optimize"
                    | "optimise"
                    | "minify"
            )
        })
}
