//! Finds the functions of a file that can be turned into stubs.

use oxc_allocator::Allocator;
use oxc_ast::AstKind;
use oxc_ast::ast::*;
use oxc_parser::Parser;
use oxc_semantic::{NodeId, Semantic, SemanticBuilder};
use oxc_span::{GetSpan as _, SourceType, Span};

use crate::calls::Reader;
use crate::expressions::{is_opaque, is_open, is_undefined};
use crate::names::by_name;
use crate::subject::{Statement as Part, Subject, range};
use crate::value::{self, Declared, Maker, Types, Value};

/// All functions of a text that can be mutated.
pub(crate) fn of(name: &str, text: &str) -> Vec<Subject> {
    let Ok(kind) = SourceType::from_path(name) else { return Vec::new() };
    let kind = if kind.is_typescript() { kind } else { kind.with_jsx(true) };
    let arena = Allocator::default();
    let parsed = Parser::new(&arena, text, kind).parse();
    if !parsed.diagnostics.is_empty() {
        return Vec::new();
    }
    let program = arena.alloc(parsed.program);
    let semantic = SemanticBuilder::new().with_build_nodes(true).build(program).semantic;
    let file = File { text, semantic: &semantic, types: types(&semantic) };
    (0..semantic.nodes().len()).filter_map(|index| file.subject(NodeId::from_usize(index))).collect()
}

fn types<'a>(semantic: &Semantic<'a>) -> Types<'a> {
    let kinds = semantic.nodes().iter().map(oxc_semantic::AstNode::kind);
    kinds
        .filter_map(|kind| match kind {
            AstKind::TSTypeAliasDeclaration(it) => Some((it.id.name.as_str(), Declared::Alias(&it.type_annotation))),
            AstKind::TSInterfaceDeclaration(it) => Some((it.id.name.as_str(), Declared::Members(&it.body.body))),
            AstKind::TSEnumDeclaration(it) => Some((it.id.name.as_str(), Declared::Other)),
            AstKind::TSTypeParameter(it) => Some((it.name.name.as_str(), Declared::Other)),
            AstKind::Class(it) => Some((it.id.as_ref()?.name.as_str(), Declared::Other)),
            _ => None,
        })
        .collect()
}

struct File<'s, 'a> {
    text: &'a str,
    semantic: &'s Semantic<'a>,
    types: Types<'a>,
}

/// A function before it is known to be worth anything.
struct Found<'a> {
    name: &'a str,
    span: Span,
    params: &'a FormalParameters<'a>,
    body: &'a FunctionBody<'a>,
    return_type: Option<&'a TSType<'a>>,
    is_async: bool,
}

