//! FK103 for handlers: what is taken out of a request and never read, while something is answered.
use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Module};
use crate::names;
use crate::phrases::Phrases;
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

pub(super) fn ignored<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !function.has_body() || function.params.items.is_empty() || function.params.items.len() > 4 {
        return None;
    }
    let (name, span) = module.declarators(function.id).find_map(|it| {
        let init = it.init.as_ref()?;
        if !is_of_request(module, function, init) {
            return None;
        }
        it.id.get_binding_identifiers().into_iter().find_map(|name| {
            let text = name.name.as_str();
            let usage = module.usage(name.symbol_id.get()?, function.id);
            let ignored = match usage {
                Usage::Unread | Usage::Voided | Usage::Dead => true,
                Usage::Logged | Usage::Guarding | Usage::Presence => is_filter(text),
                Usage::Timed | Usage::Live => false,
            };
            (ignored && !text.starts_with('_') && !has_rest(&it.id)).then_some((text, name.span))
        })
    })?;
    let what = if function.name.is_empty() { "the handler".to_owned() } else { function.qualified() };
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{what} takes {name} out of its request, and does not answer by it"),
        )
        .of(function.id)
        .because(Evidence::UnreadInput, span, format!("{name} is read by guards and logs at most"))
        .with_severity(Severity::Warning),
    )
}

/// `const { a, ...rest } = x` leaves a out on purpose.
fn has_rest(pattern: &BindingPattern<'_>) -> bool {
    matches!(pattern, BindingPattern::ObjectPattern(it) if it.rest.is_some())
}

/// What asks for less than everything.
fn is_filter(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "q" | "query"
                | "search"
                | "term"
                | "filter"
                | "filters"
                | "since"
                | "until"
                | "sort"
                | "category"
                | "tag"
                | "tags"
                | "keyword"
                | "keywords"
                | "region"
                | "period"
                | "range"
                | "question"
                | "prompt"
                | "criteria"
        )
    })
}

/// What takes something out of a request.
static REQUESTS: Phrases = Phrases::new(&[
    ".query",
    ".body",
    ".params",
    ".searchParams",
    ".formData()",
    ".json()",
    "getQuery(",
    "readBody(",
    "Params(",
    "parseQuery(",
]);

/// `req.query`, `request.body.filter`, `ctx.params`, `url.searchParams.get("q")`, of a parameter of the function.
fn is_of_request<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>) -> bool {
    if value.span().size() > 200 {
        return false;
    }
    let text = module.text_of(value.span());
    let asked = REQUESTS.are_in(text);
    // `getQuery(event)`, `Filter.parse(req.query)`, `new Date(String(req.query.from))`
    asked
        && function.parameters().iter().filter_map(|it| it.symbol_id.get()).any(|symbol| {
            module.uses(symbol).any(|it| value.span().contains_inclusive(module.kind(it.node_id()).span()))
        })
}
