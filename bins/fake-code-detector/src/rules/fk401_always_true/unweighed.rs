//! A check whose answer does not depend on what decides: the secret, the code, the action.
use crate::analysis::Weight;
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module, Role};
use crate::names;
use crate::syntax::*;

/// Parameters that exist to be weighed: a check that does not is none.
const DECIDERS: &[&str] = &[
    "secret",
    "signature",
    "sig",
    "mac",
    "hmac",
    "checksum",
    "digest",
    "action",
    "permission",
    "permissions",
    "scope",
    "scopes",
    "capability",
    "privilege",
    "code",
    "otp",
    "totp",
    "pin",
    "token",
    "jwt",
    "password",
    "passphrase",
    "credential",
    "credentials",
    "challenge",
    "proof",
    "captcha",
    "passcode",
    "expected",
    "sha256",
    "sha1",
    "md5",
    "cert",
    "certificate",
    "assertion",
    "attestation",
    "licence",
    "license",
    "ability",
    "operation",
    "fingerprint",
    "verifier",
    "nonce",
    "hash",
    "key",
    "voucher",
    "coupon",
    "sha",
    "role",
    "roles",
    "feature",
    "entitlement",
];
/// Names that promise no more than a look at the shape.
static SHAPES: Names = Names::new(&[
    "format",
    "formatted",
    "shape",
    "syntax",
    "length",
    "size",
    "empty",
    "blank",
    "present",
    "defined",
    "strength",
    "formed",
    "wellformed",
    "parse",
    "parsable",
    "type",
    "like",
    "looks",
    "missing",
    "complete",
    "supported",
    "input",
    "inputs",
    "params",
    "args",
    "schema",
    "fields",
    "form",
    "required",
    "structure",
    "policy",
    "candidate",
    "prefix",
    "possible",
    "plausible",
    "exists",
    "nullish",
    "null",
    "undefined",
    "string",
    "number",
    "object",
    "array",
    "regex",
    "pattern",
    "strong",
    "weak",
    "config",
    "options",
    "settings",
    "env",
    "fits",
    "quick",
    "cheap",
    "precheck",
]);
/// Of these the ones that also take the promise of a strong verb back.
static OUTSIDES: Names = Names::new(&[
    "format",
    "shape",
    "syntax",
    "length",
    "size",
    "structure",
    "input",
    "inputs",
    "params",
    "args",
    "schema",
    "fields",
    "form",
    "policy",
    "strength",
    "empty",
    "present",
    "rules",
    "rule",
    "requirements",
    "criteria",
    "quality",
    "config",
    "options",
]);
/// Verbs of spending or using what only the right person has.
static SPENDS: Names =
    Names::new(&["consume", "claim", "accept", "activate", "reset", "apply", "exchange", "unsubscribe", "use"]);
/// Verbs of what makes a guard of its parameters.
static MAKERS: Names =
    Names::new(&["require", "requires", "guard", "protect", "restrict", "limit", "ensure", "enforce"]);
/// Verbs that promise more than a look at the shape, also with a single parameter.
static STRONG: Names = Names::new(&[
    "verify",
    "authenticate",
    "authorize",
    "authorise",
    "login",
    "signin",
    "confirm",
    "redeem",
    "scan",
    "screen",
    "unlock",
]);
/// Data that a check is to look into.
const CONTENTS: &[&str] = &[
    "content",
    "contents",
    "file",
    "buffer",
    "data",
    "bytes",
    "payload",
    "body",
    "upload",
    "attachment",
    "archive",
    "message",
    "text",
    "document",
    "image",
    "domain",
    "address",
    "hostname",
];
/// Phrases of a comment that promise more than a look at the form.
const DEEPER: &[&str] = &[
    "check digit",
    "checksum",
    "luhn",
    "mod-97",
    "mod 97",
    "signature",
    "signed",
    "against",
    "registry",
    "manifest",
    "revoked",
    "database",
    "provider",
    "malware",
    "virus",
    "spam",
    "stored",
    "server",
    "expired",
    "remote",
    "dns",
];
static MORE: Names =
    Names::new(&["assert", "scan", "screen", "login", "signin", "redeem", "unlock", "evaluate", "inspect", "compare"]);

