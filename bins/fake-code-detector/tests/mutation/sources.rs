//! Where honest functions come from.
use std::path::{Path, PathBuf};

/// A file to mutate.
pub(crate) struct Source {
    /// The name that the tool is told.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Whether it only judges: whoever writes rules must not see it.
    pub(crate) blind: bool,
}

/// Folders in which fakes are no wonder, and those that a program wrote.
const SKIPPED: [&str; 20] = [
    "node_modules",
    "test",
    "tests",
    "__tests__",
    "spec",
    "e2e",
    "mocks",
    "__mocks__",
    "fixtures",
    "__fixtures__",
    "stories",
    "examples",
    "example",
    "demo",
    "scripts",
    "bench",
    "dist",
    "build",
    "generated",
    "vendor",
];

/// The honest sides of the corpus, without tests.
pub(crate) fn corpus() -> Vec<Source> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fake-code-detector/corpus");
    let pairs =
        children(&home).into_iter().filter(|group| !group.ends_with("tests")).flat_map(|group| children(&group));
    let honest = |pair: PathBuf| {
        let blind = pair.parent().is_some_and(|group| group.ends_with("blind"));
        below(&pair.join("honest")).into_iter().map(move |source| Source { blind, ..source })
    };
    pairs.flat_map(honest).collect()
}

/// Every program below a folder that is no test.
pub(crate) fn below(home: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut open = vec![home.to_owned()];
    while let Some(folder) = open.pop() {
        for path in children(&folder) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && !SKIPPED.contains(&&*name) {
                open.push(path);
            } else if path.is_file() && is_production(&name) {
                let inner = path.strip_prefix(home).unwrap_or(&path).to_string_lossy().into_owned();
                sources.push(Source { name: inner, path, blind: false });
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn is_production(name: &str) -> bool {
    let mut parts = name.split('.');
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"].contains(&ending)
        && !parts.any(|part| ["test", "spec", "d", "min", "stories", "config", "bench"].contains(&part))
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
