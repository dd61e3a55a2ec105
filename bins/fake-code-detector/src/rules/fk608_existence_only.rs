//! FK608 existence-only: all that a test asserts is that there is something.
mod hollow;

use hollow::{asks_for_presence, says_nothing};

use crate::cases::{Assertion, Case, Style, Tests, only_has_to_run, only_names, promises_work};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{FunctionId, Module};
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK608",
    name: "existence-only",
    severity: Severity::Note,
    scope: Scope::Tests,
    about: "Every assertion of a test only asks whether something is there",
    details: "Almost any answer passes. A warning where the title promises a value, an order or a number and two assertions or more ask only for \
              existence, where only the kind of an answer is asked for, and where what is asked for is there in any case: an import, the container of \
              `render`, an object just made; a note elsewhere. A title that promises existence is not meant.",
    repair: "assert the value that the title promises",
    bad: "it(\"sorts rooms by load\", () => {\n  const summary = summarise(visits);\n  expect(summary).toBeDefined();\n  expect(summary.rooms).toBeDefined();\n});\n",
    good: "it(\"sorts rooms by load\", () => {\n  const summary = summarise(visits);\n  expect(summary).toBeDefined();\n  expect(summary.rooms.map((room) => room.id)).toEqual([\"b\", \"a\"]);\n});\n",
    check,
};

/// Titles that promise no more than that something is there.
const THERE: &[&str] = &[
    "exist",
    "defin",
    "export",
    "creat",
    "render",
    "instance",
    "construct",
    "mount",
    "has ",
    "have ",
    "had ",
    "truthy",
    "available",
    "present",
    "visible",
    "show",
    "display",
    "expose",
    "instantiat",
    "init",
    "loads",
    "loaded",
    "contain",
    "is a ",
    "provide",
    "include",
    "find",
    "found",
    "appear",
    "match",
    "work",
    "valid",
    "open",
    "import",
    "smoke",
    "call",
    "fire",
    "emit",
    "connect",
    "access",
    "true",
    "support",
    "register",
    "not ",
    "n't",
];

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    for (case, body) in tests.runnable() {
        if let Some(finding) = finding(module, tests, (case, body)) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, tests: &Tests<'a>, (case, body): (&Case<'a>, FunctionId)) -> Option<Finding> {
    let all = tests.assertions_in(module, body);
    let first = all.first()?;
    if tests.has_cases_inside(module, body)
        || !all.iter().all(|it| strength(module, it).is_some() || says_nothing(module, it) || asks_for_kind(it))
        || !module.inside(&module.throws, body).is_empty()
    {
        return None;
    }
    let title = case.title.to_lowercase();
    if only_has_to_run(&title) && all.iter().any(asks_for_silence) {
        return None;
    }
    let hollow = all.iter().any(|it| asks_for_presence(module, it));
    if hollow
        && !promises_presence(&title)
        && !names_kind(&title)
        && !only_names(case.title)
        && !looks_up(module, body)
        && !asserts_elsewhere(module, tests, body)
    {
        let message = format!("{} only asks whether what it made itself is there", case.shown());
        let finding = Finding::new(&RULE, case.call.span, message).of(body).because(
            Evidence::ConstantOutcome,
            first.span,
            "it is always there",
        );
        let finding = finding.because(Evidence::ContractWords, case.call.span, "the title promises more");
        return Some(finding.with_severity(Severity::Warning));
    }
    if all.iter().all(|it| asks_for_kind(it)) && !names_kind(&title) && case.title.split_whitespace().count() >= 3 {
        let message = format!("{} only asks of what kind the answer is", case.shown());
        let finding = Finding::new(&RULE, case.call.span, message).of(body).because(
            Evidence::ConstantOutcome,
            first.span,
            "nearly any value passes",
        );
        let finding = finding.because(Evidence::ContractWords, case.call.span, "the title promises more");
        return Some(finding.with_severity(Severity::Warning));
    }
    if THERE.iter().any(|word| title.contains(word)) || asserts_elsewhere(module, tests, body) {
        return None;
    }
    let sure = all.iter().filter(|it| strength(module, it) == Some(true)).count();
    let promises = title.split_whitespace().count() >= 3;
    let severity = if promises && (sure > 0 && all.len() >= 2 || promises_work(&title)) {
        Severity::Warning
    } else {
        Severity::Note
    };
    let message = format!("{} only asks whether something is there", case.shown());
    let finding = Finding::new(&RULE, case.call.span, message).of(body).because(
        Evidence::ConstantOutcome,
        first.span,
        "almost any answer passes",
    );
    Some(finding.because(Evidence::ContractWords, case.call.span, "the title promises more").with_severity(severity))
}

