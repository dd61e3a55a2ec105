//! Lists of phrases that a text is searched for: nothing is built at start, and most bytes of a text are never looked at.
//!
//! A text that holds a phrase of `n` bytes holds three neighbouring bytes of it at one of any `n - 2` places in a row. So only every
//! `n - 2`nd place is looked up, in a table of all such threes that the compiler makes; what is found there is compared. Linear in the
//! text: each place that is looked up costs at most one comparison with each phrase at each step.

/// The largest step.
const WIDEST: usize = 8;
/// The most threes that are looked for, and the lists that they are kept in.
const MOST: usize = 1024;
const LISTS: usize = 512;
/// The end of a list.
const NONE: u16 = u16::MAX;

/// How two texts of one length are compared.
type Same = fn(&[u8], &[u8]) -> bool;

/// Phrases of at least three bytes, in ASCII.
pub(crate) struct Phrases {
    list: &'static [&'static str],
    /// Places that are passed over at once.
    step: usize,
    /// The threes that are looked for, as bits by their hashes; of each byte only the five low bits count, which are the same in upper and
    /// lower case.
    threes: [u32; 1024],
    /// The first entry of each list.
    lists: [u16; LISTS],
    /// Phrase, place of the three in it, and the next entry of the list.
    entries: [(u8, u8, u16); MOST],
}

impl Phrases {
    /// Of at most 255 phrases of at least three bytes.
    pub(crate) const fn new(list: &'static [&'static str]) -> Self {
        let step = step(list);
        let mut made = Self { list, step, threes: [0; 1024], lists: [NONE; LISTS], entries: [(0, 0, NONE); MOST] };
        let (mut index, mut count) = (0, 0);
        while index < list.len() {
            let bytes = list[index].as_bytes();
            let mut at = 0;
            while at < step {
                let three = (bytes[at], bytes[at + 1], bytes[at + 2]);
                let hash = hash(u32::from_le_bytes([three.0, three.1, three.2, 0]));
                made.threes[hash >> 5] |= 1 << (hash & 31);
                made.entries[count] = (index as u8, at as u8, made.lists[list_of(three)]);
                made.lists[list_of(three)] = count as u16;
                count += 1;
                at += 1;
            }
            index += 1;
        }
        made
    }

    /// Whether a text holds one of them as it is written.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.search(text.as_bytes(), <[u8]>::eq)
    }

    /// Whether a text holds one of them, the letters of ASCII in upper or lower case.
    pub(crate) fn are_in_ascii_case(&self, text: &str) -> bool {
        self.search(text.as_bytes(), <[u8]>::eq_ignore_ascii_case)
    }

    /// Whether `text.to_lowercase()` holds one of them, which are in lower case.
    pub(crate) fn are_in_any_case(&self, text: &str) -> bool {
        // The two letters outside of ASCII whose lower case is in it.
        let has = |letter: &str| memchr::memmem::find(text.as_bytes(), letter.as_bytes()).is_some();
        if !text.is_ascii() && (has("\u{212a}") || has("\u{130}")) {
            return self.are_in(&text.to_lowercase());
        }
        self.are_in_ascii_case(text)
    }

    fn search(&self, text: &[u8], same: Same) -> bool {
        let mut at = 0;
        while let Some(four) = text.get(at..).and_then(<[u8]>::first_chunk) {
            if self.may_be(u32::from_le_bytes(*four)) && self.is_around(text, at, same) {
                return true;
            }
            at += self.step;
        }
        // The last place has no fourth byte behind it.
        let last = text.get(at..).and_then(<[u8]>::first_chunk);
        last.is_some_and(|&[first, second, third]| {
            self.may_be(u32::from_le_bytes([first, second, third, 0])) && self.is_around(text, at, same)
        })
    }

    /// Whether one of the threes could be the first three of four bytes.
    fn may_be(&self, four: u32) -> bool {
        let hash = hash(four);
        self.threes[hash >> 5] >> (hash & 31) & 1 != 0
    }

    /// Whether one of the phrases has what stands at a place.
    fn is_around(&self, text: &[u8], at: usize, same: Same) -> bool {
        let mut next = self.lists[list_of((text[at], text[at + 1], text[at + 2]))];
        while let Some(&(phrase, before, behind)) = self.entries.get(usize::from(next)) {
            let phrase = self.list[usize::from(phrase)].as_bytes();
            let start = at.checked_sub(usize::from(before));
            if let Some(found) = start.and_then(|start| text.get(start..start + phrase.len()))
                && is_like(found, phrase)
                && same(found, phrase)
            {
                return true;
            }
            next = behind;
        }
        false
    }
}

