//! From what counts back to what it is made of.
use super::definition::How;
use super::fold::is_loop;
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

    /// The values that a function gives back, and what decides between them.
    pub(super) fn answers(&mut self, id: FunctionId, level: Level) {
        let module = self.module;
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
            self.open.push(Task::Controls(at.node, level));
        }
    }

    /// Follows all names of an expression, but for what is known to make no difference.
    fn scan(&mut self, from: NodeId, span: Span, level: Level) {
        if level == Level::Dead {
            return;
        }
        let mut skip = 0;
        for index in from.index()..self.end.index() {
            let node = NodeId::from_usize(index);
            let kind = self.module.kind(node);
            let at = kind.span();
            if at.start >= span.end {
                break;
            }
            if at.start < skip || !span.contains_inclusive(at) {
                continue;
            }
            self.steps.set(self.steps.get() + 1);
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

    fn size(&mut self, node: NodeId, value: &'a Expression<'a>, level: Level) {
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
        if self.reads.get(&node).is_some_and(|known| *known >= level) {
            return;
        }
        self.reads.insert(node, level);
        self.note(symbol, level);
        let home = self.module.declaration(symbol);
        if home <= self.node || home >= self.end {
            return;
        }
        self.steps.set(self.steps.get() + 4);
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

    /// Where a named function inside of this one is called, or handed on.
    fn calls_of(&self, id: FunctionId) -> Vec<NodeId> {
        let function = self.module.function(id);
        let symbol = match self.module.kind(function.node) {
            AstKind::Function(it) => it.id.as_ref().and_then(|it| it.symbol_id.get()),
            _ => None,
        };
        let symbol = symbol.or_else(|| match self.module.kind(self.module.parent(function.node)) {
            AstKind::VariableDeclarator(it) => it.id.get_binding_identifier()?.symbol_id.get(),
            _ => None,
        });
        let uses = symbol.into_iter().flat_map(|symbol| self.module.uses(symbol)).take(40);
        uses.map(|used| self.module.parent(used.node_id())).collect()
    }

    /// What a `catch` is given comes from what is tried.
    fn caught(&mut self, home: NodeId, level: Level) {
        let tried = self.module.around(home).find_map(|(node, kind)| match kind {
            AstKind::TryStatement(it) => Some((node, it.block.span)),
            _ => None,
        });
        self.open.extend(tried.map(|(node, span)| Task::Scan(node, span, level)));
    }

    /// Everything that may have given a variable what is read of it here.
    fn definitions_of(&mut self, symbol: SymbolId, read: NodeId, level: Level) {
        let mut found = self.reaching(symbol, read);
        let mut seen = vec![symbol];
        let mut next = 0;
        while let Some(&whole) = seen.get(next).filter(|_| next < 30) {
            for &part in self.aliases.get(&whole).into_iter().flatten() {
                if !seen.contains(&part) {
                    seen.push(part);
                    let changes = self.defined.get(&part).into_iter().flatten().copied();
                    found.extend(changes.filter(|it| self.slice.definitions[*it].how == How::Change));
                }
            }
            next += 1;
        }
        self.steps.set(self.steps.get() + u32::try_from(found.len() + seen.len()).unwrap_or(u32::MAX / 2));
        for index in found {
            self.define_at(index, level);
        }
    }

    /// The definitions that a read may see.
    fn reaching(&self, symbol: SymbolId, read: NodeId) -> Vec<usize> {
        let Some(all) = self.defined.get(&symbol) else { return Vec::new() };
        let place = self.module.kind(read).span();
        let home = self.module.function_around(read);
        let of = |index: &usize| &self.slice.definitions[*index];
        let local = |index: &usize| self.module.function_around(of(index).node) == home;
        let last = all.iter().rev().find(|index| {
            let it = of(index);
            it.how == How::Set
                && it.node < read
                && !it.span.contains_inclusive(place)
                && local(index)
                && self.always_before(it.node, place)
        });
        let Some(last) = last.map(|last| of(last).node) else { return all.clone() };
        let seen = |index: &&usize| {
            let it = of(index);
            !local(index)
                || it.node >= last && (it.node < read || it.how == How::Change || self.share_loop(it.node, read, last))
        };
        all.iter().filter(seen).copied().collect()
    }

    /// Whether a definition has always run when a place behind it is reached.
    fn always_before(&self, node: NodeId, place: Span) -> bool {
        let mut statement = self.module.parent(node);
        if matches!(self.module.kind(node), AstKind::VariableDeclarator(_)) {
            return true;
        }
        if !matches!(self.module.kind(statement), AstKind::ExpressionStatement(_)) {
            return false;
        }
        statement = self.module.parent(statement);
        let block = self.module.kind(statement);
        matches!(block, AstKind::BlockStatement(_) | AstKind::FunctionBody(_)) && block.span().contains_inclusive(place)
    }

    /// What is given to a variable in one place, and what decides that it is.
    fn define_at(&mut self, index: usize, level: Level) {
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

    /// What decides whether a node is reached, as far as the body of the function.
    fn controls(&mut self, node: NodeId, level: Level) {
        if self.controlled.get(&node).is_some_and(|known| *known >= level) {
            return;
        }
        self.controlled.insert(node, level);
        let place = self.module.kind(node).span();
        let test = if level == Level::Size { Level::Live } else { level };
        for (id, kind) in self.module.around(node).take_while(|(id, _)| *id > self.node).collect::<Vec<_>>() {
            self.steps.set(self.steps.get() + 1);
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
                let jumps =
                    self.jumps.iter().copied().filter(|jump| inside.contains_inclusive(self.module.kind(*jump).span()));
                let jumps: Vec<NodeId> = jumps.collect();
                self.open.extend(jumps.into_iter().map(|jump| Task::Controls(jump, level)));
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
}
