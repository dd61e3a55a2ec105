//! FK206 synthetic-series: a history that is a sine of the index.
use rustc_hash::FxHashSet;

use crate::analysis::{Made, Origin};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module, Write};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK206",
    name: "synthetic-series",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "The points of a series are a sine, a cosine or chance over time, with amplitudes that are literals",
    details: "A chart of such points looks alive and shows nothing. Geometry, sound and easing have waves in their coordinates; a prediction \
              has amplitudes that come from somewhere. They are not meant.",
    repair: "ask whoever keeps the history; show an empty chart where there is none",
    bad: "for (let m = 60; m >= 0; m--) {\n  points.push({ t: now - m * 60000, v: 42 + Math.sin(m / 9) * 18 });\n}\n",
    good: "for (let p = 0; p <= 100; p++) {\n  points.push({ x: r + Math.cos(p) * r, y: r - Math.sin(p) * r });\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen = FxHashSet::default();
    super::fk206_clock_remainder::remainders(module, &RULE, &mut seen, sink);
    if !module.calls.iter().any(|call| is_wave(call.it)) {
        return;
    }
    numbers(module, &mut seen, sink);
    states(module, &mut seen, sink);
    drifts(module, &mut seen, sink);
    for object in &module.objects {
        let Some(function) = object.function else { continue };
        if !is_repeated(module, object.node) {
            continue;
        }
        let mut waves = Vec::new();
        let mut clock = false;
        for property in &object.it.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let name = names::key(&property.key);
            if module.made_of(&property.value, &wave) == Made::Special {
                waves.push((name, property.span));
            } else {
                clock |= is_time(name) || module.origin(&property.value).has(Origin::TIME | Origin::INDEX);
            }
        }
        let Some(&(name, span)) = waves.first() else { continue };
        let coordinate = waves.iter().any(|(name, _)| is_coordinate(name));
        let metric = names::has_word(name, &lexicon::METRIC_NOUNS)
            || matches!(name, "v" | "value" | "level" | "reading" | "close" | "y")
            || !coordinate && module.function(module.home(function)).is_async;
        if coordinate && !clock
            || !(clock && waves.len() <= 3 || metric)
            || !metric && coordinate
            || module.context_has(Some(function), &lexicon::RANDOM_CONTEXTS)
            || is_geometry(module, function)
        {
            continue;
        }
        let home = module.home(function);
        if seen.insert(home) {
            let it = module.function(home);
            sink.report(
                Finding::new(
                    &RULE,
                    it.span,
                    format!("{} answers a wave: \"{name}\" is a sine or cosine with literal amplitude", it.qualified()),
                )
                .of(home)
                .because(Evidence::InventedValue, span, "a wave of the index or of the time")
                .because(Evidence::ConstantOutcome, span, "the same for everybody"),
            );
        }
    }
}

/// `return Array.from({ length: 60 }, (_, i) => 40 + 20 * Math.sin(i / 5))` under the name of a measure.
fn numbers(module: &Module<'_>, seen: &mut FxHashSet<FunctionId>, sink: &mut Sink) {
    for at in &module.returns {
        let (Some(function), Some(value)) = (at.function, at.it.value) else { continue };
        let name = module.function(function).name;
        if name.is_empty()
            || !(names::has_word(name, &lexicon::METRIC_NOUNS)
                || names::words(name).iter().any(|word| {
                    matches!(word.as_str(), "history" | "series" | "readings" | "trend" | "samples" | "telemetry")
                }))
        {
            continue;
        }
        if module.context_has(Some(function), &lexicon::RANDOM_CONTEXTS)
            || is_geometry(module, function)
            || module.made_of(value, &wave) != Made::Special
            || module.origin(value).has(Origin::INPUT)
            || !seen.insert(module.home(function))
        {
            continue;
        }
        let it = module.function(module.home(function));
        sink.report(
            Finding::new(
                &RULE,
                it.span,
                format!("{} answers a wave: a sine or cosine with literal amplitude", it.qualified()),
            )
            .of(it.id)
            .because(Evidence::InventedValue, at.it.span, "a wave of the index or of the time")
            .because(Evidence::ContractWords, it.span, format!("{name} promises a measure")),
        );
    }
}

/// `this.last += Math.sin(Date.now() / 3000) * 0.4` at each turn of a timer, and whoever listens is told.
fn drifts(module: &Module<'_>, seen: &mut FxHashSet<FunctionId>, sink: &mut Sink) {
    for at in &module.writes {
        let (Write::Assign(it), Some(function)) = (at.it, at.function) else { continue };
        let name = names::target(&it.left).1;
        let on_clock = names::has_word(name, &lexicon::METRIC_NOUNS)
            || matches!(name, "last" | "value" | "reading" | "level" | "current" | "mid" | "bid" | "ask");
        if !on_clock
            || module.function(function).argument_of != "setInterval"
            || is_coordinate(name)
            || is_geometry(module, function)
            || module.context_has(Some(function), &lexicon::RANDOM_CONTEXTS)
            || module.made_of(&it.right, &wave) != Made::Special
        {
            continue;
        }
        let home = module.home(function);
        if seen.insert(home) {
            let it = module.function(home);
            sink.report(
                Finding::new(&RULE, it.span, format!("{} lets \"{name}\" follow a wave of the clock", it.qualified()))
                    .of(home)
                    .because(Evidence::InventedValue, module.kind(at.node).span(), "a wave of the time")
                    .because(Evidence::ContractWords, it.span, format!("{name} promises a measure")),
            );
        }
    }
}

