//! FK306 result-ignored: the work is asked for, and it is said to be done whatever comes of it.
mod answered;
mod dropped;
mod each;

use crate::analysis::{CallKind, Claim, Grade, Usage};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{At, Function, FunctionId, Kind, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK306",
    name: "result-ignored",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A call is awaited, its failure is swallowed or its answer dropped, and then it is said to have gone well",
    details: "`await x.catch(() => {})`, `await Promise.allSettled(…)` without a look at the outcomes, a try with an empty catch, a promise \
              that resolves whatever the callback says, each followed by a literal success; and a judgement that is a literal although the \
              score was fetched. Work of the same function that may fail is an excuse, as is one that nobody waits for.",
    repair: "let the failure through, or look at the outcome before you say what it was",
    bad: "async function reserve(cart: Cart) {\n  await Promise.allSettled(cart.lines.map((line) => stock.reserve(line)));\n  return { reserved: true };\n}\n",
    good: "async function reserve(cart: Cart) {\n  const outcomes = await Promise.allSettled(cart.lines.map((line) => stock.reserve(line)));\n  return { reserved: outcomes.every((it) => it.status === \"fulfilled\") };\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if !module.is_candidate(function) || function.kind == Kind::Getter {
            continue;
        }
        if let Some(finding) = swallowed(module, function)
            .or_else(|| judged_blindly(module, function))
            .or_else(|| dropped::finding(module, function))
            .or_else(|| each::finding(module, function))
            .or_else(|| answered::finding(module, function))
        {
            sink.report(finding);
        }
    }
}

/// A swallowed failure, and behind it the claim.
fn swallowed<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let own_awaits = module.own(&module.awaits, function.id);
    let awaited = own_awaits.filter(|at| is_swallowed(module, at)).map(|at| (at.node, at.it.span)).collect::<Vec<_>>();
    let tried = module
        .own(&module.catches, function.id)
        .filter(|at| is_emptily_caught(module, at))
        .map(|at| (at.node, at.it.block.span))
        .collect::<Vec<_>>();
    let logged = module.own(&module.ifs, function.id).filter(|at| {
        at.it.alternate.is_none()
            && module.tests_failure(&at.it.test)
            && is_fetched(module, &at.it.test)
            && module.only_logs(&at.it.consequent)
    });
    let logged = logged.map(|at| (at.node, at.it.span)).collect::<Vec<_>>();
    let answer_dropped = !logged.is_empty();
    let tried = tried.into_iter().chain(logged).collect::<Vec<_>>();
    let (node, span) = *awaited.iter().chain(&tried).min_by_key(|it| it.0)?;
    let mut claims = module.claims_of(function.id).to_vec();
    let set = module.own(&module.calls, function.id).filter(|at| module.sets_done(at.it));
    claims.extend(set.map(|at| Claim {
        node: at.node,
        span: at.it.span,
        text: module.brief(at.it.span),
        strong: true,
    }));
    // Where the outcomes of many are not looked at, their number under "sent" says that all went well.
    let settled = module.text_of(span).contains("allSettled");
    let claim = claims.iter().find(|claim| {
        (claim.strong || settled)
            && claim.node > node
            && !awaited.iter().chain(&tried).any(|it| it.1.contains_inclusive(claim.span))
    })?;
    let depends = module.conditions(claim.node, function.node);
    let main = is_main_work(module, function, span) || answer_dropped;
    if depends.is_real() || !main && may_fail(module, function, &awaited, &tried, claim.node) {
        return None;
    }
    let name = if function.name.is_empty() { "this function" } else { function.name };
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{name} says `{}` whatever comes of the call before it", claim.text),
        )
        .of(function.id)
        .because(Evidence::AbsentEffect, span, "its failure is swallowed here")
        .because(Evidence::ConstantOutcome, claim.span, "and this is said in any case"),
    )
}

/// Whether what is tested was answered by somebody else.
fn is_fetched<'a>(module: &Module<'a>, test: &'a Expression<'a>) -> bool {
    module.origin(test).has(crate::analysis::Origin::CALL)
}

/// Whether a call is what the function is named after: `scan` in the text of the call of `scanLicenses`.
fn is_main_work(module: &Module<'_>, function: &Function<'_>, span: Span) -> bool {
    let verb = function.verb();
    verb.len() >= 4 && module.text_of(span).to_lowercase().contains(verb.as_str())
}

/// Whether other work of the function may fail before the claim: then the claim says something.
fn may_fail<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    awaited: &[(NodeId, Span)],
    tried: &[(NodeId, Span)],
    before: NodeId,
) -> bool {
    module.own(&module.awaits, function.id).any(|at| {
        let covered = awaited.iter().chain(tried).any(|it| it.1.contains_inclusive(at.it.span));
        if at.node > before || covered {
            return false;
        }
        module.within(&module.calls, at.node, at.it.span).any(|call| module.grade(call) == Grade::Work)
    })
}

/// An awaited call as a statement whose failure goes nowhere.
fn is_swallowed<'a>(module: &Module<'a>, at: &At<&'a AwaitExpression<'a>>) -> bool {
    let counted = match module.kind(module.parent(at.node)) {
        AstKind::ExpressionStatement(_) => false,
        // `const outcomes = await Promise.allSettled(…)`, and nothing but their number is read.
        AstKind::VariableDeclarator(it) if is_only_counted(module, it) => !is_never_read(module, it),
        _ => return false,
    };
    let Expression::CallExpression(call) = at.it.argument.get_inner_expression() else { return false };
    let first = call.arguments.first().and_then(Argument::as_expression);
    match names::last(&call.callee) {
        method if counted && method != "allSettled" => false,
        "catch" => {
            let caught = first.and_then(|value| module.function_in(value));
            let works = names::object(&call.callee)
                .is_some_and(|object| matches!(object.get_inner_expression(), Expression::CallExpression(_)));
            // `.catch(console.error)`, `.catch(noop)`
            let by_name = first.is_some_and(|value| {
                names::last(value) == "noop" || names::object(value).is_some_and(|object| module.is_logger(object))
            });
            works && (by_name || caught.is_some_and(|id| swallows(module, id)))
        }
        "allSettled" => first.is_some(),
        _ => match module.call_kind(call) {
            CallKind::Local(id) => resolves_always(module, id),
            _ => false,
        },
    }
}

