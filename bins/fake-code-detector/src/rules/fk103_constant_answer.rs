//! FK103 constant-answer: the same answer whatever is asked.
use crate::analysis::{Outcome, Outward, Shape, Usage};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Body, Function, Kind, Module, Role};
use crate::rules::{
    Rule, Scope, fk103_hollow_document, fk103_ignored_question, fk103_one_number, fk103_one_variant,
    fk103_request_fields, fk103_requests, fk103_unread_field, fk103_unrun, fk103_unrun_work,
};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK103",
    name: "constant-answer",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function takes input, reads none of it for its answer, and always returns the same value",
    details: "An answer that does not depend on the question is no answer. Variables and functions of the same file are looked through. \
              A parameter that only a log or a guard reads counts as unread, and so does one of which no outcome depends on what is made of it. A function that is handed in is there to be run. Methods of classes that extend or implement something are not meant: \
              a dialect may well answer the same for every table.",
    repair: "compute the value from the input, or drop the parameters and make it a constant with a name",
    bad: "export function taxFor(order: Order) {\n  return { rate: 0.23, amount: 41.8 };\n}\n",
    good: "export function taxFor(order: Order) {\n  return { rate: RATES[order.country], amount: order.net * RATES[order.country] };\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    fk103_unread_field::check(module, sink);
    fk103_unrun::check(module, sink);
    for function in &module.functions {
        if let Some(finding) = finding(module, function)
            .or_else(|| fk103_unrun_work::unrun(module, function))
            .or_else(|| fk103_requests::handler(module, function))
            .or_else(|| fk103_requests::dressed(module, function))
            .or_else(|| fk103_hollow_document::hollow(module, function))
            .or_else(|| fk103_ignored_question::ignored(module, function))
            .or_else(|| fk103_request_fields::ignored(module, function))
            .or_else(|| fk103_one_variant::judged(module, function))
            .or_else(|| fk103_one_number::cut(module, function))
        {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.params.items.is_empty()
        || module.is_bound_elsewhere(function)
        || function.is_generator
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    let outcome = module.outcome(function.id)?;
    if !(outcome.is_constant() || outcome.is_same) || outcome.outward > Outward::Nothing {
        return None;
    }
    let usage = if outcome.is_same { Usage::Dead } else { module.input_usage(function.id, &outcome.guards) };
    if usage > Usage::Guarding
        || function.name.is_empty() && (!summary.timers().is_empty() || function.role == Role::Other)
    {
        return None;
    }
    let value = outcome.values().next()?;
    let seen = Seen {
        rich: is_rich(module, value),
        promising: module.promises(function),
        guarded: guarded(module, function, outcome, usage),
    };
    if is_shown(module, function, value) || function.parent.is_some() && !seen.rich && function.name.is_empty() {
        return None;
    }
    let severity = severity(module, function, (seen, summary.all_underscored()), value)?;
    let unread = summary.parameters().iter().map(|parameter| parameter.name).collect::<Vec<_>>().join(", ");
    let first = summary.parameters().first()?;
    let (told, read) = if seen.guarded {
        ("once its guards are passed", "read by guards only")
    } else {
        ("whatever is asked", "never read for the answer")
    };
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} always answers the same {told}: {unread} does not matter", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::UnreadInput, first.span, format!("{unread}: {read}"))
        .because(Evidence::ConstantOutcome, value.span(), "made of literals only")
        .with_severity(severity),
    )
}

#[derive(Clone, Copy)]
struct Seen {
    rich: bool,
    promising: bool,
    guarded: bool,
}

fn severity<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    (seen, underscored): (Seen, bool),
    value: &'a Expression<'a>,
) -> Option<Severity> {
    if underscored {
        return (seen.rich && seen.promising && !seen.guarded).then_some(Severity::Warning);
    }
    if seen.guarded {
        let checks = function.verb_in(&lexicon::CHECK_VERBS);
        let passes = matches!(value.get_inner_expression(), Expression::BooleanLiteral(_)) || value.is_undefined();
        return match (seen.rich, seen.promising) {
            (true, true) => Some(Severity::Error),
            (true, false) => Some(Severity::Warning),
            // `assertX(x)` may well answer true, or nothing, when it has not thrown.
            (false, _) if !checks && !passes => Some(Severity::Warning),
            _ => None,
        };
    }
    if seen.rich || seen.promising && !module.is_meager(value) {
        return Some(if seen.promising || function.kind != Kind::Property {
            Severity::Error
        } else {
            Severity::Warning
        });
    }
    // An arrow function that is a value says less: it may be one of many that have the same shape.
    let declared = matches!(function.body, Body::Block(_)) && matches!(function.kind, Kind::Declaration | Kind::Method)
        || !function.name.is_empty() && function.kind == Kind::Expression;
    (seen.promising || declared).then_some(Severity::Warning)
}

/// Whether anything but the answer decides whether there is one.
fn guarded<'a>(module: &Module<'a>, function: &Function<'a>, outcome: &Outcome<'a>, usage: Usage) -> bool {
    usage == Usage::Guarding || !outcome.guards.is_empty() || module.may_throw(function.id)
}

/// Whether a value says something, also through the variable that holds it or the function that makes it.
pub(crate) fn is_rich<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let mut value = value.get_inner_expression();
    for _ in 0..8 {
        value = match value {
            Expression::Identifier(name) => {
                match module.symbol(name).map(|symbol| module.kind(module.declaration(symbol))) {
                    Some(AstKind::VariableDeclarator(it)) if it.init.is_some() => match &it.init {
                        Some(init) => init.get_inner_expression(),
                        None => return false,
                    },
                    _ => return false,
                }
            }
            Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
            Expression::CallExpression(call) => match module.call_kind(call) {
                crate::analysis::CallKind::Local(id) => match module.returns_of(id).last().and_then(|it| it.value) {
                    Some(value) => value.get_inner_expression(),
                    None => return false,
                },
                _ => match call.arguments.first().and_then(Argument::as_expression) {
                    Some(first) => first.get_inner_expression(),
                    None => return false,
                },
            },
            other => return Shape::is_rich(other),
        };
    }
    false
}

/// An element is a constant only to the eye: what it shows may read anything. It counts where it shows a variable of the function.
fn is_shown<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>) -> bool {
    if !matches!(value.get_inner_expression(), Expression::JSXElement(_) | Expression::JSXFragment(_)) {
        return false;
    }
    !(function.node.index()..function.end.index()).map(NodeId::from_usize).any(|node| match module.kind(node) {
        AstKind::VariableDeclarator(it) => {
            it.init.as_ref().is_some_and(Shape::is_rich)
                && it.id.get_symbol_ids().iter().any(|symbol| module.uses(*symbol).next().is_some())
        }
        _ => false,
    })
}
