//! A report that names two or more dependencies and writes down that each is well.
use crate::analysis::CallKind;
use crate::finding::Finding;
use crate::lexicon::Names;
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

/// Keys under which the dependencies of a report stand.
static GROUPS: Names = Names::new(&[
    "checks",
    "dependencies",
    "services",
    "components",
    "deps",
    "details",
    "status",
    "statuses",
    "report",
    "info",
    "subsystems",
    "results",
    "probes",
    "health",
    "connections",
    "backends",
    "systems",
    "data",
]);
/// Keys that are about the report itself.
static ITSELF: Names = Names::new(&[
    "status",
    "state",
    "ok",
    "ready",
    "healthy",
    "success",
    "version",
    "uptime",
    "timestamp",
    "time",
    "service",
    "name",
    "env",
    "up",
    "alive",
    "live",
    "health",
    "message",
    "commit",
    "region",
    "degraded",
    "error",
    "errors",
]);

/// `statuses[name] = "up"` in a loop in which nobody is asked.
pub(crate) fn all_written<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let writes = module.inside(&module.writes, function.id);
    let well = writes.iter().find(|at| match at.it {
        crate::model::Write::Assign(it) => {
            matches!(it.left, AssignmentTarget::ComputedMemberExpression(_)) && super::is_well(&it.right)
        }
        crate::model::Write::Update(_) => false,
    })?;
    let looped = module
        .around(well.node)
        .take_while(|(id, _)| *id > function.node)
        .any(|(_, kind)| kind.is_iteration_statement() || matches!(kind, AstKind::ArrowFunctionExpression(_)));
    let asks = !module.inside(&module.awaits, function.id).is_empty()
        || module.inside(&module.calls, function.id).iter().any(|call| is_asking(module, function, call.it));
    let decided = module
        .around(well.node)
        .take_while(|(id, _)| *id > function.node)
        .any(|(_, kind)| matches!(kind, AstKind::IfStatement(_)));
    let what = "each dependency is called well without being asked";
    (looped && !asks && !decided).then(|| super::finding(module, function, module.kind(well.node).span(), what))
}

/// `names.map((name) => [name, "up"])` where nobody is asked.
pub(crate) fn all_paired<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let pair = module.inside(&module.arrays, function.id).iter().find(|at| {
        let turn = at.function.is_some_and(|id| id != function.id && super::is_turn(module, id));
        let [ArrayExpressionElement::Identifier(_), second] = &at.it.elements[..] else { return false };
        turn && second.as_expression().is_some_and(super::is_well)
    })?;
    let asks = !module.inside(&module.awaits, function.id).is_empty()
        || module.inside(&module.calls, function.id).iter().any(|call| is_asking(module, function, call.it));
    let what = "each dependency is called well without being asked";
    (!asks).then(|| super::finding(module, function, pair.it.span, what))
}

pub(crate) fn all_named<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let mut named: Vec<&'a str> = Vec::new();
    let mut first = None;
    for object in module.inside(&module.objects, function.id) {
        let before = named.len();
        dependencies((module, function), object.it, group(module, object.node), &mut named);
        if named.len() > before {
            first = first.or(Some(object.it.span));
        }
    }
    named.sort_unstable();
    named.dedup();
    if named.len() < 2
        || !module.inside(&module.awaits, function.id).iter().all(|at| is_answer_of_format(module, at.it))
    {
        return None;
    }
    let asks = module.inside(&module.calls, function.id).iter().any(|call| is_asking(module, function, call.it));
    // What may also be down is not written down.
    let moved = module.inside(&module.writes, function.id).iter().any(|at| matches!(at.it, crate::model::Write::Assign(it) if !names::target(&it.left).0.is_empty() && module.origin(&it.right).is_real()));
    let what = "it names its dependencies as well and asks none";
    (!asks && !moved).then(|| super::finding(module, function, first.unwrap_or(function.span), what))
}

