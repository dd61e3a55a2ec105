//! FK307 fake-progress: a timer counts up to hundred, and then it is done.
use crate::analysis::Origin;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, FunctionId, Kind, Module, Write};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK307",
    name: "fake-progress",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A progress that only a timer drives, and behind it the news that the work is done",
    details: "An interval, a timer that arms itself again, a frame callback or a loop of pauses adds to a number until it is full; nothing \
              in the function does work. Progress of transfer events, elapsed clocks and animations that end with nothing are not meant.",
    repair: "take the progress from the work: transfer events, chunks written, steps done",
    bad: "function start() {\n  const timer = setInterval(() => {\n    setPercent((value) => {\n      if (value >= 100) {\n        clearInterval(timer);\n        onDone({ name: file.name });\n        return 100;\n      }\n      return value + 10;\n    });\n  }, 300);\n}\n",
    good: "function start() {\n  request.upload.onprogress = (event) => setPercent((event.loaded / event.total) * 100);\n  request.send(file);\n}\n",
    check,
};

static PROGRESS: Names = Names::new(&[
    "progress",
    "percent",
    "percentage",
    "pct",
    "completion",
    "completed",
    "uploaded",
    "loaded",
    "processed",
    "fraction",
]);

/// What a flag is called that says that the work is done.
static DONE: Names = Names::new(&[
    "done",
    "complete",
    "completed",
    "finished",
    "uploaded",
    "imported",
    "exported",
    "downloaded",
    "synced",
    "installed",
    "processed",
    "converted",
    "saved",
    "succeeded",
]);
/// What passes by itself, and is done when its time is up.
static PASSING: Names = Names::new(&[
    "animation",
    "animated",
    "splash",
    "intro",
    "story",
    "stories",
    "slide",
    "slides",
    "slideshow",
    "carousel",
    "countdown",
    "timer",
    "break",
    "pause",
    "breathing",
    "meditation",
    "cooldown",
    "hold",
    "typing",
    "typewriter",
    "pomodoro",
    "session",
    "exercise",
    "rest",
    "autoplay",
    "reveal",
    "toast",
    "quiz",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut last_end = NodeId::from_usize(0);
    for function in &module.functions {
        // The outermost function that fits is the one to blame.
        if function.node < last_end || !module.is_candidate(function) || function.kind == Kind::Getter {
            continue;
        }
        if let Some(finding) = finding(module, function) {
            last_end = function.end;
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let summary = module.summary(function.id)?;
    let pauses = module
        .inside(&module.awaits, function.id)
        .iter()
        .find(|at| module.is_pause(&at.it.argument))
        .map(|at| at.it.span);
    let timer = summary.timers().first().copied().or(pauses)?;
    // A component does much besides; the handler or effect in it is what counts.
    let component = function.name.starts_with(|c: char| c.is_ascii_uppercase());
    if summary.work().is_some() || component || module.is_null_object(function) {
        return None;
    }
    let sight = look(module, function);
    let (growth, full) = (sight.growth?, sight.full?);
    if !sight.named {
        return None;
    }
    let done = done_in(module, function)?;
    let name = if function.name.is_empty() { "this function" } else { function.name };
    Some(
        Finding::new(&RULE, function.span, format!("{name} shows a progress that only a timer drives"))
            .of(function.id)
            .because(Evidence::InventedValue, growth, "this is what it grows by")
            .because(Evidence::AbsentEffect, timer, "only time passes between")
            .because(Evidence::ConstantOutcome, done, format!("and `{}` ends it", module.brief(full))),
    )
}

/// What is seen in one pass over a function.
#[derive(Default)]
struct Sight {
    /// Where a number grows by what nobody gave.
    growth: Option<Span>,
    /// Where it is compared with the whole.
    full: Option<Span>,
    /// A name says that it is a progress.
    named: bool,
}

fn look<'a>(module: &Module<'a>, function: &Function<'a>) -> Sight {
    let mut sight = Sight::default();
    for index in function.node.index()..function.end.index() {
        let progress = |name: &str| names::words(name).iter().any(|word| PROGRESS.has(word.as_str()));
        match module.kind(NodeId::from_usize(index)) {
            AstKind::IdentifierReference(it) => sight.named |= progress(&it.name),
            AstKind::BindingIdentifier(it) => sight.named |= progress(&it.name),
            AstKind::IdentifierName(it) => sight.named |= progress(&it.name),
            AstKind::BinaryExpression(it) => {
                if it.operator.is_compare() || it.operator.is_equality() {
                    let whole = |side: &Expression<'_>| matches!(side.get_inner_expression(), Expression::NumericLiteral(it) if matches!(it.value as i64, 1 | 90..=100));
                    if whole(&it.left) || whole(&it.right) {
                        sight.full = sight.full.or(Some(it.span));
                        // Nothing else ends at a hundred exactly.
                        sight.named |= is_hundred(&it.left) || is_hundred(&it.right);
                    } else if let Some(share) = counts_to(module, function, it) {
                        sight.full = sight.full.or(Some(it.span));
                        sight.growth = sight.growth.or(Some(share.0));
                        sight.named |= share.1;
                    }
                } else {
                    let steps =
                        it.operator == BinaryOperator::Addition && is_step(module, &it.right) && !is_text(&it.left);
                    let share = it.operator == BinaryOperator::Division
                        && module.origin(&it.left).has(crate::analysis::Origin::TIME | crate::analysis::Origin::INDEX);
                    if steps || share {
                        sight.growth = sight.growth.or(Some(it.span));
                    }
                }
            }
            _ => {}
        }
    }
    let grows = module.inside(&module.writes, function.id).iter().find(|at| match at.it {
        Write::Assign(it) => it.operator == AssignmentOperator::Addition && is_step(module, &it.right),
        Write::Update(_) => false,
    });
    sight.growth = sight.growth.or(grows.map(|at| module.kind(at.node).span()));
    sight
}

/// `sent >= file.size` of a local counter that grows by what no work gave: where it grows, and whether it is shown as a share of
/// the whole.
fn counts_to<'a>(module: &Module<'a>, function: &Function<'a>, it: &'a BinaryExpression<'a>) -> Option<(Span, bool)> {
    let (counter, whole) = [(&it.left, &it.right), (&it.right, &it.left)].into_iter().find_map(|(one, other)| {
        let Expression::Identifier(name) = one.get_inner_expression() else { return None };
        let symbol = module.symbol(name)?;
        let AstKind::VariableDeclarator(declared) = module.kind(module.declaration(symbol)) else { return None };
        let zero = matches!(&declared.init, Some(Expression::NumericLiteral(it)) if it.value == 0.0);
        (zero && it.operator.is_compare()).then_some((symbol, other))
    })?;
    let total = module.text_of(whole.span());
    let named = ["size", "length", "total", "byteLength", "duration", "bytes"].contains(&names::last(whole));
    let real = Origin::CALL | Origin::FIELD | Origin::OUTER;
    if module.origin(whole).has(Origin::CALL) || !named {
        return None;
    }
    let mut growth = None;
    let mut shown = false;
    for at in module.inside(&module.writes, function.id) {
        let Write::Assign(write) = at.it else { continue };
        if let AssignmentTarget::AssignmentTargetIdentifier(name) = &write.left
            && module.symbol(name) == Some(counter)
        {
            let adds = write.operator == AssignmentOperator::Addition
                || matches!(write.right.get_inner_expression(), Expression::BinaryExpression(it) if it.operator == BinaryOperator::Addition)
                || names::last(&write.right) == "min";
            if !adds || module.origin(&write.right).has(real) {
                return None;
            }
            growth = growth.or(Some(write.span));
        }
    }
    for reference in module.uses(counter) {
        if let AstKind::BinaryExpression(it) = module.kind(module.parent(reference.node_id())) {
            shown |= it.operator == BinaryOperator::Division && module.text_of(it.right.span()) == total;
        }
    }
    growth.map(|growth| (growth, shown))
}

fn is_hundred(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::NumericLiteral(it) if it.value == 100.0)
}

