//! FK302 timer-as-response: a timer answers instead of whoever was to be asked.
use rustc_hash::FxHashSet;

use crate::analysis::{CallKind, Grade};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{At, FunctionId, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK302",
    name: "timer-as-response",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A timer resolves a promise, sets state, emits or calls back with an answer that nobody gave",
    details: "The callback of the timer does no work, and neither does the function around it. Debounced requests, timeouts beside a real \
              request, clocks, and timers that only open, close or hide something are not meant.",
    repair: "ask for the answer, and keep the timer only as a limit",
    bad: "function check(id: string) {\n  return new Promise((resolve) => {\n    setTimeout(() => resolve({ decision: \"approved\", confidence: 0.97 }), 1200);\n  });\n}\n",
    good: "function check(id: string) {\n  return Promise.race([provider.check(id), after(1200).then(() => ({ decision: \"pending\" }))]);\n}\n",
    check,
};

static TIMERS: Names = Names::new(&[
    "setTimeout",
    "setInterval",
    "setImmediate",
    "requestAnimationFrame",
    "requestIdleCallback",
    "queueMicrotask",
    "nextTick",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<FunctionId> = FxHashSet::default();
    for at in &module.calls {
        let Some((host, finding)) =
            of_timer(module, at).or_else(|| of_chain(module, at)).or_else(|| of_delay(module, at))
        else {
            continue;
        };
        if !reported.contains(&host) {
            reported.insert(host);
            sink.report(finding);
        }
    }
}

/// `setTimeout(() => resolve({ … }), 500)` and `setTimeout(resolve, 500, { … })`.
fn of_timer<'a>(module: &Module<'a>, at: &At<&'a CallExpression<'a>>) -> Option<(FunctionId, Finding)> {
    let call = at.it;
    if !TIMERS.has(names::last(&call.callee)) || module.call_kind(call) != CallKind::Timer {
        return None;
    }
    let callback = call.arguments.first()?.as_expression()?;
    let id = module.function_meant(callback);
    let host = host_of(module, at.node)?;
    let answer = match id {
        // What stands in the host is looked at with it.
        Some(id) if !is_within(module, id, host) && module.summary(id)?.work().is_some() => return None,
        Some(id) => answer_in(module, id, host)?,
        None => {
            let value = call.arguments.get(2)?.as_expression()?;
            (module.invented(value).is_rich() || is_blind_answer(module, value, host)).then(|| value.span())?
        }
    };
    finding(module, host, call.span, answer)
}

fn is_within(module: &Module<'_>, inner: FunctionId, outer: FunctionId) -> bool {
    let (inner, outer) = (module.function(inner), module.function(outer));
    inner.node > outer.node && inner.node < outer.end
}

/// `sleep(500).then(() => ({ … }))`.
fn of_chain<'a>(module: &Module<'a>, at: &At<&'a CallExpression<'a>>) -> Option<(FunctionId, Finding)> {
    let call = at.it;
    if names::last(&call.callee) != "then" || !module.is_pause(names::object(&call.callee)?) {
        return None;
    }
    let id = module.function_in(call.arguments.first()?.as_expression()?)?;
    let host = host_of(module, at.node)?;
    if module.summary(id)?.work().is_some() {
        return None;
    }
    let told = answer_in(module, id, host);
    let says = |value: &&'a Expression<'a>| {
        is_answer(module, value)
            || is_blind_answer(module, value, host)
            || module.claim_in(value).is_some_and(|claim| claim.2)
    };
    let answer = told.or_else(|| module.summary(id)?.values().find(says).map(GetSpan::span))?;
    finding(module, host, call.span, answer)
}

/// `later({ … }, 400)` of a function that resolves with what it is given when time has passed.
fn of_delay<'a>(module: &Module<'a>, at: &At<&'a CallExpression<'a>>) -> Option<(FunctionId, Finding)> {
    let CallKind::Local(id) = module.call_kind(at.it) else { return None };
    let position = delayed_parameter(module, id)?;
    let value = at.it.arguments.get(position)?.as_expression()?;
    let host = host_of(module, at.node)?;
    (is_answer(module, value) || is_blind_answer(module, value, host))
        .then(|| finding(module, host, at.it.span, value.span()))?
}

