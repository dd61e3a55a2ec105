//! `fetch(x).then((answer) => literal)`: the answer is asked whether it is one, and a literal is given on in its place.
use super::RULE;
use crate::analysis::CallKind;
use crate::finding::{Evidence, Finding};
use crate::model::{Function, Module, Role};
use crate::names;
use crate::rules::fk103_constant_answer::is_rich;
use crate::syntax::*;

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.role != Role::Callback || function.argument_of != "then" || function.params.items.len() != 1 {
        return None;
    }
    let AstKind::CallExpression(then) = module.kind(module.parent(function.node)) else { return None };
    let asked = names::object(&then.callee)?.get_inner_expression();
    let Expression::CallExpression(question) = asked else { return None };
    let method = names::last(&question.callee);
    let fetches = matches!(method, "fetch" | "get" | "request" | "axios" | "ky")
        && module.call_kind(question) == CallKind::Effect;
    let name = function.params.items.first()?.pattern.get_binding_identifier()?;
    let only_status = module.uses(name.symbol_id.get()?).all(|used| {
        matches!(module.kind(module.parent(used.node_id())), AstKind::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "ok" | "status" | "statusText" | "redirected"))
    });
    let mut values =
        module.returns_of(function.id).filter_map(|it| it.value).filter(|it| !module.is_meager(it)).peekable();
    let first = (*values.peek()?).span();
    let made_up = values.all(|it| is_rich(module, it) && module.origin(it).is_constant() && figures(it));
    let quiet = module.summary(function.id)?.work().is_none();
    (fetches && only_status && made_up && quiet).then(|| {
        let home = module.function(module.home(function.id));
        Finding::new(&RULE, home.span, format!("{} asks, drops the answer, and makes up its own", home.qualified()))
            .of(home.id)
            .because(Evidence::UnreadInput, name.span, "only whether there is an answer is looked at")
            .because(Evidence::InventedValue, first, "this is given on whatever came back")
    })
}

/// Whether an object says more than that it went well.
fn figures(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::ObjectExpression(it) => {
            it.properties
                .iter()
                .filter(|it| match it {
                    ObjectPropertyKind::ObjectProperty(it) => {
                        !matches!(it.value.get_inner_expression(), Expression::BooleanLiteral(_))
                    }
                    ObjectPropertyKind::SpreadProperty(_) => false,
                })
                .count()
                > 1
        }
        Expression::ArrayExpression(it) => !it.elements.is_empty(),
        _ => false,
    }
}
