//! FK201 random-as-data: a number that chance made up is shown as one that was measured, or decides what was to be found out.
use rustc_hash::FxHashSet;

use crate::analysis::{Made, Origin, Reach, is_state, object_keys};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, FunctionId, Module, Topic};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK201",
    name: "random-as-data",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A value that chance made up is returned, shown or sent as data, or chance decides the outcome",
    details: "Followed through variables, helpers and generators that the module writes itself (seeded ones too), not only `Math.random`. \
              A checksum or digest made of chance proves nothing. Identifiers, tokens, pauses, samples, games, simulations and decoration are what chance is for: they are known by the names of \
              the value, of the function and of the file. A number that is drawn from a distribution that the caller gives is not meant.",
    repair: "read the value from where it is measured, or say that there is none",
    bad: "async function nodeLoad(node: Node) {\n  return { node: node.id, load: Math.random() * 90 };\n}\n",
    good: "async function nodeLoad(node: Node) {\n  const { load } = await probe(node, { retryIn: 200 + Math.random() * 100 });\n  return { node: node.id, load };\n}\n",
    check,
};

mod decisions;
mod issued;
mod proof;
mod secrets;
mod sinks;

/// Something random, where it is used, and under which name.
struct Use<'a> {
    node: NodeId,
    span: Span,
    name: &'a str,
    function: Option<FunctionId>,
    /// Nothing real is in it.
    pure: bool,
}

fn check(module: &Module<'_>, sink: &mut Sink) {
    secrets::secrets(module, sink);
    issued::issued(module, sink);
    proof::proofs(module, sink);
    let clock = module.speaks_of(Topic::Remainder) && module.speaks_of(Topic::Clock);
    if !clock && !module.calls.iter().any(|call| is_seed(module, call.it)) {
        return;
    }
    let mut uses = Vec::new();
    properties(module, &mut uses);
    returns(module, &mut uses);
    sinks::states(module, &mut uses);
    sinks::writes(module, &mut uses);
    sinks::attributes(module, &mut uses);
    decisions::decisions(module, &mut uses);
    uses.sort_by_key(|it| (it.span.start, it.span.end));
    let mut seen = FxHashSet::default();
    for it in uses {
        if is_drawn_openly(module, &it)
            || module.context_has(it.function, &lexicon::RANDOM_CONTEXTS)
            || takes_generator(module, it.function)
            || module.is_for_development(it.node)
        {
            continue;
        }
        let home = it.function.map(|id| module.home(id));
        if !seen.insert(home) {
            continue;
        }
        sink.report(finding(module, &it, home));
    }
}

/// Cheap: whether a call may be where chance comes from.
fn is_seed<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    module.chance(call).is_some_and(|origin| !origin.has(Origin::TOKEN)) || names::last(&call.callee) == "randomBytes"
}

fn finding(module: &Module<'_>, it: &Use<'_>, home: Option<FunctionId>) -> Finding {
    let span = home.map_or(it.span, |id| module.function(id).span);
    let place = home.map_or_else(|| "the module".to_owned(), |id| module.function(id).qualified());
    let what = if it.name.is_empty() { "the answer".to_owned() } else { format!("\"{}\"", it.name) };
    let severity = if it.pure { Severity::Error } else { Severity::Warning };
    let mut finding = Finding::new(&RULE, span, format!("in {place}, {what} is made up by chance"))
        .with_severity(severity)
        .because(Evidence::InventedValue, it.span, "nothing but randomness and literals decides this")
        .because(Evidence::ContractWords, span, format!("{what} promises something known"));
    if let Some(id) = home {
        finding = finding.of(id);
    }
    finding
}

/// Whether a value is random; `true` where nothing real is in it. A call of somewhere else that gets nothing but random
/// values, such as `round(x)`, adds nothing real.
fn randomness<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<bool> {
    let origin = module.origin(value);
    if origin.has(Origin::TOKEN) || !origin.has(Origin::RANDOM | Origin::TIME) {
        return None;
    }
    if module.made_of(value, &drawn) == Made::Special || origin.has(Origin::RANDOM) && !origin.is_real() {
        return Some(true);
    }
    if let Expression::CallExpression(call) = value.get_inner_expression()
        && names::object(&call.callee).is_none()
        && !call.arguments.is_empty()
        && call
            .arguments
            .iter()
            .all(|it| it.as_expression().is_some_and(|it| module.made_of(it, &drawn) == Made::Special))
    {
        return Some(true);
    }
    // A base that is picked from literals, and chance on top of it: all that is new in it is chance.
    if origin.has(Origin::RANDOM) && module.made_of(value, &picked) == Made::Special {
        return Some(false);
    }
    // Real and random mixed: a price that wobbles. What a call answered may only carry a token of ours.
    (origin.has(Origin::RANDOM) && !origin.has(Origin::CALL)).then_some(false)
}

/// Where chance comes in: a call of it, or the remainder of the clock.
fn drawn<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        // `setViewers((n) => n + 1)`: the old state is no news.
        Expression::Identifier(name) => {
            let node = module.declaration(module.symbol(name)?);
            let AstKind::FormalParameter(_) = module.kind(node) else { return None };
            let function = module.function(module.function_around(node)?);
            (is_state(function.argument_of, false) || function.argument_of == "update").then_some(Made::Plain)
        }
        Expression::CallExpression(call) => {
            module.chance(call).map(|origin| if origin.has(Origin::TOKEN) { Made::Other } else { Made::Special })
        }
        Expression::BinaryExpression(it) if it.operator == BinaryOperator::Remainder && is_no_unit(&it.right) => {
            let origin = module.origin(&it.left);
            (origin.has(Origin::TIME) && !origin.is_real() && !origin.has(Origin::RANDOM | Origin::INDEX))
                .then_some(Made::Special)
        }
        _ => None,
    }
}