/// Whether nothing but the length of a list is read.
fn is_only_counted<'a>(module: &Module<'a>, it: &'a VariableDeclarator<'a>) -> bool {
    let Some(symbol) = it.id.get_binding_identifier().and_then(|name| name.symbol_id.get()) else { return false };
    module.uses(symbol).all(|reference| matches!(module.kind(module.parent(reference.node_id())), AstKind::StaticMemberExpression(it) if it.property.name == "length"))
}

fn is_never_read<'a>(module: &Module<'a>, it: &'a VariableDeclarator<'a>) -> bool {
    it.id.get_symbol_ids().iter().all(|symbol| module.uses(*symbol).next().is_none())
}

/// Whether a handler of failures does nothing: it has no call but logs, throws nothing, and sets nothing.
fn swallows(module: &Module<'_>, id: FunctionId) -> bool {
    let quiet = module.inside(&module.calls, id).iter().all(|at| module.call_kind(at.it) == CallKind::Log);
    let answers = module.returns_of(id).filter_map(|it| it.value).any(|value| {
        !value.is_undefined()
            && !matches!(value.get_inner_expression(), Expression::NullLiteral(_) | Expression::UnaryExpression(_))
    });
    let logs_only = module
        .returns_of(id)
        .filter_map(|it| it.value)
        .all(|value| matches!(value.get_inner_expression(), Expression::CallExpression(_)));
    quiet
        && (!answers || logs_only)
        && module.inside(&module.throws, id).is_empty()
        && module.inside(&module.writes, id).is_empty()
}

/// `try { await … } catch {}`: an empty catch, or one that only logs, that goes on behind the statement.
fn is_emptily_caught<'a>(module: &Module<'a>, at: &At<&'a TryStatement<'a>>) -> bool {
    let Some(handler) = &at.it.handler else { return false };
    let quiet = handler.body.body.iter().all(|statement| match statement {
        Statement::EmptyStatement(_) => true,
        Statement::ExpressionStatement(it) => matches!(it.expression.get_inner_expression(), Expression::CallExpression(call) if module.call_kind(call) == CallKind::Log),
        _ => false,
    });
    let explained = module
        .comments_in(handler.body.span)
        .iter()
        .any(|comment| module.text_of(comment.content_span()).trim().len() > 12);
    let Some(function) = at.function else { return false };
    let awaits = module.within(&module.awaits, at.node, at.it.block.span).any(|it| it.function == Some(function));
    let leaves = module.within(&module.returns, at.node, at.it.block.span).any(|it| it.function == Some(function));
    quiet && !explained && awaits && !leaves
}

/// `new Promise((resolve) => exec(command, () => resolve()))`: the callback's error is not even named.
fn resolves_always<'a>(module: &Module<'a>, id: FunctionId) -> bool {
    let executors = module.inside(&module.news, id).iter().filter(|new| new.it.callee.is_specific_id("Promise"));
    executors.into_iter().any(|new| {
        let Some(executor) =
            new.it.arguments.first().and_then(Argument::as_expression).and_then(|value| module.function_in(value))
        else {
            return false;
        };
        if module.function(executor).params.items.len() != 1 || !module.inside(&module.throws, id).is_empty() {
            return false;
        }
        module.own(&module.calls, executor).any(|at| {
            let runs = matches!(
                names::last(&at.it.callee),
                "exec"
                    | "execFile"
                    | "spawn"
                    | "request"
                    | "unlink"
                    | "writeFile"
                    | "rename"
                    | "mkdir"
                    | "send"
                    | "query"
                    | "run"
            );
            let last =
                at.it.arguments.last().and_then(Argument::as_expression).and_then(|value| module.function_in(value));
            runs && last.is_some_and(|callback| module.function(callback).params.items.is_empty())
        })
    })
}

/// A judgement that is a literal although what decides it was fetched: the answer of the call is read by logs only.
fn judged_blindly<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let mut awaits = module.own(&module.awaits, function.id).peekable();
    awaits.peek()?;
    let summary = module.summary(function.id)?;
    let value = summary.values().next()?;
    let constant = summary.values().all(|value| {
        module.origin(value).is_constant()
            && matches!(value.get_inner_expression(), Expression::ObjectExpression(it) if !it.properties.is_empty())
    });
    if !constant || !summary.answer().is_constant() || summary.throws() > 0 || module.is_null_object(function) {
        return None;
    }
    let (name, span) = awaits.find_map(|at| {
        let AstKind::VariableDeclarator(it) = module.kind(module.parent(at.node)) else { return None };
        let fetched = matches!(at.it.argument.get_inner_expression(), Expression::CallExpression(call) if module.call_kind(call).is_effect());
        let symbols = it.id.get_symbol_ids();
        let ignored = !symbols.is_empty() && symbols.iter().all(|symbol| module.usage(*symbol, function.id) < Usage::Guarding);
        (fetched && ignored).then(|| (module.text_of(it.id.span()), at.it.span))
    })?;
    let message = format!("{} fetches {name} and answers the same whatever it is", function.qualified());
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::UnreadInput, span, format!("{name} is read by logs at most"))
            .because(Evidence::ConstantOutcome, value.span(), "made of literals only"),
    )
}
