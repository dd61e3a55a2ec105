//! FK605 disabled-test: a test that is switched off, or that switches all others off.
use crate::cases::{Case, Tests};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::Module;
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK605",
    name: "disabled-test",
    severity: Severity::Warning,
    scope: Scope::Tests,
    about: "A test is skipped, or only promised, without a condition or a ticket; `only` leaves all others out",
    details: "The error is for `only`. `skipIf`, `skip(condition, reason)`, a skip inside of an `if` or a hook, and a skip that names a ticket, \
              a link or a reason in its title, or has a comment before it or on its line, are not meant, nor a title without a body. \
              What three tests of a file have in common is said once; the rest are notes.",
    repair: "run the test, say under which condition it cannot run, or name the ticket that brings it back",
    bad: "it.skip(\"books a payout once\", async () => {\n  expect(await ledger.balance(\"s\")).toBe(-5);\n});\n",
    good: "it.skipIf(!url)(\"books a payout once\", async () => {\n  expect(await ledger.balance(\"s\")).toBe(-5);\n});\n",
    check,
};

/// So many tests of a file that are off are a habit of the file.
const HABIT: usize = 3;

fn check<'a>(module: &Module<'a>, sink: &mut Sink) {
    let tests = module.tests();
    let mut outer: Option<NodeId> = None;
    let mut off = Vec::new();
    for case in &tests.cases {
        let Some(how) = how(case) else { continue };
        // What is in a suite that is off is off with it.
        let inside = outer.is_some_and(|node| module.around(case.node).any(|(id, _)| id == node));
        if inside || how != "only" && is_excused(module, case) || is_conditional(module, case.node) {
            continue;
        }
        outer = Some(case.node);
        off.push((case, how));
    }
    // What is a habit of the file is said once; the rest are notes.
    let habit = off.iter().filter(|(_, how)| *how != "only").count() >= HABIT;
    // A title among tests that run is a plan.
    let runs = tests.cases.iter().any(|case| self::how(case).is_none());
    let mut said = false;
    for (case, how) in off {
        let finding = report(case, how);
        let again = habit && said && how != "only" || how == "todo" && runs;
        said |= how != "only";
        sink.report(if again { finding.with_severity(Severity::Note) } else { finding });
    }
    directives(module, tests, sink);
}

fn report(case: &Case<'_>, how: &str) -> Finding {
    let (text, severity) = match how {
        "only" => ("leaves every other test of the file out", Severity::Error),
        "todo" => ("is only a title: nothing is tested", Severity::Warning),
        _ => ("never runs, and nothing says why or until when", Severity::Warning),
    };
    let finding = Finding::new(&RULE, case.call.span, format!("{} {text}", case.shown())).because(
        Evidence::AbsentEffect,
        case.call.callee.span(),
        text,
    );
    let finding = match case.body {
        Some(body) => finding.of(body),
        None => finding,
    };
    finding.with_severity(severity)
}

/// Whether a case is switched off, and nothing says why or until when.
pub(super) fn is_off<'a>(module: &Module<'a>, case: &Case<'a>) -> bool {
    matches!(how(case), Some("skip" | "todo")) && !is_excused(module, case) && !is_conditional(module, case.node)
}

/// How a case is switched off; nothing where it runs.
pub(super) fn how(case: &Case<'_>) -> Option<&'static str> {
    if case
        .modifiers
        .iter()
        .any(|it| matches!(*it, "skipIf" | "runIf" | "if" | "todoIf" | "ignore" | "failingIf" | "skipInCI" | "macOnly"))
    {
        return None;
    }
    let option = |name: &str| {
        let value = case.options.and_then(|options| crate::analysis::property(options, name));
        value.is_some_and(|value| matches!(value.get_inner_expression(), Expression::BooleanLiteral(it) if it.value))
    };
    let focused = matches!(case.base, "fit" | "fdescribe" | "ftest" | "fcontext");
    match () {
        () if case.is("only") || focused || option("only") => Some("only"),
        () if case.is("todo") || option("todo") => Some("todo"),
        // A title alone, which mocha calls pending, is a plan and no fake.
        () if case.is("skip")
            || case.is("fixme")
            || option("skip")
            || matches!(case.base, "xit" | "xtest" | "xdescribe" | "xcontext" | "xspecify" | "xsuite") =>
        {
            Some("skip")
        }
        _ => None,
    }
}

/// A ticket, a link or a reason, in the title or in the comment before the case.
fn is_excused<'a>(module: &Module<'a>, case: &Case<'a>) -> bool {
    let start = statement_start(module, case.node, case.call.span);
    let before = module.comments_before(start).iter();
    let head = Span::new(
        case.call.span.start,
        case.body.map_or(case.call.span.end, |id| {
            module.function(id).statements().first().map_or(case.call.span.end, |it| it.span().start)
        }),
    );
    let inside = module.comments_in(head).iter();
    let line_end = module
        .text
        .get(case.call.span.end as usize..)
        .and_then(|rest| rest.find('\n'))
        .map_or(module.text.len(), |at| case.call.span.end as usize + at);
    let behind = module.comments_in(Span::new(case.call.span.end, line_end.try_into().unwrap_or(u32::MAX))).iter();
    has_ticket(case.title)
        || gives_reason(&case.title.to_lowercase())
        || before.chain(inside).chain(behind).any(|comment| {
            let text = module.text_of(comment.content_span());
            is_said(text)
        })
}

