//! Untrusted text in Markdown, for summaries, comments and release notes on GitHub.
use std::fmt::Write as _;

use crate::neutral::visible;

#[cfg(test)]
mod tests;

/// Text as itself: no markup, no HTML, no link, no mention of a person or an issue, no emoji code. Safe in a paragraph,
/// heading, list item, link label or table cell; always one line, without blanks at its start.
pub fn text(text: impl AsRef<[u8]>) -> String {
    let shown = visible(text.as_ref());
    let mut safe = String::with_capacity(shown.len() + 16);
    let mut letters = shown.trim_start().chars().peekable();
    let mut word = String::new();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        // GitHub sees the box of a task in the finished text, where an entity is no obstacle.
        let boxed = letter == '[' && safe.is_empty();
        if is_markup(letter) || starts_a_line(letter, &safe) || meets_a_link(letter, next, &safe) {
            entity(letter, &mut safe);
        } else {
            safe.push(letter);
        }
        if boxed || is_glue(letter, next, &word) {
            safe.push_str("&#8203;");
        }
        if letter.is_alphanumeric() { word.push(letter) } else { word.clear() }
    }
    safe
}

/// Text in the type of code: a file name, a command, an identifier. Safe wherever [`text`] is; always one line.
/// GitHub links nothing in code.
pub fn code(text: impl AsRef<[u8]>) -> String {
    let shown = visible(text.as_ref());
    if shown.is_empty() || shown.contains('|') {
        return html_code(&shown);
    }
    let fence = "`".repeat(longest_run(&shown) + 1);
    let edge = |letter: char| letter == '`' || letter == ' ';
    let pad = if shown.starts_with(edge) || shown.ends_with(edge) { " " } else { "" };
    // A span of nothing but blanks keeps them all.
    let pad = if shown.trim().is_empty() { "" } else { pad };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Backticks do not protect a pipe in a table, and a backslash would show outside of one.
fn html_code(shown: &str) -> String {
    let mut safe = String::from("<code>");
    for letter in shown.chars() {
        match letter {
            // The comment ends the word, so that no address is seen.
            '@' => safe.push_str("@<!-- -->"),
            ':' | '#' | '.' => entity(letter, &mut safe),
            _ if is_markup(letter) => entity(letter, &mut safe),
            _ => safe.push(letter),
        }
    }
    safe.push_str("</code>");
    safe
}

/// Several lines in the type of code, in a fence that nothing in them can close. `language` colours it; empty for none.
pub fn block(text: impl AsRef<[u8]>, language: &str) -> String {
    let text = text.as_ref();
    let lines = text.strip_suffix(b"\n").unwrap_or(text).split(|&byte| byte == b'\n');
    let lines: Vec<String> = lines.map(|line| visible(line.strip_suffix(b"\r").unwrap_or(line))).collect();
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let language: String = language.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{fence}{language}\n{}\n{fence}", lines.join("\n"))
}

/// A link with an untrusted label to an untrusted address. An address that is not `https://` or `http://`, or that has
/// odd characters, is left out.
pub fn link(label: impl AsRef<[u8]>, url: &str) -> String {
    let label = text(label);
    let odd = |letter: char| !letter.is_ascii_graphic() || "<>()\\\"|`".contains(letter);
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && !url.contains(odd) { format!("[{label}](<{url}>)") } else { label }
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

/// What can be markup anywhere. Quotes are not, and `(` and `!` only beside a square bracket: see [`meets_a_link`].
fn is_markup(letter: char) -> bool {
    "&<>`|*_~[]\\$^#".contains(letter)
}

/// What would be part of a link that stands in front of the text, or make an image of one behind it.
fn meets_a_link(letter: char, next: Option<char>, before: &str) -> bool {
    (matches!(letter, '(' | ':') && before.is_empty()) || (letter == '!' && next.is_none())
}

/// What makes a list or the underline of a heading, only at the start of a line.
fn starts_a_line(letter: char, before: &str) -> bool {
    match letter {
        '-' | '+' | '=' => before.is_empty(),
        '.' | ')' => !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// Whether the letter glues its neighbours to a mention, an address or an emoji code: these too are looked for in the
/// finished text.
fn is_glue(letter: char, next: Option<char>, word: &str) -> bool {
    let joins = next.is_some_and(|next| !next.is_whitespace());
    match letter {
        '@' | ':' => joins,
        '#' => next.is_some_and(|next| next.is_ascii_digit()),
        '.' => joins && word.eq_ignore_ascii_case("www"),
        '-' => word.eq_ignore_ascii_case("gh") && next.is_some_and(|next| next.is_ascii_digit()),
        _ => false,
    }
}

fn entity(letter: char, safe: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(safe, "&#{};", letter as u32);
}
