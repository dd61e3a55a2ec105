//! FK107 cast-stub: nothing, declared to be something.
use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{Function, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK107",
    name: "cast-stub",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "An empty object, null or undefined is cast to a type that promises more, and returned or kept",
    details: "The compiler is told that there is a mailer where there is nothing. An accumulator that is filled later, the default of a context, partial and index types, \
              type parameters and fields that something assigns are not meant. Where no parameter is read either it is an error.",
    repair: "make the value, or return a type that says that there may be none",
    bad: "function createMailer(settings: Settings): Mailer {\n  return {} as Mailer;\n}\n",
    good: "const groups = {} as Record<Locale, Recipient[]>;\nfor (const locale of locales) groups[locale] = [];\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = returned(module, function) {
            sink.report(finding);
        }
    }
    for class in &module.classes {
        for element in &class.it.body.body {
            if let ClassElement::PropertyDefinition(property) = element
                && let Some(finding) = kept(module, class, property)
            {
                sink.report(finding);
            }
        }
    }
}

fn returned<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || module.is_callback(function)
        || function.role == Role::Other
        || module.is_hook(function)
        || module.is_null_object(function)
    {
        return None;
    }
    let outcome = module.outcome(function.id)?;
    let value = outcome.values().last()?;
    let (what, kind) =
        hollow(module, value).filter(|_| outcome.main.len() == 1).or_else(|| hollow(module, held(module, value)?))?;
    let empty = function.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "empty"
                | "initial"
                | "default"
                | "blank"
                | "type"
                | "typed"
                | "cast"
                | "unsafe"
                | "as"
                | "infer"
                | "nil"
                | "none"
        )
    });
    if empty || module.summary(function.id)?.effects().iter().any(|effect| value.span().contains_inclusive(effect.span))
    {
        return None;
    }
    let takes = !function.params.items.is_empty();
    let unread = takes
        && module.input_usage(function.id, &outcome.guards) <= Usage::Guarding
        && module.summary(function.id).is_some_and(|summary| !summary.all_underscored() && summary.has_no_effect());
    if !unread && !takes && !module.promises(function) {
        return None;
    }
    let finding = Finding::new(&RULE, function.span, format!("{} returns {what} as {kind}", function.qualified()))
        .of(function.id);
    let finding = finding.because(Evidence::InventedValue, value.span(), format!("{what} is no {kind}"));
    Some(if unread {
        finding
            .because(Evidence::UnreadInput, function.params.span, "read by guards at most")
            .with_severity(Severity::Error)
    } else {
        finding
    })
}

/// What a variable that is only returned was bound to.
fn held<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    let Expression::Identifier(name) = value.get_inner_expression() else { return None };
    let symbol = module.symbol(name)?;
    let node = module.declaration(symbol);
    if module.function_around(node).is_none() {
        return kept_once(module, symbol);
    }
    let AstKind::VariableDeclarator(it) = module.kind(node) else { return None };
    let filled = module.uses(symbol).any(|it| match module.kind(module.parent(it.node_id())) {
        AstKind::ReturnStatement(_) | AstKind::ExpressionStatement(_) => false,
        // `shared = client`, `this.client = client` keep it as it is, unless something fills it there.
        AstKind::AssignmentExpression(write) if !it.is_write() => fills(module, &write.left),
        // `cache.set(key, plugin)` keeps it as it is.
        AstKind::CallExpression(call) => {
            !matches!(names::last(&call.callee), "set" | "add" | "push") || names::object(&call.callee).is_none()
        }
        _ => true,
    });
    it.init.as_ref().filter(|_| !filled)
}

/// Whether something is written into what an assignment keeps: `shared.send = …` behind `shared = client`.
fn fills<'a>(module: &Module<'a>, kept: &'a AssignmentTarget<'a>) -> bool {
    let (object, name) = names::target(kept);
    let field = !object.is_empty();
    if !field && !matches!(kept, AssignmentTarget::AssignmentTargetIdentifier(_)) || field && object != "this" {
        return true;
    }
    module.writes.iter().any(|at| match at.it {
        crate::model::Write::Assign(it) => names::target(&it.left).0 == name,
        crate::model::Write::Update(_) => false,
    }) || module.calls.iter().any(|at| {
        names::last(&at.it.callee) == "assign"
            && at.it.arguments.first().and_then(Argument::as_expression).is_some_and(|it| names::last(it) == name)
    })
}

/// `mailer ??= {} as Mailer`: all that is ever written to a variable of the module.
fn kept_once<'a>(module: &Module<'a>, symbol: SymbolId) -> Option<&'a Expression<'a>> {
    // More uses than that are no stub.
    if module.uses(symbol).nth(40).is_some() {
        return None;
    }
    let mut written = module.uses(symbol).filter_map(|it| match module.kind(module.parent(it.node_id())) {
        AstKind::AssignmentExpression(write) if it.is_write() => Some(&write.right),
        _ => None,
    });
    let value = written.next()?;
    let filled = module.uses(symbol).any(|it| {
        !matches!(
            module.kind(module.parent(it.node_id())),
            AstKind::ReturnStatement(_)
                | AstKind::AssignmentExpression(_)
                | AstKind::IfStatement(_)
                | AstKind::UnaryExpression(_)
        )
    });
    (written.next().is_none() && !filled).then_some(value)
}

