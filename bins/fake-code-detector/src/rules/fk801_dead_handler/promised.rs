//! Handlers whose name orders something that somebody else has to do, and that only change what is on the screen.
use super::{RULE, dead, is_bad_news};
use crate::analysis::{Act, CallKind, Deed};
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{At, Function, FunctionId, Module, Role};
use crate::names;
use crate::syntax::*;

/// Verbs that the screen does by itself.
static OF_THE_SCREEN: Names = Names::new(&[
    "close",
    "open",
    "clear",
    "reset",
    "clean",
    "cancel",
    "switch",
    "restart",
    "start",
    "stop",
    "move",
    "copy",
    "swap",
    "apply",
    "end",
    "drop",
    "place",
    "sync",
    "print",
    "pair",
    "lock",
    "unlock",
    "mark",
    "order",
    "file",
    "page",
    "flash",
    "confirm",
    "mount",
    "stage",
    "enable",
    "disable",
    "call",
    "give",
    "hand",
    "take",
    "track",
    "rotate",
    "scale",
    "create",
    "update",
    "attach",
    "detach",
    "connect",
    "disconnect",
    "flush",
    "forward",
    "warm",
    "trigger",
    "process",
    "fire",
    "launch",
    "execute",
    "replay",
    "index",
    "merge",
    "patch",
    "set",
    "push",
    "put",
    "insert",
    "write",
]);

/// Verbs whose object is somebody or something of somebody else.
static TO_OTHERS: Names = Names::new(&[
    "approve",
    "reject",
    "ban",
    "block",
    "unblock",
    "publish",
    "pay",
    "refund",
    "invite",
    "revoke",
    "escalate",
    "suspend",
    "promote",
    "resend",
    "notify",
    "deactivate",
]);

/// Why the deeds of a handler cannot be what its name orders.
pub(super) fn local_only<'a>(
    module: &Module<'a>,
    id: FunctionId,
    name: &str,
    deeds: &[Deed<'a>],
) -> Option<&'static str> {
    let verb = names::verb(name);
    let screen = OF_THE_SCREEN.has(verb.as_str());
    if !lexicon::EFFECT_VERBS.has(&verb)
        || deeds.is_empty()
        || deeds.iter().any(|deed| deed.act == Act::Real)
        || names::words(name).iter().skip(1).any(|word| {
            matches!(
                word.as_str(),
                "filter" | "filters" | "draft" | "selection" | "row" | "line" | "tag" | "dialog" | "modal" | "chip"
            )
        })
    {
        return None;
    }
    let said = deeds.iter().any(|deed| deed.act == Act::Say && !is_bad_news(module, deed.call));
    let opens =
        deeds.iter().all(|deed| deed.act != Act::Leave) && !said && module.inside(&module.awaits, id).is_empty();
    if module.changes_loaded(deeds, id) && (said || !screen) {
        return Some("changes what was loaded on the screen only, and tells nobody who keeps it");
    }
    if module.keeps_any(deeds, id) {
        return None;
    }
    let function = module.function(id);
    let given = !function.params.items.is_empty() && deeds.iter().any(|deed| deed.act == Act::Set);
    if given && TO_OTHERS.has(verb.as_str()) && module.inside(&module.awaits, id).is_empty() {
        return Some("decides over what is others', and tells nobody but the screen");
    }
    let waits_for_nothing = module.inside(&module.awaits, id).is_empty()
        && (function.is_async || !module.inside(&module.catches, id).is_empty());
    let asked = deeds.iter().any(|deed| names::last(&deed.call.callee) == "confirm");
    if waits_for_nothing && function.is_async && (said || !screen) {
        return Some("is asynchronous, waits for nobody and only changes the screen");
    }
    if waits_for_nothing && said {
        return Some("expects a failure, but asks nobody who could fail");
    }
    (asked && !screen && !opens).then_some("asks whether the user is sure and then does nothing but leave")
}

