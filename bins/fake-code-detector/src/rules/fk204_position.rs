//! FK204 for places: a measure that falls or grows by a constant step with the place in a list, or with the length of a text.
use rustc_hash::FxHashSet;

use crate::analysis::{Made, Origin, object_keys};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::Module;
use crate::names;
use crate::rules::fk204_hash_as_metric::RULE;
use crate::syntax::*;

pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen = FxHashSet::default();
    for object in &module.objects {
        for property in &object.it.properties {
            let ObjectPropertyKind::ObjectProperty(it) = property else { continue };
            let name = names::key(&it.key);
            let measured = names::words(name).len() > 1
                && (names::has_word(name, &lexicon::METRIC_NOUNS) || name.contains("elay"))
                && !is_place(name)
                || matches!(name, "price" | "rating" | "stock" | "views" | "likes" | "temperature" | "revenue");
            // A row of something, with a fraction by its place.
            let of_row = names::has_word(name, &lexicon::METRIC_NOUNS)
                && !is_place(name)
                && module.text_of(it.value.span()).contains("0.")
                && object_keys(object.it)
                    .any(|key| matches!(key, "id" | "name" | "title" | "sku" | "label" | "candidateId"));
            if !of_row && !is_judgement(name) && !(measured && module.text_of(it.value.span()).contains('%')) {
                continue;
            }
            let what = match () {
                () if is_stepped(module, &it.value) => "the place in a list",
                () if is_length(module, &it.value) => "the length of a text",
                () => continue,
            };
            let Some(home) = object.function.map(|id| module.home(id)).filter(|home| seen.insert(*home)) else {
                continue;
            };
            let about = module.function(home);
            sink.report(
                Finding::new(&RULE, about.span, format!("in {}, \"{name}\" is made of {what}", about.qualified()))
                    .of(home)
                    .because(Evidence::InventedValue, it.span, format!("numbers of the text, and {what}"))
                    .because(Evidence::ContractWords, it.span, format!("{name} promises a judgement"))
                    .with_severity(Severity::Error),
            );
        }
    }
}

/// What may well go by a place in a list.
fn is_place(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "index"
                | "position"
                | "offset"
                | "x"
                | "y"
                | "row"
                | "col"
                | "column"
                | "width"
                | "height"
                | "animation"
                | "stagger"
                | "transition"
                | "ms"
                | "line"
                | "page"
                | "id"
                | "key"
                | "size"
                | "depth"
                | "min"
                | "max"
                | "step"
        )
    })
}

/// A number that judges something; places and lengths judge nothing.
fn is_judgement(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "score"
                | "scores"
                | "confidence"
                | "relevance"
                | "share"
                | "similarity"
                | "probability"
                | "likelihood"
                | "sentiment"
                | "quality"
                | "risk"
                | "accuracy"
                | "rating"
                | "match"
                | "certainty"
                | "fit"
                | "grade"
                | "points"
        )
    })
}

/// `0.97 - rank * 0.04`: an index and literals, with a fraction or two numbers.
fn is_stepped<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let leaf = |module: &Module<'a>, value: &'a Expression<'a>| match value {
        Expression::Identifier(_) => {
            (module.origin(value).without(Origin::LITERAL) == Origin::INDEX).then_some(Made::Special)
        }
        _ => None,
    };
    let text = module.text_of(value.span());
    let steps = match value.get_inner_expression() {
        Expression::Identifier(name) => {
            module.initial(name).is_some_and(|init| module.text_of(init.span()).contains(['*', '/', '%']))
        }
        _ => text.contains(['*', '/', '%']),
    };
    steps && module.made_of(value, &leaf) == Made::Special
}

/// `Math.min(0.99, 0.5 + text.length / 1000)`
fn is_length<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let leaf = |_: &Module<'a>, value: &'a Expression<'a>| match value {
        Expression::StaticMemberExpression(it) if it.property.name == "length" => Some(Made::Special),
        _ => None,
    };
    let init = match value.get_inner_expression() {
        Expression::Identifier(name) => module.initial(name),
        _ => Some(value),
    };
    let one = init.is_some_and(|init| {
        let text = module.text_of(init.span());
        // A share of two lengths is measured.
        text.matches("length").count() <= 1 && text.contains(['*', '/', '+', '-']) && text.contains("0.")
    });
    one && module.made_of(value, &leaf) == Made::Special
}
