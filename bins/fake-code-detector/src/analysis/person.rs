//! People of the source: objects of literals that are somebody.
use crate::lexicon;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// Identities without a person behind: they may well be literal.
pub(crate) const NOBODY: &[&str] = &[
    "anonymous",
    "anon",
    "guest",
    "visitor",
    "public",
    "system",
    "service",
    "svc",
    "job",
    "jobs",
    "worker",
    "cron",
    "daemon",
    "bot",
    "unknown",
    "nobody",
    "internal",
    "none",
    "default",
    "empty",
    "placeholder",
    "scheduler",
    "batch",
    "local",
    "root",
];

pub(crate) fn is_identity(name: &str) -> bool {
    names::words(name).last().is_some_and(|word| lexicon::IDENTITY_WORDS.has(word))
}

/// The object of literals that is somebody: it has an id and a name, an address or rights. Also one level down, under `user` and the like.
pub(crate) fn person<'a>(
    module: &Module<'a>,
    value: &'a Expression<'a>,
    depth: usize,
) -> Option<&'a ObjectExpression<'a>> {
    let object = match module.constant_value(value).get_inner_expression() {
        Expression::ObjectExpression(object) => object,
        // `cookie ? USER : null`, `found ?? USER`
        Expression::ConditionalExpression(it) if depth < 4 => {
            return person(module, &it.consequent, depth + 1).or_else(|| person(module, &it.alternate, depth + 1));
        }
        Expression::LogicalExpression(it) if depth < 4 => return person(module, &it.right, depth + 1),
        Expression::AwaitExpression(it) if depth < 4 => return person(module, &it.argument, depth + 1),
        Expression::CallExpression(call)
            if depth < 4 && matches!(names::last(&call.callee), "resolve" | "freeze" | "of" | "next") =>
        {
            return person(module, call.arguments.first()?.as_expression()?, depth + 1);
        }
        _ => return None,
    };
    if is_person(object) {
        return Some(object);
    }
    object.properties.iter().find_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) if is_identity(names::key(&it.key)) => {
            match module.constant_value(&it.value).get_inner_expression() {
                Expression::ObjectExpression(inner) if is_person(inner) => Some(&**inner),
                _ => None,
            }
        }
        _ => None,
    })
}

fn is_person(object: &ObjectExpression<'_>) -> bool {
    let (mut id, mut rights, mut nobody) = (false, 0, false);
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return false };
        let key = names::words(names::key(&it.key));
        let Some(last) = key.last() else { continue };
        let said = said(&it.value);
        if let Said::Text(text) = &said {
            nobody |= names::text_words(text).any(|word| NOBODY.contains(&word.as_str()));
        }
        let full = matches!(said, Said::Text(_) | Said::Much);
        match last.as_str() {
            "id" | "sub" | "uid" | "userid" | "username" | "login" | "email" if full && !id => id = true,
            "role" | "roles" | "permissions" | "scopes" | "scope" | "email" | "name" | "admin" | "groups"
            | "membership" | "id" | "plan" | "club" | "tenant" | "organization" | "username" => {
                rights += usize::from(full)
            }
            _ => {}
        }
    }
    id && rights > 0 && !nobody
}

/// What a literal says.
enum Said<'a> {
    Text(&'a str),
    /// A number, a yes, a list that is not empty.
    Much,
    Nothing,
}

fn said<'a>(value: &'a Expression<'a>) -> Said<'a> {
    match value.get_inner_expression() {
        Expression::StringLiteral(it)
            if it.value.len() > 1 || it.value.bytes().all(|it| it.is_ascii_digit()) && !it.value.is_empty() =>
        {
            Said::Text(it.value.as_str())
        }
        Expression::NumericLiteral(it) if it.value > 0.0 => Said::Much,
        Expression::BooleanLiteral(it) if it.value => Said::Much,
        Expression::ArrayExpression(it)
            if matches!(it.elements.first(), Some(ArrayExpressionElement::StringLiteral(_))) =>
        {
            Said::Much
        }
        _ => Said::Nothing,
    }
}
