//! Handlers that several controls share, that a list of items names, or that are spread over a control.
use super::{RULE, dead, is_action, is_off, label};
use crate::analysis::{object_keys, property};
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{At, FunctionId, Module, Role};
use crate::names;
use crate::syntax::*;

/// Verbs of labels that promise something, beside those that change the world.
static LABELS: Names = Names::new(&[
    "add",
    "download",
    "share",
    "edit",
    "rename",
    "duplicate",
    "generate",
    "like",
    "rate",
    "buy",
    "donate",
    "join",
    "leave",
    "request",
    "contact",
    "change",
    "edit",
    "scan",
    "compare",
    "find",
    "load",
    "show",
    "view",
    "run",
    "test",
    "check",
]);
/// Verbs of labels that promise to do nothing.
static LEAVING: Names = Names::new(&["cancel", "close", "open", "reset", "clear", "dismiss", "copy", "mark", "hold"]);

/// `onSelect={noop}` on a control whose label promises something; the name of the function promises nothing.
pub(super) fn finding<'a>(
    module: &Module<'a>,
    attribute: &At<&'a JSXAttribute<'a>>,
    id: FunctionId,
) -> Option<Finding> {
    let AstKind::JSXOpeningElement(element) = module.kind(module.parent(attribute.node)) else { return None };
    let function = module.function(id);
    // A function with a name that promises something is blamed itself, and one that is written in place too.
    if function.role == Role::Handler
        || function.role == Role::Named && !module.is_null_object(function)
        || attribute.it.span.contains_inclusive(function.span)
    {
        return None;
    }
    of_control(module, (element, attribute.node), (attribute.it.span, id))
}

fn of_control<'a>(
    module: &Module<'a>,
    (element, node): (&'a JSXOpeningElement<'a>, NodeId),
    (span, id): (Span, FunctionId),
) -> Option<Finding> {
    let what = nothing_in(module, id)?;
    let text = label(module, element, node).filter(|text| !is_off(element) && promises(text))?;
    Some(
        Finding::new(&RULE, span, format!("{text}: the handler {what}"))
            .because(Evidence::AbsentEffect, module.function(id).span, what)
            .because(Evidence::ContractWords, element.span, "the control is enabled and says that it does something"),
    )
}

/// How a function does nothing at all, whatever it is called.
fn nothing_in(module: &Module<'_>, id: FunctionId) -> Option<&'static str> {
    let deeds = module.deeds(id)?;
    let values = module.returns_of(id).filter_map(|it| it.value).any(|value| {
        !value.is_undefined()
            && !matches!(value.get_inner_expression(), Expression::UnaryExpression(_) | Expression::CallExpression(_))
    });
    dead(module, &deeds, ("", false)).filter(|_| !values && module.inside(&module.throws, id).is_empty())
}

fn promises(text: &str) -> bool {
    let verb = names::verb(text);
    let known = names::verb_in(text, &lexicon::EFFECT_VERBS) || LABELS.has(verb.as_str());
    known && !LEAVING.has(verb.as_str()) && text.chars().next().is_some_and(char::is_alphabetic)
}

/// `{ label: "Archive project", onSelect: () => {} }`: an item of a menu, or a command of a palette.
pub(super) fn items(module: &Module<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in &module.objects {
        let object = at.it;
        let mut keys = object_keys(object);
        let Some(key) =
            keys.find(|key| is_action(key) || matches!(*key, "run" | "action" | "handler" | "perform" | "execute"))
        else {
            continue;
        };
        let Some(text) = ["label", "title", "text", "name"].iter().find_map(|key| match property(object, key) {
            Some(Expression::StringLiteral(text)) => Some(text.value.as_str()),
            _ => None,
        }) else {
            continue;
        };
        let off = object_keys(object)
            .any(|key| matches!(key, "disabled" | "hidden" | "readOnly" | "children" | "items" | "type"));
        let id = property(object, key).and_then(|value| module.function_meant(value));
        let Some(id) = id.filter(|_| !off && promises(text)) else { continue };
        if let Some(what) = nothing_in(module, id) {
            found.push(
                Finding::new(&RULE, object.span, format!("{text}: the handler {what}"))
                    .because(Evidence::AbsentEffect, module.function(id).span, what)
                    .because(Evidence::ContractWords, object.span, "its label says that it does something"),
            );
        }
    }
    found
}

/// `<Button {...props}>Export</Button>`, where the props are a literal with an empty handler.
pub(super) fn spread(module: &Module<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in &module.elements {
        let spreads = at.it.attributes.iter().filter_map(|item| match item {
            JSXAttributeItem::SpreadAttribute(it) => Some(it),
            JSXAttributeItem::Attribute(_) => None,
        });
        for it in spreads {
            let Expression::ObjectExpression(props) = module.meant(&it.argument) else { continue };
            let key = object_keys(props).find(|key| is_action(key));
            let id = key.and_then(|key| property(props, key)).and_then(|value| module.function_meant(value));
            found.extend(id.and_then(|id| of_control(module, (at.it, at.node), (it.span, id))));
        }
    }
    found
}