/// What happens when the user has agreed to what a dialog asks: only a log line and the end of the dialog, or not even that where
/// the dialog says what it would do.
pub(super) fn agreed_to<'a>(
    module: &Module<'a>,
    attribute: &At<&'a JSXAttribute<'a>>,
    deeds: &[Deed<'a>],
    label: Option<&str>,
) -> Option<&'static str> {
    let name = attribute.it.name.as_identifier().map_or("", |name| name.name.as_str());
    // `onClear()`: whoever shows the dialog is told that the selection is over.
    let ends = |deed: &Deed<'a>| {
        deed.call.arguments.is_empty()
            && matches!(
                names::last(&deed.call.callee),
                "onClear" | "onReset" | "onDeselect" | "clearSelection" | "onHide"
            )
    };
    let quiet = deeds.iter().all(|deed| matches!(deed.act, Act::Quiet | Act::Set | Act::Leave) || ends(deed));
    if !matches!(name, "onConfirm" | "onAccept" | "onProceed" | "onConfirmed") || !quiet || deeds.is_empty() {
        return None;
    }
    let logs = deeds.iter().any(|deed| module.call_kind(deed.call) == CallKind::Log && !deed.call.arguments.is_empty());
    // `setOpen(false)`, `setTarget(null)`: the dialog is put away.
    let closes = deeds.iter().filter(|deed| deed.act == Act::Set).all(|deed| {
        let first = deed.call.arguments.first().and_then(Argument::as_expression);
        first.is_none_or(|it| {
            it.is_null_or_undefined()
                || matches!(it, Expression::BooleanLiteral(_))
                || matches!(it, Expression::StringLiteral(text) if text.value.is_empty())
                || matches!(it, Expression::NewExpression(new) if new.arguments.is_empty())
                || matches!(it, Expression::ArrayExpression(list) if list.elements.is_empty())
        })
    });
    let orders = label.is_some_and(|label| {
        names::words(label).iter().any(|word| super::ANNOUNCED.has(word.as_str()) || TO_OTHERS.has(word.as_str()))
    });
    let put_away = deeds.iter().all(|deed| deed.act == Act::Set && !opens_another(deed));
    (closes && (logs || orders && put_away)).then_some("asks whether the user is sure and then does nothing but leave")
}

/// `setAskReason(true)` leads on to the next question.
fn opens_another(deed: &Deed<'_>) -> bool {
    matches!(deed.call.arguments.first(), Some(Argument::BooleanLiteral(it)) if it.value)
}

/// Functions of a component or hook that are named after an order, wherever they are bound: in a list of menu items, by a prop.
pub(super) fn orders(module: &Module<'_>, seen: &[FunctionId]) -> Vec<Finding> {
    let inner = |function: &Function<'_>| {
        function.role == Role::Named
            && !seen.contains(&function.id)
            && function.parent.is_some_and(|id| module.function(id).name.starts_with(|sign: char| sign.is_uppercase()))
    };
    let mut found = Vec::new();
    if module.elements.is_empty() {
        return found;
    }
    for function in module.functions.iter().filter(|function| inner(function)).take(200) {
        let verb = function.verb();
        if !lexicon::EFFECT_VERBS.has(verb) || OF_THE_SCREEN.has(verb.as_str()) {
            continue;
        }
        let returns = module.returns_of(function.id).any(|it| it.value.is_some());
        let Some(deeds) = module.deeds(function.id).filter(|deeds| !deeds.is_empty() && !returns) else { continue };
        let says = deeds.iter().any(|deed| deed.act == Act::Say);
        let what = dead(module, &deeds, (function.name, true))
            .filter(|_| says)
            .or_else(|| local_only(module, function.id, function.name, &deeds));
        if let Some(what) = what {
            found.push(
                Finding::new(&RULE, function.span, format!("{} {what}", function.name))
                    .of(function.id)
                    .because(Evidence::AbsentEffect, module.body_span(function), what)
                    .because(Evidence::ContractWords, function.span, format!("its name says \"{verb}\"")),
            );
        }
    }
    found
}
