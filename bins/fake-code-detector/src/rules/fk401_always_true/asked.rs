//! Decisions under any name: a verdict that is written beside what was measured, a question whose answer nobody takes, a gate
//! that shows what it guards to everybody.
use crate::analysis::{CallKind, Outward, Weight};
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::syntax::*;

/// Keys that say what was decided. That something went well (`ok`, `success`) is no decision.
static DECISIONS: Names = Names::new(&[
    "allowed",
    "allow",
    "authorized",
    "authorised",
    "permitted",
    "granted",
    "eligible",
    "approved",
    "compliant",
    "trusted",
    "verified",
    "genuine",
    "safe",
    "passed",
    "clean",
    "legitimate",
    "authentic",
    "valid",
    "isvalid",
    "isallowed",
    "admitted",
    "fresh",
    "intact",
    "human",
    "healthy",
    "ready",
    "reachable",
]);

/// `{ allowed: true, left: plan.seats - used }`
pub(super) fn written_beside<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.statements().len() < 2 || matches!(function.kind, Kind::Constructor | Kind::Setter) {
        return None;
    }
    let mut found = None;
    for it in module.returns_of(function.id) {
        let Expression::ObjectExpression(object) = it.value?.get_inner_expression() else { return None };
        found = Some((verdict(module, object)?, object));
    }
    let ((key, span), object) = found?;
    let measured = object.properties.iter().any(|it| match it {
        ObjectPropertyKind::ObjectProperty(it) => {
            !it.shorthand && module.origin(&it.value).is_real() || it.shorthand && module.parameter(&it.value).is_none()
        }
        ObjectPropertyKind::SpreadProperty(_) => false,
    });
    let asks = module.own(&module.awaits, function.id).next().is_some()
        || module.own(&module.calls, function.id).next().is_some();
    let only_asks = || module.outcome(function.id).is_some_and(|it| it.outward <= Outward::Asks);
    if !measured && !only_asks()
        || !asks
        || !module.is_candidate(function)
        || !module.inside(&module.throws, function.id).is_empty()
        || module.is_hook(function)
        || module.is_null_object(function)
        || crate::analysis::refusal::can_refuse(module, function)
    {
        return None;
    }
    let message = format!("{} answers {key} whatever it has found", function.qualified());
    Some(
        Finding::new(&super::RULE, function.span, message)
            .of(function.id)
            .because(Evidence::ConstantOutcome, span, "the verdict is written there")
            .because(Evidence::ContractWords, span, format!("{key} says that something was decided")),
    )
}

fn verdict<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>) -> Option<(&'a str, Span)> {
    object.properties.iter().find_map(|it| {
        let ObjectPropertyKind::ObjectProperty(it) = it else { return None };
        let key = names::key(&it.key);
        let good = DECISIONS.has(key.to_ascii_lowercase().as_str());
        let bad = lexicon::DANGER_WORDS.has(key);
        let Expression::BooleanLiteral(said) = module.constant_value(&it.value).get_inner_expression() else {
            return None;
        };
        (good && said.value || bad && !said.value).then_some((key, it.span))
    })
}

/// Functions that ask so that the next one need not wait.
static WARM: Names = Names::new(&[
    "prefetch",
    "preload",
    "warm",
    "warmup",
    "prime",
    "init",
    "initialize",
    "connect",
    "ping",
    "touch",
    "refresh",
    "load",
    "hydrate",
    "prepare",
    "setup",
    "start",
    "wait",
    "until",
    "run",
    "test",
    "reload",
    "revalidate",
    "probe",
]);

/// `await classifier.classify(text);` and then an answer that was written before.
pub(super) fn asked_and_dropped<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let call = module.own(&module.awaits, function.id).find_map(|at| {
        let Expression::CallExpression(call) = at.it.argument.get_inner_expression() else { return None };
        let dropped = matches!(module.kind(module.parent(at.node)), AstKind::ExpressionStatement(_));
        (dropped && is_question(call) && !crate::analysis::orders_by_text(call)).then_some(call)
    })?;
    if function.is_generator
        || module.call_kind(call) != CallKind::Effect
        || !module.origin_of_arguments(&call.arguments).is_real()
        || function.words().iter().any(|word| WARM.has(word.as_str()))
        || module.is_hook(function)
        || !module.inside(&module.throws, function.id).is_empty()
    {
        return None;
    }
    let mut said = None;
    for it in module.returns_of(function.id) {
        let value = module.constant_value(it.value?).get_inner_expression();
        said = said.or_else(|| decision(value));
        if listens(module, value) {
            return None;
        }
    }
    let asked = module.brief(call.callee.span());
    let message = format!("{} asks {asked} and answers without listening", function.qualified());
    Some(
        Finding::new(&super::RULE, function.span, message)
            .of(function.id)
            .because(Evidence::AbsentEffect, call.span, "nobody takes this answer")
            .because(Evidence::ConstantOutcome, said?, "this was written before it was asked"),
    )
}

