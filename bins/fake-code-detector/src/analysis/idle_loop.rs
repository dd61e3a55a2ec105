//! Loops that only change what no answer is made of.
use rustc_hash::FxHashSet;

use crate::analysis::CallKind;
use crate::lexicon;
use crate::model::{FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// How many variables an answer is followed through.
const MOST: usize = 60;

impl<'a> Module<'a> {
    /// A loop of a function that changes nothing outside, from which nothing that the function answers is made.
    pub(crate) fn idle_loop(&self, id: FunctionId) -> Option<Span> {
        let function = self.function(id);
        let mut made_of: Option<FxHashSet<SymbolId>> = None;
        let mut found = None;
        for statement in function.statements() {
            let (node, span) = match statement {
                Statement::ForOfStatement(it) if !it.r#await => (it.node_id.get(), it.span),
                Statement::ForInStatement(it) => (it.node_id.get(), it.span),
                Statement::ForStatement(it) => (it.node_id.get(), it.span),
                Statement::WhileStatement(it) => (it.node_id.get(), it.span),
                _ => continue,
            };
            let answer = made_of.get_or_insert_with(|| self.made_from(id));
            if self.only_computes_in(node, span) && !self.changes_any(node, span, answer) {
                found = Some(span);
                break;
            }
        }
        found
    }

    /// Whether a loop leaves the function nowhere and calls only what computes.
    fn only_computes_in(&self, node: NodeId, span: Span) -> bool {
        self.within(&self.returns, node, span).all(|at| self.function_around(at.node) != self.function_around(node))
            && self.within(&self.throws, node, span).next().is_none()
            && self.within(&self.awaits, node, span).next().is_none()
            && self.within(&self.yields, node, span).next().is_none()
            && self
                .within(&self.calls, node, span)
                .all(|at| matches!(self.call_kind(at.it), CallKind::Pure | CallKind::Change | CallKind::Log))
            && self.within(&self.calls, node, span).next().is_some()
    }

    /// Whether a loop writes to one of these variables.
    fn changes_any(&self, node: NodeId, span: Span, answer: &FxHashSet<SymbolId>) -> bool {
        let hits = |value: &'a Expression<'a>| match names::root(value) {
            Expression::Identifier(name) => self.symbol(name).is_none_or(|symbol| answer.contains(&symbol)),
            _ => true,
        };
        let writes = self.within(&self.writes, node, span).any(|at| match at.it {
            Write::Assign(it) => match &it.left {
                AssignmentTarget::AssignmentTargetIdentifier(name) => {
                    self.symbol(name).is_none_or(|symbol| answer.contains(&symbol))
                }
                other => names::target_object(other).is_none_or(hits),
            },
            Write::Update(it) => match &it.argument {
                SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => {
                    self.symbol(name).is_none_or(|symbol| answer.contains(&symbol))
                }
                _ => true,
            },
        });
        let mut calls = self.within(&self.calls, node, span);
        writes
            || calls.any(|at| {
                let name = names::last(&at.it.callee);
                lexicon::MUTATORS.has(name) && names::object(&at.it.callee).is_none_or(hits)
                    || matches!(name, "assign" | "defineProperty" | "defineProperties" | "setPrototypeOf")
            })
            || self.within(&self.deletes, node, span).next().is_some()
    }

    /// The variables that the answers of a function are made of, through what they are set to.
    fn made_from(&self, id: FunctionId) -> FxHashSet<SymbolId> {
        let mut found = FxHashSet::default();
        let mut open = Vec::new();
        let names_in = |node: NodeId, span: Span, open: &mut Vec<SymbolId>| {
            for index in node.index()..self.function(id).end.index() {
                let node = NodeId::from_usize(index);
                if self.kind(node).span().start >= span.end {
                    break;
                }
                if let AstKind::IdentifierReference(name) = self.kind(node)
                    && let Some(symbol) = self.symbol(name)
                {
                    open.push(symbol);
                }
            }
        };
        // What decides whether a place is reached.
        let deciders = |from: NodeId, open: &mut Vec<SymbolId>| {
            for (node, around) in self.around(from).take_while(|(node, _)| *node > self.function(id).node) {
                match around {
                    AstKind::ForOfStatement(it) => names_in(node, it.right.span(), open),
                    AstKind::ForInStatement(it) => names_in(node, it.right.span(), open),
                    AstKind::IfStatement(it) => names_in(node, it.test.span(), open),
                    AstKind::WhileStatement(it) => names_in(node, it.test.span(), open),
                    AstKind::SwitchStatement(it) => names_in(node, it.discriminant.span(), open),
                    AstKind::ForStatement(it) => {
                        it.test.iter().for_each(|test| names_in(node, test.span(), open));
                    }
                    _ => {}
                }
            }
        };
        for at in self.own(&self.returns, id) {
            names_in(at.node, at.it.span, &mut open);
            deciders(at.node, &mut open);
        }
        while let Some(symbol) = open.pop() {
            if found.len() >= MOST || !found.insert(symbol) {
                continue;
            }
            let node = self.declaration(symbol);
            if let AstKind::VariableDeclarator(it) = self.kind(node) {
                names_in(node, it.span, &mut open);
            }
            for used in self.uses(symbol).take(40) {
                // What it is set to, and what is put into it.
                let statement = self.around(used.node_id()).find(|(_, kind)| kind.is_statement());
                if let Some((node, AstKind::ExpressionStatement(it))) = statement {
                    names_in(node, it.span, &mut open);
                    deciders(node, &mut open);
                }
                let whole = |kind: &AstKind<'a>| {
                    !matches!(
                        kind,
                        AstKind::ArrayExpression(_) | AstKind::ObjectExpression(_) | AstKind::NewExpression(_)
                    )
                };
                let around = self.around(used.node_id()).take(3).map(|(_, kind)| kind);
                let alias = around.take_while(whole).find_map(|kind| match kind {
                    AstKind::VariableDeclarator(it) => Some(it),
                    _ => None,
                });
                open.extend(alias.into_iter().flat_map(|it| it.id.get_symbol_ids()));
            }
        }
        found
    }
}
