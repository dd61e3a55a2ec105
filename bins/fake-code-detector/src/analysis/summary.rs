//! What a function does, in one value that all rules read.
use std::cell::OnceCell;

use crate::analysis::{CallKind, Effect, Origin, Usage};
use crate::model::{Body, FunctionId, Module, Return};
use crate::names;
use crate::syntax::*;

/// A parameter, or a part of one that is taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) span: Span,
    pub(crate) usage: Usage,
}

/// What was found out about a function so far.
#[derive(Default)]
pub(crate) struct Known<'a> {
    parameters: OnceCell<Vec<Parameter<'a>>>,
    effects: OnceCell<Vec<Effect>>,
    told: OnceCell<Told>,
    answer: OnceCell<Origin>,
    awaits: OnceCell<usize>,
    work: OnceCell<Option<Span>>,
    reads_fields: OnceCell<bool>,
}

/// Calls of a function that only tell or wait.
struct Told {
    logs: Vec<Span>,
    timers: Vec<Span>,
}

/// What a function does: each thing is found out when it is first asked for.
#[derive(Clone, Copy)]
pub(crate) struct Summary<'m, 'a> {
    module: &'m Module<'a>,
    id: FunctionId,
}

impl<'m, 'a> Summary<'m, 'a> {
    pub(crate) fn new(module: &'m Module<'a>, id: FunctionId) -> Self {
        Self { module, id }
    }

    /// Its parameters and the best use of each.
    pub(crate) fn parameters(self) -> &'m [Parameter<'a>] {
        self.known(|it| &it.parameters, parameters)
    }

    /// What it changes that it did not make, functions inside of it included.
    pub(crate) fn effects(self) -> &'m [Effect] {
        self.known(|it| &it.effects, |module, id| module.effects_of(id))
    }

    /// Calls of logs, functions inside of it included.
    pub(crate) fn logs(self) -> &'m [Span] {
        &self.known(|it| &it.told, told).logs
    }

    /// Pauses, functions inside of it included.
    pub(crate) fn timers(self) -> &'m [Span] {
        &self.known(|it| &it.told, told).timers
    }

    /// The values that it returns.
    pub(crate) fn returns(self) -> impl Iterator<Item = Return<'a>> + 'm {
        self.module.returns_of(self.id)
    }

    /// What its values are made of, and what decides which of them is returned.
    pub(crate) fn answer(self) -> Origin {
        *self.known(|it| &it.answer, answer)
    }

    /// Its own `throw`s.
    pub(crate) fn throws(self) -> usize {
        self.module.own(&self.module.throws, self.id).count()
    }

    /// `await`s of anything but pauses.
    pub(crate) fn awaits(self) -> usize {
        *self.known(|it| &it.awaits, awaits)
    }

    /// The first thing in it that does work, functions inside of it and functions that it calls included.
    pub(crate) fn work(self) -> Option<Span> {
        *self.known(|it| &it.work, |module, id| module.work_of(id))
    }

    /// It reads a field of `this`.
    pub(crate) fn reads_fields(self) -> bool {
        *self.known(|it| &it.reads_fields, reads_fields)
    }

    /// The best use of any parameter; where there is none, `Unread`.
    pub(crate) fn best_usage(self) -> Usage {
        self.parameters().iter().map(|parameter| parameter.usage).max().unwrap_or_default()
    }

    /// Whether no parameter is read for more than a log, a pause or a value that nothing reads.
    pub(crate) fn ignores_input(self) -> bool {
        self.best_usage() < Usage::Guarding
    }

    /// Whether all parameters begin with an underscore: their author says that they are not read.
    pub(crate) fn all_underscored(self) -> bool {
        let parameters = self.module.function(self.id).parameters();
        !parameters.is_empty() && parameters.iter().all(|parameter| parameter.name.starts_with('_'))
    }

    /// Whether it changes nothing that it did not make.
    pub(crate) fn has_no_effect(self) -> bool {
        self.effects().is_empty()
    }

    /// The values that are returned, without those of a bare `return`.
    pub(crate) fn values(self) -> impl Iterator<Item = &'a Expression<'a>> + 'm {
        self.returns().filter_map(|it| it.value)
    }

    /// Whether there is a value, and none is made of anything but literals (through variables and functions of the module too).
    pub(crate) fn is_constant(self) -> bool {
        self.values().next().is_some() && self.answer().is_constant()
    }

    /// A function of which something is being found out answers nothing to whoever asks on the way: it calls itself.
    fn known<T>(
        self,
        cell: impl FnOnce(&'m Known<'a>) -> &'m OnceCell<T>,
        find: impl FnOnce(&'m Module<'a>, FunctionId) -> T,
    ) -> &'m T {
        let cell = cell(self.module.known(self.id));
        if let Some(known) = cell.get() {
            return known;
        }
        let found = self.module.busy_with(self.id, || find(self.module, self.id));
        cell.get_or_init(|| found)
    }
}

fn answer(module: &Module<'_>, id: FunctionId) -> Origin {
    let function = module.function(id);
    let mut answer = Origin::NONE;
    for at in module.own(&module.returns, id) {
        if let Some(value) = at.it.value {
            answer |= module.origin(value);
        }
        if let Body::Block(_) = function.body {
            answer |= module.conditions(at.node, function.node);
        }
    }
    if function.is_generator {
        answer |= Origin::CALL;
    }
    answer
}

fn told(module: &Module<'_>, id: FunctionId) -> Told {
    let mut told = Told { logs: Vec::new(), timers: Vec::new() };
    for call in module.inside(&module.calls, id) {
        match module.call_kind(call.it) {
            CallKind::Log => told.logs.push(call.it.span),
            CallKind::Timer => told.timers.push(call.it.span),
            _ => {}
        }
    }
    told
}

fn awaits(module: &Module<'_>, id: FunctionId) -> usize {
    let real = Origin::CALL | Origin::INPUT | Origin::FIELD | Origin::OUTER;
    module.own(&module.awaits, id).filter(|at| module.origin(&at.it.argument).has(real)).count()
}

fn parameters<'a>(module: &Module<'a>, id: FunctionId) -> Vec<Parameter<'a>> {
    let names = module.function(id).parameters().iter().copied();
    let parameter = |name: &BindingIdentifier<'a>| {
        let usage = name.symbol_id.get().map_or(Usage::Live, |symbol| served(module, symbol, id));
        Parameter { name: name.name.as_str(), span: name.span, usage }
    };
    names.map(parameter).collect()
}

/// The best use of a parameter; what serves no outcome of the function is not read for good.
fn served(module: &Module<'_>, symbol: SymbolId, id: FunctionId) -> Usage {
    match module.usage(symbol, id) {
        usage @ (Usage::Live | Usage::Presence) if !module.is_plainly_live(symbol, id) => {
            module.slice(id).map_or(usage, |slice| slice.level(symbol).usage().min(usage))
        }
        usage => usage,
    }
}

fn reads_fields(module: &Module<'_>, id: FunctionId) -> bool {
    let function = module.function(id);
    (function.node.index()..function.end.index()).any(|index| match module.kind(NodeId::from_usize(index)) {
        AstKind::StaticMemberExpression(it) => {
            matches!(it.object.get_inner_expression(), Expression::ThisExpression(_))
                && !module.is_logger(&it.object)
                && !crate::lexicon::LOGGERS.has(it.property.name.as_str())
        }
        AstKind::PrivateFieldExpression(it) => !crate::lexicon::LOGGERS.has(names::last(&it.object)),
        _ => false,
    })
}
