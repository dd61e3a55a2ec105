//! What a call does: nothing but compute, write to a log, let time pass, change a value at hand, or reach something outside.
use std::cell::Cell;

use crate::analysis::Origin;
use crate::lexicon;
use crate::model::{Class, Function, FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallKind {
    /// It computes.
    Pure,
    /// It changes the value that it is called on, which was made here.
    Change,
    /// It writes to a log.
    Log,
    /// It lets time pass.
    Timer,
    /// It runs a function of this module.
    Local(FunctionId),
    /// It reaches something that this function did not make.
    Effect,
}

impl CallKind {
    /// Whether it may reach the world.
    pub(crate) fn is_effect(self) -> bool {
        matches!(self, Self::Effect)
    }
}

/// What calls do, where that was asked for: by node. The two highest bits say whether they answer with chance, the third one whether the
/// kind only holds while nothing is being found out.
pub(crate) struct Kinds(Vec<Cell<u32>>);

impl Kinds {
    const UNASKED: u32 = 0;
    /// The first number of a function.
    const LOCAL: u32 = 6;
    /// Where the chance begins, and what is below.
    const CHANCE: u32 = 30;
    const KIND: u32 = Self::SETTLED - 1;
    const SETTLED: u32 = 1 << 29;

    /// Of a module with so many nodes.
    pub(crate) fn of(nodes: usize) -> Self {
        Self(vec![Cell::new(Self::UNASKED); nodes])
    }

    /// With it whether it only holds while nothing is being found out.
    fn get(&self, node: NodeId) -> Option<(CallKind, bool)> {
        let known = self.0.get(node.index())?.get();
        let kind = match known & Self::KIND {
            Self::UNASKED => return None,
            1 => CallKind::Pure,
            2 => CallKind::Change,
            3 => CallKind::Log,
            4 => CallKind::Timer,
            5 => CallKind::Effect,
            local => CallKind::Local(FunctionId(local - Self::LOCAL)),
        };
        Some((kind, known & Self::SETTLED != 0))
    }

    fn keep(&self, node: NodeId, kind: CallKind, settled: bool) {
        let number = match kind {
            CallKind::Pure => 1,
            CallKind::Change => 2,
            CallKind::Log => 3,
            CallKind::Timer => 4,
            CallKind::Effect => 5,
            CallKind::Local(id) => Self::LOCAL + id.0,
        };
        if let Some(place) = self.0.get(node.index()) {
            let chance = place.get() >> Self::CHANCE << Self::CHANCE;
            place.set(chance | if settled { Self::SETTLED } else { 0 } | number);
        }
    }

    /// The chance that a call answers with, where that was asked for.
    pub(super) fn chance(&self, node: NodeId) -> Option<Option<Origin>> {
        match self.0.get(node.index())?.get() >> Self::CHANCE {
            0 => None,
            1 => Some(None),
            2 => Some(Some(Origin::RANDOM)),
            _ => Some(Some(Origin::RANDOM | Origin::TOKEN)),
        }
    }

    pub(super) fn keep_chance(&self, node: NodeId, chance: Option<Origin>) {
        let number = chance.map_or(1, |chance| 2 + u32::from(chance.has(Origin::TOKEN)));
        if let Some(place) = self.0.get(node.index()) {
            place.set(place.get() & (Self::SETTLED | Self::KIND) | number << Self::CHANCE);
        }
    }
}

/// How a function changes something that it did not make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EffectKind {
    /// A call.
    Call,
    /// An assignment to a field of `this`.
    Field,
    /// An assignment to a variable or object from outside.
    Outer,
    /// `yield`.
    Yield,
}

/// One change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effect {
    pub(crate) kind: EffectKind,
    pub(crate) node: NodeId,
    pub(crate) span: Span,
}

/// A function that is handed to a call which only computes, and run by it: `load().then(show)`, `rows.forEach(send)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handed {
    /// None, or one that is written in place and seen anyway.
    Nothing,
    /// One of this module.
    Local(FunctionId),
    /// One that came from outside.
    Unknown,
}

