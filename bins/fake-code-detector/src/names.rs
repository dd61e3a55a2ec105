//! Names: what an expression, key or target is called, and what the words of a name promise.
use std::cell::RefCell;
use std::rc::Rc;

use crate::lexicon::Lexicon;
use crate::syntax::*;

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

/// Places for names whose words are kept, on each thread: the same few hundred come again and again. A power of two.
const KEPT: usize = 4096;
/// The longest name that is kept, in bytes.
const LONGEST: usize = 64;

/// A name, by the key that tells short ones apart, and its words.
type Kept = Option<(Key, Box<str>, Words)>;

thread_local! {
    static WORDS: RefCell<Vec<Kept>> = RefCell::new(vec![None; KEPT]);
}

/// The words of a name.
#[derive(Debug, Clone)]
pub(crate) struct Words(Rc<[String]>);

impl std::ops::Deref for Words {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl IntoIterator for Words {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        Vec::from(&*self.0).into_iter()
    }
}

impl<'w> IntoIterator for &'w Words {
    type Item = &'w String;
    type IntoIter = std::slice::Iter<'w, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The words of a name, in lower case: `sendEmail_v2` is `send`, `email`, `v2`; `HTTPServer` is `http`, `server`.
pub(crate) fn words(name: &str) -> Words {
    if name.len() > LONGEST {
        return Words(split(name).into());
    }
    let key = Key::of(name);
    WORDS.with_borrow_mut(|kept| {
        let is = |place: &Kept| match place {
            Some((known, long, words)) if *known == key && (name.len() <= 16 || **long == *name) => Some(words.clone()),
            _ => None,
        };
        // Two names can have the same place: the older one has the one beside it.
        let at = key.place();
        if let Some(words) = is(&kept[at]).or_else(|| is(&kept[at ^ 1])) {
            return words;
        }
        let found = Words(split(name).into());
        kept[at ^ 1] = kept[at].take();
        kept[at] = Some((key, name.into(), found.clone()));
        found
    })
}

/// Length, start and end of a name: all of it, up to 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key(usize, u64, u64);

impl Key {
    fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let (start, end) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => (bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
        };
        Self(bytes.len(), start, end)
    }

    /// Where the words of the name are kept.
    fn place(self) -> usize {
        let hash = (self.1.rotate_left(20) ^ self.2 ^ self.0 as u64).wrapping_mul(0x517c_c1b7_2722_0a95);
        (hash >> 40) as usize % KEPT
    }
}

fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let bytes = name.as_bytes();
    let mut start = 0;
    let mut take = |part: std::ops::Range<usize>| {
        if part.is_empty() {
            return;
        }
        words.push(match name.get(part.clone()).filter(|part| part.is_ascii()) {
            Some(part) => part.to_ascii_lowercase(),
            // In no list: only to be the same each time.
            None => bytes[part].iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect(),
        });
    };
    for (index, &byte) in bytes.iter().enumerate() {
        let (before, after) = (index.checked_sub(1).map(|at| bytes[at]), bytes.get(index + 1));
        let apart = matches!(byte, b'_' | b'-' | b'$' | b'#' | b' ' | b'.' | b'/' | b':');
        let starts = byte.is_ascii_uppercase()
            && (before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                || (before.is_some_and(|b| b.is_ascii_uppercase()) && after.is_some_and(u8::is_ascii_lowercase)));
        if apart || starts {
            take(start..index);
            start = index + usize::from(apart);
        }
    }
    take(start..bytes.len());
    words
}

/// Whether one of the words of a name is in the lexicon; plurals count as the singular.
pub(crate) fn has_word(name: &str, lexicon: &Lexicon) -> bool {
    words(name).iter().any(|word| lexicon.has(word) || word.strip_suffix('s').is_some_and(|one| lexicon.has(one)))
}

/// The verb of a name, in lower case: `send` of `sendEmail`, of `_sendEmail`, of `handleSendEmail` and of `onSend`; `email` of `email`.
pub(crate) fn verb(name: &str) -> String {
    let words = words(name);
    words.get(verb_at(&words)).cloned().unwrap_or_default()
}

/// Which word is the verb: the second, where the first only leads to it.
fn verb_at(words: &[String]) -> usize {
    let lead = |word: &str| {
        matches!(
            word,
            "handle"
                | "on"
                | "do"
                | "async"
                | "try"
                | "maybe"
                | "safe"
                | "perform"
                | "run"
                | "execute"
                | "internal"
                | "process"
                | "auto"
                | "re"
                | "bulk"
                | "batch"
        )
    };
    usize::from(words.len() > 1 && words.first().is_some_and(|first| lead(first)))
}

/// Whether the verb of a name is in the lexicon.
pub(crate) fn verb_in(name: &str, lexicon: &Lexicon) -> bool {
    let words = words(name);
    let has = |at: usize| words.get(at).is_some_and(|word| lexicon.has(word));
    has(0) || has(verb_at(&words))
}

/// The words of a piece of code, in lower case: `given.secretKey === "x"` is `given`, `secret`, `key`, `x`.
pub(crate) fn text_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|sign: char| !sign.is_ascii_alphanumeric()).flat_map(split)
}
