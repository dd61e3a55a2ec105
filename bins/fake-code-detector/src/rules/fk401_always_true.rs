//! FK401 always-true: a check that cannot say no.
mod asked;
mod credentials;
mod granted;
mod limiter;
mod same_source;
mod sound_only;
mod unweighed;

use crate::lexicon::Names;
use credentials::{unasked, unweighed_local, unweighed_state};
use limiter::{never_refuses, never_throws};
use same_source::same_source;
use unweighed::unweighed;

use crate::analysis::refusal::{can_refuse, is_swallowed};
use crate::analysis::{CallKind, EffectKind, Summary, Usage, Yes, ends};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Body, Function, Kind, Module, Role};
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK401",
    name: "always-true",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function that is named as a check says yes on every path",
    details: "Whoever asks trusts the answer. A lookup whose result decides nothing, a comparison that always holds, a refusal that is \
              caught and forgotten: all of them let everybody through, and so does a lock or claim that drops what the store answers. A check that throws to refuse, type guards, hooks and policies \
              that are declared to allow everything are not meant.",
    repair: "let the answer depend on what was looked up, or drop the check and say so",
    bad: "async canEdit(user: string, doc: Doc) {\n  const level = await this.grants.find(user, doc.id);\n  this.audit.record(user, level);\n  return true;\n}\n",
    good: "async canEdit(user: string, doc: Doc) {\n  const level = await this.grants.find(user, doc.id);\n  this.audit.record(user, level);\n  return level >= EDIT;\n}\n",
    check,
};

/// Verbs beside those of checks that promise to keep somebody out.
static KEEPERS: Names = Names::new(&[
    "guard",
    "protect",
    "require",
    "screen",
    "moderate",
    "enforce",
    "assert",
    "limit",
    "authenticated",
    "restrict",
]);
/// Owners that are declared to let everybody in.
static OPEN: Names = Names::new(&[
    "public",
    "unmetered",
    "unlimited",
    "permissive",
    "anyone",
    "everyone",
    "everybody",
    "free",
    "trusted",
    "allow",
    "anonymous",
    "open",
    "unrestricted",
]);
fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = yes_to_all(module, function)
            .or_else(|| open_door(module, function))
            .or_else(|| all_clear(module, function))
            .or_else(|| never_refuses(module, function))
            .or_else(|| never_throws(module, function))
            .or_else(|| unweighed(module, function))
            .or_else(|| hollow_part(module, function))
            .or_else(|| unweighed_local(module, function))
            .or_else(|| unweighed_state(module, function))
            .or_else(|| unasked(module, function))
            .or_else(|| granted::granted(module, function))
            .or_else(|| sound_only::sound_only(module, function))
            .or_else(|| asked::written_beside(module, function))
            .or_else(|| asked::asked_and_dropped(module, function))
            .or_else(|| asked::open_gate(module, function))
        {
            sink.report(finding);
        }
        unawaited(module, function, sink);
    }
    same_source(module, sink);
}

/// `if (!allowed(user))` of an async check: a promise is always a yes.
fn unawaited<'a>(module: &Module<'a>, function: &Function<'a>, sink: &mut Sink) {
    if !function.is_async || !is_check(function) || function.role != Role::Named || function.class.is_some() {
        return;
    }
    let symbol = match module.kind(function.node) {
        AstKind::Function(it) => it.id.as_ref().and_then(|id| id.symbol_id.get()),
        _ => match module.kind(module.parent(function.node)) {
            AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().and_then(|id| id.symbol_id.get()),
            _ => None,
        },
    };
    for reference in symbol.into_iter().flat_map(|symbol| module.uses(symbol)) {
        let call = module.parent(reference.node_id());
        let AstKind::CallExpression(it) = module.kind(call) else { continue };
        let decides = match module.kind(module.parent(call)) {
            AstKind::UnaryExpression(not) => not.operator == UnaryOperator::LogicalNot,
            AstKind::IfStatement(test) => test.test.span() == it.span,
            AstKind::ConditionalExpression(test) => test.test.span() == it.span,
            _ => false,
        };
        if decides {
            let message = format!("{} is asked without await: a promise is always a yes", function.qualified());
            let finding = Finding::new(&RULE, it.span, message).because(
                Evidence::ConstantOutcome,
                it.span,
                "the promise is tested, not the answer",
            );
            sink.report(match module.function_around(call) {
                Some(id) => finding.of(id),
                None => finding,
            });
        }
    }
}

