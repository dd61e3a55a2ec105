//! FK110 inside of a function: an answer hangs on a variable that is given a literal there and never anything else.
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{Function, FunctionId, Module};
use crate::rules::fk110_dead_switch::RULE;
use crate::syntax::*;

pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    let tests = module.ifs.iter().map(|at| (at.function, &at.it.test));
    let tests = tests.chain(module.conditionals.iter().map(|at| (at.function, &at.it.test)));
    let mut seen: Vec<FunctionId> = Vec::new();
    for (function, test) in tests {
        let Some(id) = function.filter(|id| !seen.contains(id)) else { continue };
        if let Some(finding) = finding(module, module.function(id), test) {
            seen.push(id);
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>, test: &'a Expression<'a>) -> Option<Finding> {
    let asked = match test.get_inner_expression() {
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
            it.argument.get_inner_expression()
        }
        other => other,
    };
    let Expression::Identifier(name) = asked else { return None };
    let symbol = module.symbol(name)?;
    let home = module.declaration(symbol);
    let AstKind::VariableDeclarator(it) = module.kind(home) else { return None };
    let literal = matches!(it.init.as_ref()?.get_inner_expression(), Expression::BooleanLiteral(_));
    let own = home > function.node && home < function.end && it.id.is_binding_identifier();
    if !literal || !own || module.semantic.scoping().symbol_is_mutated(symbol) {
        return None;
    }
    let dropped = dropped_answer(module, function);
    let finding = Finding::new(
        &RULE,
        function.span,
        format!("{} decides by {}, which is always the same", function.qualified(), name.name),
    )
    .of(function.id)
    .because(Evidence::ConstantOutcome, it.span, "a literal, and nothing ever changes it");
    Some(match dropped {
        Some(span) => {
            finding.because(Evidence::AbsentEffect, span, "what this answers is dropped").with_severity(Severity::Error)
        }
        None => finding.with_severity(Severity::Warning),
    })
}

/// Something that is asked and waited for, and whose answer goes nowhere.
fn dropped_answer(module: &Module<'_>, function: &Function<'_>) -> Option<Span> {
    let mut awaits = module.own(&module.awaits, function.id);
    awaits
        .find(|at| {
            matches!(module.kind(module.parent(at.node)), AstKind::ExpressionStatement(_))
                && matches!(at.it.argument.get_inner_expression(), Expression::CallExpression(_))
        })
        .map(|at| at.it.span)
}
