//! Comparisons that always hold.
use crate::analysis::CallKind;
use crate::analysis::truth::DEEPEST;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

impl<'a> Module<'a> {
    pub(crate) fn yes_of_comparison(&self, it: &'a BinaryExpression<'a>) -> Option<&'static str> {
        use BinaryOperator as Op;
        let zero = |value: &'a Expression<'a>| matches!(self.constant_value(value).get_inner_expression(), Expression::NumericLiteral(it) if it.value == 0.0);
        let minus = |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::UnaryExpression(it) if it.operator == UnaryOperator::UnaryNegation);
        let (left, right) = (&it.left, &it.right);
        let reflexive =
            matches!(it.operator, Op::StrictEquality | Op::Equality | Op::GreaterEqualThan | Op::LessEqualThan);
        if reflexive && self.is_same(left, right) {
            return Some("a value is compared with itself");
        }
        let nothing = |value: &Expression<'a>| value.get_inner_expression().is_null_or_undefined();
        match it.operator {
            Op::StrictEquality | Op::Equality if self.is_empty_size(left) && zero(right) => {
                return Some("nothing is ever put into the list");
            }
            Op::StrictInequality | Op::Inequality if nothing(right) && self.is_never_missing(left) => {
                return Some("it is never missing");
            }
            _ => {}
        }
        let (big, small, strict) = match it.operator {
            Op::GreaterEqualThan => (left, right, false),
            Op::GreaterThan => (left, right, true),
            Op::LessEqualThan => (right, left, false),
            Op::LessThan => (right, left, true),
            _ => return None,
        };
        if (!strict && zero(small) || strict && minus(small)) && self.is_counted(big, 0) {
            return Some("what is counted is never below zero");
        }
        if !strict && (self.is_bounded(small, "min", big) || self.is_bounded(big, "max", small)) {
            return Some("the value is cut off at the very limit that it is compared with");
        }
        let endless = |value: &'a Expression<'a>| {
            matches!(
                self.text_of(self.constant_value(value).span()),
                "Infinity" | "Number.POSITIVE_INFINITY" | "Number.MAX_VALUE" | "Number.MAX_SAFE_INTEGER"
            )
        };
        if endless(big) {
            return Some("everything is below that");
        }
        if zero(small) && self.is_known_bigger(big, it) {
            return Some("it is only asked where the value is known to be bigger");
        }
        None
    }

    /// Whether a number is never negative: a length, a remainder, a sum of such.
    pub(crate) fn is_counted(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let of = |value: &'a Expression<'a>| self.is_counted(value, depth + 1);
        match value.get_inner_expression() {
            Expression::NumericLiteral(_) => true,
            Expression::StaticMemberExpression(it) => {
                matches!(it.property.name.as_str(), "length" | "size" | "byteLength")
            }
            Expression::BinaryExpression(it) => match it.operator {
                BinaryOperator::Remainder => true,
                BinaryOperator::Addition | BinaryOperator::Multiplication | BinaryOperator::Division => {
                    of(&it.left) && of(&it.right)
                }
                _ => false,
            },
            Expression::CallExpression(call) if names::last(&call.callee) == "abs" => true,
            Expression::CallExpression(call) if names::last(&call.callee) == "max" => {
                call.arguments.iter().any(|it| matches!(it, Argument::NumericLiteral(_)))
            }
            Expression::CallExpression(call) if matches!(self.call_kind(call), CallKind::Local(_)) => {
                let CallKind::Local(id) = self.call_kind(call) else { return false };
                let mut values = self.returns_of(id).peekable();
                values.peek().is_some() && depth < 3 && values.all(|it| it.value.is_some_and(of))
            }
            Expression::CallExpression(call)
                if matches!(names::last(&call.callee), "round" | "floor" | "ceil" | "sqrt" | "Number" | "trunc") =>
            {
                call.arguments.first().and_then(Argument::as_expression).is_some_and(of)
            }
            Expression::Identifier(name) => {
                let Some(symbol) = self.symbol(name) else { return false };
                let AstKind::VariableDeclarator(declarator) = self.kind(self.declaration(symbol)) else { return false };
                declarator.init.as_ref().is_some_and(of)
                    && self.uses(symbol).filter(|reference| reference.is_write()).all(|reference| {
                        match self.kind(self.parent(reference.node_id())) {
                            AstKind::AssignmentExpression(it) => {
                                matches!(it.operator, AssignmentOperator::Assign | AssignmentOperator::Addition)
                                    && self.is_counted(&it.right, depth + 1)
                            }
                            AstKind::UpdateExpression(it) => it.operator == UpdateOperator::Increment,
                            _ => false,
                        }
                    })
            }
            _ => false,
        }
    }

    /// Whether a value is `Math.min(…, limit)` (or `max`), directly or through a constant.
    fn is_bounded(&self, value: &'a Expression<'a>, by: &str, limit: &'a Expression<'a>) -> bool {
        let text = self.text_of(limit.span());
        match self.constant_value(value).get_inner_expression() {
            Expression::CallExpression(call) if names::last(&call.callee) == by => {
                call.arguments.len() > 1 && call.arguments.iter().any(|argument| self.text_of(argument.span()) == text)
            }
            _ => false,
        }
    }

    /// `if (x > limit) … x > 0`: whether a test around already says that the value is bigger than something.
    fn is_known_bigger(&self, value: &'a Expression<'a>, asked: &'a BinaryExpression<'a>) -> bool {
        let text = self.text_of(value.span());
        self.around(asked.node_id.get()).take(6).any(|(_, kind)| match kind {
            AstKind::IfStatement(it) if it.consequent.span().contains_inclusive(asked.span) => match it
                .test
                .get_inner_expression()
            {
                Expression::BinaryExpression(test) => match test.operator {
                    BinaryOperator::GreaterThan | BinaryOperator::GreaterEqualThan => {
                        self.text_of(test.left.span()) == text
                    }
                    BinaryOperator::LessThan | BinaryOperator::LessEqualThan => self.text_of(test.right.span()) == text,
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        })
    }
}
