//! FK103 for what a function is given to run: it answers, and never runs it.
use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module, Role};
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

/// Names of what is given to be run.
static WORK: Names = Names::new(&[
    "run",
    "fn",
    "func",
    "op",
    "operation",
    "job",
    "work",
    "task",
    "action",
    "execute",
    "load",
    "loader",
    "fetcher",
    "producer",
    "compute",
    "factory",
    "body",
    "probe",
    "attempt",
    "request",
]);

/// A function of a name that is given work, never touches it, and gives a value back or claims to be done.
pub(super) fn unrun<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.role != Role::Named
        || function.kind == Kind::Getter
        || module.is_bound_elsewhere(function)
        || function.statements().is_empty()
        || matches!(function.statements().last(), Some(Statement::ThrowStatement(_)))
    {
        return None;
    }
    let runs = matches!(
        function.words().first().map(String::as_str),
        Some(
            "measure"
                | "benchmark"
                | "bench"
                | "time"
                | "profile"
                | "run"
                | "retry"
                | "with"
                | "execute"
                | "memoize"
                | "memo"
                | "cache"
                | "cached"
                | "poll"
                | "attempt"
                | "schedule"
                | "every"
                | "repeat"
                | "debounce"
                | "throttle"
                | "guard"
                | "lock"
                | "once"
                | "batch"
                | "enqueue"
                | "limit"
                | "trace"
                | "compute"
                | "load"
                | "fetch"
                | "wrap"
                | "call"
                | "apply"
                | "in"
        )
    );
    let name = function.parameters().iter().copied().find(|name| {
        let item = function.params.items.iter().find(|item| item.span.contains_inclusive(name.span));
        let typed = item.is_some_and(|item| {
            item.pattern.is_binding_identifier()
                && item
                    .type_annotation
                    .as_ref()
                    .is_some_and(|it| matches!(it.type_annotation, TSType::TSFunctionType(_)))
        });
        let called = WORK.has(name.name.as_str());
        let plain = item.is_some_and(|item| item.type_annotation.is_some()) && !typed;
        runs && !name.name.starts_with('_')
            && !plain
            && (typed || called)
            && name.symbol_id.get().is_some_and(|symbol| module.usage(symbol, function.id) == Usage::Unread)
    })?;
    let summary = module.summary(function.id)?;
    let answers = summary.values().next().is_some();
    let said = ["unused", "ignored", "no-op", "noop", "deprecated", "compat", "reserved", "dry"];
    (answers && summary.work().is_none() && !module.comment_says(function.id, &said)).then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} never runs {}, which it is given to run", function.qualified(), name.name),
        )
        .of(function.id)
        .with_severity(Severity::Error)
        .because(Evidence::UnreadInput, name.span, format!("{} is never named again", name.name))
        .because(Evidence::ContractWords, function.span, format!("its name says “{}”", function.verb()))
    })
}
