//! FK309 step-theatre: it reads out the names of steps that nobody takes.
use rustc_hash::FxHashSet;

use crate::analysis::{CallKind, Grade};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{At, Function, FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK309",
    name: "step-theatre",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A loop over literal names of steps shows each, pauses, and does nothing else",
    details: "A loop that makes a real call in each step is not meant, nor a list of lines that is only printed.",
    repair: "let each step make its call, and show it when that has come back",
    bad: "async function upgrade() {\n  for (const step of [\"Draining nodes\", \"Upgrading\", \"Verifying\"]) {\n    console.log(step);\n    await delay(1500);\n  }\n}\n",
    good: "async function upgrade(cluster: Cluster) {\n  for (const step of [\"drain\", \"upgrade\", \"verify\"]) {\n    console.log(step);\n    await cluster.run(step);\n  }\n}\n",
    check,
};

/// Methods that show where it stands, on whatever they are called.
static SHOWS: Names = Names::new(&[
    "show", "info", "log", "print", "println", "write", "render", "update", "report", "status", "step", "message",
    "succeed", "tick", "progress", "stage", "phase", "done", "complete", "finish", "start", "line", "text", "say",
    "display",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<FunctionId> = FxHashSet::default();
    let awaited = module.awaits.iter().filter(|at| module.is_pause(&at.it.argument)).map(|at| at.node);
    let armed = module.calls.iter().filter(|at| {
        let name = names::last(&at.it.callee);
        module.call_kind(at.it) == CallKind::Timer && !name.starts_with("clear") && !name.starts_with("cancel")
    });
    for node in awaited.chain(armed.map(|at| at.node)) {
        let Some(turns) = turns_around(module, node) else { continue };
        if !reported.contains(&turns.host)
            && let Some(finding) = finding(module, &turns)
        {
            reported.insert(turns.host);
            sink.report(finding);
        }
    }
}

/// A loop over a list, written as a statement or as a call with a callback.
struct Turns<'a> {
    host: FunctionId,
    node: NodeId,
    span: Span,
    list: &'a Expression<'a>,
}

/// The loop in which a pause stands.
fn turns_around<'a>(module: &Module<'a>, pause: NodeId) -> Option<Turns<'a>> {
    let place = module.kind(pause).span();
    module.around(pause).take(40).find_map(|(node, kind)| {
        let list = match kind {
            AstKind::ForOfStatement(it) => &it.right,
            AstKind::ForStatement(it) => counted(it.test.as_ref()?)?,
            AstKind::WhileStatement(it) => counted(&it.test)?,
            AstKind::CallExpression(call)
                if matches!(names::last(&call.callee), "forEach" | "map" | "reduce")
                    && !call.callee.span().contains_inclusive(place) =>
            {
                names::object(&call.callee)?
            }
            _ => return None,
        };
        let host = module.home(module.function_around(node)?);
        steps_in(module, list).map(|_| Turns { host, node, span: kind.span(), list })
    })
}

/// `STEPS` of `i < STEPS.length`.
fn counted<'a>(test: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    let Expression::BinaryExpression(it) = test.get_inner_expression() else { return None };
    let mut sides = [&it.left, &it.right].into_iter();
    sides.find(|side| names::last(side) == "length").and_then(|side| names::object(side))
}

fn finding<'a>(module: &Module<'a>, turns: &Turns<'a>) -> Option<Finding> {
    let (function, list, span) = (module.function(turns.host), turns.list, turns.span);
    let steps = steps_in(module, list)?;
    let mut shows = module.within(&module.yields, turns.node, span).next().is_some();
    for write in module.within(&module.writes, turns.node, span) {
        if let crate::model::Write::Assign(it) = write.it {
            shows |= matches!(names::target(&it.left).1, "text" | "textContent" | "innerText" | "value" | "message");
        }
    }
    for call in module.within(&module.calls, turns.node, span) {
        // The loop itself is a call where it is no statement.
        if call.it.span == span {
            continue;
        }
        let show = is_show(module, call);
        shows |= show;
        if !show && module.grade(call) >= Grade::Read {
            return None;
        }
    }
    let works = module
        .inside(&module.calls, turns.host)
        .iter()
        .any(|at| at.it.span != span && module.grade(at) == Grade::Work && !is_show(module, at));
    if !shows || works || !orders(module, function, list) || module.is_null_object(function) {
        return None;
    }
    let name = if function.name.is_empty() { "this function" } else { function.name };
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{name} only shows the names of {steps} steps, with pauses between"),
        )
        .of(turns.host)
        .because(Evidence::AbsentEffect, span, "each turn shows and waits, and does nothing else")
        .because(Evidence::InventedValue, list.span(), "the steps are names, nothing in them can be run"),
    )
}

