//! What is said about a release: notes, the record as JSON, a listing for people, outputs and summary.
pub(crate) mod limits;
pub(crate) mod links;
pub(crate) mod markdown;
pub mod markup;
pub(crate) mod outputs;
pub(crate) mod released;
pub(crate) mod text;

use action::{Annotation, Report};

use crate::message::Lint;
use crate::record::Record;

/// Findings of one kind that are told one by one.
const TOLD: usize = 20;

/// Tells what is nearly right in the messages of a release: none of it is silent.
pub(crate) fn warn(report: &mut Report, record: &Record<'_>) {
    // A version that may be too low weighs most.
    let weight = |code: &str| u32::from(code == Lint::NearMissBreaking.code());
    for finding in record.lint.iter().take(TOLD) {
        let text = format!("{}: {} ({})", &finding.id[..10], finding.subject, remedy(finding.code));
        report.annotate(Annotation::warning(text).title(finding.code).weight(weight(finding.code)));
    }
    if record.lint.len() > TOLD {
        report.annotate(Annotation::warning(format!(
            "{} more messages are nearly right; `release-changelog lint` lists them",
            record.lint.len() - TOLD
        )));
    }
}

pub(crate) fn remedy(code: &str) -> &'static str {
    Lint::ALL.iter().find(|lint| lint.code() == code).map_or("", |lint| lint.remedy())
}
