//! FK702 todo-implement: the work itself is still to do.
use crate::analysis::Origin;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::phrases::Phrases;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK702",
    name: "todo-implement",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "A function that reaches nothing has a to-do that asks for its very work: implement, wire, connect",
    details: "The function answers as if it had done what the to-do says. A plain one, and one in a function that does its work, is not meant.",
    repair: "implement it, or let it fail until it is",
    bad: "async reserve(sku: string, quantity: number) {\n  // TO\u{44}O: connect to the warehouse API and reserve there\n  return { id: randomUUID(), sku, quantity };\n}\n",
    good: "async reserve(sku: string, quantity: number) {\n  // TO\u{44}O: drop legacyRef once all sites are updated\n  return this.warehouse.hold({ sku, quantity });\n}\n",
    check,
};

const MARKS: &[&str] = &["todo", "fixme", "xxx"];
/// The longer ones of them.
static LONG_MARKS: Phrases = Phrases::new(&["todo", "fixme"]);
/// What a to-do asks for that is the work itself.
const WORK: &[&str] = &[
    "implement",
    "wire",
    "connect",
    "hook up",
    "hook this",
    "integrate",
    "call the",
    "call real",
    "real ",
    "actual",
    "replace mock",
    "replace this",
    "replace stub",
    "replace fake",
    "persist",
    "send the",
    "save to",
    "fetch from",
    "use the api",
    "add logic",
    "add the logic",
    "plug in",
    "query the",
    "use a real",
    "use a proper",
    "use the real",
    "load from",
    "write to the",
    "publish to",
    "iterate over",
    "loop over",
    "go through",
    "walk over",
    "actually ",
    "do the ",
    "backfill",
    "validate against",
    "ask the",
    "look up",
    "compute the",
    "calculate the",
];

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut last = None;
    for comment in &module.program.comments {
        let text = module.text_of(comment.content_span());
        let Some(id) = module.commented_function(comment) else { continue };
        let function = module.function(id);
        // A sentence of documentation describes; only a note in the body stands where the work should be.
        let in_body = module.body_span(function).contains_inclusive(comment.span);
        if !in_body || last == Some(id) || !is_marked(text) {
            continue;
        }
        let lower = text.to_lowercase();
        let Some(asked) = asked(&lower) else { continue };
        if !is_idle(module, id) && !(is_wiring(&asked) && answers_nothing_done(module, id)) {
            continue;
        }
        last = Some(id);
        let finding = Finding::new(
            &RULE,
            function.span,
            format!("{} answers, but its work is still to do: {asked}", function.qualified()),
        )
        .of(id)
        .because(Evidence::AdmittedInText, comment.span, text.trim())
        .because(Evidence::AbsentEffect, module.body_span(function), "it reaches nothing");
        sink.report(finding);
    }
}

/// Whether there is a mark in a comment, in upper or lower case; in most there is none.
fn is_marked(text: &str) -> bool {
    let bytes = text.as_bytes();
    let crosses = |at: usize| bytes.get(at..at + 3).is_some_and(|found| found.eq_ignore_ascii_case(b"xxx"));
    LONG_MARKS.are_in_any_case(text) || memchr::memchr2_iter(b'x', b'X', bytes).any(crosses)
}

/// What a to-do asks for, where that is the work itself.
fn asked(lower: &str) -> Option<String> {
    let start = MARKS.iter().filter_map(|mark| lower.find(mark)).min()?;
    let line = lower.get(start..)?.lines().next().unwrap_or("");
    let near: String = line.chars().take(34).collect();
    WORK.iter().any(|work| near.contains(work)).then_some(near)
}

/// What has to be called is not there yet.
fn is_wiring(asked: &str) -> bool {
    ["wire", "connect", "hook up", "hook this", "integrate", "plug in", "call the", "call real", "send the", "apply "]
        .iter()
        .any(|work| asked.contains(work))
}

/// Whether a function that is to do something only looks things up, and each of its answers gives counts of nothing or a fixed
/// verdict: `{ added: 0, removed: 0, inSync: true }`.
fn answers_nothing_done(module: &Module<'_>, id: FunctionId) -> bool {
    let function = module.function(id);
    if module.is_hook(function) || module.promised_effect(function).is_none() || module.may_throw(id) {
        return false;
    }
    let asks_only = module.inside(&module.calls, id).iter().all(|at| {
        !module.call_kind(at.it).is_effect() || !names::verb_in(names::last(&at.it.callee), &lexicon::EFFECT_VERBS)
    });
    let fixed = |property: &ObjectPropertyKind<'_>| match property {
        ObjectPropertyKind::ObjectProperty(it) => match it.value.get_inner_expression() {
            Expression::NumericLiteral(it) => it.value == 0.0,
            Expression::BooleanLiteral(_) => true,
            Expression::ArrayExpression(it) => it.elements.is_empty(),
            _ => false,
        },
        ObjectPropertyKind::SpreadProperty(_) => false,
    };
    let mut values = module.returns_of(id).filter_map(|it| it.value).peekable();
    asks_only
        && values.peek().is_some()
        && values.all(|value| {
            matches!(value.get_inner_expression(), Expression::ObjectExpression(it) if it.properties.iter().filter(|it| fixed(it)).count() >= 2)
        })
}

/// Whether a function reaches nothing, or only tells the user something.
fn is_idle(module: &Module<'_>, id: crate::model::FunctionId) -> bool {
    let function = module.function(id);
    let Some(summary) = module.summary(id) else { return false };
    let computes = summary.answer().has(Origin::CALL | Origin::FIELD | Origin::OUTER) && summary.awaits() > 0;
    if module.is_hook(function) || summary.throws() > 0 {
        return false;
    }
    let idle = (summary.has_no_effect() && !computes) || summary.work().is_none() && function.is_async;
    idle || module.deeds(id).is_some_and(|deeds| {
        !deeds.is_empty() && deeds.iter().all(|deed| !matches!(deed.act, crate::analysis::Act::Real))
    })
}
