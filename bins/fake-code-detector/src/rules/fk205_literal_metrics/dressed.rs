//! Frozen figures in fresh clothes: numbers of the text beside the time of this moment, or under a promise to measure.
use rustc_hash::FxHashSet;

use super::figures::is_odd;
use super::lists::List;
use crate::analysis::{Origin, Reach};
use crate::model::{At, Function, FunctionId, Module, Role};
use crate::names;
use crate::syntax::*;

/// How many nodes and variables a table is looked for in.
const MOST: usize = 400;
const DEEPEST: usize = 4;

/// Objects and answers whose figures were written down, and which say that they are of this moment.
pub(super) fn dressed<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    let stamped = module.objects.iter().filter_map(|at| stamped(module, at));
    let measured = module.functions.iter().filter_map(|it| measured(module, it));
    stamped.chain(measured).collect()
}

/// `{ base, updatedAt: new Date(), values: … }` where the values are a table of the text.
fn stamped<'a>(module: &Module<'a>, at: &At<&'a ObjectExpression<'a>>) -> Option<List<'a>> {
    let function = at.function?;
    let properties = || {
        at.it.properties.iter().filter_map(|it| match it {
            ObjectPropertyKind::ObjectProperty(it) => Some(&**it),
            ObjectPropertyKind::SpreadProperty(_) => None,
        })
    };
    properties().find(|it| is_stamp(module, it))?;
    let spread = at.it.properties.len() != properties().count();
    let real = Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV;
    let made = |it: &'a ObjectProperty<'a>| !is_stamp(module, it) && module.origin(&it.value).has(real);
    if spread || properties().any(made) || module.reach(at.node) < Reach::Return {
        return None;
    }
    let own: Vec<&ObjectProperty<'a>> =
        properties().filter(|it| is_odd(&it.value) && !super::is_config(names::key(&it.key))).collect();
    if let [first, _, ..] = own[..] {
        return Some(List { span: first.span, node: at.node, function, name: names::key(&first.key) });
    }
    let table = properties().find_map(|it| Some((it, frozen(module, &it.value, function)?)))?;
    Some(List { span: table.1, node: at.node, function, name: names::key(&table.0.key) })
}

/// A time that says since when something is known, taken from the clock here.
fn is_stamp<'a>(module: &Module<'a>, it: &'a ObjectProperty<'a>) -> bool {
    let said = names::words(names::key(&it.key)).iter().any(|word| {
        matches!(
            word.as_str(),
            "updated"
                | "fetched"
                | "measured"
                | "refreshed"
                | "synced"
                | "checked"
                | "collected"
                | "sampled"
                | "quoted"
                | "retrieved"
                | "observed"
                | "polled"
                | "timestamp"
                | "asof"
                | "recorded"
                | "captured"
                | "calculated"
        )
    }) || names::key(&it.key).eq_ignore_ascii_case("asof");
    let origin = module.origin(&it.value);
    said && origin.has(Origin::TIME) && !origin.has(Origin::CALL | Origin::INPUT | Origin::FIELD | Origin::OUTER)
}

/// A function that promises to measure, asks and runs nobody, and answers from a table of the text.
fn measured<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<List<'a>> {
    let verb = function.verb();
    let measures =
        matches!(verb.as_str(), "measure" | "benchmark" | "bench" | "profile" | "probe" | "ping" | "weigh" | "poll");
    if !measures
        || function.role != Role::Named
        || module.is_bound_elsewhere(function)
        || !module.is_candidate(function)
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    if !summary.effects().is_empty()
        || summary.parameters().is_empty()
        || summary.answer().has(Origin::CALL | Origin::FIELD)
    {
        return None;
    }
    let ran = function.parameters().iter().copied().filter_map(|it| it.symbol_id.get()).any(|symbol| {
        module.uses(symbol).any(|use_| matches!(module.kind(module.parent(use_.node_id())), AstKind::CallExpression(call) if call.callee.span() == module.kind(use_.node_id()).span()))
    });
    let span = summary.values().find_map(|value| frozen(module, value, function.id)).filter(|_| !ran)?;
    Some(List { span, node: function.node, function: function.id, name: function.name })
}

/// The table of odd numbers that a value is made of.
fn frozen<'a>(module: &Module<'a>, value: &'a Expression<'a>, function: FunctionId) -> Option<Span> {
    table(module, value, &mut FxHashSet::default(), 0)
        .filter(|_| !module.origin(value).has(Origin::CALL) && !super::chosen::by_name(module, function))
}

fn table<'a>(
    module: &Module<'a>,
    value: &'a Expression<'a>,
    seen: &mut FxHashSet<SymbolId>,
    depth: usize,
) -> Option<Span> {
    if depth > DEEPEST {
        return None;
    }
    let span = value.span();
    let start = value.node_id().index();
    let end = (start + MOST).min(module.semantic.nodes().len());
    for node in (start..end).map(NodeId::from_usize) {
        let kind = module.kind(node);
        if kind.span().start >= span.end {
            break;
        }
        match kind {
            AstKind::ObjectExpression(it) if odd(it) >= 3 => return Some(it.span),
            AstKind::ArrayExpression(it)
                if it.elements.iter().filter(|it| it.as_expression().is_some_and(is_odd)).count() >= 3 =>
            {
                return Some(it.span);
            }
            AstKind::IdentifierReference(name) => {
                let Some(symbol) = module.symbol(name).filter(|symbol| seen.insert(*symbol)) else { continue };
                let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { continue };
                let chosen = it
                    .id
                    .get_binding_identifier()
                    .is_none_or(|name| super::chosen::chosen_name(&name.name) || is_reference(&name.name));
                if let Some(init) = it.init.as_ref().filter(|_| !chosen)
                    && let Some(found) = table(module, init, seen, depth + 1)
                {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}

/// What is known once and for all: constants of nature, units, factors.
fn is_reference(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "baseline"
                | "reference"
                | "factor"
                | "factors"
                | "unit"
                | "units"
                | "constants"
                | "coefficients"
                | "density"
                | "densities"
                | "table"
                | "sizes"
                | "coords"
                | "coordinates"
                | "matrix"
                | "weights"
                | "codes"
                | "palette"
                | "decimals"
        )
    })
}

fn odd(object: &ObjectExpression<'_>) -> usize {
    object
        .properties
        .iter()
        .filter(|property| matches!(property, ObjectPropertyKind::ObjectProperty(it) if is_odd(&it.value)))
        .count()
}
