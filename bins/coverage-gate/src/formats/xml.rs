//! A byte scanner for XML reports: tags one by one, in linear time and a bounded window. It fetches and expands nothing.
use std::io::Read;

use super::number::shown;
use super::{Problem, input::Input};

/// How deep elements may be nested.
const DEEPEST: usize = 64;

/// What comes next.
#[derive(Debug)]
pub(super) enum Event<'a> {
    /// `<name …>` or `<name …/>`.
    Start(Tag<'a>),
    /// `</name>`; an empty element has none.
    End(&'a [u8]),
    /// The end of the report, after the end of its root.
    Eof,
}

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    bytes: &'a [u8],
    name: usize,
    attributes: &'a [Attribute],
    /// Whether it ends itself.
    pub(super) empty: bool,
    /// The byte of the report that it begins at.
    pub(super) at: u64,
}

/// An element of two values, as [`Scanner::pair`] finds it: where it begins, and each value with its own place.
pub(super) struct Pair<'a> {
    pub(super) at: u64,
    pub(super) first: (&'a [u8], u64),
    pub(super) second: (&'a [u8], u64),
}

/// Where an attribute's name and value are in their tag.
#[derive(Clone, Copy, Debug)]
struct Attribute {
    name: (u32, u32),
    value: (u32, u32),
}

impl<'a> Tag<'a> {
    /// The element's name.
    #[inline]
    pub(super) fn name(&self) -> &'a [u8] {
        &self.bytes[1..self.name]
    }

    /// An attribute's value as it is written, and the byte of the report that it begins at.
    #[inline]
    pub(super) fn raw(&self, name: &[u8]) -> Option<(&'a [u8], u64)> {
        let found = self.attributes.iter().find(|attribute| of(self.bytes, attribute.name) == name)?;
        Some((of(self.bytes, found.value), self.at + u64::from(found.value.0)))
    }

    /// An attribute's value with its entities in place; empty where there is none.
    ///
    /// # Errors
    /// `entity-not-allowed`.
    pub(super) fn text(&self, name: &[u8]) -> Result<Vec<u8>, Problem> {
        match self.raw(name) {
            Some((value, at)) => decoded(value, at),
            None => Ok(Vec::new()),
        }
    }
}

fn of(bytes: &[u8], (from, to): (u32, u32)) -> &[u8] {
    &bytes[from as usize..to as usize]
}

/// The scanner.
pub(super) struct Scanner<R> {
    input: Input<R>,
    attributes: Vec<Attribute>,
    /// The names of the open elements, one behind the other, and where each begins.
    names: Vec<u8>,
    open: Vec<usize>,
    rooted: bool,
    /// How much of the window the last event was, to be consumed before the next.
    spent: usize,
}

impl<R: Read> Scanner<R> {
    /// Begins at the start of a report.
    pub(super) fn new(input: Input<R>) -> Self {
        Self { input, attributes: Vec::new(), names: Vec::new(), open: Vec::new(), rooted: false, spent: 0 }
    }

    /// The byte of the report that the next event begins at, at the earliest.
    pub(super) fn at(&self) -> u64 {
        self.input.at() + self.spent as u64
    }

