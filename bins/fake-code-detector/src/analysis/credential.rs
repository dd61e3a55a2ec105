//! Credentials: what only the right person knows, by its name, and literals that look like one.
use crate::analysis::Shape;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// Literals that are kinds and states, not credentials.
static KINDS: Names = Names::new(&[
    "string",
    "password",
    "secret",
    "token",
    "text",
    "hidden",
    "true",
    "false",
    "none",
    "null",
    "undefined",
    "required",
    "object",
    "function",
    "bearer",
    "basic",
    "auto",
    "prompt",
    "default",
    "inherit",
    "optional",
    "include",
    "omit",
    "same-origin",
]);

/// The literal that an expression is, also as bytes and through constants; of a table of literals one that the input picks.
pub(crate) fn literal<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<String> {
    let value = module.meant(value);
    match value.get_inner_expression() {
        Expression::StringLiteral(it) => Some(it.value.to_string()),
        Expression::TemplateLiteral(it) if it.expressions.is_empty() => {
            it.quasis.first().map(|part| part.value.raw.to_string())
        }
        Expression::NumericLiteral(it) if it.value >= 1000.0 => Some(format!("#{}", it.value)),
        Expression::CallExpression(call) if names::last(&call.callee) == "get" => {
            table(module, names::object(&call.callee)?)
        }
        Expression::CallExpression(call) if names::last(&call.callee) == "from" => {
            literal(module, call.arguments.first()?.as_expression()?)
        }
        Expression::ComputedMemberExpression(it) => table(module, &it.object),
        _ => None,
    }
}

fn table<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<String> {
    let value = module.constant_value(value);
    let shape = Shape::of(value)?;
    let filled = matches!(value.get_inner_expression(), Expression::ObjectExpression(_) | Expression::NewExpression(_))
        && shape.strings >= 1;
    filled.then(|| "a table of literals 1".to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// A password or secret: no other meaning.
    Secret,
    /// `code`, `pin`: digits.
    Code,
    /// `token`, `key`: also a word of parsers.
    Token,
}

impl Credential {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Code => "code",
            Self::Token => "token",
        }
    }

    pub(crate) fn fits(self, text: &str) -> bool {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
        match self {
            Self::Secret => text.len() >= 4 && digits + letters >= 4 && !KINDS.has(text.to_lowercase().as_str()),
            // Codes of protocols are numbers: only a text of digits is one that somebody typed.
            Self::Code => (4..=8).contains(&text.len()) && digits == text.len(),
            Self::Token => text.len() >= 8 && digits >= 1 && letters >= 3,
        }
    }
}

/// What kind of credential an expression is by its name, or by what the constant holds that it names.
pub(crate) fn credential<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Credential> {
    let value = value.get_inner_expression();
    let named = match value {
        Expression::Identifier(_)
        | Expression::StaticMemberExpression(_)
        | Expression::ComputedMemberExpression(_)
        | Expression::ChainExpression(_) => kind_of(&names::words(names::last(value))),
        Expression::CallExpression(_) | Expression::AwaitExpression(_) | Expression::BinaryExpression(_) => {
            kind_of(&names::text_words(module.text_of(value.span())).collect::<Vec<_>>())
                .filter(|kind| *kind == Credential::Secret)
        }
        _ => return None,
    };
    if named.is_some() || !matches!(value, Expression::Identifier(_)) {
        return named;
    }
    let held = module.constant_value(value);
    if std::ptr::eq(held, value) {
        return None;
    }
    kind_of(&names::text_words(module.text_of(held.span())).collect::<Vec<_>>())
        .filter(|kind| *kind == Credential::Secret)
}

pub(crate) fn kind_of(words: &[String]) -> Option<Credential> {
    let key = words.windows(2).any(|pair| {
        pair[1] == "key" && matches!(pair[0].as_str(), "api" | "access" | "license" | "licence" | "admin" | "master")
    });
    match words.last().map(String::as_str) {
        _ if key || words.iter().any(|word| lexicon::CREDENTIAL_WORDS.has(word)) => Some(Credential::Secret),
        Some("code" | "pin") => Some(Credential::Code),
        // `pass` is of renderers and tests too: only what looks like a secret.
        Some("pass" | "token" | "jwt" | "bearer" | "authorization") => Some(Credential::Token),
        _ => None,
    }
}
