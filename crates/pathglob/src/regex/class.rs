//! Reads a character class, with the leniencies of ECMAScript's Annex B.

use super::escape::{Escape, shared};
use super::parse::Cursor;
use crate::charset::CharSet;

/// One member of a class, before it is known whether a range follows.
enum Member {
    Character(u32),
    Set(CharSet),
}

/// Reads a class whose `[` has been read; `None` is a syntax error.
pub(super) fn class(cursor: &mut Cursor) -> Option<CharSet> {
    let negated = cursor.eat("^");
    let mut ranges = Vec::new();
    while !cursor.eat("]") {
        let low = member(cursor)?;
        let is_range = cursor.peek() == Some('-') && cursor.text.get(cursor.at + 1) != Some(&']');
        if !is_range {
            add(&mut ranges, low);
            continue;
        }
        cursor.at += 1;
        let high = member(cursor)?;
        match (low, high) {
            (Member::Character(low), Member::Character(high)) if low <= high => ranges.push((low, high)),
            (Member::Character(_), Member::Character(_)) => return None,
            (low, high) => {
                // With a set at either end the hyphen stands for itself.
                ranges.push(('-' as u32, '-' as u32));
                add(&mut ranges, low);
                add(&mut ranges, high);
            }
        }
    }
    let set = CharSet::new(ranges);
    Some(if negated { set.complement() } else { set })
}

fn add(ranges: &mut Vec<(u32, u32)>, member: Member) {
    match member {
        Member::Character(character) => ranges.push((character, character)),
        Member::Set(set) => ranges.extend_from_slice(set.ranges()),
    }
}

fn member(cursor: &mut Cursor) -> Option<Member> {
    let first = cursor.next()?;
    if first != '\\' {
        return Some(Member::Character(first as u32));
    }
    match (cursor.peek()?, cursor.text.get(cursor.at + 1)) {
        ('b', _) => {
            cursor.at += 1;
            Some(Member::Character(0x08))
        }
        ('c', Some(&letter)) if letter.is_ascii_digit() || letter == '_' => {
            cursor.at += 2;
            Some(Member::Character(letter as u32 % 32))
        }
        _ => match shared(cursor)? {
            Escape::Set(set) => Some(Member::Set(set)),
            Escape::Character(character) => Some(Member::Character(character)),
            Escape::WordBoundary { .. } | Escape::BackReference => None,
        },
    }
}