/// How far apart the places can be so that no phrase is between two.
const fn step(list: &[&str]) -> usize {
    let (mut step, mut index) = (WIDEST, 0);
    while index < list.len() {
        assert!(list[index].len() >= 3 && list[index].is_ascii(), "a phrase is too short, or not in ASCII");
        if list[index].len() - 2 < step {
            step = list[index].len() - 2;
        }
        index += 1;
    }
    assert!(list.len() < 256 && list.len() * step <= MOST, "these are too many phrases");
    step
}

/// Whether the ends and the middle of two texts of one length could be the same, in whatever case: what most have not.
fn is_like(found: &[u8], phrase: &[u8]) -> bool {
    let differ = |at: usize| (found[at] ^ phrase[at]) & 31;
    differ(0) | differ(phrase.len() - 1) | differ(phrase.len() / 2) == 0
}

/// A number below 2 to the 15th of the first three of four bytes.
const fn hash(four: u32) -> usize {
    ((four & 0x1f_1f1f).wrapping_mul(0x9e37_79b1) >> 17) as usize
}

const fn list_of((first, second, third): (u8, u8, u8)) -> usize {
    ((first & 31) as usize) ^ ((second & 31) as usize) << 2 ^ ((third & 31) as usize) << 4
}

#[cfg(test)]
mod tests {
    use super::Phrases;
    use proptest::prelude::*;

    const LONG: &[&str] = &["coming soon", "stay tuned", "under construction"];
    const SHORT: &[&str] = &["dry", "no-op", "only "];
    static OF_LONG: Phrases = Phrases::new(LONG);
    static OF_SHORT: Phrases = Phrases::new(SHORT);

    fn check(text: &str) {
        for (list, phrases) in [(LONG, &OF_LONG), (SHORT, &OF_SHORT)] {
            let holds = |text: &str| list.iter().any(|phrase| text.contains(phrase));
            assert_eq!(phrases.are_in(text), holds(text), "{text:?}");
            assert_eq!(phrases.are_in_ascii_case(text), holds(&text.to_ascii_lowercase()), "{text:?}");
            assert_eq!(phrases.are_in_any_case(text), holds(&text.to_lowercase()), "{text:?}");
        }
    }

    #[test]
    fn phrases_are_found_at_every_place() {
        for phrase in LONG.iter().chain(SHORT) {
            for before in 0..20 {
                let text = format!("{}{phrase}", "x".repeat(before));
                check(&text);
                check(&text.to_uppercase());
                check(&format!("{text} and more"));
                check(&text[..text.len() - 1]);
            }
        }
        check("coming soo");
        check("");
        check("\u{130}");
        static KELVIN: Phrases = Phrases::new(&["kelvin"]);
        assert!(KELVIN.are_in_any_case("\u{212a}ELVIN") && !KELVIN.are_in_ascii_case("\u{212a}ELVIN"));
    }

    proptest! {
        #[test]
        fn they_are_found_where_a_plain_search_finds_them(
            parts in prop::collection::vec(prop::sample::select(vec![
                "coming", " ", "soon", "Stay", "tuned", "DRY", "no", "-op", "only", "under", "construction", "é", "\u{212a}", "s", "dr", "y",
            ]), 0..12),
        ) {
            check(&parts.concat());
        }
    }
}
