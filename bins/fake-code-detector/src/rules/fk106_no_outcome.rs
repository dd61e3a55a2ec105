//! FK106 by the slice of a function: what is worked out and serves none of its outcomes.
use crate::analysis::{CallKind, Level, Outward, Usage};
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk106_dead_result::RULE;
use crate::rules::fk106_only_sized;
use crate::syntax::*;

/// Work of which nothing comes.
pub(super) struct Idle {
    pub(super) what: String,
    pub(super) span: Span,
    /// Input that only this work reads, or an answer that says otherwise.
    pub(super) second: Option<(Evidence, Span, String)>,
}

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.name.is_empty()
        || module.is_callback(function)
        || module.is_hook(function)
        || module.is_null_object(function)
    {
        return None;
    }
    let idle = dead_value(module, function)
        .or_else(|| dead_sum(module, function))
        .or_else(|| dead_loop(module, function))
        .or_else(|| only_counted(module, function))
        .or_else(|| fk106_only_sized::sized(module, function))
        .or_else(|| told(module, function))
        .or_else(|| asked(module, function))?;
    let severity = if idle.second.is_some() { Severity::Error } else { Severity::Warning };
    let mut finding = Finding::new(&RULE, function.span, format!("{} {}", function.qualified(), idle.what))
        .of(function.id)
        .because(Evidence::AbsentEffect, idle.span, "no return, call, write or error depends on it")
        .with_severity(severity);
    if let Some((kind, span, text)) = idle.second {
        finding = finding.because(kind, span, text);
    }
    Some(finding)
}

/// A variable that is worked out of something real, named again, and serves no outcome.
fn dead_value<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Idle> {
    let declared = module.declarators(function.id).find_map(|it| {
        let (node, init) = (it.node_id.get(), it.init.as_ref()?);
        if module.function_in(init).is_some() {
            return None;
        }
        let names = it.id.get_binding_identifiers();
        let first = names.first().filter(|name| !name.name.starts_with('_'))?;
        let mut symbols = names.iter().filter_map(|name| name.symbol_id.get());
        let works = module.within(&module.calls, node, it.span).next().is_some()
            || module.within(&module.news, node, it.span).next().is_some()
            || matches!(
                init.get_inner_expression(),
                Expression::BinaryExpression(_) | Expression::ConditionalExpression(_)
            );
        let all = symbols.clone();
        let seen = || {
            all.clone().any(|it| module.uses(it).next().is_some())
                && all.clone().all(|it| !matches!(module.usage(it, function.id), Usage::Logged | Usage::Timed))
        };
        let real = works && seen() && symbols.any(|it| module.origin_of_symbol(it).is_real());
        (real && is_dead(module, function, it)).then_some((first.name.as_str(), it.span))
    });
    let (name, span) = declared?;
    let what = format!("works out {name}, and no outcome depends on it");
    Some(Idle { what, span, second: only_reader(module, function) })
}

/// Whether nothing depends on the value that a variable is declared with.
fn is_dead<'a>(module: &Module<'a>, function: &Function<'a>, it: &'a VariableDeclarator<'a>) -> bool {
    let stays = |symbol: &SymbolId| !module.semantic.scoping().symbol_is_mutated(*symbol);
    let mut symbols = it.id.get_symbol_ids().into_iter().filter(stays);
    !symbols.any(|symbol| module.is_plainly_kept(symbol, function.id))
        && module.slice(function.id).is_some_and(|slice| slice.level_at(it.node_id.get()) == Level::Dead)
}

/// What the value serves that a variable is declared with; nothing where there is no telling.
pub(super) fn level_of<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    it: &'a VariableDeclarator<'a>,
) -> Option<Level> {
    let stays = |symbol: &SymbolId| !module.semantic.scoping().symbol_is_mutated(*symbol);
    let mut symbols = it.id.get_symbol_ids().into_iter().filter(stays);
    if it.init.is_some() && symbols.any(|symbol| module.is_plainly_live(symbol, function.id)) {
        return Some(Level::Live);
    }
    module.slice(function.id).map(|slice| slice.level_at(it.node_id.get()))
}