/// `list.length >= 0 && …`: a part of the answer of a check that always holds.
fn hollow_part<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let plain = matches!(function.verb().as_str(), "is" | "has");
    if plain || !is_check(function) || !module.is_candidate(function) {
        return None;
    }
    let (span, why) = module.inside(&module.binaries, function.id).iter().find_map(|at| {
        let it = at.it;
        let logical = matches!(module.kind(module.parent(at.node)), AstKind::LogicalExpression(_));
        let counted = matches!(it.left.get_inner_expression(), Expression::StaticMemberExpression(_));
        (logical && counted).then(|| Some((it.span, module.yes_of_comparison(it)?)))?
    })?;
    Some(
        Finding::new(&RULE, function.span, format!("{} asks what always holds: {why}", function.qualified()))
            .of(function.id)
            .because(Evidence::ConstantOutcome, span, why)
            .because(Evidence::ContractWords, function.span, format!("{} is named as a check", function.name)),
    )
}

/// A method of a limiter that takes from what there is.
fn is_limit(function: &Function<'_>) -> bool {
    let owner = function.owner_words().iter().any(|word| {
        matches!(
            word.as_str(),
            "limiter"
                | "limit"
                | "throttle"
                | "throttler"
                | "quota"
                | "guard"
                | "bucket"
                | "breaker"
                | "policy"
                | "budget"
        )
    });
    owner
        && matches!(
            function.verb().as_str(),
            "consume"
                | "acquire"
                | "take"
                | "hit"
                | "reserve"
                | "attempt"
                | "admit"
                | "pass"
                | "request"
                | "spend"
                | "activate"
                | "check"
                | "allow"
        )
}

fn is_check(function: &Function<'_>) -> bool {
    let words = function.words();
    let hook = words.len() > 1 && words[0] == "use" && lexicon::CHECK_VERBS.has(&words[1]);
    let scans = matches!(
        function.verb().as_str(),
        "scan" | "inspect" | "evaluate" | "decide" | "authorise" | "login" | "redeem"
    );
    hook || scans
        || is_limit(function)
        || function.verb_in(&lexicon::CHECK_VERBS)
        || words.first().is_some_and(|word| KEEPERS.has(word.as_str()))
}

fn yes_to_all<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !is_check(function)
        || !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.is_generator
        || function.role != Role::Named
    {
        return None;
    }
    if matches!(function.body, Body::Block(body) if !body.statements.last().is_some_and(ends))
        || module.is_hook(function)
        || module.is_null_object(function)
    {
        return None;
    }
    if function.owner_words().iter().any(|word| OPEN.has(word.as_str())) {
        return None;
    }
    let yeses: Vec<Yes> =
        module.returns_of(function.id).map(|it| module.always_yes(it.value?)).collect::<Option<_>>()?;
    let (first, summary) = (*yeses.first()?, module.summary(function.id)?);
    if !module.inside(&module.throws, function.id).is_empty()
        || function.verb() != "can"
            && !is_limit(function)
            && module.own(&module.writes, function.id).any(|at| is_outer(summary, at.node))
    {
        return None;
    }
    let looks = yeses.iter().find(|yes| !yes.plain);
    // A test that always holds is wrong whatever stands before it; a bare yes may well stand behind a call that throws.
    let vacuous = yeses.iter().all(|yes| !yes.plain);
    if function.is_async && summary.parameters().is_empty() || !vacuous && can_refuse(module, function) {
        return None;
    }
    let works = looks.is_some() || summary.best_usage() >= Usage::Dead || !summary.effects().is_empty();
    let excused = summary.parameters().is_empty() || module.has_heritage(function) || summary.all_underscored();
    if !works && excused || works && summary.parameters().is_empty() && looks.is_none() {
        return None;
    }
    let message = match looks {
        Some(yes) => format!("{} cannot say no: {}", function.qualified(), yes.why),
        None if works => format!("{} looks something up and says yes whatever it finds", function.qualified()),
        None => format!("{} says yes to everybody", function.qualified()),
    };
    let yes = looks.unwrap_or(&first);
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::ConstantOutcome, yes.span, yes.why)
            .because(Evidence::ContractWords, function.span, format!("{} is named as a check", function.name)),
    )
}

