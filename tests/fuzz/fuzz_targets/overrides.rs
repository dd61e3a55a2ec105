//! Any text as a file of corrections: read, or refused on one line of words with a line of the file.
#![no_main]
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use release_changelog::read_overrides;

const WORDS: [&str; 10] = [
    "[\"0123456789abcdef\"]\n",
    "[main]\n",
    "message = \"feat: a\"\n",
    "type = \"fix\"\n",
    "scope = \"\"\n",
    "description = '''a\nb'''\n",
    "breaking = true\n",
    "breaking = \"gone\"\n",
    "bucket = 1\n",
    "\r\n# x",
];

fuzz_target!(|text: &str| {
    match read_overrides(text) {
        Ok(read) => assert!(read.keys().all(|id| (7..=64).contains(&id.len()))),
        Err((_, line)) => assert!(line.is_none_or(|line| line >= 1 && line as usize <= text.split('\n').count())),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
