//! A question whose answer is dropped: the function asks somebody who knows, and then makes its answer up.
use super::RULE;
use crate::analysis::{CallKind, Origin, Usage, orders_by_text};
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{At, Function, Module};
use crate::names;
use crate::syntax::*;

/// Calls that end the use of what was opened: they read nothing of it.
static ENDS: Names = Names::new(&[
    "end",
    "close",
    "destroy",
    "quit",
    "disconnect",
    "release",
    "terminate",
    "dispose",
    "abort",
    "stop",
    "removeAllListeners",
    "unref",
    "kill",
]);
/// Verbs that are asked for what they leave behind: a warm cache, an open file, an error that is thrown.
static LEAVES: Names = Names::new(&[
    "load",
    "import",
    "open",
    "listen",
    "watch",
    "wait",
    "fetch",
    "use",
    "show",
    "view",
    "plan",
    "build",
    "generate",
    "render",
    "sign",
    "hash",
    "merge",
    "format",
    "route",
    "schedule",
    "pull",
    "download",
    "resolve",
    "select",
    "parse",
    "require",
    "ensure",
    "collect",
    "receive",
    "browse",
    "request",
    "reduce",
    "resize",
    "transform",
    "convert",
    "project",
    "round",
    "join",
    "partition",
    "cluster",
    "embed",
    "optimize",
    "price",
]);

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !function.is_async || function.is_generator {
        return None;
    }
    let mut awaits = module.own(&module.awaits, function.id).peekable();
    awaits.peek()?;
    let verb = module.contract_verb(function);
    // `check() { await pool.query("select 1"); return { status: "up" } }`: a probe throws when nobody answers.
    let probe = function.params.items.is_empty() && lexicon::CHECK_VERBS.has(verb);
    if probe || matches!(verb.as_str(), "warm" | "prefetch" | "preload" | "ping" | "test" | "init") {
        return None;
    }
    let asked = awaits.find(|at| is_dropped(module, at, verb))?;
    let caught = module.own(&module.catches, function.id).next().is_some();
    let values: Vec<&Expression<'a>> = module.returns_of(function.id).filter_map(|it| it.value).collect();
    let invented = values.iter().find_map(|value| invented_part(module, value, 0)).filter(|_| !caught)?;
    let answered = values.iter().any(|value| is_answered(module, value, 0));
    if answered || module.is_null_object(function) || module.is_hook(function) {
        return None;
    }
    let message = format!("{} asks, drops the answer, and makes up its own", function.qualified());
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::UnreadInput, asked.it.span, "what comes back is not looked at")
            .because(Evidence::InventedValue, invented, "this is answered whatever came back"),
    )
}

/// Whether an awaited call asks for something that is then not read.
fn is_dropped<'a>(module: &Module<'a>, at: &At<&'a AwaitExpression<'a>>, verb: &str) -> bool {
    let Expression::CallExpression(call) = at.it.argument.get_inner_expression() else { return false };
    match module.kind(module.parent(at.node)) {
        AstKind::ExpressionStatement(_) => {
            module.call_kind(call) == CallKind::Effect && names::object(&call.callee).is_some() && is_question(call)
        }
        AstKind::VariableDeclarator(it) => {
            let asks =
                lexicon::CHECK_VERBS.has(verb) || lexicon::QUERY_VERBS.has(verb) || lexicon::COMPUTE_VERBS.has(verb);
            let reaches = matches!(module.call_kind(call), CallKind::Effect | CallKind::Local(_));
            let symbol = it.id.get_binding_identifier().and_then(|name| name.symbol_id.get());
            let ended = || asks && reaches && symbol.is_some_and(|symbol| is_only_ended(module, symbol));
            // `const report = await bureau.report(id)`, and no more than a log reads it.
            let logged = || {
                module.call_kind(call) == CallKind::Effect
                    && names::object(&call.callee).is_some()
                    && !is_order(names::last(&call.callee))
                    && symbol.is_some_and(|symbol| {
                        let usage = at.function.map(|id| module.usage(symbol, id));
                        matches!(usage, Some(Usage::Logged | Usage::Dead | Usage::Voided | Usage::Unread))
                    })
            };
            ended() || logged()
        }
        _ => false,
    }
}

