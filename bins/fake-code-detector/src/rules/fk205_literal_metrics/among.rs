//! A figure that was written down among others that were worked out: `{ lift, winner, power: 0.82 }`.
use super::{chosen, figures::is_config, figures::is_odd};
use crate::analysis::{Origin, Reach};
use crate::lexicon;
use crate::model::{At, Function, FunctionId, Module, Role};
use crate::names;
use crate::syntax::*;

/// A figure that no input has a part in, and where it is.
pub(super) struct Figure<'a> {
    pub(super) name: &'a str,
    pub(super) span: Span,
    pub(super) home: FunctionId,
}

const DEEPEST: usize = 24;

/// What a number that is written down is made of.
#[derive(Clone, Copy, Default)]
struct Written {
    /// One of its literals is a number that nobody chooses.
    odd: bool,
    /// Each of the numbers that are chosen among is such.
    all_odd: bool,
    /// It is worked out of literals and the clock, as if it had been measured.
    worked: bool,
    /// A condition chooses it.
    chosen: bool,
}

/// The figure that an object claims to have worked out and has not.
pub(super) fn figure<'a>(module: &Module<'a>, at: &At<&'a ObjectExpression<'a>>) -> Option<Figure<'a>> {
    let function = at.function?;
    if at.it.properties.len() < 2 || !at.it.properties.iter().any(is_computed) {
        return None;
    }
    let home = module.home(function);
    let it = module.function(home);
    if it.params.items.is_empty() && it.role != Role::Handler || !promises(module, it) {
        return None;
    }
    // Whoever asks nobody and has one figure too many, or asks somebody and takes none of the figures from the answer.
    let origin = module.origin_of_object(at.it);
    let answered = origin.has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV);
    let waits = !answered && module.inside(&module.awaits, home).iter().any(|at| !module.is_pause(&at.it.argument));
    let asks = waits && asked(it);
    if !answered && !origin.has(Origin::INPUT) && !waits {
        return None;
    }
    let odd = at.it.properties.iter().filter(|property| is_odd_literal(property)).count();
    let found = at.it.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        let name = names::key(&property.key);
        let written = written(module, &property.value, 0)?;
        let metric = names::has_word(name, &lexicon::METRIC_NOUNS) || is_statistic(name);
        let tabled = chosen::chosen_name(name) || is_tabled(name);
        let figure = match () {
            () if tabled => false,
            () if asks => written.odd && (written.worked || metric),
            // It has asked somebody, and its own numbers are all there is in the answer.
            () if waits && written.chosen => written.odd,
            () if is_config(name) && !is_statistic(name) => false,
            () if written.chosen => written.all_odd && (metric || !answered) && !is_tabled(it.name),
            () => {
                written.odd
                    && (metric
                        || !answered && module.promises(it) && is_fine(&property.value)
                        || (2..=6).contains(&odd)
                        || written.worked && !answered)
            }
        };
        figure.then_some((name, property.span))
    })?;
    if chosen::by_name(module, function) || module.reach(at.node) < Reach::Return {
        return None;
    }
    Some(Figure { name: found.0, span: found.1, home })
}

/// Whether a property may hold something that was worked out: no literal.
fn is_computed(property: &ObjectPropertyKind<'_>) -> bool {
    match property {
        ObjectPropertyKind::ObjectProperty(it) => !it.value.is_literal(),
        ObjectPropertyKind::SpreadProperty(_) => false,
    }
}

/// `ph: 7.24`, and no name that says that somebody chose it.
fn is_odd_literal(property: &ObjectPropertyKind<'_>) -> bool {
    let ObjectPropertyKind::ObjectProperty(it) = property else { return false };
    let name = names::key(&it.key);
    is_odd(&it.value) && !name.is_empty() && !is_config(name) && !is_tabled(name) && !chosen::chosen_name(name)
}

/// Three digits that count: 0.217, 61.4.
fn is_fine(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::NumericLiteral(it) if it.value.fract() != 0.0 && is_odd(value))
}

