//! A changelog in the form of Keep a Changelog: where a release stands in it, and how one is put in. Pure.
//!
//! <https://keepachangelog.com/en/1.1.0/>. Only headings of the second level are looked at; every other byte stays.
use std::ops::Range;

/// A changelog that a release cannot be put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub cause: String,
    /// Line, counted from 1.
    pub line: u32,
}

/// What a new file begins with.
const PREAMBLE: &str = "# Changelog\n\nAll notable changes. The format follows [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).\n\n";

/// A part of the file that begins with a heading of the second level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// What the heading names: `1.2.0` of `## [1.2.0](…) - 2026-11-27`, `Unreleased`.
    pub name: &'a str,
    /// Its bytes, with the heading.
    pub bytes: Range<usize>,
    /// Line of the heading, counted from 1.
    pub line: u32,
}

/// The parts of a changelog, in one pass; headings inside of fenced code are none.
///
/// # Errors
/// Code that is never closed: everything behind it would be in it.
pub fn parts(text: &str) -> Result<Vec<Part<'_>>, Refused> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let (mut at, mut fence, mut opened) = (0, None, 0);
    let mut footer = text.len();
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let bare = line.trim_end();
        match (fence, fence_of(bare)) {
            (None, found) => {
                fence = found;
                opened = number;
            }
            (Some(open), Some(close)) if closes(open, close, bare) => fence = None,
            (Some(_), _) => {}
        }
        if fence.is_none() {
            if let Some(name) = heading(bare) {
                if let Some(last) = parts.last_mut() {
                    last.bytes.end = at;
                }
                parts.push(Part { name, bytes: at..text.len(), line: number });
                footer = text.len();
            } else if is_definition(bare) {
                footer = footer.min(at);
            } else if !bare.is_empty() {
                footer = text.len();
            }
        }
        at += line.len();
    }
    if fence.is_some() {
        return Err(Refused { cause: "the code that begins here is never closed".to_owned(), line: opened });
    }
    // Link definitions at the very end belong to the whole file.
    if let Some(last) = parts.last_mut() {
        last.bytes.end = last.bytes.end.min(footer);
    }
    Ok(parts)
}

/// `[1.2.0]: https://…`
fn is_definition(line: &str) -> bool {
    line.starts_with('[') && line.split_once("]: ").is_some_and(|(label, _)| !label[1..].contains(['[', ']']))
}

/// Letter and length of a fence.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let bare = line.trim_start_matches(' ');
    let letter = bare.chars().next().filter(|c| (*c == '`' || *c == '~') && line.len() - bare.len() < 4)?;
    let length = bare.chars().take_while(|c| *c == letter).count();
    (length >= 3 && !(letter == '`' && bare[length..].contains('`'))).then_some((letter, length))
}

fn closes(open: (char, usize), close: (char, usize), line: &str) -> bool {
    open.0 == close.0 && close.1 >= open.1 && line.trim().chars().all(|c| c == close.0)
}

fn heading(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("## ")?.trim();
    let name = match rest.strip_prefix('[') {
        Some(linked) => linked.split_once(']').map_or(rest, |(name, _)| name),
        None => rest.split(' ').next().unwrap_or(rest),
    };
    Some(name)
}

fn same(name: &str, other: &str) -> bool {
    name.strip_prefix('v').unwrap_or(name) == other.strip_prefix('v').unwrap_or(other)
}

/// The file with a release in it: in place of the part of that name, or else in front of all releases and behind
/// `Unreleased`. Doing it twice is doing it once.
///
/// # Errors
/// The release stands in it twice, or code in it is never closed.
pub fn with(text: &str, name: &str, notes: &str) -> Result<String, Refused> {
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
    // A last `\r` and a line end of ours behind it would be one of Windows.
    let windows = plain.contains("\r\n") || plain.ends_with('\r');
    let mut notes = notes.trim_end().to_owned();
    if plain.trim().is_empty() {
        return Ok(format!("{PREAMBLE}{notes}\n"));
    }
    if windows {
        notes = notes.replace('\n', "\r\n");
    }
    let end = if windows { "\r\n" } else { "\n" };
    let parts = parts(text)?;
    let mut own = parts.iter().filter(|part| same(part.name, name));
    let found = own.next();
    if let Some(second) = own.next() {
        let cause = format!("`{}` has two headings", action::neutral(name));
        return Err(Refused { cause, line: second.line });
    }
    let (before, after) = match found {
        Some(part) => (&text[..part.bytes.start], &text[part.bytes.end..]),
        None => {
            let unreleased = parts.iter().find(|part| part.name.eq_ignore_ascii_case("unreleased"));
            let first = parts.first().map_or_else(|| footer_start(text), |part| part.bytes.start);
            let at = unreleased.map_or(first, |part| part.bytes.end);
            text.split_at(at)
        }
    };
    // Whatever line ends are mixed there: behind an empty line nothing more is needed.
    let ended = |text: &str| text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).map(str::len);
    let gap = match ended(before) {
        _ if before.is_empty() => String::new(),
        Some(rest) if ended(&before[..rest]).is_some() => String::new(),
        Some(_) => end.to_owned(),
        None => end.repeat(2),
    };
    let tail = if after.is_empty() { "" } else { end };
    Ok(format!("{before}{gap}{notes}{end}{tail}{}", after.trim_start_matches(['\r', '\n'])))
}