/// A field that is bound to nothing and never to anything else, and that the class works with.
fn kept<'a>(
    module: &Module<'a>,
    class: &crate::model::Class<'a>,
    property: &'a PropertyDefinition<'a>,
) -> Option<Finding> {
    let (what, kind) = hollow(module, property.value.as_ref()?)?;
    let name = names::key(&property.key);
    if !property.decorators.is_empty()
        || property.r#static
        || class.it.r#abstract
        || name.is_empty()
        || property.r#override
    {
        return None;
    }
    let mut worked_with = None;
    for node in (class.node.index()..class.end.index()).map(NodeId::from_usize) {
        let at = match module.kind(node) {
            AstKind::StaticMemberExpression(it)
                if matches!(it.object, Expression::ThisExpression(_)) && it.property.name == name =>
            {
                it.span
            }
            AstKind::PrivateFieldExpression(it) if it.field.name == name => it.span,
            _ => continue,
        };
        match module.kind(module.parent(node)) {
            AstKind::StaticMemberExpression(_) => worked_with = Some(at),
            AstKind::ChainExpression(_) | AstKind::CallExpression(_) => {}
            _ => {}
        }
    }
    // Anything that assigns a field of this name, here or on an object of the class.
    let assigned = module.writes.iter().any(|write| match write.it {
        crate::model::Write::Assign(it) => names::target(&it.left).1 == name,
        crate::model::Write::Update(_) => false,
    });
    let at = worked_with.filter(|_| !assigned)?;
    let private = matches!(property.accessibility, Some(TSAccessibility::Private))
        || matches!(property.key, PropertyKey::PrivateIdentifier(_))
        || property.readonly;
    if !private {
        return None;
    }
    let message = format!("{}.{name} is {what} as {kind}, and nothing ever assigns it", class.name);
    Some(
        Finding::new(&RULE, property.span, message)
            .because(Evidence::InventedValue, property.span, format!("{what} is no {kind}"))
            .because(Evidence::AbsentEffect, at, "what is done with it does nothing")
            .with_severity(Severity::Error),
    )
}

/// What kind of nothing an expression is, and what it is declared to be.
fn hollow<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<(&'static str, &'a str)> {
    // `user ? ({} as Profile) : (null as unknown as Profile)`
    if let Expression::ConditionalExpression(it) = value.get_inner_expression() {
        return hollow(module, &it.alternate).and_then(|_| hollow(module, &it.consequent));
    }
    let mut casts = 0;
    let mut kind: Option<&'a TSType<'a>> = None;
    let mut inner = value;
    for _ in 0..6 {
        inner = match inner {
            Expression::TSAsExpression(it) => {
                casts += 1;
                kind = kind.or(Some(&it.type_annotation));
                &it.expression
            }
            Expression::TSTypeAssertion(it) => {
                casts += 1;
                kind = kind.or(Some(&it.type_annotation));
                &it.expression
            }
            Expression::TSNonNullExpression(it) => {
                casts += 2;
                &it.expression
            }
            Expression::ParenthesizedExpression(it) => &it.expression,
            Expression::AwaitExpression(it) => &it.argument,
            _ => break,
        };
    }
    if casts == 0 || kind.is_some_and(|kind| !promises(module, kind)) {
        return None;
    }
    let what = match inner {
        Expression::ObjectExpression(it) if it.properties.is_empty() && kind.is_some() => "an empty object",
        Expression::ArrayExpression(it)
            if it.elements.is_empty()
                && casts > 1
                && kind.is_some_and(|kind| !matches!(kind, TSType::TSArrayType(_))) =>
        {
            "an empty list"
        }
        Expression::NullLiteral(_) if casts > 1 => "null",
        other if other.is_undefined() && casts > 1 => "undefined",
        _ => return None,
    };
    Some((what, kind.map_or("a value", |kind| module.text_of(kind.span()).lines().next().unwrap_or(""))))
}

/// Whether a type says more than that there may be anything: a name, but no partial or index type and no type parameter.
fn promises<'a>(module: &Module<'a>, kind: &'a TSType<'a>) -> bool {
    let TSType::TSTypeReference(it) = kind else { return false };
    let TSTypeName::IdentifierReference(name) = &it.type_name else { return true };
    let loose = matches!(
        name.name.as_str(),
        "Partial"
            | "Record"
            | "Readonly"
            | "Pick"
            | "Omit"
            | "const"
            | "Map"
            | "Set"
            | "Promise"
            | "Dictionary"
            | "Array"
    );
    let parameter = module
        .symbol(name)
        .is_some_and(|symbol| matches!(module.kind(module.declaration(symbol)), AstKind::TSTypeParameter(_)));
    let text = module.text_of(kind.span());
    !loose
        && !parameter
        && !text.contains("[")
        && name.name.len() > 1
        && !text.ends_with("Record")
        && !text.ends_with("Map")
        && !text.ends_with("Options")
}
