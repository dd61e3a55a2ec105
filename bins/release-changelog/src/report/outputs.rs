//! Outputs and the summary of a step.
use action::{Report, markdown};

use super::markdown::name;
use super::text::counts;
use crate::decide::Bucket;
use crate::record::Record;

pub(crate) fn write(report: &mut Report, record: &Record<'_>, notes_file: Option<&str>) {
    report.output("notes-file", notes_file.unwrap_or_default());
    report.output("version", record.version.as_deref().unwrap_or_default());
    report.output("bump", record.bump.word());
    report.output("tag-class", record.tag_class.map(|class| class.word()).unwrap_or_default());
    report.output("prerelease", record.prerelease.to_string());
    report.output("total", record.ledger.total.to_string());
    for bucket in Bucket::ALL {
        report.output(bucket.word(), record.ledger.buckets.count(bucket).to_string());
    }
    // Writing to a string cannot fail, and every key is a text.
    report.output("ledger", serde_json::to_string(&record.ledger).unwrap_or_default());
}

/// Version and counts, and below them the notes.
pub(crate) fn summary(report: &mut Report, record: &Record<'_>, notes: &str) {
    let version = record.version.as_deref().unwrap_or("nothing to release");
    let head = format!("**{}**, {}: {}\n\n", name(version), record.bump.word(), markdown::text(counts(record)));
    report.summary(format!("{head}{notes}"));
}
