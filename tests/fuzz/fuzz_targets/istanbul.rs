//! Any bytes as istanbul's coverage-final.json and within it: lines and counts that make sense, or a problem with its place.
#![no_main]
use fuzz::{check, format, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| check(data, Some(&format::ISTANBUL)));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(format::ISTANBUL.words, data, (size, most), seed)
});
