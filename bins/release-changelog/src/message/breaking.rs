//! Lines that tell of a breaking change, and lines that nearly do.

/// The two spellings.
pub(crate) const TOKENS: [&str; 2] = ["BREAKING CHANGE", "BREAKING-CHANGE"];

/// A line that begins with one of [`TOKENS`] and a colon.
pub(crate) struct Line<'a> {
    pub(crate) token: &'a str,
    /// What follows on the same line; may be empty.
    pub(crate) text: &'a str,
}

/// Reads a line at its first column.
pub(crate) fn line(text: &str) -> Option<Line<'_>> {
    let token = TOKENS.into_iter().find(|token| text.starts_with(token))?;
    let (token, rest) = text.split_at(token.len());
    let rest = rest.strip_prefix(':')?;
    let valid = rest.starts_with(' ') || rest.trim().is_empty();
    valid.then(|| Line { token, text: rest.trim() })
}

/// Whether a line that breaks nothing looks as if it was meant to.
pub(crate) fn is_near_miss(text: &str) -> bool {
    let decoration = |c: char| c.is_whitespace() || "*_#>-~`[(".contains(c) || (!c.is_ascii() && !c.is_alphanumeric());
    let text = text.trim_start_matches(decoration);
    let Some(rest) = strip_word(text, "breaking") else { return false };
    let told = &text[..text.len() - rest.len()];
    let change = rest.strip_prefix([' ', '-', '_']).unwrap_or(rest).trim_start();
    let Some(rest) = strip_word(change, "changes").or_else(|| strip_word(change, "change")) else {
        return is_colon(rest);
    };
    let word = &change[..change.len() - rest.len()];
    let capitals = told.bytes().chain(word.bytes()).all(|byte| byte.is_ascii_uppercase());
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    ends && (capitals || is_colon(rest) || rest.starts_with(" #"))
}

fn is_colon(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "*_`])!".contains(c));
    rest.starts_with([':', '：'])
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}
