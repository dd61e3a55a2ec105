//! FK106 for texts: a message, prompt or frame that is put together, and of which only the length is read.
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Module};
use crate::names;
use crate::rules::fk106_dead_result::RULE;
use crate::syntax::*;

pub(super) fn measured<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) || function.is_generator || measures(function.name) {
        return None;
    }
    let (name, span) = module.declarators(function.id).find_map(|it| {
        let name = it.id.get_binding_identifier()?;
        if module.function_around(it.node_id.get()) != Some(function.id)
            || !is_composed(module, it.init.as_ref()?)
            || measures(&name.name)
        {
            return None;
        }
        let mut uses = module.uses(name.symbol_id.get()?).peekable();
        uses.peek()?;
        uses.all(|it| is_measured(module, it.node_id())).then_some((name.name.as_str(), it.span))
    })?;
    let promised = module.promises(function) || !module.comment_of(function).trim().is_empty() || function.is_async;
    promised.then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} puts {name} together, and reads nothing but its length", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::AbsentEffect, span, format!("{name} is given to nobody"))
        .because(Evidence::ContractWords, function.span, "something is to be done with it")
        .with_severity(Severity::Warning)
    })
}

/// Whether a name says that to measure is the job.
fn measures(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "size"
                | "length"
                | "len"
                | "width"
                | "bytes"
                | "measure"
                | "count"
                | "estimate"
                | "budget"
                | "tokens"
                | "pad"
                | "padding"
                | "indent"
                | "prefix"
                | "fits"
                | "offset"
                | "column"
                | "max"
                | "longest"
                | "weight"
        )
    })
}

/// A text of several parts: a template with values, `parts.join("\n")`, `JSON.stringify(x)`.
fn is_composed<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let composed = match value.get_inner_expression() {
        Expression::TemplateLiteral(it) => !it.expressions.is_empty(),
        Expression::CallExpression(call) => match names::last(&call.callee) {
            "join" => true,
            "stringify" => names::object(&call.callee).is_some_and(|it| it.is_specific_id("JSON")),
            _ => false,
        },
        Expression::BinaryExpression(it) => {
            it.operator == BinaryOperator::Addition && {
                matches!(it.left.get_inner_expression(), Expression::StringLiteral(_) | Expression::TemplateLiteral(_))
            }
        }
        _ => false,
    };
    composed && module.origin(value).is_real()
}

fn is_measured(module: &Module<'_>, node: NodeId) -> bool {
    matches!(module.kind(module.parent(node)), AstKind::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "length" | "byteLength"))
}
