//! Loops that count or mark each element as done and hand it to nobody.
use super::RULE;
use crate::analysis::counted::says_done;
use crate::analysis::{CallKind, Grade, Origin};
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{At, Function, FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// Words of a test that asks how it went elsewhere.
static OUTCOMES: Names = Names::new(&[
    "status",
    "ok",
    "success",
    "fulfilled",
    "error",
    "state",
    "result",
    "failed",
    "outcome",
    "sent",
    "done",
    "delivered",
]);

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) || module.is_null_object(function) || function.is_generator {
        return None;
    }
    if function.words().iter().any(|word| word == "preview") {
        return None;
    }
    let writes = module.inside(&module.writes, function.id);
    let calls = module.inside(&module.calls, function.id);
    if writes.is_empty() && calls.is_empty() {
        return None;
    }
    let told = calls.iter().filter(|at| is_progress(module, at)).map(|at| at.node);
    let mut told = told.filter(|node| does_nothing_else(module, function.id, *node));
    if let Some(node) = told.find(|node| is_idle(module, (function.id, false), *node)) {
        let span = module.kind(node).span();
        let message = format!("{} reports progress of something that it never does", function.qualified());
        let finding = Finding::new(&RULE, function.span, message).of(function.id);
        let why = "the loop around it has no other call";
        return Some(finding.because(Evidence::AbsentEffect, span, why));
    }
    // `importPreview`: what would be done is its answer.
    let tries = names::words(module.contract_name(function))
        .iter()
        .any(|word| matches!(word.as_str(), "preview" | "dry" | "plan" | "estimate"));
    if tries {
        return None;
    }
    let promise = module.promised_effect(function).or_else(|| promise_of_mark(module, function))?;
    let verb = module.contract_verb(function);
    // Where nothing at all works, what is counted as done was asked about at most.
    let calm = module.effect_promised(function) && module.summary(function.id)?.work().is_none();
    let counts = writes.iter().filter_map(|at| {
        let (name, local) = module.incremented(at.it)?;
        let here = local.is_none_or(|symbol| module.declaration(symbol) > function.node);
        (says_done(name) && here && module.write_kind(function.id, at.it).is_none()).then_some(at.node)
    });
    let marks = calls.iter().filter_map(|at| {
        let list = matches!(names::last(&at.it.callee), "push" | "set") && module.call_kind(at.it) == CallKind::Change;
        let object = at.it.arguments.last().filter(|_| list)?.as_expression()?;
        let strong = module.claim_in(object).is_some_and(|claim| claim.2 || calm);
        (strong && !hands_on(module, function, at.it)).then_some(at.node)
    });
    let noted = writes.iter().filter_map(|at| {
        let Write::Assign(it) = at.it else { return None };
        let AssignmentTarget::ComputedMemberExpression(target) = &it.left else { return None };
        let done = match it.right.get_inner_expression() {
            Expression::StringLiteral(text) => says_done(&text.value),
            other => module.claim_in(other).is_some_and(|claim| claim.2),
        };
        let local = matches!(target.object.get_inner_expression(), Expression::Identifier(_));
        (done && local && module.write_kind(function.id, at.it).is_none()).then_some(at.node)
    });
    let node = counts.chain(marks).chain(noted).find(|node| is_idle(module, (function.id, calm), *node))?;
    let span = module.kind(node).span();
    let what = if function.name.is_empty() { verb.to_string() } else { function.qualified() };
    let message = format!("{what} counts each element as done, and hands it to nobody");
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(Evidence::AbsentEffect, span, format!("the loop around `{}` reaches nothing", module.brief(span)))
            .because(Evidence::ContractWords, function.span, promise),
    )
}

/// Where nothing at all is done, what it says is its promise; of a function that is named after a question it is none.
fn promise_of_mark<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<String> {
    let name = module.contract_name(function);
    let verb = names::verb(name);
    let asks = [&lexicon::QUERY_VERBS, &lexicon::COMPUTE_VERBS, &lexicon::CHECK_VERBS, &lexicon::READ_VERBS]
        .iter()
        .any(|it| it.has(&verb));
    let reads =
        matches!(verb.as_str(), "stats" | "summary" | "tally" | "report" | "reducer" | "plan" | "preview" | "dry");
    (!asks && !reads && function.is_async && module.summary(function.id)?.work().is_none())
        .then(|| "it says so itself".to_owned())
}

/// `onProgress(i / n)`, `job.updateProgress(50)`.
fn is_progress<'a>(module: &Module<'a>, at: &At<&'a CallExpression<'a>>) -> bool {
    let name = names::last(&at.it.callee);
    name.len() >= "progress".len() && names::words(name).iter().any(|word| word == "progress") && module.is_tell(at.it)
}