/// Whether an answer is made of what something else said; a copy of a parameter is not.
fn listens<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let called = |value: &'a Expression<'a>| module.origin(value).has(crate::analysis::Origin::CALL);
    let Expression::ObjectExpression(object) = value else { return called(value) };
    object.properties.iter().any(|it| match it {
        ObjectPropertyKind::ObjectProperty(it) => called(&it.value),
        ObjectPropertyKind::SpreadProperty(it) => module.parameter(&it.argument).is_none(),
    })
}

/// A method that answers: to compute, to look up, to judge. What may throw to refuse is none, nor what is named as an order.
fn is_question(call: &CallExpression<'_>) -> bool {
    let name = names::last(&call.callee);
    let verb = names::verb(name);
    let asks = lexicon::COMPUTE_VERBS.has(&verb)
        || lexicon::QUERY_VERBS.has(&verb)
        || matches!(verb.as_str(), "lookup" | "get" | "find" | "query" | "search" | "count" | "list" | "read")
        || matches!(
            verb.as_str(),
            "ask" | "is" | "has" | "can" | "exists" | "inspect" | "screen" | "scan" | "moderate" | "review"
        );
    let refuses = matches!(
        verb.as_str(),
        "validate"
            | "verify"
            | "check"
            | "parse"
            | "compile"
            | "build"
            | "generate"
            | "render"
            | "transform"
            | "convert"
            | "hash"
            | "encrypt"
            | "decrypt"
            | "sign"
            | "schedule"
            | "merge"
            | "format"
            | "load"
            | "extract"
            | "route"
            | "plan"
            | "join"
            | "request"
            | "optimize"
            | "normalize"
            | "sort"
            | "allocate"
            | "balance"
            | "distribute"
    );
    let bare = names::object(&call.callee).is_none();
    asks && !refuses && !bare && !lexicon::EFFECT_VERBS.has(&verb)
}

/// A literal answer, or a literal in one.
fn decision<'a>(value: &'a Expression<'a>) -> Option<Span> {
    match value {
        Expression::ObjectExpression(object) => object.properties.iter().find_map(|it| match it {
            ObjectPropertyKind::ObjectProperty(it) => {
                let value = it.value.get_inner_expression();
                let said = matches!(
                    value,
                    Expression::StringLiteral(_) | Expression::BooleanLiteral(_) | Expression::NumericLiteral(_)
                );
                said.then_some(it.span)
            }
            ObjectPropertyKind::SpreadProperty(_) => None,
        }),
        Expression::StringLiteral(_) | Expression::BooleanLiteral(_) | Expression::NumericLiteral(_) => {
            Some(value.span())
        }
        _ => None,
    }
}

/// `<Protected roles={…}>{children}</Protected>`: what it is given decides nothing, and the children are shown.
pub(super) fn open_gate<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let gate = function.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "require"
                | "requires"
                | "required"
                | "guard"
                | "guarded"
                | "gate"
                | "gated"
                | "protect"
                | "protected"
                | "private"
                | "authorized"
                | "restricted"
                | "restrict"
                | "permission"
                | "permissions"
                | "can"
                | "access"
                | "only"
                | "paywall"
        )
    });
    if !gate || function.params.items.is_empty() {
        return None;
    }
    let parameters = function.parameters();
    let children = parameters.iter().find(|it| it.name == "children")?;
    let mut asked = parameters.iter().filter(|it| {
        !matches!(
            it.name.as_str(),
            "children"
                | "fallback"
                | "loading"
                | "className"
                | "style"
                | "redirectTo"
                | "redirect"
                | "placeholder"
                | "id"
                | "title"
                | "label"
                | "props"
                | "otherwise"
        )
    });
    let first = asked.next()?;
    let idle = std::iter::once(first)
        .chain(asked)
        .all(|it| it.symbol_id.get().is_some_and(|symbol| module.weight(symbol, function.id) <= Weight::Told));
    let shows = children.symbol_id.get().is_some_and(|symbol| module.uses(symbol).next().is_some());
    if !idle || !shows || !module.inside(&module.throws, function.id).is_empty() {
        return None;
    }
    Some(
        Finding::new(
            &super::RULE,
            function.span,
            format!("{} shows its children whatever {} says", function.name, first.name),
        )
        .of(function.id)
        .because(Evidence::UnreadInput, first.span, format!("{} decides nothing", first.name))
        .because(Evidence::ContractWords, function.span, "it is named as a gate"),
    )
}
