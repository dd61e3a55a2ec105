//! FK604 unawaited-assert: the test is over before its assertion has an answer.
use crate::analysis::CallKind;
use crate::cases::{Assertion, Case, Style, Tests};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK604",
    name: "unawaited-assert",
    severity: Severity::Error,
    scope: Scope::Tests,
    about: "An assertion that answers later is neither awaited nor returned",
    details: "`rejects`, `resolves`, `poll`, `assert.rejects`, `waitFor`, Playwright's web-first matchers, assertions in an async callback of \
              `forEach`, in a dropped `.then`, in a timer, or in an async helper; and an assertion that any object \
              meets, on the promise instead of its value (a warning). A promise that is kept and awaited later, a `done`, a declared \
              number of assertions and a fake clock are not meant.",
    repair: "await it, or return it",
    bad: "it(\"rejects\", () => {\n  expect(load()).rejects.toThrow(\"gone\");\n});\n",
    good: "it(\"rejects\", async () => {\n  await expect(load()).rejects.toThrow(\"gone\");\n});\n",
    check,
};

static WEB_FIRST: Names = Names::new(&[
    "toBeVisible",
    "toBeHidden",
    "toHaveText",
    "toContainText",
    "toHaveAttribute",
    "toHaveCount",
    "toHaveURL",
    "toHaveTitle",
    "toBeChecked",
    "toBeEnabled",
    "toBeDisabled",
    "toHaveClass",
    "toHaveValue",
    "toHaveCSS",
    "toBeAttached",
    "toBeEditable",
    "toBeFocused",
    "toBeInViewport",
    "toHaveId",
    "toHaveScreenshot",
    "toHaveValues",
    "toPass",
    "toBeOK",
    "toHaveRole",
    "toHaveAccessibleName",
    "toContainClass",
]);
const UNOPENED: &str = "it looks at a promise, which is always there, and not at what the promise brings";
const CALLBACK: &str = "the test is over before the callback runs";
static LATER: Names = Names::new(&["rejected", "rejectedWith", "fulfilled", "become", "eventually"]);

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    for (case, body) in tests.runnable() {
        if tests.has_cases_inside(module, body) || !case.call.span.contains_inclusive(module.function(body).span) {
            continue;
        }
        let found = dropped(module, tests, body)
            .or_else(|| started(module, tests, body))
            .or_else(|| unopened(module, tests, (case, body)).map(|span| (span, UNOPENED)));
        if let Some((span, text)) = found {
            let message = format!("{} does not wait: {text}", case.shown());
            // A callback may be called at once.
            let severity = if text == CALLBACK || text == UNOPENED { Severity::Warning } else { Severity::Error };
            sink.report(
                Finding::new(&RULE, span, message)
                    .of(body)
                    .because(Evidence::AbsentEffect, span, text)
                    .with_severity(severity),
            );
        }
    }
}

/// An assertion that is a promise, as a statement.
fn dropped<'a>(module: &Module<'a>, tests: &Tests<'a>, body: FunctionId) -> Option<(Span, &'static str)> {
    tests.assertions_in(module, body).iter().find_map(|it| {
        let text = later(tests, it)?;
        let within = module.function_around(it.node)?;
        // In a callback it may be the business of whoever calls it.
        let runs_here = within == body || module.function(within).is_async;
        (runs_here && module.floats(it.node) && !is_kept(module, it.node, body)).then_some((it.span, text))
    })
}

/// An assertion that any object satisfies, on what an asynchronous call has answered at once.
fn unopened<'a>(module: &Module<'a>, tests: &Tests<'a>, (case, body): (&Case<'a>, FunctionId)) -> Option<Span> {
    let title = case.title.to_lowercase();
    if ["promise", "thenable", "async", "pending", "lazy"].iter().any(|word| title.contains(word)) {
        return None;
    }
    let plain = || tests.assertions_in(module, body).iter().filter(|it| it.is_plain());
    let weak: Vec<(Span, &'a CallExpression<'a>)> = plain()
        .filter(|it| is_met_by_any_object(it))
        .filter_map(|it| Some((it.span, asked(module, it.subject?, body)?)))
        .collect();
    let first = weak.first()?;
    // A case that is asynchronous and waits for nothing has forgotten to.
    let function = module.function(body);
    let waits = !module.inside(&module.awaits, body).is_empty()
        || module.returns_of(body).any(|it| it.value.is_some())
        || module.inside(&module.calls, body).iter().any(|at| names::last(&at.it.callee) == "then");
    let forgot = function.is_async && !waits && weak.len() == plain().count();
    let known = weak.iter().find(|(_, call)| is_awaited_elsewhere(module, call));
    known.or(forgot.then_some(first)).map(|(span, _)| *span)
}

