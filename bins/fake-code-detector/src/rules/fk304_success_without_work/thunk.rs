//! A thunk that tells the store that it waits, then that it is done, and asks nobody in between.
use super::RULE;
use crate::analysis::is_done;
use crate::finding::{Evidence, Finding};
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let first = function.params.items.first()?.pattern.get_binding_identifier()?;
    let dispatch = first.symbol_id.get().filter(|_| first.name == "dispatch")?;
    let home = module.function(module.home(function.id));
    let promise = module.promised_effect(home).or_else(|| module.promised_effect(function))?;
    let calls = module.inside(&module.calls, function.id);
    let told: Vec<(&'a CallExpression<'a>, &'a CallExpression<'a>)> = calls
        .iter()
        .filter_map(|at| {
            let own = matches!(&at.it.callee, Expression::Identifier(name) if module.symbol(name) == Some(dispatch));
            let Expression::CallExpression(action) = at.it.arguments.first()?.as_expression()?.get_inner_expression()
            else {
                return None;
            };
            own.then_some((at.it, &**action))
        })
        .collect();
    let waits = told.iter().position(|it| says(it.1, &WAITS))?;
    let done = told[waits + 1..].iter().find(|it| {
        names::words(names::last(&it.1.callee)).iter().any(|word| is_done(word) || DONE.contains(&word.as_str()))
            && !says(it.1, &FAILS)
    })?;
    // Whoever waits for something, or calls anything but the store, may have done it.
    let idle = module.inside(&module.awaits, function.id).is_empty()
        && calls.iter().all(|at| {
            told.iter().any(|it| it.0.span == at.it.span || it.1.span == at.it.span)
                || told.iter().any(|it| it.0.span.contains_inclusive(at.it.span))
        });
    idle.then(|| {
        Finding::new(&RULE, home.span, format!("{} tells the store that it is done, and asks nobody", home.qualified()))
            .of(home.id)
            .because(Evidence::AbsentEffect, done.0.span, "nothing is asked between waiting and done")
            .because(Evidence::ContractWords, home.span, promise)
    })
}

const WAITS: [&str; 7] = ["pending", "request", "requested", "started", "start", "loading", "submitting"];
const DONE: [&str; 8] = ["fulfilled", "success", "succeeded", "placed", "done", "complete", "completed", "resolved"];
const FAILS: [&str; 5] = ["failed", "failure", "error", "rejected", "cancelled"];

/// Whether the name of an action has one of these words.
fn says(action: &CallExpression<'_>, words: &[&str]) -> bool {
    names::words(names::last(&action.callee)).iter().any(|word| words.contains(&word.as_str()))
}
