//! FK103 where data was promised: handlers of requests, and answers that are dressed with an id or a time.
use crate::analysis::{Origin, Outward, Shape, Usage};
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

/// A handler of requests that takes its request apart, makes nothing of it, and sends a literal.
pub(super) fn handler<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let last = match function.statements().last()? {
        Statement::ReturnStatement(it) => it.argument.as_ref()?,
        Statement::ExpressionStatement(it) => &it.expression,
        _ => return None,
    };
    let last = match last.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let Expression::CallExpression(response) = last else { return None };
    let parameters = function.parameters();
    let Expression::Identifier(root) = names::root(last) else { return None };
    let responds = matches!(names::last(&response.callee), "json" | "send" | "render" | "ok")
        && (parameters.iter().any(|it| it.name == root.name)
            || matches!(root.name.as_str(), "NextResponse" | "Response"));
    let answer = response.arguments.last().and_then(Argument::as_expression).filter(|_| responds)?;
    if parameters.len() > 4
        || !module.origin(stored(module, answer)).is_constant()
        || Shape::of(stored(module, answer)).is_none_or(|shape| shape.leaves < 3)
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    if summary.effects().iter().any(|effect| {
        !response.span.contains_inclusive(effect.span) && module.outward(effect.node, function.id) > Outward::Asks
    }) || summary.returns().nth(1).is_some()
    {
        return None;
    }
    // What is taken out of the request, and what it is read for.
    let mut taken = module.declarators(function.id).filter(|it| it.init.as_ref().is_some_and(|init| matches!(names::root(init), Expression::Identifier(root) if parameters.iter().any(|it| it.name == root.name)))).peekable();
    let first = taken.peek()?.span;
    let ignored = taken
        .all(|it| it.id.get_symbol_ids().iter().all(|symbol| module.usage(*symbol, function.id) <= Usage::Guarding));
    ignored.then(|| {
        let what = if function.name.is_empty() { "the handler".to_owned() } else { function.qualified() };
        Finding::new(&RULE, function.span, format!("{what} takes its request apart and always answers the same"))
            .of(function.id)
            .because(Evidence::UnreadInput, first, "read by logs and guards at most")
            .because(Evidence::ConstantOutcome, answer.span(), "made of literals only")
    })
}

/// The literal that a variable holds.
fn stored<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> &'a Expression<'a> {
    let Expression::Identifier(name) = value.get_inner_expression() else { return value };
    match module.symbol(name).map(|symbol| module.kind(module.declaration(symbol))) {
        Some(AstKind::VariableDeclarator(it)) => it.init.as_ref().unwrap_or(value),
        _ => value,
    }
}

/// An answer of literals that is dressed with an id or a time, or with a parameter as it came, where data was promised.
pub(super) fn dressed<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.params.items.is_empty() || !module.is_candidate(function) {
        return None;
    }
    let asked = function.verb_in(&lexicon::QUERY_VERBS)
        || function.verb_in(&lexicon::COMPUTE_VERBS)
        || function.verb_in(&lexicon::EFFECT_VERBS);
    let makes = || function.words().iter().any(|word| MAKERS.has(word.as_str()));
    if !asked
        || makes()
        || module.is_bound_elsewhere(function)
        || function.kind == Kind::Getter
        || function.is_generator
    {
        return None;
    }
    let outcome = module.outcome(function.id)?;
    let summary = module.summary(function.id)?;
    if outcome.outward > Outward::Nothing
        || summary.all_underscored()
        || outcome.main.len() != 1
        || summary.reads_fields()
    {
        return None;
    }
    let promised =
        function.is_async || function.return_type.is_some_and(|it| module.text_of(it.span()).starts_with("Promise<"));
    let Expression::ObjectExpression(object) = stored(module, outcome.values().next()?).get_inner_expression() else {
        return None;
    };
    let (mut literals, mut dressing) = (0, 0);
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let origin = module.origin(&it.value);
        let named = matches!(
            it.value.get_inner_expression(),
            Expression::Identifier(_) | Expression::StaticMemberExpression(_)
        ) && origin.without(Origin::INPUT | Origin::LITERAL) == Origin::NONE;
        match () {
            () if origin.is_constant()
                && !module.is_meager(&it.value)
                && (Shape::is_rich(&it.value) || origin.has(Origin::LITERAL))
                && !matches!(
                    names::key(&it.key),
                    "type"
                        | "kind"
                        | "label"
                        | "title"
                        | "description"
                        | "icon"
                        | "color"
                        | "method"
                        | "code"
                        | "message"
                ) =>
            {
                literals += 1
            }
            () if origin.is_constant() => {}
            () if !origin.is_real() || named => dressing += 1,
            () => return None,
        }
    }
    if literals < 2 || dressing == 0 || dressing > 3 || !promised && literals < 3 {
        return None;
    }
    let value = outcome.values().next()?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} answers literals, whatever is asked; only an id or a time differs", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::ConstantOutcome, value.span(), format!("{literals} of its values stand in the text"))
        .because(Evidence::ContractWords, function.span, format!("its name promises to {}", function.verb()))
        .with_severity(if promised { Severity::Error } else { Severity::Warning }),
    )
}

/// Words of functions whose job is to make a value of literals and what they are given.
static MAKERS: Names = Names::new(&[
    "make",
    "create",
    "build",
    "new",
    "init",
    "initial",
    "default",
    "empty",
    "format",
    "render",
    "to",
    "options",
    "props",
    "config",
    "style",
    "styles",
    "params",
    "schema",
    "action",
    "payload",
    "request",
    "query",
    "error",
    "generate",
    "define",
    "register",
    "state",
    "message",
    "header",
    "headers",
    "attributes",
    "event",
    "node",
    "token",
    "spec",
    "serialize",
    "encode",
    "convert",
    "transform",
    "map",
    "normalize",
    "parse",
    "extract",
    "type",
    "types",
    "filter",
    "command",
    "range",
    "position",
    "rule",
    "rules",
    "input",
    "item",
    "data",
    "info",
    "args",
    "print",
    "layout",
    "url",
    "descriptor",
    "definition",
    "match",
    "use",
]);