    /// The next start or end of an element.
    ///
    /// # Errors
    /// `truncated-report`, `bad-report`, `entity-not-allowed`, `limit-depth`, `limit-token`, `limit-size`.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Event<'_>, Problem> {
        self.input.consume(self.spent);
        self.spent = 0;
        loop {
            if !self.find(b'<')? {
                return if self.open.is_empty() && self.rooted { Ok(Event::Eof) } else { Err(self.truncated()) };
            }
            while self.input.window().len() < 2 {
                if !self.input.more()? {
                    return Err(self.truncated());
                }
            }
            match self.input.window()[1] {
                b'!' => self.declaration()?,
                b'?' => self.skip_past(b"?>")?,
                b'/' => return self.end(),
                _ => return self.start(),
            }
        }
    }

    /// The values of an empty element whose head and whose text between two values are exactly these, if that is what comes
    /// next: the lines of a report are millions of them. Anything else is left to [`Scanner::next`].
    #[inline]
    pub(super) fn pair(&mut self, head: &[u8], between: &[u8]) -> Option<Pair<'_>> {
        self.input.consume(self.spent);
        self.spent = 0;
        let window = self.input.window();
        let blank = window.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let first = blank + head.len();
        if !window.get(blank..)?.starts_with(head) {
            return None;
        }
        let quote = first + window[first..].iter().take(24).position(|byte| *byte == b'"')?;
        if !window[quote..].starts_with(between) {
            return None;
        }
        let second = quote + between.len();
        let end = second + window[second..].iter().take(24).position(|byte| *byte == b'"')?;
        if !window[end..].starts_with(b"\"/>") {
            return None;
        }
        self.spent = end + 3;
        let (window, at) = (self.input.window(), self.input.at());
        let place = |offset: usize| at + offset as u64;
        Some(Pair {
            at: place(blank),
            first: (&window[first..quote], place(first)),
            second: (&window[second..end], place(second)),
        })
    }

    /// The text up to the next tag, with its entities in place: the content of an element that was just started.
    ///
    /// # Errors
    /// As [`Scanner::next`].
    pub(super) fn content(&mut self) -> Result<Vec<u8>, Problem> {
        self.input.consume(self.spent);
        self.spent = 0;
        let mut searched = 0;
        loop {
            if let Some(found) = memchr::memchr(b'<', &self.input.window()[searched..]) {
                let length = searched + found;
                let text = decoded(&self.input.window()[..length], self.input.at())?;
                self.input.consume(length);
                return Ok(text);
            }
            searched = self.input.window().len();
            if !self.input.more()? {
                return Err(self.truncated());
            }
        }
    }

    /// Moves the window to the next such byte.
    #[inline]
    fn find(&mut self, byte: u8) -> Result<bool, Problem> {
        loop {
            if let Some(found) = memchr::memchr(byte, self.input.window()) {
                self.input.consume(found);
                return Ok(true);
            }
            let length = self.input.window().len();
            self.input.consume(length);
            if !self.input.more()? {
                return Ok(false);
            }
        }
    }

    #[inline]
    fn start(&mut self) -> Result<Event<'_>, Problem> {
        let shape = loop {
            match shape(self.input.window(), &mut self.attributes) {
                Shape::Whole(shape) => break shape,
                Shape::Part if self.input.more()? => {}
                Shape::Part => return Err(self.truncated()),
                Shape::Odd(place, what) => {
                    return Err(Problem::new("bad-report", self.input.at() + place as u64, what));
                }
            }
        };
        if self.open.is_empty() && self.rooted {
            return Err(Problem::new("bad-report", self.input.at(), "a second root element"));
        }
        self.rooted = true;
        if !shape.empty {
            if self.open.len() >= DEEPEST {
                let message = format!("elements nested more than {DEEPEST} deep");
                return Err(Problem::new("limit-depth", self.input.at(), message));
            }
            self.open.push(self.names.len());
            self.names.extend_from_slice(&self.input.window()[1..shape.name]);
        }
        self.spent = shape.length;
        let bytes = &self.input.window()[..shape.length];
        let at = self.input.at();
        Ok(Event::Start(Tag { bytes, name: shape.name, attributes: &self.attributes, empty: shape.empty, at }))
    }

    #[inline]
    fn end(&mut self) -> Result<Event<'_>, Problem> {
        let length = loop {
            if let Some(length) = memchr::memchr(b'>', self.input.window()) {
                break length + 1;
            }
            if !self.input.more()? {
                return Err(self.truncated());
            }
        };
        let name = self.input.window()[2..length - 1].trim_ascii_end();
        let Some(from) = self.open.pop() else {
            let message = format!("</{}> ends nothing", plain(name));
            return Err(Problem::new("bad-report", self.input.at(), message));
        };
        if &self.names[from..] != name {
            let message = format!("</{}> where </{}> is due", plain(name), plain(&self.names[from..]));
            return Err(Problem::new("bad-report", self.input.at(), message));
        }
        self.names.truncate(from);
        self.spent = length;
        Ok(Event::End(self.input.window()[2..length - 1].trim_ascii_end()))
    }

    /// A comment, a CDATA section or a document type.
    fn declaration(&mut self) -> Result<(), Problem> {
        let window = self.input.look(9)?;
        if window.starts_with(b"<!--") {
            self.input.consume(4);
            self.skip_past(b"-->")
        } else if window.starts_with(b"<![CDATA[") {
            self.skip_past(b"]]>")
        } else if window.starts_with(b"<!DOCTYPE") {
            self.doctype()
        } else {
            Err(Problem::new("bad-report", self.input.at(), "`<!` begins nothing that XML has"))
        }
    }

    /// Passes over a document type. It is never fetched, and none that declares entities is accepted.
    fn doctype(&mut self) -> Result<(), Problem> {
        loop {
            match doctype(self.input.window()) {
                Doctype::Whole(length) => {
                    self.input.consume(length);
                    return Ok(());
                }
                Doctype::Entity(place) => {
                    let message = "the document type declares entities";
                    return Err(Problem::new("entity-not-allowed", self.input.at() + place as u64, message));
                }
                Doctype::Part if self.input.more()? => {}
                Doctype::Part => return Err(self.truncated()),
            }
        }
    }

    fn skip_past(&mut self, end: &[u8]) -> Result<(), Problem> {
        loop {
            if let Some(found) = memchr::memmem::find(self.input.window(), end) {
                self.input.consume(found + end.len());
                return Ok(());
            }
            // Part of the end may already be there.
            let held = self.input.window().len();
            self.input.consume(held.saturating_sub(end.len() - 1));
            if !self.input.more()? {
                return Err(self.truncated());
            }
        }
    }

    #[cold]
    fn truncated(&self) -> Problem {
        let at = self.input.at() + self.input.window().len() as u64;
        let message = match self.open.last() {
            Some(from) => format!("the report ends within <{}>", plain(&self.names[*from..])),
            None if self.rooted => "the report ends within a tag".to_owned(),
            None => "the report ends before its first element".to_owned(),
        };
        Problem::new("truncated-report", at, message)
    }
}

