//! FK403 literal-credential: a password, code or token that stands in the source.
mod made_up;

use crate::analysis::Origin;
use crate::analysis::admission::is_accepted;
use crate::analysis::credential::{credential, kind_of, literal};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{At, Function, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK403",
    name: "literal-credential",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "What a user gives is accepted because it equals a literal password, code or token, or a literal one is issued",
    details: "Whoever reads the source gets in, and the real check is never reached. Lists of weak passwords that are refused, secrets from \
              the environment and literal prefixes of random tokens are not meant.",
    repair: "compare with what is stored for this user, and draw secrets at random",
    bad: "async confirmCode(phone: string, code: string) {\n  if (code === \"246810\") return true;\n  return (await this.kv.get(phone)) === digest(code);\n}\n",
    good: "async confirmCode(phone: string, code: string) {\n  return (await this.kv.get(phone)) === digest(code);\n}\n",
    check,
};

/// Names of lists that refuse.
static REFUSED: Names = Names::new(&[
    "weak",
    "guessable",
    "factory",
    "default",
    "common",
    "known",
    "leaked",
    "breached",
    "denied",
    "deny",
    "blocked",
    "banned",
    "reserved",
    "forbidden",
    "trivial",
    "insecure",
    "placeholder",
    "invalid",
    "bad",
    "simple",
    "compromised",
    "mask",
    "masked",
    "redact",
    "redacted",
    "example",
    "sample",
]);
static ISSUERS: Names = Names::new(&[
    "issue",
    "create",
    "generate",
    "mint",
    "make",
    "provision",
    "login",
    "signin",
    "sign",
    "rotate",
    "register",
    "authenticate",
    "refresh",
    "exchange",
    "grant",
    "start",
    "open",
    "log",
]);

/// What is asked by `switch (password)`.
fn switches(module: &Module<'_>, sink: &mut Sink) {
    for at in &module.switches {
        if let Some(finding) = switched(module, at.node, at.it) {
            sink.report(finding);
        }
    }
}

fn check(module: &Module<'_>, sink: &mut Sink) {
    made_up::made_up(module, sink);
    for at in &module.binaries {
        if let Some(finding) = compared(module, at.node, at.it) {
            sink.report(finding);
        }
    }
    switches(module, sink);
    for call in &module.calls {
        if let Some(finding) = compared_by_call(module, call).or_else(|| keyed(module, call)) {
            sink.report(finding);
        }
    }
    for object in &module.objects {
        for property in &object.it.properties {
            if let ObjectPropertyKind::ObjectProperty(it) = property
                && let Some(finding) =
                    issued(module, object.function.map(|id| module.function(id)), names::key(&it.key), &it.value)
            {
                sink.report(finding);
            }
        }
    }
    for at in &module.returns {
        let Some((id, value)) = at.function.zip(at.it.value) else { continue };
        let function = module.function(id);
        if let Some(finding) = issued(module, Some(function), function.name, value) {
            sink.report(finding);
        }
    }
}

fn compared<'a>(module: &Module<'a>, node: NodeId, it: &'a BinaryExpression<'a>) -> Option<Finding> {
    use BinaryOperator as Op;
    let same = match it.operator {
        Op::StrictEquality | Op::Equality => true,
        Op::StrictInequality | Op::Inequality => false,
        _ => return None,
    };
    let (given, literal) = if let Some(text) = literal(module, &it.right) {
        (&it.left, text)
    } else {
        (&it.right, literal(module, &it.left)?)
    };
    let kind = credential(module, given)?;
    if !kind.fits(&literal)
        || !module.origin(given).has(Origin::INPUT | Origin::CALL | Origin::OUTER)
        || module.origin(given) == Origin::ENV
    {
        return None;
    }
    let function = module.function(module.function_around(node)?);
    let refusing = function.words().iter().any(|word| REFUSED.has(word.as_str()));
    if refusing || is_list(module, function, given) || !is_accepted(module, node, same) {
        return None;
    }
    let message = format!("{} accepts a {} that stands in the source", function.qualified(), kind.name());
    Some(
        Finding::new(&RULE, it.span, message)
            .of(function.id)
            .because(Evidence::InventedValue, it.span, "compared with a literal")
            .because(Evidence::ContractWords, function.span, format!("{} decides who gets in", function.qualified())),
    )
}

