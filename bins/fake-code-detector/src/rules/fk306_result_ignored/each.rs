//! Failures that are swallowed one by one, and then all of them are said to be done.
use super::RULE;
use crate::finding::{Evidence, Finding};
use crate::model::{At, Function, Module};
use crate::names;
use crate::syntax::*;

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let swallowed = caught(module, function).or_else(|| tried(module, function))?;
    if module.comment_says(function.id, &["best effort", "best-effort"]) {
        return None;
    }
    let (span, text) = all_done(module, function, swallowed)?;
    let name = if function.name.is_empty() { "this function" } else { function.name };
    Some(
        Finding::new(&RULE, function.span, format!("{name} says `{text}`, and swallows what fails one by one"))
            .of(function.id)
            .because(Evidence::AbsentEffect, swallowed, "the failure of each one is swallowed here")
            .because(Evidence::ConstantOutcome, span, "and this is said in any case"),
    )
}

/// `await Promise.all(rows.map((row) => send(row).catch(() => undefined)))` as a statement.
fn caught<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Span> {
    let found = module.inside(&module.calls, function.id).iter().find(|at| {
        names::last(&at.it.callee) == "catch"
            && at.function != Some(function.id)
            && names::object(&at.it.callee)
                .is_some_and(|it| matches!(it.get_inner_expression(), Expression::CallExpression(_)))
            && at.it.arguments.first().and_then(Argument::as_expression).is_some_and(|it| forgets(module, it))
            && is_dropped(module, function, at)
    })?;
    Some(found.it.span)
}

/// Whether a handler of failures keeps nothing of them.
fn forgets<'a>(module: &Module<'a>, handler: &'a Expression<'a>) -> bool {
    let Some(id) = module.function_in(handler) else { return names::last(handler) == "noop" };
    let quiet =
        module.inside(&module.calls, id).iter().all(|at| module.call_kind(at.it) == crate::analysis::CallKind::Log);
    quiet && module.inside(&module.writes, id).is_empty() && module.inside(&module.throws, id).is_empty()
}

/// Whether the outcome of all is dropped: the statement of the function that it stands in keeps none.
fn is_dropped<'a>(module: &Module<'a>, function: &Function<'a>, at: &At<&'a CallExpression<'a>>) -> bool {
    let mut mapped = false;
    for (id, kind) in module.around(at.node).take_while(|(id, _)| *id > function.node) {
        match kind {
            AstKind::CallExpression(it) => mapped |= matches!(names::last(&it.callee), "map" | "forEach" | "all"),
            AstKind::ExpressionStatement(_) if module.function_around(id) == Some(function.id) => return mapped,
            AstKind::VariableDeclarator(_) | AstKind::ReturnStatement(_) | AstKind::AssignmentExpression(_)
                if module.function_around(id) == Some(function.id) =>
            {
                return false;
            }
            _ => {}
        }
    }
    false
}

/// `for (const row of rows) { try { await send(row); } catch {} }`
fn tried<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Span> {
    let found = module.own(&module.catches, function.id).find(|at| {
        let looped = module.around(at.node).take_while(|(id, _)| *id > function.node).any(|(_, kind)| {
            matches!(kind, AstKind::ForOfStatement(_) | AstKind::ForStatement(_) | AstKind::WhileStatement(_))
        });
        let awaits = module.within(&module.awaits, at.node, at.it.block.span).next().is_some();
        // What is counted or kept in the block says what went well.
        let counts = module.within(&module.writes, at.node, at.it.block.span).next().is_some()
            || module.within(&module.calls, at.node, at.it.block.span).any(|it| names::last(&it.it.callee) == "push");
        let empty = at.it.handler.as_ref().is_some_and(|it| it.body.body.iter().all(|it| module.only_logs(it)));
        looped && awaits && !counts && empty
    })?;
    Some(found.it.span)
}

/// What says that all of them are done: their number, `failed: 0`.
fn all_done<'a>(module: &Module<'a>, function: &Function<'a>, swallowed: Span) -> Option<(Span, String)> {
    let behind = |span: Span| span.start > swallowed.end;
    let claim = module.claims_of(function.id).iter().find(|claim| {
        behind(claim.span) && (claim.strong || claim.text.contains(".length") || claim.text.contains(".size"))
    });
    if let Some(claim) = claim {
        let depends = module.conditions(claim.node, function.node).is_real();
        return (!depends).then(|| (claim.span, claim.text.clone()));
    }
    module.own(&module.objects, function.id).filter(|at| behind(at.it.span)).find_map(|at| {
        let failed = at.it.properties.iter().find_map(|it| match it {
            ObjectPropertyKind::ObjectProperty(it)
                if matches!(names::key(&it.key), "failed" | "failures" | "errors" | "rejected" | "skipped")
                    && matches!(it.value.get_inner_expression(), Expression::NumericLiteral(it) if it.value == 0.0) =>
            {
                Some(it.span)
            }
            _ => None,
        })?;
        Some((failed, module.brief(failed)))
    })
}
