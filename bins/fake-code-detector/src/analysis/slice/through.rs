//! What a glance knows of variables that are set, of things that are changed, and of tests that decide.
use super::plain::{DEEPEST, Glance, USES};
use super::whole::answers_one;
use crate::analysis::CallKind;
use crate::lexicon;
use crate::model::Write;
use crate::names;
use crate::syntax::*;

/// Calls, returns and throws that are looked at below one test.
const MOST: usize = 20;

/// What a test decides.
pub(super) enum Decided {
    /// Whether there is an outcome.
    Out,
    /// What a function inside of this one answers: its node.
    Answers(NodeId),
    /// Nothing that is known.
    Nothing,
}

impl<'a> Glance<'_, 'a> {
    /// What a test decides that a use is part of, where it is not known which way it goes.
    pub(super) fn tested(&self, node: NodeId, kind: AstKind<'a>, part: Span) -> Decided {
        let (whole, test, is_open) = match kind {
            AstKind::IfStatement(it) => (it.span, it.test.span(), !self.may_be_known(&it.test, 0)),
            AstKind::SwitchStatement(it) => (it.span, it.discriminant.span(), true),
            _ => return Decided::Nothing,
        };
        let is_open = is_open && test.contains_inclusive(part);
        if is_open { self.decided(node, whole, test.end) } else { Decided::Nothing }
    }

    fn decided(&self, node: NodeId, whole: Span, end: u32) -> Decided {
        let module = self.module;
        let mut calls = module.within(&module.calls, node, whole).take(MOST).filter(|at| at.it.span.start >= end);
        let reached = calls.any(|at| match module.call_kind(at.it) {
            CallKind::Effect => true,
            CallKind::Log | CallKind::Timer => self.reach.any,
            _ => false,
        });
        let mut throws = module.within(&module.throws, node, whole).take(MOST);
        if reached || self.reach.any && throws.any(|at| at.it.span.start >= end) {
            return Decided::Out;
        }
        let home = module.function_around(node);
        let empty = |value: Option<&Expression<'a>>| value.map(Expression::get_inner_expression).is_none_or(is_nothing);
        let mut returns = module.within(&module.returns, node, whole).take(MOST);
        let leaves = returns.any(|at| {
            let told = self.reach.any || !empty(at.it.value);
            at.function == home && at.it.span.start >= end && told
        });
        match home.filter(|id| leaves && !answers_one(module, *id)) {
            Some(id) if id == self.id => Decided::Out,
            Some(id) => Decided::Answers(module.function(id).node),
            None => Decided::Nothing,
        }
    }

    /// Whether what stands in an assignment is an outcome, or put into something that is one.
    pub(super) fn is_put(&self, node: NodeId, it: &'a AssignmentExpression<'a>, (part, depth): (Span, usize)) -> bool {
        if self.module.write_kind(self.id, Write::Assign(it)).is_some() {
            return true;
        }
        if depth >= DEEPEST || !it.right.span().contains_inclusive(part) {
            return false;
        }
        match &it.left {
            AssignmentTarget::AssignmentTargetIdentifier(name) => {
                self.module.symbol(name).is_some_and(|symbol| self.is_seen(symbol, (node, it.span), depth))
            }
            left => names::target_object(left).is_some_and(|object| self.is_held(object, node, depth)),
        }
    }

    /// Whether something is a part of what a live variable of the function holds: a change of it is one of that.
    pub(super) fn is_held(&self, object: &'a Expression<'a>, node: NodeId, depth: usize) -> bool {
        let Expression::Identifier(name) = names::root(object) else { return false };
        let Some(symbol) = self.module.symbol(name) else { return false };
        let home = self.module.declaration(symbol);
        let declared = matches!(self.module.kind(home), AstKind::VariableDeclarator(it) if it.init.is_some());
        depth < DEEPEST
            && declared
            && home > self.node
            && home < node
            && self.is_settled(symbol)
            && self.is_live(symbol, depth + 1)
    }

    /// Whether a variable is read behind an assignment, with nothing else put into it in between, and is live there.
    fn is_seen(&self, symbol: SymbolId, (node, span): (NodeId, Span), depth: usize) -> bool {
        let module = self.module;
        let home = module.declaration(symbol);
        let many = module.uses(symbol).nth(USES).is_some();
        if many
            || home <= self.node
            || home >= node
            || !module.semantic.scoping().symbol_redeclarations(symbol).is_empty()
        {
            return false;
        }
        let behind = |it: &Reference| module.kind(it.node_id()).span().start >= span.end;
        let next = module.uses(symbol).filter(|it| it.is_write() && behind(it)).map(Reference::node_id).min();
        module.uses(symbol).any(|it| {
            let read = it.node_id();
            let first = next.is_none_or(|next| read < next);
            it.is_read()
                && behind(it)
                && first
                && read < self.end
                && module.function_around(read) == module.function_around(node)
                && self.may_go_on()
                && self.goes_out(read, depth + 1)
        })
    }

    /// Whether a call stands for itself, and is an outcome by that: what a method does that is called for its own sake nobody knows.
    pub(super) fn runs_for_itself(&self, (node, call): (NodeId, &'a CallExpression<'a>)) -> bool {
        let global =
            || matches!(names::root(&call.callee), Expression::Identifier(name) if self.module.symbol(name).is_none());
        self.is_statement(node) && !lexicon::MUTATORS.has(names::last(&call.callee)) && (self.reach.any || !global())
    }

    /// Whether an expression is a statement.
    pub(super) fn is_statement(&self, node: NodeId) -> bool {
        matches!(self.module.kind(self.module.parent(node)), AstKind::ExpressionStatement(_))
    }
}

fn is_nothing(value: &Expression<'_>) -> bool {
    value.is_null_or_undefined() || matches!(value, Expression::ArrayExpression(it) if it.elements.is_empty())
}
