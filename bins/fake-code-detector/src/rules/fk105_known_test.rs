//! FK105 for a test whose outcome is known before it is made: the branch behind it is never, or always, taken.
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::rules::fk105_one_answer_branches::RULE;
use crate::syntax::*;

pub(super) fn tests(module: &Module<'_>, sink: &mut Sink) {
    for at in &module.ifs {
        report(module, at.node, at.function, &at.it.test, sink);
        same_blocks(module, at.node, at.function, at.it, sink);
    }
    for at in &module.conditionals {
        report(module, at.node, at.function, &at.it.test, sink);
        same_arms(module, at.node, at.function, at.it, sink);
    }
    for at in &module.returns {
        if let Some(value) = at.it.value
            && matches!(
                value.get_inner_expression(),
                Expression::LogicalExpression(_) | Expression::BinaryExpression(_)
            )
        {
            report(module, at.node, at.function, value, sink);
        }
        if let Some(Expression::ObjectExpression(object)) = at.it.value.map(Expression::get_inner_expression) {
            for property in object.properties.iter().take(20) {
                if let ObjectPropertyKind::ObjectProperty(it) = property
                    && let Expression::LogicalExpression(_) | Expression::BinaryExpression(_) =
                        it.value.get_inner_expression()
                {
                    report(module, at.node, at.function, &it.value, sink);
                }
            }
        }
        if let (Some(Expression::Identifier(name)), Some(id)) =
            (at.it.value.map(Expression::get_inner_expression), at.function)
        {
            stuck(module, name, at.it.value, id, sink);
        }
    }
}

/// `let sound = true; … sound = sound || fits(x); … return sound;`: a flag that is set again and again, and never changes.
fn stuck<'a>(
    module: &Module<'a>,
    name: &IdentifierReference<'a>,
    value: Option<&'a Expression<'a>>,
    id: FunctionId,
    sink: &mut Sink,
) {
    let Some(symbol) = module.symbol(name) else { return };
    if !module.semantic.scoping().symbol_is_mutated(symbol) {
        return;
    }
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return };
    let stays = match it.init.as_ref().map(Expression::get_inner_expression) {
        Some(Expression::BooleanLiteral(_)) => {
            value.is_some_and(|value| module.always_yes(value).is_some() || module.no(value, 0))
        }
        Some(init @ (Expression::NumericLiteral(_) | Expression::StringLiteral(_))) => {
            let text = module.text_of(init.span());
            module.uses(symbol).filter(|it| it.is_write()).all(|it| {
                matches!(module.kind(module.parent(it.node_id())), AstKind::AssignmentExpression(it)
                    if it.operator == AssignmentOperator::Assign && module.text_of(it.right.span()) == text)
            })
        }
        _ => false,
    };
    if !stays {
        return;
    }
    let function = module.function(id);
    sink.report(
        Finding::new(
            &RULE,
            function.span,
            format!("{} of {} is set, and never changes", name.name, function.qualified()),
        )
        .of(id)
        .because(Evidence::ConstantOutcome, it.span, "what it begins with is what is answered")
        .because(Evidence::ContractWords, name.span, "it is written as a decision"),
    );
}

fn report<'a>(module: &Module<'a>, node: NodeId, home: Option<FunctionId>, test: &'a Expression<'a>, sink: &mut Sink) {
    let Some(id) = home else { return };
    let Some((span, why, _)) = known(module, test, 0) else { return };
    // `r < 0 ? r + n : r` mends a remainder.
    if mends(module, node) {
        return;
    }
    let function = module.function(id);
    let message = format!("{} asks what is known before: {why}", function.qualified());
    sink.report(
        Finding::new(&RULE, function.span, message).of(id).because(Evidence::ConstantOutcome, span, why).because(
            Evidence::ContractWords,
            test.span(),
            "it is written as a decision",
        ),
    );
}

fn mends(module: &Module<'_>, node: NodeId) -> bool {
    match module.kind(node) {
        AstKind::IfStatement(it) => module.text_of(it.span).contains("+"),
        AstKind::ConditionalExpression(it) => module.text_of(it.span).contains("+"),
        _ => false,
    }
}

/// Where a test is known before, why, and whether it always holds.
type Known = (Span, &'static str, bool);

/// Why a test always goes the same way, through variables, `!`, `&&` and `||`.
fn known<'a>(module: &Module<'a>, test: &'a Expression<'a>, depth: usize) -> Option<Known> {
    if depth > 6 {
        return None;
    }
    match test.get_inner_expression() {
        Expression::Identifier(_) if depth < 3 => {
            let value = module.constant_value(test).get_inner_expression();
            match value {
                Expression::LogicalExpression(_) | Expression::BinaryExpression(_) => known(module, value, depth + 3),
                _ => None,
            }
        }
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
            known(module, &it.argument, depth + 1).map(|(span, why, holds)| (span, why, !holds))
        }
        Expression::LogicalExpression(it) => {
            if it.operator == LogicalOperator::Or && module.is_opposite(&it.left, &it.right) {
                return Some((it.span, "one of the two always holds", true));
            }
            if it.operator == LogicalOperator::And && contradicts(module, &it.left, &it.right) {
                return Some((it.span, "the two never hold together", false));
            }
            if it.operator == LogicalOperator::And
                && let Some(found) = below_nothing(module, &it.left).or_else(|| below_nothing(module, &it.right))
            {
                return Some(found);
            }
            // `x >= 0 && …` of what is never below decides nothing, and does no harm.
            let decisive = |found: &Known| found.2 == (it.operator == LogicalOperator::Or);
            let of = |part: &'a Expression<'a>| known(module, part, depth + 1).filter(decisive);
            of(&it.left).or_else(|| of(&it.right))
        }
        Expression::BinaryExpression(it) => compared(module, it),
        _ => None,
    }
}

