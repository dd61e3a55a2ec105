//! FK601 vacuous-assert: an assertion that holds whatever the code under test does.
mod asked_twice;

use crate::analysis::CallKind;
use crate::cases::{
    Assertion, Case, Style, Tests, always, imports_code, loads_for_effect, measures_itself, only_has_to_run, same,
};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{FunctionId, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK601",
    name: "vacuous-assert",
    severity: Severity::Warning,
    scope: Scope::Tests,
    about: "An assertion compares literals of the test with each other, a value with itself, or asks for what always holds",
    details: "A test that uses nothing of the code that its file imports, or only a copy that is written in the test, is one too. Constants, aliases, copies, tables and helpers of the test are looked through. The error is for a test in which nothing else is \
              asserted and nothing else is called. Tests that the type checker decides, marks such as `expect(true).toBe(true)` in a callback \
              that must be reached, and tests that call twice because the answer must be the same are not meant.",
    repair: "assert what the code under test answered, against a value that was worked out by hand",
    bad: "it(\"adds VAT\", () => {\n  const invoice = { net: 100, total: 123 };\n  expect(invoice.total).toBe(123);\n});\n",
    good: "it(\"adds VAT\", () => {\n  expect(addVat({ net: 100 }).total).toBe(123);\n});\n",
    check,
};

static ONE_SIDED: Names = Names::new(&[
    "ok",
    "toBeTruthy",
    "toBeDefined",
    "toBeNull",
    "toBeUndefined",
    "toBeFalsy",
    "true",
    "false",
    "null",
    "undefined",
    "exist",
    "toMatchSnapshot",
    "truthy",
    "falsy",
    "notOk",
    "isTrue",
    "isFalse",
    "isOk",
    "isDefined",
    "toBeNaN",
    "empty",
    "toMatchInlineSnapshot",
    "toBeTrue",
    "toBeFalse",
]);
static TWO_SIDED: Names = Names::new(&[
    "toBe",
    "toEqual",
    "toStrictEqual",
    "toHaveLength",
    "toContain",
    "toContainEqual",
    "toMatch",
    "toMatchObject",
    "toHaveProperty",
    "toBeCloseTo",
    "toBeGreaterThan",
    "toBeGreaterThanOrEqual",
    "toBeLessThan",
    "toBeLessThanOrEqual",
    "equal",
    "equals",
    "eql",
    "eq",
    "strictEqual",
    "deepEqual",
    "deepStrictEqual",
    "is",
    "same",
    "lengthOf",
    "length",
    "include",
    "includes",
    "contain",
    "match",
    "least",
    "most",
    "above",
    "below",
    "a",
    "an",
    "property",
    "greaterThan",
    "lessThan",
    "gte",
    "lte",
    "gt",
    "lt",
    "isAbove",
    "isBelow",
    "isAtLeast",
    "isAtMost",
    "closeTo",
    "partialDeepStrictEqual",
]);
static EQUALITY: Names = Names::new(&[
    "toBe",
    "toEqual",
    "toStrictEqual",
    "toMatchObject",
    "equal",
    "equals",
    "eql",
    "eq",
    "strictEqual",
    "deepEqual",
    "deepStrictEqual",
    "is",
    "same",
    "toBeCloseTo",
    "closeTo",
    "looseEqual",
]);

/// Why an assertion cannot fail.
struct Reason<'a, 'm> {
    text: String,
    span: Span,
    kind: Evidence,
    /// Nothing is called for it: it says nothing of any code.
    is_literal: bool,
    /// Beside a real assertion it is only a mark.
    is_weak: bool,
    place: &'m Assertion<'a>,
}

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    for (case, body) in tests.runnable() {
        if tests.has_cases_inside(module, body) {
            continue;
        }
        let all = tests.assertions_in(module, body);
        let reasons: Vec<Reason<'a, '_>> =
            all.iter().filter_map(|it| reason(module, (tests, case, body), it)).collect();
        let is_typed = all.iter().any(|it| it.style == Style::Type);
        let Some(first) = reasons.first().filter(|_| !is_typed) else {
            if !is_typed
                && let Some(finding) =
                    untouched(module, tests, (case, body)).or_else(|| asked_twice::finding(module, tests, (case, body)))
            {
                sink.report(finding);
            }
            continue;
        };
        // Beside a real assertion a literal one is a mark, or a check of the test's own data.
        let plain = all.iter().filter(|it| it.style != Style::Fail).count();
        if reasons.iter().all(|it| it.is_weak) && reasons.len() < plain {
            continue;
        }
        if reasons.iter().all(|it| it.is_literal)
            && (reasons.len() < plain
                || tests.waits_for_something(module, body)
                || tests.asks_otherwise(module, body)
                || crate::cases::only_has_to_run(case.title))
        {
            continue;
        }
        let only =
            reasons.len() == all.len() && reasons.iter().all(|it| it.is_literal) && !calls_something(module, body);
        let message =
            format!("{}: {} holds whatever the code does: {}", case.shown(), short(module, first.place), first.text);
        let finding =
            Finding::new(&RULE, if reasons.len() == all.len() { case.call.span } else { first.place.span }, message)
                .of(body);
        let finding = finding.because(first.kind, first.span, first.text.clone());
        sink.report(finding.with_severity(if only { Severity::Error } else { Severity::Warning }));
    }
}

