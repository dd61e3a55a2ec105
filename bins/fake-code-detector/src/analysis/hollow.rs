//! Values that are hollow: lists that nothing is ever put into, texts and patterns that fit everything, what is never missing.
use crate::lexicon;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

const DEEPEST: usize = 8;

impl<'a> Module<'a> {
    /// Whether an expression names a list or set that starts empty and that nothing is put into.
    pub(crate) fn is_never_filled(&self, value: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = value.get_inner_expression() else { return false };
        let Some(symbol) = self.symbol(name) else { return false };
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return false };
        let empty = match it.init.as_ref().map(Expression::get_inner_expression) {
            Some(Expression::ArrayExpression(list)) => list.elements.is_empty(),
            Some(Expression::NewExpression(new)) => {
                matches!(names::last(&new.callee), "Set" | "Map" | "Array") && new.arguments.is_empty()
            }
            _ => false,
        };
        empty
            && self.function_around(self.declaration(symbol)).is_some()
            && self.uses(symbol).all(|reference| !reference.is_write() && self.only_reads(reference.node_id()))
    }

    /// Whether a use of a list only reads it: its size, a method that computes, an answer that it is part of.
    fn only_reads(&self, node: NodeId) -> bool {
        let inner = self.kind(node).span();
        let parent = self.parent(node);
        match self.kind(parent) {
            AstKind::StaticMemberExpression(it) if it.object.span() == inner => {
                let called = matches!(self.kind(self.parent(parent)), AstKind::CallExpression(call) if call.callee.span() == it.span);
                !called && matches!(it.property.name.as_str(), "length" | "size")
                    || called && lexicon::PURE_METHODS.has(it.property.name.as_str())
            }
            AstKind::ObjectProperty(_)
            | AstKind::ReturnStatement(_)
            | AstKind::SpreadElement(_)
            | AstKind::TemplateLiteral(_) => true,
            AstKind::CallExpression(call) => self.call_kind(call) == crate::analysis::CallKind::Log,
            _ => false,
        }
    }

    /// Whether a value is always there, and an object: `new Set(x)`, `rows.filter(…)`, `data ?? []`.
    pub(crate) fn is_never_missing(&self, value: &'a Expression<'a>) -> bool {
        self.never_missing(value, 0)
    }

    fn never_missing(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        match self.constant_value(value).get_inner_expression() {
            _ if depth > DEEPEST => false,
            Expression::ArrayExpression(_)
            | Expression::ObjectExpression(_)
            | Expression::ArrowFunctionExpression(_)
            | Expression::RegExpLiteral(_) => true,
            Expression::NewExpression(new) => {
                matches!(&new.callee, Expression::Identifier(name) if self.symbol(name).is_none() && lexicon::PURE_GLOBALS.has(name.name.as_str()))
            }
            Expression::LogicalExpression(it) => {
                it.operator != LogicalOperator::And && self.never_missing(&it.right, depth + 1)
            }
            Expression::CallExpression(call) => {
                names::object(&call.callee).is_some()
                    && matches!(
                        names::last(&call.callee),
                        "filter" | "map" | "split" | "flatMap" | "entries" | "keys" | "values"
                    )
                    && self.call_kind(call) == crate::analysis::CallKind::Pure
            }
            _ => false,
        }
    }

    /// Whether a test of a text fits everything: `/.*/.test(x)`, `x.includes("")`.
    pub(crate) fn fits_everything(&self, call: &'a CallExpression<'a>) -> bool {
        let Some(object) = names::object(&call.callee) else { return false };
        match names::last(&call.callee) {
            "test" => match self.constant_value(object).get_inner_expression() {
                Expression::RegExpLiteral(it) => matches!(
                    it.regex.pattern.text.as_str(),
                    ".*" | "^.*$"
                        | "^.*"
                        | ".*$"
                        | "[\\s\\S]*"
                        | "^[\\s\\S]*$"
                        | "^"
                        | "$"
                        | "(.*)"
                        | "^(.*)$"
                        | ""
                        | "(?:)"
                ),
                _ => false,
            },
            "includes" | "startsWith" | "endsWith" => {
                matches!(call.arguments.first().and_then(Argument::as_expression).map(Expression::get_inner_expression), Some(Expression::StringLiteral(it)) if it.value.is_empty())
            }
            "every" => self.is_never_filled(object),
            _ => false,
        }
    }

    /// Whether one of two conditions always holds: `x || !x`, `x < y || x >= y`.
    pub(crate) fn is_opposite(&self, one: &'a Expression<'a>, other: &'a Expression<'a>) -> bool {
        let denied = |value: &'a Expression<'a>| match value.get_inner_expression() {
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                Some(self.text_of(it.argument.get_inner_expression().span()))
            }
            _ => None,
        };
        let text = |value: &'a Expression<'a>| self.text_of(value.get_inner_expression().span());
        if let (Expression::BinaryExpression(one), Expression::BinaryExpression(other)) =
            (one.get_inner_expression(), other.get_inner_expression())
        {
            return text(&one.left) == text(&other.left)
                && text(&one.right) == text(&other.right)
                && is_complement(one.operator, other.operator);
        }
        denied(one).is_some_and(|it| it == text(other))
            || denied(other).is_some_and(|it| it == text(one))
            || self.is_denied_by_parts(one, other, 0)
            || self.is_denied_by_parts(other, one, 0)
    }

    /// `a && b` beside `!a || !b`, also through constants.
    fn is_denied_by_parts(&self, one: &'a Expression<'a>, other: &'a Expression<'a>, depth: usize) -> bool {
        let (one, other) = (self.constant_value(one), self.constant_value(other));
        let (Expression::LogicalExpression(all), Expression::LogicalExpression(any)) =
            (one.get_inner_expression(), other.get_inner_expression())
        else {
            return depth > 0 && self.is_opposite(one, other);
        };
        depth < DEEPEST
            && all.operator == LogicalOperator::And
            && any.operator == LogicalOperator::Or
            && self.is_denied_by_parts(&all.left, &any.left, depth + 1)
            && self.is_denied_by_parts(&all.right, &any.right, depth + 1)
    }

    /// Whether two of the parts of `a || b || c` leave nothing out.
    pub(crate) fn has_opposites(&self, value: &'a Expression<'a>) -> bool {
        let mut parts: Vec<&'a Expression<'a>> = Vec::new();
        let mut open = vec![value];
        while let Some(next) = open.pop().filter(|_| parts.len() < DEEPEST) {
            match next.get_inner_expression() {
                Expression::LogicalExpression(it) if it.operator == LogicalOperator::Or => {
                    open.extend([&it.left, &it.right]);
                }
                _ => parts.push(next),
            }
        }
        parts.iter().enumerate().any(|(at, one)| parts[at + 1..].iter().any(|other| self.is_opposite(one, other)))
    }

    /// Whether a value is always a no: `false`, a flag that never goes up, the size of a list that is never filled.
    pub(crate) fn no(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let of = |value: &'a Expression<'a>| self.no(value, depth + 1);
        match value.get_inner_expression() {
            Expression::BooleanLiteral(it) => !it.value,
            Expression::LogicalExpression(it) => match it.operator {
                LogicalOperator::And => of(&it.left) || of(&it.right),
                LogicalOperator::Or => of(&it.left) && of(&it.right),
                LogicalOperator::Coalesce => false,
            },
            Expression::ConditionalExpression(it) => of(&it.consequent) && of(&it.alternate),
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                self.is_never_missing(&it.argument) || self.yes(&it.argument, depth + 1).is_some_and(|yes| yes.plain)
            }
            Expression::BinaryExpression(it) if it.operator == BinaryOperator::GreaterThan => {
                self.is_empty_size(&it.left)
            }
            Expression::BinaryExpression(it)
                if matches!(it.operator, BinaryOperator::StrictInequality | BinaryOperator::Inequality) =>
            {
                self.is_empty_size(&it.left)
                    && matches!(it.right.get_inner_expression(), Expression::NumericLiteral(zero) if zero.value == 0.0)
            }
            Expression::CallExpression(call) if names::last(&call.callee) == "some" => {
                names::object(&call.callee).is_some_and(|object| self.is_never_filled(object))
            }
            Expression::Identifier(name) => self.is_down(name, depth),
            _ => false,
        }
    }

    /// A flag that starts as a no and is only ever given a no, or itself and more.
    fn is_down(&self, name: &IdentifierReference<'a>, depth: usize) -> bool {
        let Some(symbol) = self.symbol(name) else { return false };
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return false };
        let plain = matches!(it.id, BindingPattern::BindingIdentifier(_));
        plain
            && it.init.as_ref().is_some_and(|init| self.no(init, depth + 1))
            && self.uses(symbol).filter(|reference| reference.is_write()).all(|reference| {
                match self.kind(self.parent(reference.node_id())) {
                    AstKind::AssignmentExpression(it) => match it.operator {
                        AssignmentOperator::Assign => {
                            self.keeps(&it.right, name.name.as_str(), LogicalOperator::And)
                                || self.no(&it.right, depth + 1)
                        }
                        AssignmentOperator::LogicalAnd => true,
                        _ => false,
                    },
                    _ => false,
                }
            })
    }

    /// `x && …` of `x = x && …`: what it was, it stays.
    pub(crate) fn keeps(&self, value: &'a Expression<'a>, name: &str, operator: LogicalOperator) -> bool {
        matches!(value.get_inner_expression(), Expression::LogicalExpression(it) if it.operator == operator && (it.left.is_specific_id(name) || it.right.is_specific_id(name)))
    }

    /// `problems.length` of a list that is never filled.
    pub(crate) fn is_empty_size(&self, value: &'a Expression<'a>) -> bool {
        matches!(value.get_inner_expression(), Expression::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "length" | "size") && self.is_never_filled(&it.object))
    }
}

/// Whether one of two comparisons of the same values always holds.
fn is_complement(one: BinaryOperator, other: BinaryOperator) -> bool {
    use BinaryOperator as Op;
    let pair = |a, b| one == a && other == b || one == b && other == a;
    pair(Op::LessThan, Op::GreaterEqualThan)
        || pair(Op::GreaterThan, Op::LessEqualThan)
        || pair(Op::StrictEquality, Op::StrictInequality)
        || pair(Op::LessEqualThan, Op::GreaterEqualThan)
}
