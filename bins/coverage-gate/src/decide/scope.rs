//! Which files count: the user's globs, generated and vendored code, and which changed files a report should have named.
#![deny(clippy::disallowed_methods)]
use git::{FileChange, Mode, Status};

use crate::gather::Facts;
use crate::settings::Rules;

/// Endings of source code that coverage tools measure.
const SOURCE: [&str; 45] = [
    "c", "cc", "cjs", "clj", "coffee", "cpp", "cs", "cts", "cxx", "dart", "erl", "ex", "fs", "go", "groovy", "hh",
    "hpp", "hs", "hxx", "java", "jl", "js", "jsx", "kt", "lua", "m", "mjs", "mm", "mts", "php", "pl", "pm", "py",
    "pyx", "r", "rb", "rs", "scala", "svelte", "swift", "ts", "tsx", "vb", "vue", "zig",
];
/// Folders that hold tests by convention.
const TEST_FOLDERS: [&str; 10] = [
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "e2e",
    "cypress",
    "testdata",
    "integrationTest",
    "androidTest",
    "testFixtures",
];

/// Why a file counts nowhere, whoever measures it.
pub(super) fn left_out(path: &[u8], facts: &Facts, rules: &Rules) -> Option<&'static str> {
    let matches = |globs: &[pathglob::Glob]| globs.iter().any(|glob| glob.is_match(path));
    if !rules.include.is_empty() && !matches(&rules.include) || matches(&rules.exclude) {
        return Some("excluded");
    }
    if facts.generated.contains(path) {
        return Some("generated");
    }
    facts.vendored.contains(path).then_some("vendored")
}

/// Why a changed file has no lines that could count.
pub(super) fn without_lines(change: &FileChange) -> Option<&'static str> {
    match (change.status, change.new_mode) {
        (Status::Deleted, _) => Some("deleted"),
        (_, Some(Mode::SUBMODULE)) => Some("submodule"),
        (_, Some(Mode::LINK)) => Some("symlink"),
        _ if !change.hunks.is_empty() => None,
        _ if change.renamed.is_some() => Some("renamed"),
        _ if change.old_mode != change.new_mode && change.old_mode.is_some() => Some("mode"),
        _ => Some("no-source"),
    }
}

/// Why no report needs to name a changed file; `None` when one should.
pub(super) fn needs_no_report(change: &FileChange, declares_only: bool) -> Option<&'static str> {
    if change.binary {
        return Some("binary");
    }
    // Endings and folders of tests are ASCII.
    let path = String::from_utf8_lossy(&change.path);
    let (folders, base) = path.rsplit_once('/').unwrap_or(("", &path));
    let ending = base.rsplit_once('.').map_or("", |(_, ending)| ending);
    let declarations = [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| base.ends_with(end));
    let settings = base.starts_with('.') || base.contains(".config.") || base.contains(".stories.");
    if !SOURCE.contains(&ending.to_ascii_lowercase().as_str()) || declarations || settings {
        return Some("no-source");
    }
    if folders.split('/').any(|folder| TEST_FOLDERS.contains(&folder)) || is_test(base, ending) {
        return Some("test");
    }
    declares_only.then_some("no-statements")
}

fn is_test(base: &str, ending: &str) -> bool {
    let stem = base.strip_suffix(ending).unwrap_or(base).trim_end_matches('.');
    match ending {
        "py" => stem.starts_with("test_") || stem.ends_with("_test") || stem == "conftest",
        "go" | "rb" | "dart" | "c" | "cc" | "cpp" => {
            stem.ends_with("_test") || stem.ends_with("_spec") || stem.starts_with("test_")
        }
        "kt" | "java" | "scala" | "groovy" | "cs" | "swift" | "php" | "vb" | "fs" => {
            ["Test", "Tests", "Spec", "IT"].iter().any(|end| stem.ends_with(end))
        }
        _ => stem.ends_with(".test") || stem.ends_with(".spec") || stem.ends_with("_test"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: Option<&str>) {
        let change = FileChange {
            path: path.as_bytes().to_vec(),
            renamed: None,
            status: Status::Modified,
            old_mode: Some(Mode::FILE),
            new_mode: Some(Mode::FILE),
            hunks: Vec::new(),
            binary: false,
        };
        assert_eq!(needs_no_report(&change, false), expected, "{path}");
    }

    #[test]
    fn source_code_has_to_be_reported_and_the_rest_has_not() {
        for source in
            ["a.py", "src/app/brandnew.py", "web/src/App.TSX", "svc/src/main/kotlin/A.kt", "latest.go", "contest.py"]
        {
            check(source, None);
        }
        for other in [
            "README.md",
            "a.json",
            "types.d.ts",
            "vite.config.ts",
            ".eslintrc.js",
            "build.gradle.kts",
            "Makefile",
            "py",
        ] {
            check(other, Some("no-source"));
        }
        for test in
            ["tests/a.py", "test_a.py", "a_test.go", "a.test.ts", "svc/src/test/kotlin/A.kt", "ATest.kt", "conftest.py"]
        {
            check(test, Some("test"));
        }
    }
}
