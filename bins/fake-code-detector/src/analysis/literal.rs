//! Literals: how much an expression says that only its author knows.
use crate::names;
use crate::syntax::*;

/// What a deep literal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    /// Numbers, strings, booleans and nulls.
    pub(crate) leaves: usize,
    pub(crate) numbers: usize,
    /// Strings that are not empty.
    pub(crate) strings: usize,
    pub(crate) objects: usize,
    pub(crate) arrays: usize,
}

impl Shape {
    /// What an expression holds when it is a literal all through: no name, no call; nothing otherwise.
    pub(crate) fn of(value: &Expression<'_>) -> Option<Self> {
        let mut shape = Self::default();
        shape.add(value, 0).then_some(shape)
    }

    /// Whether it says something: an object or list that is not empty, a number but -1, 0 and 1, a string of some length.
    pub(crate) fn is_rich(value: &Expression<'_>) -> bool {
        match value.get_inner_expression() {
            Expression::ObjectExpression(it) => !it.properties.is_empty(),
            Expression::ArrayExpression(it) => !it.elements.is_empty(),
            Expression::NumericLiteral(it) => it.value != 0.0 && it.value != 1.0,
            Expression::StringLiteral(it) => it.value.len() > 1,
            Expression::TemplateLiteral(it) => it.quasis.iter().any(|part| part.value.raw.len() > 1),
            Expression::NewExpression(it) => {
                it.arguments.iter().any(|argument| argument.as_expression().is_some_and(Self::is_rich))
            }
            _ => false,
        }
    }

    fn add(&mut self, value: &Expression<'_>, depth: usize) -> bool {
        if depth > 60 {
            return false;
        }
        match value.get_inner_expression() {
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) => {
                self.leaves += 1;
                self.numbers += 1;
            }
            Expression::StringLiteral(it) => {
                self.leaves += 1;
                self.strings += usize::from(!it.value.is_empty());
            }
            Expression::TemplateLiteral(it) if it.expressions.is_empty() => {
                self.leaves += 1;
                self.strings += 1;
            }
            Expression::BooleanLiteral(_) | Expression::NullLiteral(_) | Expression::RegExpLiteral(_) => {
                self.leaves += 1
            }
            Expression::Identifier(it) if it.name == "undefined" || it.name == "Infinity" || it.name == "NaN" => {
                self.leaves += 1
            }
            Expression::UnaryExpression(it) => return self.add(&it.argument, depth + 1),
            Expression::BinaryExpression(it) => return self.add(&it.left, depth + 1) && self.add(&it.right, depth + 1),
            Expression::ObjectExpression(it) => {
                self.objects += 1;
                return it.properties.iter().all(|property| match property {
                    ObjectPropertyKind::ObjectProperty(it) => !it.method && self.add(&it.value, depth + 1),
                    ObjectPropertyKind::SpreadProperty(_) => false,
                });
            }
            Expression::ArrayExpression(it) => {
                self.arrays += 1;
                return it.elements.iter().all(|element| match element {
                    ArrayExpressionElement::Elision(_) => true,
                    ArrayExpressionElement::SpreadElement(_) => false,
                    other => other.as_expression().is_some_and(|value| self.add(value, depth + 1)),
                });
            }
            Expression::NewExpression(it) => {
                let known = matches!(&it.callee, Expression::Identifier(name) if matches!(name.name.as_str(), "Date" | "Set" | "Map" | "URL"));
                return known
                    && !it.arguments.is_empty()
                    && it
                        .arguments
                        .iter()
                        .all(|argument| argument.as_expression().is_some_and(|value| self.add(value, depth + 1)));
            }
            Expression::CallExpression(it)
                if names::last(&it.callee) == "resolve" || names::last(&it.callee) == "freeze" =>
            {
                return names::object(&it.callee)
                    .is_some_and(|object| object.is_specific_id("Promise") || object.is_specific_id("Object"))
                    && it
                        .arguments
                        .iter()
                        .all(|argument| argument.as_expression().is_some_and(|value| self.add(value, depth + 1)));
            }
            _ => return false,
        }
        true
    }
}

/// The keys of an object, in order; computed ones and spreads are left out.
pub(crate) fn object_keys<'a>(object: &'a ObjectExpression<'a>) -> impl Iterator<Item = &'a str> {
    object.properties.iter().filter_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => Some(names::key(&it.key)).filter(|key| !key.is_empty()),
        ObjectPropertyKind::SpreadProperty(_) => None,
    })
}

/// The value under a key of an object.
pub(crate) fn property<'a>(object: &'a ObjectExpression<'a>, key: &str) -> Option<&'a Expression<'a>> {
    object.properties.iter().find_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) if names::key(&it.key) == key => Some(&it.value),
        _ => None,
    })
}

/// Whether two objects have at least two thirds of their keys in common.
pub(crate) fn same_shape(one: &ObjectExpression<'_>, other: &ObjectExpression<'_>) -> bool {
    let (first, second): (Vec<&str>, Vec<&str>) = (object_keys(one).collect(), object_keys(other).collect());
    let common = first.iter().filter(|key| second.contains(key)).count();
    common > 0 && common * 3 >= first.len().max(second.len()) * 2
}
