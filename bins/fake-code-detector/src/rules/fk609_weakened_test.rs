//! FK609 weakened-test: a test that asserts less than before, in the same change as production code.
use rustc_hash::FxHashMap;

use super::fk605_disabled_test::{how, is_off};
use crate::cases::{Assertion, Case, Style};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK609",
    name: "weakened-test",
    severity: Severity::Warning,
    scope: Scope::Tests,
    about: "A change of production code takes an assertion out of a test, loosens one, or switches the test off",
    details: "Found with a base only, by the version of the file before the change: a test of the same title that has lost an assertion and got none \
              instead, whose matcher asks for existence or for a part where it compared before (`toBeTruthy`, `toBeDefined`, `not.toThrow`, `toMatchObject`, \
              `expect.anything()`), or that is skipped now without a reason. What moved to another test or into a helper, what compares something \
              else now, and a test that is gone altogether are not meant, nor a change without production code.",
    repair: "bring the assertion back, or say in a test of its own what holds now",
    bad: "// it was expect(total(cart)).toBe(41.8)\nit(\"adds the tax\", () => {\n  expect(total(cart)).toBeDefined();\n});\n",
    good: "// it was expect(total(cart)).toBe(41.8)\nit(\"adds the tax\", () => {\n  expect(total(cart)).toBe(44.3);\n});\n",
    // It takes two versions: `compare` does it.
    check: |_, _| {},
};

/// What the version `module` of a file asserts less than the version `before` of it did.
pub(crate) fn compare<'a>(before: &Module<'a>, module: &Module<'a>, sink: &mut Sink) {
    let old = titled(before);
    let now = Counts::of(module);
    let was = Counts::of(before);
    for (title, case) in titled(module) {
        let (Some(case), Some(Some(old))) = (case, old.get(&title)) else { continue };
        if how(old).is_some() {
            continue;
        }
        if is_off(module, case) {
            let text = format!("{} was run before this change of production code, and is skipped now", case.shown());
            sink.report(weakened((module, case), case.call.callee.span(), text, "before: it was run"));
            continue;
        }
        let (Some(body), Some(old_body)) = (case.body, old.body) else { continue };
        if case.is_suite || module.tests().has_cases_inside(module, body) {
            continue;
        }
        let pair = Pair { before, module, now: &now, was: &was, bodies: (old_body, body) };
        if let Some((span, text, shown)) = pair.weaker() {
            let span = span.unwrap_or(case.call.callee.span());
            sink.report(weakened((module, case), span, format!("{} {text}", case.shown()), &shown));
        }
    }
}

fn weakened((module, case): (&Module<'_>, &Case<'_>), span: Span, text: String, shown: &str) -> Finding {
    let finding = Finding::new(&RULE, case.call.span, text).because(Evidence::AbsentEffect, span, shown);
    match case.body {
        Some(body) if module.function(body).span.start >= case.call.span.start => finding.of(body),
        _ => finding,
    }
}

/// Cases and suites by the titles around them and their own; nothing where two have the same, or one that is computed.
fn titled<'m, 'a>(module: &'m Module<'a>) -> FxHashMap<String, Option<&'m Case<'a>>> {
    let tests = module.tests();
    let mut all = FxHashMap::default();
    // Suites that are open where a case stands: they come before it in the text.
    let mut open: Vec<&Case<'a>> = Vec::new();
    for case in &tests.cases {
        open.retain(|suite| case.call.span.start < suite.call.span.end);
        let titles: Vec<&str> = open.iter().map(|suite| suite.title).chain([case.title]).collect();
        let key = format!("{}{}", if case.is_suite { "suite " } else { "" }, titles.join("\n"));
        let known = !titles.contains(&"");
        all.entry(key).and_modify(|it| *it = None).or_insert(Some(case).filter(|_| known));
        if case.is_suite {
            open.push(case);
        }
    }
    all
}

/// How often each assertion stands in a module.
struct Counts(FxHashMap<String, usize>);

impl Counts {
    fn of(module: &Module<'_>) -> Self {
        let mut all = FxHashMap::default();
        for it in &module.tests().assertions {
            *all.entry(plain(module.text_of(it.span))).or_insert(0) += 1;
        }
        Self(all)
    }

    fn count(&self, text: &str) -> usize {
        self.0.get(text).copied().unwrap_or(0)
    }
}

/// A test before and after the change.
struct Pair<'m, 'a> {
    before: &'m Module<'a>,
    module: &'m Module<'a>,
    now: &'m Counts,
    was: &'m Counts,
    bodies: (FunctionId, FunctionId),
}

