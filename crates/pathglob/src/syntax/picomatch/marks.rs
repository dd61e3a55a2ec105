//! Slashes, dots and the marks `?`, `!` and `+`.

use super::pieces::{DOT, Kind, Piece, QUESTION, SLASH};
use super::scanner::{BEGIN, Scanner};

impl Scanner {
    pub(super) fn slash(&mut self) {
        if self.last_kind() == Kind::Dot && self.at == self.start + 2 {
            // A `./` behind a `!`: the glob begins anew.
            self.start = self.at;
            self.output.clear();
            self.line.pop();
            self.last = BEGIN;
            return;
        }
        self.push(Piece::with(Kind::Slash, "/", SLASH));
    }

    pub(super) fn dot(&mut self) {
        if self.braces > 0 && self.last_kind() == Kind::Dot {
            let last = self.last();
            if last.value == "." {
                last.output = Some(DOT.to_owned());
            }
            last.kind = Kind::Range;
            last.extend_output(".");
            last.value.push('.');
            if let Some(brace) = self.open_braces.last_mut() {
                brace.has_range = true;
            }
            return;
        }
        let outside = self.braces as i32 + self.parens == 0;
        let kind =
            if outside && !matches!(self.last_kind(), Kind::Begin | Kind::Slash) { Kind::Text } else { Kind::Dot };
        self.push(Piece::with(kind, ".", DOT));
    }

    pub(super) fn question(&mut self) {
        let after_open = self.last().value == "(";
        if !after_open && self.opens_extglob() {
            self.open_extglob('?');
            return;
        }
        if self.last_kind() != Kind::Paren {
            self.push(Piece::with(Kind::Question, "?", QUESTION));
            return;
        }
        let next = self.ahead(1);
        let is_group = matches!(next, Some('!' | '=' | '<' | ':'));
        let is_stray = (after_open && !is_group) || (next == Some('<') && !self.has_group_mark());
        self.push(Piece::with(Kind::Text, "?", if is_stray { "\\?" } else { "?" }));
    }

    /// Whether anything ahead looks like the mark of a look-behind or of a named group.
    fn has_group_mark(&self) -> bool {
        let rest = self.rest();
        (0..rest.len()).filter(|&at| rest[at] == '<').any(|at| {
            let tail = &rest[at + 1..];
            let word = tail.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count();
            matches!(tail.first(), Some('!' | '=')) || (word > 0 && tail.get(word) == Some(&'>'))
        })
    }

    pub(super) fn exclamation(&mut self) {
        if self.ahead(1) == Some('(') {
            let is_group = self.ahead(2) == Some('?') && matches!(self.ahead(3), Some('!' | '=' | '<' | ':'));
            if !is_group {
                self.open_extglob('!');
                return;
            }
        }
        if self.at == 1 {
            self.negation();
        } else {
            self.text('!');
        }
    }

    /// Leading `!`: an odd number of them negates.
    fn negation(&mut self) {
        let mut count = 1;
        while self.ahead(1) == Some('!') && (self.ahead(2) != Some('(') || self.ahead(3) == Some('?')) {
            self.at += 1;
            self.start += 1;
            count += 1;
        }
        if count % 2 == 1 {
            self.negated = true;
            self.start += 1;
        }
    }

    pub(super) fn plus(&mut self) {
        if self.opens_extglob() {
            self.open_extglob('+');
        } else if self.last().value == "(" {
            self.push(Piece::with(Kind::Plus, "+", "\\+"));
        } else if matches!(self.last_kind(), Kind::Bracket | Kind::Paren | Kind::Brace) || self.parens > 0 {
            self.push(Piece::new(Kind::Plus, "+"));
        } else {
            self.push(Piece::new(Kind::Plus, "\\+"));
        }
    }
}