/// A variable that is only ever set and added to out of something real, and of which nothing comes.
fn dead_sum<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Idle> {
    let (name, span) = module.declarators(function.id).find_map(|it| {
        let name = it.id.get_binding_identifier().filter(|name| !name.name.starts_with('_'))?;
        let plain = it.init.as_ref().is_none_or(|init| init.get_inner_expression().is_literal());
        let symbol = name.symbol_id.get().filter(|_| plain)?;
        let worked = module.origin_of_symbol(symbol).is_real()
            && module.uses(symbol).any(Reference::is_read)
            && matches!(module.usage(symbol, function.id), Usage::Dead | Usage::Live | Usage::Presence | Usage::Unread)
            && !module.is_plainly_kept(symbol, function.id)
            && module.slice(function.id)?.is_dead(symbol);
        let looped = matches!(
            module.kind(module.parent(module.parent(it.node_id.get()))),
            AstKind::ForStatement(_) | AstKind::ForInStatement(_) | AstKind::ForOfStatement(_)
        );
        (worked && !looped).then_some((name.name.as_str(), it.span))
    })?;
    let what = format!("works out {name}, and no outcome depends on it");
    Some(Idle { what, span, second: only_reader(module, function) })
}

/// A parameter that nothing but dead work reads.
fn only_reader<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(Evidence, Span, String)> {
    let summary = module.summary(function.id)?;
    let dead = summary.parameters().iter().find(|it| it.usage == Usage::Dead && !it.name.starts_with('_'))?;
    let promised = module.promises(function) && !module.has_heritage(function);
    promised.then(|| (Evidence::UnreadInput, dead.span, format!("{} is read for nothing else", dead.name)))
}

/// A loop over something real that changes nothing that counts and calls nothing that does.
fn dead_loop<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Idle> {
    let outward = module.outcome(function.id)?.outward;
    if outward > Outward::Asks && !module.promises(function) {
        return None;
    }
    let span = loops(module, function).find_map(|(node, span, right)| {
        let calls = || module.within(&module.calls, node, span);
        let quiet = calls().all(|at| {
            let alone = matches!(
                module.kind(module.parent(at.node)),
                AstKind::ExpressionStatement(_) | AstKind::ChainExpression(_)
            );
            match module.call_kind(at.it) {
                CallKind::Pure => {
                    (!alone || lexicon::MUTATORS.has(names::last(&at.it.callee))) && !module.runs_effects(at.it)
                }
                CallKind::Change => true,
                _ => false,
            }
        });
        let leaves = module.within(&module.returns, node, span).any(|at| at.function == module.function_around(node))
            || module.within(&module.throws, node, span).next().is_some()
            || module.within(&module.awaits, node, span).next().is_some()
            || module.within(&module.yields, node, span).next().is_some()
            || module.within(&module.news, node, span).any(|at| !lexicon::PURE_GLOBALS.has(names::last(&at.it.callee)));
        let works = calls().next().is_some() || module.within(&module.writes, node, span).nth(1).is_some();
        let outside =
            module.within(&module.writes, node, span).any(|at| module.write_kind(function.id, at.it).is_some());
        let idle = quiet && !leaves && works && !outside && module.origin(right).is_real();
        let slice = if idle { module.slice(function.id)? } else { return None };
        (slice.changes_within(span) && slice.level_within(span) == Level::Dead).then_some(span)
    })?;
    let what = "walks through something, and no outcome depends on it".to_owned();
    Some(Idle { what, span, second: only_reader(module, function) })
}

/// The `for … of` loops of a function: node, place, and what they walk through.
fn loops<'a>(module: &Module<'a>, function: &Function<'a>) -> impl Iterator<Item = (NodeId, Span, &'a Expression<'a>)> {
    module.inside(&module.walks, function.id).iter().map(|at| (at.node, at.it.0, at.it.1))
}

/// A loop of a function that promises to do something with each, and only counts them.
fn only_counted<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Idle> {
    let (span, right) = loops(module, function).find_map(|(node, span, right)| {
        let (left, body) = match module.kind(node) {
            AstKind::ForOfStatement(it) => (&it.left, it.body.span()),
            AstKind::ForInStatement(it) => (&it.left, it.body.span()),
            _ => return None,
        };
        let ForStatementLeft::VariableDeclaration(left) = left else { return None };
        let names = left.declarations.first()?.id.get_symbol_ids();
        if names.iter().any(|name| module.is_plainly_live(*name, function.id)) {
            return None;
        }
        let calls = module.within(&module.calls, node, span).any(|at| {
            body.contains_inclusive(at.it.span)
                && matches!(module.call_kind(at.it), CallKind::Effect | CallKind::Local(_))
        });
        if calls || !module.origin(right).is_real() {
            return None;
        }
        let slice = module.slice(function.id)?;
        let unread = names.iter().all(|it| slice.level(*it) <= Level::Told);
        (unread && slice.level_within(body) >= Level::Size).then_some((span, right))
    })?;
    let counting = ["count", "size", "length", "total", "number", "measure", "drain", "skip", "consume"];
    if function.words().iter().any(|word| counting.contains(&word.as_str())) {
        return None;
    }
    let promise = module.promised_effect(function)?;
    Some(Idle {
        what: format!("counts each of {}, and does nothing with them", module.brief(right.span())),
        span,
        second: Some((Evidence::UnreadInput, span, format!("nothing of them is read, and {promise}"))),
    })
}

