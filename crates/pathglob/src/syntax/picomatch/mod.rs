//! picomatch 2.3 with `dot: true` on POSIX, down to its oddities.
//!
//! picomatch edits the text of a regular expression while it reads a glob, and much of what it answers follows from
//! that text: brackets that do not balance, escapes that get lost, quantifiers that arise by accident. So this makes
//! the same text, and [`crate::regex`] reads it.

mod brackets;
mod groups;
mod marks;
mod pieces;
mod scanner;
mod shortcuts;
mod stars;

use super::{Refusal, Translation};
use crate::error::ErrorKind;
use crate::regex::{Failure, parse};
use scanner::{Scanned, scan};

/// Longest pattern that picomatch takes, in UTF-16 units.
const MAX_LENGTH: usize = 65_536;

/// Translates a pattern that is not empty.
pub(super) fn translate(pattern: &str) -> Result<Translation, Refusal> {
    if pattern.encode_utf16().count() > MAX_LENGTH {
        return Err((ErrorKind::TooLong, 0));
    }
    let (source, negated) = source(pattern)?;
    let tree = match parse(&source) {
        Ok(tree) => Some(tree),
        // picomatch then falls back to an expression that never matches, and only its test for equality is left.
        Err(Failure::Syntax) => None,
        Err(Failure::Unsupported(kind)) => return Err((kind, blame(pattern, kind))),
    };
    Ok(Translation { tree, entry: None, negated })
}

/// The regular expression that picomatch makes of `pattern`, and whether it is negated.
fn source(pattern: &str) -> Result<(String, bool), Refusal> {
    if let Some(shortcut) = shortcuts::whole(pattern) {
        return Ok((format!("^(?:{shortcut})$"), false));
    }
    let body = pattern.strip_prefix("./").unwrap_or(pattern);
    let Scanned { text, negated } = match shortcuts::plain(body) {
        Some(text) => Scanned { text: format!("^(?:{text})$"), negated: false },
        None => scan(body)?,
    };
    let source = format!("^(?:{text})$");
    Ok(if negated { (format!("^(?!{source}).*$"), true) } else { (source, false) })
}

/// Where in the pattern the construct is that was refused, as far as that can be told.
fn blame(pattern: &str, kind: ErrorKind) -> usize {
    let bytes = pattern.as_bytes();
    let found = match kind {
        ErrorKind::BackReference => bytes.windows(2).position(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit()),
        ErrorKind::LookBehind | ErrorKind::NamedGroup => pattern.find("(?<"),
        ErrorKind::InlineFlags => pattern.find("(?"),
        _ => None,
    };
    found.unwrap_or(0)
}
