//! Between which bounds a number lies, whatever is put in.
use crate::analysis::CallKind;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

const DEEPEST: usize = 8;
const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// The least and the greatest that a number may be.
pub(crate) type Bounds = (f64, f64);

impl<'a> Module<'a> {
    /// The bounds of a number; both infinite where nothing is known.
    pub(crate) fn bounds(&self, value: &'a Expression<'a>) -> Bounds {
        self.bounds_at(value, 0)
    }

    fn bounds_at(&self, value: &'a Expression<'a>, depth: usize) -> Bounds {
        if depth > DEEPEST {
            return ANY;
        }
        let of = |value: &'a Expression<'a>| self.bounds_at(value, depth + 1);
        match self.constant_value(value).get_inner_expression() {
            Expression::NumericLiteral(it) => (it.value, it.value),
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::UnaryNegation => {
                let (low, high) = of(&it.argument);
                (-high, -low)
            }
            Expression::StaticMemberExpression(it)
                if matches!(it.property.name.as_str(), "length" | "size" | "byteLength") =>
            {
                (0.0, f64::INFINITY)
            }
            Expression::ConditionalExpression(it) => hull(of(&it.consequent), of(&it.alternate)),
            Expression::BinaryExpression(it) => combine(it.operator, of(&it.left), of(&it.right)),
            Expression::CallExpression(call) => self.bounds_of_call(call, depth),
            _ => ANY,
        }
    }

    fn bounds_of_call(&self, call: &'a CallExpression<'a>, depth: usize) -> Bounds {
        let math = names::object(&call.callee).is_some_and(|it| it.is_specific_id("Math"));
        if !math {
            if let CallKind::Local(id) = self.call_kind(call)
                && depth < 3
                && !self.function(id).is_async
            {
                let values = self.returns_of(id).map(|it| it.value.map_or(ANY, |it| self.bounds_at(it, depth + 3)));
                return values.reduce(hull).unwrap_or(ANY);
            }
            return ANY;
        }
        let all: Option<Vec<Bounds>> =
            call.arguments.iter().map(|it| it.as_expression().map(|it| self.bounds_at(it, depth + 1))).collect();
        let (Some(all), name) = (all, names::last(&call.callee)) else { return ANY };
        let first = all.first().copied().unwrap_or(ANY);
        match name {
            "min" => all.into_iter().reduce(|one, other| (one.0.min(other.0), one.1.min(other.1))).unwrap_or(ANY),
            "max" => all.into_iter().reduce(|one, other| (one.0.max(other.0), one.1.max(other.1))).unwrap_or(ANY),
            "abs" if first.0 >= 0.0 => first,
            "abs" => (0.0, first.0.abs().max(first.1.abs())),
            "random" => (0.0, 1.0),
            "sqrt" | "hypot" => (0.0, f64::INFINITY),
            "sin" | "cos" | "tanh" | "sign" => (-1.0, 1.0),
            "round" => (first.0.round(), first.1.round()),
            "floor" => (first.0.floor(), first.1.floor()),
            "ceil" => (first.0.ceil(), first.1.ceil()),
            "trunc" => (first.0.trunc(), first.1.trunc()),
            _ => ANY,
        }
    }
}

fn hull(one: Bounds, other: Bounds) -> Bounds {
    (one.0.min(other.0), one.1.max(other.1))
}

fn combine(operator: BinaryOperator, (a, b): Bounds, (c, d): Bounds) -> Bounds {
    use BinaryOperator as Op;
    let plain = |low: f64, high: f64| if low.is_nan() || high.is_nan() { ANY } else { (low, high) };
    match operator {
        Op::Addition => plain(a + c, b + d),
        Op::Subtraction => plain(a - d, b - c),
        Op::Multiplication if a >= 0.0 && c >= 0.0 => plain(a * c, b * d),
        Op::Division if a >= 0.0 && c > 0.0 => plain(a / d, b / c),
        Op::Division if a >= 0.0 && c >= 0.0 => (0.0, f64::INFINITY),
        Op::Remainder if c == d && c > 0.0 => (if a >= 0.0 { 0.0 } else { -c }, c),
        Op::BitwiseAnd if c == d && c >= 0.0 => (0.0, c),
        Op::ShiftRightZeroFill => (0.0, 4_294_967_295.0),
        _ => ANY,
    }
}
