//! Answers that are remainders of the question: an asynchronous function that waits for nobody and counts modulo a literal.
use rustc_hash::FxHashSet;

use super::RULE;
use crate::analysis::{Origin, Reach, object_keys};
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

pub(super) fn remainders(module: &Module<'_>, seen: &mut FxHashSet<FunctionId>, sink: &mut Sink) {
    steps(module, seen, sink);
    if memchr::memchr(b'%', module.text.as_bytes()).is_none() {
        return;
    }
    for object in &module.objects {
        let Some(home) = object.function.map(|id| module.home(id)) else { continue };
        let it = module.function(home);
        if !it.is_async || seen.contains(&home) || !module.inside(&module.awaits, home).is_empty() {
            continue;
        }
        let Some((name, span)) = remainder(module, object.it) else { continue };
        let idle = module.summary(home).is_some_and(|summary| summary.effects().is_empty());
        if !idle || module.reach(object.node) < Reach::Return || module.is_null_object(it) || !seen.insert(home) {
            continue;
        }
        sink.report(
            Finding::new(
                &RULE,
                it.span,
                format!("{} makes up \"{name}\": it is a remainder of the question", it.qualified()),
            )
            .of(home)
            .because(Evidence::InventedValue, span, "counted modulo a literal")
            .because(Evidence::AbsentEffect, it.span, "it is asynchronous and asks nobody"),
        );
    }
}

/// A property that is a remainder of what was given, or of the number of the turn.
fn remainder<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>) -> Option<(&'a str, Span)> {
    let spreads = |key: &str| {
        names::words(key).iter().any(|word| {
            matches!(word.as_str(), "shard" | "bucket" | "partition" | "slot" | "replica" | "worker" | "variant")
        })
    };
    if object_keys(object).any(spreads) {
        return None;
    }
    object.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let name = names::key(&it.key);
        let honest = names::words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "id" | "page"
                    | "offset"
                    | "index"
                    | "bucket"
                    | "shard"
                    | "partition"
                    | "slot"
                    | "column"
                    | "row"
                    | "hour"
                    | "hours"
                    | "minute"
                    | "minutes"
                    | "second"
                    | "seconds"
                    | "day"
                    | "month"
                    | "weekday"
                    | "key"
                    | "hash"
                    | "checksum"
                    | "remainder"
                    | "rest"
                    | "remaining"
                    | "parity"
                    | "color"
                    | "colour"
            )
        });
        let real = Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV;
        let value = match it.value.get_inner_expression() {
            Expression::Identifier(name) => module.initial(name).unwrap_or(&it.value),
            _ => &it.value,
        };
        (!honest && !module.origin(value).has(real) && takes_remainder(value, 0)).then_some((name, it.span))
    })
}

fn takes_remainder(value: &Expression<'_>, depth: usize) -> bool {
    if depth > 12 {
        return false;
    }
    let of = |value: &Expression<'_>| takes_remainder(value, depth + 1);
    match value.get_inner_expression() {
        Expression::BinaryExpression(it) if it.operator == BinaryOperator::Remainder => {
            matches!(it.right.get_inner_expression(), Expression::NumericLiteral(it)
                if it.value > 2.0 && ![4.0, 7.0, 10.0, 12.0, 24.0, 60.0, 100.0, 360.0, 1000.0].contains(&it.value))
        }
        Expression::BinaryExpression(it) => of(&it.left) || of(&it.right),
        Expression::UnaryExpression(it) => of(&it.argument),
        Expression::CallExpression(call) => {
            call.arguments.iter().filter_map(Argument::as_expression).any(of)
                || names::object(&call.callee).is_some_and(of)
        }
        _ => false,
    }
}

/// `names.map((name, i) => ({ name, load: (i * 37) % 100, ping: 18 + i * 23 }))`: measures that count the turns.
fn steps(module: &Module<'_>, seen: &mut FxHashSet<FunctionId>, sink: &mut Sink) {
    for object in &module.objects {
        let Some(function) = object.function else { continue };
        if !matches!(module.function(function).argument_of, "map" | "from" | "flatMap") {
            continue;
        }
        let counted: Vec<(&str, Span)> =
            object.it.properties.iter().filter_map(|it| counts_turns(module, it)).collect();
        let measure = counted.iter().find(|(name, _)| names::has_word(name, &lexicon::METRIC_NOUNS));
        let Some((name, span)) = measure.filter(|_| counted.len() >= 2) else { continue };
        let home = module.home(function);
        if is_drawing(object.it) || module.reach(object.node) < Reach::Return || !seen.insert(home) {
            continue;
        }
        let it = module.function(home);
        sink.report(
            Finding::new(&RULE, it.span, format!("{} makes up \"{name}\" from the number of the row", it.qualified()))
                .of(home)
                .because(Evidence::InventedValue, *span, "arithmetic over the index and literals")
                .because(Evidence::ContractWords, *span, format!("\"{name}\" promises a measure")),
        );
    }
}

fn counts_turns<'a>(module: &Module<'a>, property: &'a ObjectPropertyKind<'a>) -> Option<(&'a str, Span)> {
    let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
    let arithmetic = matches!(it.value.get_inner_expression(), Expression::BinaryExpression(sum)
        if matches!(sum.operator, BinaryOperator::Addition | BinaryOperator::Subtraction | BinaryOperator::Remainder)
            && (matches!(sum.left.get_inner_expression(), Expression::BinaryExpression(_))
                || matches!(sum.right.get_inner_expression(), Expression::BinaryExpression(_))));
    let origin = module.origin(&it.value);
    (arithmetic && origin.has(Origin::INDEX) && origin.without(Origin::LITERAL | Origin::INDEX) == Origin::NONE)
        .then_some((names::key(&it.key), it.span))
}

fn is_drawing(object: &ObjectExpression<'_>) -> bool {
    object_keys(object).any(|key| {
        matches!(
            key,
            "x" | "y"
                | "z"
                | "left"
                | "top"
                | "width"
                | "height"
                | "delay"
                | "angle"
                | "rotate"
                | "opacity"
                | "duration"
                | "radius"
                | "scale"
                | "offset"
                | "style"
                | "key"
        )
    })
}