fn is_met_by_any_object(it: &Assertion<'_>) -> bool {
    let negated = it.is_negated();
    if it.links.iter().any(|link| LATER.has(link) || matches!(*link, "resolves" | "rejects" | "poll")) {
        return false;
    }
    match it.matcher {
        "toBeTruthy" | "toBeDefined" | "ok" | "exist" | "exists" | "isOk" | "isDefined" => !negated,
        "toBeNull" | "toBeUndefined" | "toBeFalsy" | "toBe" | "toEqual" | "equal" | "null" | "undefined" => negated,
        "notEqual" | "notStrictEqual" | "notDeepEqual" | "notDeepStrictEqual" | "isNotNull" => true,
        _ => false,
    }
}

/// The call whose answer a value is, where nobody waits for it.
fn asked<'a>(module: &Module<'a>, value: &'a Expression<'a>, body: FunctionId) -> Option<&'a CallExpression<'a>> {
    let call = match value.get_inner_expression() {
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            let function = module.function(body);
            let node = module.declaration(symbol);
            let opened = module.uses(symbol).any(|it| {
                matches!(
                    module.kind(module.parent(it.node_id())),
                    AstKind::AwaitExpression(_) | AstKind::StaticMemberExpression(_) | AstKind::ReturnStatement(_)
                )
            });
            if opened || node < function.node || node >= function.end {
                return None;
            }
            module.unchanged_value(symbol)?.get_inner_expression()
        }
        other => other,
    };
    let Expression::CallExpression(call) = call else { return None };
    let local = matches!(module.call_kind(call), CallKind::Local(id) if !module.function(id).is_async);
    (module.call_kind(call) != CallKind::Pure && !local).then_some(call)
}

/// Whether the same function is awaited elsewhere in the module, or is an async function of it.
fn is_awaited_elsewhere<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    if let CallKind::Local(id) = module.call_kind(call) {
        return module.function(id).is_async;
    }
    let callee = module.text_of(call.callee.span());
    module.awaits.iter().any(|at| match at.it.argument.get_inner_expression() {
        Expression::CallExpression(other) => module.text_of(other.callee.span()) == callee,
        _ => false,
    })
}

fn later<'a>(tests: &Tests<'a>, it: &Assertion<'a>) -> Option<&'static str> {
    let awaited =
        it.subject.is_some_and(|subject| matches!(subject.get_inner_expression(), Expression::AwaitExpression(_)));
    match it.style {
        Style::Expect if it.links.iter().any(|link| matches!(*link, "resolves" | "rejects" | "poll")) => {
            Some("the expectation is a promise that nobody awaits")
        }
        Style::Expect | Style::Should if it.links.iter().any(|link| LATER.has(link)) || LATER.has(it.matcher) => {
            Some("the expectation is a promise that nobody awaits")
        }
        Style::Expect if tests.is_playwright && WEB_FIRST.has(it.matcher) && !awaited => {
            Some("the matcher waits for the page, and nobody waits for the matcher")
        }
        Style::Assert if matches!(it.matcher, "rejects" | "doesNotReject" | "isRejected" | "isFulfilled") => {
            Some("the assertion is a promise that nobody awaits")
        }
        _ => None,
    }
}

/// Whether a place is inside of something that is handed on: an argument, a returned or awaited expression.
fn is_kept<'a>(module: &Module<'a>, node: NodeId, body: FunctionId) -> bool {
    let start = module.function(body).node;
    module
        .around(node)
        .take_while(|(id, _)| *id > start)
        .any(|(_, kind)| matches!(kind, AstKind::AwaitExpression(_) | AstKind::ReturnStatement(_)))
}

/// Work with assertions in it that is started and left alone.
fn started<'a>(module: &Module<'a>, tests: &Tests<'a>, body: FunctionId) -> Option<(Span, &'static str)> {
    if tests.is_planned(module, body) || tests.waits_for_something(module, body) {
        return None;
    }
    module.own(&module.calls, body).find_map(|at| {
        if !module.floats(at.node) {
            return None;
        }
        let name = names::last(&at.it.callee);
        let object = names::object(&at.it.callee);
        let text = match name {
            "waitFor" | "waitForElementToBeRemoved" | "waitForElement" if is_waiting(module, at.it) => {
                "waitFor is a promise that nobody awaits"
            }
            _ if (name.starts_with("findBy") || name.starts_with("findAllBy"))
                && !tests.is_playwright
                && is_screen(module, at.it) =>
            {
                "the query is a promise that nobody awaits"
            }
            "forEach"
                if callback(module, at.it, 0)
                    .is_some_and(|id| module.function(id).is_async && tests.asserts(module, id)) =>
            {
                "forEach does not wait for async callbacks"
            }
            "map"
                if callback(module, at.it, 0)
                    .is_some_and(|id| module.function(id).is_async && tests.asserts(module, id)) =>
            {
                "the promises of the callbacks are dropped"
            }
            "step" | "act"
                if (0..at.it.arguments.len())
                    .filter_map(|index| callback(module, at.it, index))
                    .any(|id| module.function(id).is_async && tests.asserts(module, id)) =>
            {
                "the step is a promise that nobody awaits"
            }
            "all" | "allSettled"
                if object.is_some_and(|object| object.is_specific_id("Promise"))
                    && asserts_inside(module, tests, at.it.span, body) =>
            {
                "Promise.all is a promise that nobody awaits"
            }
            _ if module.waits_after(body, at.it.span.end) => return None,
            "then" | "catch" | "finally" => chained(module, tests, at.it)?,
            "setTimeout" | "setImmediate" | "queueMicrotask" | "nextTick" if !tests.has_fake_clock => {
                callback(module, at.it, 0)
                    .filter(|id| tests.asserts(module, *id))
                    .map(|_| "the test is over before the timer runs")?
            }
            _ if answers_callback(module, tests, at.it)
                && tests.assertions_in(module, body).iter().all(|it| at.it.span.contains_inclusive(it.span)) =>
            {
                CALLBACK
            }
            _ => called(module, tests, at.it)?,
        };
        Some((at.it.span, text))
    })
}

