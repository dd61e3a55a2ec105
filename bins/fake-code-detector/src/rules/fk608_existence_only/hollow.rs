//! Assertions that ask for what is there whatever the code does.
use crate::cases::Assertion;
use crate::model::Module;
use crate::syntax::*;

/// An assertion on what is there in any case: an import, what `render` answers, a literal, a query that is never undefined.
pub(super) fn says_nothing<'a>(module: &Module<'a>, it: &Assertion<'a>) -> bool {
    let Some(subject) = it.subject.filter(|_| it.is_plain()) else { return false };
    asks_for_presence(module, it)
        || crate::cases::always(module, it, subject).is_some()
        || module.is_fixed(subject) && it.expected.is_some_and(|value| module.is_fixed(value))
        || counts_own_list(module, it, subject)
}

/// `expect(events).toHaveLength(2)` of a list of two that the test itself has written.
fn counts_own_list<'a>(module: &Module<'a>, it: &Assertion<'a>, subject: &'a Expression<'a>) -> bool {
    let (Expression::Identifier(name), Some(Expression::NumericLiteral(count))) =
        (subject.get_inner_expression(), it.expected.map(Expression::get_inner_expression))
    else {
        return false;
    };
    let made =
        module.symbol(name).and_then(|symbol| module.unchanged_value(symbol)).map(Expression::get_inner_expression);
    it.matcher == "toHaveLength"
        && matches!(made, Some(Expression::ArrayExpression(list)) if list.elements.len() as f64 == count.value)
}

/// An assertion that what is there in any case is there.
pub(super) fn asks_for_presence<'a>(module: &Module<'a>, it: &Assertion<'a>) -> bool {
    let Some(subject) = it.subject.filter(|_| it.is_plain()) else { return false };
    let negated = it.is_negated();
    let asks = match (it.matcher, negated) {
        (
            "toBeDefined" | "toBeTruthy" | "ok" | "exist" | "exists" | "isOk" | "isDefined" | "toBeInTheDocument",
            false,
        )
        | ("toBeNull" | "toBeUndefined" | "toBeFalsy" | "null" | "undefined", true) => true,
        ("toBe" | "toEqual" | "equal" | "strictEqual", false) => {
            it.expected.is_some_and(|value| is_kind_or_true(value, subject))
        }
        ("toBe" | "toEqual", true) => {
            it.expected.is_some_and(|value| value.is_specific_id("undefined") || value.is_null())
        }
        ("isFunction", false) => true,
        ("toBeInstanceOf" | "instanceOf" | "instanceof", false) => {
            it.expected.is_some_and(|value| value.is_specific_id("Function") || is_made_of(module, subject, value))
        }
        _ => false,
    };
    asks && is_there_anyway(module, subject)
}

/// `new Scheduler()`, also in a constant: an object of the class is there.
fn class_of<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<&'a str> {
    let value = match value.get_inner_expression() {
        Expression::Identifier(name) => module.unchanged_value(module.symbol(name)?)?.get_inner_expression(),
        other => other,
    };
    match value {
        Expression::NewExpression(new) => match new.callee.get_inner_expression() {
            Expression::Identifier(name) => Some(name.name.as_str()),
            _ => None,
        },
        _ => None,
    }
}

fn is_made_of<'a>(module: &Module<'a>, value: &'a Expression<'a>, class: &'a Expression<'a>) -> bool {
    class_of(module, value).is_some_and(|name| class.is_specific_id(name))
}

/// `"function"`, `"object"`, `true`.
fn is_kind_or_true(value: &Expression<'_>, subject: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::StringLiteral(it) => matches!(it.value.as_str(), "function" | "object"),
        Expression::BooleanLiteral(it) => {
            let asked = subject.get_inner_expression();
            it.value && matches!(asked, Expression::BinaryExpression(_) | Expression::CallExpression(_))
        }
        _ => false,
    }
}

/// An imported name, its type, or what a renderer has answered.
fn is_there_anyway<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value.get_inner_expression() {
        Expression::Identifier(name) => {
            module.symbol(name).is_some_and(|symbol| module.source_of(symbol).is_some() || is_rendered(module, symbol))
                || class_of(module, value).is_some()
        }
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::Typeof => {
            is_there_anyway(module, &it.argument)
        }
        Expression::BinaryExpression(it) if it.operator.is_equality() => {
            matches!(it.left.get_inner_expression(), Expression::UnaryExpression(kind) if kind.operator == UnaryOperator::Typeof && is_there_anyway(module, &kind.argument))
        }
        // A function of the module under test.
        Expression::StaticMemberExpression(it) if is_module(module, &it.object) => true,
        Expression::StaticMemberExpression(it) => {
            matches!(
                it.property.name.as_str(),
                "container"
                    | "baseElement"
                    | "vm"
                    | "element"
                    | "componentInstance"
                    | "nativeElement"
                    | "firstChild"
                    | "firstElementChild"
                    | "innerHTML"
            ) && is_there_anyway(module, &it.object)
        }
        Expression::CallExpression(call) if matches!(crate::names::last(&call.callee), "exists" | "asFragment") => {
            crate::names::object(&call.callee).is_some_and(|object| {
                matches!(object.get_inner_expression(), Expression::Identifier(_)) && is_there_anyway(module, object)
            })
        }
        Expression::CallExpression(call) => is_renderer(crate::names::last(&call.callee)),
        _ => false,
    }
}

/// `pricing` of `import * as pricing` or `const pricing = require(…)`.
fn is_module<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let Expression::Identifier(name) = value.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    match module.imports.get(&symbol) {
        Some(import) => import.name == "*",
        None => {
            let required = module.unchanged_value(symbol).map(Expression::get_inner_expression);
            matches!(required, Some(Expression::CallExpression(call)) if call.common_js_require().is_some())
        }
    }
}

fn is_renderer(name: &str) -> bool {
    matches!(name, "render" | "mount" | "shallow" | "shallowMount" | "renderHook" | "createComponent")
        || name.starts_with("renderWith")
}

/// `const { container } = render(…)`, `const wrapper = mount(…)`.
fn is_rendered<'a>(module: &Module<'a>, symbol: SymbolId) -> bool {
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return false };
    let Some(init) = &it.init else { return false };
    let init = match init.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let made = matches!(init, Expression::CallExpression(call) if is_renderer(crate::names::last(&call.callee)));
    let name = module.semantic.scoping().symbol_name(symbol);
    let whole = it.id.get_binding_identifier().is_some();
    made && (whole || matches!(name, "container" | "baseElement" | "asFragment" | "unmount" | "rerender" | "wrapper"))
}
