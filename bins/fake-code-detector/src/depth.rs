//! How deep a text nests: the parser and all that walks its tree recur, so what is too deep for the stack is refused before.
//!
//! Measured on oxc 0.146 in release builds: a pair of brackets takes 3.2 KB of stack a level, operators and arrows 1.6 KB.
//! Strings and comments are not told apart, so a text can be refused that would not nest; the bounds are far from what people write.

/// Stack of a thread that reads files, in bytes: mapped, and used only as far as it is needed.
pub(crate) const STACK: usize = 512 << 20;
/// The deepest brackets.
const BRACKETS: u32 = 5_000;
/// The longest run of tokens without a separator: `a => b => c …`, `! ! ! …`, `a ? b : c ? …`.
const RUN: u32 = 20_000;

/// Bytes whose brackets are counted together.
const PART: usize = 16 * LANE;
/// Bytes that are counted in one byte: whole vectors, and less than 256.
const LANE: usize = 240;

/// Says why a text is too deep to be read.
pub(crate) fn too_deep(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if is_shallow(bytes) && is_short(bytes) {
        return None;
    }
    count(bytes)
}

/// Whether brackets cannot nest too deep: all that a part of the text opens is added to what could be open before it. Parts are counted
/// with the processor's vectors.
fn is_shallow(bytes: &[u8]) -> bool {
    // A bit tells `[` from `{`, and `]` from `}`.
    let opens = |byte: u8| (byte == b'(') | (byte | 0x20 == b'{');
    let closes = |byte: u8| (byte == b')') | (byte | 0x20 == b'}');
    // Most texts have fewer brackets than may nest.
    if bytes.chunks(LANE).map(|lane| count_of(lane, opens)).sum::<u32>() <= BRACKETS {
        return true;
    }
    let mut open = 0u32;
    bytes.chunks(PART).all(|part| {
        let (mut opened, mut closed) = (0u32, 0u32);
        for lane in part.chunks(LANE) {
            opened += count_of(lane, opens);
            closed += count_of(lane, closes);
        }
        let deepest = open + opened;
        // What is closed before it is opened closes nothing.
        open = deepest.saturating_sub(closed).max(opened);
        deepest <= BRACKETS
    })
}

/// How many of less than 256 bytes are such.
fn count_of(lane: &[u8], is: impl Fn(u8) -> bool) -> u32 {
    u32::from(lane.iter().fold(0u8, |all, byte| all + u8::from(is(*byte))))
}

/// Whether no run of tokens can be too long: there is a comma in every part of the text that is short enough, with what each `else` adds.
fn is_short(bytes: &[u8]) -> bool {
    let branches = memchr::memmem::find_iter(bytes, b"else").count();
    let Some(longest) = (RUN as usize).checked_sub(branches + 1) else { return false };
    let mut rest = bytes;
    while rest.len() > longest {
        let Some(comma) = memchr::memrchr(b',', &rest[..longest]) else { return false };
        rest = &rest[comma + 1..];
    }
    true
}

/// Counts every token, and says what is too much.
fn count(bytes: &[u8]) -> Option<String> {
    let (mut brackets, mut run, mut branches, mut in_word) = (0u32, 0u32, 0u32, false);
    for (at, &byte) in bytes.iter().enumerate() {
        let class = CLASSES[usize::from(byte)];
        match class {
            Class::Word => run += u32::from(!in_word),
            Class::Blank => {}
            Class::Other => run += 1,
            Class::Comma => run = 0,
            Class::Open => {
                run += 1;
                brackets += 1;
            }
            Class::Close => {
                run += 1;
                brackets = brackets.saturating_sub(1);
            }
            Class::End => {
                brackets = brackets.saturating_sub(u32::from(byte == b'}'));
                match after(bytes, at) {
                    After::Statement => (run, branches) = (0, 0),
                    After::Else => {
                        branches += 1;
                        run = branches;
                    }
                    After::Header => run += 1,
                }
            }
        }
        in_word = class == Class::Word;
        if brackets > BRACKETS {
            return Some(format!("it nests more than {BRACKETS} deep"));
        }
        if run > RUN {
            return Some(format!("it has more than {RUN} tokens in a row without a separator"));
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Open,
    Close,
    Comma,
    /// `;` and `}`.
    End,
    Other,
}

const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut all = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Word,
            b' ' | b'\n' | b'\r' | b'\t' => Class::Blank,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' => Class::Close,
            b',' => Class::Comma,
            b';' | b'}' => Class::End,
            _ => Class::Other,
        };
        byte += 1;
    }
    all
}

/// What stands behind a `;` or `}`.
enum After {
    /// Anything: the statement has ended.
    Statement,
    /// `else`: the next branch is a level deeper.
    Else,
    /// The rest of `for (;;)`.
    Header,
}

fn after(bytes: &[u8], at: usize) -> After {
    let rest = &bytes[at + 1..bytes.len().min(at + 64)];
    let next = rest.trim_ascii_start();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    match next.first() {
        _ if next.starts_with(b"else") => After::Else,
        Some(b';' | b')') => After::Header,
        _ if matches!(before, Some(b';' | b'(')) => After::Header,
        _ => After::Statement,
    }
}

#[cfg(test)]
mod tests {
    use super::{count, too_deep};
    use proptest::prelude::*;

    #[test]
    fn code_that_people_write_is_not_too_deep() {
        let data = format!("x = [{}]", "{a: [1, 2], b: \"(((((\"},\n".repeat(900));
        let branches = "if (a) { b() } else if (c) { d() }\n".repeat(50_000);
        for text in [data, branches, "for (;;) { x }\n".repeat(100_000), "// ((( text, text\n".repeat(1_000)] {
            assert_eq!(too_deep(&text), None);
        }
    }

    #[test]
    fn what_would_overflow_the_stack_is() {
        for part in ["(", "[", "`${", "x={a:", "!", "a=>", "a?b:", "a:", "new ", "for(;;)", "if(a);else "] {
            assert!(too_deep(&part.repeat(30_000)).is_some(), "{part}");
        }
    }

    #[test]
    fn a_quick_look_lets_nothing_pass_that_is_counted_as_too_deep() {
        let parts = ["(", ")", "{}", "a ", ",", ";", "else ", "} else {", "[", "!"];
        for first in parts {
            for second in parts {
                for times in [1, 4_900, 5_100, 19_000, 21_000] {
                    let text = format!("{}{}", first.repeat(times), second.repeat(6_000));
                    let text = format!("{text}{}", [first, second].concat().repeat(times));
                    assert_eq!(too_deep(&text), count(text.as_bytes()), "{first} {second} {times}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn both_looks_say_the_same(
            parts in prop::collection::vec((prop::sample::select(vec!["(", ")", "[x]", "}", "a ", ",", ";", "else ", "!"]), 0..4_000usize), 0..14),
        ) {
            let text: String = parts.iter().map(|(part, times)| part.repeat(*times)).collect();
            prop_assert_eq!(too_deep(&text), count(text.as_bytes()));
        }
    }
}
