//! Untrusted text for logs and terminals: it cannot start a line, move the cursor or be read as a workflow command.
use std::fmt::Write as _;

/// Makes any bytes (a file name, a commit subject, a report's text) safe to print as part of one line.
///
/// Line breaks, control and invisible format characters are shown as `\n`, `\x1b`, `\u{202e}`; a byte that is not UTF-8
/// as `\xNN`. A text that could be read as a workflow command in either syntax (`::name::` at its start, `##[name]`
/// anywhere) gets one of its marks shown as `\x3a` or `\x5b`. Ordinary text comes back as it is, and running the result
/// through again changes nothing.
pub fn neutral(text: impl AsRef<[u8]>) -> String {
    let mut shown = visible(text.as_ref());
    if let Some(cured) = without_commands(&shown) {
        shown = cured;
    }
    shown
}

/// Shows everything that is not a plain visible character (or a space) as an escape.
pub(crate) fn visible(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            show(letter, &mut shown);
        }
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

fn show(letter: char, shown: &mut String) {
    match letter {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        '\0'..='\x1f' | '\x7f' => {
            let _ = write!(shown, "\\x{:02x}", letter as u32);
        }
        _ if is_hidden(letter) => {
            let _ = write!(shown, "\\u{{{:x}}}", letter as u32);
        }
        _ => shown.push(letter),
    }
}

/// Characters outside ASCII that draw nothing, reorder their neighbours, or end a line somewhere: C1 controls, line and
/// paragraph separators, and the format characters (category Cf of Unicode 16) with the blank fillers.
/// Collation ignores most of them, and the runner compares some prefixes by collation.
fn is_hidden(letter: char) -> bool {
    matches!(u32::from(letter),
        0x80..=0x9f | 0xad | 0x34f | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2
        | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        | 0x3164 | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0x110bd | 0x110cd | 0x13430..=0x1345f | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// Breaks what the runner would read as a command; `None` when there is nothing to break.
///
/// The runner trims leading white space before `::` and looks for `##[` anywhere in a line.
pub(crate) fn without_commands(line: &str) -> Option<String> {
    let start = line.len() - line.trim_start().len();
    let modern = line[start..].starts_with("::");
    if !modern && !line.contains("##[") {
        return None;
    }
    let legacy_cured = line.replace("##[", "##\\x5b");
    Some(match modern {
        true => format!("{}\\x3a{}", &legacy_cured[..start], &legacy_cured[start + 1..]),
        false => legacy_cured,
    })
}
