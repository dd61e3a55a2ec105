//! What a comparison decides: whether being equal lets somebody in.
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// Whether being equal to the literal lets somebody in.
pub(crate) fn is_accepted<'a>(module: &Module<'a>, node: NodeId, same: bool) -> bool {
    let (mut same, mut inner) = (same, module.kind(node).span());
    for (_, around) in module.around(node) {
        match around {
            AstKind::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => same = !same,
            AstKind::LogicalExpression(_) | AstKind::ParenthesizedExpression(_) | AstKind::AwaitExpression(_) => {}
            AstKind::ReturnStatement(_) | AstKind::ArrowFunctionExpression(_) => return same,
            AstKind::VariableDeclarator(_) => return same,
            AstKind::IfStatement(it) if it.test.span().contains_inclusive(inner) => {
                return if same { lets_in(module, &it.consequent) } else { turns_away(module, &it.consequent) };
            }
            AstKind::ConditionalExpression(it) if it.test.span().contains_inclusive(inner) => {
                let arm = if same { &it.consequent } else { &it.alternate };
                return !is_no(arm);
            }
            AstKind::CallExpression(call) => return same && names::last(&call.callee) == "resolve",
            _ => return false,
        }
        inner = around.span();
    }
    false
}

fn is_no(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::BooleanLiteral(it) => !it.value,
        Expression::NullLiteral(_) | Expression::StringLiteral(_) => true,
        other => other.is_undefined(),
    }
}

fn says_no(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "error",
        "status(4",
        "statuscode: 4",
        "reject",
        "invalid",
        "weak",
        "401",
        "403",
        "unauthorized",
        "forbidden",
        "false",
        "fail",
        "throw",
        "warn",
        "change",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

fn last_of<'a>(statement: &'a Statement<'a>) -> Option<&'a Statement<'a>> {
    match statement {
        Statement::BlockStatement(block) => block.body.last(),
        other => Some(other),
    }
}

fn lets_in<'a>(module: &Module<'a>, branch: &'a Statement<'a>) -> bool {
    if says_no(module.text_of(branch.span())) {
        return false;
    }
    match last_of(branch) {
        Some(Statement::ReturnStatement(it)) => {
            it.argument.as_ref().is_some_and(|value| !is_no(value))
                || matches!(branch, Statement::BlockStatement(block) if block.body.len() > 1)
        }
        Some(Statement::ExpressionStatement(it)) => {
            matches!(
                it.expression.get_inner_expression(),
                Expression::CallExpression(_) | Expression::AwaitExpression(_)
            ) || grants(&it.expression)
        }
        _ => false,
    }
}

/// `allowed = true`, `user = { … }`.
fn grants(value: &Expression<'_>) -> bool {
    let Expression::AssignmentExpression(it) = value.get_inner_expression() else { return false };
    matches!(it.right.get_inner_expression(), Expression::BooleanLiteral(_) | Expression::ObjectExpression(_))
}

fn turns_away<'a>(module: &Module<'a>, branch: &'a Statement<'a>) -> bool {
    match last_of(branch) {
        Some(Statement::ThrowStatement(_)) => true,
        Some(Statement::ReturnStatement(it)) => {
            it.argument.as_ref().is_some_and(is_no) || says_no(module.text_of(branch.span()))
        }
        _ => false,
    }
}
