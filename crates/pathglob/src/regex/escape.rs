//! What a backslash means outside of a class, with the leniencies of ECMAScript's Annex B.

use super::parse::Cursor;
use crate::charset::CharSet;

/// What a backslash and the text behind it stand for.
pub(super) enum Escape {
    Character(u32),
    Set(CharSet),
    WordBoundary { negative: bool },
    BackReference,
}

/// Reads what follows a backslash in a text with that many capturing groups; `None` is a syntax error.
pub(super) fn escape(cursor: &mut Cursor, captures: u32) -> Option<Escape> {
    match cursor.peek()? {
        'b' | 'B' => {
            let negative = cursor.next() == Some('B');
            Some(Escape::WordBoundary { negative })
        }
        '1'..='9' => {
            let start = cursor.at;
            if decimal(cursor) <= captures {
                return Some(Escape::BackReference);
            }
            cursor.at = start;
            Some(Escape::Character(character(cursor)?))
        }
        _ => shared(cursor),
    }
}

/// The escapes that mean the same inside of a class.
pub(super) fn shared(cursor: &mut Cursor) -> Option<Escape> {
    let set = match cursor.peek()? {
        'd' => CharSet::digits(),
        'D' => CharSet::digits().complement(),
        'w' => CharSet::word(),
        'W' => CharSet::word().complement(),
        's' => CharSet::space(),
        'S' => CharSet::space().complement(),
        _ => return Some(Escape::Character(character(cursor)?)),
    };
    cursor.at += 1;
    Some(Escape::Set(set))
}

/// An escape that stands for one character.
fn character(cursor: &mut Cursor) -> Option<u32> {
    let start = cursor.at;
    let first = cursor.next()?;
    let value = match first {
        't' => 0x09,
        'n' => 0x0a,
        'v' => 0x0b,
        'f' => 0x0c,
        'r' => 0x0d,
        'x' => hexadecimal(cursor, 2).unwrap_or('x' as u32),
        'u' => hexadecimal(cursor, 4).unwrap_or('u' as u32),
        '0'..='7' => {
            cursor.at = start;
            octal(cursor)
        }
        'c' => match cursor.peek() {
            Some(letter) if letter.is_ascii_alphabetic() => {
                cursor.at += 1;
                letter as u32 % 32
            }
            _ => {
                // The backslash stands for itself, and the `c` is read again as a character.
                cursor.at = start;
                '\\' as u32
            }
        },
        other => other as u32,
    };
    Some(value)
}

fn decimal(cursor: &mut Cursor) -> u32 {
    let mut value = 0u32;
    while let Some(digit) = cursor.peek().and_then(|c| c.to_digit(10)) {
        cursor.at += 1;
        value = value.saturating_mul(10).saturating_add(digit);
    }
    value
}

/// Up to three octal digits, as long as the value stays below 256.
fn octal(cursor: &mut Cursor) -> u32 {
    let mut value = 0;
    for _ in 0..3 {
        match cursor.peek().and_then(|c| c.to_digit(8)) {
            Some(digit) if value * 8 + digit < 256 => value = value * 8 + digit,
            _ => break,
        }
        cursor.at += 1;
    }
    value
}

fn hexadecimal(cursor: &mut Cursor, digits: usize) -> Option<u32> {
    let text = cursor.text.get(cursor.at..cursor.at + digits)?;
    let value = text.iter().try_fold(0, |value, c| Some(value * 16 + c.to_digit(16)?))?;
    cursor.at += digits;
    Some(value)
}
