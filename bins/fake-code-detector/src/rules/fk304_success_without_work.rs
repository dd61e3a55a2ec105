//! FK304 success-without-work: it says that it is done, and has done nothing.
mod acks;
mod loops;
mod named;
mod payload;
mod recorded;
pub(crate) mod states;
mod stores;
mod thunk;
mod undone;
mod unread;
mod vain;
mod voids;
mod wrapper;

use crate::analysis::{Claim, EffectKind, Origin};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module, Role, Write};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK304",
    name: "success-without-work",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function that promises an effect answers that it is done, and does nothing that could have done it",
    details: "What counts is what is reached: calls that only look something up, log, wait, or tell the screen do no work, nor does a value \
              that dies with the function. A call that is not understood counts as work. An asynchronous function whose name cannot be kept without \
              reaching somebody (send, delete, pay) is a warning even where it says nothing. The promise is in the name, the route or the first \
              word of the comment. An entry that says that it was done (`status: \"refunded\"`, `sentAt: new Date()`) is no work where the promise is of what no entry \
              can be: money that moves, a message, data that goes away, a roll-out, a copy, a machine. Nor is a wrapper (`withRetry`, `inTransaction`) \
              that runs what it is given once and does nothing around it, nor a call in vain: on a transport that is set to send nothing, \
              into a stream that is drained, of a statement that nothing runs, in a transaction that is always rolled back. Validation results, dry runs and records of what somebody else did are not meant.",
    repair: "make the call whose answer decides, and build the answer from it; or throw until there is one",
    bad: "async function refund(payment: Payment, amount: number) {\n  if (amount <= 0) throw new RangeError(\"amount\");\n  return { paymentId: payment.id, amount, status: \"refunded\" };\n}\n",
    good: "async function refund(payment: Payment, amount: number) {\n  const settled = await gateway.refund(payment.ref, amount);\n  return { paymentId: payment.id, amount: settled.amount, status: \"refunded\" };\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        let found = finding(module, function)
            .or_else(|| loops::finding(module, function))
            .or_else(|| states::finding(module, function))
            .or_else(|| voids::finding(module, function))
            .or_else(|| acks::finding(module, function))
            .or_else(|| payload::finding(module, function))
            .or_else(|| named::finding(module, function))
            .or_else(|| recorded::finding(module, function))
            .or_else(|| unread::finding(module, function))
            .or_else(|| wrapper::finding(module, function))
            .or_else(|| vain::finding(module, function))
            .or_else(|| thunk::finding(module, function))
            .or_else(|| undone::rolled_back(module, function))
            .or_else(|| undone::unstored(module, function));
        sink.findings.extend(found);
    }
    for class in &module.classes {
        sink.findings.extend(stores::finding(module, class));
    }
    sink.findings.extend(named::unused_engine(module));
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) || function.kind == Kind::Getter || function.is_generator {
        return None;
    }
    // `createSuccessResult`: it makes the answer of somebody else's work.
    if function.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "result"
                | "results"
                | "response"
                | "success"
                | "receipt"
                | "mock"
                | "reducer"
                | "preview"
                | "dry"
                | "estimate"
                | "context"
        )
    }) {
        return None;
    }
    // What is set here is stored by an effect or another handler.
    if !module.elements.is_empty()
        && module.deeds(function.id).is_some_and(|deeds| module.keeps_any(&deeds, function.id))
    {
        return None;
    }
    let mut claims = module.claims_of(function.id).to_vec();
    claims.retain(|claim| !depends_on_answer(module, claim, function) && !is_transition(module, function, claim));
    // To open something may mean no more than to read it.
    if function.verb() == "open" {
        claims.retain(|claim| claim.strong);
    }
    let own = if function.is_async { module.says_its_verb(function) } else { None };
    let own = own.filter(|_| !module.keeps_something(function.id));
    let counted = || module.counted(function).filter(|_| function.is_async || reaches_by_name(function));
    let orders = || module.has_route(function) || module.command_of(function).is_some() || is_theatre(module, function);
    let routed = || if orders() { module.logs_done(function) } else { None };
    if claims.is_empty() {
        claims.extend(own.clone().or_else(counted).or_else(routed).or_else(|| module.answers_created(function)));
    }
    let claim = claims.iter().find(|claim| claim.strong).or(claims.first());
    let promise = module
        .promised_effect(function)
        .or_else(|| own.map(|own| format!("it says `{}` itself", own.text)))
        .or_else(|| claim.and_then(|claim| promise_of_claim(module, function, claim)))
        .or_else(|| claim.and_then(|claim| promised_by_itself(module, function, claim)))?;
    if module.is_hook(function)
        || module.is_null_object(function)
        || is_done_at_once(module, function)
        || module.tells_by_name(function.id)
    {
        return None;
    }
    if module.summary(function.id)?.work().is_some() {
        return None;
    }
    // `invoiceTotals`, `orderSummary`: a noun, and a time that says little.
    let noun = matches!(
        function.verb().as_str(),
        "invoice" | "bill" | "order" | "page" | "index" | "book" | "queue" | "schedule"
    );
    match claim {
        Some(claim) if noun && !claim.strong && function.words().len() > 1 => None,
        Some(claim) if claim.strong || !module.has_heritage(function) || reaches_by_name(function) => {
            claimed(function, claim, promise)
        }
        Some(_) => None,
        None => silent(module, function, promise),
    }
}

