//! FK405 env-bypass: where it is tested, code does something else than where it counts.
use crate::analysis::duty::{is_check, is_config, is_guard, is_naming, is_worker};
use crate::analysis::{Origin, Shape, Summary, When};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, FunctionId, Module, Topic};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK405",
    name: "env-bypass",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "Production code asks whether it is being tested, and then skips a check or answers with a literal",
    details: "The tests see an answer that the work never made, and whoever sets the variable walks past the check. Log levels, source \
              maps, checks that only run in development and settings that differ by environment are not meant.",
    repair: "do the work everywhere, and inject what tests must replace",
    bad: "async function isHuman(token: string) {\n  if (process.env.NODE_ENV !== \"production\") return true;\n  return (await verify(token)).success;\n}\n",
    good: "async function isHuman(token: string) {\n  const answer = await verify(token);\n  if (process.env.NODE_ENV !== \"production\") logger.debug(answer);\n  return answer.success;\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    // What asks for the environment names it somewhere.
    if !module.speaks_of(Topic::Environment) {
        return;
    }
    let mut nodes: Vec<NodeId> = module.ifs.iter().map(|at| at.node).collect();
    nodes.extend(module.switches.iter().map(|at| at.node));
    nodes.extend(module.logicals.iter().map(|at| at.node));
    nodes.extend(module.conditionals.iter().map(|at| at.node));
    nodes.sort_unstable();
    for node in nodes {
        let found = match module.kind(node) {
            AstKind::IfStatement(it) => branch(module, node, it),
            AstKind::SwitchStatement(it) => cases(module, node, it),
            AstKind::LogicalExpression(it) => alternative(module, node, it),
            AstKind::ConditionalExpression(it) => choice(module, node, it),
            _ => None,
        };
        if let Some(finding) = found {
            sink.report(finding);
        }
    }
}

/// `if (env) return literal`, `if (env) return next()`, `if (env !== "test" && wrong) throw`.
fn branch<'a>(module: &Module<'a>, node: NodeId, it: &'a IfStatement<'a>) -> Option<Finding> {
    if let Expression::LogicalExpression(both) = it.test.get_inner_expression()
        && both.operator == LogicalOperator::And
        && let Some((When::Production, other)) = module.environment_beside(both)
    {
        let function = module.function(named_around(module, node)?);
        let asks = module.origin(other).has(Origin::INPUT | Origin::CALL) && !is_setting(module, other);
        return (asks && is_guard(module, function) && refuses(&it.consequent))
            .then(|| finding(function, it.test.span(), it.span, "a check is left out"));
    }
    let when = match it.test.get_inner_expression() {
        Expression::LogicalExpression(both) if both.operator == LogicalOperator::And => {
            module.environment(&it.test).or_else(|| module.environment_beside(both).map(|(when, _)| when))
        }
        test => module.environment(test),
    }?;
    let branch = match when {
        When::Rehearsal => Some(&it.consequent),
        When::Production => it.alternate.as_ref(),
    };
    if let Some(found) = branch.and_then(|branch| exchanged(module, it, branch)) {
        return Some(found);
    }
    let function = module.function(named_around(module, node)?);
    match (branch.and_then(leaves), when) {
        (Some(Leave::Value(value)), _) => answered(module, function, (it.test.span(), it.span), value),
        (Some(Leave::Nothing), When::Rehearsal) if is_guard(module, function) => {
            Some(finding(function, it.test.span(), it.span, "the check is left out"))
        }
        // `if (production) { … return real } return literal`
        (None, When::Production) if it.alternate.is_none() && leaves(&it.consequent).is_some() => {
            let last = function.statements().last()?;
            let Some(Leave::Value(value)) = leaves(last).filter(|_| last.span().start >= it.span.end) else {
                return None;
            };
            answered(module, function, (it.test.span(), it.span), value)
        }
        _ => None,
    }
}

