//! What the statements and calls of one function do: read, ask, write, answer.
use std::ops::Range;

use oxc_ast::AstKind;
use oxc_ast::ast::*;
use oxc_semantic::{NodeId, Semantic, SymbolId};
use oxc_span::{GetSpan as _, Span};

use crate::expressions::{
    EFFECTS, QUERIES, called, is_exit, is_literal, is_log, is_order, is_question, is_verb, last, root,
};
use crate::subject::{Outside, Place, Shape, range};

/// Methods that only compute.
const PURE: &str = include_str!("../../src/lexicon/pure_methods.txt");

/// Globals whose calls only compute.
const GLOBALS: [&str; 19] = [
    "Math",
    "JSON",
    "Object",
    "Number",
    "String",
    "Boolean",
    "Array",
    "Date",
    "Intl",
    "BigInt",
    "Symbol",
    "parseInt",
    "parseFloat",
    "isNaN",
    "encodeURIComponent",
    "decodeURIComponent",
    "structuredClone",
    "Buffer",
    "Error",
];
/// What changes a collection.
const CHANGES: [&str; 11] =
    ["push", "unshift", "pop", "shift", "set", "add", "delete", "sort", "reverse", "splice", "append"];
/// Classes whose making changes nothing.
const VALUES: [&str; 15] = [
    "Map",
    "Set",
    "Date",
    "Error",
    "TypeError",
    "RangeError",
    "URL",
    "URLSearchParams",
    "RegExp",
    "Array",
    "WeakMap",
    "Uint8Array",
    "TextEncoder",
    "TextDecoder",
    "AbortController",
];

/// One function and its nodes.
pub(crate) struct Reader<'s, 'a> {
    semantic: &'s Semantic<'a>,
    text: &'a str,
    function: NodeId,
    params: Span,
    body: Span,
    /// The nodes of its body.
    nodes: Range<usize>,
}

