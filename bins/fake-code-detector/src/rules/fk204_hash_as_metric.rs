//! FK204 hash-as-metric: a measure made of the letters of a name.
use rustc_hash::FxHashSet;

use crate::analysis::{CallKind, Made, Reach};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module, Topic};
use crate::names;
use crate::rules::{Rule, Scope, fk204_position};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK204",
    name: "hash-as-metric",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "A measure is made of nothing but the characters of a name",
    details: "A score, a price or a temperature that is folded out of letters looks stable and different for everybody, and means nothing. \
              Buckets, shards, colours and cache keys are what such a fold is for.",
    repair: "measure it",
    bad: "const score = 48 + (hash(repo.name) % 50);\nreturn { repo: repo.name, score };\n",
    good: "const shard = hash(repo.name) % shards.length;\nreturn shards[shard].get(repo.name);\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    fk204_position::check(module, sink);
    // Cheap: where nothing reads characters or makes digests there is nothing to find.
    if !module.calls.iter().any(|call| is_source(call.it) || looks_like_hash(names::last(&call.it.callee)))
        && !module.speaks_of(Topic::Multiple)
        && !(module.speaks_of(Topic::Remainder)
            && memchr::memmem::find(module.text.as_bytes(), b".length % ").is_some())
    {
        return;
    }
    let mut seen = FxHashSet::default();
    let mut report = |function: Option<FunctionId>, span: Span, name: &str| {
        let Some(home) = function.map(|id| module.home(id)) else { return };
        if names::has_word(name, &lexicon::RANDOM_SINKS) || !seen.insert(home) {
            return;
        }
        let it = module.function(home);
        sink.report(
            Finding::new(
                &RULE,
                it.span,
                format!("in {}, \"{name}\" is made of the characters of a name", it.qualified()),
            )
            .of(home)
            .with_severity(Severity::Error)
            .because(Evidence::InventedValue, span, "a fold of characters")
            .because(Evidence::ContractWords, span, format!("{name} promises a measure")),
        );
    };
    for object in &module.objects {
        let mut others = Vec::new();
        for property in &object.it.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let name = names::key(&property.key);
            if property.value.is_literal()
                || name.is_empty()
                || names::has_word(name, &lexicon::RANDOM_SINKS)
                || module.made_of(&property.value, &folded) != Made::Special
            {
                continue;
            }
            if is_measure(name) {
                report(object.function, property.span, name);
            } else if name.len() > 2 && !is_place(name) && module.made_of(&property.value, &hashed) == Made::Special {
                others.push((property.span, name));
            }
        }
        // One fold may be a key; two in one answer are data.
        if let [(span, name), _, ..] = others[..]
            && module.reach(object.node) >= Reach::Return
        {
            report(object.function, span, name);
        }
    }
    for at in &module.returns {
        let Some(function) = at.function else { continue };
        let name = module.function(function).name;
        if is_measure(name)
            && let Some(value) = at.it.value
            && module.made_of(value, &folded) == Made::Special
        {
            report(Some(function), at.it.span, name);
        }
    }
}

/// Where something is kept or stands in a text.
fn is_place(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "hash"
                | "checksum"
                | "digest"
                | "key"
                | "code"
                | "codes"
                | "char"
                | "index"
                | "bucket"
                | "length"
                | "start"
                | "end"
                | "line"
                | "column"
                | "pos"
                | "row"
                | "col"
                | "byte"
                | "bytes"
                | "high"
                | "low"
                | "min"
                | "max"
                | "from"
                | "to"
                | "value"
                | "type"
                | "h1"
                | "h2"
        )
    })
}

fn is_measure(name: &str) -> bool {
    let hash = names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "hash"
                | "checksum"
                | "digest"
                | "key"
                | "code"
                | "index"
                | "bucket"
                | "length"
                | "distance"
                | "similarity"
                | "current"
                | "size"
                | "count"
                | "decoded"
                | "encoded"
                | "bytes"
                | "allocation"
                | "base64"
                | "encode"
                | "decode"
                | "parse"
                | "escape"
                | "unescape"
        )
    });
    !hash && names::has_word(name, &lexicon::METRIC_NOUNS)
}

