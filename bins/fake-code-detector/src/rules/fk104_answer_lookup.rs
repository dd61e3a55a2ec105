//! FK104 answer-lookup: answers that are stored in the text, picked by comparing the question with literals.
use crate::analysis::{EffectKind, Origin, Shape, object_keys};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::{Rule, Scope, fk104_alone};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK104",
    name: "answer-lookup",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function that promises an answer picks one of two or more stored ones by comparing its input with literals",
    details: "Who asks with anything else gets an answer that was never computed. Label maps, tables of a standard and other configuration are not meant: \
              they promise nothing but what they hold. The promise is seen in an asynchronous function that waits for nothing, or in a verb of computing \
              together with measured values.",
    repair: "ask the source that the answers should come from, or call it a table",
    bad: "async function route(code: string): Promise<Route> {\n  if (code === \"PL\") return { minutes: 318, transfers: 0, price: 59 };\n  return { minutes: 190, transfers: 1, price: 34 };\n}\n",
    good: "function currencyInfo(code: string) {\n  if (code === \"USD\") return { numeric: \"840\", minorUnits: 2, symbol: \"$\" };\n  return { numeric: \"392\", minorUnits: 0, symbol: \"¥\" };\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function) {
            sink.report(finding);
        }
    }
    fk104_alone::check(module, sink);
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.params.items.is_empty()
        || function.is_generator
        || module.is_callback(function)
        || module.is_null_object(function)
    {
        return None;
    }
    // What a helper is asked for the comparison is no effect; a change is.
    let summary = module.summary(function.id)?;
    if summary.effects().iter().any(|effect| effect.kind != EffectKind::Call)
        || summary.awaits() > 0
        || !summary.answer().has(Origin::INPUT | Origin::CALL)
    {
        return None;
    }
    let mut found = Vec::new();
    for value in summary.values() {
        if !answers(module, value, &mut found, 0) {
            return None;
        }
    }
    if found.len() < 2 || !module.inside(&module.catches, function.id).is_empty() {
        return None;
    }
    let promised = promised(module, function);
    let verb = function.verb_in(&lexicon::COMPUTE_VERBS) || function.verb_in(&lexicon::CHECK_VERBS);
    let measured = found.iter().filter(|it| is_measured(it)).count() * 2 > found.len();
    let configured = found.iter().filter(|it| is_configuration(it)).count() * 2 > found.len();
    if configured || !(promised || verb && measured) {
        return None;
    }
    let first = found.first()?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} picks one of {} stored answers", function.qualified(), found.len()),
        )
        .of(function.id)
        .because(Evidence::InventedValue, first.span, "an answer that stands in the text")
        .because(
            Evidence::ContractWords,
            function.span,
            if promised {
                "it is asynchronous and waits for nothing".to_owned()
            } else {
                format!("its name promises to {}", function.verb())
            },
        ),
    )
}

/// Whether a function is to be waited for, and does not wait itself.
fn promised<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let declared = function.return_type.is_some_and(|it| module.text_of(it.span()).starts_with("Promise<"));
    let documented = module.docs_of(function.id).contains("Promise<");
    function.is_async || declared || documented
}

