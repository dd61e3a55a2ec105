//! Any bytes as a recorded range: ticks with no more failures than requests, or one sentence that says why not.
#![no_main]
use canary_step::sources::recording::Recording;
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const WORDS: [&str; 14] = [
    "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[",
    "{\"metric\":{\"pod\":\"api-1\",\"code\":\"200\"},\"values\":[",
    "{\"metric\":{\"pod\":\"api-1\",\"code\":\"503\"},\"values\":[",
    "[0,\"1\"],",
    "[15,\"20\"],",
    "[30,\"3e1\"]",
    "]}",
    "]}}",
    "time,service,pod,requests,errors\n",
    "0,api,a,1,0\n",
    "15,api,a,10,2\n",
    "2026-11-27T00:00:00Z,api,a,10,2\n",
    "NaN",
    "-1",
];

fuzz_target!(|bytes: &[u8]| {
    let services = [("api".to_owned(), "api".to_owned()), ("web".to_owned(), "web".to_owned())];
    match Recording::read(bytes, &services) {
        Ok(recording) => {
            assert!(recording.tick.is_finite() && recording.tick >= 0.0 && recording.ticks >= 2);
            for ticks in recording.services.values().flat_map(|pods| pods.values()) {
                assert_eq!(ticks.len(), recording.ticks);
                assert!(ticks.iter().flatten().all(|(requests, errors)| errors <= requests));
            }
        }
        Err(why) => assert!(!why.is_empty()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
