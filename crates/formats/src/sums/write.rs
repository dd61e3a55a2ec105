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
    // Few names need it, and the others are copied in one piece.
    let escaped = end == End::Line && needs_escape(name);
    let put: fn(&mut Vec<u8>, &[u8]) = if escaped { write_name } else { Vec::extend_from_slice };
    if escaped {
        out.push(b'\\');
    }
    if form == Form::Tagged {
        out.extend_from_slice(b"SHA256 (");
        put(out, name);
        out.extend_from_slice(b") = ");
        out.extend_from_slice(&digits(digest));
    } else {
        out.extend_from_slice(&digits(digest));
        out.extend_from_slice(match form {
            Form::Binary => b" *",
            Form::OneSpace => b" ",
            Form::Text | Form::Tagged => b"  ",
        });
        put(out, name);
    }
    out.push(if end == End::Line { b'\n' } else { 0 });
}

/// Writes a name with its line breaks and backslashes escaped; a line that holds such a name starts with a backslash.
pub fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    for &byte in name {
        match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
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
    digits(digest).map(char::from).iter().collect()
}

/// Eight digits at a time, each half of a byte in a byte of its own: a list of many small files is mostly digits.
fn digits(digest: &Digest) -> [u8; 64] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut digits = [0; 64];
    for (eight, four) in digits.as_chunks_mut::<8>().0.iter_mut().zip(digest.as_chunks::<4>().0) {
        let mut halves = u64::from(u32::from_be_bytes(*four));
        halves = (halves | halves << 16) & 0x0000_ffff_0000_ffff;
        halves = (halves | halves << 8) & 0x00ff_00ff_00ff_00ff;
        halves = (halves | halves << 4) & (EACH * 0x0f);
        // 1 in each byte that is a letter; no byte runs over into the next.
        let letters = (halves + EACH * 6) >> 4 & EACH;
        let zero = u64::from(b'0');
        *eight = (halves + EACH * zero + letters * (u64::from(b'a') - zero - 10)).to_be_bytes();
    }
    digits
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