/// A call that only shows: a log, a toast, a callback that is told of a step, or a method such as `ui.show(…)` of what was given.
fn is_show<'a>(module: &Module<'a>, at: &At<&'a CallExpression<'a>>) -> bool {
    let call = at.it;
    let name = names::last(&call.callee);
    let given = || match names::root(&call.callee) {
        Expression::Identifier(name) => module
            .symbol(name)
            .is_some_and(|it| matches!(module.kind(module.declaration(it)), AstKind::FormalParameter(_))),
        _ => false,
    };
    let verb = names::verb(name);
    let told = SHOWS.has(name) || SHOWS.has(verb.as_str());
    module.call_kind(call) == CallKind::Log || module.is_tell(call) || told && given()
}

/// Whether something is to be done: the function or its answer says so, or most steps are named after a deed.
fn orders<'a>(module: &Module<'a>, function: &Function<'a>, list: &'a Expression<'a>) -> bool {
    let claims = || module.claims_of(function.id).iter().any(|claim| claim.strong);
    let named = || {
        let names: Vec<&str> = step_names(module, list);
        let deeds = names.iter().filter(|name| is_deed(name)).count();
        deeds * 2 >= names.len() && deeds > 0
    };
    module.promised_effect(function).is_some() || claims() || named()
}

/// `Draining nodes`, `Verify checksums`
fn is_deed(text: &str) -> bool {
    let words = names::words(text);
    let Some(first) = words.first() else { return false };
    let known = [&lexicon::EFFECT_VERBS, &lexicon::COMPUTE_VERBS, &lexicon::QUERY_VERBS, &lexicon::CHECK_VERBS];
    first.len() > 4 && first.ends_with("ing") || known.iter().any(|it| it.has(first))
}

/// The first text of each step.
fn step_names<'a>(module: &Module<'a>, list: &'a Expression<'a>) -> Vec<&'a str> {
    let Some(array) = list_of(module, list) else { return Vec::new() };
    array.elements.iter().filter_map(|it| first_text(it.as_expression()?, 0)).collect()
}

fn first_text<'a>(value: &'a Expression<'a>, depth: usize) -> Option<&'a str> {
    match value.get_inner_expression() {
        Expression::StringLiteral(text) => Some(text.value.as_str()),
        Expression::ArrayExpression(it) if depth < 2 => {
            it.elements.iter().find_map(|it| first_text(it.as_expression()?, depth + 1))
        }
        Expression::ObjectExpression(it) if depth < 2 => it.properties.iter().find_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => {
                first_text(&it.value, depth + 1).filter(|_| !matches!(names::key(&it.key), "id" | "key"))
            }
            ObjectPropertyKind::SpreadProperty(_) => None,
        }),
        _ => None,
    }
}

/// The literal list that an expression is, also of `STEPS.entries()`.
fn list_of<'a>(module: &Module<'a>, list: &'a Expression<'a>) -> Option<&'a ArrayExpression<'a>> {
    let root = match list.get_inner_expression() {
        Expression::CallExpression(call) if matches!(names::last(&call.callee), "entries" | "values" | "slice") => {
            names::object(&call.callee)?
        }
        other => other,
    };
    match module.meant(root) {
        Expression::ArrayExpression(array) => Some(array),
        _ => None,
    }
}

/// How many names of steps a literal list has; nothing where it is no such list.
fn steps_in<'a>(module: &Module<'a>, list: &'a Expression<'a>) -> Option<usize> {
    let array = list_of(module, list)?;
    let literal = array.elements.iter().all(|element| {
        element
            .as_expression()
            .is_some_and(|value| crate::analysis::Shape::of(value).is_some_and(|shape| shape.strings > 0))
    });
    (literal && array.elements.len() >= 2).then_some(array.elements.len())
}
