//! Lists of words, one file each: data that decides what a name promises and what it excuses.
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// A set of lower-case words.
pub(crate) struct Lexicon(LazyLock<Words>);

/// The words, and what most words that are asked for and are in no list show without a hash.
struct Words {
    all: FxHashSet<&'static str>,
    shapes: Shapes,
}

impl Lexicon {
    /// Whether the word is in it, as it is written.
    pub(crate) fn has(&self, word: &str) -> bool {
        let words = &*self.0;
        words.shapes.may_have(word) && words.all.contains(word)
    }
}

/// By the low bits of the first byte, which are the same in upper and lower case, the lengths that words with it have, as bits.
pub(crate) struct Shapes([u32; FIRSTS]);

/// How many first bytes are told apart.
const FIRSTS: usize = 32;

impl Shapes {
    pub(crate) const NONE: Self = Self([0; FIRSTS]);

    /// Adds a word; the empty one has no shape.
    pub(crate) const fn add(&mut self, word: &str) {
        if let [first, ..] = word.as_bytes() {
            self.0[*first as usize % FIRSTS] |= length_bit(word);
        }
    }

    /// Whether a word could be one of those that were added.
    pub(crate) fn may_have(&self, word: &str) -> bool {
        word.as_bytes().first().is_some_and(|first| self.0[usize::from(*first) % FIRSTS] & length_bit(word) != 0)
    }
}

/// Words one a line or apart by spaces; `#` starts a comment.
fn read(text: &'static str) -> Words {
    let words = text.lines().map(|line| line.split('#').next().unwrap_or("")).flat_map(str::split_whitespace);
    let all: FxHashSet<&str> = words.collect();
    let mut shapes = Shapes::NONE;
    all.iter().for_each(|word| shapes.add(word));
    Words { all, shapes }
}

/// All lengths from 31 bytes on share a bit.
const fn length_bit(word: &str) -> u32 {
    1 << if word.len() < 31 { word.len() } else { 31 }
}

/// The most names of a list.
const MOST: usize = 128;
/// The end of a chain.
const NONE: u8 = u8::MAX;

/// A short list of names that stands in the code; what is not in it is nearly always known without a comparison, as in a [`Lexicon`].
pub(crate) struct Names {
    list: &'static [&'static str],
    shapes: Shapes,
    /// By the first byte the first name with it, and of each name the next one with the same.
    heads: [u8; FIRSTS],
    next: [u8; MOST],
}

impl Names {
    pub(crate) const fn new(list: &'static [&'static str]) -> Self {
        assert!(list.len() <= MOST, "these are too many names");
        let mut made = Self { list, shapes: Shapes::NONE, heads: [NONE; FIRSTS], next: [NONE; MOST] };
        let mut index = 0;
        while index < list.len() {
            if let [first, ..] = list[index].as_bytes() {
                made.shapes.add(list[index]);
                made.next[index] = made.heads[*first as usize % FIRSTS];
                made.heads[*first as usize % FIRSTS] = index as u8;
            }
            index += 1;
        }
        made
    }

    /// Whether the name is in it, as it is written.
    pub(crate) fn has(&self, name: &str) -> bool {
        let Some(first) = name.as_bytes().first() else { return self.list.contains(&"") };
        self.shapes.may_have(name) && self.is_behind(self.heads[usize::from(*first) % FIRSTS], name)
    }

    fn is_behind(&self, first: u8, name: &str) -> bool {
        let mut at = first;
        while let Some(known) = self.list.get(usize::from(at)) {
            if *known == name {
                return true;
            }
            at = self.next[usize::from(at)];
        }
        false
    }
}

