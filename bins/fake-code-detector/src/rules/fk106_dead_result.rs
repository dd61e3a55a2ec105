//! FK106 dead-result: work is done, and nothing comes of it.
use crate::analysis::{Outcome, Outward};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk103_constant_answer::is_rich;
use crate::rules::{Rule, Scope, fk106_measured, fk106_never_filled, fk106_never_read, fk106_no_outcome};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK106",
    name: "dead-result",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function computes something from its input, drops it, and answers with a literal or with what it was given",
    details: "Whatever is filtered, summed or fetched reaches no return, field, call or error. What counts is followed back from the outcomes of the \
              function: a value that is set anew before anybody reads it, a collection that is made for each call and dropped, a comparison that \
              cannot fail and elements that are only counted serve none. A value that only a log is told is not meant \
              where the answer depends on the input, nor a validator that throws and then answers true.",
    repair: "return what was computed, or remove the work and say what the function really does",
    bad: "function check(rows: Row[]): Report {\n  const bad = rows.filter((row) => row.kwh < 0);\n  return { accepted: true, bad: [] };\n}\n",
    good: "function check(rows: Row[]): Report {\n  const bad = rows.filter((row) => row.kwh < 0);\n  return { accepted: bad.length === 0, bad };\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function).or_else(|| fk106_measured::measured(module, function)) {
            sink.report(finding);
        }
        if let Some(finding) = fk106_no_outcome::finding(module, function) {
            sink.report(finding);
        }
    }
    for class in &module.classes {
        fk106_never_filled::fields(module, class).into_iter().for_each(|it| sink.report(it));
    }
    fk106_never_read::statements(module, sink);
    fk106_never_filled::variables(module).into_iter().for_each(|it| sink.report(it));
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || module.is_callback(function)
        || function.is_generator
        || function.name.is_empty()
        || function.statements().len() < 2
    {
        return None;
    }
    if module.is_hook(function) || module.is_null_object(function) {
        return None;
    }
    let outcome = module.outcome(function.id)?;
    let Some(value) = outcome.values().last() else { return unseen(module, function, outcome) };
    let echoes =
        |it: &'a Expression<'a>| module.parameter(it).is_some() && module.parameter(it) == module.parameter(value);
    let echo = outcome.values().all(echoes) && outcome.main.iter().all(|it| it.value.is_some());
    let constant = outcome.is_constant();
    let last = is_last(function, value) && (echo || module.origin(value).is_constant() && !outcome.is_callable);
    let unread = if last || is_display(module, function, value) { module.unread_result(function.id) } else { None };
    if unread.is_none() && (!(constant || echo) || outcome.outward == Outward::World) {
        return unseen(module, function, outcome).or_else(|| unused(module, function, outcome));
    }
    let (name, work) = unread.or_else(|| module.dead_work(function.id))?;
    let rich = !echo && is_rich(module, value);
    let throws = module.may_throw(function.id);
    let checks = function.verb_in(&lexicon::CHECK_VERBS);
    let passes = matches!(value.get_inner_expression(), Expression::BooleanLiteral(_)) || value.is_undefined();
    // What throws when it does not like its input has done its work when it gives the input back, or true.
    let accepts = passes || echo && !module.changes_a_copy(function.id);
    if unread.is_none()
        && ((throws || !outcome.guards.is_empty()) && accepts
            || checks && passes && outcome.outward != Outward::Nothing)
    {
        return None;
    }
    let severity = match outcome.outward {
        Outward::Nothing if (rich || echo || !throws) && (constant || echo) => Severity::Error,
        Outward::Asks if rich && constant && module.promises(function) => Severity::Error,
        // `await pool.query("select 1"); return { status: "up" }`: a probe throws when nobody answers.
        Outward::Drops if function.params.items.is_empty() => return None,
        Outward::Drops if passes || echo || name == "what it is given" && !(rich && module.promises(function)) => {
            return None;
        }
        // `await page.click(x); return { submitted: true }`: what runs has done its work, or has thrown.
        Outward::Runs if !rich && unread.is_none() || checks || function.verb_in(&lexicon::EFFECT_VERBS) => {
            return None;
        }
        _ => Severity::Warning,
    };
    let what = if echo { "what it was given" } else { "a literal" };
    Some(
        Finding::new(&RULE, function.span, format!("{} works on {name} and then returns {what}", function.qualified()))
            .of(function.id)
            .because(Evidence::AbsentEffect, work, "nothing that others can see comes of this")
            .because(
                if echo { Evidence::ContractWords } else { Evidence::ConstantOutcome },
                value.span(),
                format!("the answer is {what}"),
            )
            .with_severity(severity),
    )
}

/// Whether a value is returned by the last statement of a function, whatever was decided before.
fn is_last<'a>(function: &Function<'a>, value: &'a Expression<'a>) -> bool {
    matches!(function.statements().last(), Some(Statement::ReturnStatement(it)) if it.argument.as_ref().is_some_and(|it| it.span() == value.span()))
}

/// A function that promises an effect, and all that it changes is an object of its own that nobody sees.
fn unseen<'a>(module: &Module<'a>, function: &Function<'a>, outcome: &Outcome<'a>) -> Option<Finding> {
    if outcome.outward != Outward::Nothing
        || !function.verb_in(&lexicon::EFFECT_VERBS)
        || outcome.main.iter().all(|it| it.value.is_none())
    {
        return None;
    }
    let (name, work) = module.unseen_object(function.id)?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} fills {name}, which nobody ever sees, and changes nothing else", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::AbsentEffect, work, format!("{name} reaches no return, field, call or error"))
        .because(Evidence::ContractWords, function.span, format!("its name promises to {}", function.verb())),
    )
}

/// A function that changes nothing and does not use all that it computes.
fn unused<'a>(module: &Module<'a>, function: &Function<'a>, outcome: &Outcome<'a>) -> Option<Finding> {
    let asks = outcome.outward == Outward::Asks && function.verb_in(&lexicon::CHECK_VERBS);
    let bound = || module.has_heritage(function) || calls_itself(module, function);
    if outcome.outward != Outward::Nothing && !asks || !module.promises(function) && bound() {
        return None;
    }
    let idle = || module.idle_loop(function.id).map(|span| ("a loop", span));
    let (name, work) = module.unread_result(function.id).or_else(idle)?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} works on {name}, and nothing comes of it", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::AbsentEffect, work, format!("{name} reaches no return, field, call or error"))
        .with_severity(Severity::Warning),
    )
}

fn calls_itself(module: &Module<'_>, function: &Function<'_>) -> bool {
    module.inside(&module.calls, function.id).iter().any(|call| names::last(&call.it.callee) == function.name)
}

/// Whether a value is an element that shows two or more numbers of the text: what was computed should be there.
fn is_display<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>) -> bool {
    if !matches!(value.get_inner_expression(), Expression::JSXElement(_) | Expression::JSXFragment(_)) {
        return false;
    }
    let numbers = module.inside(&module.attributes, function.id).iter().filter(|at| {
        let Some(JSXAttributeValue::ExpressionContainer(container)) = &at.it.value else { return false };
        let named = at.it.name.as_identifier().is_some_and(|name| {
            names::has_word(name.name.as_str(), &lexicon::METRIC_NOUNS) || name.name == "value" || name.name == "trend"
        });
        named && matches!(&container.expression, JSXExpression::NumericLiteral(it) if it.value.abs() > 1.0)
    });
    numbers.count() >= 2
}