/// Which parameter a function gives back when a timer fires.
fn delayed_parameter(module: &Module<'_>, id: FunctionId) -> Option<usize> {
    let function = module.function(id);
    if function.span.size() > 400 || module.inside(&module.news, id).is_empty() {
        return None;
    }
    let timed = module.inside(&module.calls, id).iter().any(|at| module.call_kind(at.it) == CallKind::Timer);
    let given = |value: &Expression<'_>| {
        function.params.items.iter().position(|item| {
            item.pattern.get_binding_identifier().is_some_and(|name| value.is_specific_id(name.name.as_str()))
        })
    };
    let mut calls = module.inside(&module.calls, id).iter().filter(|_| timed);
    calls.find_map(|at| {
        let name = names::last(&at.it.callee);
        let position = match module.call_kind(at.it) {
            CallKind::Pure if names::object(&at.it.callee).is_none() => 0,
            CallKind::Timer if name == "setTimeout" => 2,
            _ => return None,
        };
        given(at.it.arguments.get(position)?.as_expression()?)
    })
}

/// A literal object for a question of which the function reads nothing.
fn is_blind_answer<'a>(module: &Module<'a>, value: &'a Expression<'a>, host: FunctionId) -> bool {
    let function = module.function(host);
    let Expression::ObjectExpression(it) = module.meant(value) else { return false };
    it.properties.len() >= 2
        && module.origin(value).is_constant()
        && names::verb_in(module.contract_name(function), &crate::lexicon::QUERY_VERBS)
        && module.summary(host).is_some_and(|summary| !summary.parameters().is_empty() && summary.ignores_input())
}

fn finding(module: &Module<'_>, host: FunctionId, timer: Span, answer: Span) -> Option<(FunctionId, Finding)> {
    let function = module.function(host);
    if module.summary(host)?.work().is_some() || module.is_null_object(function) || asks_somebody(module, host, answer)
    {
        return None;
    }
    let name = if function.name.is_empty() { "this function" } else { function.name };
    let finding =
        Finding::new(&RULE, function.span, format!("{name} lets a timer give the answer `{}`", module.brief(answer)))
            .of(host)
            .because(Evidence::AbsentEffect, timer, "the timer is all that stands between the question and the answer")
            .because(Evidence::InventedValue, answer, "nobody gave this value");
    Some((host, finding))
}

/// Whether the function asks somebody beside the timer: then the timer is a limit.
fn asks_somebody(module: &Module<'_>, host: FunctionId, answer: Span) -> bool {
    let asked = |at: &&At<&CallExpression<'_>>| matches!(module.kind(module.parent(at.node)), AstKind::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "then" | "catch" | "finally"));
    module
        .inside(&module.calls, host)
        .iter()
        .any(|at| asked(&at) && !at.it.span.contains_inclusive(answer) && module.grade(at) >= Grade::Read)
}

/// The function around a timer that the answer is for: not the executor of its promise.
fn host_of(module: &Module<'_>, node: NodeId) -> Option<FunctionId> {
    let mut id = module.function_around(node)?;
    for _ in 0..3 {
        let function = module.function(id);
        let executor = matches!(module.kind(module.parent(function.node)), AstKind::NewExpression(_));
        match function.parent {
            Some(parent) if executor || function.role == Role::Named && is_timer_target(module, id) => id = parent,
            _ => break,
        }
    }
    Some(id)
}

/// Whether a function re-arms itself: `const tick = () => { … setTimeout(tick, 100) }`.
fn is_timer_target(module: &Module<'_>, id: FunctionId) -> bool {
    let name = module.function(id).name;
    module.own(&module.calls, id).any(|at| {
        TIMERS.has(names::last(&at.it.callee))
            && at.it.arguments.first().and_then(Argument::as_expression).is_some_and(|value| value.is_specific_id(name))
    })
}