/// A title that promises no more than that something is there, or runs.
fn promises_presence(title: &str) -> bool {
    let content = title.split_whitespace().filter(|word| !matches!(*word, "should" | "it" | "the" | "a" | "an" | "be"));
    let short = content.count() <= 3;
    let there = ["render", "mount", "creat", "init", "instan", "construct", "import", "load", "available", "provide"];
    only_has_to_run(title)
        || title.is_empty()
        || ["export", "defined", "exist", "is a function", "is a component", "expose", "public api"]
            .iter()
            .any(|word| title.contains(word))
        || short && there.iter().any(|word| title.contains(word))
}

/// `expect(() => f()).not.toThrow()`
fn asks_for_silence(it: &Assertion<'_>) -> bool {
    it.matcher == "doesNotThrow"
        || it.is_negated() && it.matcher.to_lowercase().starts_with("throw")
        || it.is_negated() && it.matcher.starts_with("toThrow")
}

/// `expect(typeof x).toBe("number")`, `expect(x).toEqual(expect.any(Number))`.
fn asks_for_kind(it: &Assertion<'_>) -> bool {
    let Some(subject) = it.subject.map(Expression::get_inner_expression) else { return false };
    let of_kind = |value: &Expression<'_>| matches!(value.get_inner_expression(), Expression::UnaryExpression(it) if it.operator == UnaryOperator::Typeof);
    let plain = |value: &Expression<'_>| matches!(value.get_inner_expression(), Expression::StringLiteral(it) if matches!(it.value.as_str(), "number" | "string" | "boolean" | "object"));
    let equal = matches!(it.matcher, "toBe" | "toEqual" | "toStrictEqual" | "equal" | "strictEqual");
    let compared = matches!(subject, Expression::BinaryExpression(it) if it.operator.is_equality() && of_kind(&it.left) && plain(&it.right));
    let any = it.expected.is_some_and(|value| matches!(value.get_inner_expression(), Expression::CallExpression(call) if matches!(crate::names::last(&call.callee), "anything" | "any") && call.callee.is_member_expression()));
    !it.is_negated()
        && (equal && (of_kind(subject) && it.expected.is_some_and(plain) || any)
            || matches!(it.matcher, "ok" | "toBeTruthy") && compared
            || equal && compared
            || it.matcher == "toBeInstanceOf"
                && it.expected.is_some_and(|value| value.is_specific_id("Array") || value.is_specific_id("Object")))
}

/// Words of titles that are about the kind of a value.
static KINDS: Names = Names::new(&[
    "type",
    "typeof",
    "types",
    "typed",
    "string",
    "strings",
    "number",
    "numbers",
    "numeric",
    "boolean",
    "bool",
    "object",
    "array",
    "list",
    "function",
    "any",
    "shape",
    "kind",
    "instance",
    "uuid",
    "id",
    "timestamp",
    "date",
    "callable",
]);

/// A title that is about the kind of a value, or promises only that it is there.
fn names_kind(title: &str) -> bool {
    title.split(|c: char| !c.is_alphanumeric()).any(|word| KINDS.has(word)) || only_has_to_run(title)
}

/// A query that throws where it finds nothing.
fn looks_up<'a>(module: &Module<'a>, body: FunctionId) -> bool {
    module.inside(&module.calls, body).iter().any(|at| {
        let name = crate::names::last(&at.it.callee);
        ["getBy", "getAllBy", "findBy", "findAllBy"].iter().any(|start| name.starts_with(start))
    })
}

fn asserts_elsewhere<'a>(module: &Module<'a>, tests: &Tests<'a>, body: FunctionId) -> bool {
    let function = module.function(body);
    (function.node.index()..function.end.index()).any(|index| match module.kind(NodeId::from_usize(index)) {
        AstKind::IdentifierReference(name) => {
            let helper = module.symbol(name).and_then(|symbol| module.function_of(symbol));
            helper.is_some_and(|id| {
                id != body
                    && (module.function(id).node < function.node || module.function(id).node >= function.end)
                    && tests.asserts(module, id)
            })
        }
        _ => false,
    })
}

