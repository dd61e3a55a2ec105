//! Patterns that picomatch does not read piece by piece; its answers for them differ from those of the long way.

use super::pieces::{DOT, GLOBSTAR, NO_DOTS, NO_DOTS_AHEAD, ONE, QUESTION, SLASH, STAR};

/// The simpler pattern that picomatch reads instead of `pattern`. It comes before a `./` is dropped.
fn replacement(pattern: &str) -> Option<&'static str> {
    match pattern {
        "***" => Some("*"),
        "**/**" | "**/**/**" => Some("**"),
        _ => None,
    }
}

/// The expression for a pattern that is common as a whole, such as `**/*.md`.
pub(super) fn whole(pattern: &str) -> Option<String> {
    if !pattern.starts_with(['.', '*']) {
        return None;
    }
    let pattern = replacement(pattern).unwrap_or(pattern);
    let mut shape = pattern.strip_prefix("./").unwrap_or(pattern);
    let mut endings = Vec::new();
    loop {
        if let Some(expression) = common(shape) {
            let endings: String = endings.iter().rev().map(|ending| format!("{DOT}{ending}")).collect();
            return Some(format!("{expression}{endings}{SLASH}?"));
        }
        let (before, ending) = shape.rsplit_once('.')?;
        let is_word = !ending.is_empty() && ending.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_word {
            return None;
        }
        endings.push(ending);
        shape = before;
    }
}

fn common(shape: &str) -> Option<String> {
    let folders = || format!("(?:{NO_DOTS_AHEAD}{GLOBSTAR}{SLASH})?");
    match shape {
        "*" => Some(format!("{NO_DOTS_AHEAD}{ONE}{STAR}")),
        ".*" => Some(format!("{DOT}{ONE}{STAR}")),
        "*.*" => Some(format!("{NO_DOTS_AHEAD}{STAR}{DOT}{ONE}{STAR}")),
        "*/*" => Some(format!("{NO_DOTS_AHEAD}{STAR}{SLASH}{ONE}{NO_DOTS}{STAR}")),
        "**" => Some(format!("{NO_DOTS_AHEAD}{GLOBSTAR}")),
        "**/*" => Some(format!("{}{NO_DOTS}{ONE}{STAR}", folders())),
        "**/*.*" => Some(format!("{}{NO_DOTS}{STAR}{DOT}{ONE}{STAR}", folders())),
        "**/.*" => Some(format!("{}{DOT}{ONE}{STAR}", folders())),
        _ => None,
    }
}

/// The expression for a pattern of one folder level without groups: each run of equal characters by itself.
pub(super) fn plain(pattern: &str) -> Option<String> {
    if pattern.starts_with(['*', '!']) || pattern.contains(['/', '(', ')', '[', ']', '{', '}', '"']) {
        return None;
    }
    let text: Vec<char> = pattern.chars().collect();
    let mut output = String::with_capacity(pattern.len() + 16);
    let mut has_backslash = false;
    let mut at = 0;
    while at < text.len() {
        let is_escaped = text[at] == '\\' && text.get(at + 1).is_some_and(|&next| !is_word(next));
        let first = text[at + usize::from(is_escaped)];
        if is_word(first) {
            output.push(first);
            at += 1;
            continue;
        }
        let from = at;
        at += usize::from(is_escaped);
        let run = text[at..].iter().take_while(|&&c| c == first).count();
        at += run;
        has_backslash |= first == '\\';
        match first {
            '\\' => output.extend(&text[from..at]),
            '?' if is_escaped => output.push_str(&format!("\\?{}", QUESTION.repeat(run - 1))),
            '?' => output.push_str(&QUESTION.repeat(run)),
            '.' => output.push_str(&DOT.repeat(run)),
            '*' if is_escaped => output.push_str(if run > 1 { "\\*[^/]*?" } else { "\\*" }),
            '*' => output.push_str(STAR),
            _ => {
                // Only the first of a run is escaped: `a++b` takes one `+` or more.
                if !is_escaped {
                    output.push('\\');
                }
                output.extend(&text[from..at]);
            }
        }
    }
    Some(if has_backslash { paired(&output) } else { output })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `text` with each run of backslashes cut down to two, or to one where their number is odd.
fn paired(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        if c == '\\' {
            run += 1;
            continue;
        }
        push_run(&mut output, run);
        run = 0;
        output.push(c);
    }
    push_run(&mut output, run);
    output
}

fn push_run(output: &mut String, run: usize) {
    match (run, run % 2) {
        (0, _) => {}
        (_, 0) => output.push_str("\\\\"),
        _ => output.push('\\'),
    }
}
