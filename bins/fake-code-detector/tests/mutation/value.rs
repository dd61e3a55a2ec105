//! Values that look real: what a stub would answer in place of a result, by its declared type, else by what was returned.
use std::collections::HashMap;
use std::fmt::Write as _;

use oxc_ast::ast::*;
use oxc_span::GetSpan as _;

use crate::names::{by_field, by_name, number, text};

/// How deep types and expressions are followed.
const DEPTH: usize = 5;

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Number(String),
    Text(String),
    Boolean,
    List(Vec<Value>),
    Record(Vec<(String, Value)>),
    /// Source as it stands: the member of a union, a date.
    Source(String),
}

impl Value {
    /// As source.
    pub(crate) fn source(&self) -> String {
        match self {
            Self::Number(text) | Self::Source(text) => text.clone(),
            Self::Text(text) => format!("'{text}'"),
            Self::Boolean => "true".to_owned(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::source).collect::<Vec<_>>().join(", ")),
            Self::Record(fields) => {
                let mut text = String::from("{ ");
                for (index, (name, value)) in fields.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
                        && !name.starts_with(|c: char| c.is_ascii_digit());
                    let quote = if plain { "" } else { "'" };
                    let _ = write!(text, "{comma}{quote}{name}{quote}: {}", value.source());
                }
                text + " }"
            }
        }
    }

    /// Scalars in it.
    pub(crate) fn leaves(&self) -> usize {
        match self {
            Self::List(items) => items.iter().map(Self::leaves).sum(),
            Self::Record(fields) => fields.iter().map(|(_, value)| value.leaves()).sum(),
            _ => 1,
        }
    }

    /// The same with a random number in place of its first one.
    pub(crate) fn random(&self) -> Option<Self> {
        match self {
            Self::Number(_) => Some(Self::Source("Math.round(Math.random() * 100)".to_owned())),
            Self::Record(fields) => {
                let mut fields = fields.clone();
                let (_, first) = fields.iter_mut().find(|(_, value)| matches!(value, Self::Number(_)))?;
                *first = first.random()?;
                Some(Self::Record(fields))
            }
            _ => None,
        }
    }

    /// A record of which nothing is known.
    fn thing() -> Self {
        let fields = ["id", "status", "total"]
            .map(|name| (name.to_owned(), if name == "total" { number(name) } else { text(name) }));
        Self::Record(fields.to_vec())
    }
}

/// The declared types of a file by name.
pub(crate) type Types<'a> = HashMap<&'a str, Declared<'a>>;

/// What a name of a type stands for.
#[derive(Clone, Copy)]
pub(crate) enum Declared<'a> {
    Alias(&'a TSType<'a>),
    Members(&'a [TSSignature<'a>]),
    /// An enum, a class or a type parameter: no literal fits.
    Other,
}

/// Where values are made: the file's types and its text.
#[derive(Clone, Copy)]
pub(crate) struct Maker<'m, 'a> {
    pub(crate) text: &'a str,
    pub(crate) types: &'m Types<'a>,
}

/// Types of the language and its libraries that no literal looks like.
const OPAQUE: [&str; 31] = [
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "Buffer",
    "Uint8Array",
    "ArrayBuffer",
    "Response",
    "Request",
    "NextResponse",
    "Headers",
    "URL",
    "URLSearchParams",
    "Error",
    "Function",
    "ReadableStream",
    "Readable",
    "Writable",
    "Stream",
    "Observable",
    "AsyncIterable",
    "Iterable",
    "AsyncGenerator",
    "Generator",
    "ReactNode",
    "ReactElement",
    "Element",
    "Date",
    "RegExp",
    "FormData",
    "Blob",
];

