//! What the functions beside a function show: they use what they are all given, or only close what one of them should use.
use super::finding as report;
use crate::analysis::Usage;
use crate::finding::{Finding, Severity};
use crate::lexicon::Names;
use crate::model::{Class, Function, Kind, Member, Module, Role};
use crate::rules::fk304_success_without_work::states::neighbours;
use crate::syntax::*;

/// Verbs that end the use of something.
static ENDS: Names = Names::new(&[
    "close",
    "quit",
    "stop",
    "disconnect",
    "destroy",
    "end",
    "dispose",
    "shutdown",
    "teardown",
    "on",
    "constructor",
    "ping",
    "release",
    "terminate",
    "is",
    "name",
]);

/// A field that only the end of the object reads: what it was opened for is never done.
pub(super) fn only_closed<'a>(
    module: &Module<'a>,
    class: &Class<'a>,
    member: &Member<'a>,
    used: &[NodeId],
) -> Option<Finding> {
    let ends = |function: &Function<'a>| function.kind == Kind::Constructor || ENDS.has(function.verb().as_str());
    let only = used.iter().all(|node| {
        if is_of_life(module, *node) {
            return true;
        }
        let mut around = module.function_around(*node).map(|id| module.function(id));
        while let Some(function) = around {
            if function.class == Some(class.id) {
                return ends(function);
            }
            around = function.parent.map(|id| module.function(id));
        }
        false
    });
    let in_method = used
        .iter()
        .any(|node| module.function_around(*node).is_some_and(|id| module.function(id).kind != Kind::Constructor));
    if !only || !in_method {
        return None;
    }
    let life = used.iter().any(|node| is_of_life(module, *node));
    let begins = |function: &Function<'a>| {
        life && (ends(function) || matches!(function.verb().as_str(), "start" | "init" | "connect" | "open" | "setup"))
    };
    let candidates = || {
        class.methods.iter().map(|id| module.function(*id)).filter(|function| {
            module.is_candidate(function)
                && !ends(function)
                && !begins(function)
                && function.kind == Kind::Method
                && (function.is_async || module.effect_verb(function).is_some())
        })
    };
    let idle = candidates().find(|function| {
        !function.parameters().is_empty()
            && module.summary(function.id).is_some_and(|summary| summary.work().is_none() && summary.awaits() == 0)
    });
    // What is connected, closed and otherwise never used: whoever works here works without it.
    let function = idle.or_else(|| candidates().find(|_| life))?;
    Some(report(module, function, member.name, member.span, Severity::Error))
}

/// `this.producer.connect()`, `this.pool.end()`: the life of a collaborator, and no use of it.
fn is_of_life(module: &Module<'_>, node: NodeId) -> bool {
    let parent = module.parent(node);
    let AstKind::StaticMemberExpression(it) = module.kind(parent) else { return false };
    let called = matches!(module.kind(module.parent(parent)), AstKind::CallExpression(call) if call.callee.span().contains_inclusive(it.span));
    called
        && matches!(
            it.property.name.as_str(),
            "connect" | "disconnect" | "close" | "quit" | "end" | "destroy" | "dispose" | "release"
        )
}

/// A parameter that functions beside this one, which have it too, make calls on, and that this one does not read.
pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.role != Role::Named
        || !function.is_async
            && function.return_type.is_none_or(|it| !module.text_of(it.span()).starts_with("Promise<"))
        || function.statements().is_empty()
        || matches!(function.statements().last(), Some(Statement::ThrowStatement(_)))
        || module.is_hook(function)
        || module.is_null_object(function)
        || function.class.is_some_and(|class| module.class_of(class).it.heritage.is_some())
    {
        return None;
    }
    let unread = function.parameters().iter().copied().find(|name| {
        !name.name.starts_with('_')
            && name.symbol_id.get().is_some_and(|symbol| module.usage(symbol, function.id) == Usage::Unread)
    })?;
    let summary = module.summary(function.id)?;
    if summary.work().is_some() || summary.awaits() > 0 {
        return None;
    }
    let first_of = |other: &Function<'a>| other.parameters().first().map(|name| name.name.as_str());
    let only = function.parameters().len() == 1;
    let same = neighbours(module, function).any(|other| {
        other.parameters().iter().copied().any(|name| name.name == unread.name && is_called(module, other, name))
    });
    (same && (only || first_of(function) == Some(unread.name.as_str())))
        .then(|| report(module, function, &unread.name, unread.span, Severity::Warning))
}

/// Whether a call is made on a parameter.
fn is_called<'a>(module: &Module<'a>, function: &Function<'a>, name: &BindingIdentifier<'a>) -> bool {
    let Some(symbol) = name.symbol_id.get() else { return false };
    module.uses(symbol).filter(|it| it.node_id() < function.end).any(|reference| {
        module
            .around(reference.node_id())
            .take(4)
            .any(|(_, kind)| matches!(kind, AstKind::CallExpression(call) if call.callee.span().contains_inclusive(module.kind(reference.node_id()).span())))
    })
}
