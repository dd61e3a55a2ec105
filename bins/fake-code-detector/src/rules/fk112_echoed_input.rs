//! FK112 echoed-input: what goes in comes out, and nothing else happens.
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Body, Function, Kind, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope, fk112_echo, fk112_first_part};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK112",
    name: "echoed-input",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "A function that promises to compute, convert or check returns its parameter as it came",
    details: "The caller believes that the value was encrypted, converted or sanitised. Identity functions that are named so, helpers that only give \
              a value a type (`defineConfig`), generic ones, and methods that a contract asks for are not meant. A second kind of evidence, such as \
              another parameter that is not read or a declared type that differs, makes it an error.",
    repair: "do the conversion, or remove the function and use the value",
    bad: "export function sanitize(html: string, policy: Policy): string {\n  return html;\n}\n",
    good: "export function defineConfig(config: Config): Config {\n  return config;\n}\n",
    check,
};

/// Words of functions whose job is to give back what they get, or only its type.
static IDENTITY: Names = Names::new(&[
    "identity",
    "passthrough",
    "noop",
    "typed",
    "cast",
    "unsafe",
    "brand",
    "branded",
    "opaque",
    "infer",
    "satisfies",
    "echo",
    "unchanged",
    "trusted",
    "raw",
    "helper",
    "noop",
    "op",
    "same",
    "self",
    "keep",
]);

/// The same, where they stand first.
static IDENTITY_VERBS: Names = Names::new(&[
    "define", "as", "id", "type", "pass", "declare", "mark", "tag", "ensure", "assert", "narrow", "widen", "expect",
    "return", "default", "config", "internal", "public", "static", "unwrap", "trust", "tap",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        let found = finding(module, function)
            .or_else(|| fk112_first_part::cut(module, function))
            .or_else(|| fk112_echo::echoed(module, function));
        sink.findings.extend(found);
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.params.items.is_empty()
        || function.name.is_empty()
        || function.role != Role::Named
        || function.statements().len() > 6
    {
        return None;
    }
    if !module.is_candidate(function) || function.kind == Kind::Getter || function.is_generator {
        return None;
    }
    let mut values = module.returns_of(function.id);
    let value = values.next()?.value?;
    let computes = function.verb_in(&lexicon::COMPUTE_VERBS)
        && !function
            .words()
            .iter()
            .any(|word| matches!(word.as_str(), "copy" | "clone" | "merge" | "array" | "list" | "spread"));
    let whole = value.span();
    let value = if computes { copied(module, value, 0).unwrap_or(value) } else { value };
    let symbol = module.parameter(value)?;
    if values.next().is_some() || module.is_bound_elsewhere(function) {
        return None;
    }
    let summary = module.summary(function.id)?;
    // To sort by nothing changes nothing.
    let changes =
        summary.effects().iter().any(|effect| whole == value.span() || !whole.contains_inclusive(effect.span));
    if changes
        || module.may_throw(function.id)
        || !summary.timers().is_empty()
        || function.statements().iter().any(|it| !is_idle(module, it))
    {
        return None;
    }
    let others = summary.parameters().iter().filter(|it| !value_is(value, it.name));
    let unread: Vec<&str> = others.filter(|it| !it.name.starts_with('_')).map(|it| it.name).collect();
    let (given, declared) =
        (parameter_type(module, function, symbol), function.return_type.map(|it| module.text_of(it.span())));
    let differs = given.zip(declared).is_some_and(|(given, declared)| !same_type(given, declared));
    let words = function.words();
    let promising = [&lexicon::COMPUTE_VERBS, &lexicon::EFFECT_VERBS, &lexicon::CHECK_VERBS]
        .iter()
        .any(|words| function.verb_in(words));
    let first = words.first().map_or("", String::as_str);
    let identity =
        words.iter().any(|word| IDENTITY.has(word.as_str())) || IDENTITY_VERBS.has(first) && unread.is_empty();
    let generic = given.is_some_and(|it| {
        it.len() <= 2 || it.starts_with('T') && it[1..].starts_with(|next: char| next.is_ascii_uppercase())
    });
    let plain = function.kind == Kind::Property
        || module.text_of(value.span()).contains("@type")
        // A function that is put on an object fills a place there; one that is given on only gets a type.
        || function.kind == Kind::Expression && !function.owner.is_empty() && unread.is_empty()
        || given.is_some_and(|it| it.contains("=>")) && unread.is_empty()
        || matches!(function.body, Body::Value(_)) && !computes;
    let docs = module.docs_of(function.id).to_lowercase();
    let plain = plain || docs.contains("identity function") || docs.contains("as is") || docs.contains("unchanged");
    if identity || generic && unread.is_empty() || plain && !(promising && !unread.is_empty()) {
        return None;
    }
    let second = !unread.is_empty() || differs;
    let name = module.text_of(value.get_inner_expression().span()).lines().next().unwrap_or("");
    let mut finding = Finding::new(&RULE, function.span, format!("{} returns {name} as it came", function.qualified()))
        .of(function.id)
        .because(Evidence::AbsentEffect, value.span(), "nothing is made of it");
    if promising {
        finding = finding.because(
            Evidence::ContractWords,
            function.span,
            format!("its name promises to {}", function.verb()),
        );
    }
    if !unread.is_empty() {
        finding =
            finding.because(Evidence::UnreadInput, function.params.span, format!("{} is not read", unread.join(", ")));
    }
    let severity = if promising && second { Severity::Error } else { Severity::Warning };
    Some(finding.with_severity(severity))
}

fn value_is(value: &Expression<'_>, name: &str) -> bool {
    names::last(value) == name
        || matches!(value.get_inner_expression(), Expression::AwaitExpression(it) if names::last(&it.argument) == name)
}

/// Whether a statement does nothing: a return, a log, a voided value, a parameter that is taken apart.
fn is_idle<'a>(module: &Module<'a>, statement: &'a Statement<'a>) -> bool {
    match statement {
        Statement::ReturnStatement(_) | Statement::EmptyStatement(_) => true,
        Statement::VariableDeclaration(it) => it.declarations.iter().all(|it| {
            it.init.as_ref().is_some_and(|init| matches!(init.get_inner_expression(), Expression::Identifier(_)))
        }),
        Statement::ExpressionStatement(it) => match it.expression.get_inner_expression() {
            Expression::CallExpression(call) => module.call_kind(call) == crate::analysis::CallKind::Log,
            Expression::UnaryExpression(it) => it.operator == UnaryOperator::Void,
            other => matches!(other, Expression::Identifier(_)),
        },
        _ => false,
    }
}

