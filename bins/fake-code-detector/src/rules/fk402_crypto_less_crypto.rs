//! FK402 crypto-less-crypto: a function that is named as cryptography does none.
use crate::analysis::crypto::{Job, Reach};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK402",
    name: "crypto-less-crypto",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function promises to encrypt, sign, verify or hash a secret, and nothing that it calls does that with the key",
    details: "Base64 hides nothing, a hash without the key signs nothing, and a decoded token is not a verified one. Delegation to \
              anything that gets the data, checksums, and implementations of an algorithm in the module itself are not meant.",
    repair: "use the platform's cryptography, or name the function after what it does (encode, checksum, decode)",
    bad: "export function encrypt(text: string, key: string) {\n  return Buffer.from(text).toString(\"base64\");\n}\n",
    good: "export function encrypt(text: string, key: Buffer) {\n  const cipher = createCipheriv(\"aes-256-gcm\", key, randomBytes(12));\n  return Buffer.concat([cipher.update(text), cipher.final()]);\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function).or_else(|| measured(module, function)) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.params.items.is_empty()
        || module.is_callback(function)
    {
        return None;
    }
    let job = job(module, function)?;
    if module.is_hook(function) || is_declared_plain(function) || module.is_null_object(function) {
        return None;
    }
    // Something has to come out: an event handler or a refusal only is no cryptography that is missing.
    let answers = module.returns_of(function.id).any(|it| it.value.is_some());
    let effects = module.summary(function.id).is_some_and(|summary| !summary.has_no_effect());
    if !answers && !effects {
        return None;
    }
    let mut reach = Reach { module, job, seen: Vec::new(), bits: 0 };
    if reach.does(function.id) || reach.bits >= 6 {
        return None;
    }
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} {} in name only: no cryptography gets the data", function.qualified(), job.promise()),
        )
        .of(function.id)
        .because(
            Evidence::AbsentEffect,
            module.body_span(function),
            "nothing called here works on the data with the key",
        )
        .because(
            Evidence::ContractWords,
            function.span,
            format!("its name or comment says that it {}", job.promise()),
        ),
    )
}

/// A check that only looks at how long the signature is that it was given, or whether there is one.
fn measured<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !matches!(function.verb().as_str(), "verify" | "check" | "validate" | "compare" | "is" | "has")
        || !module.is_candidate(function)
        || module.is_hook(function)
    {
        return None;
    }
    let subject = function.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "signature"
                | "hmac"
                | "mac"
                | "checksum"
                | "digest"
                | "hash"
                | "integrity"
                | "webhook"
                | "password"
                | "proof"
        )
    });
    let named = |name: &str| matches!(name, "sha1" | "sha256" | "sha512" | "md5" | "checksum" | "hmac" | "signature");
    let given = function.parameters().iter().copied().find(|name| {
        let verifies = named(&name.name) && function.verb() == "verify";
        (subject || verifies)
            && names::words(&name.name).last().is_some_and(|word| {
                named(word)
                    || matches!(
                        word.as_str(),
                        "signature" | "hmac" | "mac" | "digest" | "checksum" | "expected" | "hash" | "sig" | "proof"
                    )
            })
    });
    let symbol = given?.symbol_id.get()?;
    let mut uses = 0;
    let only = module.uses(symbol).all(|reference| {
        uses += 1;
        let inner = module.kind(reference.node_id()).span();
        match module.kind(module.parent(reference.node_id())) {
            AstKind::StaticMemberExpression(it) => matches!(it.property.name.as_str(), "length" | "byteLength"),
            AstKind::UnaryExpression(it) => matches!(it.operator, UnaryOperator::LogicalNot | UnaryOperator::Typeof),
            AstKind::IfStatement(it) => it.test.span() == inner,
            AstKind::LogicalExpression(it) => it.operator == LogicalOperator::And && it.left.span() == inner,
            _ => false,
        }
    });
    let answers = module.returns_of(function.id).any(|it| it.value.is_some());
    (only && uses > 0 && answers).then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} only measures what it was given and never compares it", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::UnreadInput, function.params.span, "only its length or presence is read")
        .because(Evidence::ContractWords, function.span, format!("{} promises to compare", function.name))
    })
}