/// Where the link definitions at the end of a file without releases begin.
fn footer_start(text: &str) -> usize {
    let mut start = text.len();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if is_definition(bare) {
            start = start.min(at);
        } else if !bare.is_empty() {
            start = text.len();
        }
        at += line.len();
    }
    start
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, notes: &str, expected: Result<&str, u32>) {
        let found = with(text, "1.1.0", notes);
        assert_eq!(found.as_deref().map_err(|refused| refused.line), expected, "{text}");
        if let Ok(found) = found {
            assert_eq!(with(&found, "1.1.0", notes).as_deref(), Ok(found.as_str()), "twice: {text}");
        }
    }

    const NOTES: &str = "## [1.1.0](url) - 2026-11-27\n\n### Fixes\n\n- a\n";

    #[test]
    fn a_release_is_put_in_once() {
        let preamble = "# Changelog\n\nText.\n\n";
        let old = "## [1.0.0] - 2026-01-01\n\n- old\n";
        check(&format!("{preamble}{old}"), NOTES, Ok(&format!("{preamble}{NOTES}\n{old}")));
        let unreleased = "## Unreleased\n\n- soon\n\n";
        check(&format!("{preamble}{unreleased}{old}"), NOTES, Ok(&format!("{preamble}{unreleased}{NOTES}\n{old}")));
        let stale = "## v1.1.0\n\n- stale\n\n";
        check(&format!("{preamble}{stale}{old}"), NOTES, Ok(&format!("{preamble}{NOTES}\n{old}")));
        check(&format!("{preamble}{old}\n{stale}"), NOTES, Ok(&format!("{preamble}{old}\n{NOTES}")));
        let links = "[1.0.0]: https://x.example/1\n";
        check(&format!("{preamble}{old}\n{links}"), NOTES, Ok(&format!("{preamble}{NOTES}\n{old}\n{links}")));
        check(&format!("{preamble}{stale}{links}"), NOTES, Ok(&format!("{preamble}{NOTES}\n{links}")));
        check(&format!("{stale}{old}{stale}"), NOTES, Err(8));
        check("# C\n\n```\n\n## 1.0.0\n", NOTES, Err(3));
        check("", NOTES, Ok(&format!("{PREAMBLE}{NOTES}")));
        check("# Changelog", NOTES, Ok(&format!("# Changelog\n\n{NOTES}")));
    }

    #[test]
    fn headings_in_code_are_none() {
        let text = "# C\n\n```md\n## 1.1.0\n```\n\n## 1.0.0\n";
        check(text, NOTES, Ok(&format!("# C\n\n```md\n## 1.1.0\n```\n\n{NOTES}\n## 1.0.0\n")));
    }

    #[test]
    fn line_ends_of_windows_stay() {
        let notes = NOTES.replace('\n', "\r\n");
        check("# C\r\n\r\n## 1.0.0\r\n", NOTES, Ok(&format!("# C\r\n\r\n{notes}\r\n## 1.0.0\r\n")));
        check("# C\r\r\n\n## 1.0.0\ntext\r\n", NOTES, Ok(&format!("# C\r\r\n\n{notes}\r\n## 1.0.0\ntext\r\n")));
        check("# C\r\n## 1.0.0\n", NOTES, Ok(&format!("# C\r\n\r\n{notes}\r\n## 1.0.0\n")));
        check("\r\n", NOTES, Ok(&format!("{PREAMBLE}{NOTES}")));
        check("# C\r", NOTES, Ok(&format!("# C\r\r\n\r\n{notes}")));
    }

    proptest! {
        #[test]
        fn nothing_else_changes(lines in prop::collection::vec(prop::sample::select(vec![
            "## 1.0.0", "## [1.1.0] - x", "## Unreleased", "text", "", "```", "~~~~", "[1.0.0]: u", "# C", "### Fixes", "- a",
        ]), 0..12)) {
            let text = lines.join("\n");
            let Ok(found) = with(&text, "1.1.0", NOTES) else { return Ok(()) };
            prop_assert!(found.contains(NOTES.trim_end()));
            prop_assert_eq!(with(&found, "1.1.0", NOTES), Ok(found.clone()));
            // Every other line is still there, in its order.
            let kept: Vec<&str> = match parts(&text).unwrap().iter().find(|part| part.name == "1.1.0") {
                Some(part) => text[..part.bytes.start].lines().chain(text[part.bytes.end..].lines()).collect(),
                None => text.lines().collect(),
            };
            let without = found.replacen(NOTES.trim_end(), "", 1);
            let left: Vec<&str> = without.lines().filter(|line| !line.is_empty()).collect();
            let kept: Vec<&str> = kept.into_iter().filter(|line| !line.is_empty()).collect();
            if !text.trim().is_empty() {
                prop_assert_eq!(left, kept);
            }
        }

        #[test]
        fn any_text_has_parts(text in any::<String>()) {
            let _ = with(&text, "1.1.0", NOTES);
        }
    }
}
