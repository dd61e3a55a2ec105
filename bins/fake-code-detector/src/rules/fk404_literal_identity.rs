//! FK404 literal-identity: whoever asks is taken for a person that stands in the source.
use crate::analysis::Origin;
use crate::analysis::person::{NOBODY, is_identity, person};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, Module, Write};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK404",
    name: "literal-identity",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "The user or session of a request is a literal",
    details: "Every caller becomes the same person with the same rights, and nothing behind can tell. Anonymous visitors without rights, \
              services that act in their own name, initial states and test helpers are not meant.",
    repair: "look the caller up by what the request carries, and refuse where nothing is found",
    bad: "async function attach(request: Request) {\n  request.user = { id: \"u-1\", name: \"Marta\", roles: [\"admin\"] };\n}\n",
    good: "async function attach(request: Request) {\n  request.user = await sessions.find(request.cookies.sid);\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for write in &module.writes {
        let (Write::Assign(it), Some(id)) = (write.it, write.function) else { continue };
        let (owner, name) = names::target(&it.left);
        if !is_identity(name) || !is_carrier(owner) || it.operator != AssignmentOperator::Assign {
            continue;
        }
        report(module, module.function(id), &it.right, it.span, sink);
    }
    for call in &module.calls {
        let Some(id) = call.function else { continue };
        if let Some(value) = given(call.it) {
            report(module, module.function(id), value, call.it.span, sink);
        }
    }
    provided(module, sink);
    for at in &module.logicals {
        fallback(module, at.node, at.it, sink);
    }
    for at in &module.declarators {
        literal_id(module, at.node, at.it, sink);
    }
    for function in &module.functions {
        if answers_who(module, function) {
            answered(module, function, sink);
        }
    }
}

/// `<AuthContext.Provider value={{ user }}>` of a user that stands in the source.
fn provided(module: &Module<'_>, sink: &mut Sink) {
    for at in &module.attributes {
        let AstKind::JSXOpeningElement(element) = module.kind(module.parent(at.node)) else { continue };
        let name = module.text_of(element.name.span());
        let who = names::words(name).iter().any(|word| {
            matches!(word.as_str(), "auth" | "session" | "user" | "identity" | "account" | "viewer" | "me")
        });
        let given =
            at.it.name.as_identifier().is_some_and(|it| matches!(it.name.as_str(), "value" | "user" | "session"));
        let Some(JSXAttributeValue::ExpressionContainer(it)) = at.it.value.as_ref().filter(|_| who && given) else {
            continue;
        };
        let (Some(id), Some(value)) = (at.function, it.expression.as_expression()) else { continue };
        if name.ends_with("Provider") {
            report(module, module.function(id), module.meant(value), module.function(id).span, sink);
        }
    }
}

/// `req.user ?? { id: … }`: whoever is not known is somebody in particular.
fn fallback<'a>(module: &Module<'a>, node: NodeId, it: &'a LogicalExpression<'a>, sink: &mut Sink) {
    let asked = it.operator != LogicalOperator::And
        && is_identity(names::last(&it.left))
        && module.origin(&it.left).has(Origin::INPUT | Origin::CALL);
    let around = module
        .function_around(node)
        .map(|id| module.function(id))
        .filter(|function| asked && !answers_who(module, function));
    if let Some(function) = around {
        report(module, function, &it.right, it.span, sink);
    }
}

/// `const userId = "user_123";` in a function: nobody else is ever asked for.
fn literal_id<'a>(module: &Module<'a>, node: NodeId, it: &'a VariableDeclarator<'a>, sink: &mut Sink) {
    let name = it.id.get_binding_identifier().map_or("", |name| name.name.as_str());
    if !matches!(
        name,
        "userId"
            | "currentUserId"
            | "accountId"
            | "customerId"
            | "viewerId"
            | "tenantId"
            | "memberId"
            | "ownerId"
            | "actorId"
    ) {
        return;
    }
    let Some((id, value)) = module.function_around(node).zip(it.init.as_ref()) else { return };
    let value = match value.get_inner_expression() {
        Expression::LogicalExpression(it) if it.operator != LogicalOperator::And => it.right.get_inner_expression(),
        value => value,
    };
    let somebody = match value {
        Expression::StringLiteral(text) => {
            text.value.len() >= 3
                && text.value.bytes().any(|byte| byte.is_ascii_digit())
                && !NOBODY.iter().any(|word| text.value.contains(word))
        }
        Expression::NumericLiteral(number) => number.value > 0.0,
        _ => false,
    };
    let function = module.function(id);
    if somebody
        && !module
            .semantic
            .scoping()
            .symbol_is_mutated(it.id.get_symbol_ids().first().copied().unwrap_or(SymbolId::from_usize(0)))
    {
        let message =
            format!("{} acts for {name} {}, whoever asks", function.qualified(), module.text_of(value.span()));
        sink.report(Finding::new(&RULE, it.span, message).of(id).because(
            Evidence::InventedValue,
            value.span(),
            "a literal id",
        ));
    }
}

