//! Where chance is shown: the state of a component, a field under the name of a measure, an attribute.
use super::{Use, is_honest_name, is_metric, randomness};
use crate::analysis::is_state;
use crate::model::{Kind, Module, Write};
use crate::names;
use crate::syntax::*;

/// `setCpu(Math.random())`, `setUsers((n) => n + random())`
pub(super) fn states<'a>(module: &Module<'a>, uses: &mut Vec<Use<'a>>) {
    for call in &module.calls {
        let method = names::last(&call.it.callee);
        let object = names::object(&call.it.callee);
        // `price.update((old) => …)` of a store that is named after a measure.
        let store = object.map_or("", |object| names::last(object));
        let updates = matches!(method, "update" | "set" | "next") && call.it.arguments.len() == 1 && is_metric(store);
        if !updates && !is_state(method, object.is_some()) {
            continue;
        }
        let Some(value) = call.it.arguments.first().and_then(Argument::as_expression) else { continue };
        let value = match module.function_in(value) {
            Some(id) => module.returns_of(id).find_map(|it| it.value),
            None => Some(value),
        };
        let Some(value) =
            value.filter(|value| !matches!(value.get_inner_expression(), Expression::ObjectExpression(_)))
        else {
            continue;
        };
        let declared = if updates { store } else { state_name(module, call.node) };
        let name = if method.starts_with("set") && method != "setState" { &method[3..] } else { declared };
        if is_honest_name(name) {
            continue;
        }
        if let Some(pure) = randomness(module, value)
            && (pure && method.starts_with("set") || is_metric(name))
        {
            uses.push(Use { node: call.node, span: call.it.span, name, function: call.function, pure });
        }
    }
}

/// `online` of `const [online, setOnline] = useState(…)`
fn state_name<'a>(module: &Module<'a>, call: NodeId) -> &'a str {
    let AstKind::VariableDeclarator(declarator) = module.kind(module.parent(call)) else { return "" };
    declarator.id.get_binding_identifiers().first().map_or("", |name| name.name.as_str())
}

/// `this.temperature = 20 + Math.random()`, `row.score = Math.random()`
pub(super) fn writes<'a>(module: &Module<'a>, uses: &mut Vec<Use<'a>>) {
    for write in &module.writes {
        let Write::Assign(it) = write.it else { continue };
        let (owner, name) = names::target(&it.left);
        // What is drawn once for each object is its lot, not its measure.
        if write.function.is_some_and(|id| module.function(id).kind == Kind::Constructor) {
            continue;
        }
        if owner.is_empty() || !is_metric(name) || is_honest_name(name) {
            continue;
        }
        if let Some(pure) = randomness(module, &it.right) {
            uses.push(Use { node: write.node, span: it.span, name, function: write.function, pure });
        }
    }
}

/// `<Gauge value={Math.random() * 100} />`
pub(super) fn attributes<'a>(module: &Module<'a>, uses: &mut Vec<Use<'a>>) {
    for attribute in &module.attributes {
        let name = attribute.it.name.as_identifier().map_or("", |name| name.name.as_str());
        if name != "value" && !is_metric(name) || is_honest_name(name) {
            continue;
        }
        let Some(JSXAttributeValue::ExpressionContainer(container)) = &attribute.it.value else { continue };
        if let Some(value) = container.expression.as_expression()
            && randomness(module, value) == Some(true)
        {
            uses.push(Use {
                node: attribute.node,
                span: attribute.it.span,
                name,
                function: attribute.function,
                pure: true,
            });
        }
    }
}
