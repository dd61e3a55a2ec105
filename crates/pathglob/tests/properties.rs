//! What holds for every pattern and every path.

mod generate;
mod random;

use pathglob::{Error, Glob, GlobList, Reach, Syntax};
use proptest::prelude::*;
use random::Random;

const SYNTAXES: [Syntax; 3] = [Syntax::Picomatch, Syntax::GitHub, Syntax::Gitignore];

fn is_normalized(path: &[u8]) -> bool {
    path.split(|&byte| byte == b'/').all(|part| !matches!(part, b"" | b"." | b".."))
}

/// All that must hold whatever the pattern and the path are.
fn check(pattern: &str, path: &[u8]) -> Result<(), TestCaseError> {
    for syntax in SYNTAXES {
        match Glob::new(pattern, syntax) {
            Ok(glob) => holds(&glob, path)?,
            Err(error) => readable(&error)?,
        }
    }
    Ok(())
}

fn readable(error: &Error) -> Result<(), TestCaseError> {
    prop_assert!(error.pattern.is_char_boundary(error.offset), "{:?}", error);
    let text = error.to_string();
    prop_assert!(text.starts_with("could not read the pattern ") && text.contains("; "), "{}", text);
    Ok(())
}

fn holds(glob: &Glob, path: &[u8]) -> Result<(), TestCaseError> {
    let matches = glob.is_match(path);
    prop_assert_eq!(glob.is_match(path), matches, "asked again");
    prop_assert_eq!(glob.clone().is_match(path), matches, "asked as a clone");
    prop_assert!(glob.cost() <= 256 + 3 * glob.pattern().len(), "cost {}", glob.cost());
    let decision = GlobList::new(vec![glob.clone()]).decides(path);
    // A gitignore `!` says nothing about what lies below the folder that it matches.
    let counts = glob.syntax() != Syntax::Gitignore || !glob.is_negated();
    prop_assert!(matches == decision.is_some() || (!counts && matches), "asked as a list: {:?} {:?}", glob, path);
    if glob.syntax() == Syntax::Picomatch {
        prop_assert_eq!(glob.is_match(glob.pattern().as_bytes()), true, "asked for its own text");
    }
    if !matches || !is_normalized(path) {
        return Ok(());
    }
    prop_assert!(path.starts_with(glob.literal_prefix()), "{:?} {:?} {:?}", glob, path, glob.literal_prefix());
    prop_assert!(!glob.is_literal() || path == glob.literal_prefix(), "{:?} {:?}", glob, path);
    prop_assert!(glob.reach() != Reach::Impossible, "{:?} {:?}", glob, path);
    prop_assert!(glob.may_match_below(b""));
    for (at, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        prop_assert!(glob.may_match_below(&path[..at]), "{:?} {:?}", glob, &path[..at]);
    }
    Ok(())
}

/// A pattern of the part of the language that globset shares, with a path of plain names.
fn simple() -> impl Strategy<Value = (String, String)> {
    let part = prop_oneof![
        4 => "[ab]{1,2}",
        2 => "[ab]?\\*[ab]?",
        1 => Just("?".to_owned()),
        1 => Just("{a,bb}".to_owned()),
        1 => Just("**".to_owned()),
        1 => Just("a.b".to_owned()),
    ];
    let pattern = prop::collection::vec(part, 1..5).prop_map(|parts| parts.join("/"));
    (pattern, prop::collection::vec("[ab]{1,2}|a\\.b", 1..5).prop_map(|parts| parts.join("/")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn holds_for_generated_patterns(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let pattern = random.pattern();
        for _ in 0..4 {
            let path = random.path(&pattern);
            check(&pattern, path.as_bytes())?;
        }
    }

    #[test]
    fn holds_for_any_text(pattern in any::<String>(), path in prop::collection::vec(any::<u8>(), 0..24)) {
        check(&pattern, &path)?;
    }

    #[test]
    fn holds_for_special_characters(pattern in "[a!@?*+(){}\\[\\]|,./\\\\\":^$0-9-]{1,24}", path in "[ab./\\[(]{0,8}") {
        check(&pattern, path.as_bytes())?;
    }

    #[test]
    fn agrees_with_globset((pattern, path) in simple()) {
        let theirs = |pattern: &str| {
            let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build().expect("sound");
            glob.compile_matcher().is_match(&path)
        };
        // picomatch's `a/**` matches `a` too, however many `/**` there are; but `a*/**` does not match `a`.
        let folder = pattern.trim_end_matches("/**");
        let expected = theirs(&pattern) || (!folder.ends_with('*') && theirs(folder));
        let ours = Glob::new(&pattern, Syntax::Picomatch).expect("sound").is_match(path.as_bytes());
        prop_assert_eq!(ours, expected, "{} {}", pattern, path);
    }
}

#[test]
fn an_invalid_byte_is_one_character_that_no_literal_equals() {
    let matches = |pattern: &str, path: &[u8]| Glob::new(pattern, Syntax::Picomatch).expect("sound").is_match(path);
    for (pattern, path, expected) in [
        ("?", &b"\xff"[..], true),
        ("?", b"\xc3", true),
        ("??", b"\xc3\xff", true),
        ("?", b"\xf0\x9f\x98\x80", true),
        ("??", b"\xf0\x9f\x98", false),
        ("???", b"\xf0\x9f\x98", true),
        ("*", b"a\xffb", true),
        ("**/*.md", b"\xff/\xfe.md", true),
        ("[^a]", b"\xff", true),
        ("[^\\x00-\\uffff]", b"\xff", true),
        ("\u{fffd}", b"\xff", false),
        ("ÿ", b"\xff", false),
        ("\\xff", b"\xff", false),
        ("é", b"\xc3\xa9", true),
    ] {
        assert_eq!(matches(pattern, path), expected, "{pattern:?} {path:?}");
    }
}

#[test]
fn a_line_break_is_a_character() {
    let matches =
        |pattern: &str, path: &str| Glob::new(pattern, Syntax::Picomatch).expect("sound").is_match(path.as_bytes());
    for (pattern, path, expected) in [
        ("**", "a\nb", true),
        ("**", "\n", true),
        ("**/*.md", "a\u{2028}/b.md", true),
        ("src/**", "src/\r", true),
        ("*", "\n", true),
        ("!docs/**", "a\nb", true),
        ("!docs/**", "docs/\n", false),
        ("a", "a\n", false),
    ] {
        assert_eq!(matches(pattern, path), expected, "{pattern:?} {path:?}");
    }
}

#[test]
fn deep_and_large_patterns_end_in_an_answer_or_a_refusal() {
    for piece in [
        "(",
        "!(",
        "*(",
        "{",
        "{a,",
        "[",
        "[[:",
        "**/",
        "!(*).",
        "\\",
        "*(**/",
        "+(a|",
        "((a)",
        "{a..",
        "\"",
        "(?!",
        "[!a]{1,99}",
    ] {
        for times in [10, 100, 5_000] {
            let pattern = piece.repeat(times);
            let closed = format!("{pattern}{}", ")".repeat(times));
            for pattern in [pattern, closed] {
                for syntax in SYNTAXES {
                    if let Ok(glob) = Glob::new(&pattern, syntax) {
                        glob.is_match(b"a/b.md");
                    }
                }
            }
        }
    }
}