/// Whether an assertion asks for existence only: surely, or for the truth of something that may be a boolean.
fn strength<'a>(module: &Module<'a>, it: &Assertion<'a>) -> Option<bool> {
    if !matches!(it.style, Style::Expect | Style::Assert | Style::Should) {
        return None;
    }
    if it.links.contains(&"rejects") {
        return None;
    }
    let inner = it.subject?.get_inner_expression();
    if is_query(module, inner) {
        return None;
    }
    let named = match inner {
        Expression::Identifier(_)
        | Expression::StaticMemberExpression(_)
        | Expression::AwaitExpression(_)
        | Expression::ComputedMemberExpression(_) => true,
        Expression::CallExpression(call) => crate::names::last(&call.callee).starts_with("query"),
        _ => false,
    };
    let anything = it.expected.is_some_and(|value| matches!(value.get_inner_expression(), Expression::CallExpression(call) if matches!(crate::names::last(&call.callee), "anything" | "any")));
    let kind_only = matches!(inner, Expression::UnaryExpression(it) if it.operator == UnaryOperator::Typeof)
        && it.expected.is_some_and(
            |value| matches!(value.get_inner_expression(), Expression::StringLiteral(it) if it.value != "function"),
        );
    let kind_only = kind_only || matches!(inner, Expression::LogicalExpression(_)) && is_union_of_kinds(inner, 0);
    let list_only = matches!(inner, Expression::CallExpression(call) if crate::names::last(&call.callee) == "isArray");
    match (it.matcher, it.is_negated()) {
        ("toEqual" | "toBe" | "equal" | "strictEqual" | "toStrictEqual" | "toBeTruthy" | "ok", false)
            if anything || kind_only || list_only =>
        {
            Some(true)
        }
        ("toThrow" | "toThrowError" | "throw", true) | ("doesNotThrow", false) if it.expected.is_none() => Some(true),
        ("toBeDefined" | "exist" | "isDefined" | "exists" | "isNotNull", false)
        | ("toBeNull" | "toBeUndefined" | "null" | "undefined", true) => Some(true),
        ("toBeTruthy" | "ok" | "isOk", false) | ("toBeFalsy", true) if named && !is_flag(module, inner) => {
            Some(is_answer(module, inner))
        }
        _ => None,
    }
}

/// `typeof x === "number" || x === null`: what is asked is only the kind.
fn is_union_of_kinds(value: &Expression<'_>, depth: usize) -> bool {
    match value.get_inner_expression() {
        Expression::LogicalExpression(it) if depth < 8 && it.operator == LogicalOperator::Or => {
            is_union_of_kinds(&it.left, depth + 1) && is_union_of_kinds(&it.right, depth + 1)
        }
        Expression::BinaryExpression(it) if it.operator.is_equality() => {
            let kind = |value: &Expression<'_>| matches!(value.get_inner_expression(), Expression::UnaryExpression(it) if it.operator == UnaryOperator::Typeof);
            let empty = |value: &Expression<'_>| value.is_null() || value.is_specific_id("undefined");
            kind(&it.left) || kind(&it.right) || empty(&it.left) || empty(&it.right)
        }
        Expression::BinaryExpression(it) => it.operator == BinaryOperator::Instanceof,
        Expression::CallExpression(call) => crate::names::last(&call.callee) == "isArray",
        _ => false,
    }
}

/// What was asked for by a name, a class or a text says more than that it is there.
fn is_query<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let call = match value {
        Expression::Identifier(name) => match module
            .symbol(name)
            .and_then(|symbol| module.unchanged_value(symbol))
            .map(Expression::get_inner_expression)
        {
            Some(Expression::AwaitExpression(it)) => it.argument.get_inner_expression(),
            Some(other) => other,
            None => return false,
        },
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let Expression::CallExpression(call) = call else { return false };
    let name = crate::names::last(&call.callee);
    let queries = ["find", "query", "getBy", "getElement", "closest", "locator", "match"]
        .iter()
        .any(|start| name.starts_with(start));
    queries && !call.arguments.is_empty() && !name.contains("All")
}

/// A variable or field that is named or made like a yes or no.
fn is_flag<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let flag = |name: &str| {
        let words = crate::names::words(name);
        words.first().is_some_and(|word| {
            lexicon::CHECK_VERBS.has(word)
                || matches!(
                    word.as_str(),
                    "ok" | "valid"
                        | "passed"
                        | "success"
                        | "matched"
                        | "called"
                        | "equal"
                        | "was"
                        | "did"
                        | "allowed"
                        | "enabled"
                        | "done"
                )
        }) || words.last().is_some_and(|word| {
            matches!(word.as_str(), "ok" | "valid" | "called" | "success" | "fired" | "thrown" | "enabled")
        })
    };
    let init = match value {
        Expression::Identifier(name) => module.symbol(name).and_then(|symbol| module.unchanged_value(symbol)),
        _ => None,
    };
    flag(crate::names::last(value))
        || init.is_some_and(|init| match init.get_inner_expression() {
            Expression::AwaitExpression(it) => flag(crate::names::last(&it.argument)),
            Expression::CallExpression(call) => flag(crate::names::last(&call.callee)),
            Expression::BinaryExpression(_) | Expression::UnaryExpression(_) | Expression::LogicalExpression(_) => true,
            _ => false,
        })
}

/// A value that was destructured or rendered is no boolean.
fn is_answer<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value {
        Expression::Identifier(name) => {
            module.symbol(name).is_some_and(|symbol| match module.kind(module.declaration(symbol)) {
                AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().is_none(),
                _ => false,
            })
        }
        _ => false,
    }
}
