//! Any text as a filters file: filters, or a problem whose place is in the text.
#![no_main]
use libfuzzer_sys::fuzz_target;
use paths_filter::filters::{Dialect, parse};

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Picomatch, Dialect::GitHub, Dialect::Gitignore] {
        if let Err(problem) = parse(text, dialect) {
            // YAML ends a line at either character.
            let lines = text.split(['\n', '\r']).count();
            assert!(problem.at.line >= 1 && problem.at.column >= 1, "{problem}");
            assert!(problem.at.line <= lines + 1, "{problem}, and there are {lines} lines");
        }
    }
});
