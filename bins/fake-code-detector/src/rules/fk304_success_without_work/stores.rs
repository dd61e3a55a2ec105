//! A store of a class that is read and that nothing ever puts anything into.
use super::RULE;
use crate::analysis::Grade;
use crate::finding::{Evidence, Finding};
use crate::lexicon;
use crate::model::{Class, Function, Kind, Member, Module};
use crate::names;
use crate::syntax::*;

const MOST: usize = 400;

pub(super) fn finding<'a>(module: &Module<'a>, class: &Class<'a>) -> Option<Finding> {
    if class.it.heritage.is_some() || class.it.r#abstract {
        return None;
    }
    let calls = module.between(&module.calls, class.node, class.end);
    let member = class
        .members
        .iter()
        .find(|member| is_empty_store(module, member) && calls.len() < MOST && is_read_only(module, class, member))?;
    let function = class.methods.iter().map(|id| module.function(*id)).find(|it| fills_by_name(module, it))?;
    let message = format!("{} never puts anything into {}, nor does anything else", function.qualified(), member.name);
    Some(
        Finding::new(&RULE, function.span, message)
            .of(function.id)
            .because(
                Evidence::AbsentEffect,
                member.span,
                format!("{} starts empty, is read, and stays empty", member.name),
            )
            .because(Evidence::ContractWords, function.span, "its name says that it changes what the class holds"),
    )
}

fn is_empty_store(module: &Module<'_>, member: &Member<'_>) -> bool {
    let text = module.text_of(member.span);
    let private = text.starts_with("private") || text.starts_with('#');
    private
        && match member.value.map(Expression::get_inner_expression) {
            Some(Expression::NewExpression(new)) => {
                matches!(names::last(&new.callee), "Map" | "Set") && new.arguments.is_empty()
            }
            _ => false,
        }
}

/// Whether all uses of a field in its class read it: a method that looks, its size, a loop over it. One at least does.
fn is_read_only<'a>(module: &Module<'a>, class: &Class<'a>, member: &Member<'a>) -> bool {
    let name = member.name.trim_start_matches('#');
    let mut reads = 0;
    for index in class.node.index()..class.end.index() {
        let node = NodeId::from_usize(index);
        let used = match module.kind(node) {
            AstKind::StaticMemberExpression(it) => {
                matches!(it.object, Expression::ThisExpression(_)) && it.property.name == name
            }
            AstKind::PrivateFieldExpression(it) => it.field.name == name,
            AstKind::ThisExpression(_) => {
                if !matches!(
                    module.kind(module.parent(node)),
                    AstKind::StaticMemberExpression(_) | AstKind::PrivateFieldExpression(_)
                ) {
                    return false;
                }
                false
            }
            _ => false,
        };
        if !used {
            continue;
        }
        let looks = match module.kind(module.parent(node)) {
            AstKind::StaticMemberExpression(it) => {
                matches!(it.property.name.as_str(), "get" | "has" | "size" | "keys" | "values" | "entries")
            }
            AstKind::ForOfStatement(_) | AstKind::SpreadElement(_) => true,
            _ => false,
        };
        if !looks {
            return false;
        }
        reads += 1;
    }
    reads > 0
}

/// Whether a method is there to change what is held, and changes nothing.
fn fills_by_name<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let verb = function.verb();
    module.is_candidate(function)
        && function.kind == Kind::Method
        && !function.parameters().is_empty()
        && (lexicon::EFFECT_VERBS.has(verb)
            || matches!(
                verb.as_str(),
                "add" | "set" | "join" | "remember" | "learn" | "hold" | "count" | "observe" | "increment"
            ))
        && !module.keeps_something(function.id)
        && !module.inside(&module.calls, function.id).iter().any(|at| module.grade(at) == Grade::Work)
}
