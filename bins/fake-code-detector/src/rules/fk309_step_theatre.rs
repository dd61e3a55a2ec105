//! FK309 step-theatre: it reads out the names of steps that nobody takes.
use rustc_hash::FxHashSet;

use crate::analysis::{CallKind, Grade};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{At, FunctionId, Module};
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

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<FunctionId> = FxHashSet::default();
    for at in &module.awaits {
        let Some(id) = at.function else { continue };
        if reported.contains(&id) {
            continue;
        }
        if let Some(finding) = finding(module, at, id) {
            reported.insert(id);
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, at: &At<&'a AwaitExpression<'a>>, id: FunctionId) -> Option<Finding> {
    if !module.is_pause(&at.it.argument) {
        return None;
    }
    let function = module.function(id);
    let (node, list, span) =
        module.around(at.node).take_while(|(node, _)| *node > function.node).find_map(|(node, kind)| match kind {
            AstKind::ForOfStatement(it) => Some((node, &it.right, it.span)),
            _ => None,
        })?;
    let steps = steps_in(module, list)?;
    let calls = module.within(&module.calls, node, span);
    let (mut shows, mut works) = (false, false);
    for call in calls {
        shows |= module.call_kind(call.it) == CallKind::Log || module.is_tell(call.it);
        works |= module.grade(call) >= Grade::Read;
    }
    if !shows || works || module.summary(id)?.work.is_some() {
        return None;
    }
    let name = if function.name.is_empty() { "this function" } else { function.name };
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{name} only shows the names of {steps} steps, with pauses between"),
        )
        .of(id)
        .because(Evidence::AbsentEffect, span, "each turn shows and waits, and does nothing else")
        .because(Evidence::InventedValue, list.span(), "the steps are names, nothing in them can be run"),
    )
}

/// How many names of steps a literal list has; nothing where it is no such list.
fn steps_in<'a>(module: &Module<'a>, list: &'a Expression<'a>) -> Option<usize> {
    let root = match list.get_inner_expression() {
        Expression::CallExpression(call) => names::object(&call.callee)?,
        other => other,
    };
    let init = match root.get_inner_expression() {
        Expression::Identifier(name) => module.initial(name)?,
        other => other,
    };
    let Expression::ArrayExpression(array) = init.get_inner_expression() else { return None };
    let literal = array.elements.iter().all(|element| {
        element
            .as_expression()
            .is_some_and(|value| crate::analysis::Shape::of(value).is_some_and(|shape| shape.strings > 0))
    });
    (literal && array.elements.len() >= 2).then_some(array.elements.len())
}
