//! A resource that is named and never made; an engine that is imported and never started.
use super::RULE;
use crate::analysis::Grade;
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Module, PathClass};
use crate::names;
use crate::syntax::*;

static PLACES: Names =
    Names::new(&["url", "href", "path", "file", "location", "output", "key", "uri", "link", "filename"]);

/// An asynchronous function that is there to make something, only builds its address, and reaches nobody at all.
pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let verb = module.contract_verb(function);
    let makes = matches!(
        verb.as_str(),
        "generate"
            | "create"
            | "render"
            | "make"
            | "produce"
            | "export"
            | "upload"
            | "print"
            | "resize"
            | "convert"
            | "transcode"
            | "compile"
            | "bundle"
            | "record"
            | "snapshot"
            | "archive"
            | "store"
            | "publish"
            | "host"
    );
    if !makes
        || !function.is_async
        || !module.is_candidate(function)
        || module.is_null_object(function)
        || module.is_hook(function)
    {
        return None;
    }
    let place = module.inside(&module.objects, function.id).iter().find_map(|at| place_in(at.it))?;
    let (mut used, mut told, mut known) = (false, false, 0);
    for at in module.inside(&module.calls, function.id) {
        match module.grade(at) {
            Grade::Work => {
                let verb = names::verb(names::last(&at.it.callee));
                let registers =
                    matches!(verb.as_str(), "set" | "update" | "register" | "record" | "add" | "log") && !told;
                used |= !registers;
                known += usize::from(registers);
                told = true;
            }
            Grade::Read => {
                let word = names::last(&at.it.callee);
                let looks =
                    matches!(names::verb(word).as_str(), "find" | "get" | "has" | "load" | "exists" | "is" | "require");
                used |= !looks;
                known += usize::from(looks);
            }
            Grade::Tell => known += 1,
            Grade::Nothing => {}
        }
    }
    let awaits = module.inside(&module.awaits, function.id).len();
    if used || awaits > known || !module.inside(&module.news, function.id).iter().all(|at| is_plain(module, at.it)) {
        return None;
    }
    let message = format!("{} gives the address of something that it never makes", function.qualified());
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .with_severity(Severity::Warning)
            .because(Evidence::AbsentEffect, place, "the address is put together, and nothing is put there")
            .because(Evidence::ContractWords, function.span, format!("its name says “{verb}”")),
    )
}

fn is_plain<'a>(module: &Module<'a>, new: &NewExpression<'a>) -> bool {
    matches!(&new.callee, Expression::Identifier(name) if module.symbol(name).is_none() || name.name.ends_with("Error"))
}

/// `url: `${base}/${id}.pdf``, `output: source.replace(…)`.
fn place_in(object: &ObjectExpression<'_>) -> Option<Span> {
    object.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let named = names::words(names::key(&it.key)).last().is_some_and(|word| PLACES.has(word.as_str()));
        let made = match it.value.get_inner_expression() {
            Expression::TemplateLiteral(it) => !it.expressions.is_empty(),
            Expression::CallExpression(call) => matches!(names::last(&call.callee), "join" | "replace" | "concat"),
            _ => false,
        };
        (named && made).then_some(it.span)
    })
}

/// An imported function or library that nothing in the module names again, and the function that should have used it.
pub(super) fn unused_engine<'a>(module: &Module<'a>) -> Option<Finding> {
    if module.class != PathClass::Production {
        return None;
    }
    let (symbol, import) = module.imports.iter().find(|(symbol, import)| {
        if import.is_type || module.uses(**symbol).next().is_some() {
            return false;
        }
        let bare = !import.module.starts_with(['.', '/', '@']) && matches!(import.name, "default" | "*");
        let verb = names::verb(import.name);
        bare && !matches!(import.module, "react" | "preact" | "vue" | "solid-js" | "lodash")
            || lexicon::EFFECT_VERBS.has(&verb) && names::words(import.name).len() > 1
            || lexicon::COMPUTE_VERBS.has(&verb) && names::words(import.name).len() > 1
    })?;
    let name = module.semantic.scoping().symbol_name(*symbol);
    let words = names::words(name);
    let mut candidates = module.functions.iter().filter(|it| {
        it.is_async && module.is_candidate(it) && it.statements().len() >= 2 && !it.params.items.is_empty()
    });
    let shares = |it: &&Function<'a>| {
        let own = names::words(it.name);
        own.iter().any(|word| words.contains(word)) || lexicon::COMPUTE_VERBS.has(&names::verb(it.name))
    };
    let all: Vec<&Function<'a>> = candidates.by_ref().take(40).collect();
    let function = match &all[..] {
        [only] if names::verb(name) != "create" => *only,
        _ => all.iter().copied().find(|it| shares(it))?,
    };
    let message = format!("{} never uses {name}, which is imported to do its job", function.qualified());
    Some(Finding::new(&RULE, function.span, message).of(function.id).with_severity(Severity::Warning).because(
        Evidence::AbsentEffect,
        import.span,
        format!("{name} is imported and never used"),
    ))
}
