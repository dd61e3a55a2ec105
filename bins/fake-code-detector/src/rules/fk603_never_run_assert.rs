//! FK603 never-run-assert: all assertions of a test stand where the run may never come.
use crate::analysis::Origin;
use crate::cases::{Case, Style, Tests, Turns, is_always_empty, only_has_to_run, only_names, turns_of, turns_over};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK603",
    name: "never-run-assert",
    severity: Severity::Error,
    scope: Scope::Tests,
    about: "Every assertion of a test is in a catch, under a condition that the code under test decides, in a loop over nothing, or behind a return",
    details: "When the code does not throw, does not answer or answers an empty list, the test passes. A test that declares how many assertions \
              run, fails at the end of its try, asserts in the other branch too, or branches on the platform or on its own table is not meant. \
              A loop over what the code under test answered, with nothing asserted about its length, is a warning, and so is a listener or an option `onX` that nobody waits for. What three \
              tests of a file have in common is said once; the rest are notes.",
    repair: "assert outside of the branch, insist on the length before the loop, or use `rejects.toThrow`",
    bad: "it(\"refuses\", () => {\n  try {\n    quota.take();\n  } catch (error) {\n    expect(error.code).toBe(429);\n  }\n});\n",
    good: "it(\"refuses\", () => {\n  expect(() => quota.take()).toThrow(/429/);\n});\n",
    check,
};

/// So many tests of a file with the same weakness are a habit of the file.
const HABIT: usize = 3;

/// Why an assertion may never run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// A loop over what the code answered.
    Answers,
    /// A listener on something that nobody else knows.
    Unheard,
    /// A listener that need never be told.
    Told,
    Condition,
    Catch,
    Unused,
    Empty,
    Dead,
}

impl Why {
    fn of(turns: Turns) -> Self {
        match turns {
            Turns::Never => Self::Empty,
            Turns::Maybe => Self::Answers,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Answers => "its assertions are in a loop over an answer that may be empty",
            Self::Unheard => "its assertions are in a listener on an object that the code under test is never given",
            Self::Told => "its assertions are in a listener that nobody waits for and that need never be called",
            Self::Condition => "its assertions run only if the code under test answers in a certain way",
            Self::Catch => "its assertions are in a catch that nothing forces it to reach",
            Self::Unused => "its assertions are in a function that nobody calls",
            Self::Empty => "its assertions are in a loop over an empty list",
            Self::Dead => "its assertions are behind a return",
        }
    }

    /// A title that promises a refusal is a second kind of evidence against a test that does not insist on it.
    fn severity(self, title: &str) -> Severity {
        let refusal =
            ["throw", "reject", "refuse", "deny", "denies", "fails", "forbid"].iter().any(|word| title.contains(word));
        match self {
            Self::Dead | Self::Empty | Self::Unused => Severity::Error,
            Self::Catch if refusal => Severity::Error,
            Self::Answers if only_names(title) => Severity::Note,
            Self::Catch | Self::Condition if only_names(title) || only_has_to_run(title) => Severity::Note,
            Self::Catch | Self::Condition | Self::Answers | Self::Unheard | Self::Told => Severity::Warning,
        }
    }
}

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    for case in &tests.cases {
        if let Some(table) = case.table.filter(|table| is_always_empty(module, table, 0)) {
            let text = format!("{} runs for each row of an empty table: never", case.shown());
            sink.report(Finding::new(&RULE, case.call.span, text).because(
                Evidence::AbsentEffect,
                table.span(),
                "the table is empty",
            ));
        }
    }
    let found: Vec<(Finding, Severity)> = tests
        .runnable()
        .filter(|(case, body)| case.call.span.contains_inclusive(module.function(*body).span))
        .filter_map(|(case, body)| finding(module, tests, (case, body)))
        .collect();
    // What is a habit of the file is said once; the rest are notes.
    let habit = found.iter().filter(|(_, severity)| *severity == Severity::Warning).count() >= HABIT;
    let mut said = false;
    for (finding, severity) in found {
        let again = habit && said && severity == Severity::Warning;
        said |= severity == Severity::Warning;
        sink.report(finding.with_severity(if again { Severity::Note } else { severity }));
    }
}