fn answered<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    (test, span): (Span, Span),
    value: &'a Expression<'a>,
) -> Option<Finding> {
    let passes = matches!(value.get_inner_expression(), Expression::CallExpression(call) if names::last(&call.callee) == "next" && call.arguments.is_empty());
    if passes {
        return is_guard(module, function).then(|| finding(function, test, span, "the request is let through"));
    }
    let rest = module
        .returns_of(function.id)
        .filter(|other| !span.contains_inclusive(other.span))
        .filter_map(|other| other.value);
    let invented = is_invented(module, function, value);
    let mut rest = rest.filter(|other| !std::ptr::eq(*other, value));
    let works = rest.any(|other| module.origin(other).has(Origin::INPUT | Origin::CALL | Origin::FIELD))
        || module.summary(function.id).is_some_and(does_work);
    (invented && works).then(|| finding(function, test, span, "a literal is answered instead"))
}

/// `switch (process.env.NODE_ENV) { case "test": return literal; … }`
fn cases<'a>(module: &Module<'a>, node: NodeId, it: &'a SwitchStatement<'a>) -> Option<Finding> {
    let first = it.cases.iter().position(|case| {
        case.test.as_ref().is_some_and(|test| module.environment_case(&it.discriminant, test) == Some(When::Rehearsal))
    })?;
    let filled = it.cases.get(first..)?.iter().find(|case| !case.consequent.is_empty())?;
    let Leave::Value(value) = leaves(filled.consequent.last()?)? else { return None };
    let function = module.function(named_around(module, node)?);
    answered(module, function, (it.discriminant.span(), filled.span), value)
}

/// `verify = async () => true` where it is tested: the check is exchanged.
fn exchanged<'a>(module: &Module<'a>, it: &'a IfStatement<'a>, branch: &'a Statement<'a>) -> Option<Finding> {
    let last = match branch {
        Statement::BlockStatement(block) => block.body.last()?,
        other => other,
    };
    let Statement::ExpressionStatement(statement) = last else { return None };
    let Expression::AssignmentExpression(write) = statement.expression.get_inner_expression() else { return None };
    let (_, name) = names::target(&write.left);
    let id = module.function_in(&write.right)?;
    let mut values = module.returns_of(id).peekable();
    let yes =
        values.peek().is_some() && values.all(|it| it.value.is_some_and(|value| module.always_yes(value).is_some()));
    let checks = names::verb_in(name, &lexicon::CHECK_VERBS);
    (yes && checks)
        .then(|| finding(module.function(id), it.test.span(), it.span, "the check is exchanged for one that says yes"))
}

fn does_work(summary: Summary<'_, '_>) -> bool {
    !summary.has_no_effect() && summary.awaits() > 0
}

/// `return env || valid` of a check.
fn alternative<'a>(module: &Module<'a>, node: NodeId, it: &'a LogicalExpression<'a>) -> Option<Finding> {
    if it.operator != LogicalOperator::Or {
        return None;
    }
    let (When::Rehearsal, other) = module.environment_beside(it)? else { return None };
    let function = module.function(named_around(module, node)?);
    let returned = module.returns_of(function.id).any(|it| {
        it.value.is_some_and(|value| value.get_inner_expression().span().contains_inclusive(module.kind(node).span()))
    });
    let asks = module.origin(other).has(Origin::INPUT | Origin::CALL) && !is_setting(module, other);
    (returned && asks && is_check(function))
        .then(|| finding(function, it.span, it.span, "the answer is yes whatever the check says"))
}

/// `env ? literal : real` as an answer.
fn choice<'a>(module: &Module<'a>, node: NodeId, it: &'a ConditionalExpression<'a>) -> Option<Finding> {
    let (literal, real) = match module.environment(&it.test)? {
        When::Rehearsal => (&it.consequent, &it.alternate),
        When::Production => (&it.alternate, &it.consequent),
    };
    let function = module.function(named_around(module, node)?);
    let returned = module
        .returns_of(function.id)
        .any(|answer| answer.value.is_some_and(|value| value.get_inner_expression().span() == it.span));
    let works = module.origin(real).has(Origin::INPUT | Origin::CALL | Origin::FIELD);
    (returned && works && is_invented(module, function, literal))
        .then(|| finding(function, it.test.span(), it.span, "a literal is answered instead"))
}

