//! Figures in the texts of a component, beside a time that says that they are of this moment.
use super::lists::List;
use crate::analysis::Origin;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Components whose markup says “99.97 %” and “checked” with the time of the clock.
pub(super) fn stamped_texts<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    let mut found: Vec<List<'a>> = Vec::new();
    if module.elements.is_empty() || !(module.text.contains("new Date()") || module.text.contains(".now()")) {
        return found;
    }
    let mut homes: Vec<FunctionId> = module.elements.iter().filter_map(|at| at.function).collect();
    homes.dedup();
    for function in homes {
        if found.iter().any(|it| it.function == function) {
            continue;
        }
        let texts = texts_of(module, function);
        let figure = texts.iter().find(|(_, _, text)| has_figure(text));
        let stamped = texts.iter().any(|(_, span, text)| says_fresh(text) && clock_after(module, function, *span));
        if let Some((node, span, _)) = figure.filter(|_| stamped) {
            found.push(List { span: *span, node: *node, function, name: "its text" });
        }
    }
    found
}

fn texts_of<'a>(module: &Module<'a>, function: FunctionId) -> Vec<(NodeId, Span, &'a str)> {
    let it = module.function(function);
    (it.node.index()..it.end.index())
        .map(NodeId::from_usize)
        .filter_map(|node| match module.kind(node) {
            AstKind::JSXText(text) => Some((node, text.span, text.value.as_str())),
            _ => None,
        })
        .collect()
}

/// `99.97 %`, `182 ms`, `€ 4,812`: a number that nobody rounds, with a unit.
fn has_figure(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.iter().enumerate().any(|(at, word)| {
        let digits: String = word.chars().filter(char::is_ascii_digit).collect();
        let number = word.trim_matches(|c: char| !c.is_ascii_digit());
        let unit = word.ends_with(['%', '€', '$', '£'])
            || word.starts_with(['€', '$', '£'])
            || words.get(at + 1).is_some_and(|next| is_unit(next));
        let odd = number.contains('.') && digits.len() >= 3
            || digits.len() >= 3 && !digits.ends_with("00")
            || digits.len() == 2 && !digits.ends_with(['0', '5']);
        unit && odd && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    })
}

fn is_unit(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', ';', ')']);
    matches!(
        word,
        "%" | "ms"
            | "s"
            | "min"
            | "°C"
            | "°F"
            | "km"
            | "kW"
            | "kWh"
            | "MB"
            | "GB"
            | "TB"
            | "€"
            | "EUR"
            | "USD"
            | "users"
            | "orders"
            | "requests"
            | "visits"
            | "visitors"
            | "sessions"
            | "req/s"
            | "rps"
            | "ppm"
            | "bpm"
            | "errors"
            | "tickets"
            | "devices"
            | "online"
    )
}

fn says_fresh(text: &str) -> bool {
    names::text_words(text).any(|word| {
        matches!(word.as_str(), "checked" | "updated" | "measured" | "refreshed" | "synced" | "fetched" | "live")
    }) || text.to_lowercase().contains("as of")
}

/// Whether the next expression behind a text shows the clock of this moment.
fn clock_after(module: &Module<'_>, function: FunctionId, span: Span) -> bool {
    let it = module.function(function);
    (it.node.index()..it.end.index()).map(NodeId::from_usize).any(|node| match module.kind(node) {
        AstKind::JSXExpressionContainer(shown) if shown.span.start >= span.end && shown.span.start <= span.end + 2 => {
            shown.expression.as_expression().is_some_and(|value| {
                let origin = module.origin(value);
                origin.has(Origin::TIME) && !origin.has(Origin::CALL | Origin::INPUT | Origin::FIELD)
            })
        }
        _ => false,
    })
}
