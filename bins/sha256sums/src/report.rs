//! What is said: lines for each file, reasons, outputs, a table in the summary, JSON for programs.
pub(crate) mod checked;
pub(crate) mod printer;
pub(crate) mod record;

use std::fmt::Write as _;

use action::{Failure, OrFail as _, Report, markdown, neutral};
use formats::sums::{Digest, hex};
use serde::Serialize;

/// Longer tables are cut: a summary has 1 MiB.
const ROWS: usize = 1000;

/// A table of files and their digests in the summary of the step.
pub(crate) fn table(report: &mut Report, title: &str, files: &[(&[u8], &Digest)]) {
    if !report.workflow().in_actions {
        return;
    }
    let mut text = format!("### {title}\n\n| file | SHA-256 |\n|---|---|\n");
    for (name, digest) in files.iter().take(ROWS) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {} | `{}` |", markdown::code(name), hex(digest));
    }
    if files.len() > ROWS {
        let _ = writeln!(text, "\n… and {} more.", files.len() - ROWS);
    }
    report.summary(text);
}

/// A file for programs.
#[derive(Serialize)]
pub(crate) struct Listed {
    name: String,
    sha256: String,
}

/// Names and digests for programs; bytes of a name that are no UTF-8 are shown as `\xNN`.
pub(crate) fn as_json(files: &[(&[u8], &Digest)]) -> Vec<Listed> {
    files.iter().map(|(name, digest)| Listed { name: name_as_json(name), sha256: hex(digest) }).collect()
}

/// A name as JSON can hold it.
pub(crate) fn name_as_json(name: &[u8]) -> String {
    std::str::from_utf8(name).map_or_else(|_| neutral(name), str::to_owned)
}

/// Prints a value for programs. Values are structs of ours: serde_json's own kind of value would bring floating-point
/// numbers along, which are a twentieth of the binary.
pub(crate) fn json(report: &mut Report, value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).or_fail(|| "write JSON")?;
    report.machine(format!("{text}\n"));
    Ok(())
}

/// `1 file`, `2 files`.
pub(crate) fn files(count: usize) -> String {
    format!("{count} file{}", if count == 1 { "" } else { "s" })
}