/// A check whose answer only a log is told, in a function that goes on whatever it was.
fn told<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Idle> {
    let outcome = module.outcome(function.id)?;
    // What only looks and tells has done its work when it has told.
    if outcome.values().next().is_none()
        && (outcome.outward <= Outward::Asks || function.verb_in(&lexicon::CHECK_VERBS))
    {
        return None;
    }
    let shadow =
        ["shadow", "report-only", "report only", "log only", "metrics", "telemetry", "dry run", "warn", "best effort"];
    let (name, span) = kept_check(module, function).or_else(|| logged_test(module, function))?;
    if module.comment_says(function.id, &shadow) {
        return None;
    }
    Some(Idle { what: format!("checks {name}, tells a log, and goes on whatever it is"), span, second: None })
}

/// A check whose answer is kept in a variable that only a log is told of.
fn kept_check<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(&'a str, Span)> {
    module.declarators(function.id).find_map(|it| {
        let name = it.id.get_binding_identifier()?;
        let told = is_check(it.init.as_ref()?) && level_of(module, function, it)? == Level::Told;
        told.then_some((name.name.as_str(), it.span))
    })
}

/// `if (!verify(x)) log.warn("…");`
fn logged_test<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(&'a str, Span)> {
    module.own(&module.ifs, function.id).find_map(|at| {
        let test = match at.it.test.get_inner_expression() {
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => &it.argument,
            _ => &at.it.test,
        };
        let tells = at.it.alternate.is_none() && module.only_logs(&at.it.consequent);
        let text = module.text_of(test.span());
        (tells && is_check(test) && module.slice(function.id).is_some()).then_some((text, at.it.span))
    })
}

/// Whether a value is the answer of a check, by the verb that it is called with.
fn is_check(value: &Expression<'_>) -> bool {
    let call = match value.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let Expression::CallExpression(call) = call else { return false };
    matches!(
        names::verb(names::last(&call.callee)).as_str(),
        "can" | "verify" | "validate" | "authorize" | "authorise" | "matches" | "compare"
    )
}

/// A function that asks others and answers figures of its own: what it was told only decides whether it answers.
fn asked<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Idle> {
    let outcome = module.outcome(function.id)?;
    let computes = [&lexicon::COMPUTE_VERBS, &lexicon::QUERY_VERBS].iter().any(|words| function.verb_in(words));
    if outcome.outward != Outward::Asks || !computes {
        return None;
    }
    let mut best = Level::Dead;
    let mut place = None;
    for it in module.declarators(function.id) {
        let Some(Expression::AwaitExpression(init)) = it.init.as_ref().map(Expression::get_inner_expression) else {
            continue;
        };
        let Expression::CallExpression(call) = init.argument.get_inner_expression() else { continue };
        if module.call_kind(call) == CallKind::Effect {
            best = best.max(level_of(module, function, it)?);
            place = place.or(Some(it.span));
        }
    }
    let rich = |value: &'a Expression<'a>| match value.get_inner_expression() {
        Expression::ObjectExpression(it) => {
            it.properties.len() > 1 && module.within(&module.awaits, it.node_id.get(), it.span).next().is_none()
        }
        _ => false,
    };
    let span = place.filter(|_| best <= Level::Guard)?;
    let all = outcome.values().all(rich) && outcome.values().next().is_some();
    let only = module.own(&module.awaits, function.id).all(|at| {
        matches!(module.kind(module.parent(at.node)), AstKind::VariableDeclarator(_) | AstKind::ExpressionStatement(_))
    });
    (all && only).then(|| Idle {
        what: "asks for what it needs, and its answer is made without it".to_owned(),
        span,
        second: None,
    })
}
