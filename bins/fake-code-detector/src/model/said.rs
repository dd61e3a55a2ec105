//! Words without which some rules have nothing to look for: all of them are searched for at once, with the processor's vectors.
use std::sync::LazyLock;

use aho_corasick::Span;
use aho_corasick::packed::{Config, Searcher};

/// What a text may speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The environment that it runs in.
    Environment,
    /// Numbers without an end, or that are none.
    Endless,
    /// A remainder, written with spaces.
    Remainder,
    /// The clock.
    Clock,
    /// Transactions that are rolled back.
    Rollback,
    /// A multiple of a length, written with spaces.
    Multiple,
}

/// Each word and what speaks by it. None is the beginning of another one.
const WORDS: [(&str, Topic); 19] = [
    ("env", Topic::Environment),
    ("isTest", Topic::Environment),
    ("IS_TEST", Topic::Environment),
    ("inTest", Topic::Environment),
    ("isCI", Topic::Environment),
    ("vitest", Topic::Environment),
    ("isE2E", Topic::Environment),
    ("jest", Topic::Environment),
    ("__TEST__", Topic::Environment),
    ("Infinity", Topic::Endless),
    ("INFINITY", Topic::Endless),
    ("NaN", Topic::Endless),
    (" % ", Topic::Remainder),
    (".now()", Topic::Clock),
    ("new Date()", Topic::Clock),
    ("ollback", Topic::Rollback),
    ("OLLBACK", Topic::Rollback),
    ("abortTransaction", Topic::Rollback),
    (".length *", Topic::Multiple),
];

/// Nothing where the processor has no such vectors: then each word is searched for by itself.
static SEARCHER: LazyLock<Option<Searcher>> =
    LazyLock::new(|| Config::new().builder().extend(WORDS.map(|(word, _)| word)).build());

/// What a text speaks of, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Said(u8);

impl Said {
    /// Of a text.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let Some(searcher) = &*SEARCHER else { return Self::slowly(text) };
        let (mut said, mut start) = (Self::default(), 0);
        // From one byte behind each find: words may overlap.
        while let Some(found) = searcher.find_in(bytes, Span::from(start..bytes.len())) {
            said.add(WORDS[found.pattern().as_usize()].1);
            start = found.start() + 1;
        }
        said
    }

    fn slowly(text: &str) -> Self {
        let mut said = Self::default();
        WORDS.iter().filter(|(word, _)| text.contains(word)).for_each(|(_, topic)| said.add(*topic));
        said
    }

    fn add(&mut self, topic: Topic) {
        self.0 |= 1 << topic as u8;
    }

    /// Whether it speaks of something.
    pub(crate) fn has(self, topic: Topic) -> bool {
        self.0 >> topic as u8 & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, WORDS};
    use proptest::prelude::*;

    fn check(text: &str) {
        assert_eq!(Said::of(text), Said::slowly(text), "{text:?}");
    }

    #[test]
    fn each_word_is_found_and_none_begins_another() {
        for (word, topic) in WORDS {
            assert!(Said::of(&format!("{} {word}{}", "x".repeat(100), "y".repeat(100))).has(topic), "{word}");
            assert!(!Said::of(&word[1..]).has(topic), "{word}");
            let first = |other: &&(&str, _)| other.0.starts_with(word);
            assert_eq!(WORDS.iter().filter(first).count(), 1, "{word}");
        }
        check("");
        check("isCINFINITY");
        check("abortTransactionew Date()");
    }

    proptest! {
        #[test]
        fn words_are_found_where_a_plain_search_finds_them(
            parts in prop::collection::vec((0..WORDS.len(), 0..20usize, "[a-zA-Z .]{0,9}"), 0..20),
        ) {
            let text: String = parts.iter().map(|(word, end, more)| {
                let word = WORDS[*word].0;
                format!("{}{more}", &word[..word.len().min(*end)])
            }).collect();
            check(&text);
        }
    }
}