/// A comment in words, not an order to a linter.
fn is_said(text: &str) -> bool {
    let order = ["eslint", "@ts-", "biome-", "prettier-", "istanbul", "c8 ", "v8 "];
    text.split_whitespace().count() >= 2 && !order.iter().any(|it| text.trim_start().starts_with(it))
}

fn statement_start<'a>(module: &Module<'a>, node: NodeId, span: Span) -> u32 {
    match module.kind(module.parent(node)) {
        AstKind::ExpressionStatement(it) => it.span.start,
        _ => span.start,
    }
}

/// `#482`, `ABC-12`, a link.
fn has_ticket(text: &str) -> bool {
    if text.contains("://") || text.contains("eslint-") {
        return text.contains("://");
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '#' | '-'))).any(|word| {
        let number =
            word.strip_prefix('#').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        let key = word.rsplit_once('-').is_some_and(|(key, number)| {
            key.len() >= 2
                && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && !matches!(key, "UTF" | "ISO" | "SHA" | "RFC" | "ES" | "UTC" | "GMT")
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        });
        number || key
    })
}

fn gives_reason(text: &str) -> bool {
    // `// Skip: jsdom does not compute real heights`
    let head = text.trim().split(':').next().unwrap_or("");
    let explained = matches!(head, "skip" | "skipped" | "disabled" | "reason") && text.split_whitespace().count() >= 5;
    if explained {
        return true;
    }
    [
        "because",
        "until ",
        "requires",
        "upstream",
        "not supported",
        "unsupported",
        "unable to",
        "since ",
        "depends on",
        "waiting for",
        "blocked",
        "bug in",
        "doesn't support",
        "does not support",
        "only works",
        "no longer",
        "not available",
        "cannot run",
        "can't be tested",
        "cannot be tested",
        "known issue",
        "only with ",
        "only when",
        "only if",
        "needs ",
        "nightly",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// A skip that only some runs see: in an `if`, as an arm of `?:`, in a loop or in a helper.
fn is_conditional<'a>(module: &Module<'a>, node: NodeId) -> bool {
    module.around(node).any(|(_, kind)| {
        matches!(
            kind,
            AstKind::IfStatement(_)
                | AstKind::ConditionalExpression(_)
                | AstKind::LogicalExpression(_)
                | AstKind::SwitchCase(_)
        )
    })
}

/// `test.fixme()`, `this.skip()`, `t.skip()` as a statement of the test itself.
fn directives<'a>(module: &Module<'a>, tests: &Tests<'a>, sink: &mut Sink) {
    for (case, body) in tests.runnable() {
        for at in module.own(&module.calls, body) {
            let name = names::last(&at.it.callee);
            let on = names::object(&at.it.callee).map_or("", |object| names::last(object));
            let off = matches!(
                (on, name),
                ("test" | "it" | "this" | "t" | "ctx" | "context", "skip" | "fixme" | "todo" | "pending")
            ) || on.is_empty() && name == "pending";
            let without_reason =
                at.it.arguments.iter().all(|argument| matches!(argument, Argument::BooleanLiteral(it) if it.value));
            if !off || !without_reason || !module.floats(at.node) || is_conditional_in(module, at.node, body) {
                continue;
            }
            let comments = module.comments_before(at.it.span.start).iter();
            let excused = is_excused(module, case)
                || comments.into_iter().any(|comment| {
                    has_ticket(module.text_of(comment.content_span()))
                        || gives_reason(&module.text_of(comment.content_span()).to_lowercase())
                });
            if !excused {
                let text = format!("{} switches itself off: everything behind is never run", case.shown());
                sink.report(Finding::new(&RULE, case.call.span, text).of(body).because(
                    Evidence::AbsentEffect,
                    at.it.span,
                    "without a condition or a reason",
                ));
            }
        }
    }
}

fn is_conditional_in<'a>(module: &Module<'a>, node: NodeId, body: crate::model::FunctionId) -> bool {
    let start = module.function(body).node;
    module.around(node).take_while(|(id, _)| *id > start).any(|(_, kind)| {
        matches!(
            kind,
            AstKind::IfStatement(_)
                | AstKind::ConditionalExpression(_)
                | AstKind::CatchClause(_)
                | AstKind::SwitchCase(_)
        )
    })
}
