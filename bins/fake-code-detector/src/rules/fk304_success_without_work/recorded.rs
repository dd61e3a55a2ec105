//! Work that is only written down as done: the row says refunded, and nobody was asked to give the money back.
use super::RULE;
use crate::analysis::{Collaborator, Mark, Promised, Task, names_somebody};
use crate::finding::{Evidence, Finding};
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::syntax::*;

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.is_generator
        || module.is_hook(function)
        || module.is_null_object(function)
        || function.statements().len() < 2
    {
        return None;
    }
    let promised = module.promised_task(function);
    let task = promised.first()?.task;
    if module.comment_says(
        function.id,
        &["webhook", "told us", "outbox", "worker picks", "soft", "in-memory", "by hand", "dry run", "elsewhere"],
    ) {
        return None;
    }
    let mark = module.only_marks(function.id, task)?;
    let idle = idle_collaborator(module, function, (task, &mark));
    let claimed = module
        .claims_of(function.id)
        .iter()
        .any(|claim| names::text_words(&claim.text).any(|word| task.has_participle(&word)));
    let sources =
        promised.len() + usize::from(claimed) + usize::from(mark.words.iter().any(|word| task.has_participle(word)));
    let alone = matches!(task, Task::Message | Task::Rollout | Task::Copy) && sources >= 2
        || sources >= 3
        // A copy without anything in it needs no second word.
        || task == Task::Copy;
    if idle.is_none() && !alone || idle.is_some() && sources < 2 {
        return None;
    }
    Some(report(function, &mark, &promised, idle.map(|it| it.name)))
}

fn report(function: &Function<'_>, mark: &Mark, promised: &[Promised], idle: Option<&str>) -> Finding {
    let what = if function.name.is_empty() { "the handler".to_owned() } else { function.qualified() };
    let left = idle.map_or_else(String::new, |name| format!(", and never lets {name} do it"));
    let finding = Finding::new(&RULE, function.span, format!("{what} only writes down that it is done{left}"))
        .of(function.id)
        .because(
            Evidence::AbsentEffect,
            mark.span,
            format!("`{}` is an entry, and no other work is reached", mark.text),
        );
    promised
        .iter()
        .fold(finding, |finding, it| finding.because(Evidence::ContractWords, function.span, it.text.clone()))
}

/// Somebody at hand who could do it, and is asked for nothing but answers.
fn idle_collaborator<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    (task, mark): (Task, &Mark),
) -> Option<Collaborator<'a>> {
    let keeps = |it: &Collaborator<'a>| {
        module
            .inside(&module.calls, function.id)
            .iter()
            .any(|at| at.it.span.contains_inclusive(mark.span) && module.text_of(at.it.callee.span()).contains(it.name))
    };
    let all: Vec<Collaborator<'a>> = module.collaborators(function).into_iter().filter(|it| !keeps(it)).collect();
    let said: Vec<String> = names::text_words(&module.comment_of(function).to_lowercase()).collect();
    let fits = all.iter().find(|it| match task {
        Task::Elsewhere => it.nouns.iter().any(|word| names_somebody(word) && said.contains(word)),
        _ => task.is_done_by(&it.nouns),
    });
    let asked = || {
        all.iter().find(|it| {
            let field = it.symbol.is_none();
            field && function.class.is_some_and(|class| orders_of_class(module, class, it.name, task))
        })
    };
    fits.or_else(asked).cloned()
}

/// Whether another method of the class gives it orders of this kind.
fn orders_of_class<'a>(module: &Module<'a>, class: crate::model::ClassId, name: &str, task: Task) -> bool {
    let class = module.class_of(class);
    module.between(&module.calls, class.node, class.end).iter().any(|at| {
        let on = names::object(&at.it.callee).is_some_and(|object| names::last(object).trim_start_matches('#') == name);
        on && task.has_verb(&names::verb(names::last(&at.it.callee)))
    })
}
