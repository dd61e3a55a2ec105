//! FK801 dead-handler: a control that can be pressed, and nothing happens.
use crate::analysis::{Act, CallKind, Deed};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{At, FunctionId, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK801",
    name: "dead-handler",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "The handler of an enabled control is empty, only writes to a log, or only tells the user that it is done",
    details: "The control is there, has a label and can be pressed; what it promises does not happen. Fields that only show something, \
              handlers that only keep an event from bubbling, defaults of optional callbacks and disabled controls are not meant.",
    repair: "do what the label says, or disable the control and say why",
    bad: "<button onClick={() => {}}>Remove</button>\n",
    good: "<button onClick={() => onRemove(track.id)}>Remove</button>\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen: Vec<FunctionId> = Vec::new();
    for attribute in &module.attributes {
        let name = attribute.it.name.as_identifier().map_or("", |name| name.name.as_str());
        if !is_action(name) {
            continue;
        }
        if let Some(finding) = nothing_at_all(module, attribute) {
            sink.report(finding);
        }
        for id in handlers(module, attribute.it).into_iter().map(|id| passed_on(module, id)) {
            let shared = shared::finding(module, attribute, id);
            if shared.is_some() || seen.contains(&id) {
                shared.into_iter().for_each(|finding| sink.report(finding));
                continue;
            }
            if let Some(finding) = finding(module, attribute, id) {
                seen.push(id);
                sink.report(finding);
            }
        }
    }
    for finding in shared::items(module).into_iter().chain(shared::spread(module)) {
        sink.report(finding);
    }
    for finding in promised::orders(module, &seen) {
        sink.report(finding);
    }
}

/// The functions that an attribute may run: of `following ? unfollow : follow` those that have a name.
fn handlers<'a>(module: &Module<'a>, attribute: &'a JSXAttribute<'a>) -> Vec<FunctionId> {
    if let Some(JSXAttributeValue::ExpressionContainer(it)) = &attribute.value
        && let Some(Expression::ConditionalExpression(choice)) =
            it.expression.as_expression().map(Expression::get_inner_expression)
    {
        let named = |id: &FunctionId| {
            let function = module.function(*id);
            function.role == Role::Named && !module.is_null_object(function) && function.verb_in(&lexicon::EFFECT_VERBS)
        };
        let both = [&choice.consequent, &choice.alternate].into_iter();
        return both.filter_map(|it| module.handler_in(it, 0)).filter(named).collect();
    }
    module.handler_of(attribute).into_iter().collect()
}

/// `onClick={undefined}` on a button that says what it does.
fn nothing_at_all<'a>(module: &Module<'a>, attribute: &At<&'a JSXAttribute<'a>>) -> Option<Finding> {
    let JSXAttributeValue::ExpressionContainer(it) = attribute.it.value.as_ref()? else { return None };
    if !it.expression.as_expression()?.is_null_or_undefined() {
        return None;
    }
    let AstKind::JSXOpeningElement(element) = module.kind(module.parent(attribute.node)) else { return None };
    let button = module.text_of(element.name.span()).to_lowercase().ends_with("button");
    let label = label(module, element, attribute.node)
        .filter(|label| button && !is_off(element) && names::verb_in(label, &lexicon::EFFECT_VERBS))?;
    Some(
        Finding::new(&RULE, attribute.it.span, format!("{label}: there is no handler"))
            .because(Evidence::AbsentEffect, attribute.it.span, "nothing is called")
            .because(Evidence::ContractWords, element.span, "the control is enabled and says that it does something"),
    )
}

/// The function that a handler written in place only calls: `onClick={() => download(row)}`.
fn passed_on(module: &Module<'_>, id: FunctionId) -> FunctionId {
    match module.inside(&module.calls, id) {
        [only] if module.function(id).role == Role::Handler => match module.call_kind(only.it) {
            CallKind::Local(callee) if module.function(callee).role == Role::Named => callee,
            _ => id,
        },
        _ => id,
    }
}

/// Attributes of what a user does on purpose.
fn is_action(name: &str) -> bool {
    let words = names::words(name);
    let known = matches!(
        name,
        "onClick"
            | "onSelect"
            | "onPress"
            | "onSubmit"
            | "onDoubleClick"
            | "onTap"
            | "onAction"
            | "onConfirm"
            | "onAccept"
            | "onProceed"
            | "onConfirmed"
    );
    let passive = matches!(
        words.get(1).map(String::as_str),
        Some(
            "open"
                | "close"
                | "reset"
                | "clear"
                | "copy"
                | "start"
                | "stop"
                | "post"
                | "load"
                | "mount"
                | "scale"
                | "enable"
                | "disable"
        )
    );
    known || words.len() == 2 && words[0] == "on" && lexicon::EFFECT_VERBS.has(&words[1]) && !passive
}