/// Whether a parameter is given to a call that works with it: what is stored or sent need not be weighed.
fn is_handed_on<'a>(module: &Module<'a>, function: &Function<'a>, name: &BindingIdentifier<'a>) -> bool {
    let Some(symbol) = name.symbol_id.get() else { return false };
    module.inside(&module.calls, function.id).iter().any(|at| {
        let given = |argument: &Argument<'a>| matches!(argument.as_expression().map(Expression::get_inner_expression), Some(Expression::Identifier(it)) if module.symbol(it) == Some(symbol));
        at.it.arguments.iter().any(given) && module.grade(at) == crate::analysis::Grade::Work
    })
}

pub(crate) fn unweighed<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let verb = promised(function)?;
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.is_generator
        || !matches!(function.role, Role::Named | Role::Handler)
        || module.is_hook(function)
        || module.is_null_object(function)
        || function.owner_words().iter().any(|word| super::OPEN.has(word.as_str()))
        || module.returns_of(function.id).all(|it| it.value.is_none())
            && module.inside(&module.throws, function.id).is_empty()
    {
        return None;
    }
    // A dialogue of this name asks the user, who decides.
    if verb == "confirm" && !module.inside(&module.elements, function.id).is_empty() {
        return None;
    }
    let words = function.words();
    if words.get(1).is_some_and(|word| matches!(word.as_str(), "is" | "has")) {
        return None;
    }
    let shapes = if STRONG.has(verb.as_str()) { &OUTSIDES } else { &SHAPES };
    if words.iter().any(|word| shapes.has(word.as_str()) || OUTSIDES.has(word.as_str())) {
        return None;
    }
    let weights: Vec<_> = function
        .parameters()
        .iter()
        .copied()
        .filter(|name| name.name != "children")
        .filter_map(|name| Some((name, module.weight(name.symbol_id.get()?, function.id))))
        .collect();
    let (name, weight, why) = pick(module, function, &verb, &weights)?;
    if is_handed_on(module, function, name) {
        return None;
    }
    let what = match weight {
        Weight::Unread => "is not read",
        Weight::Told => "decides nothing",
        Weight::Present => "is only asked for its presence",
        _ => "is only looked at from outside: its length or form",
    };
    let message = format!("{} answers whatever {} says: it {what}", function.qualified(), name.name);
    Some(
        Finding::new(&super::RULE, function.span, message)
            .of(function.id)
            .because(Evidence::UnreadInput, name.span, format!("{} {what}", name.name))
            .because(Evidence::ContractWords, function.span, why),
    )
}

/// What can be spent or used but once.
const SPENT: &[&str] =
    &["code", "token", "otp", "pin", "coupon", "voucher", "secret", "password", "ticket", "nonce", "signature"];

/// `requireScope(scope)`: what the guard that it makes goes by.
fn made<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    weights: &[Weighed<'a>],
) -> Option<(&'a BindingIdentifier<'a>, Weight, String)> {
    let makes =
        module.returns_of(function.id).any(|it| it.value.is_some_and(|value| module.function_in(value).is_some()));
    let found = weights.iter().find(|(name, weight)| {
        let about = names::words(&name.name).last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "requires"
                    | "required"
                    | "scope"
                    | "scopes"
                    | "role"
                    | "roles"
                    | "permission"
                    | "permissions"
                    | "secret"
                    | "max"
                    | "limit"
                    | "action"
                    | "allowed"
                    | "feature"
                    | "plan"
                    | "token"
                    | "key"
                    | "capability"
                    | "ability"
                    | "level"
                    | "tier"
            )
        });
        about && *weight <= Weight::Shape
    })?;
    makes.then(|| (found.0, found.1, format!("{} makes a guard of it", function.name)))
}

/// Parameters that a check may well do without.
fn is_help(name: &str) -> bool {
    names::words(name).last().is_some_and(|word| {
        matches!(
            word.as_str(),
            "options"
                | "opts"
                | "logger"
                | "log"
                | "context"
                | "ctx"
                | "config"
                | "reason"
                | "message"
                | "label"
                | "name"
                | "info"
                | "request"
                | "req"
                | "res"
                | "args"
                | "root"
                | "parent"
                | "source"
                | "info_"
                | "meta"
                | "trace"
                | "callback"
                | "cb"
                | "done"
                | "next"
                | "signal"
                | "event"
                | "e"
                | "audit"
                | "metrics"
                | "span"
                | "ip"
        )
    })
}

