//! Secrets that a component makes up: a key or recovery code is worth something only where the server that checks it knows it.
use super::RULE;
use crate::analysis::{Act, object_keys};
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;

pub(super) fn secrets(module: &Module<'_>, sink: &mut Sink) {
    if module.elements.is_empty() {
        return;
    }
    let mut seen: Vec<FunctionId> = Vec::new();
    for at in module.calls.iter().filter(|at| module.chance(at.it).is_some() || names::last(&at.it.callee) == "now") {
        let Some(home) = at.function.map(|id| module.home(id)) else { continue };
        if seen.contains(&home) || seen.len() > 50 {
            continue;
        }
        seen.push(home);
        let it = module.function(home);
        let Some(name) = secret_in(module, home) else { continue };
        let Some(deeds) = module.deeds(home) else { continue };
        let kept = deeds.iter().any(|deed| deed.act == Act::Real) || module.keeps_any(&deeds, home);
        if kept || !deeds.iter().any(|deed| deed.act == Act::Set) {
            continue;
        }
        sink.report(
            Finding::new(
                &RULE,
                it.span,
                format!("{} makes up \"{name}\", and nobody who checks it gets it", it.qualified()),
            )
            .of(home)
            .because(Evidence::InventedValue, at.it.span, "chance alone decides it")
            .because(Evidence::AbsentEffect, it.span, "it only becomes the state of the component"),
        );
    }
}

/// The name of a secret that others check, among the states that a function sets and the keys that it writes.
fn secret_in<'a>(module: &Module<'a>, id: FunctionId) -> Option<&'a str> {
    let setters = module.inside(&module.calls, id).iter().filter(|at| module.is_setter(at.it));
    let mut names = setters
        .map(|at| names::last(&at.it.callee))
        .chain(module.inside(&module.objects, id).iter().flat_map(|at| object_keys(at.it)))
        .chain(std::iter::once(module.function(id).name));
    let order = lexicon::EFFECT_VERBS.has(&names::verb(module.function(id).name));
    names.find(|name| is_secret(name) || order && is_receipt(name))
}

/// What whoever carried an order out gives as the proof.
fn is_receipt(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "voucher"
                | "ticket"
                | "coupon"
                | "hash"
                | "receipt"
                | "confirmation"
                | "tracking"
                | "txid"
                | "transaction"
                | "reference"
        )
    })
}

fn is_secret(name: &str) -> bool {
    let words = names::words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    !has(&["password", "csrf", "draft", "react", "row", "sort"])
        && (has(&["secret", "apikey"])
            || has(&[
                "recovery", "backup", "api", "access", "license", "licence", "invite", "webhook", "signing", "voucher",
            ]) && has(&["code", "codes", "key", "keys", "token", "tokens", "link"]))
}
