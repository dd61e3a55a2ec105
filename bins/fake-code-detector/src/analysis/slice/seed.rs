//! Where a slice begins: what others can see of a function.
use super::definition::How;
use super::{Level, Slicer, Task};
use crate::analysis::{CallKind, Handed, Usage};
use crate::lexicon;
use crate::model::Write;
use crate::names;
use crate::syntax::*;

impl<'a> Slicer<'_, 'a> {
    /// Opens everything that others can see.
    pub(super) fn seed(&mut self) {
        self.answers(self.id, Level::Live);
        let module = self.module;
        // Where a function inside of this one leaves early decides what it does afterwards.
        for at in module.inside(&module.returns, self.id) {
            let inner = at.function.filter(|it| *it != self.id && at.node != module.function(*it).node);
            if inner.is_some_and(|it| module.summary(it).is_none_or(|it| !it.effects().is_empty())) {
                self.open.push(Task::Controls(at.node, Level::Live));
            }
        }
        for at in module.inside(&module.throws, self.id) {
            self.begin(at.node, at.it.span, Level::Guard);
        }
        for at in module.inside(&module.yields, self.id) {
            self.begin(at.node, at.it.span, Level::Live);
        }
        for at in module.inside(&module.calls, self.id) {
            self.seed_call(at.node, at.it);
        }
        for at in module.inside(&module.news, self.id) {
            if !module.makes_only(at.it) {
                self.begin(at.node, at.it.span, Level::Live);
            } else if matches!(module.kind(module.parent(at.node)), AstKind::ExpressionStatement(_)) {
                self.begin(at.node, at.it.span, Level::Guard);
            }
        }
        for at in module.inside(&module.writes, self.id) {
            if module.write_kind(self.id, at.it).is_some() || self.is_pattern(at.it) {
                self.begin(at.node, module.kind(at.node).span(), Level::Live);
            }
        }
        for at in module.inside(&module.deletes, self.id) {
            self.begin(at.node, at.it.span, Level::Live);
        }
        for at in module.inside(&module.awaits, self.id) {
            if matches!(module.kind(module.parent(at.node)), AstKind::ExpressionStatement(_)) {
                self.begin(at.node, at.it.span, Level::Live);
            }
        }
        let changes: Vec<NodeId> =
            self.slice.definitions.iter().filter(|it| it.how == How::Change).map(|it| it.node).collect();
        for node in changes.into_iter().filter(|node| !self.changes_private(*node)).collect::<Vec<_>>() {
            self.begin(node, module.kind(node).span(), Level::Live);
        }
        self.seed_rest();
    }

    /// What the module keeps no lists of: tagged templates, loads on demand, `for await`.
    fn seed_rest(&mut self) {
        for index in self.node.index()..self.end.index() {
            let node = NodeId::from_usize(index);
            match self.module.kind(node) {
                AstKind::TaggedTemplateExpression(it) => self.begin(node, it.span, Level::Live),
                AstKind::ImportExpression(it) => self.begin(node, it.span, Level::Live),
                // `void send(x);`
                AstKind::UnaryExpression(it)
                    if it.operator == UnaryOperator::Void
                        && !matches!(it.argument.get_inner_expression(), Expression::Identifier(_)) =>
                {
                    self.begin(node, it.span, Level::Live);
                }
                AstKind::Class(it) => self.begin(node, it.span, Level::Live),
                AstKind::WithStatement(it) => self.begin(node, it.span, Level::Live),
                _ => {}
            }
        }
    }

    fn is_pattern(&self, write: Write<'a>) -> bool {
        match write {
            Write::Assign(it) => {
                !matches!(it.left, AssignmentTarget::AssignmentTargetIdentifier(_))
                    && names::target_object(&it.left).is_none()
            }
            Write::Update(_) => false,
        }
    }

    fn begin(&mut self, node: NodeId, span: Span, level: Level) {
        self.open.push(Task::Scan(node, span, level));
        self.open.push(Task::Controls(node, level));
    }

    fn seed_call(&mut self, node: NodeId, call: &'a CallExpression<'a>) {
        let module = self.module;
        let statement = matches!(module.kind(module.parent(node)), AstKind::ExpressionStatement(_));
        let level = match module.call_kind(call) {
            CallKind::Log | CallKind::Timer => Level::Told,
            CallKind::Effect => Level::Live,
            CallKind::Local(callee) => match module.summary(callee) {
                Some(summary) if summary.effects().is_empty() => {
                    // `assertItem(item);` says nothing but may throw.
                    if !statement && module.inside(&module.throws, callee).is_empty() {
                        return;
                    }
                    Level::Guard
                }
                _ => Level::Live,
            },
            // What is not the function's own is seen by others.
            CallKind::Change => match names::object(&call.callee).map(|object| names::root(object)) {
                Some(Expression::Identifier(name)) if module.symbol(name).is_some_and(|it| self.is_local(it)) => return,
                _ => Level::Live,
            },
            CallKind::Pure => {
                let resolves = matches!(&call.callee, Expression::Identifier(name) if module.symbol(name).is_some_and(|it| module.is_executor_parameter(it)));
                let handed = match module.handed_on(call) {
                    Handed::Nothing => false,
                    Handed::Local(callee) => {
                        module.summary(callee).is_none_or(|it| !it.effects().is_empty() || it.throws() > 0)
                    }
                    Handed::Unknown => true,
                };
                let settles = statement && matches!(names::last(&call.callee), "then" | "catch" | "finally");
                match () {
                    () if resolves || handed || settles => Level::Live,
                    () if statement && !lexicon::MUTATORS.has(names::last(&call.callee)) => {
                        // `JSON.parse(text);` may throw; what a method does that is called for its own sake nobody knows.
                        let global = matches!(names::root(&call.callee), Expression::Identifier(name) if module.symbol(name).is_none());
                        if global { Level::Guard } else { Level::Live }
                    }
                    () => return,
                }
            }
        };
        self.open.push(Task::Controls(node, level));
        self.open_parts(node, call, level);
    }

    /// The callee and the arguments of a call, as far as it reads them.
    pub(super) fn open_parts(&mut self, node: NodeId, call: &'a CallExpression<'a>, level: Level) {
        self.open.push(Task::Scan(node, call.callee.span(), level));
        let unread = self.unread_arguments(call);
        for (index, argument) in call.arguments.iter().enumerate() {
            // What a timer runs is run for good.
            let runs = index == 0 && level == Level::Told && call.arguments.len() > 1;
            let level = if runs && self.module.call_kind(call) == CallKind::Timer { Level::Live } else { level };
            let level = match unread.iter().find(|it| it.0 == index) {
                Some(unread) => level.min(unread.1),
                None => level,
            };
            self.open.push(Task::Scan(node, argument.span(), level));
        }
    }

    /// The arguments that a function of the module is known not to read, or to read for little.
    fn unread_arguments(&self, call: &'a CallExpression<'a>) -> Vec<(usize, Level)> {
        let CallKind::Local(callee) = self.module.call_kind(call) else { return Vec::new() };
        if self.module.memoised(call).is_some() {
            return vec![(1, Level::Told)];
        }
        let Some(summary) = self.module.summary(callee) else { return Vec::new() };
        if call.arguments.iter().any(Argument::is_spread) {
            return Vec::new();
        }
        let items = self.module.function(callee).params.items.iter().enumerate();
        let unread = items.filter_map(|(index, parameter)| {
            let own = summary.parameters().iter().filter(|own| parameter.span.contains_inclusive(own.span));
            let best = own.map(|own| own.usage).max()?;
            match best {
                Usage::Logged | Usage::Timed => Some((index, Level::Told)),
                Usage::Unread | Usage::Voided | Usage::Dead => Some((index, Level::Dead)),
                Usage::Guarding | Usage::Presence | Usage::Live => None,
            }
        });
        unread.collect()
    }
}
