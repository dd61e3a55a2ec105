//! Any bytes as a line of `canary-step judge`: an answer whose verdict has evidence, or one sentence that says why not.
#![no_main]
use canary_step::sources::observation::answer;
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value;

const WORDS: [&str; 16] = [
    "{\"tickSeconds\":5,\"services\":{",
    "\"preset\":\"sensitive\",",
    "\"api\":{",
    "\"history\":{",
    "\"stable\":{",
    "\"canary\":{",
    "\"p1\":[",
    "[100,1],",
    "[100,90],",
    "[0,0]",
    "[9007199254740992,9007199254740992]",
    "null,",
    "]",
    "}",
    "},",
    "1e9",
];

fuzz_target!(|bytes: &[u8]| {
    match answer(bytes) {
        Ok(text) => {
            let answer: Value = serde_json::from_str(&text).expect("an answer is JSON");
            let services = answer["services"].as_object().expect("services are an object");
            assert!(services.values().all(|service| service["e"].as_f64().is_some_and(f64::is_finite)), "{text}");
            let known = answer["verdict"] != "inconclusive";
            assert_eq!(known, answer["at"].is_number(), "{text}");
        }
        Err(why) => assert!(!why.is_empty()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
