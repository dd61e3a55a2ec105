//! Assertions of every style: `expect(x).not.toBe(y)`, `assert.equal(x, y)`, `x.should.equal(y)`, `t.is(x, y)`, helpers with a name that promises one,
//! and queries that throw where they find nothing.
use super::Tests;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::Module;
use crate::names;
use crate::phrases::Phrases;
use crate::syntax::*;

/// How an assertion is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `expect(x).toBe(y)`
    Expect,
    /// `assert.equal(x, y)`
    Assert,
    /// `x.should.equal(y)`
    Should,
    /// `t.is(x, y)`
    Context,
    /// `expectTypeOf(x)`
    Type,
    /// `assert.fail()`, `expect.unreachable()`
    Fail,
    /// A function that is only known by its name, such as `checkOrder`.
    Named,
    /// `await screen.findByText("x")` as a statement.
    Query,
}

/// One assertion.
pub(crate) struct Assertion<'a> {
    /// The outermost node of it.
    pub(crate) node: NodeId,
    pub(crate) span: Span,
    pub(crate) style: Style,
    pub(crate) subject: Option<&'a Expression<'a>>,
    pub(crate) expected: Option<&'a Expression<'a>>,
    /// `toBe`, `equal`; `ok` of `assert(x)`.
    pub(crate) matcher: &'a str,
    /// What stands before the matcher: `not`, `resolves`, `to`, `be`.
    pub(crate) links: Vec<&'a str>,
}

impl Assertion<'_> {
    /// Whether it asserts the opposite.
    pub(crate) fn is_negated(&self) -> bool {
        self.links.contains(&"not")
    }

    /// Whether it says something about a value.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.style, Style::Expect | Style::Assert | Style::Should | Style::Context)
    }
}

/// Finds the assertions of a module.
pub(super) fn find<'a>(module: &Module<'a>, tests: &mut Tests<'a>) {
    let mut found = Vec::new();
    for at in &module.calls {
        found.extend(of_call(module, tests, at.node, at.it).map(|it| (at.node, it)));
    }
    found.extend(module.shoulds.iter().map(|at| (at.node, of_should(module, at.node, at.it))));
    // Of two with the same outermost node the one that begins first in the text is kept.
    found.sort_by_key(|(start, it)| (it.node, *start));
    let mut found: Vec<Assertion<'a>> = found.into_iter().map(|(_, it)| it).collect();
    for it in &mut found {
        if always_fails(it) {
            it.style = Style::Fail;
        }
    }
    found.dedup_by_key(|it| it.node);
    tests.assertions = found;
}

/// `assert(false)`, `expect(true).toBe(false)`: a way to fail.
fn always_fails(it: &Assertion<'_>) -> bool {
    let flag = |value: Option<&Expression<'_>>| match value.map(Expression::get_inner_expression) {
        Some(Expression::BooleanLiteral(it)) => Some(it.value),
        Some(Expression::NumericLiteral(it)) => Some(it.value != 0.0),
        _ => None,
    };
    let wanted = match it.matcher {
        "ok" | "toBeTruthy" | "true" | "isTrue" | "isOk" => Some(true),
        "toBe" | "equal" | "toEqual" | "strictEqual" | "is" => flag(it.expected),
        "false" | "toBeFalsy" | "isFalse" => Some(false),
        _ => None,
    };
    it.is_plain() && !it.is_negated() && flag(it.subject).zip(wanted).is_some_and(|(is, wanted)| is != wanted)
}

