//! FK112 for work that changes what it is given: translated, compressed or resized, and it comes out as it went in.
use crate::analysis::doc_verbs;
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::rules::fk112_echoed_input::RULE;

/// Verbs of work whose result cannot be what it began with, whatever is put round it.
static CHANGES: Names = Names::new(&[
    "translate",
    "compress",
    "deflate",
    "gzip",
    "shrink",
    "minify",
    "resize",
    "downscale",
    "upscale",
    "rescale",
    "crop",
    "denoise",
    "sharpen",
    "blur",
    "transcode",
    "transcribe",
    "dedupe",
    "deduplicate",
    "migrate",
    "optimize",
    "optimise",
    "redact",
    "anonymize",
    "anonymise",
    "pseudonymize",
    "pseudonymise",
    "summarize",
    "summarise",
    "rerank",
    "rank",
    "encrypt",
    "rotate",
    "rebalance",
    "simplify",
    "transliterate",
    "stem",
    "lemmatize",
    "thumbnail",
    "colorize",
    "colourise",
    "vectorize",
    "denormalize",
]);

pub(super) fn echoed<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.name.is_empty()
        || function.params.items.is_empty()
        || function.kind == Kind::Getter
        || function.is_generator
        || !module.is_candidate(function)
        || module.is_bound_elsewhere(function)
    {
        return None;
    }
    // A pass that only dresses text up for a test of layouts is called so.
    let dressing = |word: &String| {
        matches!(
            word.as_str(),
            "pseudo"
                | "mock"
                | "fake"
                | "preview"
                | "placeholder"
                | "key"
                | "id"
                | "name"
                | "label"
                | "path"
                | "url"
                | "options"
                | "message"
        )
    };
    if function.words().iter().chain(function.owner_words()).any(dressing) {
        return None;
    }
    let verb = function.verb();
    let said = || doc_verbs(&module.comment_of(function)).into_iter().find(|it| CHANGES.has(it));
    let verb = if CHANGES.has(verb) { verb.to_string() } else { said()? };
    let summary = module.summary(function.id)?;
    if summary.work().is_some() {
        return None;
    }
    let echoed =
        module.echoes(function.id).filter(|_| !module.comment_says(function.id, &["pseudo", "placeholder"]))?;
    // `{ ...person, name: "" }` is how a name is taken out.
    let blanks = verb == "redact" || verb.starts_with("anonym") || verb.starts_with("pseudonym");
    if blanks && echoed.overrides {
        return None;
    }
    let (value, figure) = (echoed.value, echoed.figure);
    let mut finding = Finding::new(
        &RULE,
        function.span,
        format!("{} is to {verb} what it is given, and gives it back as it came", function.qualified()),
    )
    .of(function.id)
    .because(Evidence::AbsentEffect, value, "a copy, with other things round it")
    .because(Evidence::ContractWords, function.span, format!("it promises to {verb}"))
    .with_severity(Severity::Warning);
    if let Some(figure) = figure {
        finding = finding
            .because(Evidence::InventedValue, figure, "a result that nobody measured")
            .with_severity(Severity::Error);
    }
    Some(finding)
}