impl<'a> Module<'a> {
    /// The function that a call runs by its name and not by a call of its own.
    pub(crate) fn handed_on(&self, call: &'a CallExpression<'a>) -> Handed {
        if names::object(&call.callee).is_none() {
            return Handed::Nothing;
        }
        let runs = matches!(names::last(&call.callee), "then" | "catch" | "finally" | "forEach");
        for argument in call.arguments.iter().filter_map(Argument::as_expression) {
            match argument.get_inner_expression() {
                Expression::Identifier(name) => match self.symbol(name) {
                    Some(symbol) if self.is_executor_parameter(symbol) => {}
                    Some(symbol) => match self.function_of(symbol) {
                        Some(id) => return Handed::Local(id),
                        None if runs => return Handed::Unknown,
                        None => {}
                    },
                    None => {}
                },
                Expression::StaticMemberExpression(it) if runs => {
                    let global =
                        matches!(names::root(&it.object), Expression::Identifier(name) if self.symbol(name).is_none());
                    if !global && !self.is_logger(&it.object) {
                        return Handed::Unknown;
                    }
                }
                _ => {}
            }
        }
        Handed::Nothing
    }

    /// What a call does. It is asked for by many rules, and kept: for good where it does not depend on how values come about, else for as
    /// long as nothing is being found out.
    pub(crate) fn call_kind(&self, call: &'a CallExpression<'a>) -> CallKind {
        let node = call.node_id.get();
        let settled = match self.kinds.get(node) {
            Some((known, false)) => return known,
            Some((known, true)) if self.is_settled() => {
                self.depends.set(true);
                return known;
            }
            Some(_) => false,
            None => self.is_settled(),
        };
        let outer = self.depends.replace(false);
        let found = self.find_call_kind(call);
        if settled || !self.depends.get() {
            self.kinds.keep(node, found, self.depends.get());
        }
        self.depends.set(outer || self.depends.get());
        found
    }

    fn find_call_kind(&self, call: &'a CallExpression<'a>) -> CallKind {
        let callee = call.callee.get_inner_expression();
        let method = names::last(callee);
        // Randomness and the clock are read, not changed, wherever they are imported from.
        if crate::analysis::origin::special(method, names::object(callee)).is_some() && method != "getRandomValues" {
            return CallKind::Pure;
        }
        match names::object(callee) {
            None => self.plain_call(callee, method, call),
            Some(object) => self.method_call(object, method, call),
        }
    }

    fn plain_call(&self, callee: &'a Expression<'a>, method: &str, call: &'a CallExpression<'a>) -> CallKind {
        let Expression::Identifier(name) = callee else {
            return match self.function_in(callee) {
                Some(id) => CallKind::Local(id),
                None => CallKind::Effect,
            };
        };
        if let Some(id) = self.memoised(call) {
            return CallKind::Local(id);
        }
        let Some(symbol) = self.symbol(name) else {
            return match method {
                "setTimeout"
                | "setInterval"
                | "setImmediate"
                | "clearTimeout"
                | "clearInterval"
                | "clearImmediate"
                | "requestAnimationFrame"
                | "queueMicrotask" => CallKind::Timer,
                _ if lexicon::PURE_GLOBALS.has(method) => CallKind::Pure,
                // Not declared here: a helper that the bundler brings in.
                "sleep" | "delay" | "wait" | "pause" if call.arguments.len() == 1 => CallKind::Timer,
                _ => CallKind::Effect,
            };
        };
        if let Some(id) = self.function_of(symbol) {
            if self.is_sleep(id) {
                return CallKind::Timer;
            }
            return CallKind::Local(id);
        }
        if let Some(import) = self.imports.get(&symbol) {
            let timer = import.module.ends_with("timers/promises")
                || (lexicon::TIMERS.has(import.name) || lexicon::TIMERS.has(method)) && call.arguments.len() <= 2;
            let log =
                lexicon::LOGGERS.has(method) || (lexicon::LOG_METHODS.has(method) && import.module.contains("log"));
            return match () {
                () if timer && import.name != "waitFor" => CallKind::Timer,
                () if log => CallKind::Log,
                () => CallKind::Effect,
            };
        }
        if lexicon::LOGGERS.has(method) {
            return CallKind::Log;
        }
        // `resolve(x)` of a promise's own executor only answers.
        if self.is_executor_parameter(symbol) {
            return CallKind::Pure;
        }
        if self.is_made_timer(symbol) {
            return CallKind::Timer;
        }
        CallKind::Effect
    }

