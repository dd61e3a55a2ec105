//! FK103 for what is handed in to be used: a function that is never run, and settings that only a pause goes by.
use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

/// Names of parameters that only a function can hold.
static CALLED: Names = Names::new(&[
    "fn",
    "run",
    "callback",
    "cb",
    "task",
    "job",
    "operation",
    "op",
    "predicate",
    "loader",
    "fetcher",
    "func",
    "execute",
    "executor",
]);

pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = unrun(module, function).or_else(|| only_waits(module, function)) {
            sink.report(finding);
        }
    }
}

fn unrun<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let names = function.parameters();
    if names.len() < 2 || function.name.is_empty() || function.statements().len() < 2 {
        return None;
    }
    let given = names.iter().position(|name| is_function(function, name))?;
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || module.is_bound_elsewhere(function)
        || module.comment_says(function.id, &["deprecated", "ignored", "unused", "compatib", "not supported"])
    {
        return None;
    }
    // A slice finds uses that serve nothing, never one that is not there.
    let symbol = names.get(given)?.symbol_id.get()?;
    if module.usage(symbol, function.id) != Usage::Unread {
        return None;
    }
    let summary = module.summary(function.id)?;
    let unread = summary.parameters().get(given)?;
    let reads = summary.parameters().iter().any(|other| other.usage == Usage::Live);
    let answers = summary.values().next().is_some() || !summary.effects().is_empty();
    if unread.usage != Usage::Unread || unread.name.starts_with('_') || !reads || !answers {
        return None;
    }
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} is given {} and never runs it", function.qualified(), unread.name),
        )
        .of(function.id)
        .because(Evidence::UnreadInput, unread.span, "a function that is neither called nor handed on")
        .because(Evidence::ContractWords, function.span, "it goes by its other parameters, and answers")
        .with_severity(Severity::Warning),
    )
}

/// Words of what is there to make a pause longer.
static PAUSES: Names = Names::new(&[
    "ms",
    "delay",
    "timeout",
    "interval",
    "wait",
    "pause",
    "duration",
    "ttl",
    "time",
    "seconds",
    "sec",
    "millis",
    "milliseconds",
    "minutes",
    "period",
    "every",
    "after",
    "deadline",
    "speed",
    "latency",
    "throttle",
    "debounce",
    "jitter",
    "backoff",
    "attempt",
    "attempts",
    "timer",
    "handle",
    "sleep",
    "until",
    "rate",
    "poll",
    "frame",
    "grace",
    "date",
    "at",
    "expires",
    "expiry",
    "expiration",
    "when",
    "schedule",
    "cooldown",
    "animation",
    "transition",
]);

/// A function that does something for good, and goes by one of its parameters only where it waits.
fn only_waits<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.statements().is_empty() || !module.is_candidate(function) || module.is_bound_elsewhere(function) {
        return None;
    }
    let summary = module.summary(function.id)?;
    if summary.timers().is_empty() || summary.values().next().is_none() {
        return None;
    }
    let timed = summary.parameters().iter().find(|it| it.usage == Usage::Timed)?;
    let words = names::words(timed.name);
    let whole = function
        .params
        .items
        .iter()
        .find(|item| item.pattern.get_binding_identifier().is_some_and(|own| own.span == timed.span))?;
    let number = whole.type_annotation.as_ref().is_some_and(|it| {
        matches!(it.type_annotation, TSType::TSNumberKeyword(_) | TSType::TSFunctionType(_) | TSType::TSUnionType(_))
    });
    let pauses = words.iter().any(|word| PAUSES.has(word.trim_end_matches('s')) || PAUSES.has(word.as_str()));
    let works = summary.parameters().iter().any(|it| it.usage == Usage::Live);
    if number || pauses || !works {
        return None;
    }
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} goes by {} only for how long it waits", function.qualified(), timed.name),
        )
        .of(function.id)
        .because(Evidence::UnreadInput, timed.span, "nothing but a pause depends on it")
        .because(Evidence::ContractWords, function.span, "what it answers is the same whatever is set there")
        .with_severity(Severity::Warning),
    )
}

/// Whether a parameter holds a function: its type says so, or where there are no types its name.
fn is_function<'a>(function: &Function<'a>, name: &BindingIdentifier<'a>) -> bool {
    function.params.items.iter().any(|item| {
        let own = item.pattern.get_binding_identifier().is_some_and(|own| own.span == name.span);
        own && match &item.type_annotation {
            Some(it) => matches!(it.type_annotation, TSType::TSFunctionType(_)),
            None => CALLED.has(name.name.as_str()),
        }
    })
}