/// `await reply.code(200).send(…)`
fn is_answer_of_format<'a>(module: &Module<'a>, it: &'a AwaitExpression<'a>) -> bool {
    match it.argument.get_inner_expression() {
        Expression::CallExpression(call) => {
            super::is_probe(module, call).eq(&false) || matches!(module.call_kind(call), CallKind::Timer)
        }
        _ => true,
    }
}

/// Whether a call may ask somebody: neither a log nor part of the answer.
fn is_asking<'a>(module: &Module<'a>, function: &Function<'a>, call: &'a CallExpression<'a>) -> bool {
    if !super::is_probe(module, call) {
        return false;
    }
    let root = match names::root(&call.callee) {
        Expression::Identifier(name) => name.name.as_str(),
        _ => "",
    };
    let given = function.parameters().iter().any(|name| name.name == root);
    let answers = given
        && matches!(
            root,
            "res" | "reply" | "response" | "ctx" | "c" | "h" | "context" | "req" | "request" | "_req" | "set"
        );
    !answers && root != "process"
}

/// The key that an object stands under, where it is one for dependencies.
fn group<'a>(module: &Module<'a>, node: NodeId) -> bool {
    let around = module.around(node).map(|(_, kind)| kind);
    for kind in around.take(4) {
        let name = match kind {
            AstKind::ObjectProperty(it) => names::key(&it.key),
            AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().map_or("", |name| name.name.as_str()),
            AstKind::ParenthesizedExpression(_) | AstKind::TSAsExpression(_) | AstKind::TSSatisfiesExpression(_) => {
                continue;
            }
            _ => return false,
        };
        return names::words(name).last().is_some_and(|word| GROUPS.has(word.as_str()));
    }
    false
}

/// `this.pool ? "up" : "down"` of what the constructor was given: it is always there.
fn is_given<'a>((module, function): (&Module<'a>, &Function<'a>), value: &'a Expression<'a>) -> bool {
    let Expression::ConditionalExpression(it) = module.constant_value(value).get_inner_expression() else {
        return false;
    };
    let own = names::object(&it.test)
        .is_some_and(|object| matches!(object.get_inner_expression(), Expression::ThisExpression(_)));
    let member = function.class.filter(|_| own).is_some_and(|class| {
        let flag = |member: &crate::model::Member<'a>| matches!(member.annotation, Some(TSType::TSBooleanKeyword(_)));
        module
            .class_of(class)
            .members
            .iter()
            .any(|it_is| it_is.injected && it_is.name == names::last(&it.test) && !flag(it_is))
    });
    let imported = match it.test.get_inner_expression() {
        Expression::Identifier(name) => module.symbol(name).is_some_and(|symbol| module.imports.contains_key(&symbol)),
        _ => false,
    };
    (member || imported) && super::is_well(&it.consequent)
}

fn dependencies<'a>(
    place: (&Module<'a>, &Function<'a>),
    object: &'a ObjectExpression<'a>,
    group: bool,
    named: &mut Vec<&'a str>,
) {
    let mut label = None;
    let mut well = false;
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(it) = property else { continue };
        let key = names::key(&it.key);
        match it.value.get_inner_expression() {
            Expression::StringLiteral(text)
                if matches!(key, "name" | "service" | "component" | "id" | "dependency") =>
            {
                label = Some(text.value.as_str());
            }
            _ if !ITSELF.has(key) && is_given(place, &it.value) => named.push(key),
            Expression::ObjectExpression(inner) if !ITSELF.has(key) && is_well_object(inner) => named.push(key),
            value if super::is_well(value) => {
                let plain = matches!(value, Expression::BooleanLiteral(_));
                if ITSELF.has(key) || super::STATES.has(key) {
                    well = true;
                } else if group || !plain {
                    named.push(key);
                }
            }
            _ => {}
        }
    }
    if let Some(label) = label.filter(|_| well) {
        named.push(label);
    }
}

/// `{ status: "up", latencyMs: 2 }`
fn is_well_object(object: &ObjectExpression<'_>) -> bool {
    object.properties.iter().any(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => super::STATES.has(names::key(&it.key)) && super::is_well(&it.value),
        ObjectPropertyKind::SpreadProperty(_) => false,
    })
}
