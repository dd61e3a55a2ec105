//! A new state that is only made, where the neighbours reach out: `{ ...row, ...patch, updatedAt: new Date() }`.
use super::RULE;
use crate::analysis::{Grade, Origin, is_success};
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module, Write};
use crate::names;
use crate::syntax::*;

/// Verbs of functions that give a value by profession.
static GIVES: Names = Names::new(&[
    "to",
    "from",
    "as",
    "make",
    "use",
    "with",
    "is",
    "has",
    "map",
    "on",
    "constructor",
    "init",
    "next",
    "begin",
    "new",
    "id",
    "my",
    "me",
    "wrap",
    "create",
    "toggle",
    "pick",
    "clone",
    "ensure",
    "handle",
    "process",
    "apply",
    "export",
    "merge",
    "open",
    "start",
    "stop",
    "close",
    "preview",
    "dry",
    "plan",
    "propose",
    "draft",
    "default",
    "snapshot",
    "prepare",
    "session",
    "jwt",
    "token",
    "callback",
]);

/// An asynchronous method that reads, validates and puts a record together, and hands it out as if it had been written.
pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.is_generator
        || function.name.is_empty() && module.contract_name(function).is_empty() && !changes_by_route(module, function)
        || !function.is_async && !promises_later(module, function)
        || module.is_hook(function)
        || module.is_null_object(function)
        || function.parameters().is_empty()
    {
        return None;
    }
    let verb = module.contract_verb(function);
    let given = |word: &String| {
        matches!(
            word.as_str(),
            "context" | "ctx" | "options" | "config" | "state" | "params" | "props" | "env" | "payload" | "headers"
        )
    };
    if function.words().iter().any(given) {
        return None;
    }
    let effect = module.promised_effect(function);
    let made = verb == "create" || effect.is_some();
    let pure = [&lexicon::QUERY_VERBS, &lexicon::COMPUTE_VERBS, &lexicon::CHECK_VERBS, &lexicon::READ_VERBS]
        .iter()
        .any(|it| it.has(verb));
    let noun = matches!(verb.as_str(), "invoice" | "bill" | "order" | "page" | "index" | "book" | "queue" | "schedule")
        && function.words().len() > 1;
    // `stockOf(sku)`, `priceFor(order)`: a name that asks.
    let asked = function.words().len() > 1
        && function.words().last().is_some_and(|word| matches!(word.as_str(), "of" | "for" | "by"));
    let adjective = noun || asked || verb.len() > 5 && (verb.ends_with("able") || verb.ends_with("ible"));
    if adjective
        || verb == "open"
        || pure && module.effect_verb(function).is_none()
        || GIVES.has(verb.as_str()) && !made
    {
        return None;
    }
    let kept = module.inside(&module.writes, function.id).iter().any(|at| {
        let answer = matches!(at.it, Write::Assign(it) if module.is_of_answer(function.id, &it.left));
        !answer && module.write_kind(function.id, at.it).is_some()
    });
    if !module.only_asks(function.id) || kept {
        return None;
    }
    let (value, why) = module
        .returns_of(function.id)
        .filter_map(|it| it.value)
        .find_map(|value| {
            let why = new_state(module, value, (0, effect.is_some()));
            let why =
                why.or_else(|| (effect.is_some() || ADDS.has(verb.as_str())).then(|| advanced(module, value, 0))?);
            Some((value, why.or_else(|| changed_answer(module, function, value))?))
        })
        .or_else(|| shown(module, function).filter(|_| effect.is_some() || verb == "add" || verb == "create"))?;
    // It asks somebody itself, who could have been told; or its neighbours do.
    let alone = function.is_async
        && module.effect_verb(function).is_some_and(|verb| !super::HERE.has(verb.as_str()) || verb == "mail");
    let asks = effect.is_some() && module.summary(function.id)?.awaits() > 0
        || alone
        || effect.is_some() && matches!(function.argument_of, "createAsyncThunk" | "mutation");
    if !asks && !neighbours(module, function).any(|other| reaches(module, other)) {
        return None;
    }
    let severity = if effect.is_some() { Severity::Error } else { Severity::Warning };
    let contract = effect.unwrap_or_else(|| "the functions beside it reach out".to_owned());
    let message = format!("{} hands out a new state that it never wrote anywhere", function.qualified());
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .with_severity(severity)
            .because(Evidence::AbsentEffect, value.span(), why)
            .because(Evidence::ContractWords, function.span, contract),
    )
}

/// `app.put("/x/:id", …)`
fn changes_by_route<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    matches!(function.argument_of, "put" | "patch" | "delete" | "mutation")
        && (module.has_route(function) || function.argument_of == "mutation")
}