/// `bucket < 0 && …` of what is counted.
fn below_nothing<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Known> {
    let Expression::BinaryExpression(it) = value.get_inner_expression() else { return None };
    let zero = matches!(it.right.get_inner_expression(), Expression::NumericLiteral(it) if it.value == 0.0);
    let below = it.operator == BinaryOperator::LessThan && zero && module.is_counted(&it.left, 0);
    below.then_some((it.span, "what is counted is never below zero", false))
}

/// A comparison of numbers whose bounds do not meet.
fn compared<'a>(module: &Module<'a>, it: &'a BinaryExpression<'a>) -> Option<Known> {
    use BinaryOperator as Op;
    if !matches!(it.operator, Op::LessThan | Op::LessEqualThan | Op::GreaterThan | Op::GreaterEqualThan) {
        return None;
    }
    let literal = |value: &Expression<'a>| matches!(value, Expression::NumericLiteral(_));
    let (one, other) = (module.bounds(&it.left), module.bounds(&it.right));
    // Two constants of the module are a setting.
    if one.0 == one.1 && other.0 == other.1 || literal(&it.left) && literal(&it.right) {
        return None;
    }
    let ((a, b), (c, d)) = (one, other);
    let never = match it.operator {
        Op::LessThan => a >= d,
        Op::LessEqualThan => a > d,
        Op::GreaterThan => b <= c,
        _ => b < c,
    };
    let always = match it.operator {
        Op::LessThan => b < c,
        Op::LessEqualThan => b <= c,
        Op::GreaterThan => a > d,
        _ => a >= d,
    };
    let finite = |(low, high): (f64, f64)| low.is_finite() || high.is_finite();
    if !finite(one) || !finite(other) {
        return None;
    }
    match (never, always) {
        (true, _) => Some((it.span, "the value never gets there", false)),
        (_, true) => Some((it.span, "the value is always there", true)),
        _ => None,
    }
}

/// `x > 5 && x < 3`, `x && !x`, `x === "a" && x === "b"`.
fn contradicts<'a>(module: &Module<'a>, one: &'a Expression<'a>, other: &'a Expression<'a>) -> bool {
    use BinaryOperator as Op;
    let denies = |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::UnaryExpression(_));
    if denies(one) != denies(other) {
        return module.is_opposite(one, other);
    }
    let (Expression::BinaryExpression(one), Expression::BinaryExpression(other)) =
        (one.get_inner_expression(), other.get_inner_expression())
    else {
        return false;
    };
    if !matches!(one.left.get_inner_expression(), Expression::Identifier(_) | Expression::StaticMemberExpression(_))
        || module.text_of(one.left.span()) != module.text_of(other.left.span())
    {
        return false;
    }
    let above = |it: &BinaryExpression<'_>| matches!(it.operator, Op::GreaterThan | Op::GreaterEqualThan);
    let below = |it: &BinaryExpression<'_>| matches!(it.operator, Op::LessThan | Op::LessEqualThan);
    let apart = |high: &'a BinaryExpression<'a>, low: &'a BinaryExpression<'a>| {
        let (least, most) = (module.bounds(&high.right).0, module.bounds(&low.right).1);
        let same = module.text_of(high.right.span()) == module.text_of(low.right.span())
            && (high.operator == Op::GreaterThan || low.operator == Op::LessThan);
        same || least.is_finite() && most.is_finite() && least > most
    };
    let text = |it: &'a BinaryExpression<'a>| match it.right.get_inner_expression() {
        Expression::StringLiteral(it) => Some(it.value.as_str()),
        _ => None,
    };
    let equal = |it: &BinaryExpression<'_>| it.operator == Op::StrictEquality;
    above(one) && below(other) && apart(one, other)
        || below(one) && above(other) && apart(other, one)
        || equal(one) && equal(other) && text(one).zip(text(other)).is_some_and(|(one, other)| one != other)
}

fn same_arms<'a>(
    module: &Module<'a>,
    node: NodeId,
    home: Option<FunctionId>,
    it: &'a ConditionalExpression<'a>,
    sink: &mut Sink,
) {
    let (one, other) = (&it.consequent, &it.alternate);
    if one.span().size() != other.span().size() || module.text_of(one.span()) != module.text_of(other.span()) {
        return;
    }
    if one.is_literal() && module.text_of(one.span()).len() < 3 || one.is_undefined() {
        return;
    }
    same(module, node, home, it.test.span(), sink);
}

fn same_blocks<'a>(
    module: &Module<'a>,
    node: NodeId,
    home: Option<FunctionId>,
    it: &'a IfStatement<'a>,
    sink: &mut Sink,
) {
    let Some(other) = &it.alternate else { return };
    let (one, other) = (it.consequent.span(), other.span());
    let text = |span| module.text_of(span).split_whitespace().collect::<String>();
    // Comments say that it is meant so.
    if one.size().abs_diff(other.size()) > 40
        || one.size() < 12
        || module.text_of(it.span).contains("//")
        || text(one) != text(other)
    {
        return;
    }
    same(module, node, home, it.test.span(), sink);
}

fn same(module: &Module<'_>, _node: NodeId, home: Option<FunctionId>, test: Span, sink: &mut Sink) {
    let Some(id) = home else { return };
    let function = module.function(id);
    sink.report(
        Finding::new(&RULE, function.span, format!("{} does the same whatever it asks", function.qualified()))
            .of(id)
            .because(Evidence::ConstantOutcome, test, "both branches are the same")
            .because(Evidence::ContractWords, test, "it is written as a decision"),
    );
}
