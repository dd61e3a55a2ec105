//! Parentheses, extglobs and braces.

use super::super::Refusal;
use super::pieces::{GLOBSTAR, Kind, ONE, Piece, STAR, escaped};
use super::scanner::{Open, Scanner, scan};
use crate::regex::{Failure, parse};

/// An extglob whose `)` is still to come.
pub(super) struct OpenExtglob {
    mark: char,
    /// The number of open parentheses outside of it.
    parens: i32,
    /// The glob's text inside, as far as it became pieces.
    pub(super) inner: String,
}

/// A brace whose `}` is still to come.
pub(super) struct OpenBrace {
    piece: usize,
    /// Length of the expression before it.
    output: usize,
    /// Its place in the line of pieces.
    place: usize,
    has_comma: bool,
    pub(super) has_range: bool,
}

impl Scanner {
    /// `?(`, `*(`, `+(` or `!(`, whose mark was read.
    pub(super) fn open_extglob(&mut self, mark: char) {
        let (kind, open) = match mark {
            '!' => (Kind::Not, "(?:(?!(?:"),
            '*' => (Kind::Star, "(?:"),
            '+' => (Kind::Plus, "(?:"),
            _ => (Kind::Question, "(?:"),
        };
        let extglob = OpenExtglob { mark, parens: self.parens, inner: String::new() };
        self.parens += 1;
        self.opened.push(Open::Paren);
        let first = if self.output.is_empty() { ONE } else { "" };
        self.push(Piece::with(kind, mark, first));
        self.at += 1;
        self.push(Piece { extglob: true, ..Piece::with(Kind::Paren, "(", open) });
        self.extglobs.push(extglob);
    }

    pub(super) fn close_paren(&mut self) -> Result<(), Refusal> {
        if let Some(extglob) = self.extglobs.pop_if(|extglob| self.parens == extglob.parens + 1) {
            let close = self.extglob_end(&extglob)?;
            self.push(Piece { extglob: true, ..Piece::with(Kind::Paren, ")", close) });
        } else {
            let close = if self.parens == 0 { "\\)" } else { ")" };
            self.push(Piece::with(Kind::Paren, ")", close));
        }
        self.parens -= 1;
        self.opened.pop();
        Ok(())
    }

    fn extglob_end(&self, extglob: &OpenExtglob) -> Result<String, Refusal> {
        match extglob.mark {
            '?' => return Ok(")?".to_owned()),
            '+' => return Ok(")+".to_owned()),
            '*' => return Ok(")*".to_owned()),
            _ => {}
        }
        let inner = &extglob.inner;
        let across = inner.chars().nth(1).is_some() && inner.contains('/');
        let filler = if across { GLOBSTAR } else { STAR };
        let rest = self.rest();
        if inner.contains('*') && self.is_plain_ending() {
            // A whole name is meant, `!(*.d).ts`: the ending is part of what must not match.
            let rest: String = rest.iter().collect();
            return Ok(format!("){}){filler})", scan(&rest)?.text));
        }
        if across || rest.iter().all(|&c| c == ')') {
            return Ok(format!(")$)){filler}"));
        }
        Ok(format!(")){filler})"))
    }

    /// Whether all that follows is a dot and then no slash, backslash or dot.
    fn is_plain_ending(&self) -> bool {
        let rest = self.rest();
        rest.len() > 1 && rest[0] == '.' && !rest[1..].iter().any(|c| matches!(c, '\\' | '/' | '.'))
    }

    pub(super) fn open_brace(&mut self) {
        self.braces += 1;
        self.opened.push(Open::Brace);
        let (output, place) = (self.output.len(), self.line.len());
        self.push(Piece::with(Kind::Brace, "{", "("));
        self.open_braces.push(OpenBrace { piece: self.last, output, place, has_comma: false, has_range: false });
    }

    pub(super) fn close_brace(&mut self) {
        let Some(brace) = self.open_braces.pop() else {
            self.push(Piece::with(Kind::Text, "}", "}"));
            return;
        };
        let mut piece = Piece::with(Kind::Brace, "}", ")");
        if brace.has_range {
            piece.output = Some(self.range());
            self.rebuild = true;
        } else if !brace.has_comma {
            let literal = &mut self.pieces[brace.piece];
            literal.value = "\\{".to_owned();
            literal.output = Some("\\{".to_owned());
            piece = Piece::with(Kind::Brace, "\\}", "\\}");
            self.rewrite_from(&brace);
        }
        // `push` looks at the open braces, so they are counted down after it.
        self.push(piece);
        self.braces -= 1;
        self.opened.pop();
    }

    /// Writes the pieces since `brace` again, now that it is known to be text.
    fn rewrite_from(&mut self, brace: &OpenBrace) {
        self.output.truncate(brace.output);
        for &piece in self.line.get(brace.place..).unwrap_or_default() {
            let piece = &self.pieces[piece];
            let text = piece.output.as_deref().filter(|output| !output.is_empty()).unwrap_or(&piece.value);
            self.output.extend(text.chars());
        }
    }

    /// Takes the pieces of a brace with `..` off the line and makes a class of them.
    fn range(&mut self) -> String {
        let mut bounds: Vec<String> = Vec::new();
        while let Some(index) = self.line.pop() {
            let piece = &self.pieces[index];
            match piece.kind {
                Kind::Brace => break,
                Kind::Range => {}
                _ => bounds.insert(0, piece.value.clone()),
            }
        }
        bounds.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        let class = format!("[{}]", bounds.join("-"));
        match parse(&class) {
            Err(Failure::Syntax) => bounds.iter().map(|bound| escaped(bound)).collect::<Vec<_>>().join(".."),
            _ => class,
        }
    }

    pub(super) fn comma(&mut self) {
        let separates = self.opened.last() == Some(&Open::Brace);
        let output = match self.open_braces.last_mut().filter(|_| separates) {
            Some(brace) => {
                brace.has_comma = true;
                "|"
            }
            None => ",",
        };
        self.push(Piece::with(Kind::Comma, ",", output));
    }
}