/// `name: string`, without `?` and `null`.
fn is_always_there<'a>(module: &Module<'a>, name: &BindingIdentifier<'a>) -> bool {
    let Some(symbol) = name.symbol_id.get() else { return false };
    let AstKind::FormalParameter(it) = module.kind(module.declaration(symbol)) else { return false };
    let typed = it.type_annotation.as_ref().map(|it| module.text_of(it.type_annotation.span()));
    !it.optional && typed.is_some_and(|text| matches!(text, "string" | "Date" | "Buffer" | "Uint8Array"))
}

/// `{ verified: … }`: the answer says more than that something looks right.
fn certifies<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let key = |property: &ObjectPropertyKind<'a>| match property {
        ObjectPropertyKind::ObjectProperty(it) => matches!(
            names::key(&it.key),
            "verified"
                | "authenticated"
                | "authorized"
                | "granted"
                | "admitted"
                | "redeemed"
                | "genuine"
                | "authentic"
                | "permitted"
                | "trusted"
        ),
        ObjectPropertyKind::SpreadProperty(_) => false,
    };
    module.returns_of(function.id).any(|it| match it.value.map(Expression::get_inner_expression) {
        Some(Expression::ObjectExpression(object)) => object.properties.iter().any(key),
        _ => false,
    })
}

/// `signingKey`, `publicKey`
fn is_secret_key(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(word.as_str(), "signing" | "secret" | "public" | "private" | "api" | "verification" | "verifying")
    })
}

type Weighed<'a> = (&'a BindingIdentifier<'a>, Weight);

