//! Wrappers that wrap nothing: `withRetry`, `inTransaction`, `withLock` that run what they are given once, as it is.
use super::RULE;
use crate::analysis::{Grade, Origin};
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module, Role, Write};
use crate::names;
use crate::syntax::*;

/// What a wrapper promises to do around the call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Transaction,
    Retry,
    Clock,
    /// What was known, held or counted before decides.
    State,
}

/// Words of names and of comments, and what is promised by them.
static PROMISES: &[(Around, &[&str])] = &[
    (
        Around::Transaction,
        &["transaction", "transactional", "transactionally", "atomic", "atomically", "unitofwork", "savepoint", "tx"],
    ),
    (
        Around::Retry,
        &["retry", "retries", "retrying", "retried", "retryable", "backoff", "attempts", "resilient", "resiliently"],
    ),
    (Around::Clock, &["timeout", "deadline", "timebox", "throttle", "throttled", "debounce", "debounced"]),
    (
        Around::State,
        &[
            "lock",
            "locked",
            "mutex",
            "exclusive",
            "exclusively",
            "semaphore",
            "singleflight",
            "leader",
            "once",
            "cache",
            "cached",
            "memoize",
            "memoized",
            "memoise",
            "breaker",
            "bulkhead",
            "dedupe",
            "deduped",
            "deduplicate",
            "idempotent",
            "idempotency",
            "idempotently",
            "limiter",
            "ratelimit",
            "limited",
            "concurrency",
        ],
    ),
];
/// Calls by which a connection is lent and given back.
static LENDS: Names = Names::new(&[
    "connect",
    "acquire",
    "release",
    "end",
    "checkout",
    "disconnect",
    "close",
    "getConnection",
    "getClient",
    "reserve",
]);

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if function.role != Role::Named
        || !module.is_candidate(function)
        || matches!(function.kind, Kind::Getter | Kind::Constructor)
        || module.is_null_object(function)
        || module.is_hook(function)
        || function.class.is_some_and(|class| module.class_of(class).it.heritage.is_some())
    {
        return None;
    }
    // `SingleNode.withLock`: whoever named it says that there is nothing to wait for.
    let plain = |word: &String| {
        matches!(word.as_str(), "no" | "single" | "local" | "pass" | "direct" | "plain" | "unlocked" | "disabled")
    };
    if function.owner_words().iter().any(plain) {
        return None;
    }
    let call = function.parameters().iter().copied().find_map(|name| only_call(module, function, name))?;
    let (around, promise) = promise(module, function)?;
    if !runs_as_it_is(module, function, call) || does_something(module, function, (around, call)) {
        return None;
    }
    let message = format!("{} runs what it is given once, and does nothing around it", function.qualified());
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(
                Evidence::AbsentEffect,
                module.kind(call).span(),
                "no other call here works, keeps or decides anything",
            )
            .because(Evidence::ContractWords, function.span, promise),
    )
}

/// What the name says, or the comment of a function whose name leads to it (`withConnection`, `runExclusive`).
fn promise<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(Around, String)> {
    let words = function.words();
    if words.iter().any(|word| {
        matches!(
            word.as_str(),
            "no" | "without" | "skip" | "noop" | "unlocked" | "log" | "time" | "timing" | "trace" | "measure"
        )
    }) {
        return None;
    }
    let of = |word: &str| PROMISES.iter().find(|(_, list)| list.contains(&word)).map(|it| it.0);
    let comment = module.comment_of(function).to_lowercase();
    if [
        "no-op",
        "noop",
        "does nothing",
        "pass-through",
        "passthrough",
        "single node",
        "as it is",
        "not needed",
        "for tests",
        "without ",
    ]
    .iter()
    .any(|text| comment.contains(text))
    {
        return None;
    }
    let named = words.iter().find_map(|word| Some((of(word)?, format!("its name says “{word}”"))));
    let owner = || {
        let leads = words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "run" | "execute" | "call" | "wrap" | "with" | "do" | "fire"));
        let owners = function.owner_words();
        owners.iter().filter(|_| leads).find_map(|word| Some((of(word)?, format!("it belongs to {}", function.owner))))
    };
    let leads = words.first().is_some_and(|word| {
        matches!(word.as_str(), "with" | "run" | "in" | "guard" | "protect" | "wrap" | "safely" | "using")
    });
    let said = || {
        names::text_words(&comment)
            .filter(|_| leads)
            .find_map(|word| Some((of(&word)?, format!("its comment says “{word}”"))))
    };
    named.or_else(owner).or_else(said)
}