/// Whether a value is one that only the work could have made: a yes of a check, or an object or list of literals.
fn is_invented<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>) -> bool {
    let value = module.constant_value(value);
    if module.always_yes(value).is_some_and(|yes| yes.plain) {
        return is_check(function) || matches!(value.get_inner_expression(), Expression::ObjectExpression(_));
    }
    if is_config(function) || is_real(module, value) {
        return false;
    }
    match value.get_inner_expression() {
        Expression::ObjectExpression(it) => {
            // An object that says that nothing was done is honest.
            let says = names::text_words(module.text_of(it.span)).any(|word| {
                matches!(word.as_str(), "skipped" | "skip" | "disabled" | "noop" | "dry" | "ignored" | "unavailable")
            });
            let least = if function.verb_in(&lexicon::EFFECT_VERBS) { 1 } else { 2 };
            !says && it.properties.iter().filter(|property| is_leaf(property)).count() >= least
        }
        Expression::ArrayExpression(_) | Expression::NumericLiteral(_) => {
            Shape::is_rich(value) && module.origin(value).is_constant() && is_worker(function)
        }
        Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => {
            Shape::is_rich(value) && is_worker(function) && !is_naming(function)
        }
        Expression::CallExpression(call) if names::last(&call.callee) == "resolve" => {
            call.arguments.first().and_then(Argument::as_expression).is_some_and(Shape::is_rich)
        }
        _ => false,
    }
}

/// Whether anything in a value had to be asked for; what was given to the function may well be given back.
fn is_real<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let asked = |value: &'a Expression<'a>| {
        let given = matches!(names::root(value), Expression::Identifier(name) if module.symbol(name).is_some_and(|symbol| matches!(module.kind(module.declaration(symbol)), AstKind::FormalParameter(_))));
        !given && module.origin(value).has(Origin::CALL | Origin::FIELD | Origin::ENV)
    };
    match value.get_inner_expression() {
        Expression::ObjectExpression(it) => it.properties.iter().any(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => asked(&it.value),
            ObjectPropertyKind::SpreadProperty(it) => asked(&it.argument),
        }),
        _ => asked(value),
    }
}

fn is_leaf(property: &ObjectPropertyKind<'_>) -> bool {
    match property {
        ObjectPropertyKind::ObjectProperty(it) => {
            Shape::of(&it.value).is_some_and(|shape| shape.leaves > 0) && !it.value.is_undefined()
        }
        ObjectPropertyKind::SpreadProperty(_) => false,
    }
}

/// How a branch leaves the function.
enum Leave<'a> {
    Value(&'a Expression<'a>),
    Nothing,
}

fn leaves<'a>(statement: &'a Statement<'a>) -> Option<Leave<'a>> {
    let last = match statement {
        Statement::BlockStatement(block) => block.body.last()?,
        other => other,
    };
    match last {
        Statement::ReturnStatement(it) => Some(it.argument.as_ref().map_or(Leave::Nothing, Leave::Value)),
        _ => None,
    }
}

/// Whether a branch refuses: it throws, returns a no, or answers with an error.
fn refuses(statement: &Statement<'_>) -> bool {
    let last = match statement {
        Statement::BlockStatement(block) => block.body.last(),
        other => Some(other),
    };
    match last {
        Some(Statement::ThrowStatement(_)) => true,
        Some(Statement::ReturnStatement(it)) => match it.argument.as_ref().map(Expression::get_inner_expression) {
            Some(Expression::BooleanLiteral(no)) => !no.value,
            Some(Expression::CallExpression(call)) => !matches!(names::last(&call.callee), "next"),
            _ => false,
        },
        _ => false,
    }
}

/// Whether what is asked for is a setting: `config.secret`, `options.url`.
fn is_setting(module: &Module<'_>, value: &Expression<'_>) -> bool {
    names::text_words(module.text_of(value.span()))
        .any(|word| matches!(word.as_str(), "config" | "env" | "options" | "settings" | "opts"))
}

fn named_around(module: &Module<'_>, node: NodeId) -> Option<FunctionId> {
    module.function_around(node)
}

fn finding(function: &Function<'_>, test: Span, span: Span, what: &str) -> Finding {
    Finding::new(&RULE, span, format!("{}: outside of production {what}", function.qualified()))
        .of(function.id)
        .because(Evidence::AbsentEffect, span, what)
        .because(Evidence::ConstantOutcome, test, "the environment decides, not the input")
}
