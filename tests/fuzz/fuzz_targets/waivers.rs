//! Any text as a waivers file: waivers that are read alike when written again, or a problem on a line of the file.
#![no_main]
use coverage_gate::lines::LAST_LINE;
use coverage_gate::waivers::{Waiver, Waivers, Which, parse};
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const WORDS: [&str; 13] = [
    "2027-01-31 a.py:1-3,7 why\n",
    "2027-02-28 \"odd \\\"name\":\"raise \\u0000\" why\n",
    "\nbudget 20\n",
    "# why\n",
    "\r\n",
    "2027-02-30 ",
    "-009999-01-01 ",
    "20270131T10 ",
    ":10000000 ",
    ":1-",
    "\u{feff}",
    "\u{a0}",
    "18446744073709551616",
];

fuzz_target!(|text: &str| {
    let lines = text.lines().count();
    match parse(text) {
        Ok(waivers) => {
            waivers.list.iter().for_each(|waiver| makes_sense(waiver, lines));
            assert!(waivers.list.windows(2).all(|pair| pair[0].at < pair[1].at), "in the order of the file");
            assert_eq!(parse(&written(&waivers)).map(unplaced), Ok(unplaced(waivers)));
        }
        Err(problem) => {
            assert!(problem.line >= 1 && problem.line as usize <= lines, "{problem:?} of {lines} lines");
            fuzz::one_line(&problem.message);
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});

fn makes_sense(waiver: &Waiver, lines: usize) {
    assert!(waiver.at >= 1 && waiver.at as usize <= lines);
    assert!(!waiver.path.is_empty() && !waiver.reason.trim().is_empty());
    match &waiver.lines {
        Which::Text(text) => assert!(!text.is_empty()),
        Which::Numbers(spans) => {
            assert!(!spans.is_empty());
            assert!(spans.iter().all(|span| span.0 >= 1 && span.0 <= span.1 && span.1 <= LAST_LINE), "{spans:?}");
        }
    }
}

/// The file as somebody would write it who quotes everything.
fn written(waivers: &Waivers) -> String {
    let quoted = |text: &str| serde_json::to_string(text).expect("a string is JSON");
    let mut text = waivers.budget.map(|budget| format!("budget {budget}\n")).unwrap_or_default();
    for waiver in &waivers.list {
        let lines = match &waiver.lines {
            Which::Text(text) => quoted(text),
            Which::Numbers(spans) => spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        };
        text.push_str(&format!("{} {}:{lines} {}\n", waiver.expires, quoted(&waiver.path), waiver.reason));
    }
    text
}

fn unplaced(mut waivers: Waivers) -> Waivers {
    waivers.list.iter_mut().for_each(|waiver| waiver.at = 0);
    waivers
}