fn of_call<'a>(
    module: &Module<'a>,
    tests: &mut Tests<'a>,
    node: NodeId,
    call: &'a CallExpression<'a>,
) -> Option<Assertion<'a>> {
    let callee = call.callee.get_inner_expression();
    let (name, object) = (names::last(callee), names::object(callee));
    let on = object.map_or("", |object| names::last(object));
    let argument = |at: usize| call.arguments.get(at).and_then(Argument::as_expression);
    let simple = |style: Style| {
        Some(Assertion {
            node,
            span: call.span,
            style,
            subject: argument(0),
            expected: argument(1),
            matcher: name,
            links: Vec::new(),
        })
    };
    if is_local(module, callee) {
        return None;
    }
    match (on, name) {
        ("expect" | "t", "assertions" | "hasAssertions" | "plan") => {
            tests.plans.push(node);
            None
        }
        (
            "expect" | "assert" | "should" | "chai" | "vi" | "jest" | "t" | "test",
            "fail" | "unreachable" | "assertUnreachable",
        ) => simple(Style::Fail),
        ("expect", "soft" | "poll" | "element") => of_expect(module, tests, (node, call), name),
        (_, "expect")
            if call.arguments.len() <= 2
                && (object.is_none() || matches!(on, "chai" | "t" | "vi" | "jest" | "context" | "ctx" | "this")) =>
        {
            of_expect(module, tests, (node, call), "expect")
        }
        (_, "should") if object.is_none() => of_expect(module, tests, (node, call), "should"),
        ("expect", _) if object.is_some_and(|object| matches!(object, Expression::Identifier(_))) => None,
        (
            _,
            "expectTypeOf"
            | "assertType"
            | "expectType"
            | "attest"
            | "expectError"
            | "expectAssignable"
            | "expectNotAssignable"
            | "expectNotType",
        ) => simple(Style::Type),
        // `console.assert` only prints.
        ("console", "assert") => None,
        (_, "assert") if object.is_none() || matches!(on, "chai" | "fc" | "sinon" | "t") => {
            let mut it = simple(if on == "fc" || on == "sinon" { Style::Named } else { Style::Assert })?;
            it.matcher = "ok";
            it.expected = None;
            Some(it)
        }
        // `should.not.exist(x)` of should.js.
        _ if object
            .is_some_and(|object| matches!(names::root(object), Expression::Identifier(it) if it.name == "should")) =>
        {
            simple(Style::Named)
        }
        _ if is_sinon_assert(object) || on == "td" && name == "verify" => simple(Style::Named),
        _ if is_assert_object(module, object) => simple(Style::Assert),
        _ if is_context(module, tests, object) && !lexicon::CONTEXT_TOOLS.has(name) => {
            simple(if name == "pass" { Style::Named } else { Style::Context })
        }
        _ if object.is_none() => of_plain(module, callee, name).and_then(simple),
        _ if is_query(module, tests, (node, call), name) => simple(Style::Query),
        _ if !is_expectation(callee) && is_checking_method(name, call) => simple(Style::Named),
        ("I", _) if name.starts_with("see") || name.starts_with("dontSee") => simple(Style::Named),
        ("cy", "contains" | "get" | "wait" | "task") | (_, "percySnapshot") => simple(Style::Named),
        _ => None,
    }
}

/// A call of a function of this module: what it asserts is found by looking into it.
fn is_local<'a>(module: &Module<'a>, callee: &'a Expression<'a>) -> bool {
    matches!(callee, Expression::Identifier(name) if module.symbol(name).is_some_and(|symbol| module.function_of(symbol).is_some()))
}

fn is_assert_object<'a>(module: &Module<'a>, object: Option<&'a Expression<'a>>) -> bool {
    let Some(object) = object else { return false };
    match object.get_inner_expression() {
        Expression::Identifier(name) => match module.symbol(name).and_then(|symbol| module.source_of(symbol)) {
            Some(source) if is_assert_module(source) => true,
            _ => matches!(name.name.as_str(), "assert" | "should"),
        },
        Expression::StaticMemberExpression(member) => {
            matches!(member.property.name.as_str(), "assert" | "strict")
                && !matches!(names::last(&member.object), "sinon")
        }
        _ => false,
    }
}

fn is_sinon_assert(object: Option<&Expression<'_>>) -> bool {
    matches!(object.map(Expression::get_inner_expression), Some(Expression::StaticMemberExpression(it)) if it.property.name == "assert" && matches!(names::last(&it.object), "sinon" | "sandbox"))
}

/// The assertions of Deno's standard library, by whatever address.
static STD: Phrases = Phrases::new(&["std/assert", "std/testing/assert"]);

fn is_assert_module(source: &str) -> bool {
    let source = source.strip_prefix("node:").unwrap_or(source);
    matches!(source, "assert" | "assert/strict" | "power-assert" | "uvu/assert" | "chai/assert") || STD.are_in(source)
}

