//! FK501 catch-to-success: what failed is answered as if it had gone well.
use rustc_hash::FxHashSet;

use crate::analysis::{CallKind, Caught, Failure, is_success};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK501",
    name: "catch-to-success",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "The branch that runs on failure answers success, whatever the failure was",
    details: "A catch clause, a rejection handler, the error branch of a callback, or a return in a finally block. Branches that look at \
              what failed (a file that is gone already, a duplicate) or report it first are not meant, nor a bare true that fails closed.",
    repair: "pass the error on, or answer that it failed",
    bad: "app.delete(\"/account\", async (req, res) => {\n  try {\n    await accounts.remove(req.user.id);\n    res.json({ success: true });\n  } catch (err) {\n    res.json({ success: true });\n  }\n});\n",
    good: "app.delete(\"/account\", async (req, res, next) => {\n  try {\n    await accounts.remove(req.user.id);\n    res.json({ success: true });\n  } catch (err) {\n    next(err);\n  }\n});\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<FunctionId> = FxHashSet::default();
    for failure in module.all_failures() {
        if reported.contains(&failure.host) {
            continue;
        }
        if let Some(finding) = finding(module, &failure) {
            reported.insert(failure.host);
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, failure: &Failure) -> Option<Finding> {
    let claim = claim_of(module, failure)?;
    let function = module.function(failure.host);
    if module.is_null_object(function) || reacts(module, failure, claim) {
        return None;
    }
    // `if (!parsed.success)` of a plain function only tells two values apart: a parser's "optional", for instance.
    if failure.how == Caught::Branch && !module.function(failure.function).is_async && function.id == failure.function {
        return None;
    }
    let name = if function.name.is_empty() { "this handler" } else { function.name };
    let how = match failure.how {
        Caught::Finally => "finally runs whether it went well or not",
        Caught::Handler => "the rejection handler answers it",
        Caught::Clause | Caught::Branch => "the failure is answered here",
    };
    Some(
        Finding::new(&RULE, function.span, format!("{name} answers `{}` when it has failed", module.brief(claim)))
            .of(failure.host)
            .because(Evidence::ConstantOutcome, claim, how)
            .because(Evidence::AbsentEffect, failure.span, "what failed is neither looked at nor passed on"),
    )
}

/// What says in a failure branch that all went well, on no condition.
fn claim_of<'a>(module: &Module<'a>, failure: &Failure) -> Option<Span> {
    let returned = module
        .between(&module.returns, failure.start, failure.end)
        .iter()
        .filter(|at| at.function == Some(failure.function) && is_unconditional(module, at.node, failure))
        .find_map(|at| {
            let value = at.it.value?;
            let word =
                matches!(value.get_inner_expression(), Expression::StringLiteral(text) if is_success(&text.value));
            // A helper that is told of the failure may well say so.
            let told = module.text_of(value.span()).to_lowercase();
            let answer = if told.contains("err") || told.contains("fail") { value } else { module.answered(value) };
            let claimed = module.claim_in(answer).is_some_and(|claim| claim.2);
            let echoed = is_same_truth(module, value, failure);
            (claimed
                || word
                    && failure.how != Caught::Branch
                    && module.promised_effect(module.function(failure.host)).is_some()
                || echoed)
                .then(|| value.span())
        });
    returned
        .or_else(|| {
            let claims = module.calls_that_claim(failure.function, failure.start, failure.end);
            claims
                .iter()
                .find(|claim| claim.strong && is_unconditional(module, claim.node, failure))
                .map(|claim| claim.span)
        })
        .or_else(|| {
            let calls = module.between(&module.calls, failure.start, failure.end);
            calls
                .iter()
                .find(|at| {
                    at.function == Some(failure.function)
                        && failure.how != Caught::Finally
                        && (module.sets_done(at.it) || is_set_either_way(module, at.it, failure))
                        && is_unconditional(module, at.node, failure)
                })
                .map(|at| at.it.span)
        })
        .or_else(|| same_news(module, failure))
        .or_else(|| flag_of(module, failure))
        .or_else(|| same_answer(module, failure))
}

/// `return ok(doc.id)` in the catch clause of what answers `ok(doc.id)` where it went well, under the name of an effect.
fn same_answer<'a>(module: &Module<'a>, failure: &Failure) -> Option<Span> {
    let host = module.function(failure.host);
    if failure.how != Caught::Clause || module.effect_verb(host).is_none() {
        return None;
    }
    let good = |value: &Expression<'a>| match value.get_inner_expression() {
        Expression::CallExpression(call) => {
            matches!(
                crate::names::last(&call.callee),
                "ok" | "Ok" | "right" | "success" | "succeed" | "okAsync" | "json"
            ) && !call.arguments.is_empty()
        }
        _ => false,
    };
    let inside = |node: NodeId| node >= failure.start && node < failure.end;
    let answers = || module.own(&module.returns, failure.function).take(60);
    let caught = answers().filter(|at| inside(at.node) && is_unconditional(module, at.node, failure));
    caught.filter_map(|at| at.it.value).filter(|value| good(value)).find_map(|value| {
        let text = module.text_of(value.span());
        let told = text.to_lowercase();
        let same = answers()
            .any(|at| !inside(at.node) && at.it.value.is_some_and(|other| module.text_of(other.span()) == text));
        (same && !told.contains("err") && !told.contains("fail")).then(|| value.span())
    })
}

