//! FK606 mocked-subject: a test replaces what it tests, and asserts the replacement.
use crate::cases::{Assertion, Case, Replaced, Tests, is_mock_function, replaced};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK606",
    name: "mocked-subject",
    severity: Severity::Error,
    scope: Scope::Tests,
    about: "What a test calls and asserts is a mock of its own, and nothing real is called",
    details: "A mocked module, a stubbed method, a method that is overwritten, or a mock function that the test calls itself: all that the assertions \
              see is what the test has put there. Mocks of collaborators, spies that let the call through and partial mocks are not meant.",
    repair: "mock what the subject needs, and call the subject itself",
    bad: "it(\"declines\", async () => {\n  jest.spyOn(service, \"decide\").mockResolvedValue({ approved: false });\n  const result = await service.decide(request);\n  expect(result.approved).toBe(false);\n});\n",
    good: "it(\"declines\", async () => {\n  jest.spyOn(bureau, \"score\").mockResolvedValue(300);\n  const result = await service.decide(request);\n  expect(result.approved).toBe(false);\n});\n",
    check,
};

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    if tests.cases.is_empty() || tests.assertions.is_empty() {
        return;
    }
    for (case, body) in tests.runnable() {
        if let Some(finding) =
            echoes(module, tests, (case, body)).or_else(|| played::finding(module, tests, (case, body)))
        {
            sink.report(finding);
        }
    }
    let replaced = replaced(module);
    if replaced.is_empty() {
        return;
    }
    // What stands in a hook or at the top is in force in each case, what stands in a case in that case.
    let in_hook = |node: NodeId| {
        tests.hooks.iter().any(|(name, hook)| {
            name.starts_with("before") && node > module.function(*hook).node && node < module.function(*hook).end
        })
    };
    let (shared, mut own): (Vec<&Replaced>, Vec<&Replaced>) =
        replaced.iter().partition(|it| it.is_module || module.function_around(it.node).is_none() || in_hook(it.node));
    own.sort_by_key(|it| it.node);
    for (case, body) in tests.runnable() {
        if !tests.has_cases_inside(module, body)
            && let Some(finding) = finding(module, tests, (case, body), (&shared, &own))
        {
            sink.report(finding);
        }
    }
}

fn finding<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    (case, body): (&Case<'a>, FunctionId),
    (shared, own): (&[&Replaced], &[&Replaced]),
) -> Option<Finding> {
    let function = module.function(body);
    let first = own.partition_point(|it| it.node < function.node);
    let last = own.partition_point(|it| it.node < function.end);
    let seen: Vec<&Replaced> = shared.iter().chain(&own[first..last.max(first)]).copied().collect();
    if seen.is_empty() {
        return None;
    }
    let plain: Vec<&Assertion<'a>> = tests.assertions_in(module, body).iter().filter(|it| it.is_plain()).collect();
    if let Some(it) = rendered(module, tests, &seen, body) {
        return Some(report(case, body, it, "renders a component that it has mocked"));
    }
    let (mut answered, mut mock): (Option<&Replaced>, Option<&Replaced>) = (None, None);
    for assertion in &plain {
        match looks_at(module, assertion.subject?, &seen, body) {
            Look::Answer(it) => answered = Some(it),
            Look::Mock(it) => mock = Some(it),
            Look::Other => return None,
        }
    }
    // A mock that the test has called itself has been called.
    let mock = mock.filter(|it| !it.is_module && only_calls(module, body, it));
    let it = answered.or(mock)?;
    // A mock that is restored before the last assertion is the test of mocking.
    let last = plain.last().map_or(0, |it| it.span.start);
    let restores = module.inside(&module.calls, body).iter().any(|at| {
        at.it.span.end <= last
            && matches!(names::last(&at.it.callee), "mockRestore" | "restore" | "restoreAllMocks" | "doUnmock")
    });
    if restores || calls_something_real(module, body, &seen) {
        return None;
    }
    Some(report(case, body, it, "asserts what its own mock answers"))
}

