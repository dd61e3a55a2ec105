//! What the name of a function says that it is there for.
use crate::lexicon;
use crate::model::{Function, Module};
use crate::names;

pub(crate) fn is_check(function: &Function<'_>) -> bool {
    function.verb_in(&lexicon::CHECK_VERBS)
}

/// Names of what keeps somebody out; a callback counts by the functions around it.
pub(crate) fn is_guard<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let guards = |name: &str| {
        names::words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "verify"
                    | "authorize"
                    | "authenticate"
                    | "auth"
                    | "guard"
                    | "protect"
                    | "captcha"
                    | "csrf"
                    | "permission"
                    | "limit"
                    | "limiter"
                    | "signature"
                    | "authorise"
                    | "enforce"
                    | "login"
                    | "access"
            )
        }) || matches!(names::verb(name).as_str(), "require" | "check" | "validate" | "assert" | "ensure")
    };
    let around = function.parent.map_or("", |parent| module.function(parent).name);
    guards(function.name) || guards(function.owner) || function.name.is_empty() && guards(around)
}

/// Whether a name promises an outcome that has to be worked for.
pub(crate) fn is_worker(function: &Function<'_>) -> bool {
    [&lexicon::EFFECT_VERBS, &lexicon::QUERY_VERBS, &lexicon::COMPUTE_VERBS, &lexicon::CHECK_VERBS]
        .iter()
        .any(|verbs| function.verb_in(verbs))
}

/// Settings may well differ by environment.
pub(crate) fn is_config(function: &Function<'_>) -> bool {
    names::has_word(function.name, &lexicon::CONFIG_WORDS) || is_naming(function)
}

pub(crate) fn is_naming(function: &Function<'_>) -> bool {
    let plain = |word: &String| {
        matches!(
            word.as_str(),
            "url"
                | "uri"
                | "host"
                | "port"
                | "path"
                | "dir"
                | "level"
                | "origin"
                | "origins"
                | "transport"
                | "format"
                | "mode"
                | "env"
                | "environment"
                | "cookie"
                | "cookies"
                | "cors"
                | "plugins"
                | "logger"
                | "base"
                | "prefix"
                | "suffix"
                | "key"
                | "endpoint"
                | "timeout"
                | "delay"
                | "devtool"
                | "entry"
                | "hash"
                | "id"
                | "cache"
        )
    };
    function.words().iter().any(plain)
}
