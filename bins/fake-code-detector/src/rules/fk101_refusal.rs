//! FK101 of a handler: whatever is asked is answered with 501.
use crate::model::{Body, Function, Module};
use crate::names;
use crate::syntax::*;

/// `reply.code(501).send(…)` as the last statement of a handler.
pub(super) fn refusal<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Span> {
    let value = match (function.body, function.statements().last()) {
        (Body::Value(value), _) => value,
        (_, Some(Statement::ReturnStatement(it))) => it.argument.as_ref()?,
        (_, Some(Statement::ExpressionStatement(it))) => &it.expression,
        _ => return None,
    };
    if function.params.items.is_empty() {
        return None;
    }
    let value = match value.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let answers = match value {
        Expression::CallExpression(_) => true,
        Expression::NewExpression(new) => names::last(&new.callee).ends_with("Response"),
        _ => false,
    };
    let is_501 = |value: &Expression<'a>| matches!(value, Expression::NumericLiteral(it) if it.value == 501.0);
    let calls =
        module.inside(&module.calls, function.id).iter().filter(|at| value.span().contains_inclusive(at.it.span));
    let mut by_code = calls
        .filter(|at| matches!(names::last(&at.it.callee), "status" | "code" | "sendStatus" | "writeHead" | "json"));
    let coded = by_code.any(|at| at.it.arguments.iter().filter_map(Argument::as_expression).any(&is_501));
    let objects =
        module.inside(&module.objects, function.id).iter().filter(|at| value.span().contains_inclusive(at.it.span));
    let mut stated = objects.filter_map(|at| {
        crate::analysis::property(at.it, "status").or_else(|| crate::analysis::property(at.it, "statusCode"))
    });
    (answers && (coded || stated.any(is_501))).then(|| value.span())
}