fn finding<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    (case, body): (&Case<'a>, FunctionId),
) -> Option<(Finding, Severity)> {
    if tests.is_planned(module, body) || tests.has_cases_inside(module, body) {
        return None;
    }
    // What the compiler is asked is asked everywhere.
    if tests.assertions_in(module, body).iter().any(|it| it.style == Style::Type) {
        return None;
    }
    let points = points(module, tests, body);
    let exit = early_exit(module, body);
    let mut worst: Option<(Why, Span)> = None;
    for (node, span) in &points {
        let left = exit.filter(|exit| span.start > *exit).map(|_| Why::Condition);
        let why = why(module, tests, (*node, *span, &points), body).or(left)?;
        // A listener that must not be told is told nothing when all is well.
        let quiet = [" not ", "never", "n't "].iter().any(|word| case.title.contains(word));
        if why == Why::Told && quiet {
            return None;
        }
        if worst.is_none_or(|(other, _)| why < other) {
            worst = Some((why, *span));
        }
    }
    let (why, span) = worst?;
    let message = format!("{} may pass without asserting anything: {}", case.shown(), why.text());
    let finding =
        Finding::new(&RULE, case.call.span, message).of(body).because(Evidence::AbsentEffect, span, why.text());
    Some((finding, why.severity(&case.title.to_lowercase())))
}

/// Assertions, throws, and names of helpers that assert.
fn points<'a>(module: &Module<'a>, tests: &Tests<'a>, body: FunctionId) -> Vec<(NodeId, Span)> {
    let mut points: Vec<(NodeId, Span)> =
        tests.assertions_in(module, body).iter().map(|it| (it.node, it.span)).collect();
    let function = module.function(body);
    for index in function.node.index()..function.end.index() {
        let node = NodeId::from_usize(index);
        let AstKind::IdentifierReference(name) = module.kind(node) else { continue };
        let helper = module.symbol(name).and_then(|symbol| module.function_of(symbol));
        // A helper written inside of the case has its own assertions in the list already.
        if let Some(helper) =
            helper.filter(|id| module.function(*id).node < function.node || module.function(*id).node >= function.end)
            && tests.asserts(module, helper)
        {
            points.push((node, name.span));
        }
    }
    points.extend(module.own(&module.throws, body).map(|at| (at.node, at.it.span)));
    for call in module.inside(&module.calls, body) {
        if names::object(&call.it.callee).is_some() && tests.has_method(module, names::last(&call.it.callee)) {
            points.push((call.node, call.it.span));
        }
    }
    points
}

/// Why a point may never be reached; nothing where it is.
fn why<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    (point, span, points): (NodeId, Span, &[(NodeId, Span)]),
    body: FunctionId,
) -> Option<Why> {
    let mut inner = span;
    let mut found: Option<Why> = None;
    let start = module.function(body).node;
    for (id, around) in module.around(point) {
        if id < start {
            break;
        }
        let here = match around {
            AstKind::IfStatement(it) if !it.test.span().contains_inclusive(inner) => {
                (!asserts_both(points, it) && depends_on_answer(module, &it.test, body)).then_some(Why::Condition)
            }
            AstKind::LogicalExpression(it)
                if it.operator == LogicalOperator::And && it.right.span().contains_inclusive(inner) =>
            {
                depends_on_answer(module, &it.left, body).then_some(Why::Condition)
            }
            AstKind::ForOfStatement(it) if it.body.span().contains_inclusive(inner) => {
                turns_over(module, &it.right, body).map(Why::of)
            }
            AstKind::ForStatement(it) if it.body.span().contains_inclusive(inner) => {
                turns_of(module, it, body).map(Why::of)
            }
            AstKind::SwitchCase(_) => in_switch(module, id, body),
            AstKind::ConditionalExpression(it) if !it.test.span().contains_inclusive(inner) => {
                let one = [it.consequent.span(), it.alternate.span()]
                    .iter()
                    .filter(|span| tests.assertions_within(**span).next().is_some())
                    .count();
                (one == 1 && depends_on_answer(module, &it.test, body)).then_some(Why::Condition)
            }
            AstKind::BlockStatement(it) if module.ends_between(it.span.start, inner.start) => dead(&it.body, inner),
            AstKind::FunctionBody(it) if module.ends_between(it.span.start, inner.start) => dead(&it.statements, inner),
            AstKind::TryStatement(it) => in_catch(module, tests, it, (inner, body)),
            AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) if id != start => {
                in_function(module, tests, id, body)
            }
            _ => None,
        };
        found = found.max(here);
        inner = around.span();
    }
    found
}