/// Collects the stored answers that a value can be; `false` where it can be anything else.
fn answers<'a>(
    module: &Module<'a>,
    value: &'a Expression<'a>,
    found: &mut Vec<&'a ObjectExpression<'a>>,
    depth: usize,
) -> bool {
    if depth > 40 {
        return false;
    }
    match value.get_inner_expression() {
        Expression::ConditionalExpression(it) => {
            answers(module, &it.consequent, found, depth + 1) && answers(module, &it.alternate, found, depth + 1)
        }
        Expression::LogicalExpression(it) => {
            answers(module, &it.left, found, depth + 1) && answers(module, &it.right, found, depth + 1)
        }
        Expression::CallExpression(call) if names::last(&call.callee) == "resolve" && call.arguments.len() == 1 => call
            .arguments
            .first()
            .and_then(Argument::as_expression)
            .is_some_and(|it| answers(module, it, found, depth + 1)),
        // `ANSWERS.get(id)`
        Expression::CallExpression(call) if names::last(&call.callee) == "get" && call.arguments.len() == 1 => {
            names::object(&call.callee).is_some_and(|it| entries(module, it, found))
        }
        Expression::ObjectExpression(object) => {
            let stored = Shape::of(value).is_some_and(|shape| shape.leaves >= 3);
            if stored {
                found.push(object);
            }
            stored || object.properties.is_empty()
        }
        Expression::ComputedMemberExpression(it) => table(module, &it.object).is_some_and(|table| rows(table, found)),
        Expression::Identifier(name) => match module.symbol(name).map(|symbol| module.kind(module.declaration(symbol)))
        {
            Some(AstKind::VariableDeclarator(it)) => {
                it.init.as_ref().is_some_and(|init| answers(module, init, found, depth + 1))
            }
            _ => value.is_undefined(),
        },
        Expression::NullLiteral(_) => true,
        other => other.is_undefined(),
    }
}

/// The object that a name of the module stands for, which nothing changes.
fn table<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<&'a ObjectExpression<'a>> {
    let Expression::Identifier(name) = value.get_inner_expression() else { return None };
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(module.symbol(name)?)) else { return None };
    match it.init.as_ref()?.get_inner_expression() {
        Expression::ObjectExpression(object)
            if module.origin_of_symbol(it.id.get_symbol_ids().first().copied()?).is_constant() =>
        {
            Some(object)
        }
        _ => None,
    }
}

/// The stored answers of `new Map([["a", { … }], ["b", { … }]])`.
fn entries<'a>(module: &Module<'a>, map: &'a Expression<'a>, found: &mut Vec<&'a ObjectExpression<'a>>) -> bool {
    let Expression::NewExpression(new) = module.meant(map) else { return false };
    let Some(Argument::ArrayExpression(list)) = new.arguments.first().filter(|_| new.callee.is_specific_id("Map"))
    else {
        return false;
    };
    let before = found.len();
    found.extend(list.elements.iter().filter_map(|entry| {
        let Expression::ArrayExpression(pair) = entry.as_expression()?.get_inner_expression() else { return None };
        let value = pair.elements.get(1)?.as_expression()?;
        match value.get_inner_expression() {
            Expression::ObjectExpression(row) if Shape::of(value).is_some_and(|shape| shape.leaves >= 3) => {
                Some(&**row)
            }
            _ => None,
        }
    }));
    found.len() - before == list.elements.len() && found.len() > before
}

fn rows<'a>(table: &'a ObjectExpression<'a>, found: &mut Vec<&'a ObjectExpression<'a>>) -> bool {
    let before = found.len();
    found.extend(table.properties.iter().filter_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => match it.value.get_inner_expression() {
            Expression::ObjectExpression(row) if Shape::of(&it.value).is_some_and(|shape| shape.leaves >= 3) => {
                Some(&**row)
            }
            _ => None,
        },
        ObjectPropertyKind::SpreadProperty(_) => None,
    }));
    found.len() - before == table.properties.len() && found.len() > before
}

/// Whether an answer holds a number under a noun of something measured.
fn is_measured(answer: &ObjectExpression<'_>) -> bool {
    answer.properties.iter().any(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => {
            let number = matches!(
                it.value.get_inner_expression(),
                Expression::NumericLiteral(_) | Expression::UnaryExpression(_)
            );
            number && names::has_word(names::key(&it.key), &lexicon::METRIC_NOUNS)
        }
        ObjectPropertyKind::SpreadProperty(_) => false,
    })
}

/// Whether most keys of an answer are those of labels and settings.
fn is_configuration(answer: &ObjectExpression<'_>) -> bool {
    let keys: Vec<&str> = object_keys(answer).collect();
    keys.iter().filter(|key| names::has_word(key, &lexicon::CONFIG_WORDS)).count() * 2 > keys.len()
}