/// A function that says that it works something out, or finds it out.
fn promises<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.is_candidate(function)
        && !module.is_bound_elsewhere(function)
        && (module.promises(function)
            || function.is_async
            || names::has_word(function.name, &lexicon::METRIC_NOUNS)
            || function.words().last().is_some_and(|word| word == "test")
            || says_so(module, function))
}

/// Whether the comment of a function begins with a verb of work: "Scores how easily a text is read".
fn says_so<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let docs = module.docs_of(function.id);
    let known = |word: &str| {
        [&lexicon::COMPUTE_VERBS, &lexicon::QUERY_VERBS, &lexicon::CHECK_VERBS].iter().any(|words| words.has(word))
    };
    names::text_words(&docs).take(1).any(|word| {
        known(&word) || word.strip_suffix('s').is_some_and(known) || word.strip_suffix("es").is_some_and(known)
    })
}

/// Whether a function is to ask somebody for what it answers.
fn asked(function: &Function<'_>) -> bool {
    [&lexicon::QUERY_VERBS, &lexicon::CHECK_VERBS, &lexicon::COMPUTE_VERBS].iter().any(|words| function.verb_in(words))
}

/// Figures of statistics under names that hold no noun of a measure.
fn is_statistic(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "pvalue"
            | "p_value"
            | "zscore"
            | "significance"
            | "tstat"
            | "rsquared"
            | "r2"
            | "daysleft"
            | "entropy"
            | "sentiment"
    )
}

/// Figures that a rule may fix by law or contract.
fn is_tabled(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "rate"
                | "rates"
                | "price"
                | "cost"
                | "fee"
                | "fees"
                | "tax"
                | "vat"
                | "discount"
                | "commission"
                | "premium"
                | "duration"
                | "weight"
                | "ratio"
                | "distance"
                | "version"
                | "status"
                | "code"
                | "id"
                | "x"
                | "y"
                | "z"
                | "level"
                | "depth"
                | "priority"
                | "opacity"
                | "volume"
                | "speed"
                | "points"
                | "width"
                | "height"
                | "zoom"
                | "size"
        )
    })
}

/// A number made of literals and the clock alone, whatever chooses among them.
fn written<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> Option<Written> {
    if depth > DEEPEST {
        return None;
    }
    let of = |value: &'a Expression<'a>| written(module, value, depth + 1);
    match value.get_inner_expression() {
        Expression::NumericLiteral(_) => {
            let odd = is_odd(value);
            Some(Written { odd, all_odd: odd, ..Written::default() })
        }
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::UnaryNegation => of(&it.argument),
        Expression::ConditionalExpression(it) => {
            let (one, other) = (of(&it.consequent)?, of(&it.alternate)?);
            let all_odd = one.all_odd && other.all_odd
                || one.all_odd && is_half(&it.alternate)
                || other.all_odd && is_half(&it.consequent);
            Some(Written { odd: one.odd || other.odd, all_odd, worked: false, chosen: true })
        }
        Expression::BinaryExpression(it) if it.operator.is_arithmetic() => worked(of(&it.left)?, of(&it.right)?),
        Expression::CallExpression(call) => called(module, call, depth),
        Expression::NewExpression(new) if new.callee.is_specific_id("Date") => match new.arguments.first() {
            Some(first) => of(first.as_expression()?),
            None => Some(Written::default()),
        },
        Expression::ArrayExpression(it) => {
            let mut all = Written { all_odd: true, worked: true, ..Written::default() };
            for element in &it.elements {
                let one = of(element.as_expression()?)?;
                all.odd |= one.odd;
                all.all_odd &= one.odd;
            }
            (it.elements.len() >= 2).then_some(all)
        }
        Expression::StaticMemberExpression(it) if it.property.name == "length" => of(&it.object),
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            let local = module.function_around(module.declaration(symbol)).is_some();
            let Some(value) = module.unchanged_value(symbol) else { return assigned(module, symbol, depth) };
            let found = of(value)?;
            // A constant of the module is chosen; it may be a part of what is worked out.
            Some(if local { found } else { Written::default() })
        }
        _ => None,
    }
}