fn finding<'a>(module: &Module<'a>, attribute: &At<&'a JSXAttribute<'a>>, id: FunctionId) -> Option<Finding> {
    let AstKind::JSXOpeningElement(element) = module.kind(module.parent(attribute.node)) else { return None };
    let function = module.function(id);
    let named = function.role == Role::Named;
    let label = label(module, element, attribute.node);
    let Some(deeds) = module.deeds(id) else {
        let called = if named { function.name } else { label.as_deref().unwrap_or("") };
        return only_marks(module, id, called).filter(|_| !is_off(element));
    };
    let verb = if named {
        function.verb_in(&lexicon::EFFECT_VERBS)
    } else {
        label.as_ref().is_some_and(|label| names::verb_in(label, &lexicon::EFFECT_VERBS))
    };
    let called = if named { function.name } else { label.as_deref().unwrap_or("") };
    let agreed = promised::agreed_to(module, attribute, &deeds, label.as_deref());
    let what = agreed
        .or_else(|| dead(module, &deeds, (called, verb)))
        .or_else(|| promised::local_only(module, id, called, &deeds))?;
    if is_off(element)
        || !verb && agreed.is_none() && (label.is_none() || is_container(module, element))
        || answers(module, id)
    {
        return None;
    }
    let stops = deeds.iter().any(|deed| matches!(names::last(&deed.call.callee), "stopPropagation" | "preventDefault"));
    let only_stops = matches!(names::verb(called).as_str(), "stop" | "prevent" | "swallow" | "ignore");
    if stops && (!verb || only_stops) || deeds.is_empty() && !named && is_container(module, element) {
        return None;
    }
    if named && module.is_null_object(function) {
        return None;
    }
    let written_there = attribute.it.span.contains_inclusive(function.span);
    let (span, name) = if !named && !written_there {
        (function.span, String::new())
    } else if named {
        (function.span, function.name.to_owned())
    } else {
        (attribute.it.span, label.map_or_else(String::new, |label| format!("{label}: ")))
    };
    let message = if named { format!("{name} {what}") } else { format!("{name}the handler {what}") };
    Some(
        Finding::new(&RULE, span, message)
            .of(id)
            .because(Evidence::AbsentEffect, module.body_span(function), what)
            .because(Evidence::ContractWords, element.span, "the control is enabled and says that it does something"),
    )
}

/// How nothing happens; nothing where something does.
fn dead<'a>(module: &Module<'a>, deeds: &[Deed<'a>], (name, verb): (&str, bool)) -> Option<&'static str> {
    let all = |acts: &[Act]| deeds.iter().all(|deed| acts.contains(&deed.act));
    let literal = |deed: &Deed<'a>| {
        deed.call
            .arguments
            .iter()
            .all(|argument| argument.as_expression().is_some_and(|value| module.origin(value).is_constant()))
    };
    match () {
        () if deeds.is_empty() => Some("is empty"),
        () if all(&[Act::Quiet]) => Some("does nothing but log or stop the event"),
        () if all(&[Act::Quiet, Act::Say])
            && (verb || deeds.iter().all(|deed| deed.act != Act::Say || literal(deed))) =>
        {
            Some("only shows a message")
        }
        () if all(&[Act::Quiet, Act::Set])
            && ANNOUNCED.has(names::verb(name).as_str())
            && deeds
                .iter()
                .any(|deed| module.call_kind(deed.call) == CallKind::Log && !deed.call.arguments.is_empty()) =>
        {
            Some("tells only a log and the screen")
        }
        () if all(&[Act::Quiet, Act::Set])
            && deeds.iter().all(|deed| deed.act != Act::Set || literal(deed))
            && (claims_done(name, deeds) || verb && plays_pending(deeds)) =>
        {
            Some("only says to the screen that it is done")
        }
        () if all(&[Act::Quiet, Act::Say, Act::Set, Act::Leave]) && verb => {
            let claims = deeds.iter().any(|deed| deed.act == Act::Say && !is_bad_news(module, deed.call));
            let fixed = deeds.iter().filter(|deed| deed.act == Act::Set).all(literal);
            (claims && fixed).then_some("says that it is done and tells nobody but the screen")
        }
        () => None,
    }
}

mod promised;
mod shared;

/// Verbs that somebody else has to learn of.
static ANNOUNCED: Names = Names::new(&[
    "approve",
    "reject",
    "subscribe",
    "unsubscribe",
    "follow",
    "unfollow",
    "publish",
    "send",
    "submit",
    "pay",
    "book",
    "archive",
    "invite",
    "upload",
    "deploy",
    "enroll",
    "register",
    "report",
    "block",
    "ban",
    "refund",
    "resend",
    "order",
    "redeem",
    "claim",
    "deactivate",
    "revoke",
    "verify",
    "delete",
    "remove",
    "transfer",
    "withdraw",
    "renew",
    "upgrade",
    "downgrade",
]);

