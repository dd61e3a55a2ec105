//! FK101 not-implemented: all that a function does is to say that it is not done.
use crate::analysis::{CallKind, Outward, Usage};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{Body, Function, FunctionId, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope, fk101_refusal};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK101",
    name: "not-implemented",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "All that a function does, once its guards are passed, is to throw, or to answer 501, that it is not implemented",
    details: "Callers compile, and fail when they run. Abstract members, hooks that subclasses override and the default of an exhaustive \
              switch are not meant, nor is a refusal that says what is not supported or what to use instead. A function that reads none of its \
              input and always throws something vague is a warning.",
    repair: "implement it, or remove it with its callers",
    bad: "quote(order: Order): Money {\n  throw new Error(\"implement me\");\n}\n",
    good: "abstract class Quoter {\n  quote(order: Order): Money {\n    throw new Error(\"implement me\");\n  }\n}\n",
    check,
};

const ADMITS: &[&str] = &[
    "not implemented",
    "notimplemented",
    "not yet implemented",
    "implement me",
    "unimplemented",
    "not_implemented",
    "to be implemented",
    "needs to be implemented",
    "isn't implemented",
    "coming soon",
    "coming in ",
    "is coming",
    "not available yet",
    "not yet available",
    "not ready yet",
    "will be added",
    "will be implemented",
    "under construction",
    "work in progress",
    "pending implementation",
    "not wired",
    "todo",
];

/// A refusal that knows better, or a base class by convention.
const REFUSES: &[&str] = &[
    "instead",
    "deprecated",
    "removed",
    "no longer",
    "obsolete",
    "subclass",
    "abstract",
    "overrid",
    "overwrit",
    "must implement",
    "must be implemented",
    "should be implemented by",
    "child class",
    "derived class",
    "extend",
];

/// Words of an error that says why it always comes.
const REASONS: &[&str] = &[
    "support",
    "read-only",
    "readonly",
    "read only",
    "cannot",
    "can not",
    "can't",
    "must ",
    "should ",
    "outside",
    "missing",
    "without",
    "only",
    "provider",
    "invalid",
    "unexpected",
    "unknown",
    "forbidden",
    "illegal",
    "never",
    "unreachable",
    "immutable",
    "disabled",
    "not allowed",
    "disallowed",
    "denied",
    "require",
    "fail",
    "context",
    "peer",
    "install",
    "environment",
    "browser",
];

/// Words of functions that are there to throw.
static THROWERS: Names = Names::new(&[
    "fail",
    "throw",
    "throws",
    "raise",
    "assert",
    "panic",
    "die",
    "abort",
    "unreachable",
    "never",
    "error",
    "reject",
    "invalid",
    "bail",
    "exhaustive",
    "missing",
    "not",
    "no",
    "unsupported",
    "cannot",
    "forbid",
    "deny",
    "refuse",
    "outside",
    "exit",
    "unexpected",
    "handle",
    "on",
    "warn",
    "break",
    "crash",
    "bad",
    "unavailable",
    "implemented",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !function.has_body() || module.is_hook(function) {
        return None;
    }
    if let Some(answer) = fk101_refusal::refusal(module, function) {
        let message = format!("{} answers 501 Not Implemented to everything", function.qualified());
        return Some(
            Finding::new(&RULE, function.span, message)
                .of(function.id)
                .because(Evidence::AbsentEffect, answer, "the only answer once the guards are passed")
                .because(Evidence::AdmittedInText, answer, "501 says so"),
        );
    }
    let (at, error) = gives_up(module, function)?;
    let says = says(module, error).to_lowercase();
    let knows = || {
        module.is_explained(function.id, &["subclass", "abstract", "overrid"])
            || function
                .owner_words()
                .iter()
                .any(|word| matches!(word.as_str(), "unsupported" | "implemented" | "base" | "abstract"))
    };
    if REFUSES.iter().any(|phrase| says.contains(phrase)) || knows() {
        return None;
    }
    if ADMITS.iter().any(|phrase| says.contains(phrase))
        && !function.words().iter().any(|word| {
            matches!(word.as_str(), "unimplemented" | "implemented" | "unsupported" | "throw" | "throws" | "todo")
        })
    {
        // Whoever extends or implements something may have to have the member; a table may list what others plug in.
        let bound = module.has_heritage(function) || function.name.is_empty();
        return Some(
            Finding::new(&RULE, function.span, format!("{} is not implemented", function.qualified()))
                .of(function.id)
                .because(Evidence::AbsentEffect, at, "the function gives up here, whatever it is given")
                .because(Evidence::AdmittedInText, error.span(), "the error says so")
                .with_severity(if bound { Severity::Warning } else { Severity::Error }),
        );
    }
    vague(module, function, (at, error), &says)
}

/// A function with a promise that reads nothing of its input and always throws the same.
fn vague<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    (at, error): (Span, &'a Expression<'a>),
    says: &str,
) -> Option<Finding> {
    if function.role != Role::Named
        || function.params.items.is_empty()
        || !module.promises(function)
        || module.is_bound_elsewhere(function)
        || is_thrower(function)
    {
        return None;
    }
    let outcome = module.outcome(function.id)?;
    let summary = module.summary(function.id)?;
    let constant = matches!(
        error.get_inner_expression(),
        Expression::NewExpression(_) | Expression::CallExpression(_) | Expression::StringLiteral(_)
    ) && (module.origin(error).is_constant() || !function.span.contains_inclusive(error.span()));
    let ignores = module.input_usage(function.id, &outcome.guards) <= Usage::Guarding && !summary.all_underscored();
    if !constant
        || !ignores
        || function.returns_nothing() && !function.is_async
        || REASONS.iter().any(|phrase| says.contains(phrase))
    {
        return None;
    }
    Some(
        Finding::new(&RULE, function.span, format!("{} always throws, whatever it is given", function.qualified()))
            .of(function.id)
            .because(Evidence::AbsentEffect, at, "the function gives up here")
            .with_severity(Severity::Warning),
    )
}