/// The `t` of a case, or of a helper that is given it.
fn is_context<'a>(module: &Module<'a>, tests: &Tests<'a>, object: Option<&'a Expression<'a>>) -> bool {
    let Some(Expression::Identifier(name)) = object.map(Expression::get_inner_expression) else { return false };
    let symbol = module.symbol(name);
    let known = symbol.is_some_and(|symbol| tests.contexts.contains(&symbol));
    let parameter =
        symbol.is_some_and(|symbol| matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_)));
    let tap = symbol
        .and_then(|symbol| module.source_of(symbol))
        .is_some_and(|source| matches!(source, "tap" | "tape" | "zora"));
    known || tap || parameter && matches!(name.name.as_str(), "t" | "tap" | "tt" | "st" | "assert" | "test")
}

/// A function that is imported from an assertion library, or whose name promises to check something.
fn of_plain<'a>(module: &Module<'a>, callee: &'a Expression<'a>, name: &str) -> Option<Style> {
    let Expression::Identifier(it) = callee else { return None };
    let symbol = module.symbol(it);
    let source = symbol.and_then(|symbol| module.source_of(symbol)).unwrap_or("");
    // `({ end, ok, is }) => …` of tap.
    let parameter =
        symbol.is_some_and(|symbol| matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_)));
    if parameter && lexicon::TAP_ASSERTIONS.has(name) {
        return Some(if name == "pass" { Style::Named } else { Style::Context });
    }
    if is_assert_module(source) {
        return Some(Style::Assert);
    }
    let words = names::words(name);
    let strong =
        words.iter().any(|word| matches!(word.as_str(), "assert" | "asserts" | "expect" | "expects" | "should"));
    // `verifyToken` of the module under test is what is tested and no test.
    let subject = || module.is_subject_module(source);
    let known =
        words.iter().any(|word| lexicon::CHECKING_WORDS.has(word)) && !matches!(name, "test" | "it") && !subject();
    let waits = name.starts_with("waitFor") || name == "eventually";
    let outside = || !source.is_empty() && !TOOLS.iter().any(|word| source.contains(word));
    (strong || known && !outside() || waits && source.contains("testing")).then_some(Style::Named)
}

/// Words in the name of a module that helps to test.
const TOOLS: &[&str] = &[
    "test",
    "helper",
    "util",
    "support",
    "assert",
    "expect",
    "check",
    "k6",
    "mockito",
    "fixture",
    "harness",
    "common",
    "matcher",
    "snapshot",
    "verify",
    "tap",
    "chai",
    "axe",
    "screenshot",
];

/// A matcher of `expect(x)`: the call of `expect` inside of it is what is looked at.
fn is_expectation(callee: &Expression<'_>) -> bool {
    matches!(names::root(callee), Expression::Identifier(name) if name.name == "expect")
}

fn is_checking_method(name: &str, call: &CallExpression<'_>) -> bool {
    match names::words(name).first().map_or("", String::as_str) {
        "assert" | "asserts" | "expect" | "expects" | "should" => true,
        "verify" | "done" => call.arguments.is_empty() && matches!(name, "verify" | "done" | "verifyAll"),
        "wait" => {
            name == "waitUntil"
                || name == "wait" && call.arguments.first().is_some_and(|it| matches!(it, Argument::CallExpression(_)))
                || name.starts_with("waitFor")
                    && !matches!(name, "waitForTimeout" | "waitForLoadState" | "waitFor" | "waitForDebugger")
        }
        "to" => name.len() > 4 && (name.contains("MatchSnapshot") || name.contains("MatchImage")),
        _ => false,
    }
}

/// `screen.getByText("x")` whose value only has to be there.
fn is_query<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    (node, call): (NodeId, &'a CallExpression<'a>),
    name: &str,
) -> bool {
    let query = ["getBy", "getAllBy", "findBy", "findAllBy"].iter().any(|start| name.starts_with(start));
    if !query || tests.is_playwright || call.arguments.is_empty() {
        return false;
    }
    let mut around = module
        .around(node)
        .map(|(_, kind)| kind)
        .filter(|kind| !matches!(kind, AstKind::AwaitExpression(_) | AstKind::ParenthesizedExpression(_)));
    matches!(
        around.next(),
        Some(
            AstKind::ExpressionStatement(_)
                | AstKind::VariableDeclarator(_)
                | AstKind::ReturnStatement(_)
                | AstKind::ArrowFunctionExpression(_)
        )
    )
}