/// A step that nobody gave: a number, a random one, or one chosen by how far it is.
fn is_step<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let number = matches!(
        value.get_inner_expression(),
        Expression::NumericLiteral(_)
            | Expression::ConditionalExpression(_)
            | Expression::CallExpression(_)
            | Expression::BinaryExpression(_)
            | Expression::Identifier(_)
    );
    number && !module.origin(value).is_real() && !is_text(value)
}

fn is_text(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::StringLiteral(_) | Expression::TemplateLiteral(_))
}

/// What says that the work is done: a claim, a callback that gets an object, or the promise of the name.
fn done_in<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Span> {
    let inner = module.functions.iter().skip(function.id.0 as usize).take_while(|inner| inner.node < function.end);
    let claim = inner
        .map(|inner| inner.id)
        .find_map(|id: FunctionId| module.claims_of(id).iter().find(|claim| claim.strong).map(|claim| claim.span));
    let told = || {
        module.inside(&module.calls, function.id).iter().find_map(|at| {
            let name = names::last(&at.it.callee);
            let done = name.starts_with("on")
                && names::words(name).iter().skip(1).any(|word| {
                    lexicon::SUCCESS_WORDS.has(word)
                        || matches!(
                            word.as_str(),
                            "success" | "complete" | "finish" | "finished" | "uploaded" | "done" | "scanned"
                        )
                });
            // Done with what? Somebody is told, by an object or a count.
            let object = match at.it.arguments.first() {
                Some(Argument::ObjectExpression(it)) => !it.properties.is_empty(),
                Some(other) => names::words(name).len() == 2 && !matches!(other, Argument::NumericLiteral(_)),
                None => false,
            };
            // Whoever is told of each step is told of the last one too.
            let news = name.starts_with("on")
                && is_inner(module, function, at.node)
                && matches!(at.it.arguments.first(), Some(Argument::ObjectExpression(it)) if it.properties.len() >= 3);
            (done && object || news).then_some(at.it.span)
        })
    };
    let set = || {
        module.inside(&module.calls, function.id).iter().find_map(|at| {
            let text = at.it.arguments.first()?;
            let word = matches!(text, Argument::StringLiteral(it) if crate::analysis::is_success(&it.value));
            // A sentence beside the progress is what the user reads of it.
            let news = matches!(text, Argument::StringLiteral(it) if it.value.contains(' '))
                && is_inner(module, function, at.node);
            let flag = matches!(text, Argument::BooleanLiteral(it) if it.value)
                && is_inner(module, function, at.node)
                && names::words(names::last(&at.it.callee)).iter().any(|word| DONE.has(word.as_str()))
                && !is_shown_for_itself(module, function);
            ((word || news || flag) && module.is_setter(at.it)).then_some(at.it.span)
        })
    };
    // `{ url, status: "transcoded" }`
    let ended = || {
        module.own(&module.objects, function.id).find_map(|at| {
            let state = ["status", "state"].iter().find_map(|key| crate::analysis::property(at.it, key))?;
            matches!(state.get_inner_expression(), Expression::StringLiteral(it) if it.value.ends_with("ed"))
                .then_some(at.it.span)
        })
    };
    let promised =
        || module.promised_effect(function).filter(|_| !function.name.starts_with("use")).map(|_| function.span);
    claim.or_else(told).or_else(set).or_else(ended).or_else(promised)
}

/// Whether a name around says that the time itself is what passes.
fn is_shown_for_itself(module: &Module<'_>, function: &Function<'_>) -> bool {
    let mut next = Some(function.id);
    while let Some(id) = next {
        let it = module.function(id);
        if names::words(it.name).iter().any(|word| PASSING.has(word.as_str())) {
            return true;
        }
        next = it.parent;
    }
    false
}

/// Whether a node stands in a function inside of another: in the callback of its timer.
fn is_inner(module: &Module<'_>, function: &Function<'_>, node: NodeId) -> bool {
    module.function_around(node).is_some_and(|id| id != function.id)
}
