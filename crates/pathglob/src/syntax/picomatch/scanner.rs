//! Reads a glob piece by piece and keeps the expression's text beside it, as picomatch does.

use super::super::Refusal;
use super::groups::{OpenBrace, OpenExtglob};
use super::pieces::{Kind, ONE, Piece, SLASH, STAR};
use crate::error::ErrorKind;

/// Groups inside each other that are followed.
const MAX_OPEN: usize = 256;

/// What became of a glob: the text of an expression, not yet wrapped in `^(?:…)$`.
pub(super) struct Scanned {
    pub(super) text: String,
    pub(super) negated: bool,
}

/// What was opened and not closed; picomatch closes whatever came last, of the same kind or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Paren,
    Brace,
    Bracket,
}

/// The state between two pieces.
pub(super) struct Scanner {
    pub(super) input: Vec<char>,
    /// Characters read so far.
    pub(super) at: usize,
    /// Where the glob begins, behind `!` and `./`, counted as `at` is after its first character, less one.
    pub(super) start: usize,
    /// The expression so far.
    pub(super) output: Vec<char>,
    /// Every piece ever made.
    pub(super) pieces: Vec<Piece>,
    /// The pieces that count, in order.
    pub(super) line: Vec<usize>,
    /// The last piece, counting or not.
    pub(super) last: usize,
    pub(super) opened: Vec<Open>,
    pub(super) brackets: usize,
    /// May fall below zero: a `)` too many counts.
    pub(super) parens: i32,
    pub(super) braces: usize,
    pub(super) quoted: bool,
    pub(super) negated: bool,
    /// Whether the text must be put together from the pieces again at the end.
    pub(super) rebuild: bool,
    pub(super) extglobs: Vec<OpenExtglob>,
    pub(super) open_braces: Vec<OpenBrace>,
    /// Where the last `]` is.
    pub(super) last_bracket: Option<usize>,
}

/// Number of the piece before the first.
pub(super) const BEGIN: usize = 0;

/// Scans a glob from which a leading `./` was dropped.
pub(super) fn scan(glob: &str) -> Result<Scanned, Refusal> {
    let input: Vec<char> = glob.chars().collect();
    let mut scanner = Scanner {
        last_bracket: input.iter().rposition(|&c| c == ']'),
        at: 0,
        start: 0,
        output: Vec::with_capacity(input.len() * 4),
        pieces: vec![Piece::with(Kind::Begin, "", "")],
        line: vec![BEGIN],
        last: BEGIN,
        opened: Vec::new(),
        brackets: 0,
        parens: 0,
        braces: 0,
        quoted: false,
        negated: false,
        rebuild: false,
        extglobs: Vec::new(),
        open_braces: Vec::new(),
        input,
    };
    while let Some(&c) = scanner.input.get(scanner.at) {
        scanner.at += 1;
        scanner.character(c)?;
        if scanner.opened.len() > MAX_OPEN {
            return Err((ErrorKind::TooDeep, 0));
        }
    }
    let negated = scanner.negated;
    Ok(Scanned { text: scanner.finish(), negated })
}

impl Scanner {
    /// The character that many places ahead; 1 is the next.
    pub(super) fn ahead(&self, places: usize) -> Option<char> {
        self.input.get(self.at + places - 1).copied()
    }

    /// All that is still to be read.
    pub(super) fn rest(&self) -> &[char] {
        self.input.get(self.at..).unwrap_or_default()
    }

    /// The last piece.
    pub(super) fn last(&mut self) -> &mut Piece {
        &mut self.pieces[self.last]
    }

    /// The last piece's kind.
    pub(super) fn last_kind(&self) -> Kind {
        self.pieces[self.last].kind
    }

    /// Adds to the expression.
    pub(super) fn write(&mut self, text: &str) {
        self.output.extend(text.chars());
    }

    /// Takes the last `count` characters off the expression. As in JavaScript, where "the last 0" are all of them.
    pub(super) fn cut(&mut self, count: usize) {
        let keep = if count == 0 { 0 } else { self.output.len().saturating_sub(count) };
        self.output.truncate(keep);
    }

    /// Appends a piece.
    pub(super) fn push(&mut self, mut piece: Piece) {
        self.demote_globstar(&piece);
        if piece.kind != Kind::Paren
            && let Some(extglob) = self.extglobs.last_mut()
        {
            extglob.inner.push_str(&piece.value);
        }
        self.output.extend(piece.text().chars());
        let last = &mut self.pieces[self.last];
        if last.kind == Kind::Text && piece.kind == Kind::Text {
            // The glob's text is added here, not the expression's: the escape is lost if the text is rebuilt.
            last.value.push_str(&piece.value);
            last.extend_output(&piece.value);
            return;
        }
        piece.before = Some(self.last);
        self.last = self.pieces.len();
        self.line.push(self.last);
        self.pieces.push(piece);
    }