/// The only use of a parameter, where it is a call of it.
fn only_call<'a>(module: &Module<'a>, function: &Function<'a>, name: &BindingIdentifier<'a>) -> Option<NodeId> {
    let mut uses = module.uses(name.symbol_id.get()?);
    let (only, None) = (uses.next()?.node_id(), uses.next()) else { return None };
    let call = module.parent(only);
    let AstKind::CallExpression(it) = module.kind(call) else { return None };
    let called = it.callee.span() == module.kind(only).span();
    // A method of it is called by its name: `op.call(this, …)`.
    (called && only > function.node && only < function.end).then_some(call)
}

/// Whether the call is reached once: no loop is around it, and a function around it is only handed back.
fn runs_as_it_is<'a>(module: &Module<'a>, function: &Function<'a>, call: NodeId) -> bool {
    let mut inner = module.kind(call).span();
    for (id, kind) in module.around(call).take_while(|(id, _)| *id > function.node) {
        let fine = match kind {
            AstKind::ForStatement(_)
            | AstKind::ForOfStatement(_)
            | AstKind::ForInStatement(_)
            | AstKind::WhileStatement(_)
            | AstKind::DoWhileStatement(_)
            | AstKind::NewExpression(_)
            | AstKind::ConditionalExpression(_)
            | AstKind::LogicalExpression(_) => false,
            AstKind::CallExpression(_) => false,
            AstKind::IfStatement(it) => it.test.span().contains_inclusive(inner),
            AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => is_handed_back(module, id),
            _ => true,
        };
        if !fine {
            return false;
        }
        inner = kind.span();
    }
    true
}

fn is_handed_back(module: &Module<'_>, node: NodeId) -> bool {
    matches!(
        module.kind(module.parent(node)),
        AstKind::ReturnStatement(_)
            | AstKind::ExpressionStatement(_)
            | AstKind::FunctionBody(_)
            | AstKind::ArrowFunctionExpression(_)
    )
}

/// Whether anything but the call works, waits for others, keeps or decides.
fn does_something<'a>(module: &Module<'a>, function: &Function<'a>, (around, given): (Around, NodeId)) -> bool {
    let id = function.id;
    let own = |call: &CallExpression<'a>| module.function_at_call(call) == Some(id);
    let calls = module.inside(&module.calls, id).iter().filter(|at| at.node != given).any(|at| {
        let name = names::last(&at.it.callee);
        let lends = around == Around::Transaction && names::object(&at.it.callee).is_some() && LENDS.has(name);
        let races = matches!(name, "race" | "any" | "timeout" | "abort" | "then" | "finally" | "catch");
        let waits = around != Around::Retry && module.call_kind(at.it) == crate::analysis::CallKind::Timer;
        own(at.it)
            || races
            || waits
            || !lends && module.grade(at) >= Grade::Read
            || names::object(&at.it.callee).is_some_and(|object| matches!(names::last(object), "this"))
                && !lexicon::LOGGERS.has(name)
    });
    let news = module.inside(&module.news, id).iter().any(|at| {
        let name = names::last(&at.it.callee);
        !matches!(name, "Date" | "Error" | "Promise" | "Map" | "Set") && !name.ends_with("Error")
            || name == "Promise" && around != Around::Retry
    });
    let keeps = module.inside(&module.writes, id).iter().any(|at| {
        let counts = matches!(at.it, Write::Update(_)) && around != Around::State;
        !counts && module.write_kind(id, at.it).is_some()
    });
    let state = around == Around::State
        && module.inside(&module.writes, id).iter().any(|at| module.function_around(at.node) != Some(id));
    let decides = module.inside(&module.ifs, id).iter().any(|at| {
        let caught = module
            .around(at.node)
            .take_while(|(node, _)| *node > function.node)
            .any(|(_, kind)| matches!(kind, AstKind::CatchClause(_)));
        !caught && module.origin(&at.it.test).has(Origin::CALL | Origin::FIELD | Origin::OUTER)
    });
    let tagged = (function.node.index()..function.end.index()).any(|index| {
        matches!(
            module.kind(NodeId::from_usize(index)),
            AstKind::TaggedTemplateExpression(_) | AstKind::ThisExpression(_)
        )
    });
    decides || calls || news || keeps || state || tagged || !module.inside(&module.yields, id).is_empty()
}

impl<'a> Module<'a> {
    /// The function of the module that a call runs by its plain name.
    fn function_at_call(&self, call: &CallExpression<'a>) -> Option<crate::model::FunctionId> {
        let Expression::Identifier(name) = call.callee.get_inner_expression() else { return None };
        self.function_of(self.symbol(name)?)
    }
}
