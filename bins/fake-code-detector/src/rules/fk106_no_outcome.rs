//! FK106 by the slice of a function: what is worked out and serves none of its outcomes.
use crate::analysis::{CallKind, Level, Slice, Usage};
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Kind, Module};
use crate::rules::fk106_dead_result::RULE;
use crate::syntax::*;

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) || function.kind == Kind::Getter || module.is_callback(function) {
        return None;
    }
    if module.is_hook(function) || module.is_null_object(function) || function.name.is_empty() {
        return None;
    }
    module.summary(function.id)?;
    let slice = module.slice(function.id)?;
    let (what, span) = dead_value(module, function, slice)
        .map(|(a, b)| (format!("works out {a}"), b))
        .or_else(|| only_counted(module, function, slice).map(|b| ("only counts".to_owned(), b)))
        .or_else(|| parameters(module, function, slice))?;
    Some(
        Finding::new(&RULE, function.span, format!("{} {what}, and no outcome depends on it", function.qualified()))
            .of(function.id)
            .because(Evidence::AbsentEffect, span, format!("{what} reaches no return, field, call or error"))
            .with_severity(Severity::Warning),
    )
}

fn parameters<'a>(module: &Module<'a>, function: &Function<'a>, slice: &Slice<'a>) -> Option<(String, Span)> {
    let summary = module.summary(function.id)?;
    let mut names = Vec::new();
    for (own, id) in summary.parameters.iter().zip(function.parameters()) {
        let level = slice.level(id.symbol_id.get()?);
        if level.usage() < module.usage(id.symbol_id.get()?, function.id) {
            names.push(format!("{} {:?}<{:?}", own.name, level, module.usage(id.symbol_id.get()?, function.id)));
        }
    }
    if names.is_empty() { None } else { Some((format!("PARAM {}", names.join(" ")), function.span)) }
}

/// A loop over something real of which nothing is read.
fn only_counted<'a>(module: &Module<'a>, function: &Function<'a>, slice: &Slice<'a>) -> Option<Span> {
    (function.node.index()..function.end.index()).map(NodeId::from_usize).find_map(|node| {
        let AstKind::ForOfStatement(it) = module.kind(node) else { return None };
        let ForStatementLeft::VariableDeclaration(left) = &it.left else { return None };
        let symbols = left.declarations.first()?.id.get_symbol_ids();
        let unread = symbols.iter().all(|it| slice.level(*it) <= Level::Told);
        let counts = slice.level_within(it.body.span()) >= Level::Size;
        let effects = module.within(&module.calls, node, it.span).any(|at| {
            !it.right.span().contains_inclusive(at.it.span)
                && matches!(module.call_kind(at.it), CallKind::Effect | CallKind::Local(_))
        });
        (unread && counts && !effects && module.origin(&it.right).is_real()).then_some(it.span)
    })
}

/// A variable that is worked out of something real, named again, and serves no outcome.
fn dead_value<'a>(module: &Module<'a>, function: &Function<'a>, slice: &Slice<'a>) -> Option<(&'a str, Span)> {
    module.declarators(function.id).find_map(|it| {
        let node = it.node_id.get();
        let names = it.id.get_binding_identifiers();
        let first = names.first()?;
        let init = it.init.as_ref()?;
        if names.iter().any(|name| name.name.starts_with('_')) || module.function_in(init).is_some() {
            return None;
        }
        let works = module.within(&module.calls, node, it.span).next().is_some()
            || module.within(&module.news, node, it.span).next().is_some();
        let dead = slice.level_at(node) == Level::Dead;
        let real =
            names.iter().any(|name| name.symbol_id.get().is_some_and(|it| module.origin_of_symbol(it).is_real()));
        let named = names.iter().any(|name| name.symbol_id.get().is_some_and(|it| module.uses(it).next().is_some()));
        let logged = names
            .iter()
            .any(|name| name.symbol_id.get().is_some_and(|it| module.usage(it, function.id) == Usage::Logged));
        (works && dead && real && named && !logged).then_some((first.name.as_str(), it.span))
    })
}