/// What a callback tells that nobody gave it.
fn answer_in<'a>(module: &Module<'a>, id: FunctionId, host: FunctionId) -> Option<Span> {
    for at in module.inside(&module.calls, id) {
        let call = at.it;
        let told = match module.call_kind(call) {
            CallKind::Effect => module.is_tell(call),
            CallKind::Pure => names::object(&call.callee).is_none(),
            CallKind::Local(_) => true,
            _ => false,
        };
        if !told || is_failure(module, call) {
            continue;
        }
        let values = call.arguments.iter().filter_map(Argument::as_expression);
        for value in values {
            let after_pending = module.is_setter(call) && follows_pending(module, call, value, host);
            let claims = !module.is_setter(call) && module.claim_in(value).is_some_and(|claim| claim.2);
            let resolves = module.call_kind(call) == CallKind::Pure;
            let effect = || module.promised_effect(module.function(host)).is_some();
            let yes = resolves && matches!(value, Expression::BooleanLiteral(it) if it.value) && effect();
            let yes = yes || resolves && is_new_answer(module, value) && sends(module, host);
            let figure = module.is_setter(call) && is_figure(call, value);
            let blind = resolves && is_blind_answer(module, value, host);
            if after_pending || claims || yes || figure || blind || is_answer(module, value) {
                return Some(value.span());
            }
        }
    }
    let function = module.function(id);
    let news = module.calls_that_claim(id, function.node, function.end);
    news.first().map(|claim| claim.span).or_else(|| put_in(module, id))
}

/// `weather.value = { temp: 18.5, sky: "cloudy" }`: what a callback writes into a state.
fn put_in<'a>(module: &Module<'a>, id: FunctionId) -> Option<Span> {
    module.inside(&module.writes, id).iter().find_map(|at| {
        let crate::model::Write::Assign(it) = at.it else { return None };
        let (_, name) = names::target(&it.left);
        let object = matches!(it.right.get_inner_expression(), Expression::ObjectExpression(it) if it.properties.len() >= 2)
            || matches!(it.right.get_inner_expression(), Expression::ArrayExpression(_));
        let told = module.invented(&it.right);
        let made_up = is_answer(module, &it.right) || told.strings + told.numbers >= 2 && module.origin(&it.right).is_constant();
        (name == "value" && object && made_up).then(|| it.right.span())
    })
}

/// `setBalance(18432.77)`: a number that nobody chooses, or one of what is measured, for a state that had none before.
fn is_figure(call: &CallExpression<'_>, value: &Expression<'_>) -> bool {
    let Expression::NumericLiteral(number) = value.get_inner_expression() else { return false };
    let name = names::last(&call.callee);
    let measured = names::has_word(name, &crate::lexicon::METRIC_NOUNS) && number.value > 1.0;
    let shape = names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "width" | "height" | "offset" | "step" | "index" | "opacity" | "scale" | "progress" | "delay"
        )
    });
    (number.value.fract() != 0.0 && number.value > 1.0 || measured) && !shape
}

/// An object with something in it that is more than what was given.
fn is_new_answer<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    matches!(value.get_inner_expression(), Expression::ObjectExpression(it) if it.properties.len() >= 2)
        && !module.origin(value).has(crate::analysis::Origin::CALL | crate::analysis::Origin::FIELD)
}

/// Whether the name of a function says that something goes to somebody else.
fn sends(module: &Module<'_>, host: FunctionId) -> bool {
    let verb = names::verb(module.contract_name(module.function(host)));
    matches!(
        verb.as_str(),
        "upload"
            | "send"
            | "submit"
            | "publish"
            | "pay"
            | "charge"
            | "refund"
            | "save"
            | "store"
            | "persist"
            | "create"
            | "register"
            | "book"
            | "order"
            | "transfer"
            | "deploy"
            | "import"
            | "invite"
            | "notify"
            | "delete"
            | "remove"
            | "update"
            | "subscribe"
            | "post"
            | "verify"
            | "sync"
            | "reserve"
            | "checkout"
            | "login"
            | "signup"
    )
}

