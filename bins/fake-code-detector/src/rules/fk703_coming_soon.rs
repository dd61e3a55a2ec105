//! FK703 coming-soon: what can be asked for is not there yet, and says so only when it is asked.
use crate::analysis::Act;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{At, FunctionId, Module, Role};
use crate::names;
use crate::phrases::Phrases;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK703",
    name: "coming-soon",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "A handler, or an answer that says all is well, comes with \"coming soon\"",
    details: "A route that answers 200 and a control that can be pressed promise what is not there. Refusals with an error, disabled \
              controls, and pages that announce something are not meant.",
    repair: "refuse with an error, disable the control, or build it",
    bad: "router.post(\"/bookings\", (req, res) => res.json({ ok: true, message: \"Booking will be available soon\" }));\n",
    good: "router.post(\"/bookings\", (req, res) => res.status(501).json({ error: \"booking is coming soon\" }));\n",
    check,
};

static PHRASES: Phrases = Phrases::new(&[
    "coming soon",
    "available soon",
    "under construction",
    "stay tuned",
    "not available yet",
    "not yet available",
    "isn't available yet",
    "will be available in",
    "upcoming release",
    "in a future release",
    "in a future update",
    "in a future version",
    "coming in the next",
    "feature coming",
    "coming shortly",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    if !PHRASES.are_in_any_case(module.text) {
        return;
    }
    for at in &module.calls {
        let Some(id) = at.function.filter(|_| says(module, at.it.span)) else { continue };
        let told = at.it.arguments.iter().find(|argument| says(module, argument.span()));
        let Some(told) = told else { continue };
        if is_idle_handler(module, id) || is_fine_answer(module, at, id) {
            sink.report(finding(module, id, told.span()));
        }
    }
    for at in &module.throws {
        let Some(id) = at.function.filter(|_| says(module, at.it.span)) else { continue };
        let function = module.function(id);
        let only = function.statements().last().is_some_and(|last| last.span() == at.it.span);
        if only && function.verb_in(&lexicon::EFFECT_VERBS) {
            sink.report(finding(module, id, at.it.span));
        }
    }
    for at in &module.returns {
        let Some((id, value)) = at.function.zip(at.it.value) else { continue };
        if says(module, value.span()) && is_good(module, value) {
            sink.report(finding(module, id, value.span()));
        }
    }
}

fn says(module: &Module<'_>, span: Span) -> bool {
    if span.size() > 2000 {
        return false;
    }
    let text = module.text_of(span);
    PHRASES.are_in_any_case(text) && text.contains(['"', '\'', '`'])
}

/// A handler or named action that does nothing but say so.
fn is_idle_handler(module: &Module<'_>, id: FunctionId) -> bool {
    let function = module.function(id);
    let acts = function.role == Role::Handler
        || function.role == Role::Named
            && (function.verb_in(&lexicon::EFFECT_VERBS)
                || function.words().first().is_some_and(|word| matches!(word.as_str(), "handle" | "on")));
    acts && module.deeds(id).is_some_and(|deeds| {
        deeds.iter().any(|deed| deed.act == Act::Say)
            && deeds.iter().all(|deed| matches!(deed.act, Act::Say | Act::Quiet | Act::Leave))
    })
}

/// `res.json({ ok: true, message: "… soon" })` with nothing in the object that says that it is an error, and no status of one.
fn is_fine_answer<'a>(module: &Module<'a>, at: &At<&'a CallExpression<'a>>, id: FunctionId) -> bool {
    if !matches!(names::last(&at.it.callee), "json" | "send" | "reply")
        || module.function(id).parent.is_none() && module.function(id).role == Role::Other
    {
        return false;
    }
    let chain = module.text_of(at.it.callee.span());
    let second = at.it.arguments.get(1).map_or("", |argument| module.text_of(argument.span()));
    let refused = |text: &str| {
        ["(4", "(5", "status: 4", "status: 5"].iter().any(|sign| text.contains(sign)) || text.starts_with(['4', '5'])
    };
    let value = at.it.arguments.first().and_then(Argument::as_expression);
    !refused(chain)
        && !refused(second)
        && value.is_some_and(|value| {
            is_good(module, value)
                || matches!(value.get_inner_expression(), Expression::ObjectExpression(_)) && !is_bad(module, value)
        })
}

/// An object with a yes in it.
fn is_good<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    matches!(value.get_inner_expression(), Expression::ObjectExpression(_)) && module.always_yes(value).is_some()
}

fn is_bad(module: &Module<'_>, value: &Expression<'_>) -> bool {
    let text = module.text_of(value.span()).to_lowercase();
    ["error", "false", "unavailable", "statuscode", "badge", "title"].iter().any(|word| text.contains(word))
}

fn finding(module: &Module<'_>, id: FunctionId, span: Span) -> Finding {
    let function = module.function(id);
    Finding::new(&RULE, span, format!("{} can be asked for what it says is coming soon", function.qualified()))
        .of(id)
        .because(Evidence::AdmittedInText, span, module.text_of(span))
}
