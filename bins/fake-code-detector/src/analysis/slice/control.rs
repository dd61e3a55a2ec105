//! What decides whether a place in a function is reached.
use super::fold::is_loop;
use super::{Level, Slicer, Task};
use crate::model::FunctionId;
use crate::names;
use crate::syntax::*;

impl<'a> Slicer<'_, 'a> {
    /// What decides whether a node is reached, as far as the body of the function.
    pub(super) fn controls(&mut self, node: NodeId, level: Level) {
        let module = self.module;
        let Some(known) = node.index().checked_sub(self.node.index()).and_then(|at| self.controlled.get_mut(at)) else {
            return;
        };
        if known.is_some_and(|known| known >= level) {
            return;
        }
        *known = Some(level);
        let place = module.kind(node).span();
        let test = if level == Level::Size { Level::Live } else { level };
        for (id, kind) in module.around(node) {
            if id <= self.node {
                break;
            }
            self.spend(1);
            match kind {
                AstKind::IfStatement(it) if !it.test.span().contains_inclusive(place) => self.test(id, &it.test, test),
                AstKind::ConditionalExpression(it) if !it.test.span().contains_inclusive(place) => {
                    self.test(id, &it.test, test)
                }
                AstKind::LogicalExpression(it) if it.right.span().contains_inclusive(place) => {
                    self.test(id, &it.left, test)
                }
                AstKind::SwitchCase(it) => self.open.extend(it.test.as_ref().map(|it| Task::Scan(id, it.span(), test))),
                AstKind::SwitchStatement(it) => self.open.push(Task::Scan(id, it.discriminant.span(), test)),
                AstKind::CatchClause(_) => self.caught(id, test),
                AstKind::ForOfStatement(it) if !it.right.span().contains_inclusive(place) => {
                    self.size(id, &it.right, level.min(Level::Size))
                }
                AstKind::ForInStatement(it) if !it.right.span().contains_inclusive(place) => {
                    self.size(id, &it.right, level.min(Level::Size))
                }
                AstKind::ForStatement(it) => self.open.extend(it.test.iter().map(|it| Task::Scan(id, it.span(), test))),
                AstKind::WhileStatement(it) => self.test(id, &it.test, test),
                AstKind::DoWhileStatement(it) => self.test(id, &it.test, test),
                AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => self.run_by(id, level),
                _ => {}
            }
            if is_loop(kind) {
                let inside = kind.span();
                let jumps = self.jumps.iter().filter(|jump| inside.contains_inclusive(module.kind(**jump).span()));
                self.open.extend(jumps.map(|jump| Task::Controls(*jump, level)));
            }
        }
    }

    fn test(&mut self, node: NodeId, test: &'a Expression<'a>, level: Level) {
        if self.known(test).is_none() {
            self.open.push(Task::Scan(node, test.span(), level));
        }
    }

    /// Whether a function inside of this one runs, and how often.
    fn run_by(&mut self, node: NodeId, level: Level) {
        let Some(id) = self.module.function_at(node) else { return };
        let parent = self.module.parent(node);
        if let AstKind::CallExpression(call) = self.module.kind(parent) {
            if let Some(object) = names::object(&call.callee) {
                self.size(parent, object, level.min(Level::Size));
            }
            return;
        }
        let calls: Vec<NodeId> = self.calls_of(id);
        self.open.extend(calls.into_iter().map(|call| Task::Controls(call, level)));
    }

    /// Where a named function inside of this one is called, or handed on.
    pub(super) fn calls_of(&self, id: FunctionId) -> Vec<NodeId> {
        let function = self.module.function(id);
        let symbol = match self.module.kind(function.node) {
            AstKind::Function(it) => it.id.as_ref().and_then(|it| it.symbol_id.get()),
            _ => None,
        };
        let symbol = symbol.or_else(|| match self.module.kind(self.module.parent(function.node)) {
            AstKind::VariableDeclarator(it) => it.id.get_binding_identifier()?.symbol_id.get(),
            _ => None,
        });
        let uses = symbol.into_iter().flat_map(|symbol| self.module.uses(symbol));
        let found: Vec<NodeId> = uses.map(|used| self.module.parent(used.node_id())).collect();
        self.spend(found.len());
        found
    }
}