/// What stands around a node as one chain: `.not.toBe(x)` of `expect(y)`.
pub(super) struct Climb<'a> {
    pub(super) node: NodeId,
    pub(super) names: Vec<&'a str>,
    pub(super) last_call: Option<&'a CallExpression<'a>>,
    /// The last name is called.
    pub(super) called: bool,
}

/// Climbs to the outermost member or call of a chain, up to `.then`, `.catch` and `.finally`.
pub(super) fn climb<'a>(module: &Module<'a>, node: NodeId) -> Climb<'a> {
    let mut it = Climb { node, names: Vec::new(), last_call: None, called: true };
    let mut inner = module.kind(node).span();
    for (id, around) in module.around(node) {
        match around {
            AstKind::StaticMemberExpression(member)
                if member.object.span() == inner
                    && !matches!(member.property.name.as_str(), "then" | "catch" | "finally") =>
            {
                it.names.push(member.property.name.as_str());
                it.called = false;
            }
            AstKind::CallExpression(call) if call.callee.span() == inner => {
                it.last_call = Some(call);
                it.called = true;
            }
            AstKind::ParenthesizedExpression(_)
            | AstKind::TSNonNullExpression(_)
            | AstKind::ChainExpression(_)
            | AstKind::TSAsExpression(_) => {}
            _ => break,
        }
        it.node = id;
        inner = around.span();
    }
    it
}

/// Names that say nothing before they are called.
static UNFINISHED: Names = Names::new(&[
    "",
    "not",
    "to",
    "be",
    "resolves",
    "rejects",
    "have",
    "deep",
    "eventually",
    "equal",
    "equals",
    "eql",
    "strictEqual",
    "deepEqual",
    "above",
    "below",
    "least",
    "most",
    "within",
    "closeTo",
    "lengthOf",
    "property",
    "match",
    "instanceof",
    "oneOf",
    "members",
    "keys",
    "satisfy",
]);

fn of_expect<'a>(
    module: &Module<'a>,
    tests: &mut Tests<'a>,
    (node, call): (NodeId, &'a CallExpression<'a>),
    start: &'a str,
) -> Option<Assertion<'a>> {
    let chain = climb(module, node);
    let span = module.kind(chain.node).span();
    let matcher = chain.names.last().copied().unwrap_or("");
    // chai asserts when a property is read; jest's matchers have to be called.
    let jest = matcher.strip_prefix("to").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        && matcher != "toJSON";
    let unfinished = UNFINISHED.has(matcher);
    if !chain.called && jest || unfinished && chain.last_call.is_none() {
        // `expect(x)` of a local helper's parameter, handed on: whoever gets it asserts.
        let floats = module.floats(chain.node);
        if floats {
            tests.idle.push((chain.node, span));
        }
        return (!floats).then(|| Assertion {
            node: chain.node,
            span,
            style: Style::Named,
            subject: None,
            expected: None,
            matcher,
            links: chain.names.clone(),
        });
    }
    let mut links = vec![start];
    links.extend(chain.names.iter().take(chain.names.len().saturating_sub(1)));
    // `.which` goes on with another value.
    let moves =
        chain.names.iter().any(|name| matches!(*name, "which" | "that" | "with" | "property" | "propertyByPath"));
    let subject = call.arguments.first().and_then(Argument::as_expression).filter(|_| !moves);
    let expected = chain
        .last_call
        .filter(|_| chain.called)
        .and_then(|last| last.arguments.first())
        .and_then(Argument::as_expression);
    Some(Assertion { node: chain.node, span, style: Style::Expect, subject, expected, matcher, links })
}

fn of_should<'a>(module: &Module<'a>, node: NodeId, member: &'a StaticMemberExpression<'a>) -> Assertion<'a> {
    let chain = climb(module, node);
    let span = module.kind(chain.node).span();
    let matcher = chain.names.last().copied().unwrap_or("should");
    let expected = chain
        .last_call
        .filter(|_| chain.called)
        .and_then(|last| last.arguments.first())
        .and_then(Argument::as_expression);
    let style = if chain.names.is_empty() { Style::Named } else { Style::Should };
    let moves =
        chain.names.iter().any(|name| matches!(*name, "which" | "that" | "with" | "property" | "propertyByPath"));
    let subject = Some(&member.object).filter(|_| !moves);
    Assertion { node: chain.node, span, style, subject, expected, matcher, links: chain.names.clone() }
}
