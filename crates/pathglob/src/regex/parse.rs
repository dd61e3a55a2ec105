//! Reads a regular expression in ECMAScript's notation: no flags, with the leniencies of Annex B.

use super::Node;
use super::class::class;
use super::escape::{Escape, escape};
use crate::charset::CharSet;
use crate::error::ErrorKind;

/// Groups inside each other that are followed; picomatch writes up to three for one `!(`.
const MAX_DEPTH: usize = 256;

/// Why there is no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// ECMAScript refuses the text too.
    Syntax,
    /// ECMAScript knows it, we do not.
    Unsupported(ErrorKind),
}

/// A position in the text, shared by the parts of the reader.
pub(super) struct Cursor {
    pub(super) text: Vec<char>,
    pub(super) at: usize,
}

impl Cursor {
    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    /// Steps over `expected` if it comes next.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let found = expected.chars().enumerate().all(|(n, c)| self.text.get(self.at + n) == Some(&c));
        if found {
            self.at += expected.chars().count();
        }
        found
    }
}

/// What a closing parenthesis makes of what came since the opening one.
#[derive(Clone, Copy)]
enum Group {
    Plain,
    Look { negative: bool },
}

/// An open group: the alternatives that are complete, and the one being read.
struct Frame {
    group: Group,
    alternatives: Vec<Node>,
    sequence: Vec<Node>,
}

impl Frame {
    fn new(group: Group) -> Self {
        Frame { group, alternatives: Vec::new(), sequence: Vec::new() }
    }

    fn next_alternative(&mut self) {
        let mut sequence = std::mem::take(&mut self.sequence);
        let node = if sequence.len() == 1 { sequence.remove(0) } else { Node::Concat(sequence) };
        self.alternatives.push(node);
    }

    fn close(mut self) -> Node {
        self.next_alternative();
        let node =
            if self.alternatives.len() == 1 { self.alternatives.remove(0) } else { Node::Alternate(self.alternatives) };
        match self.group {
            Group::Plain => node,
            Group::Look { negative } => Node::Look { node: Box::new(node), negative },
        }
    }
}

struct Parser {
    cursor: Cursor,
    /// Enclosing groups, outermost first; never empty.
    outer: Vec<Frame>,
    frame: Frame,
    /// Whether the last thing read can take a quantifier.
    quantifiable: bool,
    /// Capturing groups in the whole text: they decide whether `\1` refers or is a character.
    captures: u32,
    /// The first construct that we do not follow. Reading goes on: a syntax error further on outweighs it.
    unsupported: Option<ErrorKind>,
}

/// Reads `source`.
pub(crate) fn parse(source: &str) -> Result<Node, Failure> {
    let text: Vec<char> = source.chars().collect();
    let captures = count_captures(&text);
    let cursor = Cursor { text, at: 0 };
    let frame = Frame::new(Group::Plain);
    let mut parser = Parser { cursor, outer: Vec::new(), frame, quantifiable: false, captures, unsupported: None };
    while let Some(next) = parser.cursor.next() {
        parser.term(next)?;
    }
    match (parser.outer.is_empty(), parser.unsupported) {
        (false, _) => Err(Failure::Syntax),
        (true, Some(kind)) => Err(Failure::Unsupported(kind)),
        (true, None) => Ok(parser.frame.close()),
    }
}

impl Parser {
    fn term(&mut self, next: char) -> Result<(), Failure> {
        match next {
            '(' => return self.open(),
            ')' => return self.close(),
            '|' => {
                self.frame.next_alternative();
                self.quantifiable = false;
            }
            '^' => self.assertion(Node::Start),
            '$' => self.assertion(Node::End),
            '*' => return self.repeat(0, None),
            '+' => return self.repeat(1, None),
            '?' => return self.repeat(0, Some(1)),
            '{' => match braced_quantifier(&mut self.cursor) {
                Some((min, max)) => return self.repeat(min, max),
                None => self.atom(Node::character('{')),
            },
            '.' => self.atom(Node::Set(CharSet::all())),
            '[' => {
                let set = class(&mut self.cursor).ok_or(Failure::Syntax)?;
                self.atom(Node::Set(set));
            }
            '\\' => return self.escape(),
            other => self.atom(Node::character(other)),
        }
        Ok(())
    }

