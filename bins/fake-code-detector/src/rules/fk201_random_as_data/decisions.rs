//! Where chance decides: which branch is taken, what is kept of a list, and what comes first.
use super::{Use, drawn, is_honest_name, promises};
use crate::analysis::{Made, Origin};
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Everything that a call of chance decides in functions that promise to find something out.
pub(super) fn decisions<'a>(module: &Module<'a>, uses: &mut Vec<Use<'a>>) {
    for call in &module.calls {
        if module.chance(call.it).is_some_and(|origin| !origin.has(Origin::TOKEN)) {
            decided_by(module, call.node, 0, uses);
        }
        let method = names::last(&call.it.callee);
        if matches!(method, "sort" | "toSorted" | "filter" | "find" | "some" | "every")
            && let Some(callback) =
                call.it.arguments.first().and_then(Argument::as_expression).and_then(|it| module.function_in(it))
            && module.returns_of(callback).any(|it| {
                it.value.is_some_and(|value| {
                    module.origin(value).has(Origin::RANDOM) && module.made_of(value, &drawn) == Made::Special
                })
            })
        {
            report(module, call.function, call.node, call.it.span, uses);
        }
    }
}

/// From a call of chance to the test that it is in, also through a variable.
fn decided_by<'a>(module: &Module<'a>, node: NodeId, depth: usize, uses: &mut Vec<Use<'a>>) {
    for (id, around) in module.around(node).take(12) {
        match around {
            AstKind::BinaryExpression(_)
            | AstKind::UnaryExpression(_)
            | AstKind::ParenthesizedExpression(_)
            | AstKind::LogicalExpression(_) => {}
            AstKind::CallExpression(call)
                if names::object(&call.callee).is_some_and(|object| object.is_specific_id("Math")) => {}
            AstKind::StaticMemberExpression(_) => {}
            AstKind::IfStatement(it) => {
                let test = it.test.span().contains_inclusive(module.kind(node).span());
                if test
                    && module.made_of(&it.test, &drawn) == Made::Special
                    && (ends(module, &it.consequent) || it.alternate.as_ref().is_some_and(|other| ends(module, other)))
                {
                    report(module, module.function_around(id), id, it.test.span(), uses);
                }
                return;
            }
            AstKind::ConditionalExpression(it) => {
                let test = it.test.span().contains_inclusive(module.kind(node).span());
                if test
                    && module.made_of(&it.test, &drawn) == Made::Special
                    && [&it.consequent, &it.alternate].iter().any(|branch| answers(branch))
                {
                    report(module, module.function_around(id), id, it.test.span(), uses);
                }
                return;
            }
            AstKind::VariableDeclarator(it) if depth == 0 => {
                for symbol in it.id.get_symbol_ids() {
                    for reference in module.uses(symbol).take(20) {
                        decided_by(module, reference.node_id(), depth + 1, uses);
                    }
                }
                return;
            }
            _ => return,
        }
    }
}

/// Whether a branch ends with an error, or with an answer in which nothing real is.
fn ends<'a>(module: &Module<'a>, branch: &'a Statement<'a>) -> bool {
    match branch {
        Statement::ThrowStatement(_) => true,
        Statement::ReturnStatement(it) => it.argument.as_ref().is_some_and(|value| {
            answers(value)
                || !module.origin(value).has(Origin::CALL | Origin::FIELD | Origin::OUTER) && !value.is_undefined()
        }),
        Statement::ExpressionStatement(it) => answers(&it.expression),
        Statement::BlockStatement(block) => {
            block.body.last().is_some_and(|last| !matches!(last, Statement::BlockStatement(_)) && ends(module, last))
        }
        _ => false,
    }
}

/// `reject(error)`, `Promise.reject(error)`, `resolve({ ok: true })`
fn answers(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::CallExpression(call) => matches!(names::last(&call.callee), "reject" | "resolve"),
        _ => false,
    }
}

fn report<'a>(module: &Module<'a>, function: Option<FunctionId>, node: NodeId, span: Span, uses: &mut Vec<Use<'a>>) {
    let Some(home) = function.map(|id| module.home(id)) else { return };
    let it = module.function(home);
    if promises(it) && !is_honest_name(it.name) {
        uses.push(Use { node, span, name: it.name, function: Some(home), pure: true });
    }
}
