//! A pattern and a path: the same answer every time, and nothing that a walk would leave out matches.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pathglob::{Glob, Syntax};

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (Some(pattern), Some(path)) = (parts.next(), parts.next()) else { return };
    let Ok(pattern) = std::str::from_utf8(pattern) else { return };
    for syntax in [Syntax::Picomatch, Syntax::GitHub, Syntax::Gitignore] {
        let Ok(glob) = Glob::new(pattern, syntax) else { continue };
        let matches = glob.is_match(path);
        assert_eq!(Glob::new(pattern, syntax).map(|again| again.is_match(path)).ok(), Some(matches));
        if !matches || !normalized(path) {
            continue;
        }
        assert!(path.starts_with(glob.literal_prefix()), "{pattern:?} {path:?}");
        assert!(!glob.is_literal() || path == glob.literal_prefix(), "{pattern:?} {path:?}");
        let folders = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &path[..at]);
        for folder in folders.chain([&path[..0]]) {
            assert!(glob.may_match_below(folder), "{pattern:?} matches {path:?} but nothing below {folder:?}");
        }
    }
});

/// As git names files: parts that are not empty, not `.` and not `..`.
fn normalized(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').all(|part| !matches!(part, b"" | b"." | b".."))
}
