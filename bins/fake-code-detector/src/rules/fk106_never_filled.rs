//! FK106 for what is kept: a list, map or set that is read, and that nothing ever puts anything into.
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon::Names;
use crate::model::{Class, FunctionId, Member, Module};
use crate::names;
use crate::rules::fk106_dead_result::RULE;
use crate::rules::fk106_never_read;
use crate::syntax::*;

/// Private fields that are born empty, read, and never filled.
pub(super) fn fields<'a>(module: &Module<'a>, class: &Class<'a>) -> Vec<Finding> {
    let mut found = Vec::new();
    for member in &class.members {
        if !is_private(module, member) {
            continue;
        }
        if let Some(finding) = fk106_never_read::field(module, class, member) {
            found.push(finding);
            continue;
        }
        if !member.value.is_some_and(is_empty) {
            continue;
        }
        let Some(readers) = readers_of(module, class, member.name) else { continue };
        let Some((node, reader)) = readers.first().copied() else { continue };
        // The method that should fill it is the one that promises to, where there is one.
        let duty = class.methods.iter().copied().find(|id| {
            let method = module.function(*id);
            method.has_body() && (fills(method.name) || module.effect_verb(method).is_some())
        });
        let about = duty.or(reader).map(|id| module.function(id));
        let span = about.map_or(member.span, |it| it.span);
        let mut finding = Finding::new(
            &RULE,
            span,
            format!("{}.{} is read, and nothing ever puts anything into it", class.name, member.name),
        )
        .because(Evidence::AbsentEffect, member.span, "it begins empty, and stays so")
        .because(Evidence::ConstantOutcome, module.kind(node).span(), "what is read here is always empty")
        .with_severity(Severity::Error);
        if let Some(it) = about {
            finding = finding.of(it.id);
        }
        found.push(finding);
    }
    found
}

fn fills(name: &str) -> bool {
    matches!(
        names::verb(name).as_str(),
        "add"
            | "set"
            | "put"
            | "register"
            | "index"
            | "record"
            | "track"
            | "subscribe"
            | "on"
            | "push"
            | "insert"
            | "load"
            | "remember"
            | "observe"
            | "attach"
            | "listen"
            | "cache"
            | "use"
    )
}

fn is_private<'a>(module: &Module<'a>, member: &Member<'a>) -> bool {
    let text = module.text_of(member.span);
    !member.injected && (text.starts_with('#') || text.split_whitespace().next() == Some("private"))
}

/// `new Map()`, `new Set()`, `[]`, `{}`.
fn is_empty(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::ArrayExpression(it) => it.elements.is_empty(),
        Expression::ObjectExpression(it) => it.properties.is_empty(),
        Expression::NewExpression(it) => {
            it.arguments.is_empty()
                && matches!(names::last(&it.callee), "Map" | "Set" | "WeakMap" | "WeakSet" | "Array")
        }
        _ => false,
    }
}

/// Where a field is read, if each use of it only reads; nothing where it may be filled.
fn readers_of<'a>(module: &Module<'a>, class: &Class<'a>, name: &str) -> Option<Vec<(NodeId, Option<FunctionId>)>> {
    let mut readers = Vec::new();
    for node in (class.node.index()..class.end.index()).map(NodeId::from_usize) {
        let own = match module.kind(node) {
            AstKind::StaticMemberExpression(it) if it.property.name == name => true,
            AstKind::PrivateFieldExpression(it) if it.field.name == name.trim_start_matches('#') => true,
            // `const { postings } = this`, `this[name]`: whatever is done with it.
            AstKind::ComputedMemberExpression(it)
                if matches!(it.object.get_inner_expression(), Expression::ThisExpression(_)) =>
            {
                return None;
            }
            AstKind::VariableDeclarator(it) => {
                let taken = it
                    .init
                    .as_ref()
                    .is_some_and(|init| matches!(init.get_inner_expression(), Expression::ThisExpression(_)));
                if taken {
                    return None;
                }
                false
            }
            _ => false,
        };
        if !own {
            continue;
        }
        if !only_reads(module, node) {
            return None;
        }
        readers.push((node, module.function_around(node)));
    }
    Some(readers)
}

/// Whether a use of a collection neither changes it nor gives it to anybody.
fn only_reads(module: &Module<'_>, node: NodeId) -> bool {
    let mut inner = module.kind(node).span();
    for (_, around) in module.around(node).take(6) {
        match around {
            AstKind::ParenthesizedExpression(it) => inner = it.span,
            AstKind::TSNonNullExpression(it) => inner = it.span,
            AstKind::ChainExpression(it) => inner = it.span,
            AstKind::SpreadElement(_) => return true,
            AstKind::ForOfStatement(it) => return it.right.span() == inner,
            AstKind::ForInStatement(it) => return it.right.span() == inner,
            AstKind::StaticMemberExpression(it) => {
                return match it.property.name.as_str() {
                    "length" | "size" => true,
                    method => READS.has(method),
                };
            }
            _ => return false,
        }
    }
    false
}

static READS: Names = Names::new(&[
    "get",
    "has",
    "keys",
    "values",
    "entries",
    "forEach",
    "map",
    "filter",
    "find",
    "findIndex",
    "some",
    "every",
    "includes",
    "indexOf",
    "reduce",
    "slice",
    "at",
    "join",
    "flatMap",
    "findLast",
    "delete",
    "clear",
]);

/// The same of variables: `const seen = new Set()` that is asked, and never added to.
pub(super) fn variables<'a>(module: &Module<'a>) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in &module.declarators {
        let (node, it) = (at.node, at.it);
        let Some(name) = it.id.get_binding_identifier() else { continue };
        if let Some(finding) = fk106_never_read::variable(module, it, node) {
            found.push(finding);
            continue;
        }
        let empty = it.init.as_ref().is_some_and(|init| {
            is_empty(init) && !matches!(init.get_inner_expression(), Expression::ObjectExpression(_))
        });
        let Some(symbol) = name.symbol_id.get().filter(|_| empty && !says_empty(&name.name)) else { continue };
        let home = module
            .function_around(node)
            .filter(|id| fills(module.function(*id).name) || module.promises(module.function(*id)));
        let exported = matches!(
            module.kind(module.parent(module.parent(node))),
            AstKind::ExportNamedDeclaration(_) | AstKind::ExportDeclaration(_)
        );
        let mut uses = module.uses(symbol).filter(|it| it.is_read() || it.is_write()).peekable();
        let Some(first) = uses.peek().map(|it| it.node_id()).filter(|_| !exported) else { continue };
        if !uses.all(|it| !it.is_write() && !is_spread(module, it.node_id()) && only_reads(module, it.node_id())) {
            continue;
        }
        let reader = home.or_else(|| module.function_around(first));
        let Some(about) = reader.map(|id| module.function(id)) else { continue };
        found.push(
            Finding::new(&RULE, about.span, format!("{} is read, and nothing ever puts anything into it", name.name))
                .of(about.id)
                .because(Evidence::AbsentEffect, it.span, "it begins empty, and stays so")
                .because(Evidence::ConstantOutcome, module.kind(first).span(), "what is read here is always empty"),
        );
    }
    found
}

fn is_spread(module: &Module<'_>, node: NodeId) -> bool {
    matches!(module.kind(module.parent(node)), AstKind::SpreadElement(_))
}

fn says_empty(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(word.as_str(), "empty" | "none" | "no" | "noop" | "default" | "defaults" | "initial" | "blank")
    }) || name.bytes().all(|byte| !byte.is_ascii_lowercase())
}
