//! FK301 sleep-as-work: time passes, and then it is said to be done.
use crate::analysis::{Grade, Origin};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK301",
    name: "sleep-as-work",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "All that a function waits for are timers, and then it answers as if work had been done",
    details: "A pause looks like the time that a request takes. Functions whose job is the pause (sleep, throttle, back off), races of a \
              call against a timer, polling loops and pauses beside real calls are not meant.",
    repair: "await the call that does the work, and let its answer decide",
    bad: "async function reindex(tenant: string) {\n  await delay(1200);\n  return { status: \"completed\", failed: 0 };\n}\n",
    good: "async function reindex(tenant: string) {\n  const { failed } = await index.rebuild(tenant);\n  await delay(1200);\n  return { status: \"completed\", failed };\n}\n",
    check,
};

/// Verbs whose job is the pause.
static PAUSES: Names = Names::new(&[
    "sleep",
    "wait",
    "delay",
    "pause",
    "throttle",
    "backoff",
    "debounce",
    "idle",
    "settle",
    "tick",
    "animate",
    "slow",
    "pace",
    "rate",
    "cooldown",
    "timeout",
    "type",
    "typewriter",
    "play",
    "blink",
    "flash",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function).or_else(|| of_promise(module, function)) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !function.is_async
        || !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.is_generator
        || module.is_null_object(function)
    {
        return None;
    }
    // `await job.updateProgress(40)` only tells.
    let told = |value: &'a Expression<'a>| matches!(value.get_inner_expression(), Expression::CallExpression(call) if module.is_tell(call) && names::words(names::last(&call.callee)).iter().any(|word| word == "progress"));
    let mut pauses = module.own(&module.awaits, function.id).filter(|at| !told(&at.it.argument)).peekable();
    let first = pauses.peek()?.it.span;
    // `await job.updateProgress(p)` beside the pause only tells.
    let tell = |value: &'a Expression<'a>| {
        matches!(value.get_inner_expression(), Expression::CallExpression(call)
            if matches!(names::last(&call.callee), "updateProgress" | "reportProgress"))
    };
    let paused = module.own(&module.awaits, function.id).any(|at| module.is_pause(&at.it.argument));
    if !paused || !pauses.all(|at| module.is_pause(&at.it.argument) || tell(&at.it.argument)) {
        return None;
    }
    let summary = module.summary(function.id)?;
    let name = module.contract_name(function);
    if summary.work().is_some()
        || names::words(name).iter().any(|word| PAUSES.has(word.as_str()) && !lexicon::EFFECT_VERBS.has(word))
    {
        return None;
    }
    // What opens and closes on the screen takes the time of its transition.
    let turns =
        matches!(names::verb(name).as_str(), "open" | "close" | "hide" | "show" | "toggle" | "dismiss" | "collapse");
    if turns && function.params.items.is_empty() && tells(module, function) {
        return None;
    }
    let claims = module.claims_of(function.id);
    let promise = module.promised_effect(function).or_else(|| module.consumes(function));
    let invents = summary.values().any(|value| is_made_up(module, value));
    let (kind, span, why) = match (claims.first(), promise) {
        (Some(claim), _) => (Evidence::ConstantOutcome, claim.span, format!("then it says `{}`", claim.text)),
        (None, Some(promise))
            if !summary.parameters().is_empty() || !summary.logs().is_empty() || tells(module, function) =>
        {
            (Evidence::ContractWords, function.span, promise)
        }
        (None, _) if invents => (Evidence::InventedValue, function.span, "its answer is made of literals".to_owned()),
        _ => return None,
    };
    let what = if name.is_empty() { "the handler" } else { name };
    let message = format!("{what} only lets time pass and then carries on as if it had done its work");
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::AbsentEffect, first, "every await is a pause, and no other call does work")
            .because(kind, span, why),
    )
}

/// `saveDraft = (draft) => new Promise((resolve) => setTimeout(resolve, 300))`: a pause under the name of an effect.
fn of_promise<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let returned = module.returns_of(function.id).filter_map(|it| it.value).find(|value| module.is_pause(value))?;
    let promise = module.promised_effect(function)?;
    let verb = module.effect_verb(function)?;
    let summary = module.summary(function.id)?;
    if function.name.is_empty()
        || PAUSES.has(verb.as_str())
        || summary.work().is_some()
        || summary.parameters().is_empty()
        || !summary.ignores_input()
        || module.is_null_object(function)
        || module.has_heritage(function)
        || module.is_callback(function)
    {
        return None;
    }
    Some(
        Finding::new(&RULE, function.span, format!("{} only lets time pass", function.qualified()))
            .of(function.id)
            .because(Evidence::AbsentEffect, returned.span(), "a pause is all that it is")
            .because(Evidence::ContractWords, function.span, promise),
    )
}

/// Whether the function tells somebody something, a screen for instance.
fn tells<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.inside(&module.calls, function.id).iter().any(|at| module.grade(at) == Grade::Tell)
}

/// A list or an object with something in it that nobody gave.
fn is_made_up<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let known =
        module.origin(value).without(Origin::LITERAL | Origin::INPUT | Origin::TIME | Origin::RANDOM | Origin::INDEX)
            == Origin::NONE;
    known && module.invented(value).is_rich()
}
