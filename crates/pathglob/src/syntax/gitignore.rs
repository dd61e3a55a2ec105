//! The patterns of `.gitignore` files, as git reads them (gitignore(5), `dir.c`, `wildmatch.c`), by character.

use super::{Entry, Refusal, Translation};
use crate::charset::CharSet;
use crate::error::ErrorKind;
use crate::regex::Node;

/// Translates a pattern that is not empty.
pub(super) fn translate(pattern: &str) -> Result<Translation, Refusal> {
    if pattern.starts_with('#') {
        return Err((ErrorKind::Empty, 0));
    }
    let line = without_trailing_spaces(pattern);
    let body = line.strip_prefix('!').unwrap_or(line);
    let negated = body.len() < line.len();
    let name = body.strip_suffix('/').unwrap_or(body);
    let folders_only = name.len() < body.len();
    let anchored = name.contains('/');
    let offset = line.len() - body.len() + usize::from(name.starts_with('/'));
    let name = name.strip_prefix('/').unwrap_or(name);
    if name.is_empty() {
        return Err((ErrorKind::Empty, 0));
    }
    let mut nodes = vec![Node::Start];
    if !anchored {
        nodes.push(Node::optional(Node::Concat(vec![Node::star(Node::Set(CharSet::all())), Node::character('/')])));
    }
    let mut reader = Reader { name, at: 0, anchored, literal: true };
    while let Some(node) = reader.next().map_err(|(kind, at)| (kind, at + offset))? {
        nodes.push(node);
    }
    let mirrored =
        Node::Concat([Node::Start].into_iter().chain(nodes[1..].iter().rev().map(mirror)).chain([Node::End]).collect());
    // What lies below a folder that matches, matches.
    let mut below = vec![Node::character('/'), Node::star(Node::Set(CharSet::all()))];
    if folders_only {
        nodes.append(&mut below);
    } else {
        nodes.push(Node::optional(Node::Concat(below)));
    }
    nodes.push(Node::End);
    let entry = Some(Entry { mirrored, folders_only });
    Ok(Translation { tree: Some(Node::Concat(nodes)), entry, negated })
}

/// `pattern` without the spaces at its end, but for one that a backslash keeps.
fn without_trailing_spaces(pattern: &str) -> &str {
    let trimmed = pattern.trim_end_matches(' ');
    let backslashes = trimmed.len() - trimmed.trim_end_matches('\\').len();
    let kept = usize::from(backslashes % 2 == 1 && trimmed.len() < pattern.len());
    &pattern[..trimmed.len() + kept]
}

/// The same text read backwards.
fn mirror(node: &Node) -> Node {
    match node {
        Node::Concat(nodes) => Node::Concat(nodes.iter().rev().map(mirror).collect()),
        Node::Alternate(nodes) => Node::Alternate(nodes.iter().map(mirror).collect()),
        Node::Repeat { node, min, max } => Node::Repeat { node: Box::new(mirror(node)), min: *min, max: *max },
        // No dialect that is read forwards writes look-aheads or anchors inside of its patterns.
        other => other.clone(),
    }
}