/// It says that it is done.
fn claimed(function: &Function<'_>, claim: &Claim, promise: String) -> Option<Finding> {
    let severity = if claim.strong { Severity::Error } else { Severity::Warning };
    let what = if function.name.is_empty() { "the handler".to_owned() } else { function.qualified() };
    let finding =
        Finding::new(&RULE, function.span, format!("{what} answers `{}`, but nothing in it does that", claim.text));
    Some(
        finding
            .of(function.id)
            .with_severity(severity)
            .because(Evidence::AbsentEffect, function.span, "no call that does work is reached on any path")
            .because(Evidence::ContractWords, claim.span, promise),
    )
}

/// It says nothing, but an asynchronous function of that name, or a route that deletes, that asks and reaches nobody at all cannot have
/// done it.
fn silent<'a>(module: &Module<'a>, function: &Function<'a>, promise: String) -> Option<Finding> {
    let summary = module.summary(function.id)?;
    // `ConsoleTransport.deliver`: what it reaches is the terminal, and it says so.
    let terminal = |word: &String| matches!(word.as_str(), "console" | "terminal" | "stdout" | "log" | "logging");
    if !summary.logs().is_empty() && function.owner_words().iter().any(terminal) {
        return None;
    }
    // `for await (const part of answer())` waits for somebody.
    let streams = (function.node.index()..function.end.index())
        .any(|node| matches!(module.kind(NodeId::from_usize(node)), AstKind::ForOfStatement(it) if it.r#await));
    if streams {
        return None;
    }
    let verb = module.effect_verb(function);
    let hook = function.name.starts_with("on") && function.role != Role::Handler;
    let decided = !hook
        && verb.as_ref().is_some_and(|verb| {
            REACHES.has(verb.as_str())
                || summary.awaits() == 0 && !HERE.has(verb.as_str()) && !module.keeps_something(function.id)
        })
        && function.is_async
        && function.statements().len() >= 2;
    let route =
        function.role == Role::Callback && matches!(function.argument_of, "delete" | "put" | "patch") && verb.is_none();
    let mutates = function.argument_of == "mutation" && function.is_async && function.statements().len() >= 2;
    let answers = matches!(function.name, "DELETE" | "PUT" | "PATCH") && module.has_route(function);
    let decided = decided || mutates || answers;
    let calm = asks_and_stops(module, function, verb.as_deref());
    let decided = decided || calm;
    let idle = (decided || summary.awaits() == 0) && !assigns_field(module, function);
    let told = |value: &'a Expression<'a>| matches!(value.get_inner_expression(), Expression::CallExpression(call) if module.is_tell(call));
    let put_together = |value: &Expression<'_>| {
        matches!(
            value.get_inner_expression(),
            Expression::ObjectExpression(_)
                | Expression::TemplateLiteral(_)
                | Expression::BinaryExpression(_)
                | Expression::NewExpression(_)
        )
    };
    let defers = summary
        .values()
        .filter(|value| !told(value) && !put_together(value))
        .any(|value| module.origin(value).has(Origin::CALL | Origin::FIELD) || module.function_in(value).is_some());
    if !(decided || route)
        || !idle
        || defers && !calm
        || summary.parameters().is_empty()
        || function.class.is_some_and(|class| module.class_of(class).it.heritage.is_some())
        || matches!(function.statements().last(), Some(Statement::ThrowStatement(_)))
    {
        return None;
    }
    let what = if function.name.is_empty() { "the handler".to_owned() } else { function.qualified() };
    Some(
        Finding::new(&RULE, function.span, format!("{what} reaches nobody who could do what it promises"))
            .of(function.id)
            .with_severity(Severity::Warning)
            .because(
                Evidence::AbsentEffect,
                function.span,
                "no call that does work, or asks anybody, is reached on any path",
            )
            .because(Evidence::ContractWords, function.span, promise),
    )
}

