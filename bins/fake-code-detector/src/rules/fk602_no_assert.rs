//! FK602 no-assert: a test in which nothing can fail but by accident.
use crate::analysis::CallKind;
use crate::cases::{Case, Tests, only_has_to_run, only_names};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK602",
    name: "no-assert",
    severity: Severity::Error,
    scope: Scope::Tests,
    about: "A test runs code and asserts nothing",
    details: "Helpers of the same file are followed, imported ones count by their names; queries that throw, supertest's `expect`, type assertions, \
              a `throw`, a `done` that somebody must call and an event that is waited for count too. A test whose title says that \
              nothing is thrown needs no assertion. `expect(x).toBe` without a call is none. A title that only \
              names what is looked at makes it a note.",
    repair: "assert what the title promises",
    bad: "it(\"parks the event\", async () => {\n  const outcome = await sender.deliver(event);\n  console.log(outcome.state);\n});\n",
    good: "it(\"parks the event\", async () => {\n  const outcome = await sender.deliver(event);\n  expect(outcome.state).toBe(\"parked\");\n});\n",
    check,
};

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    if tests.cases.is_empty() || asserts_in_hooks(module, tests) {
        return;
    }
    for (case, body) in tests.runnable() {
        if let Some(finding) = finding(module, tests, (case, body)) {
            sink.report(finding);
        }
    }
}

/// Hooks that assert after each case do it for all of them.
fn asserts_in_hooks<'a>(module: &Module<'a>, tests: &Tests<'a>) -> bool {
    tests.hooks.iter().any(|(name, hook)| {
        matches!(*name, "afterEach" | "teardown" | "after" | "afterAll") && tests.asserts(module, *hook)
    })
}

fn finding<'a>(module: &Module<'a>, tests: &Tests<'a>, (case, body): (&Case<'a>, FunctionId)) -> Option<Finding> {
    let function = module.function(body);
    // A named function or one of another case is judged where it stands.
    let written_here = case.call.span.contains_inclusive(function.span);
    let off = ["skip", "todo", "fixme", "ignore", "fails", "failing", "fail", "slow"].iter().any(|it| case.is(it))
        || case.base.starts_with('x');
    if !written_here || off || tests.has_cases_inside(module, body) {
        return None;
    }
    let start = module.function(body);
    let idle: Vec<_> = tests.idle.iter().filter(|(node, _)| *node > start.node && *node < start.end).collect();
    if tests.asserts(module, body)
        || tests.waits_for_something(module, body)
        || tests.asks_otherwise(module, body)
        || module.text.contains("RuleTester")
    {
        return None;
    }
    let calls = module.inside(&module.calls, body).len()
        + module.inside(&module.news, body).len()
        + module.elements.iter().filter(|at| at.node > start.node && at.node < start.end).count();
    let claims_to_run = only_has_to_run(case.title) || only_has_to_pass(case.title);
    let empty = calls == 0 && function.statements().is_empty();
    if idle.is_empty() && !empty && (claims_to_run || case.title.is_empty()) {
        return None;
    }
    let (span, text) = match idle.first() {
        Some((_, span)) => (*span, "the expectation is never called".to_owned()),
        None if empty => (module.body_span(function), "there is nothing in it".to_owned()),
        None => (module.body_span(function), format!("{calls} calls, and no assertion in any of them")),
    };
    let message = format!("{} asserts nothing: {text}", case.shown());
    let finding = Finding::new(&RULE, case.call.span, message).of(body).because(Evidence::AbsentEffect, span, text);
    let finding = finding.because(Evidence::ContractWords, case.call.span, "its title promises a result");
    // Nothing at all, an expectation that never runs, a comparison for nobody and a print instead are decisive.
    let decisive = !idle.is_empty() || empty || prints(module, body) || compares_for_nobody(function.statements());
    let severity = match () {
        () if decisive => Severity::Error,
        // A title that only names what is looked at promises nothing; a constant that nobody reads is for the compiler.
        () if only_names(case.title) || calls == 0 => Severity::Note,
        () => Severity::Warning,
    };
    Some(finding.with_severity(severity))
}

/// A title that promises no more than that something is accepted.
fn only_has_to_pass(title: &str) -> bool {
    let title = title.to_lowercase();
    ["allow", "accept", "successful", "passes when", "should work", "resolve", "instantiat", "reproduc", "can be "]
        .iter()
        .any(|word| title.contains(word))
}

/// What should be asserted is printed.
fn prints<'a>(module: &Module<'a>, body: FunctionId) -> bool {
    module.inside(&module.calls, body).iter().any(|at| {
        module.call_kind(at.it) == CallKind::Log
            && !at.it.arguments.is_empty()
            && names::object(&at.it.callee).is_some_and(|object| object.is_specific_id("console"))
    })
}

/// `result.status === 1;`
fn compares_for_nobody(statements: &[Statement<'_>]) -> bool {
    statements.iter().any(|it| match it {
        Statement::ExpressionStatement(it) => {
            matches!(it.expression.get_inner_expression(), Expression::BinaryExpression(_))
        }
        _ => false,
    })
}
