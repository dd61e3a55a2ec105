//! FK106 for lists that are sorted or checked one by one, and of which only the number is read.
use super::fk106_no_outcome::{Idle, level_of};
use crate::analysis::{CallKind, Level};
use crate::lexicon;
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

pub(super) fn sized<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Idle> {
    module.declarators(function.id).find_map(|it| {
        let name = it.id.get_binding_identifier().filter(|name| !name.name.starts_with('_'))?;
        let call = made_by(module, it.init.as_ref()?, 0)?;
        let read = module.uses(name.symbol_id.get()?).any(Reference::is_read);
        let method = names::last(&call.callee);
        let worked = matches!(method, "sort" | "toSorted") || method == "map" && checks_each(module, call);
        (worked && read && level_of(module, function, it)? == Level::Size).then(|| Idle {
            what: format!("makes {}, and reads only how many there are", name.name),
            span: it.span,
            second: None,
        })
    })
}

/// The call that a list comes from, through `useMemo`, `Promise.all` and `await`.
fn made_by<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> Option<&'a CallExpression<'a>> {
    if depth > 6 {
        return None;
    }
    match value.get_inner_expression() {
        Expression::AwaitExpression(it) => made_by(module, &it.argument, depth + 1),
        Expression::CallExpression(call) => {
            if let Some(id) = module.memoised(call) {
                let mut values = module.returns_of(id);
                let value = values.next()?.value.filter(|_| values.next().is_none())?;
                return made_by(module, value, depth + 1);
            }
            match names::last(&call.callee) {
                "all" | "allSettled" => made_by(module, call.arguments.first()?.as_expression()?, depth + 1),
                "map" | "sort" | "toSorted" => Some(call),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a function is run for each that is asked for its answer, and does nothing else.
fn checks_each<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let callback = call.arguments.first().and_then(Argument::as_expression);
    let Some(id) = callback.and_then(|it| module.function_in(it)) else { return false };
    let calls = module.inside(&module.calls, id);
    let asks = |call: &'a CallExpression<'a>| {
        let verb = names::verb(names::last(&call.callee));
        lexicon::CHECK_VERBS.has(&verb) || lexicon::COMPUTE_VERBS.has(&verb)
    };
    !calls.is_empty()
        && module.inside(&module.throws, id).is_empty()
        && module.inside(&module.writes, id).is_empty()
        && calls.iter().all(|at| match module.call_kind(at.it) {
            CallKind::Effect | CallKind::Local(_) => {
                asks(at.it) && !names::verb_in(names::last(&at.it.callee), &lexicon::EFFECT_VERBS)
            }
            CallKind::Pure => true,
            _ => false,
        })
        && calls.iter().any(|at| matches!(module.call_kind(at.it), CallKind::Effect | CallKind::Local(_)))
}
