//! What a function promises in words, and which of its parameters the answer should depend on.
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Module};
use crate::names;
use crate::phrases::Phrases;

/// Whether the verb says that an answer is made of all that is given.
pub(super) fn computes(function: &Function<'_>) -> bool {
    let verb = function.verb();
    lexicon::COMPUTE_VERBS.has(verb)
        && !matches!(
            verb.as_str(),
            "format"
                | "render"
                | "parse"
                | "build"
                | "generate"
                | "encode"
                | "decode"
                | "serialize"
                | "deserialize"
                | "transform"
                | "convert"
                | "extract"
        )
        || matches!(verb.as_str(), "similarity" | "distance")
}

/// A question that is answered by yes or no; that something is there may be all that it asks.
pub(super) fn is_predicate(function: &Function<'_>) -> bool {
    let verb = function.verb();
    lexicon::CHECK_VERBS.has(verb) || matches!(verb.as_str(), "is" | "has" | "can" | "should" | "needs" | "are" | "was")
}

/// Whether a function promises to say how much something is.
pub(super) fn is_about_size(promise: &Promise) -> bool {
    promise.name.iter().any(|word| {
        matches!(
            word.as_str(),
            "count"
                | "size"
                | "length"
                | "number"
                | "num"
                | "byte"
                | "width"
                | "height"
                | "page"
                | "capacity"
                | "progress"
                | "percent"
                | "empty"
                | "total"
                | "average"
                | "mean"
                | "pad"
                | "align"
                | "truncate"
                | "limit"
                | "offset"
                | "chunk"
                | "end"
                | "last"
                | "first"
                | "position"
                | "cursor"
                | "range"
                | "time"
                | "token"
        )
    })
}

/// What only labels something in logs and errors.
pub(super) fn is_label(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(word.as_str(), "name" | "id" | "key" | "label" | "path" | "type" | "kind" | "code" | "index")
    })
}

/// What a function promises in words: its name, and the prose of its comment.
pub(super) struct Promise {
    pub(super) name: Vec<String>,
    pub(super) prose: Vec<String>,
    pub(super) takes_back: bool,
}

static TAKES_BACK: Phrases = Phrases::new(&[
    "ignore",
    "unused",
    "not used",
    "reserved",
    "deprecated",
    "compat",
    "no-op",
    "noop",
    "regardless",
    "signature",
    "for now",
    "legacy",
    "placeholder for",
    "default implementation",
    "overridden",
]);

impl Promise {
    pub(super) fn of<'a>(module: &Module<'a>, function: &Function<'a>) -> Self {
        let mut docs = module.comment_of(function);
        // The comment of a class of few methods is about them.
        if let Some(class) =
            function.class.map(|id| module.class_of(id)).filter(|it| docs.is_empty() && it.methods.len() <= 3)
        {
            let before = module.comments_before(class.it.span.start);
            before.iter().for_each(|it| docs.to_mut().push_str(module.text_of(it.content_span())));
        }
        let lower = docs.to_lowercase();
        let takes_back = TAKES_BACK.are_in(&lower);
        // Tags name every parameter; only the sentences before them promise.
        let prose = lower.split("\n").take_while(|line| !line.trim_start_matches([' ', '*', '\t']).starts_with('@'));
        let prose = prose.flat_map(|line| names::text_words(line).collect::<Vec<_>>()).map(stem).collect();
        Self { name: function.words().iter().cloned().map(stem).collect(), prose, takes_back }
    }

    /// Whether there is a comment in sentences.
    pub(super) fn speaks(&self) -> bool {
        self.prose.len() > 4
    }

    /// Whether the comment speaks of a name.
    pub(super) fn says_word(&self, name: &str) -> bool {
        names::words(name).into_iter().map(stem).any(|word| word.len() > 2 && self.prose.contains(&word))
    }

    /// Whether the comment says it, and not only the name.
    pub(super) fn says(&self, why: &Option<String>) -> bool {
        why.as_ref().is_some_and(|why| why.starts_with("its comment"))
    }

    /// What says that the answer is about a parameter of this name and type.
    pub(super) fn about(&self, name: &str, kind: &str) -> Option<String> {
        let words = names::words(name).into_iter().map(stem);
        let kinds = names::text_words(kind).map(stem).filter(|word| !GENERAL.has(word.as_str()));
        let words: Vec<String> = words.chain(kinds).filter(|word| word.len() > 2).collect();
        let named = self.name.iter().skip(1).find(|word| words.contains(word));
        let said = self.prose.iter().find(|word| words.contains(word));
        match (said, named) {
            (Some(word), _) => Some(format!("its comment says “{word}”")),
            (None, Some(word)) => Some(format!("its name says “{word}”")),
            (None, None) => None,
        }
    }
}

/// Types that say nothing about what a value is.
static GENERAL: Names = Names::new(&[
    "string",
    "number",
    "array",
    "record",
    "readonly",
    "map",
    "set",
    "date",
    "null",
    "undefined",
    "object",
    "partial",
    "type",
    "pick",
    "omit",
    "promise",
    "input",
    "option",
    "param",
    "arg",
    "context",
    "ctx",
    "info",
    "data",
]);

/// A word without its ending: `preferences` and `preference`, `rates` and `rate`.
pub(super) fn stem(word: String) -> String {
    let cut = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
    cut.or_else(|| word.strip_suffix('s').filter(|it| it.len() > 2 && !it.ends_with('s')).map(str::to_owned))
        .unwrap_or(word)
}

/// Whether a name is that of something asked about, not of what is only handed through.
pub(super) fn is_subject(name: &str) -> bool {
    !name.starts_with('_')
        && name.len() > 1
        && !names::words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "ctx"
                    | "context"
                    | "event"
                    | "evt"
                    | "req"
                    | "request"
                    | "res"
                    | "response"
                    | "reply"
                    | "next"
                    | "signal"
                    | "options"
                    | "opts"
                    | "opt"
                    | "callback"
                    | "cb"
                    | "done"
                    | "fn"
                    | "index"
                    | "idx"
                    | "state"
                    | "props"
                    | "args"
                    | "env"
                    | "config"
                    | "self"
                    | "that"
                    | "parent"
                    | "node"
                    | "info"
                    | "err"
                    | "error"
                    | "unused"
                    | "ignored"
                    | "dummy"
                    | "rest"
                    | "depth"
                    | "logger"
                    | "log"
            )
        })
}

/// Whether a value may well be asked for only to know who is asking, or how far.
pub(super) fn is_key(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        lexicon::CREDENTIAL_WORDS.has(word)
            || matches!(
                word.as_str(),
                "session"
                    | "actor"
                    | "role"
                    | "roles"
                    | "permission"
                    | "permissions"
                    | "auth"
                    | "limit"
                    | "max"
                    | "min"
            )
    })
}