/// A branch of a switch over what was answered, when no other branch has to be taken.
fn in_switch<'a>(module: &Module<'a>, case: NodeId, body: FunctionId) -> Option<Why> {
    match module.kind(module.parent(case)) {
        AstKind::SwitchStatement(it) => (it.cases.iter().all(|case| case.test.is_some())
            && depends_on_answer(module, &it.discriminant, body))
        .then_some(Why::Condition),
        _ => None,
    }
}

fn dead(statements: &[Statement<'_>], inner: Span) -> Option<Why> {
    let gone = statements.iter().any(|it| {
        it.span().end <= inner.start && matches!(it, Statement::ReturnStatement(_) | Statement::ThrowStatement(_))
    });
    gone.then_some(Why::Dead)
}

/// A branch on the other side of which something is asserted, thrown or returned.
fn asserts_both(points: &[(NodeId, Span)], it: &IfStatement<'_>) -> bool {
    let has = |span: Span| points.iter().any(|(_, point)| span.contains_inclusive(*point));
    it.alternate.as_ref().is_some_and(|other| has(it.consequent.span()) && has(other.span()))
}

/// Whether a condition asks for what was answered inside of the test.
fn depends_on_answer<'a>(module: &Module<'a>, test: &'a Expression<'a>, body: FunctionId) -> bool {
    let span = test.span();
    let function = module.function(body);
    let first = test.node_id().index();
    let mut answered = false;
    for index in first..function.end.index() {
        let node = NodeId::from_usize(index);
        let kind = module.kind(node);
        if kind.span().start >= span.end {
            break;
        }
        match kind {
            AstKind::IdentifierReference(name) => match module.symbol(name) {
                None if matches!(
                    name.name.as_str(),
                    "process" | "globalThis" | "window" | "navigator" | "Deno" | "Bun" | "isCI"
                ) =>
                {
                    return false;
                }
                None => {}
                Some(symbol) => {
                    let declared = module.declaration(symbol);
                    let local = declared > function.node && declared < function.end;
                    let parameter = matches!(module.kind(declared), AstKind::FormalParameter(_));
                    if local && !parameter {
                        answered |= module.origin_of_symbol(symbol).has(Origin::CALL);
                    } else {
                        return false;
                    }
                }
            },
            AstKind::UnaryExpression(it) if it.operator == UnaryOperator::Typeof => return false,
            _ => {}
        }
    }
    answered
}

/// In the catch of a try that asserts nothing and does not fail at its end.
fn in_catch<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    it: &TryStatement<'a>,
    (inner, body): (Span, FunctionId),
) -> Option<Why> {
    let handler = it.handler.as_ref()?;
    if !handler.span.contains_inclusive(inner) {
        return None;
    }
    let fails = tests.assertions_within(it.block.span).any(|other| other.style != Style::Query)
        || module.throws_within(it.block.span)
        || module.calls_within(it.block.span).any(|at| {
            (matches!(names::last(&at.it.callee), "fail" | "done" | "reject")
                || matches!(module.call_kind(at.it), crate::analysis::CallKind::Local(id) if tests.asserts(module, id)))
        });
    // A way out in the try that is not taken when it throws: what stands behind the try fails.
    let returns = module.leaves_within(it.block.span, body);
    (!fails && !returns && !tests.waits_for_something(module, body)).then_some(Why::Catch)
}