/// As [`drawn`]; what only picks among literals (`risky ? 0.3 : 0.1`, `BASE[kind]`) adds nothing measured.
fn picked<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        Expression::ConditionalExpression(it) => {
            let sides = module.made_of(&it.consequent, &picked).max(module.made_of(&it.alternate, &picked));
            (sides < Made::Other).then_some(sides)
        }
        Expression::ComputedMemberExpression(it) => {
            let table = module.meant(&it.object);
            let literal = matches!(table, Expression::ObjectExpression(_) | Expression::ArrayExpression(_));
            (literal && module.origin(table).is_constant()).then_some(Made::Plain)
        }
        other => drawn(module, other),
    }
}

/// A divisor that is no unit of time: what remains of 60 or 24 is the time of day.
fn is_no_unit(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::NumericLiteral(it) if it.value < 1000.0 && ![4.0, 7.0, 12.0, 24.0, 30.0, 60.0, 365.0].contains(&it.value))
}

fn is_honest_name(name: &str) -> bool {
    names::has_word(name, &lexicon::RANDOM_SINKS)
        || names::words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "second"
                    | "seconds"
                    | "minute"
                    | "minutes"
                    | "hour"
                    | "hours"
                    | "day"
                    | "tick"
                    | "frame"
                    | "phase"
                    | "remaining"
                    | "millis"
                    | "nanos"
                    | "expires"
                    | "age"
                    | "ttl"
            )
        })
}

fn is_metric(name: &str) -> bool {
    names::has_word(name, &lexicon::METRIC_NOUNS)
}

/// A property of an object that is not only an argument of some call, or that is named as a measure.
fn properties<'a>(module: &Module<'a>, uses: &mut Vec<Use<'a>>) {
    for object in &module.objects {
        let mut reach = None;
        if is_point(object.it) {
            continue;
        }
        for property in &object.it.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let name = names::key(&property.key);
            if matches!(
                property.value.get_inner_expression(),
                Expression::StringLiteral(_)
                    | Expression::NumericLiteral(_)
                    | Expression::ArrowFunctionExpression(_)
                    | Expression::FunctionExpression(_)
                    | Expression::ObjectExpression(_)
            ) {
                continue;
            }
            let Some(pure) = randomness(module, &property.value) else { continue };
            let metric = is_metric(name);
            if is_honest_name(name) || !pure && !metric {
                continue;
            }
            let reach = *reach.get_or_insert_with(|| module.reach(object.node));
            if reach >= Reach::Field || metric && reach == Reach::Argument {
                uses.push(Use {
                    node: property.node_id.get(),
                    span: property.span,
                    name,
                    function: object.function,
                    pure,
                });
            }
        }
    }
}

/// Something that is drawn somewhere: two coordinates.
fn is_point(object: &ObjectExpression<'_>) -> bool {
    object_keys(object)
        .filter(|key| matches!(*key, "x" | "y" | "z" | "cx" | "cy" | "left" | "top" | "angle" | "radius" | "vx" | "vy"))
        .count()
        >= 2
}

/// What a function returns whose name promises to find something out; also where chance decides which literal it is.
fn returns<'a>(module: &Module<'a>, uses: &mut Vec<Use<'a>>) {
    for function in &module.functions {
        if function.name.is_empty() || !promises(function) || is_honest_name(function.name) {
            continue;
        }
        let Some(summary) = module.summary(function.id) else { continue };
        if !summary.answer().has(Origin::RANDOM | Origin::TIME) || summary.answer().has(Origin::TOKEN) {
            continue;
        }
        let direct = module.own(&module.returns, function.id).find(|at| {
            at.it.value.is_some_and(|value| {
                !matches!(value.get_inner_expression(), Expression::ObjectExpression(_))
                    && randomness(module, value) == Some(true)
            })
        });
        let decided = || {
            module.own(&module.returns, function.id).find(|at| {
                let conditions = module.conditions(at.node, function.node);
                conditions.has(Origin::RANDOM)
                    && !conditions.is_real()
                    && at.it.value.is_some_and(|value| !module.origin(value).is_real())
            })
        };
        if let Some(at) = direct.or_else(decided) {
            uses.push(Use {
                node: at.node,
                span: at.it.span,
                name: function.name,
                function: Some(function.id),
                pure: true,
            });
        }
    }
}

fn promises(function: &Function<'_>) -> bool {
    let verbs = [&lexicon::COMPUTE_VERBS, &lexicon::QUERY_VERBS, &lexicon::CHECK_VERBS, &lexicon::EFFECT_VERBS];
    is_metric(function.name) || verbs.iter().any(|words| function.verb_in(words))
}

/// Input and chance mixed by a function whose documentation names the method.
fn is_drawn_openly(module: &Module<'_>, it: &Use<'_>) -> bool {
    let methods =
        ["monte carlo", "monte-carlo", "bootstrap", "stochastic", "metropolis", "resampl", "draws", "drawn from"];
    !it.pure && it.function.is_some_and(|id| module.comment_says(id, &methods))
}

/// Whoever may hand in the generator knows that chance is at work.
fn takes_generator(module: &Module<'_>, function: Option<FunctionId>) -> bool {
    let mut next = function;
    while let Some(id) = next {
        let it = module.function(id);
        if it
            .parameters()
            .iter()
            .any(|name| matches!(name.name.as_str(), "rng" | "random" | "rand" | "prng" | "seed" | "generator"))
        {
            return true;
        }
        next = it.parent;
    }
    false
}