impl<'a> File<'_, 'a> {
    fn subject(&self, node: NodeId) -> Option<Subject> {
        let found = self.found(node)?;
        let named = !found.params.items.is_empty() && !found.name.is_empty();
        if !named || found.body.statements.len() < 2 {
            return None;
        }
        let reader = Reader::new((self.semantic, self.text), (node, found.params, found.body));
        let statements: Vec<Part> = found.body.statements.iter().map(|it| reader.statement(it)).collect();
        let works = statements.iter().any(|it| it.reads) && statements.iter().any(|it| it.acts || it.answers);
        if !works {
            return None;
        }
        let empty = Subject {
            name: found.name.to_owned(),
            span: range(found.span),
            body: found.body.span.start as usize + 1..found.body.span.end as usize - 1,
            indent: indent(self.text, reader.first_byte(found.body)),
            is_async: found.is_async,
            parameters: found.params.items.iter().filter_map(|it| plain(&it.pattern)).collect(),
            statements,
            outside: reader.outside(),
            foreign: reader.foreign(),
            writes: reader.writes(),
            ..Subject::default()
        };
        Some(self.with_answer(empty, (&found, &reader)))
    }

    /// Adds what the function gives back.
    fn with_answer(&self, subject: Subject, (found, reader): (&Found<'a>, &Reader<'_, 'a>)) -> Subject {
        let returns = reader.returns();
        let values: Vec<&Expression<'a>> = returns.iter().filter_map(|it| it.argument.as_ref()).collect();
        let (ty, promise) = found.return_type.map_or((None, false), |ty| promised(ty));
        let is_void = match ty {
            Some(TSType::TSVoidKeyword(_) | TSType::TSUndefinedKeyword(_)) => true,
            Some(_) => false,
            None => values.is_empty(),
        };
        let (promises, subject) = (promise && !found.is_async, Subject { is_void, ..subject });
        // A piece of a page and a maker of functions have no constant that would pass for their work.
        if is_void || reader.has_jsx() || values.iter().any(|value| is_opaque(value)) {
            return Subject { promises, ..subject };
        }
        let value = match ty {
            Some(TSType::TSAnyKeyword(_) | TSType::TSUnknownKeyword(_)) | None => self.by_values(&values, found.name),
            Some(ty) => self.by_type(ty, (&values, found.name)),
        };
        let named_type = ty.and_then(|ty| self.named_type(ty));
        Subject { promises, value, named_type, same: self.same(found, ty, &values), ..subject }
    }

    fn maker(&self) -> Maker<'_, 'a> {
        Maker { text: self.text, types: &self.types }
    }

    /// Free functions and methods of classes that inherit nothing.
    fn found(&self, node: NodeId) -> Option<Found<'a>> {
        let nodes = self.semantic.nodes();
        match nodes.kind(node) {
            AstKind::Function(function) if !function.generator => {
                let (name, span) = match nodes.parent_kind(node) {
                    AstKind::MethodDefinition(method) => (self.method(node, method)?, method.span),
                    AstKind::VariableDeclarator(it) => (bound(it)?, it.span),
                    _ if function.is_declaration() => (function.id.as_ref()?.name.as_str(), function.span),
                    _ => return None,
                };
                let return_type = function.return_type.as_ref().map(|ty| &ty.type_annotation);
                let (params, body) = (&*function.params, function.body.as_deref()?);
                Some(Found { name, span, params, body, return_type, is_async: function.r#async })
            }
            AstKind::ArrowFunctionExpression(arrow) => {
                let AstKind::VariableDeclarator(declarator) = nodes.parent_kind(node) else { return None };
                let body = arrow.body.as_function_body()?;
                let return_type = arrow.return_type.as_ref().map(|ty| &ty.type_annotation);
                let (name, span, params) = (bound(declarator)?, declarator.span, &*arrow.params);
                // A declared type of the constant says what the function gives, somewhere else.
                let untyped = declarator.type_annotation.is_none();
                untyped.then_some(Found { name, span, params, body, return_type, is_async: arrow.r#async })
            }
            _ => None,
        }
    }

    fn method(&self, node: NodeId, method: &'a MethodDefinition<'a>) -> Option<&'a str> {
        let class = self.semantic.nodes().ancestor_kinds(node).find_map(|kind| match kind {
            AstKind::Class(class) => Some(class),
            _ => None,
        })?;
        let alone = class.heritage.is_none() && class.implements.is_empty() && !class.r#abstract;
        let PropertyKey::StaticIdentifier(name) = &method.key else { return None };
        let plain = method.kind == MethodDefinitionKind::Method && !method.computed && !method.r#override;
        (alone && plain).then(|| name.name.as_str())
    }

    fn by_type(&self, ty: &TSType<'a>, (values, name): (&[&Expression<'a>], &str)) -> Option<Value> {
        let maker = self.maker();
        if let Some(value) = maker.of_type(ty, (name, 0)) {
            return Some(value);
        }
        let shaped = || {
            let mut shapes = values.iter().rev().filter_map(|value| maker.of_expression(value, (name, 0)));
            let list = matches!(ty, TSType::TSArrayType(_));
            shapes.find(|value| if list { matches!(value, Value::List(_)) } else { matches!(value, Value::Record(_)) })
        };
        maker.is_foreign(ty).then(|| match (shaped(), ty) {
            (Some(value), _) => value,
            (None, TSType::TSArrayType(_)) => Value::List(vec![value::thing()]),
            (None, _) => value::thing(),
        })
    }

    fn by_values(&self, values: &[&Expression<'a>], name: &str) -> Option<Value> {
        let worth =
            values.iter().rev().filter(|value| !matches!(value, Expression::NullLiteral(_)) && !is_undefined(value));
        let mut worth = worth.peekable();
        worth.peek()?;
        worth
            .find_map(|value| self.maker().of_expression(value, (name, 0)))
            .or_else(|| by_name(name))
            .or_else(|| Some(value::thing()))
    }

    /// `Invoice` of `Invoice` and `Invoice | null`.
    fn named_type(&self, ty: &TSType<'a>) -> Option<String> {
        let name = match ty {
            TSType::TSTypeReference(it) => match &it.type_name {
                TSTypeName::IdentifierReference(id) => id.name.as_str(),
                _ => return None,
            },
            TSType::TSUnionType(union) => return union.types.iter().find_map(|ty| self.named_type(ty)),
            _ => return None,
        };
        let loose = ["Partial", "Record", "Array", "ReadonlyArray", "Map", "Set", "Promise", "Pick", "Omit"];
        let record = match self.types.get(name) {
            None => !loose.contains(&name),
            Some(Declared::Members(_)) => true,
            Some(Declared::Alias(ty)) => matches!(ty, TSType::TSTypeLiteral(_) | TSType::TSIntersectionType(_)),
            Some(Declared::Other) => false,
        };
        record.then(|| ty.span().source_text(self.text).to_owned())
    }

    /// The first parameter, where its type is the one that is given back, or neither is known.
    fn same(&self, found: &Found<'a>, ty: Option<&TSType<'a>>, values: &[&Expression<'a>]) -> Option<String> {
        let first = found.params.items.first()?;
        let own = first.type_annotation.as_ref().map(|ty| ty.type_annotation.span().source_text(self.text));
        let given = ty.map(|ty| ty.span().source_text(self.text));
        let fits = match (own, given) {
            (Some(own), Some(given)) => own == given,
            // Where the form of what is given back shows another kind of value, nobody would take it for the work.
            (None, None) => !found.is_async && !values.is_empty() && values.iter().all(|value| is_open(value)),
            _ => false,
        };
        plain(&first.pattern).filter(|_| fits)
    }
}

/// What a promise is of, and whether there is one.
fn promised<'a>(ty: &'a TSType<'a>) -> (Option<&'a TSType<'a>>, bool) {
    if let TSType::TSTypeReference(it) = ty
        && matches!(&it.type_name, TSTypeName::IdentifierReference(id) if id.name == "Promise")
    {
        return (it.type_arguments.as_ref().and_then(|arguments| arguments.params.first()), true);
    }
    (Some(ty), false)
}

fn bound<'a>(declarator: &'a VariableDeclarator<'a>) -> Option<&'a str> {
    match &declarator.id {
        BindingPattern::BindingIdentifier(id) => Some(id.name.as_str()),
        _ => None,
    }
}

fn plain(pattern: &BindingPattern<'_>) -> Option<String> {
    match pattern {
        BindingPattern::BindingIdentifier(id) if !id.name.starts_with('_') => Some(id.name.to_string()),
        _ => None,
    }
}

/// The blanks before a byte on its line.
fn indent(text: &str, at: usize) -> String {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..at].chars().take_while(|c| c.is_whitespace()).collect()
}
