//! Numbers that are chosen, not measured: by the names around them, or because the input picks from a table.
use crate::analysis::Origin;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Whether a name around says that the numbers are chosen.
pub(super) fn is_chosen(module: &Module<'_>, function: FunctionId, node: NodeId) -> bool {
    let mut next = Some(function);
    while let Some(id) = next {
        let it = module.function(id);
        if chosen_name(it.name) || chosen_name(it.owner) && it.owner != "this" {
            return true;
        }
        next = it.parent;
    }
    let start = module.function(function).node;
    if is_table(module, node) {
        return true;
    }
    module.around(node).take_while(|(id, _)| *id > start).any(|(_, kind)| match kind {
        AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().is_some_and(|name| chosen_name(&name.name)),
        AstKind::ObjectProperty(it) => chosen_name(names::key(&it.key)),
        AstKind::CallExpression(it) => chosen_name(names::last(&it.callee)),
        AstKind::SwitchCase(_) => true,
        _ => false,
    })
}

/// Whether the name of a function around says so.
pub(super) fn by_name(module: &Module<'_>, function: FunctionId) -> bool {
    let mut next = Some(function);
    while let Some(id) = next {
        let it = module.function(id);
        if chosen_name(it.name) || chosen_name(it.owner) && it.owner != "this" {
            return true;
        }
        next = it.parent;
    }
    false
}

/// Whether the numbers are a row of a table that the input picks from: `TABLE[food]`, `pro ? {…} : {…}`.
fn is_table(module: &Module<'_>, node: NodeId) -> bool {
    for (_, around) in module.around(node).take(12) {
        match around {
            AstKind::ConditionalExpression(it) if module.origin(&it.test).has(Origin::INPUT) => return true,
            AstKind::ComputedMemberExpression(it) => return !it.expression.is_literal(),
            AstKind::VariableDeclarator(it) => {
                let Some(symbol) = it.id.get_binding_identifier().and_then(|name| name.symbol_id.get()) else {
                    return false;
                };
                return module.uses(symbol).any(|reference| match module.kind(module.parent(reference.node_id())) {
                    AstKind::ComputedMemberExpression(it) => {
                        !it.expression.is_literal() && it.object.span() == module.kind(reference.node_id()).span()
                    }
                    _ => false,
                });
            }
            AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) => return false,
            _ => {}
        }
    }
    false
}

pub(super) fn chosen_name(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        let one = word.strip_suffix('s').unwrap_or(word);
        matches!(
            one,
            "limit"
                | "threshold"
                | "default"
                | "option"
                | "config"
                | "configuration"
                | "setting"
                | "preset"
                | "budget"
                | "target"
                | "goal"
                | "weight"
                | "initial"
                | "base"
                | "range"
                | "scale"
                | "empty"
                | "bound"
                | "param"
                | "prop"
                | "style"
                | "theme"
                | "tariff"
                | "policy"
                | "plan"
                | "tier"
                | "cost"
                | "price"
                | "pricing"
                | "spec"
                | "constant"
                | "factor"
                | "unit"
                | "coefficient"
                | "metric"
                | "layout"
                | "animation"
                | "transition"
                | "spring"
                | "dimension"
                | "capability"
                | "fallback"
                | "profile"
        ) && !matches!(one, "metric" | "price" | "cost" | "profile" | "plan")
    })
}