/// A mock that the test hands on, and then calls itself: that it was called says nothing of whoever got it.
fn echoes<'a>(module: &Module<'a>, tests: &Tests<'a>, (case, body): (&Case<'a>, FunctionId)) -> Option<Finding> {
    let mut plain = tests.assertions_in(module, body).iter().filter(|it| it.is_plain());
    let first = plain.next()?;
    let Expression::Identifier(name) = first.subject?.get_inner_expression() else { return None };
    let symbol = module.symbol(name)?;
    let is_same = |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::Identifier(it) if module.symbol(it) == Some(symbol));
    let Some(Expression::CallExpression(made)) = module.unchanged_value(symbol).map(Expression::get_inner_expression)
    else {
        return None;
    };
    if !is_mock_function(made)
        || first.matcher == "toBe"
        || first.expected.is_some_and(|it| it.is_number_literal())
        || plain.any(|it| !it.subject.is_some_and(is_same))
    {
        return None;
    }
    let function = module.function(body);
    let handed = module.uses(symbol).any(|it| {
        it.node_id() > function.node
            && it.node_id() < function.end
            && matches!(
                module.kind(module.parent(it.node_id())),
                AstKind::ObjectProperty(_) | AstKind::NewExpression(_)
            )
    });
    let calls = module.inside(&module.calls, body);
    let own = calls.iter().find(|at| is_same(&at.it.callee))?;
    let others = calls.iter().any(|at| {
        let tool = matches!(names::root(&at.it.callee), Expression::Identifier(name) if matches!(name.name.as_str(), "expect" | "assert" | "vi" | "jest" | "sinon" | "console"));
        !tool && !is_same(&at.it.callee) && module.call_kind(at.it) != crate::analysis::CallKind::Pure
    });
    let elements = module.elements.iter().any(|at| at.node > function.node && at.node < function.end);
    (handed && !others && !elements).then(|| {
        Finding::new(&RULE, case.call.span, format!("{} asserts a call that it makes itself", case.shown()))
            .of(body)
            .because(Evidence::InventedValue, own.it.span, "the test calls the mock")
            .because(Evidence::AbsentEffect, case.call.span, "nothing real is called")
    })
}

mod played;

fn report(case: &Case<'_>, body: FunctionId, it: &Replaced, what: &str) -> Finding {
    Finding::new(&RULE, case.call.span, format!("{} {what}: the code under test never runs", case.shown()))
        .of(body)
        .because(Evidence::InventedValue, it.span, "replaced here")
        .because(Evidence::AbsentEffect, case.call.span, "nothing real is called")
}

/// What an assertion looks at.
enum Look<'r> {
    /// What something replaced has answered to a call of the test.
    Answer(&'r Replaced),
    /// The mock itself: how often it was called.
    Mock(&'r Replaced),
    Other,
}

fn looks_at<'a, 'r>(
    module: &Module<'a>,
    subject: &'a Expression<'a>,
    seen: &[&'r Replaced],
    body: FunctionId,
) -> Look<'r> {
    if let Some(it) = answer_of(module, subject, seen, body, 0) {
        return Look::Answer(it);
    }
    let root = names::root(subject);
    match root {
        Expression::Identifier(name) => match module.symbol(name) {
            Some(symbol) => seen
                .iter()
                .copied()
                .find(|it| it.symbol == symbol || is_made_of(module, symbol, it))
                .map_or(Look::Other, Look::Mock),
            None => Look::Other,
        },
        _ => Look::Other,
    }
}

/// `const spy = vi.spyOn(cart, "parse")`: the variable is the mock.
fn is_made_of(module: &Module<'_>, symbol: SymbolId, it: &Replaced) -> bool {
    // `const send = mailer.send as jest.Mock`
    if it.is_module
        && let Some(init) = module.unchanged_value(symbol).map(Expression::get_inner_expression)
    {
        let value = match init {
            Expression::CallExpression(call) if names::last(&call.callee) == "mocked" => {
                call.arguments.first().and_then(Argument::as_expression)
            }
            Expression::StaticMemberExpression(_) => Some(init),
            _ => None,
        };
        return value.is_some_and(|value| matches!(names::root(value), Expression::Identifier(name) if module.symbol(name) == Some(it.symbol)));
    }
    !it.is_module
        && matches!(module.kind(module.declaration(symbol)), AstKind::VariableDeclarator(made) if made.init.as_ref().is_some_and(|init| init.span().contains_inclusive(it.span)))
}

/// Whether a case calls a mock function and nothing that might call it.
fn only_calls<'a>(module: &Module<'a>, body: FunctionId, it: &Replaced) -> bool {
    let function = module.function(body);
    let calls = module.inside(&module.calls, body);
    let direct = calls.iter().any(|at| called(module, at.it, &[it]).is_some());
    let others = calls.iter().any(|at| {
        let known = matches!(names::root(&at.it.callee), Expression::Identifier(name) if matches!(name.name.as_str(), "expect" | "assert" | "vi" | "jest" | "sinon" | "console"));
        let sets_up = names::last(&at.it.callee).starts_with("mock");
        let known = known || sets_up || called(module, at.it, &[it]).is_some();
        !known && module.call_kind(at.it) != crate::analysis::CallKind::Pure
    });
    let elements = module.elements.iter().any(|at| at.node > function.node && at.node < function.end);
    let stubbed = !it.method.is_empty() && !it.of_class;
    direct && !others && !elements && (stubbed || module.inside(&module.news, body).is_empty())
}

