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

/// Says why a text is too deep to be read.
pub(crate) fn too_deep(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    // Most files are too short for either.
    let short = bytes.len() <= RUN as usize;
    if short && memchr::memchr3_iter(b'(', b'[', b'{', bytes).nth(BRACKETS as usize).is_none() {
        return None;
    }
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
    use super::too_deep;

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
}