    /// A `**` that turns out to stand next to other text is a `*`.
    fn demote_globstar(&mut self, next: &Piece) {
        if self.last_kind() != Kind::Globstar || matches!(next.kind, Kind::Slash | Kind::Paren) || next.extglob {
            return;
        }
        if self.braces > 0 && matches!(next.kind, Kind::Comma | Kind::Brace) {
            return;
        }
        let written = self.last().output.as_deref().unwrap_or_default().chars().count();
        self.cut(written);
        let last = self.last();
        last.kind = Kind::Star;
        last.value = "*".to_owned();
        last.output = Some(STAR.to_owned());
        self.write(STAR);
    }

    fn character(&mut self, c: char) -> Result<(), Refusal> {
        if c == '\0' {
            return Ok(());
        }
        if c == '\\' {
            self.backslash();
            return Ok(());
        }
        if self.in_class(c) {
            self.class_text(&c.to_string());
            return Ok(());
        }
        if self.quoted && c != '"' {
            self.quoted_text(c);
            return Ok(());
        }
        match c {
            '"' => self.quoted = !self.quoted,
            '(' => {
                self.parens += 1;
                self.opened.push(Open::Paren);
                self.push(Piece::new(Kind::Paren, "("));
            }
            ')' => self.close_paren()?,
            '[' => self.open_bracket(),
            ']' => self.close_bracket(),
            '{' => self.open_brace(),
            '}' => self.close_brace(),
            '|' => self.push(Piece::new(Kind::Text, "|")),
            ',' => self.comma(),
            '/' => self.slash(),
            '.' => self.dot(),
            '?' => self.question(),
            '!' => self.exclamation(),
            '+' => self.plus(),
            '@' if self.opens_extglob() => {
                self.push(Piece { extglob: true, ..Piece::with(Kind::At, "@", "") });
            }
            '@' => self.push(Piece::new(Kind::Text, "@")),
            '*' => self.star(),
            other => self.text(other),
        }
        Ok(())
    }

    /// Whether a parenthesis comes next that is not a regular expression's group.
    pub(super) fn opens_extglob(&self) -> bool {
        self.ahead(1) == Some('(') && self.ahead(2) != Some('?')
    }

    /// A character without a meaning, and those behind it.
    pub(super) fn text(&mut self, c: char) {
        let mut value = String::new();
        if matches!(c, '$' | '^') {
            value.push('\\');
        }
        value.push(c);
        let run = self.rest().iter().take_while(|&&c| !"@![].,$*+?^{}()|\\/".contains(c)).count();
        value.extend(&self.rest()[..run]);
        self.at += run;
        self.push(Piece::new(Kind::Text, value));
    }

    fn backslash(&mut self) {
        match self.ahead(1) {
            Some('/' | '.' | ';') => return,
            None => {
                self.push(Piece::new(Kind::Text, "\\\\"));
                return;
            }
            Some(_) => {}
        }
        let mut value = String::from("\\");
        let run = self.rest().iter().take_while(|&&c| c == '\\').count();
        if run > 2 {
            self.at += run;
            if run % 2 == 1 {
                value.push('\\');
            }
        }
        value.extend(self.ahead(1));
        self.at += 1;
        if self.brackets > 0 {
            self.class_text(&value);
        } else {
            self.push(Piece::new(Kind::Text, value));
        }
    }

    /// Whatever is still open becomes text; then the expression is complete.
    fn finish(mut self) -> String {
        for _ in 0..self.brackets {
            self.escape_last('[');
        }
        for _ in 0..self.parens {
            self.escape_last('(');
        }
        for _ in 0..self.braces {
            self.escape_last('{');
        }
        if matches!(self.last_kind(), Kind::Star | Kind::Bracket) {
            self.push(Piece::with(Kind::LastSlash, "", format!("{SLASH}?")));
        }
        if self.rebuild {
            return self.line.iter().map(|&piece| self.pieces[piece].text()).collect();
        }
        self.output.iter().collect()
    }

    /// Puts a backslash before the last `c` that has none.
    fn escape_last(&mut self, c: char) {
        let unescaped = |at: &usize| self.output[*at] == c && (*at == 0 || self.output[at - 1] != '\\');
        if let Some(at) = (0..self.output.len()).rev().find(unescaped) {
            self.output.insert(at, '\\');
        }
    }

    /// Marks the beginning as one that must be followed by a character.
    pub(super) fn begin_with_one(&mut self) {
        let begin = &mut self.pieces[BEGIN];
        if begin.text().is_empty() {
            begin.output = Some(ONE.to_owned());
        }
    }
}