fn is_answer<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    if let Some(added) = module.function_in(value).and_then(|id| module.returns_of(id).next()?.value) {
        return adds_answer(module, added);
    }
    let object = matches!(
        value.get_inner_expression(),
        Expression::ObjectExpression(_)
            | Expression::ArrayExpression(_)
            | Expression::Identifier(_)
            | Expression::CallExpression(_)
    );
    let real = crate::analysis::Origin::CALL | crate::analysis::Origin::FIELD | crate::analysis::Origin::OUTER;
    let styles = [
        "opacity",
        "transform",
        "left",
        "top",
        "width",
        "height",
        "duration",
        "x",
        "y",
        "delay",
        "animated",
        "behavior",
    ];
    let shown = matches!(value.get_inner_expression(), Expression::ObjectExpression(it) if crate::analysis::object_keys(it).any(|key| styles.contains(&key)));
    object && !shown && module.invented(value).is_rich() && !module.origin(value).has(real)
}

/// `[...all, { role: "assistant", content: "…" }]`: a list that a ready element is added to.
fn adds_answer<'a>(module: &Module<'a>, list: &'a Expression<'a>) -> bool {
    let elements: Vec<&'a Expression<'a>> = match list.get_inner_expression() {
        Expression::ArrayExpression(list) => {
            list.elements.iter().filter_map(ArrayExpressionElement::as_expression).collect()
        }
        Expression::CallExpression(call) if names::last(&call.callee) == "concat" => {
            call.arguments.iter().filter_map(Argument::as_expression).collect()
        }
        _ => return false,
    };
    let real = crate::analysis::Origin::CALL
        | crate::analysis::Origin::FIELD
        | crate::analysis::Origin::OUTER
        | crate::analysis::Origin::INPUT;
    elements.into_iter().map(|element| module.meant(element)).any(|element| {
        let invented = module.invented(element);
        let ready = invented.prose > 0 || invented.is_rich();
        recites_table(module, element)
            || matches!(element.get_inner_expression(), Expression::ObjectExpression(_))
                && ready
                && !module.origin(element).has(real)
    })
}

/// `{ who: "bot", text: ANSWERS[n % ANSWERS.length] }` of a list of sentences.
fn recites_table<'a>(module: &Module<'a>, element: &'a Expression<'a>) -> bool {
    let Expression::ObjectExpression(object) = element.get_inner_expression() else { return false };
    object.properties.iter().any(|property| {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return false };
        let Expression::ComputedMemberExpression(member) = it.value.get_inner_expression() else { return false };
        let Expression::Identifier(name) = names::root(&member.object) else { return false };
        module.initial(name).is_some_and(|init| init.span().size() < 20_000 && module.invented(init).prose >= 2)
    })
}

/// `setState("online")`, where the function around it has set another state before.
fn follows_pending<'a>(
    module: &Module<'a>,
    call: &CallExpression<'a>,
    value: &Expression<'a>,
    host: FunctionId,
) -> bool {
    let Expression::StringLiteral(text) = value.get_inner_expression() else { return false };
    if !crate::analysis::is_success(&text.value) {
        return false;
    }
    let name = names::last(&call.callee);
    module.inside(&module.calls, host).iter().any(|at| {
        let other =
            matches!(at.it.arguments.first(), Some(Argument::StringLiteral(before)) if before.value != text.value);
        at.node < call.node_id.get() && other && names::last(&at.it.callee) == name
    })
}

/// A call that tells that something went wrong: `reject(…)`, `emit("error", …)`, `resolve({ timedOut: true })`.
fn is_failure<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let text = module.text_of(call.span);
    let text = text.get(..text.len().min(400)).unwrap_or(text);
    let lower = text.to_lowercase();
    ["error", "reject", "timeout", "timedout", "timed out", "timed_out", "fail", "abort", "expired"]
        .iter()
        .any(|word| lower.contains(word))
}
