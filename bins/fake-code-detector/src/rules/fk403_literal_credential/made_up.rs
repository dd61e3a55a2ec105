//! A token that a provider should give, drawn at random on the spot.
use crate::analysis::{Origin, Weight};
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

/// Verbs of getting something from somebody who gives it out.
static GETS: Names = Names::new(&[
    "refresh",
    "exchange",
    "renew",
    "redeem",
    "obtain",
    "request",
    "fetch",
    "get",
    "acquire",
    "authorize",
    "authenticate",
    "connect",
    "login",
    "complete",
    "callback",
    "swap",
    "trade",
    "access",
    "reauthorize",
]);

pub(crate) fn made_up<'a>(module: &Module<'a>, sink: &mut Sink) {
    for object in &module.objects {
        let Some(function) = object.function.map(|id| module.function(module.home(id))) else { continue };
        let token = object.it.properties.iter().find_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) if is_token(names::key(&it.key)) => {
                let origin = module.origin(&it.value);
                let drawn = origin.has(Origin::RANDOM | Origin::TOKEN) && !origin.has(Origin::CALL | Origin::ENV);
                drawn.then_some(&it.value)
            }
            _ => None,
        });
        let Some(value) = token else { continue };
        if !GETS.has(function.verb().as_str()) || asks(module, function) {
            continue;
        }
        let Some(why) = provider(module, function) else { continue };
        let message = format!("{} makes up a token that somebody else has to give: {why}", function.qualified());
        sink.report(
            Finding::new(&super::RULE, function.span, message)
                .of(function.id)
                .because(Evidence::InventedValue, value.span(), "drawn at random")
                .because(Evidence::UnreadInput, function.span, why),
        );
    }
}

fn is_token(key: &str) -> bool {
    let words = names::words(key);
    words.last().is_some_and(|word| matches!(word.as_str(), "token" | "ticket" | "jwt" | "credential"))
        && !words.iter().any(|word| matches!(word.as_str(), "csrf" | "xsrf" | "reset" | "invite" | "cancel"))
}

/// Whether a function takes the answer of anybody but a store.
fn asks<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.inside(&module.calls, function.id).iter().any(|call| {
        let name = names::last(&call.it.callee).to_lowercase();
        matches!(name.as_str(), "fetch" | "post" | "request" | "axios" | "got" | "ky" | "send" | "grant" | "sign")
            || name.contains("token") && module.call_kind(call.it).is_effect()
    })
}

/// What says that there is a provider, and that it is not asked.
fn provider<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<String> {
    let unused = module.semantic.scoping().symbol_ids().take(2000).find(|symbol| {
        let AstKind::VariableDeclarator(it) = module.kind(module.declaration(*symbol)) else { return false };
        let url = matches!(it.init.as_ref().map(Expression::get_inner_expression), Some(Expression::StringLiteral(text)) if text.value.starts_with("http"));
        url && module.uses(*symbol).next().is_none() && !module.text_of(module.kind(module.parent(module.declaration(*symbol))).span()).starts_with("export")
            && module.function_around(module.declaration(*symbol)).is_none()
    });
    if let Some(symbol) = unused {
        return Some(format!("{} is never called", module.semantic.scoping().symbol_name(symbol)));
    }
    let class = function.class.map(|class| module.class_of(class));
    let unread = class.and_then(|class| {
        let text = module.text_of(class.it.span);
        class.members.iter().find(|member| {
            let about = names::words(member.name).last().is_some_and(|word| {
                matches!(
                    word.as_str(),
                    "secret" | "http" | "client" | "api" | "provider" | "idp" | "oauth" | "endpoint" | "url"
                )
            });
            member.injected && about && !text.contains(&format!("this.{}", member.name))
        })
    });
    if let Some(member) = unread {
        return Some(format!("{} is never read", member.name));
    }
    let given = function.parameters().iter().copied().find(|name| {
        let about = names::words(&name.name).last().is_some_and(|word| {
            matches!(word.as_str(), "code" | "token" | "assertion" | "grant" | "ticket" | "verifier")
        });
        about && name.symbol_id.get().is_some_and(|symbol| module.weight(symbol, function.id) <= Weight::Present)
    });
    given.map(|name| format!("{} decides nothing", name.name))
}