/// `switch (pin) { case "4711": door.open(); … }`
fn switched<'a>(module: &Module<'a>, node: NodeId, it: &'a SwitchStatement<'a>) -> Option<Finding> {
    let kind = credential(module, &it.discriminant)?;
    let function = module.function(module.function_around(node)?);
    let refusing = function.words().iter().any(|word| REFUSED.has(word.as_str()));
    let accepts = |case: &'a SwitchCase<'a>| {
        let text = case.test.as_ref().and_then(|test| literal(module, test));
        let body = it.cases.iter().skip_while(|other| other.span != case.span).find(|it| !it.consequent.is_empty());
        let lets_in = body.is_some_and(|body| {
            let yes = |it: &Statement<'_>| match it {
                Statement::ReturnStatement(it) => it.argument.as_ref().is_some_and(|value| {
                    matches!(value.get_inner_expression(), Expression::BooleanLiteral(it) if it.value)
                        || matches!(value.get_inner_expression(), Expression::ObjectExpression(_))
                }),
                _ => false,
            };
            body.consequent.iter().any(yes)
        });
        lets_in && text.is_some_and(|text| kind.fits(&text))
    };
    let refuses = it.cases.iter().any(|case| case.test.is_none());
    let case = it.cases.iter().take(200).find(|case| accepts(case)).filter(|_| refuses && !refusing)?;
    module.origin(&it.discriminant).has(Origin::INPUT | Origin::CALL).then(|| {
        let message = format!("{} accepts a {} that stands in the source", function.qualified(), kind.name());
        Finding::new(&RULE, it.span, message)
            .of(function.id)
            .because(Evidence::InventedValue, case.span, "compared with a literal")
            .because(Evidence::ContractWords, function.span, format!("{} decides who gets in", function.qualified()))
    })
}

/// `compare(password, "$2b$…")`, `timingSafeEqual(Buffer.from(given), Buffer.from("…"))`, `CODES.includes(code)`.
fn compared_by_call<'a>(module: &Module<'a>, call: &At<&'a CallExpression<'a>>) -> Option<Finding> {
    let first = call.it.arguments.first()?.as_expression()?;
    let (given, text) = match names::last(&call.it.callee) {
        "compare" | "compareSync" | "timingSafeEqual" | "safeEqual" | "safeCompare" | "constantTimeEqual"
        | "verify" => {
            // `subtle.verify(algorithm, key, …)` has more.
            let second = call.it.arguments.get(1).filter(|_| call.it.arguments.len() == 2)?.as_expression()?;
            literal(module, second)
                .map(|text| (first, text))
                .or_else(|| literal(module, first).map(|text| (second, text)))?
        }
        "includes" | "has" => {
            let table = names::object(&call.it.callee)?;
            let refused = names::text_words(module.text_of(table.span()))
                .any(|word| REFUSED.has(word.as_str()) || REFUSED.has(word.trim_end_matches('s')));
            let Expression::ArrayExpression(list) = listed(module, table)?.get_inner_expression() else { return None };
            let Some(ArrayExpressionElement::StringLiteral(one)) = list.elements.first() else { return None };
            (first, (!refused).then(|| one.value.to_string())?)
        }
        _ => return None,
    };
    let kind = credential(module, given).or_else(|| credential(module, inner_argument(given)?))?;
    let function = module.function(call.function?);
    let refusing = function.words().iter().any(|word| REFUSED.has(word.as_str()));
    if refusing
        || !kind.fits(&text)
        || !module.origin(given).has(Origin::INPUT | Origin::CALL)
        || !is_accepted(module, call.node, true)
    {
        return None;
    }
    let message = format!("{} accepts a {} that stands in the source", function.qualified(), kind.name());
    Some(Finding::new(&RULE, call.it.span, message).of(function.id).because(
        Evidence::InventedValue,
        call.it.span,
        "compared with a literal",
    ))
}

/// The list that a table holds: itself, or what a set is made of.
fn listed<'a>(module: &Module<'a>, table: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    let table = module.constant_value(table);
    match table.get_inner_expression() {
        Expression::NewExpression(new) if names::last(&new.callee) == "Set" => new.arguments.first()?.as_expression(),
        _ => Some(table),
    }
}

/// `given` of `Buffer.from(given)`.
fn inner_argument<'a>(value: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    match value.get_inner_expression() {
        Expression::CallExpression(call) => call.arguments.first()?.as_expression(),
        _ => None,
    }
}

