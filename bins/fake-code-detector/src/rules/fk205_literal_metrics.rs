//! FK205 literal-metrics: figures that were written down instead of measured.
use rustc_hash::FxHashSet;

use crate::analysis::Reach;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::{self, Lexicon};
use crate::model::{At, Function, FunctionId, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK205",
    name: "literal-metrics",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "Figures that only measuring can give are written out as numbers",
    details: "Two or more numbers under the names of measures (revenue, accuracy, latency), returned, shown or sent by a function, also where \
              they are arithmetic over literals or come through constants. A table of the text beside the time of this moment (`updatedAt: new Date()`) says of itself that it is new. Limits, thresholds, defaults, budgets, targets and weights are \
              chosen, not measured, and so is whatever a function named after them returns.",
    repair: "measure the figures, or leave out those that nobody measures",
    bad: "function useKpis(period: Period) {\n  return useMemo(() => ({ revenue: 48250.4, orders: 1312, conversion: 0.0341 }), [period]);\n}\n",
    good: "function useAlertLimits() {\n  return { revenue: 20000, orders: 600, conversion: 0.02 };\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen = FxHashSet::default();
    for object in &module.objects {
        if object.it.properties.len() < 2 {
            continue;
        }
        let Some(function) = object.function else { continue };
        let mut figures = figures(module, object.it);
        let home = module.home(function);
        // `{ USD: 1.0847, GBP: 0.8563, CHF: 0.9541 }` of what says that it loads.
        if figures.measures == 0 && figures.odd >= 3 && module.is_asked(module.function(home)) {
            figures.measures = 2;
        }
        if figures.measures < 2 && figures.odd + figures.measures >= 2 && drops_answer(module, object, function) {
            figures.measures = 2;
            figures.mostly_odd = false;
        }
        if figures.measures < 2 && memo::of_nothing(module, object, function) {
            figures.measures = 2.max(figures.chosen);
            figures.mostly_odd = false;
        }
        // `{ sizeBytes: 184302771, durationMs: 8412 }` of what nobody did.
        let done = odd_values(object.it) >= 2
            && waits_for_nobody(module, home)
            && module.promised_effect(module.function(home)).is_some();
        if done && figures.measures < 2 {
            figures.measures = 2;
            figures.mostly_odd = false;
            figures.names.extend(
                crate::analysis::object_keys(object.it)
                    .filter(|key| crate::analysis::property(object.it, key).is_some_and(is_odd)),
            );
        }
        let judged = figures.names.len() == 1
            && odd_values(object.it) == 1
            && matches!(
                figures.names.first(),
                Some(&("confidence" | "quality" | "accuracy" | "probability" | "similarity" | "score"))
            )
            && waits_for_nobody(module, home);
        if judged {
            figures.measures = 2;
        }
        let idle = figures.odd + figures.measures >= 2 && waits_for_nobody(module, home);
        let row = matches!(module.kind(module.parent(object.node)), AstKind::ArrayExpression(_));
        // Rows that were searched for and come from nobody.
        let searched = row
            && object.it.properties.len() >= 3
            && odd_values(object.it) >= 1
            && figures.chosen == 0
            && is_search(module.function(home))
            && waits_for_nobody(module, home);
        if searched {
            figures.measures = 2;
        }
        let by_case = !row && idle && figures.names.len() >= 2 && odd_values(object.it) >= 1;
        if by_case {
            figures.measures = figures.measures.max(2);
        }
        if figures.measures < 2 || figures.mostly_odd && !promises(module.function(home)) {
            continue;
        }
        if figures.measures < 2.max(figures.chosen)
            || (is_chosen(module, function, object.node) && !(by_case && !chosen::by_name(module, function)))
            || module.reach(object.node) < Reach::Return
            || !seen.insert(home)
        {
            continue;
        }
        let it = module.function(home);
        let names = figures.names.join(", ");
        sink.report(
            Finding::new(&RULE, it.span, format!("{} answers figures that were written down: {names}", it.qualified()))
                .of(home)
                .because(Evidence::InventedValue, object.it.span, format!("{names}: literals"))
                .because(Evidence::ContractWords, object.it.span, "names of what is measured"),
        );
    }
    for object in &module.objects {
        let Some(figure) = among::figure(module, object).or_else(|| shares::share(module, object)) else { continue };
        if !seen.insert(figure.home) {
            continue;
        }
        let (it, name) = (module.function(figure.home), figure.name);
        sink.report(
            Finding::new(&RULE, it.span, format!("{} answers \"{name}\", which nothing has measured", it.qualified()))
                .of(figure.home)
                .because(Evidence::InventedValue, figure.span, "made of literals alone, beside what was worked out")
                .because(Evidence::ContractWords, it.span, format!("{} promises to find it out", it.qualified())),
        );
    }
    for function in &module.functions {
        let Some(figure) = drawn::drawn(module, function).filter(|it| seen.insert(it.home)) else { continue };
        let message =
            format!("{} draws {}, which was written down, and not what it is given", function.qualified(), figure.name);
        sink.report(
            Finding::new(&RULE, function.span, message)
                .of(figure.home)
                .because(Evidence::InventedValue, figure.span, "literals")
                .because(Evidence::UnreadInput, function.params.span, "of what is given only the number is read"),
        );
    }
    for (home, span) in among::defaults(module) {
        if !seen.insert(home) {
            continue;
        }
        let it = module.function(home);
        sink.report(
            Finding::new(
                &RULE,
                it.span,
                format!("{} answers figures that are defaults of its parameters", it.qualified()),
            )
            .of(home)
            .because(Evidence::InventedValue, span, "literals")
            .because(Evidence::ContractWords, it.span, "what is measured has no default"),
        );
    }
    for list in lists::lists(module)
        .into_iter()
        .chain(shown::shown(module))
        .chain(constants::constants(module))
        .chain(dressed::dressed(module))
        .chain(stamped_text::stamped_texts(module))
    {
        let home = module.home(list.function);
        if is_chosen(module, list.function, list.node) || !seen.insert(home) {
            continue;
        }
        let it = module.function(home);
        sink.report(
            Finding::new(
                &RULE,
                it.span,
                format!("{} shows figures that were written down: {}", it.qualified(), list.name),
            )
            .of(home)
            .because(Evidence::InventedValue, list.span, "literals")
            .because(
                Evidence::ContractWords,
                list.span,
                format!("{} promises what is measured", list.name),
            ),
        );
    }
}

