//! Identifiers that only the other side can give: an asynchronous order that asks nobody and answers with a number that it drew.
use super::RULE;
use crate::analysis::{Origin, Reach};
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, Module, Role};
use crate::names;
use crate::syntax::*;

pub(super) fn issued(module: &Module<'_>, sink: &mut Sink) {
    for function in module.functions.iter().filter(|it| it.is_async && !it.is_generator) {
        let verb = function.verb();
        if let Some(finding) = answered(module, function, verb) {
            sink.report(finding);
            continue;
        }
        if !lexicon::EFFECT_VERBS.has(verb)
            || function.params.items.is_empty()
            || function.role == Role::Callback
            || module.is_bound_elsewhere(function)
            || !module.inside(&module.awaits, function.id).is_empty()
        {
            continue;
        }
        let Some(summary) = module.summary(function.id).filter(|it| it.work().is_none() && it.effects().is_empty())
        else {
            continue;
        };
        let Some((name, span)) = summary.values().find_map(|value| drawn(module, value)) else { continue };
        sink.report(
            Finding::new(
                &RULE,
                function.span,
                format!("{} answers with \"{name}\" that it drew itself, and asks nobody", function.qualified()),
            )
            .of(function.id)
            .because(Evidence::InventedValue, span, "chance or the clock decides it")
            .because(Evidence::ContractWords, function.span, format!("its name says \"{verb}\"")),
        );
    }
}

/// `res.status(201).json({ id: random(), … })` of a handler that does no work.
fn answered<'a>(module: &Module<'a>, function: &Function<'a>, verb: &str) -> Option<Finding> {
    let orders = lexicon::EFFECT_VERBS.has(verb) && module.answers_requests(function) || module.has_route(function);
    if !orders || module.summary(function.id)?.work().is_some() {
        return None;
    }
    let objects = module.own(&module.objects, function.id);
    let (name, span) =
        objects.filter(|at| module.reach(at.node) == Reach::Response).find_map(|at| drawn_in(module, at.it))?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} answers with \"{name}\" that it drew itself, and stores nothing", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::InventedValue, span, "chance or the clock decides it")
        .because(Evidence::AbsentEffect, function.span, "no call does what was ordered"),
    )
}

/// A property that names the thing in the records of somebody else, and is drawn.
fn drawn<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<(&'a str, Span)> {
    match value.get_inner_expression() {
        Expression::ObjectExpression(object) => drawn_in(module, object),
        _ => None,
    }
}

fn drawn_in<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>) -> Option<(&'a str, Span)> {
    object.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let name = names::key(&it.key);
        let identity = names::words(name).last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "id" | "job" | "ticket" | "tx" | "hash" | "number" | "reference" | "ref" | "receipt" | "code"
            )
        });
        let origin = module.origin(&it.value);
        (identity && origin.has(Origin::RANDOM | Origin::TIME | Origin::TOKEN)).then_some((name, it.span))
    })
}
