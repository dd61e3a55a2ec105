//! What kind of file a path names: most rules are for production code, some for tests.
use crate::lexicon::Names;

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathClass {
    /// What is shipped.
    Production,
    /// Tests.
    Test,
    /// Test helpers, mocks, fixtures, seeds, stories, examples, scripts, benchmarks: fakes are their job.
    Support,
    /// Made by a program, or only declarations.
    Generated,
}

static TEST_FOLDERS: Names =
    Names::new(&["test", "tests", "__tests__", "spec", "specs", "e2e", "integration-tests", "cypress", "playwright"]);
static SUPPORT_FOLDERS: Names = Names::new(&[
    "__mocks__",
    "mocks",
    "mock",
    "__fixtures__",
    "fixtures",
    "fixture",
    "stories",
    "storybook",
    ".storybook",
    "seeds",
    "seed",
    "seeders",
    "seeding",
    "examples",
    "example",
    "demo",
    "demos",
    "samples",
    "sample",
    "scripts",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "testing",
    "test-utils",
    "test-helpers",
    "testutils",
    "test-support",
    "playground",
    "sandbox",
    "msw",
    "factories",
    "docs",
    "fakes",
    "stubs",
]);
static GENERATED_FOLDERS: Names = Names::new(&[
    "node_modules",
    "dist",
    "build",
    "generated",
    "__generated__",
    "vendor",
    "third_party",
    ".next",
    "coverage",
]);

/// Folders that hold sources.
const SOURCES: &[&str] = &["src", "app", "lib", "server"];
/// Names of folders that are also names of things.
static THINGS: Names = Names::new(&[
    "build",
    "vendor",
    "coverage",
    "factories",
    "docs",
    "demo",
    "demos",
    "sample",
    "samples",
    "seed",
    "seeds",
    "seeding",
    "sandbox",
    "playground",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "scripts",
    "testing",
    "stubs",
    "fakes",
]);

impl PathClass {
    /// The class of a path below whatever the user named, with `/`.
    pub(crate) fn of(path: &str) -> Self {
        let lower = path.to_ascii_lowercase();
        let mut folders: Vec<&str> = lower.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
        let file = folders.pop().unwrap_or("");
        // Below the sources `vendor`, `build` or `factories` is the name of a thing that the program is about.
        let sources = folders.iter().rposition(|folder| SOURCES.contains(folder)).unwrap_or(folders.len());
        let has = |names: &Names| {
            let named = |(at, folder): (usize, &&str)| names.has(folder) && (at < sources || !THINGS.has(folder));
            folders.iter().enumerate().any(named)
        };
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let words: Vec<&str> = stem.split(['.', '-', '_']).collect();
        if file.contains(".d.")
            || file.contains(".min.")
            || file.contains(".generated.")
            || file.contains(".gen.")
            || has(&GENERATED_FOLDERS)
        {
            return Self::Generated;
        }
        let marks = |marks: &[&str]| stem.split('.').skip(1).any(|part| marks.contains(&part));
        if marks(&["test", "spec", "e2e", "cy", "test-d", "e2e-spec", "itest", "tst"])
            || matches!(stem, "test" | "tests")
            || stem.ends_with("_test")
            || stem.ends_with("-test")
            || stem.ends_with("_spec")
        {
            return Self::Test;
        }
        let config = stem.ends_with(".config")
            || stem.starts_with('.')
            || matches!(stem, "setuptests" | "jest.setup" | "vitest.setup");
        let named = words.iter().any(|word| {
            matches!(
                *word,
                "mock"
                    | "mocks"
                    | "fixture"
                    | "fixtures"
                    | "stories"
                    | "story"
                    | "seed"
                    | "seeds"
                    | "bench"
                    | "benchmark"
            )
        });
        if has(&SUPPORT_FOLDERS) || config || named {
            return Self::Support;
        }
        if has(&TEST_FOLDERS) {
            return Self::Test;
        }
        Self::Production
    }
}

#[cfg(test)]
mod tests {
    use super::PathClass;

    #[test]
    fn a_thing_that_the_program_is_about_is_production() {
        for path in [
            "src/vendor/invoice.ts",
            "src/coverage/claims.ts",
            "src/factories/order.ts",
            "packages/a/src/build/plan.ts",
            "lib/seed.ts/x.ts",
        ] {
            assert_eq!(PathClass::of(path), PathClass::Production, "{path}");
        }
        for (path, class) in [
            ("vendor/a.ts", PathClass::Generated),
            ("build/src.ts", PathClass::Generated),
            ("src/__mocks__/a.ts", PathClass::Support),
            ("src/a.test.ts", PathClass::Test),
            ("scripts/a.ts", PathClass::Support),
            ("dist/src/a.ts", PathClass::Generated),
        ] {
            assert_eq!(PathClass::of(path), class, "{path}");
        }
    }
}