    /// `const sleep = promisify(setTimeout)`, `const { setTimeout: sleep } = require("timers/promises")`.
    fn is_made_timer(&self, symbol: SymbolId) -> bool {
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return false };
        let init = match it.init.as_ref().map(Expression::get_inner_expression) {
            Some(Expression::AwaitExpression(it)) => it.argument.get_inner_expression(),
            Some(init) => init,
            None => return false,
        };
        match init {
            Expression::CallExpression(call) => match (names::last(&call.callee), call.arguments.first()) {
                ("promisify", Some(Argument::Identifier(inner))) => {
                    inner.name == "setTimeout" && self.symbol(inner).is_none()
                }
                ("require", Some(Argument::StringLiteral(module))) => module.value.ends_with("timers/promises"),
                _ => false,
            },
            Expression::ImportExpression(import) => {
                matches!(&import.source, Expression::StringLiteral(module) if module.value.ends_with("timers/promises"))
            }
            _ => false,
        }
    }

    /// `scheduler.wait(500)` and `timers.setTimeout(500)` of `timers/promises`, `Bun.sleep(500)`.
    fn is_timer_of(&self, name: &IdentifierReference<'a>, method: &str) -> bool {
        match self.symbol(name) {
            Some(symbol) => {
                matches!(method, "wait" | "setTimeout" | "yield")
                    && (self.imports.get(&symbol).is_some_and(|import| import.module.ends_with("timers/promises"))
                        || self.is_made_timer(symbol))
            }
            None => {
                matches!(
                    (name.name.as_str(), method),
                    ("Bun", "sleep" | "sleepSync") | ("Atomics", "wait") | ("scheduler", "wait")
                )
            }
        }
    }

    /// The function that a call runs at once and whose value it gives on: `useMemo(() => x, [y])`.
    pub(crate) fn memoised(&self, call: &'a CallExpression<'a>) -> Option<FunctionId> {
        let runs =
            matches!(names::last(&call.callee), "useMemo" | "computed" | "createMemo") && call.arguments.len() <= 2;
        if runs { self.function_in(call.arguments.first()?.as_expression()?) } else { None }
    }

    fn method_call(&self, object: &'a Expression<'a>, method: &str, call: &'a CallExpression<'a>) -> CallKind {
        let object = object.get_inner_expression();
        if self.is_logger(object) {
            // `logger.child({ id })` makes another log.
            return if matches!(method, "child" | "extend" | "with" | "scope" | "clone" | "getLogger" | "create") {
                CallKind::Pure
            } else {
                CallKind::Log
            };
        }
        if let Some(id) = self.memoised(call) {
            return CallKind::Local(id);
        }
        if let Expression::Identifier(name) = object
            && self.is_timer_of(name, method)
        {
            return CallKind::Timer;
        }
        if let Expression::Identifier(name) = object
            && self.symbol(name).is_none()
        {
            let global = name.name.as_str();
            if matches!(global, "window" | "globalThis" | "global" | "self")
                && matches!(method, "setTimeout" | "setInterval" | "clearTimeout" | "clearInterval")
            {
                return CallKind::Timer;
            }
            if global == "Object"
                && matches!(method, "assign" | "defineProperty" | "defineProperties" | "setPrototypeOf")
            {
                return if self.is_given_fresh(call) { CallKind::Pure } else { CallKind::Effect };
            }
            if lexicon::PURE_GLOBALS.has(global) {
                return CallKind::Pure;
            }
            return CallKind::Effect;
        }
        if matches!(object, Expression::ThisExpression(_)) {
            if let Some(id) = self.method_named(call, method) {
                return if self.is_sleep(id) { CallKind::Timer } else { CallKind::Local(id) };
            }
            return if lexicon::TIMERS.has(method) { CallKind::Timer } else { CallKind::Effect };
        }
        // Nobody hears it, nobody holds it: nothing comes of what is done with it.
        if self.is_unheard(object) {
            return CallKind::Change;
        }
        if self.is_never_set(object) || self.only_builds(call) {
            return CallKind::Pure;
        }
        // `sent.push(x)` of a list made here.
        let made_here = || matches!(names::root(object), Expression::Identifier(name) if self.is_made_here(name, call));
        if lexicon::MUTATORS.has(method) {
            return match object {
                _ if made_here() => CallKind::Change,
                Expression::ArrayExpression(_) | Expression::NewExpression(_) => CallKind::Pure,
                // `name.split(".").pop()` changes what nobody else has.
                Expression::CallExpression(inner)
                    if matches!(self.call_kind(inner), CallKind::Pure)
                        && matches!(method, "sort" | "reverse" | "fill" | "pop" | "shift" | "splice") =>
                {
                    CallKind::Pure
                }
                Expression::CallExpression(_) if matches!(method, "sort" | "reverse" | "fill") => CallKind::Pure,
                _ => CallKind::Effect,
            };
        }
        let outside = || {
            let root = names::root(object);
            match root {
                Expression::ThisExpression(_) | Expression::Super(_) => true,
                Expression::Identifier(name) => match self.symbol(name) {
                    Some(symbol) => self.imports.contains_key(&symbol),
                    None => !lexicon::PURE_GLOBALS.has(name.name.as_str()),
                },
                _ => false,
            }
        };
        // A method of what is imported is no method of a built-in value: `vec3.normalize(out, v)` fills its first argument.
        if let Expression::Identifier(name) = object
            && let Some(import) = self.symbol(name).and_then(|symbol| self.imports.get(&symbol))
        {
            // `import { Buffer } from "node:buffer"` is the global one.
            if matches!(import.module, "node:buffer" | "buffer") && lexicon::PURE_GLOBALS.has(import.name) {
                return CallKind::Pure;
            }
            return CallKind::Effect;
        }
        // `f.call(x)` runs what f is.
        if matches!(method, "call" | "apply")
            && !matches!(names::root(object), Expression::Identifier(name) if self.symbol(name).is_none() && lexicon::PURE_GLOBALS.has(name.name.as_str()))
        {
            return CallKind::Effect;
        }
        // `/^\d+$/.exec(text)` reads the text.
        if method == "exec" && self.is_pattern(object) {
            return CallKind::Pure;
        }
        if lexicon::PURE_METHODS.has(method) {
            // `repo.find()` and `this.cache.get()` ask something else; `xs.find()` and `name.trim()` do not.
            let ambiguous = matches!(
                method,
                "find"
                    | "get"
                    | "has"
                    | "test"
                    | "search"
                    | "match"
                    | "resolve"
                    | "call"
                    | "apply"
                    | "values"
                    | "entries"
                    | "keys"
                    | "at"
                    | "all"
                    | "any"
                    | "race"
                    | "encode"
                    | "decode"
                    | "with"
                    | "parse"
                    | "stringify"
                    | "compare"
                    | "from"
                    | "of"
                    | "some"
                    | "every"
                    | "fill"
            );
            return if ambiguous && outside() { CallKind::Effect } else { CallKind::Pure };
        }
        if made_here() && !self.is_answer(object) {
            return CallKind::Change;
        }
        CallKind::Effect
    }

    /// Whether an expression is a regular expression of the text, or the constant that holds one.
    pub(crate) fn is_pattern(&self, value: &'a Expression<'a>) -> bool {
        let written = |value: &Expression<'_>| match value.get_inner_expression() {
            Expression::RegExpLiteral(_) => true,
            Expression::NewExpression(new) => new.callee.is_specific_id("RegExp"),
            _ => false,
        };
        match value {
            Expression::Identifier(name) => self.initial(name).is_some_and(written),
            other => written(other),
        }
    }

    /// Whether the first argument of a call was made here, so that nobody else sees what becomes of it.
    fn is_given_fresh(&self, call: &'a CallExpression<'a>) -> bool {
        self.depends.set(true);
        match call.arguments.first().and_then(Argument::as_expression).map(Expression::get_inner_expression) {
            Some(Expression::Identifier(name)) => {
                let home = self.symbol(name).map(|symbol| self.function_around(self.declaration(symbol)));
                self.is_made_here(name, call) && home == Some(self.function_around(call.node_id.get()))
            }
            Some(first) => first.is_literal() || self.is_fresh(first),
            None => false,
        }
    }

    /// Whether a value is new: a literal, or a copy. What it holds may be shared with others.
    pub(crate) fn is_fresh(&self, value: &'a Expression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::ObjectExpression(_) | Expression::ArrayExpression(_) => true,
            Expression::NewExpression(new) => self.is_new_value(new),
            Expression::CallExpression(call) => match names::last(&call.callee) {
                "map" | "filter" | "slice" | "concat" | "flat" | "flatMap" | "split" | "toSorted" | "toSpliced"
                | "toReversed" => self.call_kind(call) == CallKind::Pure,
                "keys" | "values" | "entries" | "fromEntries" | "create" | "from" => names::object(&call.callee)
                    .is_some_and(|it| it.is_specific_id("Object") || it.is_specific_id("Array")),
                _ => self.is_deep_copy(value),
            },
            _ => false,
        }
    }

    /// Whether `new X()` makes a value of the language that shares nothing; a view of a buffer does.
    fn is_new_value(&self, new: &'a NewExpression<'a>) -> bool {
        let Expression::Identifier(name) = &new.callee else { return false };
        let view = matches!(name.name.as_str(), "DataView" | "Proxy")
            || name.name.ends_with("Array") && self.text_of(new.span).contains("uffer");
        self.symbol(name).is_none() && lexicon::PURE_GLOBALS.has(name.name.as_str()) && !view
    }

    /// Whether a value and all that it holds is new: `structuredClone(x)`.
    fn is_deep_copy(&self, value: &'a Expression<'a>) -> bool {
        let Expression::CallExpression(call) = value.get_inner_expression() else { return false };
        match (names::object(&call.callee), names::last(&call.callee)) {
            (None, "structuredClone" | "cloneDeep") => true,
            (Some(object), "parse") => object.is_specific_id("JSON"),
            (Some(_), "cloneDeep") => true,
            _ => false,
        }
    }

    /// Whether a variable holds a value that was new when it was declared.
    fn is_copy(&self, name: &IdentifierReference<'a>) -> bool {
        let declaration = self.symbol(name).map(|symbol| self.kind(self.declaration(symbol)));
        matches!(declaration, Some(AstKind::VariableDeclarator(it)) if it.init.as_ref().is_some_and(|init| self.is_fresh(init)))
    }

    /// Whether a write to `object.x` is a write to a copy that this function made.
    fn writes_copy(&self, object: &'a Expression<'a>, declarator: &'a VariableDeclarator<'a>, node: NodeId) -> bool {
        let shallow = matches!(object.get_inner_expression(), Expression::Identifier(_));
        match &declarator.init {
            Some(init) => self.is_deep_copy(init) || shallow && self.is_fresh(init),
            // `for (const line of copy.lines)`
            None => match self.kind(self.parent(self.parent(node))) {
                AstKind::ForOfStatement(it) => match names::root(&it.right) {
                    Expression::Identifier(name) => {
                        self.symbol(name).is_some_and(|symbol| match self.kind(self.declaration(symbol)) {
                            AstKind::VariableDeclarator(it) => {
                                it.init.as_ref().is_some_and(|init| self.is_deep_copy(init))
                            }
                            _ => false,
                        })
                    }
                    _ => false,
                },
                _ => false,
            },
        }
    }

    /// Whether a variable holds what this function made of literals: what happens to it is seen by nobody else.
    fn is_made_here(&self, name: &IdentifierReference<'a>, call: &CallExpression<'a>) -> bool {
        let Some(symbol) = self.symbol(name) else { return false };
        let node = self.declaration(symbol);
        let AstKind::VariableDeclarator(declarator) = self.kind(node) else { return false };
        if self.function_around(node).is_none()
            || declarator.span.contains_inclusive(call.span)
            || node > call.node_id.get()
        {
            return false;
        }
        self.depends.set(true);
        self.effort.deeper(|| self.is_declared_here(node, declarator, call)).unwrap_or(false)
    }

    fn is_declared_here(
        &self,
        node: NodeId,
        declarator: &'a VariableDeclarator<'a>,
        call: &CallExpression<'a>,
    ) -> bool {
        match &declarator.init {
            Some(init) => self.makes(init, call),
            // `for (const bucket of buckets.values())`: as much made here as what it is taken from.
            None => match self.kind(self.parent(self.parent(node))) {
                AstKind::ForOfStatement(it) => {
                    matches!(names::root(&it.right), Expression::Identifier(name) if self.is_made_here(name, call))
                }
                _ => false,
            },
        }
    }

    /// Whether an expression makes a new value, or takes one from what was made here: `groups.get(key) ?? []`.
    fn makes(&self, value: &'a Expression<'a>, before: &CallExpression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::ArrayExpression(_) | Expression::ObjectExpression(_) => true,
            Expression::NewExpression(new) => self.is_new_value(new),
            Expression::CallExpression(call) => {
                matches!(self.call_kind(call), CallKind::Pure | CallKind::Change | CallKind::Local(_))
            }
            Expression::LogicalExpression(it) => {
                let taken =
                    matches!(names::root(&it.left), Expression::Identifier(name) if self.is_made_here(name, before));
                taken
                    && matches!(
                        it.right.get_inner_expression(),
                        Expression::ArrayExpression(_) | Expression::ObjectExpression(_) | Expression::NewExpression(_)
                    )
            }
            _ => false,
        }
    }

    /// Whether a value is what somebody else answered.
    fn is_answer(&self, value: &'a Expression<'a>) -> bool {
        self.origin(value).has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::INPUT)
    }

    /// Whether an expression is a log: `console`, `this.logger`, `req.log`, `logger.child(x)`.
    pub(crate) fn is_logger(&self, value: &'a Expression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::CallExpression(call) => {
                names::object(&call.callee).is_some_and(|object| self.is_logger(object))
            }
            other => {
                let name = names::last(other);
                lexicon::LOGGERS.has(name) || name.len() > 6 && (name.ends_with("Logger") || name.ends_with("logger"))
            }
        }
    }

    /// Whether a function only lets time pass: `const sleep = (ms) => new Promise((r) => setTimeout(r, ms))`.
    pub(crate) fn is_sleep(&self, id: FunctionId) -> bool {
        let function = self.function(id);
        let calls = self.inside(&self.calls, id);
        let promise = self.inside(&self.news, id).iter().any(|new| new.it.callee.is_specific_id("Promise"));
        let waits = calls.iter().any(|call| names::last(&call.it.callee) == "setTimeout");
        let short = calls.len() <= 2 && function.span.size() < 400 && self.inside(&self.returns, id).len() <= 3;
        promise && waits && short && self.resolves_with_nothing(id)
    }

    /// Whether every `resolve` in a function gives nothing on: a pause, no answer.
    fn resolves_with_nothing(&self, id: FunctionId) -> bool {
        let executors = self.inside(&self.news, id).iter().filter(|new| new.it.callee.is_specific_id("Promise"));
        let mut executors = executors.filter_map(|new| self.function_in(new.it.arguments.first()?.as_expression()?));
        executors.all(|executor| {
            let Some(resolve) = self.function(executor).parameters().first().and_then(|name| name.symbol_id.get())
            else {
                return false;
            };
            self.uses(resolve).all(|reference| match self.kind(self.parent(reference.node_id())) {
                AstKind::CallExpression(call) if call.callee.span() == self.kind(reference.node_id()).span() => {
                    call.arguments.is_empty()
                }
                AstKind::CallExpression(call) => call.arguments.len() <= 2,
                _ => false,
            })
        })
    }

    /// Whether a symbol is `resolve` or `reject` of `new Promise((resolve, reject) => …)`.
    pub(crate) fn is_executor_parameter(&self, symbol: SymbolId) -> bool {
        let node = self.declaration(symbol);
        // `const { promise, resolve } = Promise.withResolvers()`
        if let AstKind::VariableDeclarator(it) = self.kind(node) {
            let made = it.init.as_ref().is_some_and(|init| names::last(init) == "withResolvers");
            return made && matches!(self.semantic.scoping().symbol_name(symbol), "resolve" | "reject");
        }
        let AstKind::FormalParameter(_) = self.kind(node) else { return false };
        let Some(id) = self.function_around(node) else { return false };
        matches!(self.kind(self.parent(self.function(id).node)), AstKind::NewExpression(new) if new.callee.is_specific_id("Promise"))
    }

    /// The method of this name in the class around a node.
    fn method_named(&self, call: &CallExpression<'a>, name: &str) -> Option<FunctionId> {
        let class = self.class_around(call.node_id.get())?;
        class.methods.iter().copied().find(|id| self.function(*id).name == name && self.function(*id).has_body())
    }

    /// The class around a node.
    pub(crate) fn class_around(&self, node: NodeId) -> Option<&Class<'a>> {
        let end = self.classes.partition_point(|class| class.node < node);
        self.classes[..end].iter().rev().find(|class| node < class.end)
    }

    /// Everything that a function changes outside of itself, functions inside of it included.
    pub(crate) fn effects_of(&self, id: FunctionId) -> Vec<Effect> {
        let mut found = Vec::new();
        for call in self.inside(&self.calls, id) {
            let real = match self.call_kind(call.it) {
                CallKind::Effect => true,
                // What a function inside of this one does is found inside of this one.
                CallKind::Local(callee) => !self.is_inside(callee, id) && self.calls_world(callee),
                // A list of the function around this one is changed for others to see.
                CallKind::Change => match names::object(&call.it.callee).map(|object| names::root(object)) {
                    Some(Expression::Identifier(name)) => self.outer_name(id, name).is_some(),
                    _ => false,
                },
                CallKind::Pure => match self.handed_on(call.it) {
                    Handed::Nothing => self.runs_named(call.it, id),
                    Handed::Local(callee) => !self.is_inside(callee, id) && self.calls_world(callee),
                    Handed::Unknown => true,
                },
                CallKind::Log | CallKind::Timer => false,
            };
            if real {
                found.push(Effect { kind: EffectKind::Call, node: call.node, span: call.it.span });
            }
        }
        for new in self.inside(&self.news, id) {
            let global = matches!(&new.it.callee, Expression::Identifier(name) if self.symbol(name).is_none() && lexicon::PURE_GLOBALS.has(name.name.as_str()));
            let thrown = matches!(self.kind(self.parent(new.node)), AstKind::ThrowStatement(_));
            let global = global || self.is_inert_class(&new.it.callee);
            let error =
                names::last(&new.it.callee).ends_with("Error") || names::last(&new.it.callee).ends_with("Exception");
            if !global && !thrown && !error {
                found.push(Effect { kind: EffectKind::Call, node: new.node, span: new.it.span });
            }
        }
        for write in self.inside(&self.writes, id) {
            if let Some(kind) = self.write_kind(id, write.it) {
                let span = self.kind(write.node).span();
                found.push(Effect { kind, node: write.node, span });
            }
        }
        for at in self.inside(&self.deletes, id) {
            let kept = names::object(&at.it.argument);
            let copied = matches!(kept.map(|kept| names::root(kept)), Some(Expression::Identifier(name)) if self.outer_name(id, name).is_none() && self.is_copy(name));
            let kind = kept.filter(|_| !copied).and_then(|object| self.kind_of_change(id, object));
            if let Some(kind) = kind {
                found.push(Effect { kind, node: at.node, span: at.it.span });
            }
        }
        for it in self.own(&self.yields, id) {
            found.push(Effect { kind: EffectKind::Yield, node: it.node, span: it.it.span });
        }
        found.sort_by_key(|effect| effect.node);
        found
    }

    /// Whether a call that only computes runs a function that it is given by name: `rows.forEach(report)`.
    fn runs_named(&self, call: &'a CallExpression<'a>, within: FunctionId) -> bool {
        call.arguments.iter().filter_map(Argument::as_expression).any(|argument| {
            let Expression::Identifier(name) = argument.get_inner_expression() else { return false };
            match self.symbol(name).map(|symbol| self.function_of(symbol)) {
                Some(Some(callee)) => !self.is_inside(callee, within) && self.calls_world(callee),
                Some(None) => names::last(&call.callee) == "forEach",
                None => false,
            }
        })
    }

    /// Whether a function stands inside of another, or is it.
    fn is_inside(&self, inner: FunctionId, outer: FunctionId) -> bool {
        let (inner, outer) = (self.function(inner), self.function(outer));
        inner.node >= outer.node && inner.node < outer.end
    }

    /// Whether a function of this module reaches the world.
    fn calls_world(&self, id: FunctionId) -> bool {
        match self.summary(id) {
            Some(summary) => !summary.effects().is_empty(),
            // A function that calls itself does no more than what is already known; of two that call each other nothing is known.
            None => !self.is_looked_at(id),
        }
    }

    /// What a write changes outside of a function; nothing for its own variables.
    pub(crate) fn write_kind(&self, id: FunctionId, write: Write<'a>) -> Option<EffectKind> {
        let object = match write {
            Write::Assign(it) => match &it.left {
                AssignmentTarget::AssignmentTargetIdentifier(name) => return self.outer_name(id, name),
                other => names::target_object(other)?,
            },
            Write::Update(it) => match &it.argument {
                SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => return self.outer_name(id, name),
                SimpleAssignmentTarget::StaticMemberExpression(it) => &it.object,
                SimpleAssignmentTarget::ComputedMemberExpression(it) => &it.object,
                SimpleAssignmentTarget::PrivateFieldExpression(it) => &it.object,
                _ => return None,
            },
        };
        self.kind_of_change(id, object)
    }

    /// What a change of something that begins with `object` changes outside of a function.
    pub(crate) fn kind_of_change(&self, id: FunctionId, object: &'a Expression<'a>) -> Option<EffectKind> {
        match names::root(object) {
            Expression::ThisExpression(_) => Some(EffectKind::Field),
            Expression::Identifier(name) => {
                let Some(symbol) = self.symbol(name) else { return Some(EffectKind::Outer) };
                let node = self.declaration(symbol);
                let function = self.function(id);
                let inside = node >= function.node && node < function.end;
                let made = match self.kind(node) {
                    AstKind::VariableDeclarator(it) => {
                        it.init.as_ref().is_some_and(|init| !self.origin(init).is_real())
                            || self.writes_copy(object, it, node)
                    }
                    _ => false,
                };
                (!inside || !made).then_some(EffectKind::Outer)
            }
            _ => Some(EffectKind::Outer),
        }
    }

    fn outer_name(&self, id: FunctionId, name: &IdentifierReference<'a>) -> Option<EffectKind> {
        let Some(symbol) = self.symbol(name) else { return Some(EffectKind::Outer) };
        let node = self.declaration(symbol);
        let function: &Function<'a> = self.function(id);
        (node < function.node || node >= function.end).then_some(EffectKind::Outer)
    }
}