/// In a function inside of the case: one that nobody calls, a listener that nobody tells, or a callback over a list.
fn in_function<'a>(module: &Module<'a>, tests: &Tests<'a>, node: NodeId, body: FunctionId) -> Option<Why> {
    let id = module.function_at(node)?;
    match module.kind(module.parent(node)) {
        AstKind::CallExpression(call) => {
            let object = names::object(&call.callee);
            match names::last(&call.callee) {
                "forEach" | "map" | "every" | "some" => turns_over(module, object?, body).map(Why::of),
                "walk" | "visit" | "traverse" | "iterate" | "scan" | "walkSync"
                    if module.function(id).parent == Some(body) =>
                {
                    (!reports(module, id)).then_some(Why::Answers)
                }
                "catch" if !tests.waits_for_something(module, body) => Some(Why::Catch),
                "on" | "once" | "addEventListener" | "addListener" | "subscribe"
                    if !tests.waits_for_something(module, body) =>
                {
                    if is_unheard(module, object?, body) || hears_other_news(module, call, body) {
                        return Some(Why::Unheard);
                    }
                    let topic = call.arguments.len() >= 2
                        || !matches!(object?.get_inner_expression(), Expression::CallExpression(_));
                    let fails = tests.assertions_in(module, id).iter().any(|it| it.style == Style::Fail);
                    (topic && !fails && !tells(module, body) && !reports(module, id)).then_some(Why::Told)
                }
                _ => None,
            }
        }
        AstKind::VariableDeclarator(it) => {
            let symbol = it.id.get_binding_identifier()?.symbol_id.get()?;
            (module.uses(symbol).next().is_none() && module.function_of(symbol) == Some(id)).then_some(Why::Unused)
        }
        // `onProgress(percent) { … }` among the options of what is tested.
        AstKind::ObjectProperty(it) if is_option(module, it, id, body) && !tests.waits_for_something(module, body) => {
            Some(Why::Told)
        }
        // `<Picker onChange={(day) => expect(day)…} />`, and nobody picks a day.
        AstKind::JSXExpressionContainer(_) => {
            (!tells(module, body) && !tests.waits_for_something(module, body) && !acts(module, body))
                .then_some(Why::Told)
        }
        _ => match module.kind(node) {
            AstKind::Function(it) if it.is_declaration() => {
                let symbol = it.id.as_ref()?.symbol_id.get()?;
                module.uses(symbol).next().is_none().then_some(Why::Unused)
            }
            _ => None,
        },
    }
}

/// Whether the case itself lets somebody tell the listeners.
fn tells<'a>(module: &Module<'a>, body: FunctionId) -> bool {
    module.inside(&module.calls, body).iter().any(|at| {
        let name = names::last(&at.it.callee);
        let by_hand = matches!(names::root(&at.it.callee), Expression::Identifier(it) if matches!(it.name.as_str(), "simulate" | "fireEvent" | "userEvent" | "user"));
        by_hand
            || name == "once" && at.it.arguments.len() == 1
            || ["emit", "dispatch", "trigger", "fire", "simulate", "next"].iter().any(|start| name.starts_with(start))
    })
}

/// Whether a case does anything beside rendering.
fn acts<'a>(module: &Module<'a>, body: FunctionId) -> bool {
    module.own(&module.calls, body).any(|at| {
        let name = names::last(&at.it.callee);
        !matches!(name, "render" | "mount" | "shallow" | "expect") && module.call_kind(at.it).is_effect()
    })
}