/// `ok = true` in the failure branch, of a flag that is answered as the success.
fn flag_of<'a>(module: &Module<'a>, failure: &Failure) -> Option<Span> {
    if failure.how == Caught::Finally {
        return None;
    }
    let writes = module.between(&module.writes, failure.start, failure.end).iter();
    let mut flags = writes.filter_map(|at| match at.it {
        crate::model::Write::Assign(it) if is_unconditional(module, at.node, failure) => Some(it),
        _ => None,
    });
    flags.find_map(|it| {
        let yes = matches!(it.right.get_inner_expression(), Expression::BooleanLiteral(it) if it.value);
        let AssignmentTarget::AssignmentTargetIdentifier(name) = &it.left else { return None };
        let symbol = module.symbol(name).filter(|_| yes)?;
        let answered = module.uses(symbol).any(|reference| {
            let AstKind::ObjectProperty(it) = module.kind(module.parent(reference.node_id())) else { return false };
            let key = crate::names::key(&it.key);
            crate::names::words(key).iter().any(|word| crate::analysis::is_done(word)) && !key.contains("ail")
        });
        answered.then_some(it.span)
    })
}

/// The very news that the try block tells after its work: `setState("done")`, `dispatch(liked(id))` on both ways.
fn same_news<'a>(module: &Module<'a>, failure: &Failure) -> Option<Span> {
    if failure.how != Caught::Clause {
        return None;
    }
    let host = module.function(failure.function);
    let before = module.between(&module.calls, host.node, failure.start);
    let asked = module.between(&module.awaits, host.node, failure.start).last()?.it.span.end;
    let calls = module.between(&module.calls, failure.start, failure.end).iter();
    let mut told = calls.filter(|at| {
        at.function == Some(failure.function) && is_news(module, at.it) && is_unconditional(module, at.node, failure)
    });
    told.find(|at| {
        let text = module.text_of(at.it.span);
        before.iter().rev().take(12).any(|other| other.it.span.start >= asked && module.text_of(other.it.span) == text)
    })
    .map(|at| at.it.span)
}

/// A call that says that something is done: no end of waiting, which is the same on both ways.
fn is_news<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    match call.arguments.first() {
        Some(Argument::StringLiteral(text)) => {
            (module.is_setter(call) || module.is_tell(call)) && is_success(&text.value)
        }
        Some(Argument::CallExpression(action)) => {
            let waiting = crate::names::words(crate::names::last(&action.callee)).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "end"
                        | "finish"
                        | "finished"
                        | "stop"
                        | "stopped"
                        | "reset"
                        | "clear"
                        | "set"
                        | "loading"
                        | "idle"
                        | "close"
                )
            });
            crate::names::last(&call.callee) == "dispatch" && !action.arguments.is_empty() && !waiting
        }
        _ => false,
    }
}

/// `setState("done")` where it went well and where it failed: the same success is shown either way.
fn is_set_either_way<'a>(module: &Module<'a>, call: &'a CallExpression<'a>, failure: &Failure) -> bool {
    let Some(Argument::StringLiteral(text)) = call.arguments.first() else { return false };
    if failure.how != Caught::Clause || !module.is_setter(call) || !is_success(&text.value) {
        return false;
    }
    let host = module.function(failure.function);
    let before = module.between(&module.calls, host.node, failure.start);
    let works = before.iter().any(|at| module.grade(at) == crate::analysis::Grade::Work);
    let said = module.text_of(call.span);
    works && before.iter().any(|at| module.text_of(at.it.span) == said)
}

/// `return true` in the catch of a function that promises an effect and answers true where it went well: the same answer either way.
fn is_same_truth<'a>(module: &Module<'a>, value: &Expression<'a>, failure: &Failure) -> bool {
    let truth =
        |value: &Expression<'_>| matches!(value.get_inner_expression(), Expression::BooleanLiteral(it) if it.value);
    let host = module.function(failure.host);
    if failure.how != Caught::Clause || !truth(value) || module.effect_verb(host).is_none() {
        return false;
    }
    let mut values = module.returns_of(failure.host).filter_map(|it| it.value).peekable();
    module.returns_of(failure.host).filter_map(|it| it.value).count() > 1 && values.all(truth)
}

/// Whether something stands in a failure branch itself, not under a further condition.
fn is_unconditional(module: &Module<'_>, node: NodeId, failure: &Failure) -> bool {
    module.around(node).take_while(|(id, _)| *id >= failure.start).all(|(_, kind)| {
        !matches!(
            kind,
            AstKind::IfStatement(_)
                | AstKind::SwitchStatement(_)
                | AstKind::ConditionalExpression(_)
                | AstKind::LogicalExpression(_)
                | AstKind::TryStatement(_)
        )
    })
}

/// Whether a failure branch does something about the failure before it answers: a call that is no log, a throw, or a test.
fn reacts<'a>(module: &Module<'a>, failure: &Failure, claim: Span) -> bool {
    let calls = module.between(&module.calls, failure.start, failure.end).iter();
    let mut outside = calls.filter(|at| !at.it.span.contains_inclusive(claim) && !claim.contains_inclusive(at.it.span));
    let acts = outside.any(|at| match module.call_kind(at.it) {
        CallKind::Effect | CallKind::Local(_) => {
            failure.how != Caught::Finally && !(module.is_tell(at.it) && !is_told_failure(module, at.it))
        }
        CallKind::Pure | CallKind::Change | CallKind::Log | CallKind::Timer => false,
    });
    let throws = module.between(&module.throws, failure.start, failure.end);
    acts || !throws.is_empty()
}

/// Telling the user or the caller of the error is honest: `toast.error(…)`, `setError(err)`, `next(err)`.
fn is_told_failure<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let text = module.text_of(call.span).to_lowercase();
    ["err", "fail", "warn", "next("].iter().any(|word| text.contains(word))
}
