//! What was read to be checked, the token of a request or what is required, and is only asked for its presence or form.
use crate::analysis::{Origin, Weight};
use crate::finding::{Evidence, Finding};
use crate::lexicon::Names;
use crate::model::{Function, FunctionId, Module, Role};
use crate::names;
use crate::syntax::*;

static SECRETS: Names = Names::new(&[
    "token",
    "signature",
    "sig",
    "hmac",
    "mac",
    "otp",
    "totp",
    "captcha",
    "password",
    "passcode",
    "pin",
    "jwt",
    "digest",
    "checksum",
    "secret",
    "credential",
    "credentials",
    "csrf",
    "nonce",
    "proof",
    "hash",
    "code",
    "apikey",
    "expected",
    "required",
    "needed",
    "permission",
    "scope",
    "candidate",
    "computed",
    "actual",
    "wanted",
]);

/// A variable of a check that nothing is compared with.
pub(crate) fn unweighed_local<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let entry = matches!(function.name, "handler" | "authorizer" | "middleware");
    if !module.is_candidate(function) || module.is_hook(function) || !(entry || checks(function)) {
        return None;
    }
    let found = module.own(&module.declarators, function.id).find_map(|at| {
        let it = at.it;
        let init = it.init.as_ref()?;
        let real = module.origin(init).has(Origin::INPUT | Origin::CALL | Origin::FIELD | Origin::OUTER);
        it.id.get_binding_identifiers().into_iter().filter(|_| real).find_map(|name| {
            let about = names::words(&name.name).last().is_some_and(|word| SECRETS.has(word.as_str()));
            let weight = module.weight(name.symbol_id.get().filter(|_| about)?, function.id);
            fits(weight, entry || is_ask(function, &name.name)).then_some((name, weight))
        })
    });
    let (name, weight) = found?;
    Some(finding(function, function, name.name.as_str(), name.span, weight))
}

/// `canLoadMore` may well ask whether there is a token; what is required has to be compared.
fn is_ask(function: &Function<'_>, name: &str) -> bool {
    matches!(function.verb().as_str(), "can" | "may")
        && !names::words(name)
            .last()
            .is_some_and(|word| matches!(word.as_str(), "required" | "needed" | "permission" | "expected" | "wanted"))
}

fn fits(weight: Weight, entry: bool) -> bool {
    matches!(weight, Weight::Shape) || !entry && weight == Weight::Present
}

/// Whether a name promises to compare what it gets.
fn checks(function: &Function<'_>) -> bool {
    let words = function.words();
    let verb = function.verb();
    let valid = || {
        words.iter().any(|word| {
            matches!(word.as_str(), "valid" | "authentic" | "genuine" | "signed" | "trusted" | "authorized" | "allowed")
        })
    };
    match verb.as_str() {
        "verify" | "authenticate" | "authorize" | "authorise" | "login" | "signin" | "redeem" => true,
        "can" | "may" => true,
        "is" => valid(),
        "check" | "validate" | "require" | "guard" | "protect" | "ensure" | "assert" => {
            words.len() > 1
                && words.iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "signature"
                            | "token"
                            | "password"
                            | "auth"
                            | "credentials"
                            | "access"
                            | "permission"
                            | "permissions"
                            | "code"
                            | "otp"
                            | "login"
                            | "csrf"
                            | "captcha"
                            | "hash"
                            | "checksum"
                            | "integrity"
                            | "webhook"
                            | "link"
                            | "session"
                            | "key"
                    )
                })
        }
        _ => false,
    }
}

/// The code that was typed into a component, and whose form opens the door.
pub(crate) fn unweighed_state<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let parent = function.parent?;
    let verb = function.verb();
    if !matches!(
        verb.as_str(),
        "unlock"
            | "confirm"
            | "verify"
            | "login"
            | "signin"
            | "redeem"
            | "authenticate"
            | "validate"
            | "check"
            | "activate"
            | "enable"
    ) || !matches!(function.role, Role::Named | Role::Handler)
        || !module.is_candidate(function)
    {
        return None;
    }
    let states = states(module, function, parent);
    let (name, symbol) = states.into_iter().find(|(name, symbol)| {
        let about = names::words(name).last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "pin"
                    | "code"
                    | "otp"
                    | "totp"
                    | "token"
                    | "password"
                    | "passcode"
                    | "captcha"
                    | "voucher"
                    | "coupon"
                    | "key"
                    | "passphrase"
            )
        });
        about
            && module.weight(*symbol, function.id) == Weight::Shape
            && matches!(module.weight(*symbol, parent), Weight::Shape | Weight::Returned)
    })?;
    let last = module
        .uses(symbol)
        .map(|it| module.kind(it.node_id()).span().end)
        .filter(|end| *end <= function.span.end)
        .max()?;
    let opens = module.inside(&module.calls, function.id).iter().any(|call| {
        let name = names::last(&call.it.callee).to_lowercase();
        call.it.span.start >= last
            && !["error", "touch", "message", "toast", "focus", "invalid", "loading"]
                .iter()
                .any(|word| name.contains(word))
    });
    opens.then(|| finding(function, function, name, function.span, Weight::Shape))
}

