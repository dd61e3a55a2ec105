//! Titles: what they promise, and what they do not.
use crate::lexicon;
use crate::names;

/// A title that begins with a verb of work: `calculates the discount`.
pub(crate) fn promises_work(title: &str) -> bool {
    let word = title.split_whitespace().find(|word| !matches!(*word, "should" | "it" | "must")).unwrap_or("");
    title.bytes().any(|byte| byte.is_ascii_digit()) || is_verb(word)
}

fn is_verb(word: &str) -> bool {
    let forms = [word, word.strip_suffix('s').unwrap_or(word), word.strip_suffix("es").unwrap_or(word)];
    forms.iter().any(|word| [&lexicon::COMPUTE_VERBS, &lexicon::EFFECT_VERBS].iter().any(|verbs| verbs.has(word)))
}

/// A title that only names what is looked at: `error creation`, `array inputs`.
pub(crate) fn only_names(title: &str) -> bool {
    let title = title.to_lowercase();
    let words = names::words(&title);
    words.len() <= 2 && !words.iter().any(|word| is_verb(word))
}
