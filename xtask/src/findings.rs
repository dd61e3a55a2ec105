//! What fake-code-detector says of files: its binary, its record, and many runs beside each other.
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;

use crate::place;
use crate::program::Program;

/// The package of the tool.
const PACKAGE: &str = "fake-code-detector";

/// The part of its record that chores read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    /// Errors, warnings and notes, by file and line.
    pub(crate) findings: Vec<Finding>,
    /// Files that are no programs to it.
    #[serde(default)]
    pub(crate) unparsable: Vec<Unparsable>,
}

/// One finding.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Finding {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) end_line: u32,
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) function: Option<String>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    Note,
    Warning,
    Error,
}

/// A file that the tool could not read.
#[derive(Deserialize)]
pub(crate) struct Unparsable {
    pub(crate) file: String,
    pub(crate) message: String,
}

impl Finding {
    /// Whether it reports something: notes do not.
    pub(crate) fn counts(&self) -> bool {
        self.severity != Severity::Note
    }
}

/// The named binary, or one that is built as users get it.
pub(crate) fn binary(named: Option<&Path>) -> Result<PathBuf, String> {
    if let Some(binary) = named {
        return binary.canonicalize().map_err(|e| format!("could not find {}: {e}", binary.display()));
    }
    Program::cargo(["build", "--release", "--quiet", "--package", PACKAGE]).run()?;
    Ok(place::target().join("release").join(PACKAGE))
}

/// Everything that the tool says of paths in a folder, all of it judged.
pub(crate) fn of<'p>(binary: &Path, folder: &Path, paths: impl IntoIterator<Item = &'p str>) -> Result<Record, String> {
    let args = ["--mode", "all", "--format", "json", "--unparsable", "warn"].into_iter().chain(paths);
    // What is set for a workflow around us is not meant for it.
    let program = Program::new(binary, args).at(folder).without("GITHUB_ACTIONS");
    let line = program.line().to_owned();
    let output = program.into_command().output().map_err(|e| format!("could not run `{line}`: {e}"))?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{line}` in {} ended with {}: {}", folder.display(), output.status, said.trim()));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("`{line}` in {}: no record: {e}", folder.display()))
}

/// Does something with each item, on all cores; the answers have the order of the items.
pub(crate) fn on_all_cores<'i, T: Sync, R: Send>(items: &'i [T], work: impl Fn(&'i T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, work(item)));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|(index, _)| *index);
    assert!(all.len() == items.len(), "a thread was lost");
    all.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        assert_eq!(on_all_cores(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_record_is_read() {
        let said = r#"{"verdict": "fail", "findings": [{"file": "a.ts", "line": 2, "endLine": 4, "rule": "FK103",
            "severity": "error", "message": "m", "function": null, "evidence": []}], "unparsable": []}"#;
        let record: Record = serde_json::from_str(said).unwrap();
        assert_eq!((record.findings[0].end_line, record.findings[0].severity), (4, Severity::Error));
        assert!(record.findings[0].counts());
    }
}
