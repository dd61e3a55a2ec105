//! Bracket expressions and quoted text.

use super::pieces::{Kind, Piece, escaped, is_special};
use super::scanner::{Open, Scanner};

/// The members of a POSIX class, as they are written inside brackets.
fn posix_class(name: &str) -> Option<&'static str> {
    Some(match name {
        "alnum" => "a-zA-Z0-9",
        "alpha" => "a-zA-Z",
        "ascii" => "\\x00-\\x7F",
        "blank" => " \\t",
        "cntrl" => "\\x00-\\x1F\\x7F",
        "digit" => "0-9",
        "graph" => "\\x21-\\x7E",
        "lower" => "a-z",
        "print" => "\\x20-\\x7E ",
        "punct" => "\\-!\"#$%&'()\\*+,./:;<=>?@[\\]^_`{|}~",
        "space" => " \\t\\r\\n\\v\\f",
        "upper" => "A-Z",
        "word" => "A-Za-z0-9_",
        "xdigit" => "A-Fa-f0-9",
        _ => return None,
    })
}

impl Scanner {
    pub(super) fn open_bracket(&mut self) {
        if self.last_bracket.is_some_and(|at| at >= self.at) {
            self.brackets += 1;
            self.opened.push(Open::Bracket);
            self.push(Piece::new(Kind::Bracket, "["));
        } else {
            self.push(Piece::new(Kind::Bracket, "\\["));
        }
    }

    /// Whether `c` belongs to the bracket that is open; a `]` does right behind its beginning.
    pub(super) fn in_class(&mut self, c: char) -> bool {
        self.brackets > 0 && (c != ']' || self.at_class_start())
    }

    fn at_class_start(&mut self) -> bool {
        matches!(self.last().value.as_str(), "[" | "[^")
    }

    /// One character, or an escape, inside an open bracket.
    pub(super) fn class_text(&mut self, text: &str) {
        if text == ":" && self.posix_colon() {
            return;
        }
        let escape = match text {
            "[" => self.ahead(1) != Some(':'),
            "-" => self.ahead(1) == Some(']'),
            "]" => self.at_class_start(),
            _ => false,
        };
        let text = if escape { format!("\\{text}") } else { text.to_owned() };
        self.last().value.push_str(&text);
        self.write(&text);
    }

    /// A colon that may end a POSIX class; says whether it did.
    fn posix_colon(&mut self) -> bool {
        let last = self.last();
        let inner = last.value.get(1..).unwrap_or_default();
        if !inner.contains('[') {
            return false;
        }
        last.posix = true;
        if !inner.contains(':') {
            return false;
        }
        let Some(open) = last.value.rfind('[') else { return false };
        let name: String = last.value[open..].chars().skip(2).collect();
        let Some(members) = posix_class(&name) else { return false };
        last.value.truncate(open);
        last.value.push_str(members);
        self.rebuild = true;
        self.at += 1;
        if self.line.get(1) == Some(&self.last) {
            self.begin_with_one();
        }
        true
    }

    pub(super) fn close_bracket(&mut self) {
        let last = self.last();
        let behind_single = last.kind == Kind::Bracket && last.value.chars().count() == 1;
        if behind_single || self.brackets == 0 {
            self.push(Piece::with(Kind::Text, "]", "\\]"));
            return;
        }
        self.brackets -= 1;
        self.opened.pop();
        let last = self.last();
        let inner: String = last.value.chars().skip(1).collect();
        // A negated class does not reach across folders.
        let end = if !last.posix && inner.starts_with('^') && !inner.contains('/') { "/]" } else { "]" };
        last.value.push_str(end);
        let whole = last.value.clone();
        self.write(end);
        if inner.chars().any(is_special) {
            return;
        }
        // Nothing in it means anything to an expression: it may be meant literally, so both are tried.
        self.cut(whole.chars().count());
        let both = format!("(?:{}|{whole})", escaped(&whole));
        self.write(&both);
        self.last().value = both;
    }

    /// One character between double quotes.
    pub(super) fn quoted_text(&mut self, c: char) {
        let text = if is_special(c) { format!("\\{c}") } else { c.to_string() };
        self.last().value.push_str(&text);
        self.write(&text);
    }
}