/// What others have to end.
static ENDED: Names = Names::new(&[
    "subscription",
    "plan",
    "order",
    "booking",
    "membership",
    "account",
    "appointment",
    "reservation",
    "contract",
    "invoice",
    "payment",
    "transfer",
    "shipment",
]);

/// `handleFollow` that does `setFollowing(true)`: the flag says that the very verb is done.
fn claims_done(name: &str, deeds: &[Deed<'_>]) -> bool {
    let verb = names::verb(name);
    let stem = verb.get(..verb.len().saturating_sub(1)).unwrap_or("");
    // To cancel alone only leaves; to cancel something ends it.
    let ends = verb == "cancel" && names::words(name).iter().any(|word| ENDED.has(word.as_str()));
    (ANNOUNCED.has(verb.as_str()) || ends)
        && deeds.iter().any(|deed| {
            deed.act == Act::Set
                && (names::words(names::last(&deed.call.callee))
                    .iter()
                    .any(|word| word.starts_with(stem) && *word != *verb || takes_away(&verb, word))
                    || says_done(deed, (&verb, stem)))
        })
}

/// `setHidden(true)` of what is to be deleted.
fn takes_away(verb: &str, word: &str) -> bool {
    matches!(verb, "delete" | "remove" | "archive" | "revoke" | "withdraw")
        && matches!(word, "hidden" | "gone" | "removed" | "deleted" | "vanished")
}

/// `setState("sent")`: the state itself says that it is done.
fn says_done(deed: &Deed<'_>, (verb, stem): (&str, &str)) -> bool {
    let Some(Argument::StringLiteral(it)) = deed.call.arguments.first() else { return false };
    let state = it.value.to_lowercase();
    state != verb && (crate::analysis::is_success(&it.value) || state.starts_with(stem) && state.ends_with("ed"))
}

/// One state that is set to two values one after the other, with nothing between: the pause of a work that is not there.
fn plays_pending(deeds: &[Deed<'_>]) -> bool {
    let name = |deed: &Deed<'_>| names::last(&deed.call.callee).to_owned();
    let same = |one: &Deed<'_>, other: &Deed<'_>| match (one.call.arguments.first(), other.call.arguments.first()) {
        (Some(Argument::BooleanLiteral(one)), Some(Argument::BooleanLiteral(other))) => one.value && !other.value,
        (Some(Argument::StringLiteral(one)), Some(Argument::StringLiteral(other))) => {
            one.value != other.value && crate::analysis::is_success(&other.value)
        }
        _ => false,
    };
    let set: Vec<&Deed<'_>> = deeds.iter().filter(|deed| deed.act == Act::Set).take(20).collect();
    set.iter()
        .enumerate()
        .any(|(at, one)| set[at + 1..].iter().any(|other| name(one) == name(other) && same(one, other)))
}

/// `cancelled.value = true` and no more, in the handler that is to cancel.
fn only_marks(module: &Module<'_>, id: FunctionId, called: &str) -> Option<Finding> {
    let verb = names::verb(called);
    let stem = verb.get(..verb.len().saturating_sub(1)).filter(|stem| stem.len() >= 3)?;
    let ends = verb == "cancel" && names::words(called).iter().any(|word| ENDED.has(word.as_str()));
    let calls = module.inside(&module.calls, id);
    if !(ends || ANNOUNCED.has(verb.as_str())) || !calls.iter().all(|at| is_quiet(module, at.it)) {
        return None;
    }
    let mut writes = module.inside(&module.writes, id).iter();
    let marks = |at: &At<crate::model::Write<'_>>| match at.it {
        crate::model::Write::Assign(it) => {
            let (object, name) = names::target(&it.left);
            let named = names::words(object).iter().any(|word| word.starts_with(stem) || takes_away(&verb, word));
            name == "value" && named && it.right.is_literal()
        }
        crate::model::Write::Update(_) => false,
    };
    let function = module.function(id);
    let first = writes.next().filter(|at| marks(at) && module.inside(&module.news, id).is_empty())?;
    writes.all(marks).then(|| {
        let what = "only says to the screen that it is done";
        Finding::new(&RULE, function.span, format!("{called}: the handler {what}"))
            .of(id)
            .because(Evidence::AbsentEffect, module.kind(first.node).span(), what)
            .because(Evidence::ContractWords, function.span, format!("it is to {verb}"))
    })
}

fn is_quiet<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    matches!(module.call_kind(call), CallKind::Log | CallKind::Pure)
        || matches!(names::last(&call.callee), "preventDefault" | "stopPropagation")
}

fn is_bad_news<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let text = module.text_of(call.span).to_lowercase();
    ["error", "warn", "fail", "danger"].iter().any(|word| text.contains(word))
}

