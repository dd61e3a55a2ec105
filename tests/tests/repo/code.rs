//! Rules for Rust sources.
use super::files::File;

/// Names that say nothing.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "manager", "misc", "managers"];

/// What marks something as unfinished; put together so that this file is not an example of it.
pub(crate) const LATER: [&str; 6] = [
    concat!("TO", "DO "),
    concat!("FIX", "ME "),
    concat!("XX", "X: "),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
];

/// Files, folders, modules, types and functions have names that say what they are.
pub(crate) fn plain_names(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        if words(&file.path).iter().any(|word| EMPTY_NAMES.contains(&word.as_str())) {
            problems.push(format!("{}: the name says nothing", file.path));
        }
        for (at, line) in file.text.lines().enumerate() {
            let tokens: Vec<&str> =
                line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|t| !t.is_empty()).collect();
            for pair in tokens.windows(2) {
                let declares = matches!(pair[0], "struct" | "enum" | "trait" | "mod" | "fn" | "type");
                // What two things have in common is a fine thing for a function to give.
                let empty =
                    |word: &String| EMPTY_NAMES.contains(&word.as_str()) && !(pair[0] == "fn" && word == "common");
                if declares && words(pair[1]).iter().any(empty) {
                    problems.push(format!("{}:{}: {} says nothing", file.path, at + 1, pair[1]));
                }
            }
        }
    }
    problems
}

/// Every source begins with a line that says what it is.
pub(crate) fn first_lines(files: &[File]) -> Vec<String> {
    let silent = files.iter().filter(|file| file.is_rust() && !file.text.starts_with("//! "));
    silent.map(|file| format!("{}: the first line is not `//! …`", file.path)).collect()
}

/// Nothing is left for later, and no test is switched off.
pub(crate) fn finished(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| !file.path.starts_with("fixtures/") && !file.path.ends_with(".md")) {
        for (at, line) in file.text.lines().enumerate() {
            let found = LATER.iter().find(|later| line.contains(*later) || line.ends_with(later.trim_end()));
            problems.extend(found.map(|later| format!("{}:{}: {later}", file.path, at + 1)));
        }
    }
    problems
}

/// A lint is silenced with a reason.
pub(crate) fn reasons(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for start in ["#[", "#!["].iter().flat_map(|open| ["allow(", "expect("].map(|word| format!("{open}{word}"))) {
            for (at, _) in file.text.match_indices(&start) {
                let attribute = file.text[at..].split_once(")]").map_or("", |(attribute, _)| attribute);
                if !attribute.contains("reason = ") {
                    let line = file.text[..at].lines().count() + 1;
                    problems.push(format!("{}:{line}: a lint is silenced without a reason", file.path));
                }
            }
        }
    }
    problems
}

/// The words of a path or an identifier, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words
}