fn is_thrower(function: &Function<'_>) -> bool {
    function.words().iter().any(|word| THROWERS.has(word.as_str()))
}

/// Where a function gives up, and with which error: its first statement that does anything, or its last where all before are guards.
fn gives_up<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(Span, &'a Expression<'a>)> {
    if let Body::Value(value) = function.body {
        return Some((value.span(), error_of_value(module, value)?));
    }
    let mut effective = function.statements().iter().filter(|it| !is_idle(module, it));
    let first = effective.next()?;
    if let Some(error) = error_of(module, first) {
        return Some((first.span(), error));
    }
    let last = effective.last()?;
    let error = error_of(module, last)?;
    let outcome = module.outcome(function.id)?;
    // The rejection itself is the only answer that is no guard.
    let others = outcome.main.iter().filter(|it| !last.span().contains_inclusive(it.span)).count();
    let catches = !module.inside(&module.catches, function.id).is_empty();
    let loops = function
        .statements()
        .iter()
        .any(|it| it.is_iteration_statement() || matches!(it, Statement::SwitchStatement(_)));
    (others == 0 && outcome.outward <= Outward::Asks && !catches && !loops).then_some((last.span(), error))
}

fn error_of<'a>(module: &Module<'a>, statement: &'a Statement<'a>) -> Option<&'a Expression<'a>> {
    match statement {
        Statement::ThrowStatement(it) => Some(&it.argument),
        Statement::ReturnStatement(it) => error_of_value(module, it.argument.as_ref()?),
        Statement::ExpressionStatement(it) => error_of_value(module, &it.expression),
        _ => None,
    }
}

/// The error of `Promise.reject(error)`, or of a call of a function of the module that only throws.
fn error_of_value<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    let value = match value.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let Expression::CallExpression(call) = value else { return None };
    if names::last(&call.callee) == "reject"
        && names::object(&call.callee).is_some_and(|it| it.is_specific_id("Promise"))
    {
        return call.arguments.first()?.as_expression();
    }
    let CallKind::Local(id) = module.call_kind(call) else { return None };
    only_throws(module, id)
}

fn only_throws<'a>(module: &Module<'a>, id: FunctionId) -> Option<&'a Expression<'a>> {
    match module.function(id).statements() {
        [Statement::ThrowStatement(it)] => Some(&it.argument),
        _ => None,
    }
}

/// What an error says: its own words, without what is computed in it.
fn says<'a>(module: &Module<'a>, error: &'a Expression<'a>) -> &'a str {
    module.text_of(error.span())
}

/// Whether a statement does nothing: a log, a voided value, nothing at all.
fn is_idle<'a>(module: &Module<'a>, statement: &'a Statement<'a>) -> bool {
    match statement {
        Statement::EmptyStatement(_) => true,
        Statement::ExpressionStatement(it) => match it.expression.get_inner_expression() {
            Expression::CallExpression(call) => module.call_kind(call) == CallKind::Log,
            Expression::UnaryExpression(it) => it.operator == UnaryOperator::Void,
            other => matches!(other, Expression::Identifier(_)),
        },
        _ => false,
    }
}
