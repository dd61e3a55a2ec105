//! What a function does, in one value that all rules read.
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

/// What a function does.
pub(crate) struct Summary<'a> {
    pub(crate) parameters: Vec<Parameter<'a>>,
    /// What it changes that it did not make, functions inside of it included.
    pub(crate) effects: Vec<Effect>,
    /// Calls of logs, functions inside of it included.
    pub(crate) logs: Vec<Span>,
    /// Pauses, functions inside of it included.
    pub(crate) timers: Vec<Span>,
    /// The values that it returns.
    pub(crate) returns: Vec<Return<'a>>,
    /// What its values are made of, and what decides which of them is returned.
    pub(crate) answer: Origin,
    /// Its own `throw`s.
    pub(crate) throws: usize,
    /// `await`s of anything but pauses.
    pub(crate) awaits: usize,
    /// The first thing in it that does work, functions inside of it and functions that it calls included.
    pub(crate) work: Option<Span>,
    /// It reads a field of `this`.
    pub(crate) reads_fields: bool,
}

impl<'a> Summary<'a> {
    /// The best use of any parameter; where there is none, `Unread`.
    pub(crate) fn best_usage(&self) -> Usage {
        self.parameters.iter().map(|parameter| parameter.usage).max().unwrap_or_default()
    }

    /// Whether no parameter is read for more than a log, a pause or a value that nothing reads.
    pub(crate) fn ignores_input(&self) -> bool {
        self.best_usage() < Usage::Guarding
    }

    /// Whether all parameters begin with an underscore: their author says that they are not read.
    pub(crate) fn all_underscored(&self) -> bool {
        !self.parameters.is_empty() && self.parameters.iter().all(|parameter| parameter.name.starts_with('_'))
    }

    /// Whether it changes nothing that it did not make.
    pub(crate) fn has_no_effect(&self) -> bool {
        self.effects.is_empty()
    }

    /// The values that are returned, without those of a bare `return`.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a Expression<'a>> + '_ {
        self.returns.iter().filter_map(|it| it.value)
    }

    /// Whether there is a value, and none is made of anything but literals (through variables and functions of the module too).
    pub(crate) fn is_constant(&self) -> bool {
        self.returns.iter().any(|it| it.value.is_some()) && self.answer.is_constant()
    }
}

/// Finds out what a function does.
pub(crate) fn summarise<'a>(module: &Module<'a>, id: FunctionId) -> Summary<'a> {
    let function = module.function(id);
    let returns: Vec<Return<'a>> = module.returns_of(id).collect();
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
    let (mut logs, mut timers) = (Vec::new(), Vec::new());
    for call in module.inside(&module.calls, id) {
        match module.call_kind(call.it) {
            CallKind::Log => logs.push(call.it.span),
            CallKind::Timer => timers.push(call.it.span),
            _ => {}
        }
    }
    let awaits = module
        .own(&module.awaits, id)
        .filter(|at| module.origin(&at.it.argument).has(Origin::CALL | Origin::INPUT | Origin::FIELD | Origin::OUTER))
        .count();
    let parameters = function
        .parameters()
        .into_iter()
        .map(|name| {
            let usage = name.symbol_id.get().map_or(Usage::Live, |symbol| served(module, symbol, id));
            Parameter { name: name.name.as_str(), span: name.span, usage }
        })
        .collect();
    let reads_fields = reads_fields(module, id);
    let throws = module.own(&module.throws, id).count();
    Summary {
        parameters,
        effects: module.effects_of(id),
        logs,
        timers,
        returns,
        answer,
        throws,
        awaits,
        work: module.work_of(id),
        reads_fields,
    }
}

/// The best use of a parameter; what serves no outcome of the function is not read for good.
fn served(module: &Module<'_>, symbol: SymbolId, id: FunctionId) -> Usage {
    match module.usage(symbol, id) {
        usage @ (Usage::Live | Usage::Presence) => {
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
