//! What follows the first line: body and footers.
use std::borrow::Cow;

use super::breaking::{self, is_near_miss};
use super::{Footer, Lint, Message, Separator};

/// Git itself passes over such lines.
pub(crate) fn without_leading_blank_lines(mut text: &str) -> &str {
    loop {
        let (line, rest) = first_line(text);
        if !is_blank(line) || line.len() == text.len() {
            return text;
        }
        text = rest;
    }
}

/// The first line without its end, and all behind that.
pub(crate) fn first_line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.strip_suffix('\r').unwrap_or(line), rest)
}

pub(crate) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Token, separator and value of a line that begins a footer.
pub(crate) fn footer(line: &str) -> Option<(&str, Separator, &str)> {
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let (token, rest) = line.split_at(end);
    if !token.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let colon = rest.strip_prefix(": ").map(|value| (Separator::Colon, value));
    let (separator, value) = colon.or_else(|| rest.strip_prefix(" #").map(|value| (Separator::Hash, value)))?;
    let value = value.trim();
    (!value.is_empty()).then_some((token, separator, value))
}

/// A part of the text, by the bytes that it begins and ends with.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

struct Open<'a> {
    token: &'a str,
    separator: Separator,
    value: Span,
}

/// Reads line by line; each is looked at a bounded number of times.
struct Reader<'a, 'm> {
    text: &'a str,
    message: &'m mut Message<'a>,
    body: Option<Span>,
    open: Option<Open<'a>>,
    /// Whether the last line was blank; the header is not.
    after_blank: bool,
    /// Whether the body began right below the header.
    glued: bool,
    /// Whether the last line of the body looks like a footer, and whether all of them do.
    footer_last: bool,
    footers_only: bool,
}

/// Puts body and footers into the message.
pub(crate) fn read<'a>(text: &'a str, message: &mut Message<'a>) {
    let (after_blank, glued, footer_last, footers_only) = (false, false, false, true);
    let mut reader = Reader { text, message, body: None, open: None, after_blank, glued, footer_last, footers_only };
    let mut at = 0;
    while at < text.len() {
        let (line, rest) = first_line(&text[at..]);
        reader.line(line, at, rest);
        at = text.len() - rest.len();
    }
    reader.end();
}

impl<'a> Reader<'a, '_> {
    fn line(&mut self, line: &'a str, at: usize, rest: &'a str) {
        let blank = is_blank(line);
        let breaking = breaking::line(line).filter(|breaking| !breaking.text.is_empty() || has_text_below(rest));
        if breaking.is_none() && is_near_miss(line) {
            self.message.lint.push(Lint::NearMissBreaking);
        }
        match (breaking, footer(line)) {
            (Some(breaking), _) => {
                if self.open.is_none() && !self.after_blank {
                    self.message.lint.push(Lint::FooterWithoutBlankLine);
                }
                if breaking.text.is_empty() {
                    self.message.lint.push(Lint::BreakingTextOnNextLine);
                }
                let start = at + breaking.token.len() + 1;
                self.begin(breaking.token, Separator::Colon, Span { start, end: at + line.len() });
            }
            (None, Some((token, separator, _))) if self.open.is_some() || self.after_blank => {
                let start = at + token.len() + separator.text().len();
                self.begin(token, separator, Span { start, end: at + line.len() });
            }
            (None, found) => self.more(at, line, found.is_some()),
        }
        self.after_blank = blank;
    }

    fn begin(&mut self, token: &'a str, separator: Separator, value: Span) {
        self.close();
        self.open = Some(Open { token, separator, value });
    }

    /// A line of the body, or one more of a footer's value.
    fn more(&mut self, at: usize, line: &str, footer: bool) {
        if is_blank(line) {
            return;
        }
        let end = at + line.len();
        if let Some(open) = &mut self.open {
            open.value.end = end;
            return;
        }
        self.glued |= self.body.is_none() && !self.after_blank;
        self.footer_last = footer;
        self.footers_only &= footer;
        self.body.get_or_insert(Span { start: at, end }).end = end;
    }

    fn close(&mut self) {
        if let Some(Open { token, separator, value }) = self.open.take() {
            let value = plain(self.text[value.start..value.end].trim());
            self.message.footers.push(Footer { token, separator, value });
        }
    }

    fn end(mut self) {
        self.close();
        // Only where it ends the message: such a line amid a paragraph is a sentence.
        if self.footer_last && self.message.footers.is_empty() {
            self.message.lint.push(Lint::FooterWithoutBlankLine);
        }
        if self.glued && !self.footers_only {
            self.message.lint.push(Lint::BodyWithoutBlankLine);
        }
        let body = self.body.map(|span| plain(self.text[span.start..span.end].trim_end()));
        self.message.body = body.filter(|body| !is_blank(body));
    }
}

/// Whether there is a text below that begins no footer.
fn has_text_below(mut rest: &str) -> bool {
    while !rest.is_empty() {
        let (line, more) = first_line(rest);
        if !is_blank(line) {
            return footer(line).is_none() && breaking::line(line).is_none();
        }
        rest = more;
    }
    false
}

/// The text with line feeds only.
fn plain(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}
