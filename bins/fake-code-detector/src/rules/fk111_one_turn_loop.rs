//! FK111 one-turn-loop: a loop that promises several attempts and always leaves in the first.
mod patience;

use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::Module;
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK111",
    name: "one-turn-loop",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "Every path of a loop's body leaves in the first turn, although a count or a list of candidates bounds it",
    details: "It looks like a retry, a poll or a failover, and there is one attempt. So is a function that polls or waits by its name, asks once and never reads how often or how long. Loops that take the first element, that ask whether there is any, \
              or that are only there to be left are not meant.",
    repair: "go round again where the attempt did not succeed",
    bad: "for (let attempt = 1; attempt <= maxAttempts; attempt++) {\n  const job = await api.get(id);\n  if (job.state === \"failed\") return job;\n  return { state: \"ready\" };\n}\n",
    good: "for (let attempt = 1; attempt <= maxAttempts; attempt++) {\n  const job = await api.get(id);\n  if (job.state === \"running\") continue;\n  return job;\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        sink.findings.extend(patience::asks_once(module, function));
        for statement in function.statements() {
            search(module, function.id, statement, 0, sink);
        }
    }
}

/// Loops among the statements of a function, not those of functions inside of it.
fn search<'a>(
    module: &Module<'a>,
    id: crate::model::FunctionId,
    statement: &'a Statement<'a>,
    depth: usize,
    sink: &mut Sink,
) {
    if depth > 30 {
        return;
    }
    let mut each =
        |statements: &'a [Statement<'a>]| statements.iter().for_each(|it| search(module, id, it, depth + 1, sink));
    match statement {
        Statement::BlockStatement(it) => each(&it.body),
        Statement::TryStatement(it) => each(&it.block.body),
        Statement::IfStatement(it) => {
            search(module, id, &it.consequent, depth + 1, sink);
            if let Some(other) = &it.alternate {
                search(module, id, other, depth + 1, sink);
            }
        }
        Statement::ForStatement(it) => {
            let counts = it.test.as_ref().is_some_and(|test| it.update.is_some() && is_count(module, test));
            report(module, (id, it.span), &it.body, counts, sink);
        }
        Statement::ForOfStatement(it) => report(module, (id, it.span), &it.body, !it.r#await, sink),
        Statement::DoWhileStatement(it) => report(module, (id, it.span), &it.body, is_count(module, &it.test), sink),
        Statement::WhileStatement(it) => report(module, (id, it.span), &it.body, is_count(module, &it.test), sink),
        _ => {}
    }
}

fn report<'a>(
    module: &Module<'a>,
    (id, span): (crate::model::FunctionId, Span),
    body: &'a Statement<'a>,
    bounded: bool,
    sink: &mut Sink,
) {
    let Statement::BlockStatement(block) = body else { return };
    let waits = module.inside(&module.awaits, id).iter().any(|at| body.span().contains_inclusive(at.it.span));
    if !bounded || block.body.len() < 2 && !matches!(block.body.first(), Some(Statement::TryStatement(_))) || !waits {
        return;
    }
    if !leaves_all(&block.body, 0) || goes_round(module, body) {
        return;
    }
    let function = module.function(id);
    sink.report(
        Finding::new(
            &RULE,
            function.span,
            format!("the loop of {} always leaves in its first turn", function.qualified()),
        )
        .of(id)
        .because(Evidence::ContractWords, span, "more than one turn is promised")
        .because(Evidence::AbsentEffect, body.span(), "every path leaves"),
    );
}

/// Whether a bound speaks of attempts, or of a number that the function was given.
fn is_count(module: &Module<'_>, test: &Expression<'_>) -> bool {
    let Expression::BinaryExpression(it) = test.get_inner_expression() else { return false };
    let text = module.text_of(it.span);
    let words = names::words(text);
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "attempt"
                | "attempts"
                | "retries"
                | "retry"
                | "tries"
                | "max"
                | "count"
                | "limit"
                | "times"
                | "polls"
                | "rounds"
                | "left"
                | "remaining"
        )
    })
}

/// Whether one of the statements always leaves the loop.
fn leaves_all(statements: &[Statement<'_>], depth: usize) -> bool {
    statements.iter().any(|it| leaves(it, depth + 1))
}

fn leaves(statement: &Statement<'_>, depth: usize) -> bool {
    if depth > 30 {
        return false;
    }
    match statement {
        Statement::ReturnStatement(_) | Statement::BreakStatement(_) => true,
        Statement::ThrowStatement(_) => true,
        Statement::BlockStatement(it) => leaves_all(&it.body, depth),
        Statement::IfStatement(it) => {
            leaves(&it.consequent, depth + 1) && it.alternate.as_ref().is_some_and(|other| leaves(other, depth + 1))
        }
        Statement::TryStatement(it) => {
            let caught = it.handler.as_ref().is_none_or(|handler| leaves_all(&handler.body.body, depth));
            leaves_all(&it.block.body, depth) && caught
                || it.finalizer.as_ref().is_some_and(|last| leaves_all(&last.body, depth))
        }
        _ => false,
    }
}

/// Whether there is a `continue` in a body.
fn goes_round(module: &Module<'_>, body: &Statement<'_>) -> bool {
    let text = module.text_of(body.span());
    text.contains("continue")
}