    fn atom(&mut self, node: Node) {
        self.frame.sequence.push(node);
        self.quantifiable = true;
    }

    fn assertion(&mut self, node: Node) {
        self.frame.sequence.push(node);
        self.quantifiable = false;
    }

    fn escape(&mut self) -> Result<(), Failure> {
        match escape(&mut self.cursor, self.captures).ok_or(Failure::Syntax)? {
            Escape::Character(character) => self.atom(Node::Set(CharSet::one(character))),
            Escape::Set(set) => self.atom(Node::Set(set)),
            Escape::WordBoundary { negative } => self.assertion(Node::WordBoundary { negative }),
            Escape::BackReference => {
                self.unsupported.get_or_insert(ErrorKind::BackReference);
                self.atom(Node::empty());
            }
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), Failure> {
        let group = self.group()?;
        if self.outer.len() >= MAX_DEPTH {
            return Err(Failure::Unsupported(ErrorKind::TooDeep));
        }
        self.outer.push(std::mem::replace(&mut self.frame, Frame::new(group)));
        self.quantifiable = false;
        Ok(())
    }

    fn group(&mut self) -> Result<Group, Failure> {
        let cursor = &mut self.cursor;
        if !cursor.eat("?") || cursor.eat(":") {
            return Ok(Group::Plain);
        }
        if cursor.eat("=") {
            return Ok(Group::Look { negative: false });
        }
        if cursor.eat("!") {
            return Ok(Group::Look { negative: true });
        }
        // A quantifier behind a look-behind is a syntax error upstream, and either way we refuse.
        let kind = if cursor.eat("<=") || cursor.eat("<!") {
            ErrorKind::LookBehind
        } else if cursor.eat("<") {
            ErrorKind::NamedGroup
        } else if matches!(cursor.peek(), Some('i' | 'm' | 's' | '-')) {
            ErrorKind::InlineFlags
        } else {
            return Err(Failure::Syntax);
        };
        self.unsupported.get_or_insert(kind);
        Ok(Group::Plain)
    }

    fn close(&mut self) -> Result<(), Failure> {
        let outer = self.outer.pop().ok_or(Failure::Syntax)?;
        let node = std::mem::replace(&mut self.frame, outer).close();
        self.atom(node);
        Ok(())
    }

    fn repeat(&mut self, min: u32, max: Option<u32>) -> Result<(), Failure> {
        self.cursor.eat("?");
        if !self.quantifiable || max.is_some_and(|max| max < min) {
            return Err(Failure::Syntax);
        }
        self.quantifiable = false;
        let Some(node) = self.frame.sequence.pop() else { return Err(Failure::Syntax) };
        self.frame.sequence.push(Node::Repeat { node: Box::new(node), min, max });
        Ok(())
    }
}

/// The rest of `{n}`, `{n,}` or `{n,m}`; without a word when it is none of these, and then the brace is a character.
fn braced_quantifier(cursor: &mut Cursor) -> Option<(u32, Option<u32>)> {
    let start = cursor.at;
    let bounds = number(cursor).and_then(|min| {
        let max = if cursor.eat(",") { number(cursor) } else { Some(min) };
        cursor.eat("}").then_some((min, max))
    });
    if bounds.is_none() {
        cursor.at = start;
    }
    bounds
}

fn number(cursor: &mut Cursor) -> Option<u32> {
    let mut value = None;
    while let Some(digit) = cursor.peek().and_then(|c| c.to_digit(10)) {
        cursor.at += 1;
        value = Some(value.unwrap_or(0u32).saturating_mul(10).saturating_add(digit));
    }
    value
}

/// Counts the capturing groups, as ECMAScript does before it reads `\1`.
fn count_captures(text: &[char]) -> u32 {
    let (mut count, mut in_class, mut at) = (0, false, 0);
    while at < text.len() {
        match text[at] {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let named = text.get(at + 2) == Some(&'<') && !matches!(text.get(at + 3), Some('=' | '!'));
                count += u32::from(text.get(at + 1) != Some(&'?') || named);
            }
            _ => {}
        }
        at += 1;
    }
    count
}
