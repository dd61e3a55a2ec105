//! Lines of a list, written.
use super::{Digest, Form};

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A line feed; names with line breaks or backslashes are escaped.
    Line,
    /// A NUL byte; nothing is escaped.
    Nul,
}

/// Writes one line at the end of `out`, byte for byte as GNU's `sha256sum` does.
pub fn write(out: &mut Vec<u8>, (name, digest): (&[u8], &Digest), form: Form, end: End) {
    let escaped = end == End::Line && needs_escape(name);
    if escaped {
        out.push(b'\\');
    }
    if form == Form::Tagged {
        out.extend_from_slice(b"SHA256 (");
        write_name(out, name, escaped);
        out.extend_from_slice(b") = ");
        out.extend_from_slice(hex(digest).as_bytes());
    } else {
        out.extend_from_slice(hex(digest).as_bytes());
        out.extend_from_slice(match form {
            Form::Binary => b" *",
            Form::OneSpace => b" ",
            Form::Text | Form::Tagged => b"  ",
        });
        write_name(out, name, escaped);
    }
    out.push(if end == End::Line { b'\n' } else { 0 });
}

fn write_name(out: &mut Vec<u8>, name: &[u8], escaped: bool) {
    for &byte in name {
        match byte {
            b'\n' if escaped => out.extend_from_slice(b"\\n"),
            b'\r' if escaped => out.extend_from_slice(b"\\r"),
            b'\\' if escaped => out.extend_from_slice(b"\\\\"),
            _ => out.push(byte),
        }
    }
}

/// Whether a name cannot stand in a line as it is.
pub fn needs_escape(name: &[u8]) -> bool {
    name.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'\\'))
}

/// The 64 digits of a digest, in lower case.
pub fn hex(digest: &Digest) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    digest.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

/// A digest from exactly 64 hexadecimal digits of either case.
pub fn from_hex(digits: &[u8]) -> Option<Digest> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(digest)
}
