//! Names: what an expression, key or target is called, and what the words of a name promise.
mod words;

use crate::syntax::*;
pub(crate) use words::{Verb, Words, first_letter, has_word, text_words, verb, verb_in, words};

/// The name of a property; empty where it is computed.
pub(crate) fn key<'a>(key: &'a PropertyKey<'a>) -> &'a str {
    match key {
        PropertyKey::StaticIdentifier(name) => name.name.as_str(),
        PropertyKey::PrivateIdentifier(name) => name.name.as_str(),
        PropertyKey::StringLiteral(name) => name.value.as_str(),
        PropertyKey::Identifier(_) => "",
        _ => "",
    }
}

/// The last name of an expression: `send` of `this.mail.client.send`, of `client?.send` and of `send`.
pub(crate) fn last<'a>(value: &'a Expression<'a>) -> &'a str {
    match value.get_inner_expression() {
        Expression::Identifier(name) => name.name.as_str(),
        Expression::StaticMemberExpression(member) => member.property.name.as_str(),
        Expression::PrivateFieldExpression(member) => member.field.name.as_str(),
        Expression::ComputedMemberExpression(member) => match &member.expression {
            Expression::StringLiteral(name) => name.value.as_str(),
            _ => "",
        },
        Expression::ChainExpression(chain) => match &chain.expression {
            ChainElement::CallExpression(call) => last(&call.callee),
            ChainElement::StaticMemberExpression(member) => member.property.name.as_str(),
            ChainElement::PrivateFieldExpression(member) => member.field.name.as_str(),
            ChainElement::ComputedMemberExpression(_) | ChainElement::TSNonNullExpression(_) => "",
        },
        Expression::CallExpression(call) => last(&call.callee),
        Expression::ThisExpression(_) => "this",
        Expression::Super(_) => "super",
        _ => "",
    }
}

/// What an expression is a member of: `this.mail.client` of `this.mail.client.send`.
pub(crate) fn object<'a>(value: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    match value.get_inner_expression() {
        Expression::StaticMemberExpression(member) => Some(&member.object),
        Expression::PrivateFieldExpression(member) => Some(&member.object),
        Expression::ComputedMemberExpression(member) => Some(&member.object),
        Expression::ChainExpression(chain) => match &chain.expression {
            ChainElement::StaticMemberExpression(member) => Some(&member.object),
            ChainElement::PrivateFieldExpression(member) => Some(&member.object),
            ChainElement::ComputedMemberExpression(member) => Some(&member.object),
            ChainElement::CallExpression(_) | ChainElement::TSNonNullExpression(_) => None,
        },
        _ => None,
    }
}

/// Where a chain of members and calls begins: `this` of `this.mail.client.send(x).then`, `fetch` of `fetch(url).then`.
pub(crate) fn root<'a>(value: &'a Expression<'a>) -> &'a Expression<'a> {
    let mut value = value.get_inner_expression();
    loop {
        let next = match value {
            Expression::CallExpression(call) => &call.callee,
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => &call.callee,
                ChainElement::TSNonNullExpression(inner) => &inner.expression,
                ChainElement::StaticMemberExpression(member) => &member.object,
                ChainElement::PrivateFieldExpression(member) => &member.object,
                ChainElement::ComputedMemberExpression(member) => &member.object,
            },
            Expression::AwaitExpression(it) => &it.argument,
            other => match object(other) {
                Some(object) => object,
                None => return value,
            },
        };
        value = next.get_inner_expression();
    }
}

/// `Mailer` and `send` of `Mailer.send = …`, `this` and `client` of `this.client = …`, nothing and `send` of `send = …`.
pub(crate) fn target<'a>(target: &'a AssignmentTarget<'a>) -> (&'a str, &'a str) {
    match target {
        AssignmentTarget::AssignmentTargetIdentifier(name) => ("", name.name.as_str()),
        AssignmentTarget::StaticMemberExpression(member) => (last(&member.object), member.property.name.as_str()),
        AssignmentTarget::PrivateFieldExpression(member) => (last(&member.object), member.field.name.as_str()),
        AssignmentTarget::ComputedMemberExpression(member) => (last(&member.object), ""),
        _ => ("", ""),
    }
}

/// The object of a member that is assigned to.
pub(crate) fn target_object<'a>(target: &'a AssignmentTarget<'a>) -> Option<&'a Expression<'a>> {
    match target {
        AssignmentTarget::StaticMemberExpression(member) => Some(&member.object),
        AssignmentTarget::PrivateFieldExpression(member) => Some(&member.object),
        AssignmentTarget::ComputedMemberExpression(member) => Some(&member.object),
        _ => None,
    }
}

/// Whether a call only wraps the function that it is given: the name of its result is the name of the function.
pub(crate) fn is_wrapper(call: &CallExpression<'_>) -> bool {
    matches!(call.arguments.first(), Some(Argument::ArrowFunctionExpression(_) | Argument::FunctionExpression(_)))
        && crate::lexicon::WRAPPERS.has(last(&call.callee))
}
