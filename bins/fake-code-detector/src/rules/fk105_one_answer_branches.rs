//! FK105 one-answer-branches: many branches, one answer.
use crate::analysis::{CallKind, Outward};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{Function, Kind, Module, Return};
use crate::rules::{Rule, Scope, fk105_known_test, fk105_leaves};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK105",
    name: "one-answer-branches",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "Three or more branches decide about the answer, and all of them give the same one",
    details: "The code looks as if it told cases apart. Cases that fall through to one answer are not meant: they say that they are one case. \
              Nor are branches that do something before they answer.",
    repair: "do what each case needs, or take the branches away",
    bad: "switch (event.type) {\n  case \"paid\": return acknowledged();\n  case \"refunded\": return acknowledged();\n  case \"disputed\": return acknowledged();\n}\n",
    good: "switch (event.type) {\n  case \"online\":\n  case \"offline\":\n    return acknowledged();\n  case \"paid\":\n    ledger.post(event);\n    return acknowledged();\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = branches(module, function).or_else(|| fk105_leaves::leaves(module, function)) {
            sink.report(finding);
        }
    }
    fk105_known_test::tests(module, sink);
    for object in &module.objects {
        if let Some(finding) = table(module, object.it)
            .or_else(|| same_functions(module, object.it))
            .or_else(|| crate::rules::fk105_predicates::predicates(module, object.it))
        {
            sink.report(finding);
        }
    }
}

/// All returns that are the only thing in their branch, and the last statement, say the same.
fn branches<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) || function.kind == Kind::Getter || function.statements().is_empty() {
        return None;
    }
    if module.outcome(function.id)?.outward > Outward::Asks {
        return None;
    }
    let returns: Vec<(NodeId, Return<'a>)> =
        module.own(&module.returns, function.id).map(|at| (at.node, at.it)).collect();
    if returns.len() < 3 {
        return None;
    }
    let last = returns.last()?;
    let arms: Vec<&(NodeId, Return<'a>)> =
        returns.iter().filter(|(node, it)| is_arm(module, *node) || it.span == last.1.span).collect();
    let said = |it: &Return<'a>| it.value.map(|value| said(module, value, 0));
    let answer = said(&arms.first()?.1)?;
    let cases = arms.iter().filter(|(node, _)| is_case(module, *node)).count() >= 3;
    if is_plain(arms.first()?.1.value?, cases) || arms.len() < 3 || arms.len() + 1 < returns.len() {
        return None;
    }
    // The one that differs may be a guard in front; the last one must not be it, and something must decide.
    let same = arms.iter().filter(|(_, it)| said(it).as_deref() == Some(answer.as_str())).count();
    let last_same = said(&last.1).as_deref() == Some(answer.as_str());
    let majority = arms.iter().rev().map(|(_, it)| said(it)).collect::<Vec<_>>();
    let tail = majority.first().cloned().flatten()?;
    let equal = majority.iter().filter(|it| it.as_deref() == Some(tail.as_str())).count();
    let guards = returns.len() - equal;
    if equal < 3
        || guards > 1
        || !(last_same || same != equal)
        || is_plain(last.1.value?, cases)
        || !decides(module, function, &arms)
    {
        return None;
    }
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} has {equal} branches that all give the same answer", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::ConstantOutcome, last.1.span, "the same as in the other branches"),
    )
}

/// Whether a return is alone in its branch: `if (x) return y;`, `case x: return y;`.
fn is_arm(module: &Module<'_>, node: NodeId) -> bool {
    match module.kind(module.parent(node)) {
        AstKind::IfStatement(_) => true,
        AstKind::SwitchCase(it) => it.consequent.len() == 1,
        AstKind::BlockStatement(it) => {
            it.body.len() == 1
                && matches!(
                    module.kind(module.parent(module.parent(node))),
                    AstKind::IfStatement(_) | AstKind::SwitchCase(_)
                )
        }
        _ => false,
    }
}

/// Whether at least two different places decide.
fn decides<'a>(module: &Module<'a>, function: &Function<'a>, arms: &[&(NodeId, Return<'a>)]) -> bool {
    arms.iter().filter(|(node, _)| module.parent(*node) != function.node && is_arm(module, *node)).count() >= 2
}

fn is_case(module: &Module<'_>, node: NodeId) -> bool {
    let parent = module.parent(node);
    matches!(module.kind(parent), AstKind::SwitchCase(_))
        || matches!(module.kind(module.parent(parent)), AstKind::SwitchCase(_))
}

