//! Orders to somebody that a log and the function's own book hear of: `this.paged.add(id); log.info("page delivered")`.
use crate::analysis::{Grade, Task};
use crate::finding::{Evidence, Finding};
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk303_log_only_effect::{RULE, WRITERS};
use crate::syntax::*;

pub(super) fn booked<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || module.is_hook(function)
        || module.is_null_object(function)
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    let log = *summary.logs().first()?;
    let told = module.logs_done(function)?;
    let promised = module.promised_task(function);
    let kinds = [Task::Message, Task::Money, Task::Rollout, Task::Device];
    if promised.len() < 2 || !promised.first().is_some_and(|it| kinds.contains(&it.task)) {
        return None;
    }
    let writes = |name: &str| names::words(name).iter().any(|word| WRITERS.has(word.as_str()));
    if writes(function.owner) || writes(function.name) || !module.inside(&module.awaits, function.id).is_empty() {
        return None;
    }
    let class = module.class_of(function.class?);
    let mut kept = None;
    for at in module.inside(&module.calls, function.id).iter().filter(|at| module.grade(at) == Grade::Work) {
        let object = names::object(&at.it.callee)?;
        let this =
            names::object(object).is_some_and(|it| matches!(it.get_inner_expression(), Expression::ThisExpression(_)));
        let field = names::last(object);
        let own = class.members.iter().any(|it| {
            it.name == field
                && !it.injected
                && it.value.is_some_and(|it| matches!(it, Expression::NewExpression(new) if new.arguments.is_empty()))
        });
        if !this
            || !own
            || !matches!(names::last(&at.it.callee), "add" | "set")
            || is_read_out(module, class.it.span, field)
        {
            return None;
        }
        kept = kept.or(Some(at.it.span));
    }
    let kept = kept?;
    Some(
        Finding::new(&RULE, function.span, format!("{} only writes log lines and its own book", function.qualified()))
            .of(function.id)
            .because(Evidence::AbsentEffect, kept, "nobody but this object learns of it")
            .because(Evidence::ConstantOutcome, told.span, "and this is said in any case")
            .because(Evidence::ContractWords, log, promised[0].text.clone()),
    )
}

/// Whether a class goes through all that a field holds: then somebody else may do the work later.
fn is_read_out(module: &Module<'_>, class: Span, field: &str) -> bool {
    let text = module.text_of(class);
    text.match_indices(&format!("this.{field}")).any(|(at, found)| {
        let behind = &text[at + found.len()..];
        ![".add(", ".set(", ".has(", ".size", ".get(", ".delete(", ".clear("].iter().any(|it| behind.starts_with(it))
    })
}