/// The replaced thing whose answer a value is: called directly, or kept in a variable of the test.
fn answer_of<'a, 'r>(
    module: &Module<'a>,
    value: &'a Expression<'a>,
    seen: &[&'r Replaced],
    body: FunctionId,
    depth: usize,
) -> Option<&'r Replaced> {
    if depth > 5 {
        return None;
    }
    let inner = value.get_inner_expression();
    match inner {
        Expression::AwaitExpression(it) => answer_of(module, &it.argument, seen, body, depth + 1),
        Expression::CallExpression(call) => match called(module, call, seen) {
            Some(it) => Some(it),
            // What a hook answers to the renderer of hooks.
            None if names::last(&call.callee) == "renderHook" => {
                let hook = module.function_in(call.arguments.first()?.as_expression()?)?;
                let value = module.returns_of(hook).next()?.value?;
                answer_of(module, value, seen, body, depth + 1)
            }
            None => {
                let object =
                    names::object(&call.callee).filter(|_| lexicon::PURE_METHODS.has(names::last(&call.callee)))?;
                answer_of(module, object, seen, body, depth + 1)
            }
        },
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            let node = module.declaration(symbol);
            let function = module.function(body);
            let AstKind::VariableDeclarator(it) = module.kind(node) else { return None };
            if node < function.node || node >= function.end {
                return None;
            }
            answer_of(module, it.init.as_ref()?, seen, body, depth + 1)
        }
        other => answer_of(module, names::object(other)?, seen, body, depth + 1),
    }
}

/// The replaced thing that a call calls.
fn called<'a, 'r>(module: &Module<'a>, call: &'a CallExpression<'a>, seen: &[&'r Replaced]) -> Option<&'r Replaced> {
    let callee = call.callee.get_inner_expression();
    let (root, method) = match names::object(callee) {
        None => (callee, ""),
        Some(object) => (object.get_inner_expression(), names::last(callee)),
    };
    let Expression::Identifier(name) = root else { return None };
    let symbol = module.symbol(name)?;
    let known = |wanted: SymbolId, of_class: bool| {
        seen.iter().copied().find(|it| {
            it.symbol == wanted
                && it.of_class == of_class
                && (it.method == method || it.is_module)
                && call.node_id.get() != it.node
        })
    };
    let class = module.unchanged_value(symbol).and_then(|init| match init.get_inner_expression() {
        Expression::NewExpression(new) => match new.callee.get_inner_expression() {
            Expression::Identifier(name) => module.symbol(name),
            _ => None,
        },
        _ => None,
    });
    known(symbol, false).or_else(|| known(class?, true))
}

/// Whether a case calls something of another module that is not replaced, besides the tools of tests.
fn calls_something_real<'a>(module: &Module<'a>, body: FunctionId, seen: &[&Replaced]) -> bool {
    module.inside(&module.calls, body).iter().any(|at| {
        let Expression::Identifier(name) = names::root(&at.it.callee) else { return false };
        let Some(symbol) = module.symbol(name) else { return false };
        let imported = module.source_of(symbol).is_some_and(|source| {
            source.starts_with('.')
                || source.starts_with('@') && !source.contains("testing") && !source.contains("jest")
        });
        let same = seen.iter().any(|it| it.symbol == symbol);
        imported && !same && called(module, at.it, seen).is_none() && !is_input(module, at.it, seen, body)
    })
}

/// A call whose value only goes into the call of something replaced: `convert(40, parsePair("EURUSD"))`.
fn is_input<'a>(module: &Module<'a>, call: &'a CallExpression<'a>, seen: &[&Replaced], body: FunctionId) -> bool {
    let start = module.function(body).node;
    module.around(call.node_id.get()).take_while(|(id, _)| *id > start).any(|(_, kind)| match kind {
        AstKind::CallExpression(outer) => called(module, outer, seen).is_some(),
        _ => false,
    })
}

/// A case that renders the mocked component and no other.
fn rendered<'a, 'r>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    seen: &[&'r Replaced],
    body: FunctionId,
) -> Option<&'r Replaced> {
    let function = module.function(body);
    let asserts = !tests.assertions_in(module, body).is_empty();
    let mut found = None;
    for at in module.elements.iter().filter(|at| at.node > function.node && at.node < function.end) {
        let JSXElementName::IdentifierReference(name) = &at.it.name else { continue };
        let symbol = module.symbol(name)?;
        match seen.iter().copied().find(|it| it.is_module && it.symbol == symbol) {
            Some(it) if module.source_of(symbol).is_some_and(|source| module.is_subject_module(source)) => {
                found = Some(it)
            }
            Some(_) => {}
            None if module.source_of(symbol).is_some_and(|source| source.starts_with('.')) => return None,
            None => {}
        }
    }
    found.filter(|_| asserts)
}