/// What was read is changed in place, and given back.
fn changed_answer<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>) -> Option<&'static str> {
    let Expression::Identifier(name) = value.get_inner_expression() else { return None };
    let symbol = module.symbol(name)?;
    module
        .inside(&module.writes, function.id)
        .iter()
        .any(|at| {
            let Write::Assign(it) = at.it else { return false };
            let same = matches!(names::target_object(&it.left).map(Expression::get_inner_expression), Some(Expression::Identifier(other)) if module.symbol(other) == Some(symbol));
            same && module.is_of_answer(function.id, &it.left)
        })
        .then_some("what was read is changed in place, and that is all")
}

/// Something with an id made here is put into the state of the component, where the functions beside it reach out.
fn shown<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(&'a Expression<'a>, &'static str)> {
    let sets = module.inside(&module.calls, function.id).iter().any(|at| module.is_setter(at.it));
    if !sets {
        return None;
    }
    module.inside(&module.objects, function.id).iter().find_map(|at| {
        at.it.properties.iter().find_map(|property| {
            let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
            let made = names::key(&it.key) == "id" && module.origin(&it.value).has(Origin::TOKEN | Origin::TIME);
            made.then_some((&it.value, "its id is made up here, so nobody else knows it"))
        })
    })
}

/// Verbs that change a number that somebody keeps.
static ADDS: Names = Names::new(&[
    "add",
    "increment",
    "decrement",
    "increase",
    "decrease",
    "deduct",
    "award",
    "earn",
    "spend",
    "consume",
    "use",
    "adjust",
    "bump",
    "advance",
    "topup",
    "restock",
    "credit",
    "debit",
    "vote",
    "upvote",
    "like",
    "extend",
    "raise",
    "lower",
    "give",
]);

/// `account.points + points`, `{ version: current.version + 1 }`: what was read is counted on, and nobody is told.
fn advanced<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> Option<&'static str> {
    if depth > 4 {
        return None;
    }
    match value.get_inner_expression() {
        Expression::Identifier(name) => advanced(module, module.initial(name)?, depth + 1),
        Expression::ObjectExpression(it) => it.properties.iter().find_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => advanced(module, &it.value, depth + 1),
            ObjectPropertyKind::SpreadProperty(_) => None,
        }),
        Expression::BinaryExpression(it)
            if matches!(it.operator, BinaryOperator::Addition | BinaryOperator::Subtraction) =>
        {
            let member = matches!(
                it.left.get_inner_expression(),
                Expression::StaticMemberExpression(it) if !matches!(it.property.name.as_str(), "length" | "size")
            ) || matches!(it.left.get_inner_expression(), Expression::LogicalExpression(_));
            let read = module.origin(&it.left).has(Origin::CALL) && member;
            let by = module.origin(&it.right);
            (read && !by.has(Origin::CALL | Origin::TIME) || read && is_parameter(module, &it.right))
                .then_some("what was read is counted on, and written nowhere")
        }
        _ => None,
    }
}

fn is_parameter<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    matches!(names::root(value), Expression::Identifier(name) if module.symbol(name).is_some_and(|symbol| matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_))))
}

fn promises_later(module: &Module<'_>, function: &Function<'_>) -> bool {
    function
        .return_type
        .is_some_and(|it| ["Promise<", "Observable<"].iter().any(|kind| module.text_of(it.span()).starts_with(kind)))
}

/// The functions beside one: the other methods of its class, the other members of its object.
pub(crate) fn neighbours<'m, 'a>(
    module: &'m Module<'a>,
    function: &'m Function<'a>,
) -> impl Iterator<Item = &'m Function<'a>> + 'm {
    let at = function.id.0 as usize;
    let near = &module.functions[at.saturating_sub(60)..(at + 60).min(module.functions.len())];
    near.iter().filter(move |other| {
        other.id != function.id
            && other.has_body()
            && !other.name.is_empty()
            && match function.class {
                Some(class) => other.class == Some(class),
                None => other.class.is_none() && other.parent == function.parent && other.owner == function.owner,
            }
    })
}

/// Whether a function reaches out: it works, or waits for somebody's answer.
fn reaches<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.summary(function.id).is_some_and(|summary| summary.work().is_some() || summary.awaits() > 0)
        || module
            .inside(&module.calls, function.id)
            .iter()
            .any(|at| module.grade(at) == Grade::Read && names::object(&at.it.callee).is_some())
}

