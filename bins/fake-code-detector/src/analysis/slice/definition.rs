//! Where variables get what they hold.
use super::{Level, Slicer};
use crate::lexicon;
use crate::model::Write;
use crate::names;
use crate::syntax::*;

/// How a variable gets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Declared, or set anew: what it held before is gone.
    Set,
    /// In the head of a loop.
    Turn,
    /// `x += y`, `x++`, `x ??= y`: made of what it held.
    Add,
    /// Part of what it holds is changed: `x.y = z`, `x.push(z)`.
    Change,
}

/// One place where a variable gets a value.
pub(super) struct Definition<'a> {
    /// The declarator, assignment or call.
    pub(super) node: NodeId,
    pub(super) span: Span,
    pub(super) how: How,
    /// The value; several where a call puts more than one thing in.
    pub(super) value: Option<&'a Expression<'a>>,
    /// What else decides what is changed: keys, and arguments of a call.
    pub(super) parts: Vec<Span>,
    /// `push` of `x.push(y)`, `y` of `x.y = z`; empty otherwise.
    pub(super) name: &'a str,
    /// What it serves.
    pub(super) level: Level,
}

impl<'a> Slicer<'_, 'a> {
    /// Finds all definitions, aliases and jumps in one pass over the nodes of the function.
    pub(super) fn collect(&mut self) {
        for index in self.node.index()..self.end.index() {
            let node = NodeId::from_usize(index);
            match self.module.kind(node) {
                AstKind::VariableDeclarator(it) => self.declared(node, it),
                AstKind::BreakStatement(_) | AstKind::ContinueStatement(_) => self.jumps.push(node),
                AstKind::AssignmentExpression(it) => self.written(node, Write::Assign(it)),
                AstKind::UpdateExpression(it) => self.written(node, Write::Update(it)),
                AstKind::CallExpression(it) => self.called(node, it),
                _ => {}
            }
        }
    }

    fn declared(&mut self, node: NodeId, it: &'a VariableDeclarator<'a>) {
        let head = match self.module.kind(self.module.parent(self.module.parent(node))) {
            AstKind::ForOfStatement(head) => Some(&head.right),
            AstKind::ForInStatement(head) => Some(&head.right),
            _ => None,
        };
        let (how, value) = match (head, &it.init) {
            (Some(right), _) => (How::Turn, Some(right)),
            (None, Some(init)) => (How::Set, Some(init)),
            (None, None) => return,
        };
        for symbol in it.id.get_symbol_ids() {
            self.define(
                symbol,
                Definition { node, span: it.span, how, value, parts: Vec::new(), name: "", level: Level::Dead },
            );
            if let Some(value) = value {
                self.alias(symbol, value);
            }
        }
    }

    fn written(&mut self, node: NodeId, write: Write<'a>) {
        let span = self.module.kind(node).span();
        let definition =
            |how, value, name| Definition { node, span, how, value, parts: Vec::new(), name, level: Level::Dead };
        match write {
            Write::Assign(it) => match &it.left {
                AssignmentTarget::AssignmentTargetIdentifier(name) => {
                    let how = if it.operator == AssignmentOperator::Assign { How::Set } else { How::Add };
                    if let Some(symbol) = self.module.symbol(name) {
                        self.define(symbol, definition(how, Some(&it.right), ""));
                        self.alias(symbol, &it.right);
                    }
                }
                left => match names::target_object(left) {
                    Some(object) => {
                        let mut change = definition(How::Change, Some(&it.right), names::target(left).1);
                        change.parts.push(Span::new(object.span().end, left.span().end));
                        self.change(object, change);
                    }
                    // `[a, b] = [b, a]`
                    None => self.pattern(node, left.span(), &it.right),
                },
            },
            Write::Update(it) => match &it.argument {
                SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => {
                    if let Some(symbol) = self.module.symbol(name) {
                        self.define(symbol, definition(How::Add, None, ""));
                    }
                }
                SimpleAssignmentTarget::StaticMemberExpression(member) => {
                    self.change(&member.object, definition(How::Change, None, member.property.name.as_str()));
                }
                SimpleAssignmentTarget::ComputedMemberExpression(member) => {
                    let mut change = definition(How::Change, None, "");
                    change.parts.push(member.expression.span());
                    self.change(&member.object, change);
                }
                SimpleAssignmentTarget::PrivateFieldExpression(member) => {
                    self.change(&member.object, definition(How::Change, None, member.field.name.as_str()));
                }
                _ => {}
            },
        }
    }

    /// Every variable that a pattern on the left of an assignment names.
    fn pattern(&mut self, node: NodeId, left: Span, right: &'a Expression<'a>) {
        for index in node.index()..self.end.index() {
            let inner = NodeId::from_usize(index);
            let kind = self.module.kind(inner);
            if kind.span().start >= left.end {
                break;
            }
            if let AstKind::IdentifierReference(name) = kind
                && let Some(symbol) = self.module.symbol(name)
            {
                let span = self.module.kind(node).span();
                let value = Some(right);
                self.define(
                    symbol,
                    Definition { node, span, how: How::Add, value, parts: Vec::new(), name: "", level: Level::Dead },
                );
                self.alias(symbol, right);
            }
        }
    }

    /// A call on a variable may change it, and so may `Object.assign(x, y)`.
    fn called(&mut self, node: NodeId, call: &'a CallExpression<'a>) {
        let name = names::last(&call.callee);
        let Some(object) = names::object(&call.callee) else { return };
        let parts: Vec<Span> = call.arguments.iter().map(GetSpan::span).collect();
        let change =
            Definition { node, span: call.span, how: How::Change, value: None, parts, name, level: Level::Dead };
        let fills = matches!(name, "assign" | "defineProperty" | "defineProperties" | "setPrototypeOf" | "set");
        if fills && (object.is_specific_id("Object") || object.is_specific_id("Reflect")) {
            if let Some(target) = call.arguments.first().and_then(Argument::as_expression) {
                self.change(target, change);
            }
        } else if lexicon::MUTATORS.has(name) || !lexicon::PURE_METHODS.has(name) {
            self.change(object, change);
        }
    }

    fn change(&mut self, object: &'a Expression<'a>, change: Definition<'a>) {
        if let Expression::Identifier(name) = names::root(object)
            && let Some(symbol) = self.module.symbol(name)
        {
            self.define(symbol, change);
        }
    }

    fn define(&mut self, symbol: SymbolId, definition: Definition<'a>) {
        // What is not the function's own is seen by others anyway.
        if !self.is_local(symbol) {
            return;
        }
        self.homes.push(self.module.function_around(definition.node));
        self.slice.defined.entry(symbol).or_default().push(self.slice.definitions.len());
        self.slice.definitions.push(definition);
    }

    /// What is made of a variable may share what it holds: whoever changes the one changes the other.
    fn alias(&mut self, symbol: SymbolId, value: &'a Expression<'a>) {
        let root = |value: &'a Expression<'a>| match names::root(value) {
            Expression::Identifier(name) => self.module.symbol(name),
            _ => None,
        };
        let mut found: Vec<SymbolId> = Vec::new();
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value.get_inner_expression() {
                Expression::LogicalExpression(it) => open.extend([&it.left, &it.right]),
                Expression::ConditionalExpression(it) => open.extend([&it.consequent, &it.alternate]),
                Expression::AwaitExpression(it) => open.push(&it.argument),
                Expression::AssignmentExpression(it) => open.push(&it.right),
                Expression::ArrayExpression(it) => {
                    open.extend(it.elements.iter().filter_map(ArrayExpressionElement::as_expression));
                }
                Expression::CallExpression(call) => {
                    found.extend(root(&call.callee));
                    open.extend(call.arguments.iter().filter_map(Argument::as_expression));
                }
                other => found.extend(root(other)),
            }
        }
        for whole in found.into_iter().filter(|whole| *whole != symbol) {
            self.aliases.entry(whole).or_default().push(symbol);
        }
    }
}
