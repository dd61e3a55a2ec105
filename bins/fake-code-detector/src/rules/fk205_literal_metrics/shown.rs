//! Figures that a component writes into its own markup: tiles with literal values, and constants that are shown as they are.
use rustc_hash::FxHashMap;

use super::lists::{List, is_shown_figure};
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Literal figures in the markup of components.
pub(super) fn shown<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    if module.elements.is_empty() {
        return Vec::new();
    }
    let mut found = tiles(module);
    found.extend(constants(module));
    found.extend(texts(module));
    found
}

/// `<Tile label="Open tickets" value={23} trend={-4} />`, twice or more in one component.
fn tiles<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    let mut by_function: FxHashMap<FunctionId, (usize, bool, Span, NodeId, &'a str)> = FxHashMap::default();
    for element in &module.elements {
        let Some(function) = element.function else { continue };
        let (mut label, mut figure, mut change) = ("", false, false);
        for attribute in &element.it.attributes {
            let JSXAttributeItem::Attribute(attribute) = attribute else { continue };
            let name = attribute.name.as_identifier().map_or("", |name| name.name.as_str());
            match (name, &attribute.value) {
                ("label" | "title" | "name" | "heading", Some(JSXAttributeValue::StringLiteral(text))) => {
                    label = text.value.as_str()
                }
                ("value" | "amount" | "count" | "figure" | "total", value) => figure |= literal(value.as_ref()),
                ("trend" | "change" | "delta" | "diff", value) => change |= value.is_some(),
                _ => {}
            }
        }
        if figure && !label.is_empty() {
            let own = by_function.entry(function).or_insert((0, false, element.it.span, element.node, label));
            own.0 += 1;
            own.1 |= change || names::has_word(label, &lexicon::METRIC_NOUNS);
        }
    }
    let mut found: Vec<List<'a>> = by_function
        .into_iter()
        .filter(|(_, (count, sure, ..))| *count >= 2 && *sure)
        .map(|(function, (_, _, span, node, name))| List { span, node, function, name })
        .collect();
    found.sort_by_key(|list| list.span.start);
    found
}

fn literal(value: Option<&JSXAttributeValue<'_>>) -> bool {
    match value {
        Some(JSXAttributeValue::StringLiteral(text)) => is_shown_text(&text.value),
        Some(JSXAttributeValue::ExpressionContainer(it)) => it.expression.as_expression().is_some_and(is_shown_figure),
        _ => false,
    }
}

/// "86 %", "$48,250"
fn is_shown_text(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 2
        && text.contains(['%', '$', '€', '£', ',', '.'])
        && text.chars().all(|next| {
            next.is_ascii_digit()
                || matches!(
                    next,
                    '%' | '$' | '€' | '£' | ',' | '.' | ' ' | '+' | '-' | 'k' | 'K' | 'M' | 'm' | 's' | 'h'
                )
        })
}

/// `const score = 742; return <strong>{score}</strong>` of a component that reads nothing of what it is given.
fn constants<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    let scoping = module.semantic.scoping();
    let mut found: Vec<List<'a>> = Vec::new();
    for symbol in scoping.symbol_ids() {
        let node = module.declaration(symbol);
        let AstKind::VariableDeclarator(declarator) = module.kind(node) else { continue };
        let Some(Expression::NumericLiteral(number)) = &declarator.init else { continue };
        let (Some(name), true) = (declarator.id.get_binding_identifier(), number.value > 1.0) else { continue };
        let Some(function) = module.function_around(node) else { continue };
        if !names::has_word(&name.name, &lexicon::METRIC_NOUNS)
            || super::is_config(&name.name)
            || found.iter().any(|list| list.function == function)
        {
            continue;
        }
        let shown = module.uses(symbol).any(|reference| {
            matches!(module.kind(module.parent(reference.node_id())), AstKind::JSXExpressionContainer(_))
        });
        let unread = !module.function(function).params.items.is_empty()
            && module.summary(function).is_some_and(|summary| summary.ignores_input());
        if shown && unread && module.uses(symbol).all(Reference::is_read) {
            found.push(List { span: declarator.span, node, function, name: name.name.as_str() });
        }
    }
    found
}

/// `<dt>Visitors</dt><dd>12,841</dd>`, twice or more in a component that is about figures, or that ignores what it is given.
fn texts<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    let mut by_function: FxHashMap<FunctionId, (usize, Span, NodeId)> = FxHashMap::default();
    for element in &module.elements {
        let Some(function) = element.function else { continue };
        let AstKind::JSXElement(around) = module.kind(module.parent(element.node)) else { continue };
        let [JSXChild::Text(text)] = &around.children[..] else { continue };
        if is_figure_text(text.value.trim()) {
            let own = by_function.entry(module.home(function)).or_insert((0, text.span, element.node));
            own.0 += 1;
        }
    }
    let mut found: Vec<List<'a>> = by_function
        .into_iter()
        .filter(|(id, (count, ..))| *count >= 2 && is_about_figures(module, *id))
        .map(|(function, (_, span, node))| List { span, node, function, name: module.function(function).name })
        .collect();
    found.sort_by_key(|list| list.span.start);
    found
}

/// `12,841`, `38.2%`, `2m 14s`: no price and no round number.
fn is_figure_text(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let short = text.len() <= 16;
    let time = text.split(' ').count() == 2
        && text.split(' ').all(|part| {
            part.len() >= 2 && part.ends_with(['h', 'm', 's', 'd']) && part.starts_with(|c: char| c.is_ascii_digit())
        });
    let mut words = text.split(' ');
    let first = words.next().is_some_and(|number| {
        number.contains(['.', ',']) && number.chars().all(|next| next.is_ascii_digit() || matches!(next, '.' | ','))
    });
    let unit = words.next().is_some_and(|unit| unit.len() <= 5 && !unit.starts_with(['€', '$']));
    digits >= 2 && (short && (is_shown_text(text) || time) || text.len() <= 32 && first && unit)
}

fn is_about_figures(module: &Module<'_>, id: FunctionId) -> bool {
    let function = module.function(id);
    let named = function.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "stats"
                | "statistics"
                | "dashboard"
                | "overview"
                | "report"
                | "analytics"
                | "usage"
                | "metrics"
                | "kpi"
                | "kpis"
                | "insights"
                | "summary"
                | "activity"
                | "performance"
                | "balance"
                | "account"
                | "earnings"
                | "status"
                | "monitor"
                | "monitoring"
                | "health"
        )
    });
    let ignores =
        !function.params.items.is_empty() && module.summary(id).is_some_and(|summary| summary.ignores_input());
    named || ignores
}
