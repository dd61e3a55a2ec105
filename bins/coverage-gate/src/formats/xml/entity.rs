//! What stands for something else: XML's five entities, character references, and document types, which declare more.
use crate::formats::Problem;
use crate::formats::number::shown;

/// How a document type goes on.
pub(super) enum Doctype {
    Whole(usize),
    Part,
    Entity(usize),
}

/// Looks for its end, and for entities in it.
pub(super) fn doctype(bytes: &[u8]) -> Doctype {
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
pub(super) fn decoded(text: &[u8], at: u64) -> Result<Vec<u8>, Problem> {
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
