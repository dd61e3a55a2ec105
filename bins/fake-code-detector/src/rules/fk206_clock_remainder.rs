//! Figures that wobble by a remainder of the clock, and findings that a remainder of the index hands out.
use rustc_hash::FxHashSet;

use crate::analysis::{Origin, Reach};
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::rules::Rule;
use crate::syntax::*;

pub(super) fn remainders(module: &Module<'_>, rule: &'static Rule, seen: &mut FxHashSet<FunctionId>, sink: &mut Sink) {
    for at in &module.binaries {
        let (node, it) = (at.node, at.it);
        if it.operator != BinaryOperator::Remainder
            || !matches!(it.right.get_inner_expression(), Expression::NumericLiteral(_))
        {
            continue;
        }
        let Some(function) = at.function else { continue };
        let origin = module.origin(&it.left).without(Origin::LITERAL);
        let what = if origin == Origin::TIME && wobbles(module, node) && module.reach(node) >= Reach::Return {
            "a figure that wobbles with the clock"
        } else if it.right.is_number_literal()
            && picks(module, node)
            && !module.origin(&it.left).has(Origin::CALL | Origin::FIELD)
        {
            "something found at each so many turns, whatever stands there"
        } else {
            continue;
        };
        let home = module.home(function);
        if !module.is_null_object(module.function(home)) && seen.insert(home) {
            let at = module.function(home);
            sink.report(
                Finding::new(rule, at.span, format!("{} answers {what}", at.qualified()))
                    .of(home)
                    .because(Evidence::InventedValue, it.span, "a remainder, and nothing measured")
                    .because(Evidence::ConstantOutcome, it.span, "the same for everybody"),
            );
        }
    }
}

/// `capacity * (0.55 + (minute % 15) / 50)`: scaled by a literal, and added to one. Parts of a time are neither.
fn wobbles(module: &Module<'_>, node: NodeId) -> bool {
    let (mut scaled, mut added) = (false, false);
    for (_, kind) in module.around(node).take(8) {
        match kind {
            AstKind::BinaryExpression(it) => {
                let number = [&it.left, &it.right].into_iter().find_map(|side| match side.get_inner_expression() {
                    Expression::NumericLiteral(it) => Some(it.value),
                    _ => None,
                });
                match it.operator {
                    BinaryOperator::Multiplication | BinaryOperator::Division => {
                        scaled |= number.is_some_and(|value| !matches!(value as i64, 1000 | 60 | 3600 | 24 | 7 | 12));
                    }
                    BinaryOperator::Addition | BinaryOperator::Subtraction => {
                        added |= number.is_some_and(|it| it != 1.0)
                    }
                    _ => return false,
                }
            }
            AstKind::ParenthesizedExpression(_) => {}
            _ => break,
        }
    }
    scaled && added
}

/// `if (i % 7 === 3) yield { rule: "weak-hash", file: files[i] }`: a finding that the index alone decides.
fn picks(module: &Module<'_>, node: NodeId) -> bool {
    let mut around = module.around(node).take(4);
    let compared = around.find_map(|(id, kind)| match kind {
        AstKind::BinaryExpression(it) if it.operator.is_equality() => Some((id, it)),
        _ => None,
    });
    let Some((id, compared)) = compared else { return false };
    // `=== 0` is how batches and rows are counted.
    let odd = [&compared.left, &compared.right]
        .into_iter()
        .any(|side| matches!(side.get_inner_expression(), Expression::NumericLiteral(it) if it.value >= 2.0));
    let AstKind::IfStatement(it) = module.kind(module.parent(id)) else { return false };
    let (AstKind::BinaryExpression(remainder), true) = (module.kind(node), odd) else { return false };
    if !module.origin(&remainder.left).has(Origin::INDEX) {
        return false;
    }
    let span = it.consequent.span();
    module
        .within(&module.objects, module.parent(id), span)
        .any(|at| span.contains_inclusive(at.it.span) && literals(at.it) >= 2 && module.reach(at.node) >= Reach::Return)
}

fn literals(object: &ObjectExpression<'_>) -> usize {
    let told = |it: &&ObjectPropertyKind<'_>| matches!(it, ObjectPropertyKind::ObjectProperty(it) if matches!(&it.value, Expression::StringLiteral(text) if text.value.len() > 1));
    object.properties.iter().filter(told).count()
}