/// `setBpm(64 + 8 * Math.sin(Date.now() / 4000))`
fn states(module: &Module<'_>, seen: &mut FxHashSet<FunctionId>, sink: &mut Sink) {
    for at in &module.calls {
        let (true, Some(function)) = (module.is_setter(at.it), at.function) else { continue };
        let Some(value) = at.it.arguments.first().and_then(Argument::as_expression) else { continue };
        let name = names::last(&at.it.callee);
        let measured = names::words(name).iter().skip(1).any(|word| lexicon::METRIC_NOUNS.has(word));
        let home = module.home(function);
        if !measured
            || module.made_of(value, &wave) != Made::Special
            || is_geometry(module, function)
            || module.context_has(Some(function), &lexicon::RANDOM_CONTEXTS)
            || !seen.insert(home)
        {
            continue;
        }
        let it = module.function(home);
        sink.report(
            Finding::new(&RULE, it.span, format!("{} shows a wave as a measure", it.qualified()))
                .of(home)
                .because(Evidence::InventedValue, at.it.span, "a wave of the time")
                .because(Evidence::ContractWords, at.it.span, format!("{name} promises a measure")),
        );
    }
}

/// Whether an object is made again and again: in a loop, for each element, at each tick. One wave alone is a formula.
fn is_repeated(module: &Module<'_>, node: NodeId) -> bool {
    let mut made = module.around(node).take(40).map(|(id, kind)| match kind {
        AstKind::ForStatement(_)
        | AstKind::WhileStatement(_)
        | AstKind::DoWhileStatement(_)
        | AstKind::ForOfStatement(_) => true,
        AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => {
            let it = module.function_at(id).map(|id| module.function(id));
            it.is_some_and(|it| {
                matches!(
                    it.argument_of,
                    "map" | "from" | "forEach" | "flatMap" | "times" | "setInterval" | "reduce" | "unfold"
                ) || crate::analysis::is_state(it.argument_of, false)
                    || it.is_generator
            })
        }
        _ => false,
    });
    made.any(|it| it)
}

fn is_wave(call: &CallExpression<'_>) -> bool {
    matches!(names::last(&call.callee), "sin" | "cos")
        && names::object(&call.callee).is_some_and(|object| object.is_specific_id("Math"))
}

/// What stands in the argument of a wave is the axis, whatever it is made of, unless an answer or a field is in it.
fn wave<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        Expression::CallExpression(call) if is_wave(call) => {
            let axis = module.origin_of_arguments(&call.arguments);
            Some(if axis.has(Origin::FIELD) { Made::Other } else { Made::Special })
        }
        Expression::CallExpression(call) if module.chance(call).is_some() => Some(Made::Plain),
        _ => None,
    }
}

fn is_time(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "t" | "time" | "timestamp" | "date" | "at" | "ts" | "day" | "hour" | "month" | "label" | "name"
        )
    })
}

fn is_coordinate(name: &str) -> bool {
    matches!(
        name,
        "x" | "y"
            | "z"
            | "cx"
            | "cy"
            | "dx"
            | "dy"
            | "left"
            | "top"
            | "x1"
            | "x2"
            | "y1"
            | "y2"
            | "lat"
            | "lng"
            | "lon"
            | "rotate"
            | "rotation"
            | "angle"
            | "opacity"
            | "scale"
            | "translateX"
            | "translateY"
    )
}

fn is_geometry(module: &Module<'_>, function: FunctionId) -> bool {
    let mut next = Some(function);
    while let Some(id) = next {
        let it = module.function(id);
        if names::words(it.name).iter().any(|word| {
            matches!(
                word.as_str(),
                "ease"
                    | "easing"
                    | "arc"
                    | "circle"
                    | "polar"
                    | "orbit"
                    | "oscillator"
                    | "audio"
                    | "tone"
                    | "wave"
                    | "sine"
                    | "position"
                    | "rotate"
                    | "sun"
                    | "moon"
                    | "window"
                    | "kernel"
                    | "hann"
                    | "spectrum"
                    | "fft"
                    | "signal"
                    | "synth"
                    | "predict"
                    | "bezier"
                    | "curve"
                    | "matrix"
            )
        }) {
            return true;
        }
        next = it.parent;
    }
    false
}
