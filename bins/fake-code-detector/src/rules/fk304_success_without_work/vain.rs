//! Work in vain: the call is there, and nothing comes of it.
use super::RULE;
use crate::finding::{Evidence, Finding};
use crate::model::{Function, Kind, Module};
use crate::syntax::*;

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.is_generator
        || module.is_hook(function)
        || module.is_null_object(function)
    {
        return None;
    }
    let promise = module.promised_effect(function).or_else(|| {
        let claims = module.claims_of(function.id);
        claims.first().map(|claim| format!("it says `{}` itself", claim.text))
    })?;
    if module.summary(function.id)?.work().is_some() {
        return None;
    }
    let (span, why) = vain(module, function).filter(|_| !module.only_tries(function))?;
    let what = if function.name.is_empty() { "the handler".to_owned() } else { function.qualified() };
    Some(
        Finding::new(&RULE, function.span, format!("{what} does nothing by `{}`: {why}", module.brief(span)))
            .of(function.id)
            .because(Evidence::AbsentEffect, span, why)
            .because(Evidence::ContractWords, function.span, promise),
    )
}

/// The first call of which nothing comes, or a request that is made and not sent.
fn vain<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(Span, &'static str)> {
    let calls = module.inside(&module.calls, function.id);
    calls
        .iter()
        .find_map(|at| Some((at.it.callee.span(), module.in_vain(at)?)))
        .or_else(|| unsent(module, function))
        .or_else(|| {
            calls.iter().find_map(|at| match module.call_kind(at.it) {
                crate::analysis::CallKind::Local(id) if id != function.id => unsent(module, module.function(id)),
                _ => None,
            })
        })
}

/// `new Request(url)`: what is made is handed to nobody, since the function does no work.
fn unsent<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(Span, &'static str)> {
    let made = module.inside(&module.news, function.id).iter().find(|at| {
        matches!(&at.it.callee, Expression::Identifier(name) if name.name == "Request" && module.symbol(name).is_none())
    })?;
    let told = function.words().iter().any(|word| word == "mock");
    (!told).then_some((made.it.span, "the request is made and never sent"))
}
