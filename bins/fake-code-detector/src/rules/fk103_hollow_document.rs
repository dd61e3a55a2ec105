//! FK103 for documents: a few bytes that stand in the text, where a document of the input was promised.
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

/// A function that takes something in and answers bytes of the text.
pub(super) fn hollow<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.params.items.is_empty()
        || function.is_generator
    {
        return None;
    }
    let bytes = module.own(&module.calls, function.id).find_map(|at| {
        let call = at.it;
        let made = match (names::object(&call.callee).map(names::last), names::last(&call.callee)) {
            (Some("Buffer"), "from") => call.arguments.first(),
            (_, "encode") if module.text_of(call.callee.span()).contains("TextEncoder") => call.arguments.first(),
            _ => None,
        }?;
        is_hollow(module, made.as_expression()?).then_some((at.node, call.span))
    });
    let bytes = bytes.or_else(|| {
        module.own(&module.news, function.id).find_map(|at| {
            let made = match names::last(&at.it.callee) {
                "Uint8Array" | "Blob" | "File" => at.it.arguments.first(),
                _ => None,
            }?;
            is_hollow(module, made.as_expression()?).then_some((at.node, at.it.span))
        })
    });
    let (node, span) = bytes?;
    // Which of several it is depends on the input.
    if module.own(&module.returns, function.id).filter(|at| at.it.value.is_some_and(|it| !it.is_null())).count() > 1 {
        return None;
    }
    if module.reach(node) < crate::analysis::Reach::Return {
        return None;
    }
    Some(
        Finding::new(
            &RULE,
            span_of(function),
            format!("{} answers bytes of the text, and no document of its input", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::ConstantOutcome, span, "these bytes stand in the text")
        .because(Evidence::UnreadInput, function.params.span, "what is given names the file at most")
        .with_severity(Severity::Error),
    )
}

fn span_of(function: &Function<'_>) -> Span {
    function.span
}

/// How documents begin.
const MAGIC: &[&str] = &["%PDF", "PK\\x03", "PK\\u0003", "\\x89PNG", "\\u0089PNG", "GIF8", "RIFF", "ID3", "{\\rtf"];

/// Whether a value is a text or a list of literals of four bytes and more; a template with the mark of a document may hold a name.
fn is_hollow<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let value = match value.get_inner_expression() {
        Expression::Identifier(name) => match module.initial(name) {
            Some(init) => init.get_inner_expression(),
            None => return false,
        },
        other => other,
    };
    match value {
        Expression::StringLiteral(it) => it.value.len() >= 8,
        Expression::BinaryExpression(_) => module.origin(value).is_constant() && value.span().size() > 10,
        Expression::TemplateLiteral(it) => {
            let first = it.quasis.first().map_or("", |part| part.value.raw.as_str());
            let marked = MAGIC.iter().any(|mark| first.starts_with(mark));
            it.expressions.is_empty() && first.len() >= 8 || marked && it.expressions.len() <= 2
        }
        Expression::ArrayExpression(it) => match it.elements.as_slice() {
            // `new Blob([text])`
            [one] => one.as_expression().is_some_and(|one| {
                !matches!(one.get_inner_expression(), Expression::ArrayExpression(_)) && is_hollow(module, one)
            }),
            many => many.len() >= 4 && many.iter().all(|it| matches!(it, ArrayExpressionElement::NumericLiteral(_))),
        },
        _ => false,
    }
}
