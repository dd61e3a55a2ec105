//! Any bytes as a baseline, whole or as the runs of one file: spans in order that are written back alike, or a reason.
#![no_main]
use coverage_gate::baseline::{Baseline, Runs, SCHEMA, parse};
use coverage_gate::lines::{LAST_LINE, Lines, State};
use coverage_gate::record::Span;
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const WORDS: [&str; 11] = [
    "{\"schema\":\"https://github.com/dataflow/coverage-gate/baseline/1\",\"commit\":\"c\",\"files\":{",
    "\"a.py\":{\"measured\":\"1-5,8\",\"hit\":\"1,3-4\"},",
    "\"\\\\xff\":{\"hit\":\"\",\"measured\":\"\"}",
    "}}",
    "1-5",
    ",10000000",
    ",7-9,",
    "\",\"hit\":\"",
    "+1",
    "4294967296",
    "\"files\":{",
];

fuzz_target!(|data: &[u8]| {
    check(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let runs = format!(
        "{{\"schema\":\"{SCHEMA}\",\"commit\":\"c\",\"files\":{{\"a\":{{\"measured\":\"{text}\",\"hit\":\"\"}}}}}}"
    );
    check(runs.as_bytes());
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});

fn check(bytes: &[u8]) {
    match parse(bytes) {
        Ok(baseline) => {
            let text = serde_json::to_vec(&baseline).expect("a baseline is JSON");
            assert_eq!(parse(&text).as_ref(), Ok(&baseline));
            baseline.files.values().for_each(runs_are_in_order);
            (0..bytes.len()).rev().take(3).for_each(|part| is_all_or_nothing(&bytes[..part], &baseline));
        }
        Err(why) => fuzz::one_line(&why),
    }
}

fn is_all_or_nothing(part: &[u8], all: &Baseline) {
    assert!(parse(part).is_ok_and(|read| read == *all) || parse(part).is_err(), "a part of it is a baseline");
}

fn runs_are_in_order(runs: &Runs) {
    let (measured, hit) = runs.spans().expect("it was parsed");
    for spans in [&measured, &hit] {
        let fit = |span: &Span| (1..=LAST_LINE).contains(&span.0) && span.0 <= span.1 && span.1 <= LAST_LINE;
        assert!(spans.iter().all(fit) && spans.windows(2).all(|pair| pair[0].1 < pair[1].0), "{spans:?}");
    }
    let count = |spans: &[Span]| spans.iter().map(|span| span.1 - span.0 + 1).sum::<u32>();
    if count(&measured) < 10_000 {
        written_back(&measured);
    }
}

/// The runs of the lines that the runs name are the same lines.
fn written_back(spans: &[Span]) {
    let mut lines = Lines::default();
    spans.iter().for_each(|span| lines.add_range(span.0, span.1, State::Hit));
    lines.settle();
    let (measured, hit) = Runs::of(&lines).spans().expect("what is written can be read");
    assert_eq!(measured, hit);
    let each = |spans: &[Span]| spans.iter().flat_map(|span| span.0..=span.1).collect::<Vec<u32>>();
    assert_eq!(each(&measured), each(spans));
}
