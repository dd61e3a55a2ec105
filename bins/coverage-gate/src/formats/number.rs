//! The numbers of reports: line numbers and execution counts, as odd as real tools write them.
use super::{Builder, Problem};
use crate::lines::LAST_LINE;

/// What a count of executions says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hits {
    /// Never.
    Zero,
    /// At least once.
    Some,
    /// Less than never, which gcc writes where a counter overflowed or raced: not covered.
    Negative,
}

/// Reads a count: digits of any length, a sign, or scientific notation. `NaN`, hexadecimal, blanks and nothing are refused.
#[inline]
pub(super) fn hits(text: &[u8]) -> Option<Hits> {
    if text.is_empty() {
        return None;
    }
    let mut any = false;
    for byte in text {
        match byte {
            b'0' => {}
            b'1'..=b'9' => any = true,
            _ => return odd_hits(text),
        }
    }
    Some(if any { Hits::Some } else { Hits::Zero })
}

#[cold]
fn odd_hits(text: &[u8]) -> Option<Hits> {
    // What Rust reads as a float and is none of a report's.
    if !text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')) {
        return None;
    }
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    Some(match value {
        // A number too large for a float is infinite and was executed; one too small is zero, the careful answer.
        _ if value < 0.0 => Hits::Negative,
        _ if value > 0.0 => Hits::Some,
        _ => Hits::Zero,
    })
}

/// A count as covered or not, with a note where it is negative.
///
/// # Errors
/// `bad-number`.
#[inline]
pub(super) fn is_hit(builder: &mut Builder, (text, at): (&[u8], u64), what: &str) -> Result<bool, Problem> {
    match hits(text) {
        Some(Hits::Zero) => Ok(false),
        Some(Hits::Some) => Ok(true),
        Some(Hits::Negative) => {
            builder.note("negative-hits", || format!("{what} is {}, taken for not covered", shown(text)));
            Ok(false)
        }
        None => Err(bad(what, text, at)),
    }
}

/// Reads a plain whole number.
#[inline]
pub(super) fn whole(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 19 {
        return None;
    }
    let mut value = 0u64;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u64::from(byte - b'0');
    }
    Some(value)
}

/// Reads a line number.
///
/// # Errors
/// `limit-line` for whatever is no number from 1 to [`LAST_LINE`].
#[inline]
pub(super) fn line(text: &[u8], at: u64) -> Result<u64, Problem> {
    match whole(text) {
        Some(line) if (1..=u64::from(LAST_LINE)).contains(&line) => Ok(line),
        _ => Err(Problem::new("limit-line", at, format!("line {}, and lines go from 1 to {LAST_LINE}", shown(text)))),
    }
}

/// The problem of a number that is none.
#[cold]
pub(super) fn bad(what: &str, text: &[u8], at: u64) -> Problem {
    Problem::new("bad-number", at, format!("{what} is {}, which is no count", shown(text)))
}

/// A stranger's text as a part of a message: short, and on one line.
pub(super) fn shown(text: &[u8]) -> String {
    const LONGEST: usize = 60;
    let cut = &text[..text.len().min(LONGEST)];
    let more = if text.len() > LONGEST { "…" } else { "" };
    format!("`{}`{more}", action::neutral(cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Hits>) {
        assert_eq!(hits(text.as_bytes()), expected, "{text:?}");
    }

    #[test]
    fn counts_are_read_as_real_tools_write_them() {
        for zero in ["0", "000", "0.0", "-0", "0e9", "+0"] {
            check(zero, Some(Hits::Zero));
        }
        for some in ["1", "18446744073709551615", "99999999999999999999999", "1e3", "1.5e9", "1E+3", "1e400"] {
            check(some, Some(Hits::Some));
        }
        check("-3", Some(Hits::Negative));
        for none in
            ["", " ", " 1", "1 ", "NaN", "nan", "inf", "infinity", "0x1", "1e", "e3", "--1", "1_000", "=====", "é"]
        {
            check(none, None);
        }
    }
}
