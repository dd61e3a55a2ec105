//! FK407 constant-health: whatever is asked for its health is well.
mod named;

use crate::analysis::{CallKind, Origin};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, FunctionId, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK407",
    name: "constant-health",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A health report calls its dependencies well without asking them, or measures a pause in which nothing happens",
    details: "Traffic is sent to what is broken, and nobody is called. Liveness, which only says that the process runs, is not meant, nor \
              is a probe that throws when it fails.",
    repair: "ask each dependency with a deadline, and report what it answers",
    bad: "app.get(\"/readyz\", async (c) => {\n  const checks = Object.keys(deps).map((name) => ({ name, status: \"up\" }));\n  return c.json({ status: \"ready\", checks });\n});\n",
    good: "app.get(\"/livez\", (c) => c.json({ status: \"ok\" }));\n",
    check,
};

static STATES: Names = Names::new(&[
    "status",
    "state",
    "health",
    "healthy",
    "up",
    "ok",
    "ready",
    "reachable",
    "connected",
    "available",
    "alive",
    "operational",
]);
static WELL: Names = Names::new(&[
    "up",
    "ok",
    "healthy",
    "ready",
    "connected",
    "online",
    "pass",
    "passing",
    "available",
    "green",
    "operational",
    "reachable",
    "alive",
    "running",
    "active",
    "serving",
    "good",
    "normal",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if !is_health(module, function) {
            continue;
        }
        if let Some(finding) = named::all_named(module, function)
            .or_else(|| named::all_written(module, function))
            .or_else(|| named::all_paired(module, function))
            .or_else(|| all_well(module, function))
            .or_else(|| unasked(module, function))
            .or_else(|| empty_pause(module, function))
        {
            sink.report(finding);
        }
    }
}

/// Whether a function reports health: by its name, its class, or the path that it answers. Liveness does not count.
fn is_health<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let probes = |words: &names::Words| {
        words.iter().any(|word| {
            matches!(
                word.as_str(),
                "health"
                    | "healthz"
                    | "healthcheck"
                    | "readiness"
                    | "ready"
                    | "readyz"
                    | "probe"
                    | "ping"
                    | "heartbeat"
                    | "latency"
            )
        })
    };
    if function
        .words()
        .iter()
        .any(|word| matches!(word.as_str(), "live" | "livez" | "liveness" | "alive" | "on" | "when"))
    {
        return false;
    }
    let own = function.words();
    let has = |list: &[&str]| own.iter().any(|word| list.contains(&word.as_str()));
    if has(&["status", "statuses", "uptime"])
        && has(&[
            "service",
            "services",
            "system",
            "dependency",
            "dependencies",
            "component",
            "components",
            "server",
            "servers",
            "cluster",
            "replicas",
        ])
    {
        return true;
    }
    let route =
        matches!(function.name, "GET" | "HEAD" | "handler" | "loader" | "onRequestGet" | "onRequest" | "get" | "index");
    if route && module.path.split(['/', '.']).any(|part| probes(&names::words(part))) && !module.path.contains("live") {
        return true;
    }
    if probes(function.words()) && function.role != Role::Handler {
        return true;
    }
    if function.class.is_some() && probes(function.owner_words()) {
        return true;
    }
    function.role == Role::Callback
        && path_of(module, function).is_some_and(|path| {
            let path = path.to_lowercase();
            ["health", "ready", "readiness", "status", "probe"].iter().any(|part| path.contains(part))
                && !path.contains("live")
        })
}

/// `/readyz` of `app.get("/readyz", …)`.
fn path_of<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<&'a str> {
    let (_, AstKind::CallExpression(call)) = module.around(function.node).next()? else { return None };
    match call.arguments.first()?.as_expression()?.get_inner_expression() {
        Expression::StringLiteral(path) if path.value.starts_with('/') => Some(path.value.as_str()),
        _ => None,
    }
}

/// How a property says that something is well; nothing where it says nothing about health, `Err` where it may be unwell.
fn verdict<'a>(property: &'a ObjectPropertyKind<'a>) -> Option<Result<&'a str, ()>> {
    let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
    let key = names::key(&it.key);
    let well = is_well(&it.value);
    let state = names::words(key).last().is_some_and(|word| STATES.has(word.as_str()));
    match (state, well) {
        (true, true) => Some(Ok(key)),
        (true, false) => matches!(
            it.value.get_inner_expression(),
            Expression::NumericLiteral(_) | Expression::ObjectExpression(_) | Expression::ArrayExpression(_)
        )
        .then_some(Ok(""))
        .or(Some(Err(()))),
        (false, true) if matches!(it.value.get_inner_expression(), Expression::StringLiteral(_)) => Some(Ok(key)),
        (false, _) => None,
    }
}

fn is_well(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::BooleanLiteral(it) => it.value,
        Expression::StringLiteral(it) => WELL.has(it.value.to_lowercase().as_str()),
        _ => false,
    }
}

/// Each of several dependencies is well: one object for each turn of a loop, or a name for each.
fn all_well<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let (mut each, mut named) = (None, 0);
    for object in module.inside(&module.objects, function.id) {
        for property in &object.it.properties {
            match verdict(property) {
                Some(Ok("")) | None => {}
                Some(Ok(key)) => {
                    let turn = object.function.filter(|id| *id != function.id && is_turn(module, *id)).is_some()
                        || in_loop(module, object.node, function);
                    if turn && object.it.properties.len() > 1 {
                        each = each.or(Some(object.it.span));
                    }
                    named += usize::from(
                        !STATES.has(key)
                            && matches!(property, ObjectPropertyKind::ObjectProperty(it) if matches!(it.value.get_inner_expression(), Expression::StringLiteral(_))),
                    );
                }
                Some(Err(())) => return None,
            }
        }
    }
    let calls = module.inside(&module.calls, function.id).iter().any(|call| is_probe(module, call.it));
    let span = match (each, named) {
        (Some(span), _) => span,
        (None, 2..) if !calls => function.span,
        _ => return None,
    };
    // A probe in the same turn that throws when it fails is honest.
    let asks = module
        .inside(&module.awaits, function.id)
        .iter()
        .any(|at| at.it.span.start >= span.start && at.it.span.end <= span.end || at.function != Some(function.id));
    (!asks).then(|| finding(module, function, span, "each dependency is called well without being asked"))
}

