//! Any text as a changelog: a release is put into it once, and nothing else of it changes; or it is refused at a line.
#![no_main]
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use release_changelog::changelog::{parts, with};

const WORDS: [&str; 12] = [
    "## [1.1.0] - 2026-11-27\n",
    "## v1.0.0\n",
    "## Unreleased\n",
    "\n```md\n",
    "\n~~~~\n",
    "[1.0.0]: https://x.example\n",
    "# Changelog\n\n",
    "### Fixes\n\n- a\n",
    "\r\n",
    "## \n",
    "    ## code\n",
    "\u{feff}",
];
const NOTES: &str = "## 1.1.0 - 2026-11-27\n\n- a\n";

fuzz_target!(|text: &str| {
    match with(text, "1.1.0", NOTES) {
        Ok(found) => {
            assert_eq!(with(&found, "1.1.0", NOTES), Ok(found.clone()), "twice is once");
            let named: Vec<String> =
                parts(&found).expect("it was read before").into_iter().map(|part| part.name.to_owned()).collect();
            assert_eq!(
                named.iter().filter(|name| name.strip_prefix('v').unwrap_or(name) == "1.1.0").count(),
                1,
                "{named:?}"
            );
        }
        Err(refused) => {
            assert!(refused.line >= 1 && refused.line as usize <= text.lines().count());
            fuzz::one_line(&refused.cause);
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
