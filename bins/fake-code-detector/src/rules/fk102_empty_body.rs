//! FK102 empty-body: a function with a promise in its name and nothing in its body.
use crate::analysis::{Level, Outward};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Body, Function, Kind, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK102",
    name: "empty-body",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function takes input, or promises an effect by its name, and its body does nothing",
    details: "Statements that only void a value, take a parameter apart or return early count as nothing. Constructors, hooks for \
              subclasses, null objects, defaults of optional callbacks and methods that a contract asks for are not meant, \
              nor is a body whose comment says why it is empty.",
    repair: "do what the name says, or remove the function with its callers",
    bad: "async function publish(event: ShipmentEvent): Promise<void> {}\n",
    good: "class NullEvents implements Events {\n  async publish(_event: ShipmentEvent): Promise<void> {}\n}\n",
    check,
};

/// What a comment says that knows that the body is empty.
const KNOWN: &[&str] = &[
    "noop",
    "no-op",
    "no op",
    "nothing",
    "intentional",
    "empty",
    "ignore",
    "not needed",
    "no need",
    "unused",
    "overrid",
    "overwrit",
    "subclass",
    "optional",
    "hook",
    "default",
    "abstract",
    "deprecated",
    "unnecessary",
    "not supported",
    "unsupported",
    "compat",
    "extend",
    "placeholder for",
    "legacy",
    "not required",
    "not applicable",
    "n/a",
    "not used",
    "no longer",
    "not implement",
];

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function) {
            sink.report(finding);
        }
    }
}

/// Whether something hangs on an answer that the function keeps: whether it asks again, for one.
fn is_answer_used<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let Some(slice) = module.slice(function.id) else { return false };
    module.declarators(function.id).any(|it| {
        let asked =
            matches!(it.init.as_ref().map(Expression::get_inner_expression), Some(Expression::AwaitExpression(_)));
        asked && slice.level_at(it.node_id.get()) > Level::Guard
    })
}

/// A private method that its own class calls and that nobody can override.
fn is_called_private(module: &Module<'_>, function: &Function<'_>) -> bool {
    let private = match module.kind(module.parent(function.node)) {
        AstKind::MethodDefinition(it) => {
            !it.r#override
                && (matches!(it.accessibility, Some(TSAccessibility::Private))
                    || matches!(it.key, PropertyKey::PrivateIdentifier(_)))
        }
        _ => false,
    };
    let called = || {
        module.calls.iter().any(|at| {
            names::last(&at.it.callee) == function.name
                && names::object(&at.it.callee).is_some_and(|it| matches!(it, Expression::ThisExpression(_)))
        })
    };
    private && called()
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let Body::Block(body) = function.body else { return None };
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.role != Role::Named
        || function.is_generator
        || body.statements.len() > 8
    {
        return None;
    }
    let bare = body.statements.is_empty();
    if module.returns_of(function.id).any(|it| it.value.is_some_and(|value| !is_nothing(value)))
        || !body.directives.is_empty()
    {
        return None;
    }
    // Where nothing but values of nothing are returned, FK103 says so.
    let mut returns = module.returns_of(function.id).peekable();
    if returns.peek().is_some() && returns.all(|it| it.value.is_some()) {
        return None;
    }
    let effectful = function.verb_in(&lexicon::EFFECT_VERBS);
    let takes = !function.params.items.is_empty() || function.params.rest.is_some();
    if !(takes || effectful && function.class.is_some())
        || function.name.is_empty()
        || function.words().iter().any(|word| PROMISELESS.has(word.as_str()))
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    // What is asked for a guard, and then not used, is no effect.
    let asks = || {
        let outcome = module.outcome(function.id);
        !bare && effectful && outcome.is_some_and(|it| it.outward == Outward::Asks) && !is_answer_used(module, function)
    };
    if !summary.has_no_effect() && !asks()
        || !summary.logs().is_empty()
        || !summary.timers().is_empty()
        || module.may_throw(function.id)
    {
        return None;
    }
    // A validator by callbacks or a body of dead computing is no empty body.
    // Guards alone, before a return of nothing, do nothing either.
    let leaves = || function.statements().iter().all(is_leaving);
    if !bare && (!effectful && !leaves() || !module.inside(&module.catches, function.id).is_empty()) {
        return None;
    }
    let collaborator = collaborator(module, function);
    if module.is_bound_elsewhere(function)
        && !(collaborator && takes && effectful && module.has_heritage(function) && !module.is_null_object(function))
    {
        return None;
    }
    // Nobody overrides what is private, and an underscore only quiets the linter: whoever calls it relies on it.
    let relied_on = bare && takes && is_called_private(module, function) && module.promised_effect(function).is_some();
    if summary.all_underscored() && !relied_on
        || is_of_null_table(module, function)
        || module.is_explained(function.id, KNOWN)
    {
        return None;
    }
    let declared = function.return_type.is_some() && !function.returns_nothing();
    // A property of an object may stand there because the contract asks for it: its verb alone is one kind of evidence.
    let decisive = effectful && takes && function.kind != Kind::Property || declared;
    if function.kind == Kind::Property && !decisive && !(effectful && takes) {
        return None;
    }
    let what = if bare { "has an empty body" } else { "does nothing" };
    let mut finding = Finding::new(&RULE, function.span, format!("{} {what}", function.qualified()))
        .of(function.id)
        .because(Evidence::AbsentEffect, body.span, "nothing is done here")
        .with_severity(if decisive { Severity::Error } else { Severity::Warning });
    if let Some(first) = summary.parameters().first() {
        finding = finding.because(Evidence::UnreadInput, first.span, format!("{} is given and not read", first.name));
    }
    if effectful {
        finding = finding.because(
            Evidence::ContractWords,
            function.span,
            format!("its name promises to {}", function.verb()),
        );
    }
    Some(finding)
}