/// `let share; if (…) share = 71.3; else share = 88.6;`
fn assigned(module: &Module<'_>, symbol: SymbolId, depth: usize) -> Option<Written> {
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return None };
    module.function_around(module.declaration(symbol))?;
    let mut all = Written { all_odd: true, chosen: true, ..Written::default() };
    let mut count = 0;
    let mut add = |one: Written, plain: bool| {
        count += 1;
        all.odd |= one.odd;
        all.all_odd &= one.all_odd || plain;
    };
    if let Some(init) = &it.init {
        add(written(module, init, depth + 1)?, is_half(init));
    }
    for reference in module.uses(symbol).filter(|it| it.is_write()).take(20) {
        let AstKind::AssignmentExpression(it) = module.kind(module.parent(reference.node_id())) else { return None };
        if it.operator != AssignmentOperator::Assign {
            return None;
        }
        add(written(module, &it.right, depth + 1)?, is_half(&it.right));
    }
    (count >= 2 && all.odd).then_some(all)
}

fn worked(one: Written, other: Written) -> Option<Written> {
    let odd = one.odd || other.odd;
    Some(Written { odd, all_odd: odd, worked: true, chosen: one.chosen || other.chosen })
}

/// 0, 0.5 and 1: what stands for nothing beside a figure.
fn is_half(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::NumericLiteral(it) if it.value == 0.5 || it.value == 0.0 || it.value == 1.0)
}

/// `Math.round(12.4)`, `Date.now()`, `samples.reduce(…)`, `until.getTime()`.
fn called<'a>(module: &Module<'a>, call: &'a CallExpression<'a>, depth: usize) -> Option<Written> {
    let of = |value: &'a Expression<'a>| written(module, value, depth + 1);
    let method = names::last(&call.callee);
    let object = names::object(&call.callee)?;
    if object.is_specific_id("Date") && method == "now" {
        return Some(Written::default());
    }
    if object.is_specific_id("Math") && method != "random" || object.is_specific_id("Number") {
        let mut all = Written { worked: true, ..Written::default() };
        for argument in &call.arguments {
            let one = match argument {
                Argument::SpreadElement(spread) => of(&spread.argument)?,
                other => of(other.as_expression()?)?,
            };
            all.odd |= one.odd;
            all.chosen |= one.chosen;
        }
        return Some(Written { all_odd: all.odd, ..all });
    }
    if !matches!(method, "reduce" | "getTime" | "valueOf" | "toFixed" | "at" | "toISOString") {
        return None;
    }
    let found = of(object)?;
    Some(Written { worked: true, ..found })
}

/// Functions that are given two figures and more as defaults: `constructor(availability = 99.962, incidents = 17)`.
/// Of a class the first method that answers such a field is to blame.
pub(super) fn defaults(module: &Module<'_>) -> Vec<(FunctionId, Span)> {
    let mut found = Vec::new();
    for function in module.functions.iter().filter(|it| it.params.items.len() >= 2 && it.has_body()) {
        let figures: Vec<&str> = function
            .params
            .items
            .iter()
            .filter_map(|item| {
                let value = item.initializer.as_ref()?;
                let name = item.pattern.get_binding_identifier()?.name.as_str();
                let free = !is_config(name) && !is_tabled(name) && !chosen::chosen_name(name);
                (free && is_odd(value)).then_some(name)
            })
            .collect();
        if figures.len() < 2
            || !figures.iter().any(|name| names::has_word(name, &lexicon::METRIC_NOUNS) || is_counted(name))
            || chosen::by_name(module, function.id)
        {
            continue;
        }
        let giver = match function.class {
            Some(class) => module.class_of(class).methods.iter().copied().find(|id| {
                module.returns_of(*id).filter_map(|it| it.value).any(|value| {
                    let text = module.text_of(value.span());
                    figures.iter().all(|name| text.contains(&format!("this.{name}")))
                })
            }),
            None => None,
        };
        if let Some(giver) = giver {
            found.push((giver, function.params.span));
        }
    }
    found
}

fn is_counted(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "availability" | "incidents" | "efficiency" | "share" | "failures" | "attempts" | "visits" | "calls"
        )
    })
}
