//! Rules for where things are.
use std::collections::BTreeSet;

use super::files::File;

/// The names of the tools: the folders of `bins/`.
pub(crate) fn names(files: &[File]) -> BTreeSet<&str> {
    let name = |file: &'_ File| {
        file.path.strip_prefix("bins/").and_then(|rest| rest.split_once('/').map(|(name, _)| name.len()))
    };
    files.iter().filter_map(|file| name(file).map(|length| &file.path[5..5 + length])).collect()
}

/// Every tool has its action, its README, its launcher, its cases, and hands itself to the case runner.
pub(crate) fn tools(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for name in names(files) {
        let needed = [
            format!("dist/{name}/action.yml"),
            format!("dist/{name}/README.md"),
            format!("dist/{name}/run"),
            format!("fixtures/{name}/"),
            format!("bins/{name}/tests/cases.rs"),
        ];
        let missing = needed.iter().filter(|path| !files.iter().any(|file| file.path.starts_with(*path)));
        problems.extend(missing.map(|path| format!("the tool {name} has no {path}")));
    }
    problems
}

/// No compiled program is in the tree of `main`.
pub(crate) fn executables(files: &[File]) -> Vec<String> {
    // Bytes over 0x7f are replaced in the text, so Mach-O is known by what is left of it.
    let compiled = |text: &str| text.starts_with("\u{7f}ELF") || (text.starts_with("MZ") && text.contains('\0'));
    let found = files.iter().filter(|file| compiled(&file.text));
    found.map(|file| format!("{}: a compiled program", file.path)).collect()
}

/// Versions stand in the workspace's Cargo.toml alone, each below the reason why it is there.
pub(crate) fn dependencies(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with("Cargo.toml")) {
        let workspace = file.path == "Cargo.toml";
        // The fuzz targets are a workspace of their own, outside of this one.
        if file.path.starts_with("fixtures/") || file.path.starts_with("tests/fuzz/") {
            continue;
        }
        let mut inside = false;
        let mut above = "";
        for (at, line) in file.text.lines().enumerate() {
            if line.starts_with('[') {
                let section = line.trim_matches(['[', ']']);
                inside =
                    if workspace { section == "workspace.dependencies" } else { section.ends_with("dependencies") };
            } else if inside && !line.trim().is_empty() && !line.starts_with('#') {
                let fine = if workspace {
                    above.starts_with('#') || line.contains("path = ")
                } else {
                    line.contains("workspace = true")
                };
                if !fine {
                    let what = if workspace { "no reason above" } else { "not from the workspace" };
                    problems.push(format!("{}:{}: {what}: {line}", file.path, at + 1));
                }
            }
            above = line;
        }
    }
    problems
}