/// A case that computes and asserts, and uses nothing of the code that it is the test of.
fn untouched<'a>(module: &Module<'a>, tests: &Tests<'a>, (case, body): (&Case<'a>, FunctionId)) -> Option<Finding> {
    let all = tests.assertions_in(module, body);
    let first = all.iter().find(|it| it.is_plain() && it.subject.is_some() && it.style != Style::Context)?;
    let written_here = case.call.span.contains_inclusive(module.function(body).span);
    if !written_here || case.title.is_empty() || loads_for_effect(module) || only_has_to_run(case.title) {
        return None;
    }
    if tests.reaches_code(module, case, body) {
        return None;
    }
    let copy = tests.uses_local(module, body);
    if copy.is_none() && !imports_code(module)
        || tests.is_planned(module, body)
        || tests.waits_for_something(module, body)
        || tests.asks_otherwise(module, body)
    {
        return None;
    }
    let text = match copy.map(|symbol| module.semantic.scoping().symbol_name(symbol)) {
        Some(name) => format!("`{name}` is written in the test itself"),
        None => "the test computes what it asserts".to_owned(),
    };
    let message = format!("{} uses nothing of the code under test: {text}", case.shown());
    let finding = Finding::new(&RULE, case.call.span, message).of(body);
    let finding = finding.because(Evidence::ConstantOutcome, first.span, text);
    Some(finding.because(Evidence::AbsentEffect, case.call.span, "nothing that is imported runs in it"))
}

fn short<'a>(module: &Module<'a>, it: &Assertion<'a>) -> String {
    let text = module.text_of(it.span).split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("`{cut}…`") } else { format!("`{cut}`") }
}

/// Whether a case calls anything but assertions and what only computes.
fn calls_something<'a>(module: &Module<'a>, body: FunctionId) -> bool {
    let asserts = |call: &CallExpression<'_>| matches!(names::root(&call.callee), Expression::Identifier(name) if matches!(name.name.as_str(), "expect" | "assert" | "t"));
    module.inside(&module.calls, body).iter().any(|at| {
        !asserts(at.it)
            && (module.call_kind(at.it).is_effect() || matches!(module.call_kind(at.it), CallKind::Local(_)))
    }) || module
        .inside(&module.news, body)
        .iter()
        .any(|new| !matches!(&new.it.callee, Expression::Identifier(name) if module.symbol(name).is_none()))
}

fn reason<'a, 'm>(
    module: &Module<'a>,
    (tests, case, body): (&Tests<'a>, &Case<'a>, FunctionId),
    it: &'m Assertion<'a>,
) -> Option<Reason<'a, 'm>> {
    if !it.is_plain() || it.style == Style::Should && it.matcher == "throw" {
        return None;
    }
    let subject = it.subject?;
    let make = |text: String, is_literal: bool| {
        Some(Reason {
            text,
            span: subject.span(),
            kind: Evidence::ConstantOutcome,
            is_literal,
            is_weak: is_literal,
            place: it,
        })
    };
    if let Some(text) = always(module, it, subject) {
        return make(text, false);
    }
    if !it.is_negated()
        && matches!(it.matcher, "toContain" | "include" | "includes")
        && names_one_of(case.title, subject)
    {
        return make("the title names one answer, and others pass too".to_owned(), false);
    }
    if it.links.iter().any(|link| matches!(*link, "poll" | "throw" | "throws")) {
        return None;
    }
    let in_callback = is_mark(module, it, body);
    let one = ONE_SIDED.has(it.matcher)
        && it.expected.is_none_or(|_| it.style != Style::Assert || it.matcher == "ok" || it.matcher.starts_with("is"));
    if one && !in_callback && module.is_fixed(subject) && !is_reached(module, tests, it, body) {
        return make("only literals of the test are looked at".to_owned(), true);
    }
    let expected = it.expected?;
    if TWO_SIDED.has(it.matcher)
        && !in_callback
        && module.is_fixed(subject)
        && module.is_fixed(expected)
        && !is_reached(module, tests, it, body)
    {
        return make("both sides are literals of the test".to_owned(), true);
    }
    if EQUALITY.has(it.matcher) && !it.is_negated() && !in_callback && is_put_here(module, case, (subject, expected)) {
        let reason = make("the test has put that value there itself".to_owned(), false);
        return reason.map(|reason| Reason { is_weak: true, ..reason });
    }
    if !it.is_negated() && measures_itself(module, it, subject, expected) {
        return make("a value is measured by itself".to_owned(), false);
    }
    if it.is_negated() || !EQUALITY.has(it.matcher) {
        return None;
    }
    let (text, is_weak) = same(module, case, it, (subject, expected))?;
    make(text.to_owned(), false).map(|reason| Reason { is_weak, ..reason })
}