/// Why a value is a state that nobody else knows.
fn new_state<'a>(
    module: &Module<'a>,
    value: &'a Expression<'a>,
    (depth, effect): (usize, bool),
) -> Option<&'static str> {
    if depth > 4 {
        return None;
    }
    match value.get_inner_expression() {
        Expression::AwaitExpression(it) => new_state(module, &it.argument, (depth + 1, effect)),
        Expression::CallExpression(call) if matches!(names::last(&call.callee), "freeze" | "resolve" | "of") => {
            new_state(module, call.arguments.first()?.as_expression()?, (depth + 1, effect))
        }
        Expression::CallExpression(call) if effect && names::last(&call.callee) == "map" => {
            let each = module.function_in(call.arguments.first()?.as_expression()?)?;
            module.returns_of(each).filter_map(|it| it.value).find_map(|value| match value.get_inner_expression() {
                Expression::ObjectExpression(it) => of_object(module, it, effect),
                _ => None,
            })
        }
        Expression::CallExpression(call)
            if effect && names::last(&call.callee) == "assign" && call.arguments.len() > 1 =>
        {
            let origins: Vec<Origin> =
                call.arguments.iter().filter_map(Argument::as_expression).map(|it| module.origin(it)).collect();
            let asked = origins.iter().any(|it| it.has(Origin::CALL));
            let given = origins.last().is_some_and(|it| it.has(Origin::INPUT) && !it.has(Origin::CALL));
            (asked && given).then_some("what was read and what was given are put together, and that is all")
        }
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return None };
            if !matches!(it.id, BindingPattern::BindingIdentifier(_)) {
                return None;
            }
            new_state(module, it.init.as_ref()?, (depth + 1, effect))
        }
        Expression::ObjectExpression(it) => of_object(module, it, effect),
        _ => None,
    }
}

fn of_object<'a>(module: &Module<'a>, object: &'a ObjectExpression<'a>, effect: bool) -> Option<&'static str> {
    let (mut asked, mut given, mut named) = (0, 0, 0);
    let (mut clock, mut token, mut status) = (false, false, false);
    for property in &object.properties {
        match property {
            ObjectPropertyKind::SpreadProperty(it) => {
                // `{ ...body, hash }` of an object that was put together just before.
                let inner = match it.argument.get_inner_expression() {
                    Expression::Identifier(name) => module.initial(name).map(Expression::get_inner_expression),
                    _ => None,
                };
                if let Some(Expression::ObjectExpression(inner)) = inner
                    && object.properties.len() < 12
                    && inner.span.end < object.span.start
                    && let Some(why) = of_object(module, inner, effect)
                {
                    return Some(why);
                }
                let origin = module.origin(&it.argument);
                if origin.has(Origin::CALL | Origin::FIELD) {
                    asked += 1;
                } else if origin.has(Origin::INPUT) {
                    given += 1;
                }
            }
            ObjectPropertyKind::ObjectProperty(it) => {
                let key = names::key(&it.key);
                let origin = module.origin(&it.value);
                // What was answered is known to whoever answered it.
                let parameter = matches!(names::root(&it.value), Expression::Identifier(name) if module.symbol(name).is_some_and(|symbol| matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_))));
                if origin.has(Origin::CALL) && !parameter {
                    continue;
                }
                named += usize::from(origin.has(Origin::INPUT));
                let read = names::words(key).iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "fetched"
                            | "checked"
                            | "now"
                            | "loaded"
                            | "generated"
                            | "read"
                            | "measured"
                            | "timestamp"
                            | "expires"
                            | "duration"
                            | "elapsed"
                            | "computed"
                            | "ms"
                            | "until"
                    )
                });
                clock |= origin.has(Origin::TIME) && !read && key.len() > 1;
                token |= origin.has(Origin::TOKEN | Origin::RANDOM);
                let text = matches!(it.value.get_inner_expression(), Expression::StringLiteral(text) if is_success(&text.value) || matches!(key, "status" | "state"));
                status |= text || matches!(key, "status" | "statusCode") && it.value.is_number_literal();
            }
        }
    }
    match () {
        () if asked > 0 && given > 0 => Some("what was read and what was given are put together, and that is all"),
        () if asked > 0 && named > 0 && effect => {
            Some("what was read is given back with what was asked for, and that is all")
        }
        () if (asked > 0 || given > 0) && (clock || token || status) => {
            Some("a copy with a mark of its own is all that there is")
        }
        () if token && named > 0 => Some("its name is made up here, so nobody else knows it"),
        () if status && named > 0 && effect => Some("its state is written down here"),
        () if clock && status => Some("its state and time are written down here"),
        () if clock && named > 0 && object.properties.len() > 2 => {
            Some("its name or time is made here, so nobody else knows it")
        }
        () => None,
    }
}
