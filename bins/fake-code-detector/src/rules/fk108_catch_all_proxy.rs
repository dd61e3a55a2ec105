//! FK108 catch-all-proxy: an object that answers whatever is called on it.
use crate::analysis::{CallKind, property};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{At, FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK108",
    name: "catch-all-proxy",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A proxy whose every member is a function that always answers the same, or the proxy itself",
    details: "Any method can be called and nothing happens: neither the name nor the arguments of a call reach anything but a log. \
              Proxies that forward, record or build up a path are not meant, nor those that throw, nor null objects that are named so.",
    repair: "forward the call to what it is for",
    bad: "return new Proxy({}, {\n  get: () => async () => ({ ok: true, data: [] }),\n});\n",
    good: "return new Proxy({}, {\n  get: (_, method) => async (...args) => http.post(`/rpc/${String(method)}`, args),\n});\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for new in &module.news {
        if new.it.callee.is_specific_id("Proxy")
            && let Some(finding) = finding(module, new)
        {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, new: &At<&'a NewExpression<'a>>) -> Option<Finding> {
    let handler = match new.it.arguments.get(1)?.as_expression()?.get_inner_expression() {
        Expression::ObjectExpression(handler) => &**handler,
        Expression::Identifier(name) => match module.kind(module.declaration(module.symbol(name)?)) {
            AstKind::VariableDeclarator(it) => match it.init.as_ref()?.get_inner_expression() {
                Expression::ObjectExpression(handler) => handler,
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    let get = module.function_in(property(handler, "get")?)?;
    let value = module.returns_of(get).last()?.value?;
    if module.own(&module.calls, get).any(|call| module.call_kind(call.it).is_effect())
        || !answers_all(module, new, value)
    {
        return None;
    }
    let owner = new.function.map(|id| module.function(id));
    let null = owner.is_some_and(|it| {
        module.is_null_object(it)
            || names::words(it.name).iter().any(|word| {
                matches!(word.as_str(), "noop" | "null" | "stub" | "mock" | "dummy" | "empty" | "fake" | "nothing")
            })
    });
    let named = |name: &str| {
        names::words(name)
            .iter()
            .any(|word| matches!(word.as_str(), "noop" | "null" | "stub" | "mock" | "dummy" | "empty" | "fake"))
    };
    let bound = matches!(module.kind(module.parent(new.node)), AstKind::VariableDeclarator(it) if it.id.get_binding_identifier().is_some_and(|it| named(it.name.as_str())));
    if null || bound {
        return None;
    }
    let mut finding = Finding::new(&RULE, new.it.span, "whatever is called on this proxy answers the same".to_owned())
        .because(Evidence::ConstantOutcome, value.span(), "what every member is")
        .because(Evidence::AbsentEffect, handler.span, "neither the name nor the arguments of a call reach anything");
    finding.function = new.function;
    Some(finding)
}

/// Whether what `get` answers last is a function that always answers the same, or a proxy of the same kind.
fn answers_all<'a>(module: &Module<'a>, new: &At<&'a NewExpression<'a>>, value: &'a Expression<'a>) -> bool {
    let function = module.function_in(value).or_else(|| match value.get_inner_expression() {
        Expression::Identifier(name) => module.function_of(module.symbol(name)?),
        _ => None,
    });
    if let Some(id) = function {
        return is_constant(module, id);
    }
    match value.get_inner_expression() {
        // `return chain()`: the function around the proxy again, with nothing that was asked.
        Expression::CallExpression(call) => match module.call_kind(call) {
            CallKind::Local(id) => {
                new.function.is_some_and(|around| around == id)
                    && call
                        .arguments
                        .iter()
                        .all(|it| it.as_expression().is_some_and(|it| module.origin(it).is_constant()))
            }
            _ => false,
        },
        // `return proxy`
        Expression::Identifier(name) => {
            let declaration = module.symbol(name).map(|symbol| module.kind(module.declaration(symbol)));
            matches!(declaration, Some(AstKind::VariableDeclarator(it)) if it.init.as_ref().is_some_and(|init| init.get_inner_expression().span() == new.it.span))
        }
        _ => false,
    }
}

fn is_constant(module: &Module<'_>, id: FunctionId) -> bool {
    module
        .summary(id)
        .is_some_and(|summary| summary.has_no_effect() && (summary.is_constant() || summary.values().next().is_none()))
        && !module.may_throw(id)
}
