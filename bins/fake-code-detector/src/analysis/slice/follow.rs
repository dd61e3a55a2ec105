//! From what counts back to what it is made of.
use super::definition::How;
use super::whole::answers_one;
use super::{Level, Slicer, Task};
use crate::analysis::CallKind;
use crate::model::{FunctionId, Role};
use crate::names;
use crate::syntax::*;

impl<'a> Slicer<'_, 'a> {
    pub(super) fn follow(&mut self, task: Task) {
        match task {
            Task::Scan(node, span, level) => self.scan(node, span, level),
            Task::Answers(id, level) => {
                if self.answered.get(&id).is_none_or(|known| *known < level) {
                    self.answered.insert(id, level);
                    self.answers(id, level);
                }
            }
            Task::Controls(node, level) => self.controls(node, level),
        }
    }

    /// Counts what has been looked at.
    pub(super) fn spend(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(u32::try_from(steps).unwrap_or(u32::MAX)));
    }

    /// The values that a function gives back, and what decides between them.
    pub(super) fn answers(&mut self, id: FunctionId, level: Level) {
        let module = self.module;
        // What decides between one and the same answer decides nothing.
        let same = answers_one(module, id);
        for at in module.own(&module.returns, id) {
            let empty = at.it.value.is_none_or(|value| {
                let value = value.get_inner_expression();
                value.is_null_or_undefined()
                    || matches!(value, Expression::ArrayExpression(it) if it.elements.is_empty())
            });
            let level = if empty { level.min(Level::Guard) } else { level };
            if let Some(value) = at.it.value {
                self.open.push(Task::Scan(at.node, value.span(), level));
            }
            if !same {
                self.open.push(Task::Controls(at.node, level));
            }
        }
    }

    /// Follows all names of an expression, but for what is known to make no difference.
    fn scan(&mut self, from: NodeId, span: Span, level: Level) {
        if level == Level::Dead {
            return;
        }
        let mut skip = 0;
        for index in from.index()..self.end.index() {
            self.spend(1);
            let node = NodeId::from_usize(index);
            let kind = self.module.kind(node);
            let at = kind.span();
            if at.start >= span.end {
                break;
            }
            if at.start < skip || !span.contains_inclusive(at) {
                continue;
            }
            if self.part(node, kind, level) {
                skip = at.end;
            }
        }
    }

    /// Follows one node; true where everything inside of it is dealt with.
    fn part(&mut self, node: NodeId, kind: AstKind<'a>, level: Level) -> bool {
        match kind {
            AstKind::IdentifierReference(name) => {
                self.read(node, name, level);
                true
            }
            AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => match self.module.function_at(node) {
                Some(id) if id != self.id => {
                    self.open.push(Task::Answers(id, level));
                    for item in &self.module.function(id).params.items {
                        self.open.push(Task::Scan(node, item.span, level));
                    }
                    true
                }
                _ => false,
            },
            AstKind::UnaryExpression(it) => match it.operator {
                // `void send(x)` lets it run; `void x` is nothing.
                UnaryOperator::Void => matches!(it.argument.get_inner_expression(), Expression::Identifier(_)),
                UnaryOperator::Typeof => self.scan_size(node, &it.argument, level),
                _ => false,
            },
            AstKind::BinaryExpression(it) => self.is_decided(it),
            AstKind::LogicalExpression(it) => self.logical(node, it, level),
            AstKind::ConditionalExpression(it) => {
                let arms = (it.consequent.span(), it.alternate.span());
                let taken = match self.known(&it.test) {
                    _ if self.same(arms.0, arms.1) => arms.0,
                    Some(true) => arms.0,
                    Some(false) => arms.1,
                    None => return false,
                };
                self.open.push(Task::Scan(node, taken, level));
                true
            }
            AstKind::StaticMemberExpression(it) => {
                matches!(it.property.name.as_str(), "length" | "size" | "byteLength")
                    && matches!(it.object.get_inner_expression(), Expression::Identifier(_))
                    && self.scan_size(node, &it.object, level)
            }
            AstKind::ObjectExpression(it) => self.overridden(node, it, level),
            AstKind::CallExpression(call) => self.call(node, call, level),
            AstKind::AssignmentExpression(it) if it.operator == AssignmentOperator::Assign => {
                // As a value it is what stands on the right.
                self.open.push(Task::Scan(node, it.right.span(), level));
                self.open.push(Task::Scan(node, it.left.span(), level));
                true
            }
            _ => false,
        }
    }

    fn logical(&mut self, node: NodeId, it: &'a LogicalExpression<'a>, level: Level) -> bool {
        let (left, right) = (it.left.span(), it.right.span());
        let taken = match (it.operator, self.known(&it.left)) {
            (LogicalOperator::And, Some(true)) | (LogicalOperator::Or, Some(false)) => right,
            (LogicalOperator::And, Some(false)) | (LogicalOperator::Or, Some(true)) => left,
            (LogicalOperator::Coalesce | LogicalOperator::Or, _) if self.is_unset(node, &it.left) => right,
            _ => return false,
        };
        self.open.push(Task::Scan(node, taken, level));
        true
    }

    fn is_unset(&self, node: NodeId, value: &'a Expression<'a>) -> bool {
        matches!(value.get_inner_expression(), Expression::CallExpression(call) if matches!(names::last(&call.callee), "get" | "find" | "pop" | "shift") && self.asks_empty(node, call))
    }

    fn call(&mut self, node: NodeId, call: &'a CallExpression<'a>, level: Level) -> bool {
        match self.module.call_kind(call) {
            CallKind::Log | CallKind::Timer => true,
            // It is followed from where it stands.
            CallKind::Effect if level > Level::Guard => true,
            CallKind::Local(_) => {
                self.open_parts(node, call, level);
                true
            }
            _ => self.asks_empty(node, call),
        }
    }

    /// Only how much of a value there is.
    fn scan_size(&mut self, node: NodeId, value: &'a Expression<'a>, level: Level) -> bool {
        self.size(node, value, level.min(Level::Size));
        true
    }

    pub(super) fn size(&mut self, node: NodeId, value: &'a Expression<'a>, level: Level) {
        match value.get_inner_expression() {
            Expression::ArrayExpression(it) => {
                for element in &it.elements {
                    if let ArrayExpressionElement::SpreadElement(spread) = element {
                        self.size(node, &spread.argument, level);
                    }
                }
            }
            Expression::CallExpression(call)
                if matches!(
                    names::last(&call.callee),
                    "map" | "sort" | "reverse" | "toSorted" | "toReversed" | "entries" | "values"
                ) && self.module.call_kind(call) == CallKind::Pure =>
            {
                if let Some(object) = names::object(&call.callee) {
                    self.size(node, object, level);
                }
            }
            Expression::CallExpression(call) if self.size_of_call(node, call, level) => {}
            Expression::AwaitExpression(it) => self.size(node, &it.argument, level),
            Expression::Identifier(name) => self.read(name.node_id.get(), name, level),
            // How much there is depends on all of it.
            other => {
                self.open.push(Task::Scan(node, other.span(), if level == Level::Size { Level::Live } else { level }))
            }
        }
    }

    /// A name that counts: what it holds counts.
    fn read(&mut self, node: NodeId, name: &'a IdentifierReference<'a>, level: Level) {
        let scoping = self.module.semantic.scoping();
        let Some(reference) = name.reference_id.get().map(|id| scoping.get_reference(id)) else { return };
        let Some(symbol) = reference.symbol_id().filter(|_| reference.is_read()) else { return };
        let Some(known) = node.index().checked_sub(self.node.index()).and_then(|at| self.reads.get_mut(at)) else {
            return;
        };
        if *known >= level {
            return;
        }
        *known = level;
        self.note(symbol, level);
        let home = self.module.declaration(symbol);
        if home <= self.node || home >= self.end {
            return;
        }
        self.spend(4);
        match self.module.kind(home) {
            AstKind::Function(_) => self.open.extend(self.module.function_at(home).map(|id| Task::Answers(id, level))),
            AstKind::FormalParameter(_) | AstKind::FormalParameterRest(_) => self.given(home, level),
            AstKind::CatchParameter(_) | AstKind::CatchClause(_) => self.caught(home, level),
            _ => {}
        }
        self.definitions_of(symbol, node, level);
    }

    fn note(&mut self, symbol: SymbolId, level: Level) {
        let known = self.slice.levels.entry(symbol).or_default();
        *known = level.max(*known);
    }

    /// What a parameter of a function inside of this one is given.
    fn given(&mut self, home: NodeId, level: Level) {
        let Some(id) = self.module.function_around(home).filter(|id| *id != self.id) else { return };
        let function = self.module.function(id);
        let parent = self.module.parent(function.node);
        if function.role == Role::Callback
            && let AstKind::CallExpression(call) = self.module.kind(parent)
        {
            self.open.push(Task::Scan(parent, call.callee.span(), level));
            for argument in &call.arguments {
                if !matches!(argument, Argument::ArrowFunctionExpression(_) | Argument::FunctionExpression(_)) {
                    self.open.push(Task::Scan(parent, argument.span(), level));
                }
            }
            return;
        }
        for node in self.calls_of(id) {
            if let AstKind::CallExpression(call) = self.module.kind(node) {
                self.open.extend(call.arguments.iter().map(|it| Task::Scan(node, it.span(), level)));
            }
        }
    }

    /// What a `catch` is given comes from what is tried.
    pub(super) fn caught(&mut self, home: NodeId, level: Level) {
        let tried = self.module.around(home).find_map(|(node, kind)| match kind {
            AstKind::TryStatement(it) => Some((node, it.block.span)),
            _ => None,
        });
        self.open.extend(tried.map(|(node, span)| Task::Scan(node, span, level)));
    }

    /// What is given to a variable in one place, and what decides that it is.
    pub(super) fn define_at(&mut self, index: usize, level: Level) {
        let it = &mut self.slice.definitions[index];
        if it.level >= level {
            return;
        }
        it.level = level;
        let (node, how, value, name) = (it.node, it.how, it.value, it.name);
        let parts = it.parts.clone();
        self.open.push(Task::Controls(node, level));
        if level == Level::Size {
            match how {
                How::Set => value.into_iter().for_each(|value| self.size(node, value, level)),
                How::Turn => {}
                How::Add => self.open.extend(value.map(|it| Task::Scan(node, it.span(), Level::Live))),
                How::Change if matches!(name, "push" | "unshift") => {}
                How::Change => {
                    self.open.extend(parts.into_iter().take(1).map(|part| Task::Scan(node, part, Level::Live)));
                }
            }
            return;
        }
        self.open.extend(value.map(|it| Task::Scan(node, it.span(), level)));
        self.open.extend(parts.into_iter().map(|part| Task::Scan(node, part, level)));
        if let AstKind::VariableDeclarator(it) = self.module.kind(node) {
            // Defaults of a pattern.
            self.open.push(Task::Scan(node, it.id.span(), level));
        }
    }
}
