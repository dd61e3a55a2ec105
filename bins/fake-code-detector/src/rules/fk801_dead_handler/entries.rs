//! Entries of a menu that say what they do, and do nothing: `{ label: "Share", onSelect: () => {} }`.
use super::{RULE, is_action};
use crate::analysis::property;
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// Lists of two and more entries with labels, of which some have an empty handler.
pub(super) fn entries(module: &Module<'_>, sink: &mut Sink) {
    if module.elements.is_empty() {
        return;
    }
    for list in &module.arrays {
        let rows: Vec<&ObjectExpression<'_>> = list
            .it
            .elements
            .iter()
            .filter_map(|it| match it {
                ArrayExpressionElement::ObjectExpression(it) => Some(&**it),
                _ => None,
            })
            .collect();
        if rows.len() < 2 || rows.len() != list.it.elements.len() {
            continue;
        }
        for row in rows {
            sink.findings.extend(entry(module, row));
        }
    }
}

fn entry<'a>(module: &Module<'a>, row: &'a ObjectExpression<'a>) -> Option<Finding> {
    let label =
        ["label", "title", "text", "name"].iter().find_map(|key| match property(row, key)?.get_inner_expression() {
            Expression::StringLiteral(it) => Some(it.value.as_str()),
            _ => None,
        })?;
    if !names::verb_in(label, &lexicon::EFFECT_VERBS)
        || property(row, "disabled").is_some()
        || property(row, "href").is_some()
    {
        return None;
    }
    row.properties.iter().find_map(|it| {
        let ObjectPropertyKind::ObjectProperty(it) = it else { return None };
        let id = module.function_in(&it.value)?;
        let function = module.function(id);
        let body = module.body_span(function);
        let empty = matches!(function.body, crate::model::Body::Block(body) if body.statements.is_empty())
            && module.comments_in(body).is_empty();
        (is_action(names::key(&it.key)) && empty).then(|| {
            Finding::new(&RULE, it.span, format!("{label}: the handler is empty"))
                .of(id)
                .because(Evidence::AbsentEffect, body, "nothing is called")
                .because(Evidence::ContractWords, row.span, "the entry is enabled and says that it does something")
        })
    })
}
