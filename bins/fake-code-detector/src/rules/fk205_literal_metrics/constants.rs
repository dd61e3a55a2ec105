//! Figures in constants of the module that a component shows or a request is answered with, and rows of counts.
use super::figures::{figures, is_config, is_odd};
use super::lists::List;
use crate::analysis::{Reach, same_shape};
use crate::lexicon;
use crate::model::{At, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Figures and rows of counts that somebody shows or hands out.
pub(super) fn constants<'a>(module: &Module<'a>) -> Vec<List<'a>> {
    let objects = module.objects.iter().filter(|at| at.function.is_none()).filter_map(|at| summary(module, at));
    let lists = module.arrays.iter().filter_map(|at| counts(module, at));
    objects.chain(lists).collect()
}

/// `const totals = { gross: 12845012, refunds: 231090 }`
fn summary<'a>(module: &Module<'a>, at: &At<&'a ObjectExpression<'a>>) -> Option<List<'a>> {
    if at.it.properties.len() < 2 {
        return None;
    }
    let symbol = module.constant_of(at.node)?;
    let found = figures(module, at.it);
    let sure = found.measures >= 2 || found.measures >= 1 && found.odd >= 2 || found.odd >= 3;
    let odd = at.it.properties.iter().filter(|property| is_odd_value(property)).count();
    let name = module.semantic.scoping().symbol_name(symbol);
    if !sure || odd < 2 || found.chosen > found.measures + found.odd || super::chosen::chosen_name(name) {
        return None;
    }
    let function = module.giver_of(symbol)?;
    let name = found.names.first().copied().unwrap_or("figures");
    Some(List { span: at.it.span, node: at.node, function, name })
}

fn is_odd_value(property: &ObjectPropertyKind<'_>) -> bool {
    matches!(property, ObjectPropertyKind::ObjectProperty(it) if is_odd(&it.value))
}

/// `[{ stage: "visit", count: 18420 }, { stage: "cart", count: 3911 }]`
fn counts<'a>(module: &Module<'a>, at: &At<&'a ArrayExpression<'a>>) -> Option<List<'a>> {
    let rows: Vec<&ObjectExpression<'a>> = at
        .it
        .elements
        .iter()
        .filter_map(|element| match element.as_expression()?.get_inner_expression() {
            Expression::ObjectExpression(row) => Some(&**row),
            _ => None,
        })
        .collect();
    let first = rows.first()?;
    if rows.len() < 2 || rows.len() * 3 < at.it.elements.len() * 2 || !same_shape(first, rows[1]) {
        return None;
    }
    // What a request is answered with is no table of knowledge.
    let asked = at.function.is_some_and(|id| module.answers_requests(module.function(module.home(id))));
    let name = counted(first, asked)?;
    if rows.iter().filter(|row| counted(row, asked).is_some()).count() * 3 < rows.len() * 2 {
        return None;
    }
    let function = match at.function {
        Some(id) if module.reach(at.node) >= Reach::Return && is_giver(module, id) => id,
        Some(_) => return None,
        None => {
            let symbol = module.constant_of(at.node)?;
            let held = module.semantic.scoping().symbol_name(symbol);
            if super::chosen::chosen_name(held) || is_table(held) {
                return None;
            }
            module.giver_of(symbol)?
        }
    };
    Some(List { span: at.it.span, node: at.node, function, name })
}

/// The key of a count that nobody chooses, beside something that says what is counted.
fn counted<'a>(row: &'a ObjectExpression<'a>, asked: bool) -> Option<&'a str> {
    let (mut what, mut when, mut name) = (false, false, None);
    let numbers = row.properties.iter().filter(|property| {
        matches!(property, ObjectPropertyKind::ObjectProperty(it) if matches!(it.value.get_inner_expression(), Expression::NumericLiteral(_) | Expression::UnaryExpression(_)))
    });
    let several = numbers.count() >= 2;
    for property in &row.properties {
        let ObjectPropertyKind::ObjectProperty(it) = property else { continue };
        let key = names::key(&it.key);
        match it.value.get_inner_expression() {
            Expression::StringLiteral(_) => {
                what = true;
                when |= matches!(key, "month" | "day" | "date" | "week" | "hour" | "time" | "year" | "at" | "period");
            }
            Expression::NumericLiteral(_) if is_odd(&it.value) && !is_config(key) => {
                let counts = names::has_word(key, &lexicon::METRIC_NOUNS) && (asked || !is_property(key));
                if counts || matches!(key, "value" | "y" | "n") && when || key == "value" && several {
                    name = name.or(Some(key));
                }
            }
            _ => {}
        }
    }
    name.filter(|_| what)
}

/// Names of numbers that a thing has by itself, so that a table of them is knowledge.
fn is_property(key: &str) -> bool {
    names::words(key).iter().any(|word| {
        matches!(
            word.as_str(),
            "price"
                | "cost"
                | "fee"
                | "weight"
                | "calories"
                | "speed"
                | "duration"
                | "distance"
                | "power"
                | "voltage"
                | "energy"
                | "quantity"
                | "depth"
                | "altitude"
                | "volume"
                | "temperature"
                | "pressure"
                | "ratio"
                | "max"
                | "min"
                | "rate"
                | "score"
                | "memory"
                | "disk"
                | "cpu"
                | "health"
                | "moisture"
                | "humidity"
                | "current"
                | "progress"
                | "quality"
                | "coverage"
                | "variance"
                | "deviation"
                | "confidence"
                | "probability"
                | "risk"
                | "credits"
                | "points"
                | "mean"
                | "average"
                | "eta"
        )
    })
}

/// Knowledge by its name.
fn is_table(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "plan"
                | "plans"
                | "price"
                | "prices"
                | "pricing"
                | "unit"
                | "units"
                | "country"
                | "countries"
                | "element"
                | "elements"
                | "planet"
                | "planets"
                | "size"
                | "sizes"
                | "breakpoints"
                | "levels"
                | "tiers"
                | "testimonials"
                | "milestones"
                | "achievements"
        )
    })
}

/// Whether a function is asked for what it gives: a handler, a query, a hook or a component.
fn is_giver(module: &Module<'_>, id: FunctionId) -> bool {
    let home = module.home(id);
    let it = module.function(home);
    let component = it.name.starts_with(char::is_uppercase) && !module.elements.is_empty();
    module.hands_out(home) || it.name.starts_with("use") || component || super::promises(it)
}
