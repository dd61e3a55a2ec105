//! An asynchronous function that gives nothing back and only asks: whatever it was there for, it did not do.
use super::RULE;
use crate::analysis::Grade;
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon;
use crate::model::{Function, Module, Role};
use crate::syntax::*;

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let verb = function.verb();
    let asks = [&lexicon::QUERY_VERBS, &lexicon::CHECK_VERBS, &lexicon::READ_VERBS].iter().any(|it| it.has(verb));
    if !function.is_async
        || function.role != Role::Named
        || asks && verb != "up"
        || function.name.is_empty()
        || !module.is_candidate(function)
        || function.parameters().is_empty()
        || module.is_null_object(function)
        || module.is_hook(function)
        || matches!(
            verb.as_str(),
            "warm"
                | "wait"
                | "test"
                | "main"
                | "print"
                | "preload"
                | "prefetch"
                | "debug"
                | "dump"
                | "prepare"
                | "init"
                | "guard"
                | "log"
                | "reject"
        )
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    let gives = summary.values().next().is_some();
    if gives
        || summary.work().is_some()
        || summary.throws() > 0
        || module.keeps_something(function.id)
        || !summary.logs().is_empty() && !matches!(verb.as_str(), "up" | "backfill")
    {
        return None;
    }
    let calls = module.inside(&module.calls, function.id);
    let kept = |at: &&crate::model::At<&'a CallExpression<'a>>| {
        module.grade(at) == Grade::Read && matches!(module.kind(module.parent(at.node)), AstKind::AwaitExpression(_))
    };
    let asked = calls.iter().find(kept)?;
    if calls.iter().any(|at| module.grade(at) == Grade::Tell) || !module.inside(&module.yields, function.id).is_empty()
    {
        return None;
    }
    let loops = (function.node.index()..function.end.index()).any(|index| {
        matches!(
            module.kind(NodeId::from_usize(index)),
            AstKind::ForOfStatement(_)
                | AstKind::ForStatement(_)
                | AstKind::WhileStatement(_)
                | AstKind::VariableDeclarator(_)
        )
    });
    loops.then(|| {
        Finding::new(&RULE, function.span, format!("{} only asks, and gives nothing back", function.qualified()))
            .of(function.id)
            .with_severity(Severity::Warning)
            .because(Evidence::AbsentEffect, asked.it.span, "what is answered here reaches nobody")
    })
}
