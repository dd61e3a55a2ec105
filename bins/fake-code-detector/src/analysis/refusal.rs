//! Calls that may throw to refuse: a check that makes one may well end with a yes.
use crate::analysis::CallKind;
use crate::lexicon::Names;
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

/// What a call is named that throws to refuse.
static REFUSERS: Names = Names::new(&[
    "assert",
    "ensure",
    "require",
    "verify",
    "validate",
    "check",
    "parse",
    "authenticate",
    "authorize",
    "must",
    "enforce",
    "expect",
    "throw",
    "reject",
    "invariant",
    "guard",
    "fail",
    "deny",
    "abort",
    "ping",
    "connect",
    "access",
    "stat",
    "import",
    "test",
    "raise",
    "error",
    "push",
    "add",
    "decrypt",
    "login",
    "compile",
]);

/// What only takes notes.
static NOTES: Names = Names::new(&[
    "audit",
    "log",
    "logger",
    "metric",
    "metrics",
    "count",
    "counter",
    "record",
    "track",
    "telemetry",
    "trace",
    "stats",
    "debug",
    "tracer",
    "span",
    "histogram",
]);

/// Whether anything that a function calls may throw to refuse: a call named so, or one whose answer nobody takes.
pub(crate) fn can_refuse<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.inside(&module.calls, function.id).iter().any(|call| {
        if is_swallowed(module, call.node, function) {
            return false;
        }
        let name = names::last(&call.it.callee);
        match module.call_kind(call.it) {
            CallKind::Effect => {
                let words = names::words(name);
                let notes =
                    names::words(module.text_of(call.it.callee.span())).iter().any(|word| NOTES.has(word.as_str()));
                let dropped = matches!(statement_of(module, call.node), AstKind::ExpressionStatement(_));
                !notes
                    && !(dropped && (is_own_map(module, function, call.it) || is_counter(name)))
                    && (dropped || words.iter().any(|word| REFUSERS.has(word.as_str())))
            }
            CallKind::Local(id) if id != function.id => {
                let throws = !module.inside(&module.throws, id).is_empty();
                throws
                    || module.inside(&module.calls, id).iter().any(|inner| {
                        module.call_kind(inner.it).is_effect()
                            && matches!(statement_of(module, inner.node), AstKind::ExpressionStatement(_))
                    })
            }
            _ => false,
        }
    })
}

/// The statement that a call is the whole of, through `await` and the like; the node around it otherwise.
fn statement_of<'a>(module: &Module<'a>, node: NodeId) -> AstKind<'a> {
    let through = |kind: &AstKind<'a>| {
        !matches!(kind, AstKind::AwaitExpression(_) | AstKind::ChainExpression(_) | AstKind::ParenthesizedExpression(_))
    };
    module.around(node).map(|(_, kind)| kind).find(through).unwrap_or(AstKind::Program(module.program))
}

/// Whether an error of a call is caught in the function and not thrown again.
pub(crate) fn is_swallowed<'a>(module: &Module<'a>, node: NodeId, function: &Function<'a>) -> bool {
    let span = module.kind(node).span();
    module.around(node).take_while(|(id, _)| *id > function.node).any(|(_, kind)| match kind {
        AstKind::TryStatement(it) => it.handler.is_some() && it.block.span.contains_inclusive(span),
        _ => false,
    })
}

/// `this.hits.set(key, n)`, `hits.delete(key)`: a map that is made in the module refuses nothing.
pub(crate) fn is_own_map<'a>(module: &Module<'a>, function: &Function<'a>, call: &'a CallExpression<'a>) -> bool {
    if !matches!(names::last(&call.callee), "set" | "delete" | "clear") {
        return false;
    }
    let map = |value: &Expression<'a>| match value.get_inner_expression() {
        Expression::NewExpression(new) => matches!(names::last(&new.callee), "Map" | "WeakMap" | "Set"),
        _ => false,
    };
    let Some(object) = names::object(&call.callee) else { return false };
    match object.get_inner_expression() {
        Expression::Identifier(_) => map(module.constant_value(object)),
        _ => function.class.is_some_and(|class| {
            let members = &module.class_of(class).members;
            members.iter().any(|member| member.name == names::last(object) && member.value.is_some_and(map))
        }),
    }
}

/// `redis.expire(key, 60)`: to count refuses nobody.
fn is_counter(name: &str) -> bool {
    matches!(name, "expire" | "pexpire" | "incr" | "incrby" | "increment" | "setex" | "zadd" | "touch" | "hincrby")
}
