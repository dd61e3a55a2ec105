//! FK607 swallowed-test: an assertion fails, and the test catches it.
use crate::cases::{Assertion, Case, Style, Tests};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK607",
    name: "swallowed-test",
    severity: Severity::Error,
    scope: Scope::Tests,
    about: "Assertions stand in a try whose catch neither asserts nor rethrows, before an empty `.catch`, or before a finally that returns",
    details: "A failed assertion is an error like any other: whoever swallows errors swallows it. A try around an action only, a catch that keeps \
              the error for an assertion behind it, retries and `done(error)` are not meant.",
    repair: "let the assertion fail: take it out of the try, or rethrow",
    bad: "it(\"names the chart\", () => {\n  try {\n    expect(title()).toBe(\"CPU\");\n  } catch (error) {\n    console.warn(error);\n  }\n});\n",
    good: "it(\"names the chart\", () => {\n  expect(title()).toBe(\"CPU\");\n});\n",
    check,
};

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    for (case, body) in tests.runnable() {
        if tests.has_cases_inside(module, body) {
            continue;
        }
        let found =
            module.inside(&module.catches, body).iter().find_map(|at| swallowed(module, tests, (at.node, at.it), body));
        let Some((span, text)) =
            found.or_else(|| silenced(module, tests, body)).or_else(|| settled(module, tests, body))
        else {
            continue;
        };
        sink.report(
            Finding::new(&RULE, case_span(case), format!("{} cannot fail: {text}", case.shown()))
                .of(body)
                .because(Evidence::AbsentEffect, span, text)
                .because(Evidence::ContractWords, case.call.callee.span(), "a test has to be able to fail"),
        );
    }
}

fn case_span(case: &Case<'_>) -> Span {
    case.call.span
}

fn swallowed<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    (node, it): (NodeId, &'a TryStatement<'a>),
    body: FunctionId,
) -> Option<(Span, &'static str)> {
    let tried: Vec<&Assertion<'a>> = tests.assertions_within(it.block.span).collect();
    let real = tried.iter().filter(|it| it.style != Style::Query).count();
    if real == 0 {
        return None;
    }
    if let Some(finalizer) = &it.finalizer
        && finalizer.body.iter().any(|statement| matches!(statement, Statement::ReturnStatement(_)))
    {
        return Some((finalizer.span, "its finally returns, which throws the failed assertion away"));
    }
    let handler = it.handler.as_ref()?;
    if rethrows(module, tests, handler, body) || is_retry(module, node, body) || tests.is_planned(module, body) {
        return None;
    }
    let behind = tests.assertions_in(module, body).last().is_some_and(|assertion| assertion.span.start >= it.span.end);
    if behind && tried.iter().all(|it| it.style == Style::Named) {
        return None;
    }
    Some((handler.span, "a failed assertion is caught, and the catch goes on"))
}

/// Whether a catch asserts, rethrows, keeps the error, or gives it to somebody.
fn rethrows<'a>(module: &Module<'a>, tests: &Tests<'a>, handler: &'a CatchClause<'a>, _body: FunctionId) -> bool {
    let span = handler.body.span;
    let asserts = tests.assertions_within(span).any(|it| !is_vacuous(it));
    let throws = module.throws_within(span);
    let keeps = module.writes_within(span);
    // Any call but a log may be the way in which the failure is told.
    let tells = module.calls_within(span).any(|at| {
        let local =
            matches!(module.call_kind(at.it), crate::analysis::CallKind::Local(id) if !tests.asserts(module, id));
        let told = at
            .it
            .arguments
            .iter()
            .any(|argument| argument.as_expression().is_some_and(|value| mentions(module, handler, value.span())));
        let fails = matches!(
            names::last(&at.it.callee),
            "fail" | "reject" | "done" | "push" | "exit" | "next" | "cb" | "callback"
        );
        let log = module.call_kind(at.it) == crate::analysis::CallKind::Log;
        let asserts = tests.assertions_within(span).any(|it| it.span.contains_inclusive(at.it.span));
        fails
            || told && !log && !local && !asserts
            || matches!(module.call_kind(at.it), crate::analysis::CallKind::Local(id) if tests.asserts(module, id))
    });
    let hands_back = module.returns_within(span);
    asserts || throws || keeps || tells || hands_back
}

/// `expect(error).toBeDefined()`: it holds for the failed assertion as well.
fn is_vacuous(it: &Assertion<'_>) -> bool {
    let literal = it.subject.is_some_and(|subject| {
        matches!(subject.get_inner_expression(), Expression::BooleanLiteral(_) | Expression::NumericLiteral(_))
    });
    let same = literal
        && it.expected.is_some_and(|value| {
            matches!(value.get_inner_expression(), Expression::BooleanLiteral(_) | Expression::NumericLiteral(_))
        })
        && it.style == Style::Expect
        && it
            .subject
            .zip(it.expected)
            .is_some_and(|(one, other)| format!("{:?}", literal_text(one)) == format!("{:?}", literal_text(other)));
    let there = matches!(it.matcher, "toBeDefined" | "toBeTruthy" | "exist" | "toBeInstanceOf")
        && it.subject.is_some_and(|subject| matches!(subject.get_inner_expression(), Expression::Identifier(_)));
    let any = it.matcher != "toBeInstanceOf" || it.expected.is_some_and(|value| value.is_specific_id("Error"));
    same || there && any
}