fn is_outer(summary: Summary<'_, '_>, node: NodeId) -> bool {
    summary.effects().iter().any(|effect| effect.node == node)
}

/// A check for a danger that always says no.
fn all_clear<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let dangers = || function.words().iter().any(|word| lexicon::DANGER_WORDS.has(word));
    if !is_check(function)
        || !dangers()
        || !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.role != Role::Named
        || function.params.items.is_empty()
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    let idle = summary.best_usage() < Usage::Dead;
    if module.is_hook(function)
        || module.is_null_object(function)
        || idle && (module.has_heritage(function) || summary.all_underscored())
        || !module.inside(&module.throws, function.id).is_empty()
    {
        return None;
    }
    let no =
        |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::BooleanLiteral(it) if !it.value);
    let mut returns = module.returns_of(function.id).peekable();
    let first = returns.peek()?.span;
    let never = returns.all(|it| it.value.is_some_and(no));
    let changes = summary.effects().iter().any(|effect| effect.kind != EffectKind::Call);
    (never && !changes && !can_refuse(module, function)).then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} never finds anything: it says no on every path", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::ConstantOutcome, first, "false is written there")
        .because(Evidence::ContractWords, function.span, format!("{} is named as a check", function.name))
    })
}

/// A middleware named as a check that calls `next()` and never refuses.
fn open_door<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !is_keeper(function) || function.params.items.len() < 3 || !module.is_candidate(function) {
        return None;
    }
    let names = function.parameters();
    let [.., answer, next] = names else { return None };
    if !matches!(next.name.as_str(), "next" | "done" | "_next")
        || !module.inside(&module.throws, function.id).is_empty()
    {
        return None;
    }
    let symbol = next.symbol_id.get()?;
    let calls: Vec<_> = module
        .inside(&module.calls, function.id)
        .iter()
        .filter(|call| call.it.callee.is_specific_id(next.name.as_str()))
        .collect();
    let only_calls = module.uses(symbol).count() == calls.len();
    let plain = calls.iter().all(|call| call.it.arguments.is_empty());
    let silent = answer.symbol_id.get().is_some_and(|symbol| module.usage(symbol, function.id) < Usage::Guarding);
    if calls.is_empty()
        || limiter::only_enriches(module, function, names)
        || !only_calls
        || !plain
        || !silent
        || can_refuse_besides(module, function, next.name.as_str())
    {
        return None;
    }
    let message = format!("{} lets every request through: it only ever calls {}()", function.qualified(), next.name);
    let span = calls.first()?.it.span;
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::ConstantOutcome, span, "the only way out")
            .because(Evidence::ContractWords, function.span, format!("{} is named as a check", function.name)),
    )
}

fn is_keeper(function: &Function<'_>) -> bool {
    let words = function.words();
    let keeps = |word: &String| {
        matches!(
            word.as_str(),
            "require"
                | "authenticate"
                | "authorize"
                | "verify"
                | "protect"
                | "guard"
                | "auth"
                | "csrf"
                | "ensure"
                | "check"
                | "validate"
                | "restrict"
        )
    };
    words.first().is_some_and(keeps)
        || words.last().is_some_and(|word| matches!(word.as_str(), "guard" | "auth" | "limiter" | "csrf"))
}

/// Whether a middleware calls anything of weight but `next`: whatever gets the request may refuse it.
fn can_refuse_besides<'a>(module: &Module<'a>, function: &Function<'a>, next: &str) -> bool {
    module.inside(&module.calls, function.id).iter().any(|call| {
        let real = matches!(module.call_kind(call.it), CallKind::Effect | CallKind::Local(_));
        real && !call.it.callee.is_specific_id(next) && !is_swallowed(module, call.node, function)
    })
}
