//! Functions that are told how long and how often to try, and try once.
use super::RULE;
use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Kind, Module, Role};
use crate::names;
use crate::syntax::*;

/// A function that polls, waits or retries by its name, asks once, and never reads how often or how long.
pub(super) fn asks_once<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let words = function.words();
    let first = words.first().map_or("", String::as_str);
    let promises = matches!(first, "poll" | "wait" | "retry" | "until" | "await" | "monitor" | "watch")
        || words.iter().any(|word| matches!(word.as_str(), "retry" | "retries" | "retrying" | "polling"));
    if !promises
        || function.role != Role::Named
        || function.kind == Kind::Getter
        || !module.is_candidate(function)
        || module.is_bound_elsewhere(function)
        || module.own(&module.awaits, function.id).next().is_none()
        || module.comment_says(function.id, &["once", "single", "ignored", "unused", "deprecated"])
    {
        return None;
    }
    let unread = function.parameters().iter().copied().find(|name| {
        is_patience(&name.name)
            && name.symbol_id.get().is_some_and(|symbol| module.usage(symbol, function.id) <= Usage::Logged)
    })?;
    let again = (function.node.index()..function.end.index()).any(|index| {
        matches!(
            module.kind(NodeId::from_usize(index)),
            AstKind::ForStatement(_)
                | AstKind::ForOfStatement(_)
                | AstKind::WhileStatement(_)
                | AstKind::DoWhileStatement(_)
        )
    }) || module.inside(&module.calls, function.id).iter().any(|at| {
        names::last(&at.it.callee) == function.name
            || at.it.arguments.iter().any(|it| it.as_expression().is_some_and(|it| module.function_in(it).is_some()))
    });
    (!again).then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} asks once, whatever {} says", function.qualified(), name_of(unread)),
        )
        .of(function.id)
        .with_severity(Severity::Error)
        .because(Evidence::UnreadInput, unread.span, "how often or how long is never read, and there is no second turn")
        .because(Evidence::ContractWords, function.span, format!("its name says “{first}”"))
    })
}

fn name_of<'a>(name: &BindingIdentifier<'a>) -> &'a str {
    name.name.as_str()
}

fn is_patience(name: &str) -> bool {
    !name.starts_with('_')
        && names::words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "interval"
                    | "timeout"
                    | "attempts"
                    | "retries"
                    | "tries"
                    | "backoff"
                    | "delay"
                    | "attempt"
                    | "deadline"
                    | "times"
            )
        })
}
