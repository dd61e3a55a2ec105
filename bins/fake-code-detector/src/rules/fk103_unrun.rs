//! FK103 for functions that are given: a function is handed in to be run, and is never run nor handed on.
use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{Function, Kind, Module};
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

/// Names of parameters that only a function can hold.
const CALLED: &[&str] = &[
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
];

pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
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
    let summary = module.summary(function.id)?;
    let unread = summary.parameters.get(given)?;
    let reads = summary.parameters.iter().any(|other| other.usage == Usage::Live);
    let answers = summary.values().next().is_some() || !summary.effects.is_empty();
    if unread.usage >= Usage::Logged || unread.name.starts_with('_') || !reads || !answers {
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

/// Whether a parameter holds a function: its type says so, or where there are no types its name.
fn is_function<'a>(function: &Function<'a>, name: &BindingIdentifier<'a>) -> bool {
    function.params.items.iter().any(|item| {
        let own = item.pattern.get_binding_identifier().is_some_and(|own| own.span == name.span);
        own && match &item.type_annotation {
            Some(it) => matches!(it.type_annotation, TSType::TSFunctionType(_)),
            None => CALLED.contains(&name.name.as_str()),
        }
    })
}
