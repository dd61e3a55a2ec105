//! FK203 generated-rows: records counted out from a number instead of being loaded.
use rustc_hash::FxHashSet;

use crate::analysis::Made;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module, Role, Write};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK203",
    name: "generated-rows",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "Records of the real world are made from the number of a turn",
    details: "Names by template, states by remainder, amounts and times by multiplying: a list that knows nothing but how long it is. \
              Page numbers, keys of skeletons, seats, hours and byte ranges are made from numbers too, but say nothing about people or things.",
    repair: "load the records from where they live",
    bad: "const orders = Array.from({ length: 40 }, (_, i) => ({\n  id: i,\n  customer: `Customer ${i}`,\n  status: STATES[i % 3],\n}));\nreturn orders;\n",
    good: "const pages = Array.from({ length: count }, (_, i) => ({ key: i, label: `Page ${i + 1}` }));\n",
    check,
};

mod counters;

mod remainders;

use counters::counted;

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen = FxHashSet::default();
    remainders::remainders(module, &mut seen, sink);
    for object in &module.objects {
        if object.it.properties.len() < 3 {
            continue;
        }
        let Some(function) = object.function else {
            continue;
        };
        let named: Vec<&ObjectProperty<'_>> = object
            .it
            .properties
            .iter()
            .filter_map(|property| match property {
                ObjectPropertyKind::ObjectProperty(it)
                    if names::has_word(names::key(&it.key), &lexicon::ENTITY_NOUNS)
                        || matches!(names::key(&it.key), "serial" | "battery" | "online" | "cpu" | "load") =>
                {
                    Some(&**it)
                }
                _ => None,
            })
            .collect();
        if named.len() < 2 || !may_count(module, function, object.node) {
            continue;
        }
        let invented: Vec<&ObjectProperty<'_>> =
            named.iter().copied().filter(|it| is_invented(module, &it.value)).collect();
        // Names by template alone are names: of workers, of channels.
        let mixed = invented.iter().any(|it| {
            module.text_of(it.value.span()).contains(['%', '*', '/', '[', '?'])
                || !matches!(it.value.get_inner_expression(), Expression::TemplateLiteral(_))
        });
        let invented: Vec<&str> = invented.iter().map(|it| names::key(&it.key)).collect();
        if !mixed || invented.len() < 2 || invented.len() * 2 < named.len() || is_excused(module, function) {
            continue;
        }
        let home = module.home(function);
        if !seen.insert(home) {
            continue;
        }
        let it = module.function(home);
        let message = format!("{} makes its rows from a number: {}", it.qualified(), invented.join(", "));
        sink.report(
            Finding::new(&RULE, it.span, message)
                .of(home)
                .because(Evidence::InventedValue, object.it.span, "every value is counted out")
                .because(
                    Evidence::ContractWords,
                    object.it.span,
                    format!("{} promise something known", invented.join(", ")),
                ),
        );
    }
}

/// Cheap: whether something counts around an object.
fn may_count(module: &Module<'_>, function: FunctionId, node: NodeId) -> bool {
    let it = module.function(function);
    let called = matches!(it.argument_of, "map" | "from" | "forEach" | "flatMap" | "times" | "range" | "reduce");
    called
        || module.around(node).take_while(|(id, _)| *id >= it.node).any(|(_, kind)| {
            matches!(
                kind,
                AstKind::ForStatement(_)
                    | AstKind::WhileStatement(_)
                    | AstKind::DoWhileStatement(_)
                    | AstKind::ForOfStatement(_)
            )
        })
        || calls_itself(module, function)
        || it.role == Role::Named && matches!(it.params.items.len(), 1 | 2)
}

fn calls_itself(module: &Module<'_>, function: FunctionId) -> bool {
    let name = module.function(function).name;
    !name.is_empty() && module.own(&module.calls, function).any(|call| call.it.callee.is_specific_id(name))
}

fn is_invented<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    !is_bare(value) && module.made_of(value, &counted) == Made::Special
}

/// `i` and `i + 1`: a place in the order, nothing made up.
fn is_bare(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::BinaryExpression(it) => {
            it.operator == BinaryOperator::Addition
                && it.left.get_inner_expression().is_identifier_reference()
                && it.right.is_literal()
        }
        other => {
            other.is_identifier_reference() && matches!(other, Expression::Identifier(name) if name.name.len() <= 3)
        }
    }
}

fn is_excused(module: &Module<'_>, function: FunctionId) -> bool {
    let mut next = Some(function);
    while let Some(id) = next {
        let it = module.function(id);
        let words = names::words(it.name).iter().any(|word| {
            matches!(
                word.as_str(),
                "skeleton"
                    | "placeholder"
                    | "placeholders"
                    | "skeletons"
                    | "ticks"
                    | "pages"
                    | "pagination"
                    | "calendar"
                    | "grid"
                    | "slots"
                    | "axis"
            )
        });
        if words {
            return true;
        }
        next = it.parent;
    }
    // A list that is held as a placeholder.
    module.own(&module.writes, function).any(|write| matches!(write.it, Write::Assign(it) if names::target(&it.left).1.to_ascii_lowercase().contains("placeholder")))
}