/// Whether an answer is a call, or a function, that may yet do the work, on any of its arms.
fn hands_over<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value.get_inner_expression() {
        Expression::AwaitExpression(_) | Expression::CallExpression(_) | Expression::NewExpression(_) => true,
        Expression::ConditionalExpression(it) => {
            hands_over(module, &it.consequent) || hands_over(module, &it.alternate)
        }
        Expression::LogicalExpression(it) => hands_over(module, &it.left) || hands_over(module, &it.right),
        other => module.function_in(other).is_some(),
    }
}

/// Whether a function whose verb changes something elsewhere only asks, and what it answers is no call that could yet do it.
fn asks_and_stops<'a>(module: &Module<'a>, function: &Function<'a>, verb: Option<&str>) -> bool {
    let hands_over = |value: &'a Expression<'a>| hands_over(module, value);
    function.is_async
        && function.role == Role::Named
        && function.statements().len() >= 2
        && (module.changes_by_verb(function) || verb.is_some_and(|verb| (!HERE.has(verb) || is_form_action(module, function)) && !READS.has(verb)))
        && !module.keeps_something(function.id)
        && module.summary(function.id).is_some_and(|summary| summary.awaits() > 0 && !summary.values().any(hands_over))
        && module.inside(&module.yields, function.id).is_empty()
        && module.own(&module.awaits, function.id).any(|at| {
            matches!(at.it.argument.get_inner_expression(), Expression::CallExpression(call) if names::object(&call.callee).is_some_and(|object| !object.is_specific_id("Promise")) || module.call_kind(call).is_effect())
        })
        && module.only_asks(function.id)
}

/// `async function placeOrder(form: FormData)`: a form is sent to it, and it is there to do something with it.
fn is_form_action<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    function.params.items.iter().any(|item| {
        item.type_annotation.as_ref().is_some_and(|it| module.text_of(it.type_annotation.span()) == "FormData")
    })
}

/// Verbs of effects that may mean no more than to bring or to wait for something.
static READS: Names = Names::new(&[
    "import",
    "subscribe",
    "ingest",
    "acquire",
    "sync",
    "retry",
    "replay",
    "confirm",
    "approve",
    "signin",
    "warm",
]);

/// Whether it puts something into a field: a flag that somebody else acts on.
fn assigns_field<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.inside(&module.writes, function.id).iter().any(|at| {
        matches!(at.it, Write::Assign(it) if it.operator == AssignmentOperator::Assign)
            && module.write_kind(function.id, at.it) == Some(EffectKind::Field)
    })
}

/// Whether the answer is what was given, with a mark: a new state, made by a function that reaches nobody because it need not.
fn is_transition<'a>(module: &Module<'a>, function: &Function<'a>, claim: &Claim) -> bool {
    if function.is_async || function.role == Role::Handler || module.has_route(function) {
        return false;
    }
    let returned = module
        .between(&module.returns, claim.node, function.end)
        .first()
        .filter(|at| at.node == claim.node)
        .and_then(|at| at.it.value);
    let spreads = matches!(returned.map(Expression::get_inner_expression), Some(Expression::ObjectExpression(it)) if it.properties.iter().any(|it| matches!(it, ObjectPropertyKind::SpreadProperty(_))));
    spreads || !claim.strong
}

/// Whether the name of a function is a verb that cannot be done without reaching somebody.
fn reaches_by_name(function: &Function<'_>) -> bool {
    REACHES.has(function.verb().as_str())
}

/// Verbs of effects that may well be done with a value at hand.
static HERE: Names = Names::new(&[
    "drain",
    "place",
    "index",
    "order",
    "track",
    "mark",
    "open",
    "start",
    "stop",
    "close",
    "enable",
    "disable",
    "reset",
    "clear",
    "merge",
    "patch",
    "process",
    "apply",
    "end",
    "give",
    "hand",
    "take",
    "pair",
    "switch",
    "record",
    "report",
    "print",
    "scale",
    "move",
    "copy",
    "create",
    "put",
    "write",
    "drop",
    "clean",
    "lock",
    "unlock",
    "execute",
    "export",
    "prune",
    "swap",
    "rotate",
    "stage",
    "wire",
    "forward",
    "file",
    "add",
    "commit",
    "complete",
    "login",
    "authenticate",
    "append",
    "assign",
    "attach",
    "detach",
    "launch",
    "invoice",
    "bill",
    "queue",
    "book",
    "mail",
    "page",
    "alert",
    "schedule",
    "trigger",
    "fire",
    "dispatch",
    "emit",
    "call",
    "consume",
    "promote",
    "connect",
    "disconnect",
    "issue",
    "claim",
    "sign",
    "log",
]);