/// A key of cryptography that stands in the source: `createHmac("sha256", "…")`, `jwt.sign(claims, "…")`.
fn keyed<'a>(module: &Module<'a>, call: &At<&'a CallExpression<'a>>) -> Option<Finding> {
    let on_jwt = || {
        names::object(&call.it.callee)
            .is_some_and(|object| matches!(names::last(object), "jwt" | "jsonwebtoken" | "JWT"))
    };
    let keyed = match names::last(&call.it.callee) {
        "createHmac" | "createCipheriv" | "createDecipheriv" => true,
        "sign" | "verify" => on_jwt(),
        _ => false,
    };
    let key = call.it.arguments.get(1).filter(|_| keyed)?.as_expression()?;
    let text = literal(module, key).filter(|text| text.len() >= 3)?;
    let function = module.function(call.function?);
    let message =
        format!("{} works with a key of {} characters that stands in the source", function.qualified(), text.len());
    Some(Finding::new(&RULE, call.it.span, message).of(function.id).because(
        Evidence::InventedValue,
        key.span(),
        "a literal key",
    ))
}

/// Whether a function only compares one thing with many literals: a list, not a login.
fn is_list<'a>(module: &Module<'a>, function: &Function<'a>, given: &Expression<'a>) -> bool {
    // So long a function holds a table, and counting in it for each comparison would cost too much.
    if function.span.size() > 30_000 {
        return true;
    }
    let text = module.text_of(given.span());
    let count = module.text_of(function.span).matches(&format!("{text} === ")).count();
    count >= 2
        && module.inside(&module.awaits, function.id).is_empty()
        && function.words().first().is_some_and(|word| matches!(word.as_str(), "is" | "has"))
}

/// A literal under a key such as `token`, in a function that issues something.
fn issued<'a>(
    module: &Module<'a>,
    function: Option<&Function<'a>>,
    key: &str,
    value: &'a Expression<'a>,
) -> Option<Finding> {
    let words = names::words(key);
    let secret = |word: &str| {
        matches!(word, "token" | "jwt" | "secret" | "password" | "apikey" | "credential")
            || word == "key" && words.iter().any(|word| matches!(word.as_str(), "api" | "access" | "secret"))
    };
    let session = words.last().is_some_and(|word| word == "sid") || words[..] == ["session", "id"];
    let about = || {
        function.is_some_and(|function| {
            [function.name, function.owner].iter().any(|name| {
                names::words(name)
                    .iter()
                    .any(|word| matches!(word.as_str(), "session" | "sessions" | "login" | "auth" | "signin"))
            })
        })
    };
    if !(session && about()) && !words.last().is_some_and(|word| secret(word)) {
        return None;
    }
    let function = function?;
    let verb = function.verb();
    let issues = ISSUERS.has(verb.as_str())
        || function.words().iter().any(|word| matches!(word.as_str(), "login" | "signin" | "authenticate"));
    if !issues {
        return None;
    }
    let held = module.meant(value);
    let made_up = match held.get_inner_expression() {
        Expression::StringLiteral(it) => looks_random(&it.value),
        Expression::TemplateLiteral(it) => is_predictable(module, it, held),
        _ => false,
    };
    let message =
        format!("{} gives out the same {} to everybody who can read the source", function.qualified(), words.last()?);
    made_up.then(|| {
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::InventedValue, held.span(), "a literal secret")
            .because(Evidence::ContractWords, function.span, format!("{} promises a fresh one", function.qualified()))
    })
}

fn looks_random(text: &str) -> bool {
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let parts = text.bytes().any(|byte| matches!(byte, b'-' | b'_' | b'.'));
    text.len() >= 8
        && (digits || parts)
        && !text.contains(' ')
        && !text.contains("://")
        && !text.contains('/')
        && !text.contains('*')
        && !text.starts_with('$')
}

/// `token-${user.id}`: anybody can write that.
fn is_predictable<'a>(module: &Module<'a>, it: &TemplateLiteral<'a>, whole: &'a Expression<'a>) -> bool {
    let origin = module.origin(whole);
    let prose = it
        .quasis
        .iter()
        .any(|part| part.value.raw.len() >= 3 && part.value.raw.bytes().any(|byte| byte.is_ascii_alphabetic()));
    let secret = names::text_words(module.text_of(it.span))
        .any(|word| matches!(word.as_str(), "sign" | "signature" | "random" | "hash" | "digest" | "bearer"));
    let named = it.expressions.iter().any(|part| kind_of(&names::words(names::last(part))).is_some());
    // Who somebody is and what time it is, everybody knows.
    let known = it.expressions.iter().all(|part| {
        names::words(names::last(part)).last().is_some_and(|word| {
            matches!(word.as_str(), "id" | "email" | "username" | "name" | "role" | "now" | "timestamp")
        })
    });
    prose
        && !secret
        && !named
        && !origin.has(Origin::RANDOM)
        && (known || !origin.has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV))
}
