//! Any bytes as a report of whatever format, packed or not: lines and counts that make sense, or a problem with its place.
#![no_main]
use fuzz::{check_packed, format, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| check_packed(data));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let format = format::ALL[seed as usize / 7 % format::ALL.len()];
    let begins = [format.head, format.open];
    let words = if seed.is_multiple_of(5) { &begins[..] } else { format.words };
    mutate::with_words(words, data, (size, most), seed)
});
