//! A loop that walks what is to be written, sent or moved, and reads none of it: only the turns are counted.
use super::RULE;
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Module, Write};
use crate::syntax::*;

/// Verbs that are done by walking alone.
static WALKS: Names = Names::new(&[
    "drain",
    "consume",
    "flush",
    "count",
    "exhaust",
    "skip",
    "ack",
    "acknowledge",
    "warm",
    "replay",
    "start",
    "stop",
    "run",
    "trigger",
]);

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let verb = module.contract_verb(function);
    if !module.is_candidate(function)
        || !lexicon::EFFECT_VERBS.has(verb)
        || WALKS.has(verb.as_str())
        || function.words().iter().any(|word| matches!(word.as_str(), "count" | "size" | "length" | "total" | "stats"))
        || module.is_null_object(function)
        || module.is_hook(function)
    {
        return None;
    }
    let span = module.own(&module.walks, function.id).find_map(|at| {
        let AstKind::ForOfStatement(it) = module.kind(at.node) else { return None };
        (is_unread(module, it) && only_counts(module, at.node, it)).then_some(it.span)
    })?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} walks what it is given, and reads none of it", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::UnreadInput, span, "the loop only counts its turns")
        .because(Evidence::ContractWords, function.span, format!("its name says “{verb}”")),
    )
}

/// Whether the element of a loop is a name that nothing reads.
fn is_unread<'a>(module: &Module<'a>, it: &'a ForOfStatement<'a>) -> bool {
    let ForStatementLeft::VariableDeclaration(left) = &it.left else { return false };
    let mut symbols = left.declarations.iter().flat_map(|it| it.id.get_symbol_ids()).peekable();
    symbols.peek().is_some() && symbols.all(|symbol| module.uses(symbol).next().is_none())
}

/// Whether a loop does nothing but count.
fn only_counts<'a>(module: &Module<'a>, node: NodeId, it: &'a ForOfStatement<'a>) -> bool {
    let one = |value: &Expression<'_>| matches!(value.get_inner_expression(), Expression::NumericLiteral(_));
    let mut writes = module.within(&module.writes, node, it.span).peekable();
    writes.peek().is_some()
        && writes.all(|at| match at.it {
            Write::Update(_) => true,
            Write::Assign(it) => it.operator != AssignmentOperator::Assign && one(&it.right),
        })
        && module
            .within(&module.calls, node, it.body.span())
            .filter(|at| it.body.span().contains_inclusive(at.it.span))
            .all(|at| {
                matches!(module.call_kind(at.it), crate::analysis::CallKind::Log | crate::analysis::CallKind::Timer)
            })
}
