//! GitHub's filter patterns, as its documentation of `on.push.paths` describes them.
//!
//! Where the documentation is silent the pattern is refused, because GitHub's own reader is not public.

use super::{Refusal, Translation};
use crate::charset::CharSet;
use crate::error::ErrorKind;
use crate::regex::Node;

/// Translates a pattern that is not empty.
pub(super) fn translate(pattern: &str) -> Result<Translation, Refusal> {
    let body = pattern.strip_prefix('!').unwrap_or(pattern);
    let negated = body.len() < pattern.len();
    if body.is_empty() {
        return Err((ErrorKind::Empty, 0));
    }
    let mut nodes = vec![Node::Start];
    let mut reader = Reader { pattern, at: pattern.len() - body.len(), repeatable: false };
    while let Some(node) = reader.next(&mut nodes)? {
        nodes.push(node);
    }
    nodes.push(Node::End);
    Ok(Translation { tree: Some(Node::Concat(nodes)), entry: None, negated })
}

struct Reader<'p> {
    pattern: &'p str,
    at: usize,
    /// Whether a single character came last, which `?` and `+` repeat.
    repeatable: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.pattern[self.at..]
    }

    fn step(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// The next piece; `?` and `+` take back the piece before them.
    fn next(&mut self, nodes: &mut Vec<Node>) -> Result<Option<Node>, Refusal> {
        let from = self.at;
        let part_begins = matches!(self.pattern[..from].strip_prefix('!').unwrap_or(&self.pattern[..from]), "")
            || self.pattern[..from].ends_with('/');
        let Some(next) = self.step() else { return Ok(None) };
        let was_repeatable = std::mem::replace(&mut self.repeatable, !matches!(next, '*' | '?' | '+'));
        let node = match next {
            '*' => self.stars(part_begins),
            '?' | '+' => match nodes.pop().filter(|_| was_repeatable) {
                Some(node) if next == '?' => Node::optional(node),
                Some(node) => Node::Repeat { node: Box::new(node), min: 1, max: None },
                None => return Err((ErrorKind::NothingToRepeat, from)),
            },
            '[' => Node::Set(self.class(from)?),
            '\\' => Node::character(self.step().ok_or((ErrorKind::TrailingBackslash, from))?),
            other => Node::character(other),
        };
        Ok(Some(node))
    }

    /// One `*` stays in its folder; two or more do not, and with a slash behind them they may be nothing at all.
    fn stars(&mut self, part_begins: bool) -> Node {
        let more = self.rest().len() - self.rest().trim_start_matches('*').len();
        self.at += more;
        if more == 0 {
            return Node::star(Node::Set(CharSet::not_slash()));
        }
        let any = Node::star(Node::Set(CharSet::all()));
        if part_begins && self.rest().starts_with('/') {
            self.at += 1;
            return Node::optional(Node::Concat(vec![any, Node::character('/')]));
        }
        any
    }

    /// A bracket of letters and digits, whose `[` at `from` was read.
    fn class(&mut self, from: usize) -> Result<CharSet, Refusal> {
        let mut ranges = Vec::new();
        loop {
            let at = self.at;
            let low = match self.step().ok_or((ErrorKind::UnclosedClass, from))? {
                ']' if ranges.is_empty() => return Err((ErrorKind::BadClass, from)),
                ']' => return Ok(CharSet::new(ranges)),
                low if low.is_ascii_alphanumeric() => low,
                _ => return Err((ErrorKind::BadClass, at)),
            };
            let mut high = low;
            if self.rest().starts_with('-') {
                self.at += 1;
                high = self.step().ok_or((ErrorKind::UnclosedClass, from))?;
            }
            if !is_range(low, high) {
                return Err((ErrorKind::BadClass, at));
            }
            ranges.push((low as u32, high as u32));
        }
    }
}

/// Whether two characters of one kind rise.
fn is_range(low: char, high: char) -> bool {
    let kinds: [fn(&char) -> bool; 3] = [char::is_ascii_digit, char::is_ascii_lowercase, char::is_ascii_uppercase];
    low <= high && kinds.iter().any(|kind| kind(&low) && kind(&high))
}
