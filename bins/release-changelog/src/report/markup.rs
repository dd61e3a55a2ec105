//! Descriptions and notes in Markdown: code spans stay, everything else shows as it was typed.
use action::markdown;

/// One line: HTML, mentions, references and markup are shown, not obeyed; code in backticks stays code.
///
/// Spans are found as CommonMark finds them: a run of backticks is closed by the next run of the same length.
pub fn line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text.trim();
    let runs = runs(rest);
    let (mut at, mut start) = (0, 0);
    let whole = rest;
    while at < runs.len() {
        let (open, length) = runs[at];
        match runs[at + 1..].iter().take(MOST_RUNS).position(|(_, other)| *other == length) {
            Some(offset) => {
                let (close, _) = runs[at + 1 + offset];
                plain(&whole[start..open], &mut safe);
                span(&whole[open + length..close], &mut safe);
                start = close + length;
                at += offset + 2;
            }
            None => at += 1,
        }
    }
    rest = &whole[start..];
    plain(rest, &mut safe);
    safe
}

/// A span that closes after more runs than that is none; so time stays linear.
const MOST_RUNS: usize = 64;

/// Runs of backticks: where they begin and how long they are.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in text.match_indices('`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

/// Text between spans; blanks at its ends are part of the line.
fn plain(text: &str, safe: &mut String) {
    let inner = text.trim();
    if inner.is_empty() {
        safe.push_str(if text.is_empty() { "" } else { " " });
        return;
    }
    if text.starts_with(char::is_whitespace) {
        safe.push(' ');
    }
    // Most descriptions are nothing but words, which no parser takes for anything else.
    match inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" ,;/".contains(&byte)) {
        true => safe.push_str(inner),
        false => safe.push_str(&markdown::text(inner)),
    }
    if text.ends_with(char::is_whitespace) {
        safe.push(' ');
    } else if text.ends_with('@') {
        // What is code behind it must not become a name.
        safe.push_str("&#8203;");
    }
}

fn span(inner: &str, safe: &mut String) {
    let stripped =
        inner.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' ')).filter(|rest| !rest.trim().is_empty());
    safe.push_str(&markdown::code(stripped.unwrap_or(inner)));
}

/// Several lines as the item of a list: its further lines are indented, its paragraphs stay apart.
pub fn item(text: &str) -> String {
    let mut safe = String::new();
    let mut gap = false;
    for written in text.lines() {
        if written.trim().is_empty() {
            gap = !safe.is_empty();
            continue;
        }
        if !safe.is_empty() {
            safe.push_str(if gap { "\n\n  " } else { "\n  " });
        }
        gap = false;
        safe.push_str(&line(written));
    }
    safe
}
