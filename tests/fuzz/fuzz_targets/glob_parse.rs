//! Any text as a pattern, in every dialect: a glob or an error with a place in the pattern, never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pathglob::{Glob, Syntax};

fuzz_target!(|pattern: &str| {
    for syntax in [Syntax::Picomatch, Syntax::GitHub, Syntax::Gitignore] {
        match Glob::new(pattern, syntax) {
            Ok(glob) => {
                assert_eq!((glob.pattern(), glob.syntax()), (pattern, syntax));
                let _ = (glob.reach(), glob.cost(), glob.is_literal());
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
