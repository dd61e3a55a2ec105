//! Bars that were written down, drawn beside data that is only asked whether there is any.
use super::among::Figure;
use crate::model::{Function, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// The series that a component draws in place of what it is given.
pub(super) fn drawn<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Figure<'a>> {
    if module.elements.is_empty() || function.params.items.is_empty() || !module.is_candidate(function) {
        return None;
    }
    function.parameters().iter().find(|it| it.symbol_id.get().is_some_and(|it| is_only_counted(module, it)))?;
    let shown = |span: Span| module.elements.iter().any(|at| span.contains_inclusive(at.it.span));
    let it = module.own(&module.declarators, function.id).find(|at| {
        let Some(Expression::ArrayExpression(list)) = at.it.init.as_ref().map(Expression::get_inner_expression) else {
            return false;
        };
        let figures = list.elements.iter().all(|it| matches!(it, ArrayExpressionElement::NumericLiteral(_)));
        let symbol = at.it.id.get_binding_identifier().and_then(|it| it.symbol_id.get());
        list.elements.len() >= 4
            && figures
            && !is_even(list)
            && symbol.is_some_and(|symbol| module.uses(symbol).any(|it| is_mapped(module, it.node_id(), shown)))
    })?;
    let name = it.it.id.get_binding_identifier()?.name.as_str();
    Some(Figure { name, span: it.it.span, home: FunctionId(function.id.0) })
}

/// `spans.length === 0`, `!spans.length`: no more is asked of it, and it is asked that.
fn is_only_counted(module: &Module<'_>, symbol: SymbolId) -> bool {
    let mut asked = false;
    for reference in module.uses(symbol) {
        let AstKind::StaticMemberExpression(it) = module.kind(module.parent(reference.node_id())) else { return false };
        if it.property.name != "length" {
            return false;
        }
        asked = true;
    }
    asked
}

/// Steps of a scale have one distance, or one factor.
fn is_even(list: &ArrayExpression<'_>) -> bool {
    let values: Vec<f64> = list
        .elements
        .iter()
        .filter_map(|it| match it {
            ArrayExpressionElement::NumericLiteral(it) => Some(it.value),
            _ => None,
        })
        .collect();
    values.windows(2).all(|pair| pair[0] < pair[1]) || values.windows(2).all(|pair| pair[0] > pair[1])
}

/// `bars.map((height) => <rect … />)`
fn is_mapped<'a>(module: &Module<'a>, node: NodeId, shown: impl Fn(Span) -> bool) -> bool {
    let member = module.parent(node);
    let AstKind::CallExpression(call) = module.kind(module.parent(member)) else { return false };
    names::last(&call.callee) == "map" && shown(call.span)
}