/// A function that answers something is asked for that, not for an effect.
fn answers(module: &Module<'_>, id: FunctionId) -> bool {
    module.returns_of(id).filter_map(|it| it.value).any(|value| {
        !matches!(value.get_inner_expression(), Expression::CallExpression(_) | Expression::ObjectExpression(_))
            && !value.is_undefined()
            && !matches!(value.get_inner_expression(), Expression::UnaryExpression(_) | Expression::NullLiteral(_))
    })
}

/// Disabled for good, hidden, or only there to show something.
fn is_off(element: &JSXOpeningElement<'_>) -> bool {
    element.attributes.iter().any(|item| match item {
        JSXAttributeItem::Attribute(it) => {
            let name = it.name.as_identifier().map_or("", |name| name.name.as_str());
            let always = match &it.value {
                None => true,
                Some(JSXAttributeValue::StringLiteral(text)) => text.value != "false",
                Some(JSXAttributeValue::ExpressionContainer(it)) => matches!(it.expression.as_expression().map(Expression::get_inner_expression), Some(Expression::BooleanLiteral(yes)) if yes.value),
                Some(_) => false,
            };
            // A button of the form: the form does the work.
            let submits = name == "type" && matches!(&it.value, Some(JSXAttributeValue::StringLiteral(text)) if matches!(text.value.as_str(), "submit" | "reset"));
            submits || always && matches!(name, "disabled" | "readOnly" | "readonly" | "aria-disabled" | "aria-hidden" | "hidden" | "isDisabled")
        }
        JSXAttributeItem::SpreadAttribute(_) => false,
    })
}

/// Elements that hold others: their handlers often only catch what bubbles.
fn is_container<'a>(module: &Module<'a>, element: &'a JSXOpeningElement<'a>) -> bool {
    let name = module.text_of(element.name.span());
    let role = element.attributes.iter().any(|item| matches!(item, JSXAttributeItem::Attribute(it) if it.name.as_identifier().is_some_and(|name| name.name == "role") && module.text_of(it.span).contains("button")));
    let words = names::words(name);
    if words
        .last()
        .is_some_and(|word| matches!(word.as_str(), "button" | "item" | "link" | "action" | "option" | "trigger"))
    {
        return false;
    }
    let plain = name.starts_with(|sign: char| sign.is_ascii_lowercase()) && !matches!(name, "button" | "a" | "form");
    let holds = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "modal"
                | "dialog"
                | "popover"
                | "menu"
                | "picker"
                | "provider"
                | "select"
                | "input"
                | "field"
                | "editor"
                | "table"
                | "row"
                | "grid"
                | "card"
                | "box"
                | "view"
                | "overlay"
                | "tooltip"
                | "wrapper"
                | "container"
                | "panel"
                | "context"
        )
    });
    (plain || holds) && !role
}

/// What a control is called: its text, or an attribute that names it.
fn label<'a>(module: &Module<'a>, element: &'a JSXOpeningElement<'a>, node: NodeId) -> Option<String> {
    for item in &element.attributes {
        if let JSXAttributeItem::Attribute(it) = item
            && matches!(
                it.name.as_identifier().map_or("", |name| name.name.as_str()),
                "label" | "aria-label" | "title" | "text" | "tooltip" | "accessibilityLabel"
            )
        {
            return it.value.as_ref().map(|value| words_of(module.text_of(value.span())));
        }
    }
    let around =
        module.around(node).find_map(|(_, kind)| if let AstKind::JSXElement(it) = kind { Some(it) } else { None })?;
    around.children.iter().find_map(|child| match child {
        JSXChild::Text(text) if !text.value.trim().is_empty() => Some(words_of(&text.value)),
        JSXChild::ExpressionContainer(it) => it
            .expression
            .as_expression()
            .map(|value| words_of(choice_of(value).unwrap_or(module.text_of(value.span())))),
        JSXChild::Element(it) if it.children.len() == 1 => it
            .children
            .first()
            .and_then(|inner| if let JSXChild::Text(text) = inner { Some(words_of(&text.value)) } else { None }),
        _ => None,
    })
}

/// `Report post` of `{reported ? "Reported" : "Report post"}`: what is still to be done.
fn choice_of<'a>(value: &'a Expression<'a>) -> Option<&'a str> {
    let Expression::ConditionalExpression(it) = value.get_inner_expression() else { return None };
    [&it.alternate, &it.consequent].into_iter().find_map(|side| match side.get_inner_expression() {
        Expression::StringLiteral(text) if names::verb_in(&text.value, &lexicon::EFFECT_VERBS) => {
            Some(text.value.as_str())
        }
        _ => None,
    })
}

/// The words of a text with nothing between but spaces.
fn words_of(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).take(6).collect();
    words.join(" ")
}