/// Calls that only wrap a function: `useCallback`, `asyncHandler`.
pub(crate) static WRAPPERS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/wrappers.txt"))));
/// Names of logs and of what they do.
pub(crate) static LOGGERS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/loggers.txt"))));
/// Methods of logs.
pub(crate) static LOG_METHODS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/log_methods.txt"))));
/// Functions of the language that only compute.
pub(crate) static PURE_GLOBALS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/pure_globals.txt"))));
/// Methods of strings, numbers, arrays, maps, dates and promises that only compute.
pub(crate) static PURE_METHODS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/pure_methods.txt"))));
/// Methods that change the value that they are called on.
pub(crate) static MUTATORS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/mutators.txt"))));
/// Functions that let time pass and do nothing else.
pub(crate) static TIMERS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/timers.txt"))));
/// Verbs that promise to change the world.
pub(crate) static EFFECT_VERBS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/effect_verbs.txt"))));
/// Verbs that promise to bring data from elsewhere.
pub(crate) static QUERY_VERBS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/query_verbs.txt"))));
/// Verbs that promise to compute something of the input.
pub(crate) static COMPUTE_VERBS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/compute_verbs.txt"))));
/// Verbs that promise a yes or a no.
pub(crate) static CHECK_VERBS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/check_verbs.txt"))));
/// Nouns of measured values.
pub(crate) static METRIC_NOUNS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/metric_nouns.txt"))));
/// Words that make randomness honest: ids, jitter, samples, decoration.
pub(crate) static RANDOM_SINKS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/random_sinks.txt"))));
/// Keys and values that say that something went well.
pub(crate) static SUCCESS_WORDS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/success_words.txt"))));
/// Words of values that are configuration and no answer: defaults, options, labels.
pub(crate) static CONFIG_WORDS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/config_words.txt"))));
/// Words of functions, classes and files whose business is chance.
pub(crate) static RANDOM_CONTEXTS: Lexicon =
    Lexicon(LazyLock::new(|| read(include_str!("lexicon/random_contexts.txt"))));
/// Keys of rows that are about people, things and events of the real world.
pub(crate) static ENTITY_NOUNS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/entity_nouns.txt"))));
/// Roots of calls that only tell: toasts, spinners, traces, counters.
pub(crate) static TELLERS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/tellers.txt"))));
/// Verbs of calls that look at something and leave it as it is.
pub(crate) static READ_VERBS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/read_verbs.txt"))));
/// Modules whose functions only compute.
pub(crate) static PURE_MODULES: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/pure_modules.txt"))));
/// Nouns of collaborators that are handed in to do the work.
pub(crate) static COLLABORATORS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/collaborators.txt"))));
/// Keys of an answer that say yes or no about what was checked.
pub(crate) static VERDICT_WORDS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/verdict_words.txt"))));
/// What a check must be able to find.
pub(crate) static DANGER_WORDS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/danger_words.txt"))));
/// Names of what only the right person knows.
pub(crate) static CREDENTIAL_WORDS: Lexicon =
    Lexicon(LazyLock::new(|| read(include_str!("lexicon/credential_words.txt"))));
/// Names of who is asking.
pub(crate) static IDENTITY_WORDS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/identity_words.txt"))));
/// Methods of the `t` of a test that assert nothing.
pub(crate) static CONTEXT_TOOLS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/context_tools.txt"))));
/// Assertions of tap, as functions taken out of its context.
pub(crate) static TAP_ASSERTIONS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/tap_assertions.txt"))));
/// Words in the name of a helper that promise that it asserts.
pub(crate) static CHECKING_WORDS: Lexicon = Lexicon(LazyLock::new(|| read(include_str!("lexicon/checking_words.txt"))));

#[cfg(test)]
mod tests {
    use super::{EFFECT_VERBS, Names};

    #[test]
    fn a_list_has_what_stands_in_it_and_nothing_else() {
        const LIST: &[&str] = &["", "send", "sent", "a_name_of_more_than_thirty_one_bytes"];
        static NAMES: Names = Names::new(LIST);
        for name in ["", "s", "send", "sens", "sent", "sending", "é", "a_name_of_more_than_thirty_one_bytes!"] {
            assert_eq!(NAMES.has(name), LIST.contains(&name), "{name}");
        }
        assert!(LIST.iter().all(|name| NAMES.has(name)));
        assert!(EFFECT_VERBS.has("send") && !EFFECT_VERBS.has("sen") && !EFFECT_VERBS.has(""));
    }
}
