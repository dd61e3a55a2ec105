//! The words of names, and what they promise; kept with the names, since the same few come again and again.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::lexicon::{self, Lexicon};

/// Places for names whose words are kept, on each thread: the same few hundred come again and again. A power of two.
const KEPT: usize = 8192;
/// The longest name that is kept, in bytes.
const LONGEST: usize = 64;

thread_local! {
    static WORDS: RefCell<Vec<Option<Words>>> = const { RefCell::new(Vec::new()) };
}

/// The words of a name.
#[derive(Debug, Clone)]
pub(crate) struct Words(Rc<Known>);

/// A name and what is known of it.
#[derive(Debug)]
struct Known {
    /// What tells short names apart.
    key: Key,
    /// The whole of it, where the key does not say that.
    name: Box<str>,
    words: Box<[String]>,
    /// Which lists of verbs have its verb, as bits; [`UNASKED`] where nobody asked yet.
    verbs: Cell<u8>,
}

/// No list of verbs has this bit.
const UNASKED: u8 = 1 << 7;

impl Words {
    fn new(key: Key, name: &str) -> Self {
        let long: &str = if name.len() <= 16 { "" } else { name };
        Self(Rc::new(Known { key, name: long.into(), words: split(name).into(), verbs: Cell::new(UNASKED) }))
    }

    fn is(&self, key: Key, name: &str) -> bool {
        self.0.key == key && (name.len() <= 16 || *self.0.name == *name)
    }

    /// Whether the first word, or the verb, is in the lexicon.
    pub(crate) fn verb_in(&self, lexicon: &Lexicon) -> bool {
        if let Some(bit) = VERBS.iter().position(|list| std::ptr::eq(*list, lexicon)) {
            return self.verbs() >> bit & 1 != 0;
        }
        let has = |at: usize| self.get(at).is_some_and(|word| lexicon.has(word));
        has(0) || has(verb_at(self))
    }

    /// Which of the [`VERBS`] have the first word, or the verb.
    fn verbs(&self) -> u8 {
        let known = self.0.verbs.get();
        if known != UNASKED {
            return known;
        }
        let has = |list: &Lexicon, at: usize| self.get(at).is_some_and(|word| list.has(word));
        let bits = VERBS.iter().enumerate().map(|(bit, list)| (1 << bit, has(list, 0) || has(list, verb_at(self))));
        let found = bits.filter(|(_, has)| *has).fold(0, |all, (bit, _)| all | bit);
        self.0.verbs.set(found);
        found
    }
}

impl std::ops::Deref for Words {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0.words
    }
}

impl IntoIterator for Words {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        Vec::from(&*self.0.words).into_iter()
    }
}

impl<'w> IntoIterator for &'w Words {
    type Item = &'w String;
    type IntoIter = std::slice::Iter<'w, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.words.iter()
    }
}

/// The words of a name, in lower case: `sendEmail_v2` is `send`, `email`, `v2`; `HTTPServer` is `http`, `server`.
pub(crate) fn words(name: &str) -> Words {
    let key = Key::of(name);
    if name.len() > LONGEST {
        return Words::new(key, name);
    }
    // Two names can have the same place: the older one has the one beside it.
    let at = key.place();
    WORDS.with_borrow_mut(|kept| match (kept.get(at), kept.get(at ^ 1)) {
        (Some(Some(words)), _) | (_, Some(Some(words))) if words.is(key, name) => words.clone(),
        _ => keep(kept, at, Words::new(key, name)),
    })
}

#[cold]
fn keep(kept: &mut Vec<Option<Words>>, at: usize, found: Words) -> Words {
    if kept.is_empty() {
        kept.resize(KEPT, None);
    }
    kept[at ^ 1] = kept[at].take();
    kept[at] = Some(found.clone());
    found
}

/// Length, start and end of a name: all of it, up to 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key(usize, u64, u64);

impl Key {
    fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            return Self(bytes.len(), u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        }
        let start = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
            }
            _ => bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        };
        Self(bytes.len(), start, 0)
    }

    /// Where the words of the name are kept.
    fn place(self) -> usize {
        let hash = (self.1.rotate_left(20) ^ self.2 ^ self.0 as u64).wrapping_mul(0x517c_c1b7_2722_0a95);
        (hash >> 40) as usize % KEPT
    }
}

fn split(name: &str) -> Vec<String> {
    Parts { name, next: 0 }.collect()
}

/// The words of a name, one after the other.
struct Parts<'n> {
    name: &'n str,
    /// Where the next one begins.
    next: usize,
}

impl Iterator for Parts<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let bytes = self.name.as_bytes();
        let mut start = self.next;
        while let Some(&first) = bytes.get(start) {
            if is_apart(first) {
                start += 1;
                continue;
            }
            let mut end = start + 1;
            while bytes.get(end).is_some_and(|byte| !is_apart(*byte) && !begins(bytes, end)) {
                end += 1;
            }
            self.next = end;
            return Some(lowered(self.name, start..end));
        }
        self.next = start;
        None
    }
}

