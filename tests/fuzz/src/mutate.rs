//! Mutations that know the words of a format: no trace of a comparison leads to `condition-coverage`.
use libfuzzer_sys::fuzzer_mutate;

/// Puts a word somewhere in every third time, and lets libFuzzer change what it likes otherwise.
pub fn with_words(words: &[&str], data: &mut [u8], (size, most): (usize, usize), seed: u32) -> usize {
    let seed = seed as usize;
    let word = words[seed / 3 % words.len()].as_bytes();
    if !seed.is_multiple_of(3) || size + word.len() > most {
        return fuzzer_mutate(data, size, most);
    }
    let at = seed / 3 / words.len() % (size + 1);
    data.copy_within(at..size, at + word.len());
    data[at..at + word.len()].copy_from_slice(word);
    size + word.len()
}
