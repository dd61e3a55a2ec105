//! A check that only asks whether its subject is sound, and then judges something else.
use super::RULE;
use crate::analysis::duty::is_check;
use crate::finding::{Evidence, Finding};
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::syntax::*;

/// `if (Number.isNaN(at.lat)) return false;` is all that becomes of `at`, and the answer is worked out from the others.
pub(super) fn sound_only<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || !is_check(function)
        || module.is_bound_elsewhere(function)
        || function.params.items.len() < 2
    {
        return None;
    }
    let tests: Vec<Span> = module.own(&module.ifs, function.id).filter_map(|at| refusal(module, at.it)).collect();
    let last = function.statements().last()?;
    let Statement::ReturnStatement(answer) = last else { return None };
    let value = answer.argument.as_ref()?;
    let worked_out =
        !module.origin(value).is_constant() && !matches!(value.get_inner_expression(), Expression::CallExpression(_));
    // What is answered has to come from what was given, or it is another rule's matter.
    let subject = function.params.items.iter().find_map(|item| {
        let it = item.pattern.get_binding_identifier()?;
        let symbol = it.symbol_id.get()?;
        let plain = item.type_annotation.is_none()
            || item.initializer.is_some()
            || names::words(&it.name)
                .iter()
                .any(|word| matches!(word.as_str(), "options" | "opts" | "config" | "ctx" | "context"));
        let mut uses = module.uses(symbol).peekable();
        uses.peek()?;
        let guarded = uses.all(|reference| {
            let span = module.kind(reference.node_id()).span();
            tests.iter().any(|test| test.contains_inclusive(span))
        });
        (!plain && guarded).then_some(it)
    })?;
    if !worked_out || module.inside(&module.awaits, function.id).len() > 1 {
        return None;
    }
    let message = format!("{} asks whether {} is sound, and judges without it", function.qualified(), subject.name);
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::UnreadInput, subject.span, "no part of the answer comes from it")
            .because(Evidence::ContractWords, function.span, "its name promises to judge what it is given"),
    )
}

/// The test of an `if` that asks whether a value is sound, and says no where it is not.
fn refusal<'a>(module: &Module<'a>, it: &'a IfStatement<'a>) -> Option<Span> {
    let text = module.text_of(it.test.span());
    let sound = ["isNaN", "isFinite", "isInteger", "== null", "=== undefined", "=== null"]
        .iter()
        .any(|word| text.contains(word));
    let only = match &it.consequent {
        Statement::BlockStatement(block) if block.body.len() == 1 => block.body.first()?,
        other => other,
    };
    let refuses = match only {
        Statement::ReturnStatement(it) => {
            matches!(it.argument.as_ref().map(Expression::get_inner_expression), Some(Expression::BooleanLiteral(it)) if !it.value)
        }
        Statement::ThrowStatement(_) => true,
        _ => false,
    };
    (sound && refuses && it.alternate.is_none()).then(|| it.test.span())
}
