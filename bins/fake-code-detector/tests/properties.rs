//! Laws: no text makes it panic, the same text gives the same answer, and what does not matter does not matter.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use fake_code_detector::{Seen, look, look_at_change};
use proptest::prelude::*;

fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending != "json") {
            let name = path.file_name().unwrap().to_str().unwrap();
            into.push((format!("src/{name}"), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Real texts: every pair of the corpus.
fn corpus() -> &'static [(String, String)] {
    static ALL: OnceLock<Vec<(String, String)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fake-code-detector/corpus"), &mut all);
        all
    })
}

/// What a finding says, without its lines.
fn gist(found: &[Seen]) -> Vec<(&'static str, String, String)> {
    let mut all: Vec<_> = found.iter().map(|it| (it.rule, it.message.clone(), it.fingerprint.clone())).collect();
    all.sort();
    all
}

#[test]
fn line_ends_and_lines_before_change_nothing() {
    for (name, text) in corpus() {
        let Ok(plain) = look(name, text) else { panic!("{name}") };
        let crlf = look(name, &text.replace('\n', "\r\n")).unwrap();
        // A template or a string that spans lines holds its line ends.
        if !text.contains('`') {
            assert_eq!(gist(&plain), gist(&crlf), "{name}");
        }
        if text.starts_with("#!") {
            continue;
        }
        let moved = look(name, &format!("\n\n\n{text}")).unwrap();
        assert_eq!(gist(&plain), gist(&moved), "{name}");
        assert!(plain.iter().zip(&moved).all(|(a, b)| a.line + 3 == b.line && a.end_line + 3 == b.end_line), "{name}");
    }
}

#[test]
fn findings_are_within_the_text_and_carry_evidence() {
    for (name, text) in corpus() {
        let lines = u32::try_from(text.lines().count()).unwrap();
        for it in look(name, text).unwrap() {
            assert!(1 <= it.line && it.line <= it.end_line && it.end_line <= lines, "{name}: {it:?}");
            assert!(
                !it.evidence.is_empty() && it.evidence.iter().all(|(line, ..)| *line >= 1 && *line <= lines),
                "{name}: {it:?}"
            );
            assert!(it.fingerprint.len() == 16 && !it.message.is_empty(), "{name}: {it:?}");
        }
    }
}

#[test]
fn a_test_asserts_no_less_than_itself() {
    let mut tests = Vec::new();
    for rule in 601..=609 {
        let cases = format!("../../fixtures/fake-code-detector/rules/FK{rule}");
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(cases), &mut tests);
    }
    assert!(tests.len() > 100);
    for (name, text) in &tests {
        // As another formatter would have left it: nothing else makes the two versions differ.
        let before = text.replace('\n', "\r\n").replace(", ", " ,  ");
        let found = look_at_change(name, Some(&before), text).unwrap();
        assert!(found.iter().all(|it| it.rule != "FK609"), "{name}: {found:?}");
        assert_eq!(gist(&found), gist(&look(name, text).unwrap()), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_panics(text in "(?s).{0,400}") {
        let _ = look("src/a.tsx", &text);
    }

    #[test]
    fn no_piece_of_a_real_text_panics(pick in any::<proptest::sample::Index>(), from in 0usize..4000, length in 0usize..4000) {
        let all = corpus();
        let (name, text) = &all[pick.index(all.len())];
        let start = (0..=from.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let end = (0..=(start + length).min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let _ = look(name, &text[start..end.max(start)]);
    }

    #[test]
    fn no_version_before_panics(one in any::<proptest::sample::Index>(), two in any::<proptest::sample::Index>(), odd in "(?s).{0,200}") {
        let all = corpus();
        let (before, text) = (&all[one.index(all.len())].1, &all[two.index(all.len())].1);
        let _ = look_at_change("src/a.test.ts", Some(before), text);
        let _ = look_at_change("src/a.test.ts", Some(&odd), text);
    }

    #[test]
    fn two_real_texts_after_each_other_do_not_panic(one in any::<proptest::sample::Index>(), two in any::<proptest::sample::Index>()) {
        let all = corpus();
        let text = format!("{}\n{}", all[one.index(all.len())].1, all[two.index(all.len())].1);
        let _ = look("src/a.tsx", &text);
    }
}
