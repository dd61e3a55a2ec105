//! One start tag, taken apart in one pass over its bytes.
use super::entity::decoded;
use crate::formats::Problem;

/// A start tag.
#[derive(Debug)]
pub(in crate::formats) struct Tag<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) name: usize,
    pub(super) attributes: &'a [Attribute],
    /// Whether it ends itself.
    pub(in crate::formats) empty: bool,
    /// The byte of the report that it begins at.
    pub(in crate::formats) at: u64,
}

/// Where an attribute's name and value are in their tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    name: (u32, u32),
    value: (u32, u32),
}

impl<'a> Tag<'a> {
    /// The element's name.
    #[inline]
    pub(in crate::formats) fn name(&self) -> &'a [u8] {
        &self.bytes[1..self.name]
    }

    /// An attribute's value as it is written, and the byte of the report that it begins at.
    #[inline]
    pub(in crate::formats) fn raw(&self, name: &[u8]) -> Option<(&'a [u8], u64)> {
        let found = self.attributes.iter().find(|attribute| of(self.bytes, attribute.name) == name)?;
        Some((of(self.bytes, found.value), self.at + u64::from(found.value.0)))
    }

    /// An attribute's value with its entities in place; empty where there is none.
    ///
    /// # Errors
    /// `entity-not-allowed`.
    pub(in crate::formats) fn text(&self, name: &[u8]) -> Result<Vec<u8>, Problem> {
        match self.raw(name) {
            Some((value, at)) => decoded(value, at),
            None => Ok(Vec::new()),
        }
    }
}

fn of(bytes: &[u8], (from, to): (u32, u32)) -> &[u8] {
    &bytes[from as usize..to as usize]
}

/// What the window holds.
pub(super) enum Shape {
    Whole(Whole),
    /// The window ends within the tag.
    Part,
    Odd(usize, &'static str),
}

/// A whole tag.
pub(super) struct Whole {
    /// The end of the name.
    pub(super) name: usize,
    pub(super) length: usize,
    pub(super) empty: bool,
}

/// Reads a start tag in one pass over its bytes.
#[inline]
pub(super) fn shape(bytes: &[u8], attributes: &mut Vec<Attribute>) -> Shape {
    attributes.clear();
    let mut at = 1;
    let end_of_name = |mut at: usize| {
        while at < bytes.len()
            && !matches!(bytes[at], b' ' | b'\n' | b'\t' | b'\r' | b'/' | b'>' | b'=' | b'<' | b'"' | b'\'')
        {
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