impl<'a> Maker<'_, 'a> {
    /// Whether a type is a name that this file does not explain.
    pub(crate) fn is_foreign(&self, ty: &TSType<'a>) -> bool {
        match ty {
            TSType::TSTypeReference(it) => match &it.type_name {
                TSTypeName::IdentifierReference(id) => {
                    !self.types.contains_key(id.name.as_str()) && !OPAQUE.contains(&id.name.as_str())
                }
                _ => false,
            },
            TSType::TSArrayType(list) => self.is_foreign(&list.element_type),
            TSType::TSUnionType(union) => union.types.iter().any(|ty| self.is_foreign(ty)),
            _ => false,
        }
    }

    /// A value of a type; none where no literal would pass for one.
    pub(crate) fn of_type(&self, ty: &TSType<'a>, (name, depth): (&str, usize)) -> Option<Value> {
        let next = (name, depth + 1);
        if depth > DEPTH {
            return None;
        }
        match ty {
            TSType::TSNumberKeyword(_) => Some(number(name)),
            TSType::TSBigIntKeyword(_) => Some(Value::Source("42n".to_owned())),
            TSType::TSStringKeyword(_) | TSType::TSTemplateLiteralType(_) => Some(text(name)),
            TSType::TSBooleanKeyword(_) => Some(Value::Boolean),
            TSType::TSTypePredicate(predicate) if !predicate.asserts => Some(Value::Boolean),
            TSType::TSLiteralType(literal) => Some(Value::Source(literal.span.source_text(self.text).to_owned())),
            TSType::TSParenthesizedType(inner) => self.of_type(&inner.type_annotation, next),
            TSType::TSTypeOperatorType(inner) => self.of_type(&inner.type_annotation, next),
            TSType::TSArrayType(list) => Some(Value::List(vec![self.of_type(&list.element_type, next)?])),
            TSType::TSTupleType(tuple) => {
                let items = tuple.element_types.iter().map(|item| self.of_type(item.as_ts_type()?, next));
                Some(Value::List(items.collect::<Option<_>>()?))
            }
            TSType::TSUnionType(union) => union.types.iter().find_map(|ty| self.of_type(ty, next)),
            TSType::TSTypeLiteral(literal) => self.of_members(&literal.members, depth),
            TSType::TSIntersectionType(both) => {
                let mut fields = Vec::new();
                for part in both.types.iter().filter_map(|ty| self.of_type(ty, next)) {
                    let Value::Record(more) = part else { return None };
                    fields.extend(more);
                }
                (!fields.is_empty()).then_some(Value::Record(fields))
            }
            TSType::TSTypeReference(reference) => self.of_reference(reference, next),
            _ => None,
        }
    }

    fn of_reference(&self, reference: &TSTypeReference<'a>, (name, depth): (&str, usize)) -> Option<Value> {
        let TSTypeName::IdentifierReference(id) = &reference.type_name else { return None };
        let argument = |at: usize| reference.type_arguments.as_ref().and_then(|arguments| arguments.params.get(at));
        match (id.name.as_str(), self.types.get(id.name.as_str())) {
            (_, Some(Declared::Alias(ty))) => self.of_type(ty, (name, depth)),
            (_, Some(Declared::Members(members))) => self.of_members(members, depth),
            (_, Some(Declared::Other)) => None,
            ("Array" | "ReadonlyArray", None) => Some(Value::List(vec![self.of_type(argument(0)?, (name, depth))?])),
            ("Readonly" | "Required" | "Partial" | "Awaited" | "NonNullable", None) => {
                self.of_type(argument(0)?, (name, depth))
            }
            ("Record", None) => {
                Some(Value::Record(vec![("primary".to_owned(), self.of_type(argument(1)?, (name, depth))?)]))
            }
            (opaque, None) if OPAQUE.contains(&opaque) => None,
            // What another file declares is mostly a record, of the shape that is given back.
            (_, None) if depth <= 1 => None,
            (_, None) => Some(Value::thing()),
        }
    }

    fn of_members(&self, members: &[TSSignature<'a>], depth: usize) -> Option<Value> {
        let mut fields = Vec::new();
        for member in members {
            match member {
                TSSignature::TSPropertySignature(property) => {
                    let name = property.key.static_name()?;
                    let known = property.type_annotation.as_ref().map(|ty| &ty.type_annotation);
                    match known.and_then(|ty| self.of_type(ty, (&name, depth + 1))) {
                        Some(value) => fields.push((name.into_owned(), value)),
                        None if property.optional => {}
                        None => fields.push((name.to_string(), by_field(&name))),
                    }
                }
                TSSignature::TSIndexSignature(_) => {}
                // What can be called is no literal.
                _ => return None,
            }
        }
        (!fields.is_empty()).then_some(Value::Record(fields))
    }

    /// A value like the one that an expression comes to, where that can be told from its form.
    pub(crate) fn of_expression(&self, value: &Expression<'a>, (name, depth): (&str, usize)) -> Option<Value> {
        let next = (name, depth + 1);
        if depth > DEPTH {
            return None;
        }
        match value.get_inner_expression() {
            Expression::NumericLiteral(_) | Expression::UpdateExpression(_) => Some(number(name)),
            Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => Some(text(name)),
            Expression::BooleanLiteral(_) => Some(Value::Boolean),
            Expression::UnaryExpression(unary) if unary.operator.as_str() == "!" => Some(Value::Boolean),
            Expression::BinaryExpression(binary) => match binary.operator.as_str() {
                "+" => self.of_expression(&binary.left, next).or_else(|| self.of_expression(&binary.right, next)),
                "-" | "*" | "/" | "%" | "**" | "|" | "&" | "^" | "<<" | ">>" | ">>>" => Some(number(name)),
                _ => Some(Value::Boolean),
            },
            Expression::LogicalExpression(logical) => {
                self.of_expression(&logical.right, next).or_else(|| self.of_expression(&logical.left, next))
            }
            Expression::ConditionalExpression(either) => {
                self.of_expression(&either.consequent, next).or_else(|| self.of_expression(&either.alternate, next))
            }
            Expression::AwaitExpression(awaited) => self.of_expression(&awaited.argument, next),
            Expression::ArrayExpression(list) => {
                let first = list.elements.first().and_then(|item| self.of_expression(item.as_expression()?, next));
                Some(Value::List(vec![first.unwrap_or_else(Value::thing)]))
            }
            Expression::ObjectExpression(object) => self.of_object(object, depth),
            Expression::StaticMemberExpression(member) => match member.property.name.as_str() {
                "length" | "size" => Some(number(name)),
                field => by_name(field),
            },
            Expression::CallExpression(call) => of_call(call, name),
            Expression::Identifier(id) => by_name(&id.name),
            _ => None,
        }
    }

    fn of_object(&self, object: &ObjectExpression<'a>, depth: usize) -> Option<Value> {
        let mut fields = Vec::new();
        for property in &object.properties {
            // What is spread is not known.
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let name = property.key.static_name().filter(|_| !property.computed)?;
            if property.method
                || matches!(property.value, Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_))
            {
                return None;
            }
            let known = self.of_expression(&property.value, (&name, depth + 1));
            let value = known.unwrap_or_else(|| by_field(&name));
            fields.push((name.into_owned(), value));
        }
        (!fields.is_empty()).then_some(Value::Record(fields))
    }
}

