//! Figures that are written down as lists: the cards of a dashboard, and the numbers of a chart.
use crate::analysis::Reach;
use crate::lexicon;
use crate::model::{At, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Figures in a list, and the function that shows them.
pub(super) struct List<'a> {
    pub(super) span: Span,
    pub(super) node: NodeId,
    pub(super) function: FunctionId,
    pub(super) name: &'a str,
}

/// Lists of figures that functions return or show.
pub(super) fn lists<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    module.arrays.iter().filter_map(|array| cards(module, array).or_else(|| chart(module, array))).collect()
}

/// `[{ title: "Total users", value: 1284 }, { title: "Revenue", value: "$48,250" }]`
fn cards<'a>(module: &Module<'a>, array: &At<&'a ArrayExpression<'a>>) -> Option<List<'a>> {
    if array.it.elements.len() < 2 {
        return None;
    }
    let mut cards =
        array.it.elements.iter().filter_map(|element| match element.as_expression()?.get_inner_expression() {
            Expression::ObjectExpression(object) => card(object),
            // `["Churn", "2.3%"]`
            Expression::ArrayExpression(pair) => match &pair.elements[..] {
                [ArrayExpressionElement::StringLiteral(label), figure] => figure
                    .as_expression()
                    .filter(|it| is_shown_figure(it) && names::has_word(&label.value, &lexicon::METRIC_NOUNS))
                    .map(|_| label.value.as_str()),
                _ => None,
            },
            _ => None,
        });
    let name = cards.next()?;
    if cards.count() * 3 + 3 < array.it.elements.len() * 2 || array.it.elements.len() < 2 {
        return None;
    }
    found(module, array, name)
}

/// The label of a card, where it names a measure and a figure stands beside it.
fn card<'a>(object: &'a ObjectExpression<'a>) -> Option<&'a str> {
    let (mut label, mut figure) = (None, false);
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
        match (names::key(&property.key), property.value.get_inner_expression()) {
            ("label" | "title" | "name" | "metric" | "heading", Expression::StringLiteral(it)) => {
                label = Some(it.value.as_str())
            }
            ("value" | "amount" | "count" | "total" | "change" | "delta" | "current" | "figure", value) => {
                figure |= is_shown_figure(value)
            }
            _ => {}
        }
    }
    label.filter(|label| figure && names::has_word(label, &lexicon::METRIC_NOUNS))
}

/// 1284, 0.034, "$48,250", "12.4%": nobody chooses such.
pub(super) fn is_shown_figure(value: &Expression<'_>) -> bool {
    match value {
        Expression::NumericLiteral(_) => super::is_odd(value),
        Expression::StringLiteral(it) => {
            let text = it.value.trim_start_matches(['$', '€', '£', '+', '-', '¥']);
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let marks = it.value.len() > text.len() || text.contains(',') || text.ends_with('%') || text.contains('.');
            digits >= 2
                && marks
                && text.chars().all(|next| {
                    next.is_ascii_digit()
                        || matches!(next, ',' | '.' | '%' | 'k' | 'K' | 'M' | 'B' | ' ' | 'm' | 's' | 'h')
                })
        }
        _ => false,
    }
}

/// `{ label: "Revenue", data: [120, 132, 101, 134] }`
fn chart<'a>(module: &Module<'a>, array: &At<&'a ArrayExpression<'a>>) -> Option<List<'a>> {
    if array.it.elements.len() < 4 {
        return None;
    }
    let numbers = array
        .it
        .elements
        .iter()
        .filter_map(|element| element.as_expression())
        .filter(|it| matches!(it, Expression::NumericLiteral(number) if number.value.abs() > 2.0))
        .count();
    let odd =
        array.it.elements.iter().filter_map(|element| element.as_expression()).filter(|it| super::is_odd(it)).count();
    if numbers * 4 < array.it.elements.len() * 3 || odd * 2 < array.it.elements.len() {
        return None;
    }
    let name = match module.kind(module.parent(array.node)) {
        AstKind::ObjectProperty(property) => {
            let key = names::key(&property.key);
            let beside = match module.kind(module.parent(module.parent(array.node))) {
                AstKind::ObjectExpression(object) => object.properties.iter().find_map(|other| match other {
                    ObjectPropertyKind::ObjectProperty(it)
                        if matches!(names::key(&it.key), "label" | "name" | "title") =>
                    {
                        match &it.value {
                            Expression::StringLiteral(text) => Some(text.value.as_str()),
                            _ => None,
                        }
                    }
                    _ => None,
                }),
                _ => None,
            };
            match key {
                "data" | "values" | "points" | "series" | "history" | "trend" | "sparkline" => beside
                    .filter(|label| names::has_word(label, &lexicon::METRIC_NOUNS))
                    .or((key != "data" && key != "values" && key != "points").then_some(key)),
                key => names::has_word(key, &lexicon::METRIC_NOUNS).then_some(key),
            }
        }
        AstKind::VariableDeclarator(it) => {
            it.id.get_binding_identifier().map(|name| name.name.as_str()).filter(|name| {
                names::has_word(name, &lexicon::METRIC_NOUNS)
                    || names::words(name)
                        .iter()
                        .any(|word| matches!(word.as_str(), "history" | "trend" | "readings" | "sparkline"))
                    || is_drawn(module, it, name)
            })
        }
        _ => None,
    }?;
    found(module, array, name)
}

/// `bars` of a component that is a chart: what it draws is to come from what it is given.
fn is_drawn<'a>(module: &Module<'a>, it: &'a VariableDeclarator<'a>, name: &str) -> bool {
    let held = names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "bars"
                | "heights"
                | "points"
                | "values"
                | "series"
                | "data"
                | "buckets"
                | "counts"
                | "samples"
                | "bins"
                | "dataset"
        )
    });
    let chart = |id: FunctionId| {
        let it = module.function(module.home(id));
        !it.params.items.is_empty()
            && names::words(it.name).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "chart" | "graph" | "histogram" | "sparkline" | "plot" | "heatmap" | "distribution"
                )
            })
    };
    let symbol = it.id.get_binding_identifier().and_then(|name| name.symbol_id.get());
    held && symbol.is_some_and(|symbol| {
        module.uses(symbol).any(|reference| {
            module.is_shown(reference.node_id()) && module.function_around(reference.node_id()).is_some_and(chart)
        })
    })
}

fn found<'a>(module: &Module<'a>, array: &At<&'a ArrayExpression<'a>>, name: &'a str) -> Option<List<'a>> {
    let Some(function) = array.function else {
        // A constant of the module that a component or a request shows.
        let symbol = module.constant_of(array.node)?;
        let held = module.semantic.scoping().symbol_name(symbol);
        if super::chosen::chosen_name(held) {
            return None;
        }
        let function = module.giver_of(symbol)?;
        return Some(List { span: array.it.span, node: array.node, function, name });
    };
    (module.reach(array.node) >= Reach::Return).then_some(List {
        span: array.it.span,
        node: array.node,
        function,
        name,
    })
}