/// Whether the loop around a node has no other call and no write than the count of its turns.
fn does_nothing_else<'a>(module: &Module<'a>, id: FunctionId, node: NodeId) -> bool {
    let start = module.function(id).node;
    for (around, kind) in module.around(node).take_while(|(around, _)| *around > start) {
        if !matches!(
            kind,
            AstKind::ForOfStatement(_)
                | AstKind::ForStatement(_)
                | AstKind::WhileStatement(_)
                | AstKind::ForInStatement(_)
        ) {
            continue;
        }
        let calls = module.within(&module.calls, around, kind.span()).all(|at| {
            matches!(module.call_kind(at.it), CallKind::Log | CallKind::Timer)
                || module.is_tell(at.it)
                || matches!(names::last(&at.it.callee), "round" | "floor" | "ceil" | "min" | "max")
        });
        let writes = module.within(&module.writes, around, kind.span()).all(|at| matches!(at.it, Write::Update(_)));
        return calls && writes;
    }
    false
}

/// Whether the list that a call fills is itself given to somebody: the elements are done there.
fn hands_on<'a>(module: &Module<'a>, function: &Function<'a>, call: &'a CallExpression<'a>) -> bool {
    let Some(Expression::Identifier(name)) = names::object(&call.callee).map(Expression::get_inner_expression) else {
        return false;
    };
    let Some(symbol) = module.symbol(name) else { return false };
    module.uses(symbol).any(|reference| {
        let node = reference.node_id();
        node < function.end
            && module.around(node).take(4).any(|(_, kind)| match kind {
                AstKind::CallExpression(other) => {
                    other.span != call.span
                        && matches!(module.call_kind(other), CallKind::Effect | CallKind::Local(_))
                        && !module.is_tell(other)
                }
                AstKind::ForOfStatement(_) => true,
                _ => false,
            })
    })
}

/// Whether the innermost loop around a node goes over what was given, and calls nothing that could do anything.
fn is_idle<'a>(module: &Module<'a>, (id, calm): (FunctionId, bool), node: NodeId) -> bool {
    let start = module.function(id).node;
    let mut tested = false;
    for (around, kind) in module.around(node).take_while(|(around, _)| *around > start) {
        match kind {
            AstKind::IfStatement(it) => tested |= asks_outcome(module, &it.test),
            AstKind::ConditionalExpression(it) => tested |= asks_outcome(module, &it.test),
            AstKind::SwitchStatement(_) | AstKind::CatchClause(_) => tested = true,
            AstKind::ForOfStatement(it) => {
                return !tested
                    && reaches_nothing(module, around, (it.span, calm))
                    && !is_worked(module, id, &it.right);
            }
            AstKind::WhileStatement(it) => return !tested && reaches_nothing(module, around, (it.span, calm)),
            AstKind::ForStatement(it) => return !tested && reaches_nothing(module, around, (it.span, calm)),
            AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => {
                let AstKind::CallExpression(call) = module.kind(module.parent(around)) else { return false };
                let over = names::object(&call.callee).filter(|_| names::last(&call.callee) == "forEach");
                return !tested
                    && over.is_some_and(|over| !is_worked(module, id, over))
                    && reaches_nothing(module, around, (kind.span(), calm));
            }
            _ => {}
        }
    }
    false
}

fn asks_outcome<'a>(module: &Module<'a>, test: &'a Expression<'a>) -> bool {
    let compared = matches!(test.get_inner_expression(), Expression::BinaryExpression(it) if it.operator.is_compare());
    !compared && names::text_words(module.text_of(test.span())).any(|word| OUTCOMES.has(word.as_str()))
}

fn reaches_nothing<'a>(module: &Module<'a>, node: NodeId, (span, calm): (Span, bool)) -> bool {
    let calls = module.within(&module.calls, node, span).all(|at| match module.grade(at) {
        Grade::Nothing | Grade::Tell => {
            !matches!(module.call_kind(at.it), CallKind::Effect) || module.is_tell(at.it) || is_checked(module, at.node)
        }
        Grade::Read => calm || is_checked(module, at.node),
        Grade::Work => false,
    });
    calls
        && (calm || module.within(&module.awaits, node, span).next().is_none())
        && module.within(&module.yields, node, span).next().is_none()
        && module.within(&module.deletes, node, span).next().is_none()
}

/// `Row.safeParse(row)`, `seen.has(key)`: what is asked about the element itself.
fn is_checked<'a>(module: &Module<'a>, node: NodeId) -> bool {
    let AstKind::CallExpression(call) = module.kind(node) else { return false };
    matches!(
        names::verb(names::last(&call.callee)).as_str(),
        "parse" | "safe" | "has" | "is" | "validate" | "get" | "check" | "split" | "trim" | "to"
    )
}

/// Whether what a loop goes over is what somebody's work gave.
fn is_worked<'a>(module: &Module<'a>, id: FunctionId, over: &'a Expression<'a>) -> bool {
    let origin = module.origin(over);
    if !origin.has(Origin::CALL) {
        return false;
    }
    module
        .inside(&module.calls, id)
        .iter()
        .any(|at| at.it.span.end <= over.span().end && module.grade(at) == Grade::Work)
}