/// Verbs that cannot be done without reaching somebody.
static REACHES: Names = Names::new(&[
    "send",
    "publish",
    "deliver",
    "notify",
    "broadcast",
    "upload",
    "save",
    "persist",
    "delete",
    "remove",
    "purge",
    "erase",
    "charge",
    "pay",
    "refund",
    "capture",
    "transfer",
    "withdraw",
    "deposit",
    "payout",
    "deploy",
    "rollback",
    "provision",
    "migrate",
    "restore",
    "backup",
    "replicate",
    "subscribe",
    "unsubscribe",
    "revoke",
    "invite",
    "ban",
    "enqueue",
    "email",
    "sms",
    "submit",
    "acquire",
    "archive",
    "cancel",
    "register",
    "reserve",
    "settle",
    "disburse",
    "invalidate",
    "evict",
    "import",
    "insert",
    "flush",
    "sync",
]);

fn only_logs_in_loop<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    function.statements().iter().any(|statement| match statement {
        Statement::ForOfStatement(it) => module.only_logs(&it.body),
        _ => false,
    })
}

/// An asynchronous callback without a name of its own that only logs in its loop.
fn is_theatre<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    function.role == Role::Callback && function.is_async && only_logs_in_loop(module, function)
}

/// A loop that only logs each element, and then their number under "processed": the claim itself is the promise.
fn promise_of_claim<'a>(module: &Module<'a>, function: &Function<'a>, claim: &Claim) -> Option<String> {
    let looped = only_logs_in_loop(module, function);
    let unread = module.summary(function.id)?.has_no_effect();
    (looped && unread && !claim.strong || looped && claim.strong)
        .then(|| format!("it says `{}`, and its loop only logs", claim.text))
}

/// `return { …, applied: true }` of an asynchronous function that is given something and waits for nobody: it says itself what was to be
/// done.
fn promised_by_itself<'a>(module: &Module<'a>, function: &Function<'a>, claim: &Claim) -> Option<String> {
    let verb = module.contract_verb(function);
    let pure = [&lexicon::QUERY_VERBS, &lexicon::COMPUTE_VERBS, &lexicon::CHECK_VERBS, &lexicon::READ_VERBS]
        .iter()
        .any(|it| it.has(verb));
    let (key, value) = claim.text.split_once(':')?;
    let done = value.trim() == "true"
        && names::words(key.trim()).last().is_some_and(|word| {
            let verb = |stem: &str| lexicon::EFFECT_VERBS.has(stem);
            word.strip_suffix("ed").is_some_and(verb)
                || word.strip_suffix("ied").is_some_and(|stem| verb(&format!("{stem}y")))
                || word.strip_suffix('d').is_some_and(|stem| stem.ends_with('e') && verb(stem))
        });
    let idle = module.summary(function.id).is_some_and(|it| it.awaits() == 0 && !it.parameters().is_empty());
    (claim.strong && function.is_async && !function.name.is_empty() && !pure && done && idle)
        .then(|| format!("it says `{}` itself", claim.text))
}

/// What is done by a function of the language alone, or by a change of state that needs nobody: `clearTimeout`, `this.open = false`.
fn is_done_at_once<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let clears = module
        .inside(&module.calls, function.id)
        .iter()
        .any(|at| matches!(names::last(&at.it.callee), "clearTimeout" | "clearInterval" | "cancelAnimationFrame"));
    let keeps_record =
        matches!(function.verb().as_str(), "log" | "record" | "audit" | "track" | "report" | "trace" | "note");
    let at_once = !function.is_async && (function.role == Role::Named || function.role == Role::Other);
    let empty = function.params.items.is_empty() && function.statements().len() <= 1 && !module.has_route(function);
    let handles = module.calls_that_claim(function.id, function.node, function.end).is_empty();
    clears || keeps_record || at_once && handles && (module.keeps_something(function.id) || empty)
}

/// Whether a claim is made only where somebody's answer says so: `if (job.done) return { status: "completed" }`.
fn depends_on_answer<'a>(module: &Module<'a>, claim: &Claim, function: &Function<'a>) -> bool {
    module.around(claim.node).take_while(|(node, _)| *node > function.node).any(|(_, kind)| match kind {
        AstKind::IfStatement(it) => {
            let says =
                !matches!(it.test.get_inner_expression(), Expression::Identifier(_) | Expression::UnaryExpression(_));
            says && it.consequent.span().contains_inclusive(claim.span) && module.origin(&it.test).has(Origin::CALL)
        }
        _ => false,
    })
}