/// By the method that is called last.
fn of_call(call: &CallExpression<'_>, name: &str) -> Option<Value> {
    let method = match call.callee.get_inner_expression() {
        Expression::StaticMemberExpression(member) => member.property.name.as_str(),
        Expression::Identifier(id) => id.name.as_str(),
        _ => return None,
    };
    let on_math = call.callee.get_inner_expression().span().size() > 5
        && matches!(call.callee.get_inner_expression(), Expression::StaticMemberExpression(member)
            if matches!(&member.object, Expression::Identifier(id) if id.name == "Math"));
    match method {
        _ if on_math => Some(number(name)),
        "map" | "filter" | "flatMap" | "sort" | "toSorted" | "reverse" => Some(Value::List(vec![Value::thing()])),
        "split" => Some(Value::List(vec![text("name")])),
        "join" | "toString" | "trim" | "toUpperCase" | "toLowerCase" | "toFixed" | "padStart" | "replace"
        | "replaceAll" | "toISOString" | "format" | "stringify" | "String" | "digest" => Some(text(name)),
        "includes" | "some" | "every" | "has" | "test" | "startsWith" | "endsWith" | "Boolean" => Some(Value::Boolean),
        "parseInt" | "parseFloat" | "Number" | "getTime" | "indexOf" => Some(number(name)),
        _ => None,
    }
}

/// A record, for what nothing else is known of.
pub(crate) fn thing() -> Value {
    Value::thing()
}