/// What carries a caller through a request.
fn is_carrier(owner: &str) -> bool {
    matches!(
        names::words(owner).last().map(String::as_str),
        Some(
            "req"
                | "request"
                | "ctx"
                | "context"
                | "c"
                | "socket"
                | "locals"
                | "state"
                | "session"
                | "event"
                | "connection"
                | "data"
                | "raw"
                | "auth"
        )
    )
}

/// `setUser(x)`, `c.set("user", x)`: what is given.
fn given<'a>(call: &'a CallExpression<'a>) -> Option<&'a Expression<'a>> {
    let first = call.arguments.first()?.as_expression()?;
    let name = names::last(&call.callee);
    let words = names::first_letter(name).filter(|it| matches!(it, b'd' | b'l' | b's')).map(|_| names::words(name))?;
    match (words.first()?.as_str(), first.get_inner_expression()) {
        ("set" | "decorate", Expression::StringLiteral(name)) if words.len() == 1 && is_identity(&name.value) => {
            call.arguments.get(1)?.as_expression()
        }
        ("set" | "login" | "signin", _) if words.len() == 1 && words[0] != "set" => Some(first),
        ("set", _) if words.len() > 1 && words.iter().any(|word| lexicon::IDENTITY_WORDS.has(word)) => Some(first),
        _ => None,
    }
}

/// Whether a function is asked who is there: `currentUser`, `getSession`, `authenticate`, `socketContext`.
fn answers_who<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let words = function.words();
    let Some(last) = words.last() else { return false };
    let makes = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "create"
                | "make"
                | "build"
                | "default"
                | "initial"
                | "mock"
                | "fake"
                | "test"
                | "example"
                | "sample"
                | "empty"
                | "seed"
                | "demo"
                | "job"
                | "system"
                | "describe"
                | "render"
        )
    });
    let verb = matches!(function.verb().as_str(), "authenticate" | "login" | "signin" | "auth" | "whoami" | "identify")
        || words.len() > 1 && words[0] == "sign" && words[1] == "in";
    let noun = lexicon::IDENTITY_WORDS.has(last) || last == "context" && !function.params.items.is_empty();
    let asks = words.len() > 1
        && matches!(
            words[0].as_str(),
            "get"
                | "current"
                | "fetch"
                | "load"
                | "resolve"
                | "read"
                | "use"
                | "require"
                | "find"
                | "decode"
                | "verify"
                | "validate"
                | "extract"
                | "socket"
                | "http"
                | "request"
                | "ws"
                | "authenticated"
                | "create"
        );
    let makes = makes && !(function.name == "createContext" && !function.params.items.is_empty());
    !makes && function.has_body() && (verb || noun && asks) && !module.is_null_object(function)
}

/// Literals in what such a function returns, or in the variable that it calls so.
fn answered<'a>(module: &Module<'a>, function: &Function<'a>, sink: &mut Sink) {
    for it in module.returns_of(function.id) {
        let Some(value) = it.value else { continue };
        report(module, function, value, function.span, sink);
        let Expression::ObjectExpression(object) = module.constant_value(value).get_inner_expression() else {
            continue;
        };
        for property in &object.properties {
            if let ObjectPropertyKind::ObjectProperty(it) = property
                && is_identity(names::key(&it.key))
            {
                report(module, function, &it.value, function.span, sink);
            }
        }
    }
}

fn report<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>, span: Span, sink: &mut Sink) {
    if let Some(object) = person(module, value, 0) {
        let message = format!("{} takes whoever asks for a person that stands in the source", function.qualified());
        sink.report(
            Finding::new(&RULE, span, message)
                .of(function.id)
                .because(Evidence::InventedValue, object.span, "a literal person")
                .because(Evidence::ContractWords, span, "who is asking has to be found out"),
        );
    }
}