struct Reader<'p> {
    name: &'p str,
    at: usize,
    anchored: bool,
    /// Whether only plain characters came so far: git compares these by themselves, and reads `**` behind them as if
    /// it began the pattern.
    literal: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.name[self.at..]
    }

    fn step(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn next(&mut self) -> Result<Option<Node>, Refusal> {
        let from = self.at;
        let Some(next) = self.step() else { return Ok(None) };
        let part_begins = self.literal || self.name[..from].ends_with('/');
        self.literal &= !matches!(next, '*' | '?' | '[' | '\\');
        Ok(Some(match next {
            '*' => self.stars(part_begins),
            '?' => Node::Set(CharSet::not_slash()),
            '[' => Node::Set(self.class(from)?),
            '\\' => Node::character(self.step().ok_or((ErrorKind::TrailingBackslash, from))?),
            other => Node::character(other),
        }))
    }

    /// `**` reaches across folders only where it is a whole part of an anchored pattern.
    fn stars(&mut self, part_begins: bool) -> Node {
        let more = self.rest().len() - self.rest().trim_start_matches('*').len();
        self.at += more;
        let rest = self.rest();
        let part_ends = rest.is_empty() || rest.starts_with('/') || rest.starts_with("\\/");
        if more == 0 || !self.anchored || !part_begins || !part_ends {
            return Node::star(Node::Set(CharSet::not_slash()));
        }
        let any = Node::star(Node::Set(CharSet::all()));
        if !rest.starts_with('/') {
            return any;
        }
        self.at += 1;
        Node::optional(Node::Concat(vec![any, Node::character('/')]))
    }

    /// A bracket, whose `[` at `from` was read.
    fn class(&mut self, from: usize) -> Result<CharSet, Refusal> {
        let unclosed = (ErrorKind::UnclosedClass, from);
        let negated = self.rest().starts_with(['!', '^']);
        self.at += usize::from(negated);
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        // The character that a hyphen would make a range of.
        let mut low = None;
        let mut next = self.step().ok_or(unclosed)?;
        loop {
            if next == '-' && low.is_some() && !self.rest().is_empty() && !self.rest().starts_with(']') {
                let high = self.member().ok_or(unclosed)?;
                ranges.extend(low.filter(|&low| low <= high).map(|low| (low as u32, high as u32)));
                low = None;
            } else if next == '[' && self.rest().starts_with(':') {
                low = self.posix(from, &mut ranges)?;
            } else {
                let member = if next == '\\' { self.step().ok_or(unclosed)? } else { next };
                ranges.push((member as u32, member as u32));
                low = Some(member);
            }
            next = self.step().ok_or(unclosed)?;
            if next == ']' {
                break;
            }
        }
        let set = CharSet::new(ranges);
        let set = if negated { set.complement() } else { set };
        // A slash is never matched by a bracket.
        let mut slashless = set.complement().ranges().to_vec();
        slashless.push(('/' as u32, '/' as u32));
        Ok(CharSet::new(slashless).complement())
    }

    fn member(&mut self) -> Option<char> {
        match self.step()? {
            '\\' => self.step(),
            other => Some(other),
        }
    }

    /// `[:alpha:]` and the like, at its colon; without `:]` it is a `[` like any other, which may begin a range.
    fn posix(&mut self, from: usize, ranges: &mut Vec<(u32, u32)>) -> Result<Option<char>, Refusal> {
        let text = &self.rest()[1..];
        let end = text.find(']').ok_or((ErrorKind::UnclosedClass, from))?;
        let Some(name) = text[..end].strip_suffix(':') else {
            ranges.push(('[' as u32, '[' as u32));
            return Ok(Some('['));
        };
        let members = posix_class(name).ok_or((ErrorKind::BadClass, self.at - 1))?;
        ranges.extend((0..128u8).filter(members).map(|c| (u32::from(c), u32::from(c))));
        self.at += end + 2;
        Ok(None)
    }
}

fn posix_class(name: &str) -> Option<fn(&u8) -> bool> {
    Some(match name {
        "alnum" => u8::is_ascii_alphanumeric,
        "alpha" => u8::is_ascii_alphabetic,
        "blank" => |c| matches!(c, b' ' | b'\t'),
        "cntrl" => u8::is_ascii_control,
        "digit" => u8::is_ascii_digit,
        "graph" => u8::is_ascii_graphic,
        "lower" => u8::is_ascii_lowercase,
        "print" => |c| matches!(c, b' '..=b'~'),
        "punct" => u8::is_ascii_punctuation,
        "space" => |c| matches!(c, b' ' | b'\t'..=b'\r'),
        "upper" => u8::is_ascii_uppercase,
        "xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}