mod among;
mod chosen;
mod constants;
mod drawn;
mod dressed;
mod figures;
mod lists;
mod memo;
mod shares;
mod shown;
mod stamped_text;

use chosen::is_chosen;
use figures::{figures, is_config, is_odd};

/// `fetch(url).then((response) => ({ seats: 18, storage: 42.5 }))`: an answer came, and literals are given on in its place.
fn drops_answer<'a>(module: &Module<'a>, object: &At<&'a ObjectExpression<'a>>, function: FunctionId) -> bool {
    let it = module.function(function);
    let literal = object.it.properties.iter().all(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => crate::analysis::Shape::of(&it.value).is_some(),
        ObjectPropertyKind::SpreadProperty(_) => false,
    });
    let asked = match module.kind(module.parent(it.node)) {
        AstKind::CallExpression(call) => {
            matches!(names::root(&call.callee), Expression::Identifier(name) if matches!(name.name.as_str(), "fetch" | "axios" | "api" | "http" | "client" | "request" | "ky" | "got"))
        }
        _ => false,
    };
    let returned = module
        .returns_of(function)
        .filter_map(|it| it.value)
        .any(|value| value.span().contains_inclusive(object.it.span));
    it.argument_of == "then" && literal && asked && returned
}

/// An asynchronous function that asks nobody: what it answers to an input is made up.
fn waits_for_nobody(module: &Module<'_>, id: FunctionId) -> bool {
    let it = module.function(id);
    it.is_async
        && !it.params.items.is_empty()
        && module.inside(&module.awaits, id).is_empty()
        && module.summary(id).is_some_and(|summary| summary.effects().is_empty())
        && !module.is_bound_elsewhere(it)
}

fn is_search(function: &Function<'_>) -> bool {
    matches!(
        function.verb().as_str(),
        "fetch"
            | "load"
            | "search"
            | "query"
            | "find"
            | "lookup"
            | "look"
            | "retrieve"
            | "measure"
            | "recommend"
            | "suggest"
            | "discover"
            | "scan"
            | "poll"
            | "track"
            | "sample"
            | "probe"
            | "download"
            | "request"
    )
}

fn odd_values(object: &ObjectExpression<'_>) -> usize {
    let odd = |property: &&ObjectPropertyKind<'_>| matches!(property, ObjectPropertyKind::ObjectProperty(it) if is_odd(&it.value));
    object.properties.iter().filter(odd).count()
}

fn promises(function: &Function<'_>) -> bool {
    let verbs: [&Lexicon; 2] = [&lexicon::COMPUTE_VERBS, &lexicon::QUERY_VERBS];
    function.is_async
        || verbs.iter().any(|words| function.verb_in(words))
        || function.name.starts_with("use")
        || function.role == Role::Callback
}