fn is_declared_plain(function: &Function<'_>) -> bool {
    let plain = |word: &String| {
        matches!(
            word.as_str(),
            "none"
                | "plain"
                | "plaintext"
                | "identity"
                | "passthrough"
                | "unsafe"
                | "insecure"
                | "unsecured"
                | "unsigned"
                | "peek"
                | "legacy"
        )
    };
    function.owner_words().iter().chain(function.words()).any(plain)
}

/// What the words around a function promise.
fn job<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Job> {
    let words = function.words();
    let first = words.first()?.as_str();
    let second = words.get(1).map_or("", String::as_str);
    let verb = matches!(first, "encrypt" | "decrypt" | "encipher" | "decipher");
    if verb && !matches!(second, "ed" | "ion") {
        return Some(Job::Seal);
    }
    let candidate = matches!(
        first,
        "seal"
            | "unseal"
            | "open"
            | "sign"
            | "verify"
            | "check"
            | "validate"
            | "is"
            | "has"
            | "compare"
            | "match"
            | "matches"
            | "hash"
            | "digest"
            | "create"
            | "compute"
            | "make"
            | "generate"
            | "build"
            | "calculate"
    );
    if !candidate {
        return None;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let mut given: Vec<String> = names::text_words(module.text_of(function.params.span)).collect();
    // What the class was given counts as given to its methods.
    let members = function.class.map(|class| &module.class_of(class).members);
    given.extend(
        members.into_iter().flatten().filter(|member| member.injected).flat_map(|member| names::words(member.name)),
    );
    let gets = |list: &[&str]| given.iter().any(|word| list.contains(&word.as_str()));
    let docs = module.docs_of(function.id).to_lowercase();
    let says = |list: &[&str]| list.iter().any(|word| docs.contains(word));
    let key = gets(&["key", "keys", "secret", "pem", "jwks", "passphrase"]);
    match first {
        "seal" | "unseal" if key || says(&["encrypt", "decrypt"]) => Some(Job::Seal),
        "open" if key && says(&["decrypt"]) => Some(Job::Seal),
        "sign" if matches!(second, "in" | "up" | "out" | "off" | "al" | "of" | "extend" | "extended") => None,
        "sign"
            if key
                || has(&["jwt", "hmac", "payload", "webhook", "token"]) && says(&["sign", "key", "secret"])
                || says(&["signature", "hmac", "private key"]) =>
        {
            Some(Job::Sign)
        }
        "create" | "compute" | "make" | "generate" | "build" | "calculate" => {
            (key && has(&["mac", "hmac", "signature"])).then_some(Job::Sign)
        }
        "verify" | "check" | "validate" | "is" | "has" => {
            let subject = has(&["signature", "hmac", "jwt", "mac", "webhook", "totp", "hotp"])
                || has(&["licence", "license", "token", "certificate", "proof", "signed"]) && first == "verify";
            // Taking a token apart without a word about keys is still no verification.
            let apart = || {
                first == "verify"
                    && has(&["token", "jwt"])
                    && ["decode(", "decodeJwt(", "jwtDecode(", "jwt_decode(", "atob(", "split(\".\")", "split('.')"]
                        .iter()
                        .any(|part| module.text_of(function.span).contains(part))
            };
            let promised = key
                || apart()
                || gets(&["signature", "mac", "hmac"]) && (first == "verify" || says(&["hmac", "key"]))
                || first == "verify" && says(&["signature", "signed", "hmac", "issued by"]);
            match () {
                () if subject && promised => Some(Job::Verify),
                () if has(&["password", "passphrase"])
                    && gets(&["hash", "hashed", "digest", "stored"])
                    && matches!(first, "verify" | "check" | "validate") =>
                {
                    Some(Job::Hash)
                }
                () => None,
            }
        }
        "compare" | "match" | "matches" => (has(&["password", "passphrase", "passwords"])
            && gets(&["hash", "hashed", "digest", "stored"]))
        .then_some(Job::Hash),
        "hash" | "digest" => (has(&["password", "passphrase", "secret", "pin", "credential", "credentials"])
            || gets(&["password", "passphrase"]))
        .then_some(Job::Hash),
        _ => None,
    }
}