/// Whether a function runs once for each element.
fn is_turn(module: &Module<'_>, id: FunctionId) -> bool {
    matches!(module.function(id).argument_of, "map" | "forEach" | "flatMap" | "reduce" | "from" | "mapValues")
}

fn in_loop<'a>(module: &Module<'a>, node: NodeId, function: &Function<'a>) -> bool {
    module
        .around(node)
        .take_while(|(id, _)| *id > function.node)
        .any(|(_, kind)| matches!(kind, AstKind::ForOfStatement(_) | AstKind::ForInStatement(_)))
}

/// Whether a call may ask a dependency; answering the request is not asking.
fn is_probe<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let answers = matches!(
        names::last(&call.callee),
        "json"
            | "send"
            | "status"
            | "end"
            | "code"
            | "type"
            | "header"
            | "setHeader"
            | "writeHead"
            | "uptime"
            | "toISOString"
            | "memoryUsage"
    );
    !answers && matches!(module.call_kind(call), CallKind::Effect | CallKind::Local(_))
}

/// A method of a class that was given collaborators, reads none, and says that all is well.
fn unasked<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let class = module.class_of(function.class?);
    let summary = module.summary(function.id)?;
    let given = class.members.iter().any(|member| member.injected && !lexicon::LOGGERS.has(member.name));
    let present = |value: &Expression<'a>| is_present(module, function, value);
    let only_presence = summary.returns().all(|it| it.value.is_some_and(present)) && summary.returns().next().is_some();
    if only_presence && given && summary.has_no_effect() {
        return Some(finding(module, function, function.span, "that there is something to ask is all that is asked"));
    }
    if !given
        || summary.reads_fields()
        || !summary.has_no_effect()
        || module.is_hook(function)
        || summary.returns().next().is_none()
        || summary.throws() > 0
    {
        return None;
    }
    let well = summary.returns().all(|it| match it.value.map(Expression::get_inner_expression) {
        Some(Expression::ObjectExpression(object)) => {
            object.properties.iter().any(|property| matches!(verdict(property), Some(Ok(key)) if !key.is_empty()))
        }
        Some(value) => is_well(value),
        None => false,
    });
    well.then(|| finding(module, function, function.span, "none of what it was given is asked"))
}

/// `this.client !== undefined` of what the constructor was given: always so.
fn is_present<'a>(module: &Module<'a>, function: &Function<'a>, value: &Expression<'a>) -> bool {
    let asked = match value.get_inner_expression() {
        Expression::BinaryExpression(it)
            if matches!(it.operator, BinaryOperator::StrictInequality | BinaryOperator::Inequality)
                && (it.right.is_null_or_undefined()) =>
        {
            &it.left
        }
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
            match it.argument.get_inner_expression() {
                Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => &it.argument,
                _ => return false,
            }
        }
        Expression::CallExpression(call) if call.callee.is_specific_id("Boolean") => {
            match call.arguments.first().and_then(Argument::as_expression) {
                Some(value) => value,
                None => return false,
            }
        }
        _ => return false,
    };
    let own = names::object(asked)
        .is_some_and(|object| matches!(object.get_inner_expression(), Expression::ThisExpression(_)));
    own && function.class.is_some_and(|class| {
        module.class_of(class).members.iter().any(|member| member.injected && member.name == names::last(asked))
    })
}

/// `now() - begin` with nothing between that could take time.
fn empty_pause<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    (function.node.index()..function.end.index()).find_map(|index| {
        let AstKind::BinaryExpression(it) = module.kind(NodeId::from_usize(index)) else { return None };
        if it.operator != BinaryOperator::Subtraction || module.origin(&it.left).without(Origin::LITERAL) != Origin::TIME {
            return None;
        }
        let Expression::Identifier(begin) = it.right.get_inner_expression() else { return None };
        let start = module.declaration(module.symbol(begin)?);
        let AstKind::VariableDeclarator(declarator) = module.kind(start) else { return None };
        if module.origin(declarator.init.as_ref()?).without(Origin::LITERAL) != Origin::TIME || declarator.span.end > it.span.start {
            return None;
        }
        let between = module.between(&module.calls, start, it.node_id.get());
        let works = between.iter().any(|call| declarator.span.end <= call.it.span.start && matches!(module.call_kind(call.it), CallKind::Effect | CallKind::Local(_) | CallKind::Timer));
        let awaits = module.between(&module.awaits, start, it.node_id.get());
        let waits = awaits.iter().any(|at| !matches!(at.it.argument.get_inner_expression(), Expression::CallExpression(call) if names::last(&call.callee) == "resolve"));
        (!works && !waits && !awaits.is_empty()).then(|| finding(module, function, it.span, "the time is measured of nothing at all"))
    })
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>, span: Span, what: &str) -> Finding {
    Finding::new(&RULE, function.span, format!("{}: {what}", named(module, function)))
        .of(function.id)
        .because(Evidence::ConstantOutcome, span, what)
        .because(Evidence::ContractWords, function.span, "it is asked for the health of something")
}

fn named<'a>(module: &Module<'a>, function: &Function<'a>) -> String {
    match path_of(module, function) {
        Some(path) => format!("the handler of {path}"),
        None => function.qualified(),
    }
}
