//! Any bytes as a release record: assets that are not larger than what was read, or an error in words.
#![no_main]
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use sha256sums::assets;

const WORDS: [&str; 8] = [
    "{\"assets\": [",
    "{\"name\": \"a\", \"digest\": \"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\", \"state\": \"uploaded\"}",
    "\"digest\": null",
    "\"state\": \"starter\"",
    "sha512:",
    "1e999",
    "[[[[[[[[",
    "\\ud800",
];

fuzz_target!(|bytes: &[u8]| {
    match assets(bytes) {
        Ok(assets) => {
            let names: usize = assets.iter().map(|asset| asset.name.len()).sum();
            // An escape is longer than what it stands for, and an asset has a name and brackets.
            assert!(names + assets.len() <= bytes.len());
        }
        Err(error) => fuzz::one_line(&error),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