/// Words of functions for which nothing is an honest thing to do.
static PROMISELESS: Names = Names::new(&[
    "debug",
    "debuglog",
    "log",
    "trace",
    "noop",
    "ignore",
    "nothing",
    "swallow",
    "discard",
    "assert",
    "unused",
    "assume",
    "keep",
    "expect",
    "type",
    "never",
    "unreachable",
    "exhaustive",
    "hook",
]);

/// Whether the class of a method was given something to do its work with, and uses it nowhere.
fn collaborator(module: &Module<'_>, function: &Function<'_>) -> bool {
    let Some(class) = function.class.map(|class| module.class_of(class)) else { return false };
    let mut injected: Vec<&str> =
        class.members.iter().filter(|member| member.injected).map(|member| member.name).collect();
    for node in (class.node.index()..class.end.index()).map(NodeId::from_usize) {
        if let AstKind::StaticMemberExpression(it) = module.kind(node)
            && matches!(it.object, Expression::ThisExpression(_))
            && !matches!(module.kind(module.parent(node)), AstKind::AssignmentExpression(_))
        {
            injected.retain(|name| *name != it.property.name);
        }
    }
    !injected.is_empty()
}

/// Whether every function of the object that a function is a property of is as empty: a table of defaults.
fn is_of_null_table<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    if function.kind != Kind::Property {
        return false;
    }
    let Some((_, AstKind::ObjectExpression(table))) =
        module.around(function.node).find(|(_, kind)| matches!(kind, AstKind::ObjectExpression(_)))
    else {
        return true;
    };
    let mut functions = table.properties.iter().filter_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => module.function_in(&it.value),
        ObjectPropertyKind::SpreadProperty(_) => None,
    });
    let other = functions.find(|id| {
        *id != function.id && !module.function(*id).statements().is_empty()
            || matches!(module.function(*id).body, Body::Value(_))
    });
    other.is_none()
}

/// `null`, `undefined`
fn is_nothing(value: &Expression<'_>) -> bool {
    let value = value.get_inner_expression();
    matches!(value, Expression::NullLiteral(_)) || value.is_undefined()
}

/// `return;`, `return null;`, `if (!x) return;`
fn is_leaving(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ReturnStatement(_) => true,
        Statement::IfStatement(it) if it.alternate.is_none() => match &it.consequent {
            Statement::BlockStatement(block) => matches!(&block.body[..], [Statement::ReturnStatement(_)]),
            other => matches!(other, Statement::ReturnStatement(_)),
        },
        _ => false,
    }
}
