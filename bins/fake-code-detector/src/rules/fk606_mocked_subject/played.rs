//! Tests that play the part of the subject: they call their own mocks and assert that these were called.
use super::{RULE, is_mock_function};
use crate::cases::{Case, Tests};
use crate::finding::{Evidence, Finding};
use crate::lexicon::Names;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Tools of tests: what is handed to them goes nowhere else.
static TOOLS: Names =
    Names::new(&["expect", "assert", "vi", "jest", "sinon", "console", "t", "Promise", "JSON", "Object"]);

/// `for (const it of await outbox.pending()) await publish(it.topic)`, and then `expect(publish).toHaveBeenCalledTimes(1)`.
pub(super) fn finding<'a>(
    module: &Module<'a>,
    tests: &Tests<'a>,
    (case, body): (&Case<'a>, FunctionId),
) -> Option<Finding> {
    let mut played = None;
    for assertion in tests.assertions_in(module, body).iter().filter(|it| it.is_plain()) {
        let subject = assertion.subject?.get_inner_expression();
        let Expression::Identifier(root) = names::root(subject) else { return None };
        let symbol = module.symbol(root)?;
        if let Some(import) = module.imports.get(&symbol) {
            let exists = matches!(
                assertion.matcher,
                "toBeTypeOf" | "toBeDefined" | "toBeTruthy" | "toBeInstanceOf" | "exist" | "ok" | "a"
            );
            if import.is_type || !exists || !matches!(subject, Expression::Identifier(_)) {
                return None;
            }
            continue;
        }
        let call = called_here(module, body, symbol).filter(|_| is_own_mock(module, subject, symbol))?;
        played = played.or(Some(call));
    }
    let call = played.filter(|_| runs_nothing_else(module, body))?;
    Some(
        Finding::new(&RULE, case.call.span, format!("{} asserts calls that it makes itself", case.shown()))
            .of(body)
            .because(Evidence::InventedValue, call, "the test calls the mock")
            .because(Evidence::AbsentEffect, case.call.span, "nothing real is called"),
    )
}

/// Whether a name, or the member of a literal object, is a mock that the test makes, and nobody else gets it.
fn is_own_mock<'a>(module: &Module<'a>, subject: &'a Expression<'a>, symbol: SymbolId) -> bool {
    let Some(init) = module.unchanged_value(symbol).map(Expression::get_inner_expression) else { return false };
    let mock = |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::CallExpression(call) if is_mock_function(call));
    let made = match (init, subject) {
        (Expression::CallExpression(_), Expression::Identifier(_)) => mock(init),
        (Expression::ObjectExpression(object), Expression::StaticMemberExpression(it)) => {
            crate::analysis::property(object, it.property.name.as_str()).is_some_and(mock)
        }
        _ => false,
    };
    made && module.uses(symbol).all(|reference| stays_here(module, reference.node_id()))
}

/// A use that calls it, or that an assertion looks at.
fn stays_here(module: &Module<'_>, node: NodeId) -> bool {
    let mut span = module.kind(node).span();
    for (_, kind) in module.around(node).take(5) {
        match kind {
            AstKind::StaticMemberExpression(it) if it.object.span() == span => span = it.span,
            AstKind::CallExpression(it) if it.callee.span() == span => return true,
            AstKind::CallExpression(it) => {
                return matches!(names::root(&it.callee), Expression::Identifier(name) if TOOLS.has(name.name.as_str()));
            }
            _ => return false,
        }
    }
    false
}

/// Where a test calls a name or a member of it itself.
fn called_here(module: &Module<'_>, body: FunctionId, symbol: SymbolId) -> Option<Span> {
    module.inside(&module.calls, body).iter().find_map(|at| {
        let Expression::Identifier(root) = names::root(&at.it.callee) else { return None };
        let inspects = ["mock", "calls", "getCall"].contains(&names::object(&at.it.callee).map_or("", names::last));
        (module.symbol(root) == Some(symbol) && !inspects && !is_mock_setup(names::last(&at.it.callee)))
            .then_some(at.it.span)
    })
}

fn is_mock_setup(name: &str) -> bool {
    name.starts_with("mock")
        || matches!(name, "returns" | "resolves" | "rejects" | "reset" | "resetHistory" | "getMockName")
}

/// Whether nothing is called, made or shown but tools and what the test declares as a variable itself.
fn runs_nothing_else(module: &Module<'_>, body: FunctionId) -> bool {
    let function = module.function(body);
    let own = |symbol: SymbolId| {
        let node = module.declaration(symbol);
        !module.imports.contains_key(&symbol)
            && matches!(module.kind(node), AstKind::VariableDeclarator(_) | AstKind::FormalParameter(_))
            && module.function_of(symbol).is_none()
            && node > function.node
            && node < function.end
    };
    let calls = module.inside(&module.calls, body).iter().all(|at| match names::root(&at.it.callee) {
        Expression::Identifier(name) => match module.symbol(name) {
            Some(symbol) => own(symbol) || TOOLS.has(name.name.as_str()),
            None => TOOLS.has(name.name.as_str()),
        },
        // `["ada", "bo"].forEach(…)`
        Expression::ArrayExpression(_) => true,
        _ => false,
    });
    let shows = module.elements.iter().any(|at| at.node > function.node && at.node < function.end);
    let loads = module.specifiers.iter().any(|at| at.node > function.node && at.node < function.end);
    calls && module.inside(&module.news, body).is_empty() && !shows && !loads
}
