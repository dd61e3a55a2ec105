//! Work that is taken back: what is done in a transaction that always ends in a rollback, and a changed copy that nobody stores.
use super::RULE;
use crate::analysis::{EffectKind, doc_verbs};
use crate::finding::{Evidence, Finding};
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::syntax::*;

/// `finally { await client.query("rollback"); }`, and nothing commits.
pub(super) fn rolled_back<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let at = module.own(&module.catches, function.id).find_map(|at| {
        let end = at.it.finalizer.as_ref()?;
        module.within(&module.calls, end.node_id.get(), end.span).find(|call| {
            let mut plain = module.around(call.node).take_while(|(node, _)| *node > end.node_id.get());
            is_said(call.it, "rollback")
                && !plain.any(|(_, kind)| {
                    matches!(
                        kind,
                        AstKind::IfStatement(_) | AstKind::LogicalExpression(_) | AstKind::ConditionalExpression(_)
                    )
                })
        })
    })?;
    let text = module.text_of(function.span).to_lowercase();
    let preview = ["commit", "dry", "preview", "simulat", "explain", "what if"];
    if preview.iter().any(|word| text.contains(word)) || !names_work(module, function) {
        return None;
    }
    let promise = module.promised_effect(function)?;
    Some(
        Finding::new(&RULE, function.span, format!("{} takes back all that it does", function.qualified()))
            .of(function.id)
            .because(Evidence::AbsentEffect, at.it.span, "it always runs, and nothing commits before")
            .because(Evidence::ContractWords, function.span, promise),
    )
}

fn names_work(module: &Module<'_>, function: &Function<'_>) -> bool {
    !module.comment_says(function.id, &["dry run", "dry-run", "rolls back", "rolled back", "preview", "test"])
}

/// `tx.rollback()`, `client.query("ROLLBACK")`
fn is_said(call: &CallExpression<'_>, order: &str) -> bool {
    names::last(&call.callee).to_lowercase().starts_with(order)
        || matches!(call.arguments.first(), Some(Argument::StringLiteral(it)) if it.value.trim().to_lowercase().starts_with(order))
}

/// `set(flag) { const next = structuredClone(this.state); next[flag] = true; return next; }`
pub(super) fn unstored<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let stores = |verb: &str| {
        matches!(verb, "set" | "save" | "store" | "put" | "update" | "add" | "remove" | "delete" | "switch" | "persist")
    };
    if function.kind != Kind::Method
        || function.class.is_none()
        || !stores(function.verb())
        || module.has_heritage(function)
    {
        return None;
    }
    let comment = module.comment_of(function);
    let said = doc_verbs(&comment).into_iter().any(|verb| stores(&verb) && verb != "add");
    let copied = module.declarators(function.id).find_map(|it| {
        let name = it.id.get_binding_identifier()?;
        let own = copied_field(it.init.as_ref()?)?;
        let symbol = name.symbol_id.get()?;
        let changed = module.uses(symbol).any(|used| is_changed(module, used.node_id()));
        (changed && own).then_some((name.name.as_str(), it.span))
    })?;
    let summary = module.summary(function.id)?;
    let quiet = summary.work().is_none()
        && summary.effects().iter().all(|it| it.kind == EffectKind::Outer)
        && module.inside(&module.calls, function.id).len() <= 2;
    let writes_field = module.inside(&module.writes, function.id).iter().any(|at| {
        let text = module.text_of(module.kind(at.node).span());
        text.starts_with("this.")
    });
    let mut values = module.returns_of(function.id);
    let only = values.next().and_then(|it| it.value).is_some_and(|it| it.is_specific_id(copied.0));
    (quiet && !writes_field && only && values.next().is_none() && (said || function.is_async)).then(|| {
        Finding::new(&RULE, function.span, format!("{} changes a copy and stores it nowhere", function.qualified()))
            .of(function.id)
            .because(Evidence::AbsentEffect, copied.1, "the object goes on with what it had")
            .because(Evidence::ContractWords, function.span, "its name says that it changes what the class holds")
    })
}

/// `structuredClone(this.state)`, `{ ...this.state }`
fn copied_field(value: &Expression<'_>) -> Option<bool> {
    let of = match value.get_inner_expression() {
        Expression::CallExpression(call) if matches!(names::last(&call.callee), "structuredClone" | "cloneDeep") => {
            call.arguments.first()?.as_expression()?
        }
        Expression::ObjectExpression(it) => match it.properties.first()? {
            ObjectPropertyKind::SpreadProperty(it) => &it.argument,
            ObjectPropertyKind::ObjectProperty(_) => return None,
        },
        _ => return None,
    };
    Some(matches!(names::root(of), Expression::ThisExpression(_)))
}

/// Whether a use of a variable is the beginning of what is written to.
fn is_changed(module: &Module<'_>, node: NodeId) -> bool {
    let place = module.kind(node).span();
    module.around(node).take(6).any(|(_, kind)| match kind {
        AstKind::AssignmentExpression(it) => it.left.span().contains_inclusive(place),
        AstKind::UpdateExpression(_) => true,
        _ => false,
    })
}
