//! A byte scanner for XML reports: tags one by one, in linear time and a bounded window. It fetches and expands nothing.
mod entity;
mod tag;

use std::io::Read;

use super::number::shown;
use super::{Problem, input::Input};
use entity::{Doctype, decoded, doctype};
pub(super) use tag::Tag;
use tag::{Attribute, Shape, shape};

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

/// An element of two values, as [`Scanner::pair`] finds it: where it begins, and each value with its own place.
pub(super) struct Pair<'a> {
    pub(super) at: u64,
    pub(super) first: (&'a [u8], u64),
    pub(super) second: (&'a [u8], u64),
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
            if !self.find_tag()? {
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

    /// Moves the window to the next tag; false at the end. Reports have no text but in `<source>`: anything else here was
    /// meant to be a tag, and a line is never passed over in silence.
    #[inline]
    fn find_tag(&mut self) -> Result<bool, Problem> {
        loop {
            let window = self.input.window();
            let blank = window.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let next = window.get(blank).copied();
            self.input.consume(blank);
            match next {
                Some(b'<') => return Ok(true),
                Some(_) => return Err(Problem::new("bad-report", self.input.at(), "text where a tag is due")),
                None if self.input.more()? => {}
                None => return Ok(false),
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