/// Whether a listener calls what somebody around it has been given: `resolve`, `done`.
fn reports<'a>(module: &Module<'a>, listener: FunctionId) -> bool {
    let start = module.function(listener).node;
    module.inside(&module.calls, listener).iter().any(|at| {
        let Expression::Identifier(name) = at.it.callee.get_inner_expression() else { return false };
        module
            .symbol(name)
            .map(|symbol| module.declaration(symbol))
            .is_some_and(|node| node < start && matches!(module.kind(node), AstKind::FormalParameter(_)))
    })
}

/// A function under `onX` in an object that is an argument, in a case that waits for the end of the work.
fn is_option<'a>(module: &Module<'a>, it: &ObjectProperty<'a>, id: FunctionId, body: FunctionId) -> bool {
    let listens =
        names::key(&it.key).strip_prefix("on").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let holder = module.parent(it.node_id.get());
    let argument = matches!(module.kind(module.parent(holder)), AstKind::CallExpression(_) | AstKind::NewExpression(_));
    listens && argument && module.function(id).parent == Some(body) && module.function(body).is_async
}

/// An object that is made in the case and used for nothing but listening.
fn is_unheard<'a>(module: &Module<'a>, object: &'a Expression<'a>, body: FunctionId) -> bool {
    let Expression::Identifier(name) = object.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    let node = module.declaration(symbol);
    let function = module.function(body);
    let AstKind::VariableDeclarator(it) = module.kind(node) else { return false };
    let made = it.init.as_ref().is_some_and(
        |init| matches!(init.get_inner_expression(), Expression::NewExpression(new) if new.arguments.is_empty()),
    );
    let local = node > function.node && node < function.end;
    local && made
        && module.uses(symbol).all(|reference| {
            matches!(module.kind(module.parent(reference.node_id())), AstKind::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "on" | "once" | "addEventListener" | "addListener" | "subscribe"))
        })
}

/// A listener for an event that the case never emits, on an object that nobody else has and on which it emits others.
fn hears_other_news<'a>(module: &Module<'a>, listen: &'a CallExpression<'a>, body: FunctionId) -> bool {
    let (Some(object), Some(Argument::StringLiteral(topic))) =
        (names::object(&listen.callee), listen.arguments.first())
    else {
        return false;
    };
    let Expression::Identifier(name) = object.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    let (node, function) = (module.declaration(symbol), module.function(body));
    if node <= function.node || node >= function.end {
        return false;
    }
    let mut emits = false;
    module.uses(symbol).all(|reference| {
        let member = module.parent(reference.node_id());
        let AstKind::StaticMemberExpression(it) = module.kind(member) else { return false };
        let AstKind::CallExpression(call) = module.kind(module.parent(member)) else { return false };
        if call.callee.span() != it.span {
            return false;
        }
        match (it.property.name.as_str(), call.arguments.first()) {
            ("on" | "once" | "off" | "addListener" | "removeListener" | "addEventListener" | "subscribe", _) => true,
            ("emit" | "publish" | "trigger" | "fire", Some(Argument::StringLiteral(event))) => {
                emits = true;
                event.value != topic.value
            }
            _ => false,
        }
    }) && emits
}

/// Where a statement of the case itself leaves it without a word, when the code under test answers in a certain way.
fn early_exit<'a>(module: &Module<'a>, body: FunctionId) -> Option<u32> {
    module.function(body).statements().iter().find_map(|statement| {
        let Statement::IfStatement(it) = statement else { return None };
        let leaves = match &it.consequent {
            Statement::ReturnStatement(it) => it.argument.is_none(),
            Statement::BlockStatement(block) => {
                block.body.len() == 1
                    && matches!(block.body.first(), Some(Statement::ReturnStatement(it)) if it.argument.is_none())
            }
            _ => false,
        };
        (leaves && it.alternate.is_none() && depends_on_answer(module, &it.test, body)).then_some(it.span.end)
    })
}
