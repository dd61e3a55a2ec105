//! Any bytes as an in-toto statement: subjects with digests of their length, or one sentence that says why not.
#![no_main]
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use release_verify::statement::read;

const WORDS: [&str; 16] = [
    "{\"_type\":\"https://in-toto.io/Statement/v1\",",
    "\"predicateType\":\"https://slsa.dev/provenance/v1\",",
    "\"subject\":[",
    "{\"name\":\"a\",\"digest\":{\"sha256\":\"",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "\"}}",
    "]",
    "}",
    ",",
    "\"sha512\":\"",
    "\"uri\":\"pkg:a\"",
    "\"predicate\":{\"buildDefinition\":{",
    "\"externalParameters\":{\"workflow\":{\"repository\":\"https://github.com/o/r\"}}",
    "\"resolvedDependencies\":[{\"uri\":\"git+https://github.com/o/r@x\"",
    "\"gitCommit\":\"0\"",
    "null",
];

fuzz_target!(|bytes: &[u8]| {
    match read(bytes) {
        Ok(statement) => {
            assert!(!statement.subjects.is_empty());
            for subject in &statement.subjects {
                assert!(subject.name.ends_with(subject.file_name()) && !subject.file_name().contains('/'));
                let hex = |digest: &Option<String>, length: usize| {
                    digest.as_ref().is_none_or(|digest| {
                        digest.len() == length && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
                    })
                };
                assert!(hex(&subject.sha256, 64) && hex(&subject.sha512, 128), "{subject:?}");
            }
            assert!(statement.provenance.commits.len() <= bytes.len());
        }
        Err(why) => assert!(!why.is_empty()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
