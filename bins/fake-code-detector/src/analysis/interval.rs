//! Between which bounds a number lies, whatever is put in.
use crate::analysis::CallKind;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

const DEEPEST: usize = 8;
const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// The least and the greatest that a number may be.
pub(crate) type Bounds = (f64, f64);

impl<'a> Module<'a> {
    /// The bounds of a number; both infinite where nothing is known.
    pub(crate) fn bounds(&self, value: &'a Expression<'a>) -> Bounds {
        self.bounds_at(value, &[], 0)
    }

    fn bounds_at(&self, value: &'a Expression<'a>, given: &[(SymbolId, Bounds)], depth: usize) -> Bounds {
        if depth > DEEPEST {
            return ANY;
        }
        let of = |value: &'a Expression<'a>| self.bounds_at(value, given, depth + 1);
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
            Expression::BinaryExpression(it)
                if it.operator == BinaryOperator::Remainder
                    && of(&it.right) == (1.0, 1.0)
                    && self.is_whole(&it.left, 0) =>
            {
                (0.0, 0.0)
            }
            Expression::BinaryExpression(it) => combine(it.operator, of(&it.left), of(&it.right)),
            Expression::CallExpression(call) => self.bounds_of_call(call, given, depth),
            Expression::Identifier(name) => match (name.name.as_str(), self.symbol(name)) {
                ("Infinity", None) => (f64::INFINITY, f64::INFINITY),
                (_, Some(symbol)) => given.iter().find(|(it, _)| *it == symbol).map_or(ANY, |(_, bounds)| *bounds),
                _ => ANY,
            },
            _ => ANY,
        }
    }

    /// The one number that a function of the module can answer, where that is so by the limits that it keeps to.
    pub(crate) fn only_number(&self, id: FunctionId) -> Option<(f64, Span)> {
        let mut found = None;
        for it in self.returns_of(id) {
            let value = it.value?;
            let (low, high) = self.bounds(value);
            let same = low == high && low.is_finite() && found.is_none_or(|(known, _)| known == low);
            found = Some((low, value.span())).filter(|_| same);
            found?;
        }
        found
    }

    /// What the parameters of a function lie between in a call of it.
    fn given_by(
        &self,
        (id, call): (FunctionId, &'a CallExpression<'a>),
        given: &[(SymbolId, Bounds)],
        depth: usize,
    ) -> Vec<(SymbolId, Bounds)> {
        let items = self.function(id).params.items.iter().zip(&call.arguments);
        items
            .filter_map(|(item, argument)| {
                let symbol = item.pattern.get_binding_identifier()?.symbol_id.get()?;
                let changed = self.semantic.scoping().symbol_is_mutated(symbol);
                Some((symbol, self.bounds_at(argument.as_expression().filter(|_| !changed)?, given, depth)))
            })
            .collect()
    }

    fn bounds_of_call(&self, call: &'a CallExpression<'a>, given: &[(SymbolId, Bounds)], depth: usize) -> Bounds {
        let math = names::object(&call.callee).is_some_and(|it| it.is_specific_id("Math"));
        if !math {
            if let CallKind::Local(id) = self.call_kind(call)
                && depth < 3
                && !self.function(id).is_async
            {
                let given = self.given_by((id, call), given, depth + 1);
                let values =
                    self.returns_of(id).map(|it| it.value.map_or(ANY, |it| self.bounds_at(it, &given, depth + 3)));
                return values.reduce(hull).unwrap_or(ANY);
            }
            return ANY;
        }
        let all: Option<Vec<Bounds>> =
            call.arguments.iter().map(|it| it.as_expression().map(|it| self.bounds_at(it, given, depth + 1))).collect();
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

impl<'a> Module<'a> {
    /// Whether a number is known to be a whole one.
    pub(crate) fn is_whole(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let of = |value: &'a Expression<'a>| self.is_whole(value, depth + 1);
        match self.constant_value(value).get_inner_expression() {
            Expression::NumericLiteral(it) => it.value.fract() == 0.0,
            Expression::StaticMemberExpression(it) => {
                matches!(it.property.name.as_str(), "length" | "size" | "byteLength")
            }
            Expression::BinaryExpression(it) => {
                it.operator.is_bitwise()
                    || matches!(
                        it.operator,
                        BinaryOperator::Addition | BinaryOperator::Subtraction | BinaryOperator::Multiplication
                    ) && of(&it.left)
                        && of(&it.right)
            }
            Expression::CallExpression(call) => match names::last(&call.callee) {
                "parseInt" | "floor" | "ceil" | "round" | "trunc" | "charCodeAt" | "codePointAt" | "readUInt32BE"
                | "readUInt32LE" | "readUInt16BE" | "readUInt16LE" | "readUInt8" | "readUIntBE" | "readInt32BE"
                | "readInt32LE" | "getTime" | "getUint32" | "getUint16" | "getUint8" => true,
                _ => match self.call_kind(call) {
                    CallKind::Local(id) if depth < 3 => {
                        let mut values = self.returns_of(id).peekable();
                        values.peek().is_some() && values.all(|it| it.value.is_some_and(of))
                    }
                    _ => false,
                },
            },
            _ => false,
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
        Op::Multiplication if a == 0.0 && b == 0.0 || c == 0.0 && d == 0.0 => (0.0, 0.0),
        Op::Multiplication if a >= 0.0 && c >= 0.0 => plain(a * c, b * d),
        Op::Division if a >= 0.0 && c > 0.0 => plain(a / d, b / c),
        Op::Division if a >= 0.0 && c >= 0.0 => (0.0, f64::INFINITY),
        Op::Remainder if c == d && c > 0.0 => (if a >= 0.0 { 0.0 } else { -c }, c),
        Op::BitwiseAnd if c == d && c >= 0.0 => (0.0, c),
        Op::ShiftRightZeroFill => (0.0, 4_294_967_295.0),
        _ => ANY,
    }
}