impl<'s, 'a> Reader<'s, 'a> {
    pub(crate) fn new(
        (semantic, text): (&'s Semantic<'a>, &'a str),
        (function, params, body): (NodeId, &FormalParameters<'a>, &FunctionBody<'a>),
    ) -> Self {
        let nodes = semantic.nodes();
        let is_in = |index: usize| within(body.span, nodes.kind(NodeId::from_usize(index)).span());
        let all = function.index() + 1..nodes.len();
        // Nodes stand in the order of the text.
        let first = all.clone().find(|index| is_in(*index)).unwrap_or(nodes.len());
        let end = (first..nodes.len()).find(|index| !is_in(*index)).unwrap_or(nodes.len());
        Self { semantic, text, function, params: params.span, body: body.span, nodes: first..end }
    }

    fn kinds(&self, span: Span) -> impl Iterator<Item = (NodeId, AstKind<'a>)> {
        let nodes = self.semantic.nodes();
        let all = self.nodes.clone().map(NodeId::from_usize).map(move |id| (id, nodes.kind(id)));
        all.filter(move |(_, kind)| within(span, kind.span()))
    }

    /// The byte of the first statement.
    pub(crate) fn first_byte(&self, body: &FunctionBody<'a>) -> usize {
        body.statements.first().map_or(body.span.start, |it| it.span().start) as usize
    }

    /// The returns of the function itself.
    pub(crate) fn returns(&self) -> Vec<&'a ReturnStatement<'a>> {
        let own = self.kinds(self.body).filter_map(|(id, kind)| match kind {
            AstKind::ReturnStatement(it) if self.is_own(id) => Some(it),
            _ => None,
        });
        own.collect()
    }

    pub(crate) fn has_jsx(&self) -> bool {
        self.kinds(self.body).any(|(_, kind)| matches!(kind, AstKind::JSXElement(_) | AstKind::JSXFragment(_)))
    }

    /// Whether no other function is between.
    fn is_own(&self, node: NodeId) -> bool {
        let around = self.semantic.nodes().ancestors_enumerated(node).find_map(|(id, node)| {
            matches!(node.kind(), AstKind::Function(_) | AstKind::ArrowFunctionExpression(_)).then_some(id)
        });
        around == Some(self.function)
    }

    pub(crate) fn statement(&self, statement: &'a Statement<'a>) -> crate::subject::Statement {
        let span = statement.span();
        crate::subject::Statement {
            span: range(span),
            shape: self.shape(statement),
            reads: self.kinds(span).any(|(_, kind)| match kind {
                AstKind::ThisExpression(_) => true,
                AstKind::IdentifierReference(id) => {
                    self.symbol(id).is_some_and(|it| within(self.params, self.declared(it)))
                }
                _ => false,
            }),
            leans: self.kinds(span).any(|(_, kind)| match kind {
                AstKind::IdentifierReference(id) => {
                    let declared = self.symbol(id).map(|symbol| self.declared(symbol));
                    declared.is_some_and(|it| within(self.body, it) && !within(span, it))
                }
                _ => false,
            }),
            acts: self.kinds(span).any(|(id, kind)| self.acts(id, kind)),
            answers: self.kinds(span).any(|(id, kind)| match kind {
                AstKind::ReturnStatement(it) => {
                    self.is_own(id) && it.argument.as_ref().is_some_and(|it| !is_literal(it))
                }
                _ => false,
            }),
        }
    }

    fn shape(&self, statement: &'a Statement<'a>) -> Shape {
        match statement {
            Statement::ReturnStatement(it) if it.argument.is_some() => Shape::Return,
            Statement::ExpressionStatement(it) => match called(&it.expression) {
                Some(call) if is_log(call) => Shape::Log,
                _ => Shape::Other,
            },
            Statement::IfStatement(it) if it.alternate.is_none() && is_exit(&it.consequent) => {
                let asks = self.kinds(it.test.span()).any(|(id, kind)| self.acts(id, kind));
                if asks { Shape::Other } else { Shape::Guard }
            }
            Statement::VariableDeclaration(it) if it.declarations.len() == 1 => {
                let init = it.declarations.first().and_then(|it| it.init.as_ref());
                match init.map(Expression::get_inner_expression) {
                    Some(Expression::AwaitExpression(awaited)) if is_question(&awaited.argument) => {
                        Shape::Ask(range(awaited.span))
                    }
                    _ => Shape::Other,
                }
            }
            _ => Shape::Other,
        }
    }

    /// Whether a node asks or changes something outside of the function.
    fn acts(&self, id: NodeId, kind: AstKind<'a>) -> bool {
        match kind {
            AstKind::AwaitExpression(_) | AstKind::YieldExpression(_) | AstKind::ImportExpression(_) => true,
            AstKind::TaggedTemplateExpression(_) => true,
            AstKind::CallExpression(call) => self.reaches(id, call),
            AstKind::NewExpression(new) => self.makes(id, new),
            _ => self.changes(kind),
        }
    }

    /// Whether something is made that is neither a plain value nor an error to throw.
    fn makes(&self, id: NodeId, new: &NewExpression<'a>) -> bool {
        let thrown = matches!(self.semantic.nodes().parent_kind(id), AstKind::ThrowStatement(_));
        !thrown && !VALUES.contains(&last(&new.callee))
    }

    /// Whether a node writes what was not declared in the body.
    fn changes(&self, kind: AstKind<'a>) -> bool {
        let target = match kind {
            AstKind::AssignmentExpression(it) => it.left.span(),
            AstKind::UpdateExpression(it) => it.argument.span(),
            AstKind::UnaryExpression(it) if it.operator.as_str() == "delete" => it.argument.span(),
            _ => return false,
        };
        // The first name of the target is what it is a part of.
        let first = self.kinds(target).find_map(|(_, kind)| match kind {
            AstKind::IdentifierReference(id) => {
                Some(self.symbol(id).is_some_and(|it| within(self.body, self.declared(it))))
            }
            AstKind::ThisExpression(_) => Some(false),
            _ => None,
        });
        first != Some(true)
    }

    pub(crate) fn writes(&self) -> bool {
        self.kinds(self.body).any(|(_, kind)| self.changes(kind))
    }

    /// Whether a call does more than compute, as far as names tell.
    fn reaches(&self, id: NodeId, call: &'a CallExpression<'a>) -> bool {
        if is_log(call) {
            return false;
        }
        let name = last(&call.callee);
        let awaited = matches!(self.semantic.nodes().parent_kind(id), AstKind::AwaitExpression(_));
        let root = root(&call.callee);
        let own = matches!(root, Expression::Identifier(id) if self.is_local(id));
        let computed = !matches!(root, Expression::Identifier(_) | Expression::ThisExpression(_));
        match call.callee.get_inner_expression() {
            _ if awaited => true,
            Expression::Identifier(it) => !GLOBALS.contains(&it.name.as_str()) && is_verb(name, &[EFFECTS, QUERIES]),
            _ if matches!(root, Expression::Identifier(it) if GLOBALS.contains(&it.name.as_str())) => false,
            _ if CHANGES.contains(&name) => !own,
            _ if PURE.split_whitespace().any(|pure| pure == name) => false,
            _ if own || computed => is_verb(name, &[EFFECTS]),
            _ => true,
        }
    }

    /// Calls that may do anything: what they are called on was not made here, and no list says that they only compute.
    pub(crate) fn foreign(&self) -> Vec<Range<usize>> {
        let calls = self.kinds(self.body).filter_map(|(_, kind)| match kind {
            AstKind::CallExpression(call) if !is_log(call) => Some(call),
            _ => None,
        });
        let foreign = calls.filter(|call| {
            let pure = PURE.split_whitespace().any(|pure| pure == last(&call.callee));
            let bare = matches!(call.callee.get_inner_expression(), Expression::Identifier(_));
            let root = match root(&call.callee) {
                Expression::ThisExpression(_) => true,
                Expression::Identifier(id) => !GLOBALS.contains(&id.name.as_str()) && !self.is_local(id),
                _ => false,
            };
            root && (bare || !pure)
        });
        foreign.map(|call| range(call.span)).collect()
    }

    fn is_local(&self, id: &IdentifierReference<'a>) -> bool {
        self.symbol(id).is_some_and(|symbol| within(self.body, self.declared(symbol)))
    }

    pub(crate) fn outside(&self) -> Vec<Outside> {
        let calls = self.kinds(self.body).filter_map(|(id, kind)| match kind {
            AstKind::CallExpression(call) if self.reaches(id, call) => Some(self.outer(id, call)),
            AstKind::NewExpression(new) if self.makes(id, new) => {
                Some(Outside { span: range(new.span), collaborator: false, order: false, place: Place::Elsewhere })
            }
            AstKind::TaggedTemplateExpression(it) => {
                Some(Outside { span: range(it.span), collaborator: false, order: false, place: Place::Elsewhere })
            }
            _ => None,
        });
        calls.collect()
    }

    fn outer(&self, id: NodeId, call: &'a CallExpression<'a>) -> Outside {
        let nodes = self.semantic.nodes();
        let (around, span) = match nodes.parent_kind(id) {
            AstKind::AwaitExpression(it) => (nodes.parent_kind(nodes.parent_id(id)), it.span),
            parent => (parent, call.span),
        };
        let place = match around {
            AstKind::ExpressionStatement(_) => Place::Dropped,
            AstKind::ReturnStatement(_) => Place::Returned,
            AstKind::VariableDeclarator(it) if matches!(it.id, BindingPattern::BindingIdentifier(_)) => Place::Bound,
            _ => Place::Elsewhere,
        };
        let collaborator = match root(&call.callee) {
            // `this.mail.send`, not `this.send`.
            Expression::ThisExpression(_) => call.callee.span().source_text(self.text).matches('.').count() >= 2,
            Expression::Identifier(id) => self.symbol(id).is_some_and(|it| {
                let declared = self.semantic.scoping().symbol_declaration(it);
                let mut around = std::iter::once(nodes.kind(declared)).chain(nodes.ancestor_kinds(declared));
                around.any(|kind| matches!(kind, AstKind::ImportDeclaration(_)))
            }),
            _ => false,
        };
        let order = is_order(last(&call.callee));
        Outside { span: range(span), order, collaborator: collaborator && self.is_own(id), place }
    }

    fn symbol(&self, id: &IdentifierReference<'a>) -> Option<SymbolId> {
        self.semantic.scoping().get_reference(id.reference_id.get()?).symbol_id()
    }

    fn declared(&self, symbol: SymbolId) -> Span {
        self.semantic.scoping().symbol_span(symbol)
    }
}

fn within(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