fn parameter_type<'a>(module: &Module<'a>, function: &Function<'a>, symbol: SymbolId) -> Option<&'a str> {
    let item = function.params.items.iter().find(|item| item.pattern.get_symbol_ids().contains(&symbol))?;
    Some(module.text_of(item.type_annotation.as_ref()?.type_annotation.span()))
}

/// Whether two types say the same for a value that is given on: `any`, a promise of it and a part of a union do.
fn same_type(given: &str, declared: &str) -> bool {
    let declared = declared.strip_prefix("Promise<").and_then(|it| it.strip_suffix('>')).unwrap_or(declared).trim();
    let loose = |it: &str| matches!(it, "any" | "unknown" | "object" | "this");
    declared == given || loose(given) || loose(declared) || declared.contains(given) || given.contains(declared)
}

/// What an expression is only a copy of: `[...items]`, `items.slice()`, `items.map((item) => item)`.
fn copied<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> Option<&'a Expression<'a>> {
    let inner = match value.get_inner_expression() {
        Expression::ArrayExpression(it) => match it.elements.as_slice() {
            [ArrayExpressionElement::SpreadElement(spread)] => &spread.argument,
            _ => return None,
        },
        Expression::ObjectExpression(it) => match it.properties.as_slice() {
            [ObjectPropertyKind::SpreadProperty(spread)] => &spread.argument,
            _ => return None,
        },
        Expression::CallExpression(call) => match (names::last(&call.callee), call.arguments.len()) {
            ("slice", 0) => names::object(&call.callee)?,
            ("structuredClone", 1) => call.arguments.first()?.as_expression()?,
            ("map" | "filter" | "sort" | "toSorted", 1)
                if gives_back(module, call.arguments.first()?.as_expression()?) =>
            {
                names::object(&call.callee)?
            }
            _ => return None,
        },
        _ => return None,
    };
    if depth < 4
        && let Some(deeper) = copied(module, inner, depth + 1)
    {
        Some(deeper)
    } else {
        Some(inner)
    }
}

/// Whether a callback changes nothing: `(item) => item`, `() => true`, `() => 0`.
fn gives_back<'a>(module: &Module<'a>, callback: &'a Expression<'a>) -> bool {
    let Some(id) = module.function_in(callback) else { return false };
    let mut values = module.returns_of(id);
    let value = values.next().and_then(|it| it.value).filter(|_| values.next().is_none());
    value.is_some_and(|it| {
        matches!(it.get_inner_expression(), Expression::BooleanLiteral(_) | Expression::NumericLiteral(_))
            || module.parameter(it).is_some()
    })
}
