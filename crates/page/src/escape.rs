//! Untrusted text: what it would hide is shown, what it would mean to a browser is escaped, and its length is bounded.
use std::fmt::Write as _;

use maud::{Escaper, Render};

/// More letters than this are not shown in one place.
const MOST: usize = 2_000;

/// Text as it is shown in the body of the page: escapes stand out from the letters around them.
pub(crate) struct Shown<'a> {
    text: &'a str,
    tabs: bool,
}

impl<'a> Shown<'a> {
    /// Text of one line.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, tabs: false }
    }

    /// A line of source, whose tabs are tabs.
    pub(crate) fn source(text: &'a str) -> Self {
        Self { text, tabs: true }
    }
}

impl Render for Shown<'_> {
    fn render_to(&self, out: &mut String) {
        let end = self.text.char_indices().nth(MOST).map_or(self.text.len(), |(at, _)| at);
        let (text, rest) = self.text.split_at(end);
        let mut plain_from = 0;
        for (at, letter) in text.char_indices().filter(|(_, letter)| is_hidden(*letter)) {
            if letter == '\t' && self.tabs {
                continue;
            }
            escape(&text[plain_from..at], out);
            out.push_str("<span class=\"esc\">");
            show(letter, out);
            out.push_str("</span>");
            plain_from = at + letter.len_utf8();
        }
        escape(&text[plain_from..], out);
        if !rest.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(out, "<span class=\"esc\">… {} more letters</span>", rest.chars().count());
        }
    }
}

/// Text as it is shown where there is no markup: in an attribute, in the title. maud escapes it there.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().take(MOST) {
        if is_hidden(letter) { show(letter, &mut out) } else { out.push(letter) }
    }
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}

fn escape(text: &str, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = Escaper::new(out).write_str(text);
}

/// `\n`, `\x1b`, `\u{202e}`.
fn show(letter: char, out: &mut String) {
    let code = u32::from(letter);
    // Writing to a String cannot fail.
    let _ = match letter {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        _ if code < 0x80 => write!(out, "\\x{code:02x}"),
        _ => write!(out, "\\u{{{code:x}}}"),
    };
}

/// Characters that draw nothing, reorder their neighbours, or end a line somewhere: controls, line and paragraph
/// separators, the format characters (category Cf of Unicode 16) with the blank fillers, and what is no character at all.
fn is_hidden(letter: char) -> bool {
    matches!(u32::from(letter),
        0..=0x1f | 0x7f..=0x9f | 0xad | 0x34f | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2
        | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        | 0x3164 | 0xfdd0..=0xfdef | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0xfffe..=0xffff | 0x110bd | 0x110cd
        | 0x13430..=0x1345f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: &str) {
        assert_eq!(Shown::new(text).render().into_string(), shown);
    }

    #[test]
    fn text_stays_text() {
        check("a <b> & \"c\"", "a &lt;b&gt; &amp; &quot;c&quot;");
        check("größer 🟢 中文", "größer 🟢 中文");
    }

    #[test]
    fn hidden_characters_are_shown() {
        check("a\u{202e}b", "a<span class=\"esc\">\\u{202e}</span>b");
        check("\0<", "<span class=\"esc\">\\x00</span>&lt;");
        check("a\tb\n", "a<span class=\"esc\">\\t</span>b<span class=\"esc\">\\n</span>");
        assert_eq!(Shown::source("\ta\r").render().into_string(), "\ta<span class=\"esc\">\\r</span>");
        assert_eq!(visible("a\u{2066}\n"), "a\\u{2066}\\n");
    }

    #[test]
    fn long_text_is_cut() {
        let long = "ä".repeat(MOST + 5);
        let shown = Shown::new(&long).render().into_string();
        assert!(shown.ends_with("ä<span class=\"esc\">… 5 more letters</span>"), "{shown}");
        assert_eq!(visible(&long).chars().count(), MOST + 1);
    }
}
