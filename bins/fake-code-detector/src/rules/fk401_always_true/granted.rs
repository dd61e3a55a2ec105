//! Locks, leases and claims that are granted to everybody: what the store says decides nothing.
use super::RULE;
use crate::analysis::{Grade, Origin};
use crate::finding::{Evidence, Finding};
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::syntax::*;

/// Verbs by which one of many gets something.
static GETS: Names = Names::new(&[
    "acquire", "lock", "try", "trylock", "claim", "obtain", "take", "reserve", "hold", "lease", "grab", "elect",
    "admit", "enter", "consume", "allow", "hit", "first", "begin", "dedupe", "once", "seize", "book", "campaign",
    "allocate",
]);

/// A function that may say no by its type, puts something into a store, and never looks at what the store answers.
pub(super) fn granted<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let words = function.words();
    let first = words.first().map_or("", String::as_str);
    if !GETS.has(first)
        || !module.is_candidate(function)
        || matches!(function.kind, Kind::Getter)
        || module.is_null_object(function)
        || module.is_hook(function)
        || !may_refuse(module, function)
        || !module.inside(&module.throws, function.id).is_empty()
        || !module.inside(&module.catches, function.id).is_empty()
    {
        return None;
    }
    let values: Vec<&'a Expression<'a>> = module.returns_of(function.id).filter_map(|it| it.value).collect();
    if values.is_empty() || !values.iter().all(|value| is_granted(module, value)) {
        return None;
    }
    let set = module
        .inside(&module.calls, function.id)
        .iter()
        .filter(|at| module.grade(at) == Grade::Work)
        .collect::<Vec<_>>();
    let dropped = |node: NodeId| {
        let parent = module.parent(node);
        let statement =
            if matches!(module.kind(parent), AstKind::AwaitExpression(_)) { module.parent(parent) } else { parent };
        matches!(module.kind(statement), AstKind::ExpressionStatement(_))
    };
    let puts = |at: &&&crate::model::At<&'a CallExpression<'a>>| {
        matches!(
            names::verb(names::last(&at.it.callee)).as_str(),
            "set"
                | "put"
                | "setex"
                | "psetex"
                | "hset"
                | "update"
                | "expire"
                | "touch"
                | "incr"
                | "zadd"
                | "sadd"
                | "save"
                | "write"
                | "upsert"
        )
    };
    let put = set.iter().find(puts)?;
    // What a helper of the module or a further call answers may decide by an error.
    if !set.iter().all(|at| dropped(at.node) && puts(&at)) {
        return None;
    }
    let reached = module
        .own(&module.returns, function.id)
        .all(|at| !module.conditions(at.node, function.node).has(Origin::CALL | Origin::FIELD | Origin::OUTER));
    reached.then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} is granted to everybody, whatever the store says", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::ConstantOutcome, put.it.span, "the answer of the store is dropped, and no path says no")
        .because(Evidence::ContractWords, function.span, "its type or its comment says that it may be refused")
    })
}

/// Whether its type or its comment says that the answer may be a no.
fn may_refuse<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let kind = function.return_type.map_or("", |it| module.text_of(it.span()));
    let typed = ["null", "undefined", "boolean", "false"].iter().any(|word| kind.contains(word));
    let comment = module.comment_of(function).to_lowercase();
    let said = [
        "null when",
        "null if",
        "false when",
        "false if",
        "only one",
        "undefined when",
        "undefined if",
        "already",
        "at most one",
        "unless",
    ];
    typed
        || said.iter().any(|text| comment.contains(text))
        || kind.is_empty()
            && matches!(function.words().first().map(String::as_str), Some("acquire" | "lock" | "try" | "lease"))
            && module
                .returns_of(function.id)
                .filter_map(|it| it.value)
                .all(|it| matches!(it.get_inner_expression(), Expression::BooleanLiteral(it) if it.value))
}

/// Whether a value is a yes that nobody was asked for: `true`, what was put together here, `granted ? lease : null` of a constant.
fn is_granted<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value.get_inner_expression() {
        Expression::ConditionalExpression(it) => {
            matches!(module.constant_value(&it.test).get_inner_expression(), Expression::BooleanLiteral(test) if test.value)
                && is_granted(module, &it.consequent)
        }
        Expression::BooleanLiteral(it) => it.value,
        Expression::ObjectExpression(it) => it.properties.iter().all(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => {
                module.parameter(&it.value).is_some() || !of_others(module, &it.value)
            }
            ObjectPropertyKind::SpreadProperty(_) => false,
        }),
        Expression::TemplateLiteral(_) => !of_others(module, value),
        Expression::Identifier(name) => match module.initial(name) {
            Some(init) => {
                is_granted(module, init) || module.origin(init).has(Origin::TOKEN) && !of_others(module, init)
            }
            None => false,
        },
        _ => false,
    }
}

fn of_others<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    module.origin(value).has(Origin::CALL | Origin::OUTER)
}
