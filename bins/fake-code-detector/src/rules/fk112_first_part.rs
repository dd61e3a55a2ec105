//! FK112 for choices: who is to rank, match or sum up, and gives back the beginning of what it was given.
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk112_echoed_input::RULE;
use crate::syntax::*;

pub(super) fn cut<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let verb = function.verb();
    let chooses = matches!(
        verb.as_str(),
        "summarize"
            | "summarise"
            | "rank"
            | "rerank"
            | "recommend"
            | "prioritize"
            | "prioritise"
            | "dedupe"
            | "deduplicate"
            | "cluster"
            | "match"
    );
    if !chooses
        || function.kind == Kind::Getter
        || !module.is_candidate(function)
        || module.is_bound_elsewhere(function)
    {
        return None;
    }
    let mut values = module.returns_of(function.id).filter_map(|it| it.value).filter(|value| !module.is_meager(value));
    let value = values.next().filter(|_| values.next().is_none())?;
    let symbol = beginning(module, value)?;
    matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_)).then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} gives back the beginning of what it is given", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::AbsentEffect, value.span(), "it is cut, and nothing is chosen")
        .because(Evidence::ContractWords, function.span, format!("its name promises to {verb}"))
        .with_severity(Severity::Warning)
    })
}

/// The parameter that a value is the beginning of: `text.trim().slice(0, 200)`, through variables.
fn beginning<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<SymbolId> {
    let mut value = value.get_inner_expression();
    let mut cut = false;
    for _ in 0..16 {
        value = match value {
            Expression::Identifier(name) => match module.initial(name) {
                Some(init) => init.get_inner_expression(),
                None => return module.symbol(name).filter(|_| cut),
            },
            Expression::CallExpression(call) => {
                let method = names::last(&call.callee);
                cut |= matches!(method, "slice" | "substring" | "substr" | "split");
                let plain = matches!(
                    method,
                    "slice"
                        | "substring"
                        | "substr"
                        | "trim"
                        | "split"
                        | "join"
                        | "replace"
                        | "replaceAll"
                        | "trimEnd"
                        | "trimStart"
                );
                if !plain {
                    return None;
                }
                names::object(&call.callee)?.get_inner_expression()
            }
            Expression::ComputedMemberExpression(it) => {
                cut = true;
                it.object.get_inner_expression()
            }
            Expression::BinaryExpression(it) => it.left.get_inner_expression(),
            Expression::TemplateLiteral(it) => {
                it.expressions.first().filter(|_| it.expressions.len() == 1)?.get_inner_expression()
            }
            Expression::ConditionalExpression(it) => it.consequent.get_inner_expression(),
            _ => return None,
        };
    }
    None
}