/// `expect(["spam", "ham", "unsure"]).toContain(label)` under a title that promises one of them.
fn names_one_of(title: &str, list: &Expression<'_>) -> bool {
    let Expression::ArrayExpression(it) = list.get_inner_expression() else { return false };
    let texts: Vec<String> = it
        .elements
        .iter()
        .filter_map(|element| match element.as_expression()?.get_inner_expression() {
            Expression::StringLiteral(it) => Some(it.value.to_lowercase()),
            Expression::NumericLiteral(it) => Some(it.value.to_string()),
            _ => None,
        })
        .collect();
    let title = title.to_lowercase();
    let named = |text: &String| title.split(|c: char| !c.is_alphanumeric()).any(|word| word == text);
    texts.len() >= 3 && texts.len() == it.elements.len() && texts.iter().filter(|text| named(text)).count() == 1
}

/// `expect(props.name).toBe("Ada")`, where `props` is a literal of the test with that name.
fn is_put_here<'a>(
    module: &Module<'a>,
    case: &Case<'a>,
    (subject, expected): (&'a Expression<'a>, &'a Expression<'a>),
) -> bool {
    let Expression::StaticMemberExpression(member) = subject.get_inner_expression() else { return false };
    let Expression::Identifier(name) = member.object.get_inner_expression() else { return false };
    let held = module.symbol(name).and_then(|symbol| module.unchanged_value(symbol));
    let Some(Expression::ObjectExpression(object)) = held.map(Expression::get_inner_expression) else { return false };
    let Some(value) = crate::analysis::property(object, member.property.name.as_str()) else { return false };
    let title = case.title.to_lowercase();
    let keeps =
        ["mutat", "chang", "intact", "touch", "modif", "keep", "leav", "alone", "original", "overwrit", "restor"];
    let literal = matches!(
        value.get_inner_expression(),
        Expression::StringLiteral(_) | Expression::NumericLiteral(_) | Expression::BooleanLiteral(_)
    );
    let written = || {
        module.writes.iter().any(|at| match at.it {
            crate::model::Write::Assign(it) => module.text_of(it.left.span()) == module.text_of(subject.span()),
            crate::model::Write::Update(it) => module.text_of(it.argument.span()) == module.text_of(subject.span()),
        })
    };
    literal
        && module.text_of(value.span()) == module.text_of(expected.span())
        && !keeps.iter().any(|word| title.contains(word))
        && !written()
}

/// A mark that a callback or a branch has been reached, not a comparison.
fn is_mark<'a>(module: &Module<'a>, it: &Assertion<'a>, body: FunctionId) -> bool {
    let within = module.function_around(it.node);
    let nested = within.is_some_and(|id| {
        id != body && {
            let function = module.function(id);
            let runs_here = function.role == Role::Callback
                && matches!(
                    function.argument_of,
                    "forEach" | "map" | "step" | "act" | "waitFor" | "each" | "runInAction" | "batch"
                );
            !runs_here
        }
    });
    nested
        || module.around(it.node).take_while(|(id, _)| *id > module.function(body).node).any(|(_, kind)| {
            matches!(
                kind,
                AstKind::IfStatement(_)
                    | AstKind::CatchClause(_)
                    | AstKind::SwitchCase(_)
                    | AstKind::ConditionalExpression(_)
            )
        })
}

/// A literal assertion behind `await` of something that may reject, in a case that counts its assertions, says that it was reached.
fn is_reached<'a>(module: &Module<'a>, tests: &Tests<'a>, _it: &Assertion<'a>, body: FunctionId) -> bool {
    tests.is_planned(module, body)
}