fn plain(name: &[u8]) -> String {
    shown(name).replace('`', "")
}

enum Shape {
    Whole(Whole),
    /// The window ends within the tag.
    Part,
    Odd(usize, &'static str),
}

struct Whole {
    /// The end of the name.
    name: usize,
    length: usize,
    empty: bool,
}

/// Reads a start tag in one pass over its bytes.
#[inline]
fn shape(bytes: &[u8], attributes: &mut Vec<Attribute>) -> Shape {
    attributes.clear();
    let mut at = 1;
    let end_of_name = |mut at: usize| {
        while at < bytes.len() && !matches!(bytes[at], b' ' | b'\n' | b'\t' | b'\r' | b'/' | b'>' | b'=' | b'<') {
            at += 1;
        }
        at
    };
    let blanks = |mut at: usize| {
        while at < bytes.len() && matches!(bytes[at], b' ' | b'\n' | b'\t' | b'\r') {
            at += 1;
        }
        at
    };
    at = end_of_name(at);
    let name = at;
    if name == 1 && at < bytes.len() {
        return Shape::Odd(1, "`<` is followed by no name");
    }
    loop {
        at = blanks(at);
        match bytes.get(at) {
            None => return Shape::Part,
            Some(b'>') => return Shape::Whole(Whole { name, length: at + 1, empty: false }),
            Some(b'/') => {
                return match bytes.get(at + 1) {
                    None => Shape::Part,
                    Some(b'>') => Shape::Whole(Whole { name, length: at + 2, empty: true }),
                    Some(_) => Shape::Odd(at, "`/` within a tag"),
                };
            }
            Some(_) => {}
        }
        let from = at;
        at = end_of_name(at);
        let to = at;
        at = blanks(at);
        match bytes.get(at) {
            None => return Shape::Part,
            Some(b'=') if to > from => at = blanks(at + 1),
            Some(_) => return Shape::Odd(from, "an attribute without a value"),
        }
        let quote = match bytes.get(at) {
            None => return Shape::Part,
            Some(quote @ (b'"' | b'\'')) => *quote,
            Some(_) => return Shape::Odd(at, "an attribute's value without quotes"),
        };
        at += 1;
        let value = at;
        // Values are short; most end before a search by vectors would have begun.
        while at < bytes.len() && bytes[at] != quote {
            at += 1;
        }
        if at == bytes.len() {
            return Shape::Part;
        }
        // The window is far smaller than 4 GiB.
        let small = |place: usize| place as u32;
        attributes.push(Attribute { name: (small(from), small(to)), value: (small(value), small(at)) });
        at += 1;
    }
}

enum Doctype {
    Whole(usize),
    Part,
    Entity(usize),
}

fn doctype(bytes: &[u8]) -> Doctype {
    let (mut at, mut subset) = (9, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => match memchr::memchr(*byte, &bytes[at + 1..]) {
                Some(length) => at += length + 2,
                None => return Doctype::Part,
            },
            b'[' => {
                subset = true;
                at += 1;
            }
            b']' => {
                subset = false;
                at += 1;
            }
            b'>' if !subset => return Doctype::Whole(at + 1),
            b'<' if bytes[at..].starts_with(b"<!ENTITY") => return Doctype::Entity(at),
            b'<' if bytes[at..].starts_with(b"<!--") => match memchr::memmem::find(&bytes[at + 4..], b"-->") {
                Some(length) => at += 4 + length + 3,
                None => return Doctype::Part,
            },
            // Too short to tell whether it declares an entity.
            b'<' if bytes.len() - at < 8 => return Doctype::Part,
            b'%' if subset => return Doctype::Entity(at),
            _ => at += 1,
        }
    }
    Doctype::Part
}