fn literal_text(value: &Expression<'_>) -> Option<String> {
    match value.get_inner_expression() {
        Expression::BooleanLiteral(it) => Some(it.value.to_string()),
        Expression::NumericLiteral(it) => Some(it.value.to_string()),
        _ => None,
    }
}

fn mentions<'a>(module: &Module<'a>, handler: &CatchClause<'_>, span: Span) -> bool {
    let Some(name) = handler.param.as_ref().and_then(|param| param.pattern.get_binding_identifier()) else {
        return false;
    };
    let text = module.text_of(span);
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).any(|word| word == name.name.as_str())
}

/// A try in a loop tries again.
fn is_retry<'a>(module: &Module<'a>, node: NodeId, body: FunctionId) -> bool {
    let start = module.function(body).node;
    module.around(node).take_while(|(id, _)| *id > start).any(|(_, kind)| {
        matches!(kind, AstKind::ForStatement(_) | AstKind::WhileStatement(_) | AstKind::DoWhileStatement(_))
    })
}

/// `await Promise.allSettled([expect(x)…])` whose outcome nobody reads, and helpers of the file that swallow what their callback throws.
fn settled<'a>(module: &Module<'a>, tests: &Tests<'a>, body: FunctionId) -> Option<(Span, &'static str)> {
    module.inside(&module.calls, body).iter().find_map(|at| {
        let asserts = at.it.arguments.iter().any(|argument| tests.assertions_within(argument.span()).any(Assertion::is_plain));
        if !asserts {
            return None;
        }
        if names::last(&at.it.callee) == "allSettled" {
            let dropped = matches!(module.kind(module.parent(at.node)), AstKind::AwaitExpression(it) if module.floats(it.node_id.get()));
            return dropped.then_some((at.it.span, "allSettled keeps failed assertions, and nobody reads what it keeps"));
        }
        let crate::analysis::CallKind::Local(helper) = module.call_kind(at.it) else { return None };
        let swallows = module.own(&module.catches, helper).any(|inner| {
            let handler = inner.it.handler.as_ref();
            let calls = module.own(&module.calls, helper).any(|call| inner.it.block.span.contains_inclusive(call.it.span) && is_parameter(module, &call.it.callee, helper));
            calls && handler.is_some_and(|handler| !rethrows(module, tests, handler, helper))
        });
        swallows.then_some((at.it.span, "a helper of the file catches the failed assertion and goes on"))
    })
}

fn is_parameter<'a>(module: &Module<'a>, callee: &'a Expression<'a>, function: FunctionId) -> bool {
    let Expression::Identifier(name) = callee.get_inner_expression() else { return false };
    module.symbol(name).is_some_and(|symbol| {
        module.function(function).parameters().iter().any(|parameter| parameter.symbol_id.get() == Some(symbol))
    })
}

/// `expect(x).resolves.toBe(y).catch(() => {})`, `run().then(() => { expect(…) }).catch(() => {})`.
fn silenced<'a>(module: &Module<'a>, tests: &Tests<'a>, body: FunctionId) -> Option<(Span, &'static str)> {
    if tests.is_planned(module, body) {
        return None;
    }
    module.inside(&module.calls, body).iter().find_map(|at| {
        let name = names::last(&at.it.callee);
        let handler = at.it.arguments.get(usize::from(name == "then")).and_then(Argument::as_expression)?;
        if !matches!(name, "catch" | "then") {
            return None;
        }
        let object = names::object(&at.it.callee)?;
        let tried = tests.assertions_within(object.span()).filter(|it| it.is_plain());
        let covered = if name == "catch" { tried.count() } else { 0 };
        let printed = names::object(handler).is_some_and(|object| object.is_specific_id("console"))
            || names::last(handler) == "noop";
        if printed && covered > 0 {
            return (!tests.waits_for_something(module, body))
                .then_some((handler.span(), "its `.catch` swallows the failed assertion"));
        }
        let function = module.function_in(handler)?;
        let quiet = module.inside(&module.throws, function).is_empty()
            && !tests.asserts(module, function)
            && module.inside(&module.writes, function).is_empty();
        let silent = module
            .inside(&module.calls, function)
            .iter()
            .all(|call| module.call_kind(call.it) == crate::analysis::CallKind::Log);
        (covered > 0 && quiet && silent && !tests.waits_for_something(module, body))
            .then_some((handler.span(), "its `.catch` swallows the failed assertion"))
    })
}
