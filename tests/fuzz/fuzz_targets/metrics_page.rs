//! Any text as a page of a pod: samples without NaN, counters with no more failures than requests, or a sentence with the line.
#![no_main]
use canary_step::sources::{Counters, page};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match page::parse(text) {
        Ok(samples) => {
            assert!(samples.len() <= text.lines().count());
            assert!(samples.iter().all(|sample| !sample.value.is_nan() && text.contains(sample.name)));
            if let Ok(counters) = Counters::discover(&samples) {
                assert!(counters.errors <= counters.requests);
                assert_eq!(counters.since(&counters).map(|none| (none.requests, none.errors)), Some((0, 0)));
            }
        }
        Err(why) => assert!(!why.is_empty()),
    }
});