/// Puts the five entities of XML and character references in place.
fn decoded(text: &[u8], at: u64) -> Result<Vec<u8>, Problem> {
    let Some(first) = memchr::memchr(b'&', text) else { return Ok(text.to_vec()) };
    let mut out = text[..first].to_vec();
    let mut place = first;
    while place < text.len() {
        let rest = &text[place..];
        if rest[0] != b'&' {
            let length = memchr::memchr(b'&', rest).unwrap_or(rest.len());
            out.extend_from_slice(&rest[..length]);
            place += length;
            continue;
        }
        let end = memchr::memchr(b';', &rest[..rest.len().min(32)]);
        let replaced = end.and_then(|end| entity(&rest[1..end]));
        let (Some(end), Some(letter)) = (end, replaced) else {
            let name = &rest[..end.map_or(rest.len().min(12), |end| end + 1)];
            let message = format!("the entity {} is none of XML's five", shown(name));
            return Err(Problem::new("entity-not-allowed", at + place as u64, message));
        };
        out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        place += end + 1;
    }
    Ok(out)
}

fn entity(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        _ => {
            let digits = std::str::from_utf8(name.strip_prefix(b"#")?).ok()?;
            let value = match digits.strip_prefix('x') {
                Some(digits) if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                    u32::from_str_radix(digits, 16).ok()?
                }
                None if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse().ok()?,
                _ => return None,
            };
            // A NUL is no character of XML.
            char::from_u32(value).filter(|letter| *letter != '\0')
        }
    }
}