/// Whether a call is made for what it does, and not for its answer.
fn is_order(method: &str) -> bool {
    let verb = names::verb(method);
    names::words(method).iter().any(|word| lexicon::EFFECT_VERBS.has(word))
        || lexicon::CHECK_VERBS.has(&verb)
        || lexicon::MUTATORS.has(method)
        || LEAVES.has(verb.as_str())
        || matches!(
            verb.as_str(),
            "run"
                | "exec"
                | "call"
                | "invoke"
                | "query"
                | "init"
                | "setup"
                | "put"
                | "set"
                | "add"
                | "make"
                | "begin"
                | "spawn"
        )
}

/// `client.score(order)`, `vision.labels(bytes)`: a call that is made for its answer.
fn is_question(call: &CallExpression<'_>) -> bool {
    let method = names::last(&call.callee);
    let verb = names::verb(method);
    let plural = verb == method && verb.len() > 4 && verb.ends_with('s') && !verb.ends_with("ss");
    let asks = lexicon::COMPUTE_VERBS.has(&verb) || lexicon::QUERY_VERBS.has(&verb) || plural;
    asks && !orders_by_text(call)
        && !lexicon::EFFECT_VERBS.has(&verb)
        && !lexicon::MUTATORS.has(method)
        && !LEAVES.has(verb.as_str())
        && !names::words(method).iter().skip(1).any(|word| lexicon::EFFECT_VERBS.has(word))
}

/// Whether a value is closed, and not read otherwise.
fn is_only_ended(module: &Module<'_>, symbol: SymbolId) -> bool {
    let mut uses = module.uses(symbol).peekable();
    uses.peek().is_some()
        && uses.all(|reference| {
            let parent = module.parent(reference.node_id());
            matches!(module.kind(parent), AstKind::StaticMemberExpression(it) if ENDS.has(it.property.name.as_str()))
        })
}

/// The part of an answer that is made of literals or the clock alone: a verdict, a figure, a name.
fn invented_part<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> Option<Span> {
    if depth > 4 {
        return None;
    }
    match value.get_inner_expression() {
        Expression::CallExpression(call) if matches!(names::last(&call.callee), "freeze" | "resolve") => {
            invented_part(module, call.arguments.first()?.as_expression()?, depth + 1)
        }
        Expression::Identifier(name) => invented_part(module, module.initial(name)?, depth + 1),
        Expression::ObjectExpression(it) => it.properties.iter().find_map(|property| {
            let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
            let telling = match it.value.get_inner_expression() {
                Expression::StringLiteral(text) => !text.value.is_empty(),
                Expression::NumericLiteral(number) => number.value != 0.0,
                Expression::BooleanLiteral(_) => true,
                Expression::Identifier(_) | Expression::BinaryExpression(_) => true,
                _ => false,
            };
            let made = module.origin(&it.value).without(Origin::TIME).is_constant();
            (telling && made && !value_is_missing(&it.value)).then_some(it.span)
        }),
        _ => None,
    }
}

fn value_is_missing(value: &Expression<'_>) -> bool {
    value.is_undefined() || matches!(value.get_inner_expression(), Expression::NullLiteral(_))
}

/// Whether a value holds what somebody answered. What was given stays what was given, even where it was shown to others.
fn is_answered<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> bool {
    let of = |value: &'a Expression<'a>| is_answered(module, value, depth + 1);
    let real = || module.origin(value).has(Origin::CALL | Origin::FIELD | Origin::RANDOM);
    if depth > 4 {
        return real();
    }
    match value.get_inner_expression() {
        Expression::ObjectExpression(it) => it.properties.iter().any(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => of(&it.value),
            ObjectPropertyKind::SpreadProperty(it) => of(&it.argument),
        }),
        Expression::CallExpression(call) if matches!(names::last(&call.callee), "freeze" | "resolve") => {
            call.arguments.iter().filter_map(Argument::as_expression).any(of)
        }
        other => match names::root(other) {
            Expression::Identifier(name) => match module.symbol(name) {
                Some(symbol) => match module.kind(module.declaration(symbol)) {
                    AstKind::FormalParameter(_) => false,
                    AstKind::VariableDeclarator(it)
                        if matches!(other, Expression::Identifier(_))
                            && matches!(it.id, BindingPattern::BindingIdentifier(_))
                            && !module.semantic.scoping().symbol_is_mutated(symbol) =>
                    {
                        it.init.as_ref().is_some_and(of)
                    }
                    _ => real(),
                },
                None => real(),
            },
            _ => real(),
        },
    }
}