/// The parameter that should decide and does not.
fn pick<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    verb: &str,
    weights: &[Weighed<'a>],
) -> Option<(&'a BindingIdentifier<'a>, Weight, String)> {
    let strong = STRONG.has(verb) || certifies(module, function);
    if MAKERS.has(verb) {
        return made(module, function, weights);
    }
    let spends = SPENDS.has(verb);
    let bounds = weights.iter().any(|(name, _)| {
        names::words(&name.name).iter().any(|word| {
            matches!(
                word.as_str(),
                "min" | "max" | "minimum" | "maximum" | "length" | "rules" | "policy" | "options" | "config"
            )
        })
    });
    let named = |name: &str, list: &[&str]| names::words(name).last().is_some_and(|word| list.contains(&word.as_str()));
    let access = function.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "permitted" | "allowed" | "authorized" | "entitled" | "granted" | "access" | "can" | "may"
        )
    });
    let mild = matches!(verb, "is" | "has" | "validate" | "valid" | "check" | "assert") && !access;
    let bound = module.has_heritage(function) || function.kind == Kind::Property && mild;
    let throws = !module.inside(&module.throws, function.id).is_empty();
    let read = |weight: Weight, name: &str| {
        weight <= Weight::Shape
            && (weight > Weight::Told
                || weight == Weight::Told && !throws
                || weight == Weight::Unread && !bound && !name.starts_with('_'))
    };
    let says = format!("{} is named as a check", function.name);
    let several = weights.len() > 1;
    let decider = weights.iter().find(|(name, weight)| {
        let key = named(&name.name, &["key", "hash", "nonce"]) && !is_secret_key(&name.name);
        let loose = named(
            &name.name,
            &[
                "scope",
                "scopes",
                "operation",
                "assertion",
                "expected",
                "token",
                "license",
                "cert",
                "password",
                "coupon",
                "voucher",
                "feature",
                "role",
                "roles",
            ],
        );
        named(&name.name, DECIDERS)
            && !name.name.to_lowercase().ends_with("sourcecode")
            && (!(loose || key) || !mild)
            && read(*weight, &name.name)
            && (several || strong)
            && (!spends || *weight <= Weight::Present && named(&name.name, SPENT))
            && !(bounds && !strong && named(&name.name, &["password", "passphrase", "pin", "code"]))
            && (!key || strong || *weight == Weight::Shape)
    });
    if let Some((name, weight)) = decider {
        return Some((name, *weight, says));
    }
    if spends {
        return None;
    }
    // Looked up for one part of the question, and the other part not even read, or only noted.
    let idle = weights.iter().find(|(name, weight)| {
        let asked = function.is_async
            && weights.iter().all(|it| it.1 <= Weight::Looked)
            && *weight == Weight::Unread
            && !bound
            && !name.name.starts_with('_');
        let noted = *weight == Weight::Told && !throws && !mild;
        (asked || noted) && !is_help(&name.name)
    });
    if let Some((name, weight)) = idle.filter(|_| several && verb != "validate") {
        return Some((name, *weight, says));
    }
    // Declared to be there anyway: that it is there says nothing.
    let there = weights.iter().find(|(name, weight)| *weight == Weight::Present && is_always_there(module, name));
    if let Some((name, weight)) = there.filter(|_| several && !bound && !throws && verb != "validate") {
        return Some((name, *weight, says));
    }
    let looks = |name: &str| strong && named(name, CONTENTS);
    let content = weights.iter().find(|(name, weight)| {
        looks(&name.name)
            && *weight <= Weight::Shape
            && *weight > Weight::Told
            && weights.iter().all(|it| it.1 <= Weight::Shape)
    });
    if let Some((name, weight)) = content {
        return Some((name, *weight, says));
    }
    let says_more = || {
        let docs = module.docs_of(function.id).to_lowercase();
        DEEPER.iter().any(|phrase| docs.contains(phrase))
    };
    if !several && weights.first().is_some_and(|it| it.1 <= Weight::Shape && it.1 > Weight::Told) && says_more() {
        let (name, weight) = weights[0];
        return Some((name, weight, "its comment promises more than a look at the form".to_owned()));
    }
    let measured = weights.iter().find(|it| it.1 == Weight::Shape && !is_list(module, it.0));
    // Nothing of several parameters is weighed, or somebody is asked about and never looked at.
    let nothing = weights.iter().all(|it| it.1 <= Weight::Shape);
    let passes = || {
        module
            .returns_of(function.id)
            .any(|it| it.value.and_then(|value| module.always_yes(value)).is_some_and(|yes| yes.plain))
    };
    if several && nothing && !bound && passes() && !(throws && verb == "validate") {
        let found = weights.iter().find(|it| it.1 > Weight::Told && !is_list(module, it.0))?;
        return Some((found.0, found.1, says));
    }
    if strong && nothing && several {
        let found = weights.iter().find(|it| it.1 > Weight::Told && !is_list(module, it.0))?;
        return Some((found.0, found.1, says));
    }
    let measured = measured.filter(|it| {
        strong && nothing
            || is_about_somebody(&it.0.name)
            || !nothing && passes() && !matches!(verb, "is" | "has" | "validate" | "valid")
    })?;
    several.then_some((measured.0, measured.1, says))
}

fn is_about_somebody(name: &str) -> bool {
    names::words(name)
        .iter()
        .any(|word| matches!(word.as_str(), "user" | "account" | "actor" | "subject" | "member" | "principal"))
}

/// `items: string[]`: how many there are may well be the question.
fn is_list<'a>(module: &Module<'a>, name: &BindingIdentifier<'a>) -> bool {
    let lists = name.name.ends_with('s')
        || names::words(&name.name).iter().any(|word| matches!(word.as_str(), "list" | "array" | "queue" | "set"));
    let node = name.symbol_id.get().map(|symbol| module.declaration(symbol));
    let typed = node.is_some_and(|node| match module.kind(node) {
        AstKind::FormalParameter(it) => it
            .type_annotation
            .as_ref()
            .is_some_and(|it| matches!(it.type_annotation, TSType::TSArrayType(_) | TSType::TSTupleType(_))),
        _ => false,
    });
    lists || typed
}

/// The verb by which a function promises to check.
fn promised(function: &Function<'_>) -> Option<String> {
    let verb = function.verb();
    let checks = lexicon::CHECK_VERBS.has(verb)
        && !matches!(verb.as_str(), "supports" | "needs" | "test" | "matches" | "contains" | "exists" | "should")
        || [&MORE, &SPENDS, &MAKERS].iter().any(|list| list.has(verb.as_str()));
    let guards = function
        .words()
        .iter()
        .any(|word| matches!(word.as_str(), "auth" | "guard" | "limiter" | "permission" | "acl"));
    if !checks && guards {
        return Some("guard".to_owned());
    }
    checks.then(|| verb.to_string())
}