/// The state of the component around, as far as a function names it.
fn states<'a>(module: &Module<'a>, function: &Function<'a>, parent: FunctionId) -> Vec<(&'a str, SymbolId)> {
    let around = module.function(parent);
    let mut found = Vec::new();
    for call in module.own(&module.calls, parent) {
        if !matches!(names::last(&call.it.callee), "useState" | "ref" | "createSignal" | "useSignal" | "$state") {
            continue;
        }
        let AstKind::VariableDeclarator(it) = module.kind(module.parent(call.node)) else { continue };
        let Some(name) = it.id.get_binding_identifiers().into_iter().next() else { continue };
        let Some(symbol) = name.symbol_id.get() else { continue };
        let used = module.uses(symbol).any(|it| it.node_id() > function.node && it.node_id() < function.end);
        if used && around.node < function.node {
            found.push((name.name.as_str(), symbol));
        }
    }
    found
}

fn finding<'a>(function: &Function<'a>, within: &Function<'a>, name: &str, span: Span, weight: Weight) -> Finding {
    let what =
        if weight == Weight::Present { "is only asked for its presence" } else { "is only looked at from outside" };
    Finding::new(
        &super::RULE,
        function.span,
        format!("{} answers whatever {name} says: it {what}", function.qualified()),
    )
    .of(within.id)
    .because(Evidence::UnreadInput, span, format!("{name} {what}"))
    .because(Evidence::ContractWords, function.span, format!("{} promises to check", function.name))
}

/// `const matches = await compare(password, hash);` and then nobody asks.
pub(crate) fn unasked<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) {
        return None;
    }
    module.own(&module.declarators, function.id).find_map(|at| {
        let it = at.it;
        let name = it.id.get_binding_identifier().filter(|name| !name.name.starts_with('_'))?;
        let mut made = it.init.as_ref()?.get_inner_expression();
        if let Expression::AwaitExpression(inner) = made {
            made = inner.argument.get_inner_expression();
        }
        let Expression::CallExpression(call) = made else { return None };
        let verdict = names::words(&name.name).first().is_some_and(|word| {
            matches!(
                word.as_str(),
                "valid"
                    | "matches"
                    | "match"
                    | "ok"
                    | "allowed"
                    | "is"
                    | "can"
                    | "has"
                    | "authorized"
                    | "permitted"
                    | "verified"
                    | "equal"
                    | "same"
                    | "granted"
                    | "passed"
                    | "authentic"
            )
        });
        let asks = matches!(
            names::verb(names::last(&call.callee)).as_str(),
            "compare"
                | "verify"
                | "can"
                | "is"
                | "has"
                | "check"
                | "timing"
                | "equals"
                | "validate"
                | "authorize"
                | "matches"
        );
        if !verdict || !asks {
            return None;
        }
        let symbol = name.symbol_id.get()?;
        let used = module.weight(symbol, function.id);
        (used <= Weight::Told && !exported(module, symbol)).then(|| {
            let message =
                format!("{} asks {} and goes on whatever comes out", function.qualified(), names::last(&call.callee));
            Finding::new(&super::RULE, function.span, message)
                .of(function.id)
                .because(Evidence::UnreadInput, it.span, format!("{} decides nothing", name.name))
                .because(Evidence::ContractWords, call.span, "it was asked for a yes or no")
        })
    })
}

/// Whether a variable goes anywhere but into logs and notes of its own function: into a field, a property or a part of the page.
fn exported(module: &Module<'_>, symbol: SymbolId) -> bool {
    module.uses(symbol).any(|reference| {
        module.around(reference.node_id()).take(6).any(|(_, kind)| {
            matches!(
                kind,
                AstKind::ObjectProperty(_)
                    | AstKind::AssignmentExpression(_)
                    | AstKind::JSXExpressionContainer(_)
                    | AstKind::ReturnStatement(_)
                    | AstKind::ThrowStatement(_)
                    | AstKind::ArrayExpression(_)
                    | AstKind::LogicalExpression(_)
                    | AstKind::ConditionalExpression(_)
            )
        })
    })
}