impl<'a> Pair<'_, 'a> {
    /// Where the test asserts less, how, and what stood there before.
    fn weaker(&self) -> Option<(Option<Span>, &'static str, String)> {
        let (before, module) = (self.before, self.module);
        let old = before.tests().assertions_in(before, self.bodies.0);
        let new = module.tests().assertions_in(module, self.bodies.1);
        let text_of_old = |it: &Assertion<'a>| plain(before.text_of(it.span));
        let mut added: Vec<(&Assertion<'a>, String)> =
            new.iter().map(|it| (it, plain(module.text_of(it.span)))).collect();
        let mut gone = Vec::new();
        for it in old {
            let text = text_of_old(it);
            match added.iter().position(|(_, other)| *other == text) {
                Some(at) => drop(added.remove(at)),
                None => gone.push((it, text)),
            }
        }
        let loosened = gone.iter().find_map(|(it, _)| {
            let looser = |other: &Assertion<'a>| is_looser((before, it), (module, other));
            added.iter().find(|(other, _)| looser(other)).map(|(other, _)| (*it, other.span))
        });
        if let Some((it, span)) = loosened {
            return Some((Some(span), "asks for less than before this change of production code", self.shown(it)));
        }
        // What came instead may say the same in another way.
        if !added.is_empty() || self.asserts_elsewhere_now() {
            return None;
        }
        let lost = gone.iter().find(|(it, text)| {
            says_something(it) && self.now.count(text) < self.was.count(text) && self.still_has_subject(it)
        });
        let (it, _) = lost?;
        Some((None, "lost an assertion in this change of production code", self.shown(it)))
    }

    /// The assertion as it stood, on one line and not endlessly.
    fn shown(&self, it: &Assertion<'a>) -> String {
        let text = self.before.text_of(it.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = text.chars().take(120).collect();
        let dots = if short.len() < text.len() { "…" } else { "" };
        format!("before: {short}{dots}")
    }

    /// Whether the test calls a function that asserts and that it did not call before.
    fn asserts_elsewhere_now(&self) -> bool {
        let known: Vec<&str> = called(self.before, self.bodies.0).map(|(name, _)| name).collect();
        let tests = self.module.tests();
        called(self.module, self.bodies.1).any(|(name, callee)| {
            let own = match callee {
                Expression::Identifier(name) => {
                    self.module.symbol(name).and_then(|symbol| self.module.function_of(symbol))
                }
                _ => None,
            };
            !known.contains(&name) && own.is_none_or(|id| tests.asserts(self.module, id))
        })
    }

    /// Whether anything of what was asserted about is still there: else the test was written anew.
    fn still_has_subject(&self, it: &Assertion<'a>) -> bool {
        let Some(subject) = it.subject else { return false };
        let body = self.module.text_of(self.module.function(self.bodies.1).span);
        let mut names = words(self.before.text_of(subject.span())).filter(|word| !KEYWORDS.contains(word));
        names.any(|name| words(body).any(|word| word == name))
    }
}

/// What is no name.
const KEYWORDS: [&str; 7] = ["async", "await", "return", "new", "function", "typeof", "void"];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).filter(|word| !word.is_empty())
}

/// The names and callees of the calls inside of a function.
fn called<'m, 'a>(
    module: &'m Module<'a>,
    body: FunctionId,
) -> impl Iterator<Item = (&'a str, &'a Expression<'a>)> + 'm {
    let calls = module.inside(&module.calls, body).iter();
    calls.map(|at| (names::last(&at.it.callee), at.it.callee.get_inner_expression()))
}

/// An assertion about a value that more than its existence is asked of.
fn says_something(it: &Assertion<'_>) -> bool {
    it.is_plain() && !asks_for_existence(it)
}

/// Whether an assertion asks less of the same value.
fn is_looser((before, old): (&Module<'_>, &Assertion<'_>), (module, new): (&Module<'_>, &Assertion<'_>)) -> bool {
    let subject = |module: &Module<'_>, it: &Assertion<'_>| it.subject.map(|value| plain(module.text_of(value.span())));
    if !compares(old) || subject(before, old) != subject(module, new) || subject(module, new).is_none() {
        return false;
    }
    let flag = old.expected.is_some_and(|value| matches!(value.get_inner_expression(), Expression::BooleanLiteral(_)));
    let part = new.matcher == "toMatchObject" && old.matcher != "toMatchObject";
    (asks_for_existence(new) && !flag) || (part && !new.is_negated()) || is_any(new) && !is_any(old)
}

/// Whether an assertion compares a whole value, or what was thrown.
fn compares(it: &Assertion<'_>) -> bool {
    let whole = matches!(
        it.matcher,
        "toBe"
            | "toEqual"
            | "toStrictEqual"
            | "equal"
            | "equals"
            | "eql"
            | "deepEqual"
            | "deepStrictEqual"
            | "strictEqual"
            | "same"
            | "is"
            | "toMatchObject"
            | "toMatchInlineSnapshot"
            | "toThrow"
            | "toThrowError"
            | "throws"
            | "rejects"
    );
    let style = matches!(it.style, Style::Expect | Style::Assert | Style::Should | Style::Context);
    whole && style && !it.is_negated()
}

fn asks_for_existence(it: &Assertion<'_>) -> bool {
    let there =
        ["toBeTruthy", "toBeDefined", "ok", "exist", "exists", "isDefined", "isOk", "doesNotThrow", "notThrows"];
    let nothing = ["toBeNull", "toBeUndefined", "toBeFalsy", "null", "undefined", "toThrow", "toThrowError", "throw"];
    if it.is_negated() { nothing.contains(&it.matcher) } else { there.contains(&it.matcher) }
}

/// `toEqual(expect.anything())`, `toBe(expect.any(Number))`
fn is_any(it: &Assertion<'_>) -> bool {
    it.expected.is_some_and(|value| match value.get_inner_expression() {
        Expression::CallExpression(call) => {
            call.callee.is_member_expression() && matches!(names::last(&call.callee), "anything" | "any")
        }
        _ => false,
    })
}

/// A text without what a formatter may change: white space, the kind of quotes, commas at the end of a list.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, ')' | ']' | '}') && out.ends_with(',') {
            out.pop();
        }
        out.push(if c == '\'' { '"' } else { c });
    }
    out
}