/// `waitFor` of a library, not a function of this module that does not wait.
fn is_waiting<'a>(module: &Module<'a>, call: &CallExpression<'a>) -> bool {
    match call.callee.get_inner_expression() {
        Expression::Identifier(name) => module.symbol(name).is_some_and(|symbol| module.source_of(symbol).is_some()),
        callee => names::object(callee).is_some_and(|object| matches!(names::last(object), "vi" | "screen")),
    }
}

fn is_screen<'a>(module: &Module<'a>, call: &CallExpression<'a>) -> bool {
    let root = names::root(&call.callee);
    let Expression::Identifier(name) = root else { return false };
    let library = module.specifiers.iter().any(|at| at.it.0.contains("testing-library"));
    library && (name.name == "screen" || names::object(&call.callee).is_none())
}

fn callback<'a>(module: &Module<'a>, call: &'a CallExpression<'a>, at: usize) -> Option<FunctionId> {
    match call.arguments.get(at)?.as_expression()?.get_inner_expression() {
        Expression::Identifier(name) => module.function_of(module.symbol(name)?),
        other => module.function_in(other),
    }
}

/// `.end((err, res) => { expect(…) })`: a callback of node's kind.
fn answers_callback<'a>(module: &Module<'a>, tests: &Tests<'a>, call: &'a CallExpression<'a>) -> bool {
    let Some(last) = call.arguments.len().checked_sub(1) else { return false };
    let Some(Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_)) =
        call.arguments.get(last).and_then(Argument::as_expression).map(Expression::get_inner_expression)
    else {
        return false;
    };
    let Some(id) = callback(module, call, last) else { return false };
    let first = module
        .function(id)
        .params
        .items
        .first()
        .and_then(|item| item.pattern.get_binding_identifier())
        .map_or("", |name| name.name.as_str());
    let node = matches!(first, "err" | "error" | "_err" | "_error" | "er" | "_e");
    node && !matches!(names::last(&call.callee), "on" | "once" | "catch" | "then")
        && module.function(id).params.items.len() >= 2
        && !tests.assertions_in(module, id).is_empty()
}

fn asserts_inside<'a>(_module: &Module<'a>, tests: &Tests<'a>, span: Span, _body: FunctionId) -> bool {
    tests.assertions_within(span).next().is_some()
}

/// `x.then((v) => { expect(v)… })` as a statement.
fn chained<'a>(module: &Module<'a>, tests: &Tests<'a>, call: &'a CallExpression<'a>) -> Option<&'static str> {
    // Cypress queues what hangs on `cy`, and waits for it by itself.
    if names::root(&call.callee).is_specific_id("cy") {
        return None;
    }
    let mut call = call;
    for _ in 0..8 {
        let asserts =
            (0..call.arguments.len()).filter_map(|at| callback(module, call, at)).any(|id| tests.asserts(module, id));
        if asserts && matches!(names::last(&call.callee), "then" | "catch" | "finally") {
            return Some("its assertions are in a promise chain that nobody awaits or returns");
        }
        match names::object(&call.callee)?.get_inner_expression() {
            Expression::CallExpression(inner) => call = inner,
            _ => return None,
        }
    }
    None
}

/// A call of an async function of this module, or of one written where it stands, that asserts after a pause.
fn called<'a>(module: &Module<'a>, tests: &Tests<'a>, call: &'a CallExpression<'a>) -> Option<&'static str> {
    let CallKind::Local(id) = module.call_kind(call) else { return None };
    let function = module.function(id);
    let first = module.own(&module.awaits, id).map(|at| at.it.span.end).next();
    let late = first.is_some_and(|first| tests.assertions_in(module, id).iter().any(|it| it.span.end > first));
    (function.is_async && !function.is_generator && late)
        .then_some("it calls an async function that asserts, and does not wait for it")
}
