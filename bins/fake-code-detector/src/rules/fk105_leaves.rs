//! FK105 through variables, conditionals and helpers: whatever is decided, one value comes out.
use crate::analysis::{CallKind, Outward};
use crate::finding::{Evidence, Finding};
use crate::model::{Function, FunctionId, Kind, Module};
use crate::rules::fk105_one_answer_branches::RULE;
use crate::syntax::*;

/// How many answers one function is looked at for.
const MOST: usize = 40;

pub(super) fn leaves<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.kind == Kind::Getter || function.params.items.is_empty() || function.is_generator {
        return None;
    }
    let mut found = Found::default();
    let mut decided = 0;
    for it in module.returns_of(function.id) {
        collect(module, it.value?, 0, &mut found)?;
        decided += 1;
    }
    decided += found.choices;
    let first = found.texts.first()?;
    if found.texts.len() < 3
        || decided < 3
        || found.texts.iter().any(|it| it != first)
        || is_bare(first)
        || !module.is_candidate(function)
        || module.is_null_object(function)
        || module.is_hook(function)
        || module.outcome(function.id)?.outward > Outward::Asks
        || groups(module, function.id)
    {
        return None;
    }
    let span = found.span?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!(
                "{} tells {} cases apart, and all of them get the same answer",
                function.qualified(),
                found.texts.len()
            ),
        )
        .of(function.id)
        .because(Evidence::ConstantOutcome, span, "the same as in the other branches"),
    )
}

/// What says too little: nothing, a yes or a no.
fn is_bare(text: &str) -> bool {
    matches!(text, "null" | "undefined" | "true" | "false" | "{}" | "[]" | "this" | "\"\"" | "''" | "void0")
}

/// Whether cases of a switch fall through to one answer.
fn groups(module: &Module<'_>, id: FunctionId) -> bool {
    module.function(id).statements().iter().any(|it| match it {
        Statement::SwitchStatement(it) => {
            let falls = it.cases.iter().filter(|case| case.consequent.is_empty()).count();
            falls * 2 >= it.cases.len()
        }
        _ => false,
    })
}

#[derive(Default)]
struct Found {
    texts: Vec<String>,
    choices: usize,
    /// A copy of a parameter was given back: then the parameter itself says the same.
    copies: bool,
    span: Option<Span>,
}

/// The literals that a value may be; nothing where it may be something else.
fn collect<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize, found: &mut Found) -> Option<()> {
    if depth > 6 || found.texts.len() >= MOST {
        return None;
    }
    // What is changed later is no literal.
    if is_changed(module, value) {
        return None;
    }
    let value = module.constant_value(value).get_inner_expression();
    match value {
        Expression::ConditionalExpression(it) => {
            found.choices += 1;
            collect(module, &it.consequent, depth + 1, found)?;
            collect(module, &it.alternate, depth + 1, found)
        }
        Expression::AwaitExpression(it) => collect(module, &it.argument, depth + 1, found),
        // `{ ...STANDARD }` is a copy.
        Expression::ObjectExpression(it) if it.properties.len() == 1 => match it.properties.first() {
            Some(ObjectPropertyKind::SpreadProperty(spread)) => {
                found.copies = true;
                collect(module, &spread.argument, depth + 1, found)
            }
            _ => literal(module, value, found),
        },
        Expression::CallExpression(call) => {
            let CallKind::Local(id) = module.call_kind(call) else { return None };
            if !module.inside(&module.throws, id).is_empty() || module.summary(id).is_none_or(|it| !it.has_no_effect())
            {
                return None;
            }
            let mut any = false;
            for it in module.returns_of(id) {
                any = true;
                collect(module, it.value?, depth + 2, found)?;
            }
            any.then_some(())
        }
        _ => literal(module, value, found),
    }
}

fn literal<'a>(module: &Module<'a>, value: &'a Expression<'a>, found: &mut Found) -> Option<()> {
    let is_literal = match value {
        Expression::ObjectExpression(_) | Expression::ArrayExpression(_) => module.origin(value).is_constant(),
        Expression::StringLiteral(_) | Expression::NumericLiteral(_) => true,
        // A parameter as it came.
        Expression::Identifier(name) => {
            module.symbol(name).is_some_and(|symbol| {
                matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_))
                    && !module.semantic.scoping().symbol_is_mutated(symbol)
            }) && found.copies
        }
        _ => false,
    };
    if !is_literal {
        return None;
    }
    found.span = Some(value.span());
    found.texts.push(module.text_of(value.span()).split_whitespace().collect());
    Some(())
}

/// Whether a variable holds an object that is written to.
fn is_changed<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let Expression::Identifier(name) = value.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    module.uses(symbol).any(|it| {
        let member = module.parent(it.node_id());
        match module.kind(member) {
            AstKind::StaticMemberExpression(_) | AstKind::ComputedMemberExpression(_) => {
                match module.kind(module.parent(member)) {
                    AstKind::AssignmentExpression(it) => it.left.span().contains_inclusive(module.kind(member).span()),
                    AstKind::UpdateExpression(_) | AstKind::CallExpression(_) => true,
                    _ => false,
                }
            }
            AstKind::CallExpression(_) => true,
            _ => false,
        }
    })
}