/// What says too little to be compared: `return null`, `return x`, and but for the cases of a switch `return true`.
fn is_plain(value: &Expression<'_>, cases: bool) -> bool {
    match value.get_inner_expression() {
        Expression::BooleanLiteral(_) | Expression::NumericLiteral(_) | Expression::StringLiteral(_) => !cases,
        Expression::CallExpression(_)
        | Expression::NewExpression(_)
        | Expression::JSXElement(_)
        | Expression::JSXFragment(_)
        | Expression::AwaitExpression(_) => false,
        Expression::ObjectExpression(it) => it.properties.is_empty(),
        _ => true,
    }
}

/// The text of a value without layout, through a function of the module that always answers the same.
fn said<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> String {
    let value = match value.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    if let Expression::CallExpression(call) = value
        && let CallKind::Local(id) = module.call_kind(call)
        && depth < 3
        && module.summary(id).is_some_and(|summary| summary.is_constant() && summary.returns().count() == 1)
        && let Some(inner) = module.returns_of(id).next().and_then(|it| it.value)
    {
        return said(module, inner, depth + 1);
    }
    module.text_of(value.span()).split_whitespace().collect()
}

/// A table of three or more operations that all are one function, which does nothing.
fn table<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>) -> Option<Finding> {
    if object.properties.len() < 3 {
        return None;
    }
    let target = |value: &'a Expression<'a>| -> Option<SymbolId> {
        let name = match value.get_inner_expression() {
            Expression::Identifier(name) => name,
            Expression::ArrowFunctionExpression(arrow) => match arrow.body.as_expression()?.get_inner_expression() {
                Expression::CallExpression(call) => match &call.callee {
                    Expression::Identifier(name) => name,
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        module.symbol(name)
    };
    let targets: Vec<SymbolId> = object
        .properties
        .iter()
        .filter_map(|it| match it {
            ObjectPropertyKind::ObjectProperty(it) => target(&it.value),
            ObjectPropertyKind::SpreadProperty(_) => None,
        })
        .collect();
    let first = targets.first().copied()?;
    if targets.len() != object.properties.len() || targets.iter().any(|it| *it != first) {
        return None;
    }
    let id = module.function_of(first)?;
    let function = module.function(id);
    let summary = module.summary(id)?;
    let echoes = summary.values().all(|it| module.parameter(it).is_some());
    let idle = summary.has_no_effect() && (echoes || summary.is_constant());
    let named = function.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "noop" | "identity" | "passthrough" | "pass" | "default" | "empty" | "nothing" | "null" | "ignore"
        )
    });
    if !idle || named || function.params.items.is_empty() || module.is_null_object(function) {
        return None;
    }
    Some(
        Finding::new(
            &RULE,
            object.span,
            format!("all {} entries are {}, which does nothing", targets.len(), function.name),
        )
        .because(Evidence::ConstantOutcome, object.span, "the same function under every key")
        .because(Evidence::AbsentEffect, function.span, "it makes nothing of what it is given")
        .with_severity(Severity::Error),
    )
}

/// A table of three or more functions with the same body, which answers a literal.
fn same_functions<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>) -> Option<Finding> {
    if object.properties.len() < 3 {
        return None;
    }
    let mut first = None;
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let id = module.function_in(&it.value)?;
        let value = module.returns_of(id).next().and_then(|it| it.value)?;
        let rich = crate::analysis::Shape::of(value).is_some()
            && crate::analysis::Shape::is_rich(value)
            && !matches!(value.get_inner_expression(), Expression::StringLiteral(_) | Expression::NumericLiteral(_));
        let text = said(module, value, 0);
        if !rich
            || !module.summary(id)?.is_constant()
            || !module.summary(id)?.has_no_effect()
            || first.get_or_insert(text.clone()) != &text
        {
            return None;
        }
    }
    let takes = object.properties.iter().any(|it| matches!(it, ObjectPropertyKind::ObjectProperty(it) if module.function_in(&it.value).is_some_and(|id| !module.function(id).params.items.is_empty())));
    takes.then(|| {
        Finding::new(
            &RULE,
            object.span,
            format!("all {} functions of this table give the same answer", object.properties.len()),
        )
        .because(Evidence::ConstantOutcome, object.span, "the same body under every key")
        .because(Evidence::UnreadInput, object.span, "what they are given is not read")
        .with_severity(Severity::Error)
    })
}