/// Where characters become numbers.
fn is_source(call: &CallExpression<'_>) -> bool {
    let name = names::last(&call.callee);
    match names::object(&call.callee) {
        Some(_) => matches!(name, "charCodeAt" | "codePointAt" | "createHash" | "digest"),
        None => name == "createHash",
    }
}

fn looks_like_hash(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "hash"
                | "murmur"
                | "murmurhash"
                | "fnv"
                | "fnv1a"
                | "crc32"
                | "md5"
                | "sha1"
                | "sha256"
                | "djb2"
                | "cyrb53"
                | "xxhash"
                | "hashcode"
        )
    })
}

fn folded<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        Expression::CallExpression(call) => {
            if matches!(names::last(&call.callee), "charCodeAt" | "codePointAt") {
                return Some(Made::Special);
            }
            if names::last(&call.callee) == "digest" && module.text_of(call.span).contains("createHash") {
                return Some(Made::Special);
            }
            match module.call_kind(call) {
                CallKind::Local(id) => is_fold(module, id).then_some(Made::Special),
                CallKind::Effect => (names::object(&call.callee).is_none()
                    && looks_like_hash(names::last(&call.callee))
                    && !call.arguments.is_empty())
                .then_some(Made::Special),
                CallKind::Pure => {
                    // `[...name].reduce((sum, c) => sum + c.charCodeAt(0), 0)`
                    let id = (names::last(&call.callee) == "reduce")
                        .then(|| module.function_in(call.arguments.first()?.as_expression()?))
                        .flatten()?;
                    is_fold(module, id).then_some(Made::Special)
                }
                _ => None,
            }
        }
        // A character that is compared is read, not folded.
        Expression::BinaryExpression(it) if it.operator.is_equality() => Some(Made::Other),
        // `(name.length * 7) % 50`
        Expression::BinaryExpression(it)
            if it.operator == BinaryOperator::Remainder
                && matches!(it.right.get_inner_expression(), Expression::NumericLiteral(_)) =>
        {
            (module.made_of(&it.left, &length) == Made::Special).then_some(Made::Special)
        }
        _ => None,
    }
}

/// As [`folded`], but a character alone is only read.
fn hashed<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        Expression::CallExpression(call) if matches!(names::last(&call.callee), "charCodeAt" | "codePointAt") => {
            Some(Made::Other)
        }
        other => folded(module, other),
    }
}

fn length<'a>(_: &Module<'a>, value: &'a Expression<'a>) -> Option<Made> {
    match value {
        Expression::StaticMemberExpression(it) if it.property.name == "length" => Some(Made::Special),
        // `(text.length * 31 + text.charCodeAt(0)) % 100`
        Expression::CallExpression(call) if matches!(names::last(&call.callee), "charCodeAt" | "codePointAt") => {
            Some(Made::Special)
        }
        Expression::BinaryExpression(it) if it.operator.is_equality() => Some(Made::Other),
        _ => None,
    }
}

/// Whether a function of the module does nothing but fold characters into a number.
fn is_fold(module: &Module<'_>, id: FunctionId) -> bool {
    // What cuts a text into pieces reads it.
    let cuts = module.own(&module.returns, id).any(|it| {
        it.it.value.is_some_and(|value| {
            let text = module.text_of(value.span());
            ["slice(", "substr", "String"].iter().any(|part| text.contains(part))
        })
    });
    if cuts {
        return false;
    }
    let calls = module.inside(&module.calls, id);
    calls.len() < 12
        && calls.iter().any(|call| is_source(call.it))
        && calls.iter().all(|call| {
            let name = names::last(&call.it.callee);
            is_source(call.it)
                || matches!(module.call_kind(call.it), CallKind::Pure | CallKind::Change)
                || matches!(name, "update" | "from" | "readUInt32BE" | "readUInt16BE")
        })
}