/// Whether a byte stands between words.
fn is_apart(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'$' | b'#' | b' ' | b'.' | b'/' | b':')
}

/// Whether a word begins at a byte that is not the first: `M` of `sendMail`, `S` of `HTTPServer`.
fn begins(bytes: &[u8], at: usize) -> bool {
    let before = bytes[at - 1];
    bytes[at].is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || before.is_ascii_digit()
            || before.is_ascii_uppercase() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
}

fn lowered(name: &str, part: std::ops::Range<usize>) -> String {
    match name.get(part.clone()).filter(|part| part.is_ascii()) {
        Some(part) => part.to_ascii_lowercase(),
        // In no list: only to be the same each time.
        None => name.as_bytes()[part].iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect(),
    }
}

/// The first letter of the first word of a name, in lower case: what rules out most names without a look at their words.
pub(crate) fn first_letter(name: &str) -> Option<u8> {
    name.bytes().find(|byte| !is_apart(*byte)).map(|byte| byte.to_ascii_lowercase())
}

/// Whether one of the words of a name is in the lexicon; plurals count as the singular.
pub(crate) fn has_word(name: &str, lexicon: &Lexicon) -> bool {
    words(name).iter().any(|word| lexicon.has(word) || word.strip_suffix('s').is_some_and(|one| lexicon.has(one)))
}

/// The verb of a name, in lower case: `send` of `sendEmail`, of `_sendEmail`, of `handleSendEmail` and of `onSend`; `email` of `email`.
pub(crate) fn verb(name: &str) -> Verb {
    let words = words(name);
    Verb { at: verb_at(&words), words }
}

/// The verb of a name; empty where it has no word.
#[derive(Debug, Clone)]
pub(crate) struct Verb {
    words: Words,
    at: usize,
}

impl Verb {
    /// All words of the name.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    pub(crate) fn as_str(&self) -> &str {
        self.words.get(self.at).map_or("", String::as_str)
    }
}

impl std::ops::Deref for Verb {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl std::fmt::Display for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Verb {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl PartialEq<str> for Verb {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Verb {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

/// Which word is the verb: the second, where the first only leads to it.
fn verb_at(words: &[String]) -> usize {
    let lead = |word: &str| {
        matches!(
            word,
            "handle"
                | "on"
                | "do"
                | "async"
                | "try"
                | "maybe"
                | "safe"
                | "perform"
                | "run"
                | "execute"
                | "internal"
                | "process"
                | "auto"
                | "re"
                | "bulk"
                | "batch"
        )
    };
    usize::from(words.len() > 1 && words.first().is_some_and(|first| lead(first)))
}

/// Lists of verbs that most names are looked up in, so that the answer is kept with the name.
static VERBS: [&Lexicon; 4] =
    [&lexicon::EFFECT_VERBS, &lexicon::QUERY_VERBS, &lexicon::COMPUTE_VERBS, &lexicon::CHECK_VERBS];

/// Whether the verb of a name, or its first word, is in the lexicon.
pub(crate) fn verb_in(name: &str, lexicon: &Lexicon) -> bool {
    words(name).verb_in(lexicon)
}

/// The words of a piece of code, in lower case: `given.secretKey === "x"` is `given`, `secret`, `key`, `x`.
pub(crate) fn text_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|sign: char| !sign.is_ascii_alphanumeric()).flat_map(|name| Parts { name, next: 0 })
}

#[cfg(test)]
mod tests {
    use super::{VERBS, split, verb, verb_at, verb_in, words};
    use proptest::prelude::*;

    fn check(name: &str) {
        let plain = split(name);
        // Twice: when it is new, and when it is kept.
        for _ in 0..2 {
            assert_eq!(*words(name), *plain, "{name:?}");
            assert_eq!(verb(name).as_str(), plain.get(verb_at(&plain)).map_or("", String::as_str), "{name:?}");
            for list in VERBS {
                let has = |at: usize| plain.get(at).is_some_and(|word| list.has(word));
                assert_eq!(verb_in(name, list), has(0) || has(verb_at(&plain)), "{name:?}");
            }
        }
    }

    #[test]
    fn names_of_all_lengths_are_told_apart() {
        for name in
            ["", "a", "b", "ab", "ba", "abc", "sent", "tens", "send", "sendMail", "handleSendMail", "getX", "verifyIt"]
        {
            check(name);
        }
        // Which differ in one place only.
        for length in 0..100 {
            for at in 0..length {
                let mut name = vec![b'a'; length];
                name[at] = b'Z';
                check(std::str::from_utf8(&name).unwrap());
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_is_made(names in prop::collection::vec("[a-zA-Z_]{0,12}|[a-cA-C]{3,40}|[^a-z]{0,5}", 0..40)) {
            names.iter().chain(&names).for_each(|name| check(name));
        }
    }
}
