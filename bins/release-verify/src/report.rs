//! What is said: outputs for later steps, the chain for a person, the record for a program, a summary, annotations.
use std::path::Path;

use action::{Annotation, Answer, Failure, OrFail as _, Report};

use crate::inputs::Format;
use crate::record::{Finding, Record, Status};
use crate::settings::Sinks;

mod summary;
mod text;

/// Says all of it.
pub(crate) fn write(report: &mut Report, record: &Record, sinks: &Sinks) -> Result<(), Failure> {
    let mut json = serde_json::to_string_pretty(record).or_fail(|| "write the record")?;
    json.push('\n');
    match sinks.format {
        Format::Json => report.machine(&json),
        Format::Text => text::write(report, record),
    }
    if let Some(path) = &sinks.record {
        file(path, &json)?;
    }
    report.output("verdict", record.verdict.word());
    report.output("verified", record.verified.to_string());
    report.output("commit", record.commit.as_deref().unwrap_or_default());
    report.output("record", serde_json::to_string(record).or_fail(|| "write the record")?);
    if report.workflow().in_actions {
        report.summary(summary::section(record));
    }
    annotations(report, record, sinks.format);
    Ok(())
}

fn file(path: &Path, text: &str) -> Result<(), Failure> {
    let name = action::neutral(path.as_os_str().as_encoded_bytes());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).or_fail(|| format!("make the folder of {name}"))?;
    }
    std::fs::write(path, text).or_fail(|| format!("write the record to {name}"))
}

/// All that is wrong, but for the first thing that could not be told: the step ends with it. On a terminal the text has
/// said it.
fn annotations(report: &mut Report, record: &Record, format: Format) {
    if !report.workflow().in_actions && format == Format::Text {
        return;
    }
    let told = if record.verdict == Status::Unknown { unknown(record) } else { None };
    for step in &record.chain {
        for finding in step.findings.iter().filter(|finding| told != Some(*finding)) {
            let hint = finding.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            let title = format!("release-verify: {}: {}", step.link.word(), finding.code);
            report.annotate(Annotation::error(format!("{}{hint}", sentence(finding))).title(title));
        }
    }
}

/// `file: what is wrong`.
fn sentence(finding: &Finding) -> String {
    let file = finding.file.as_ref().map(|file| format!("{file}: ")).unwrap_or_default();
    format!("{file}{}", finding.message)
}

/// The first thing that could not be told.
fn unknown(record: &Record) -> Option<&Finding> {
    record.chain.iter().flat_map(|step| &step.findings).find(|finding| finding.status == Status::Unknown)
}

/// Pass and fail are answers; everything else could not be told.
pub(crate) fn answer(record: &Record) -> Result<Answer, Failure> {
    match record.verdict {
        Status::Pass => Ok(Answer::Yes),
        Status::Fail => Ok(Answer::No),
        Status::Unknown | Status::Skipped => {
            let doing = "tell whether this release is what it says";
            let Some(finding) = unknown(record) else {
                return Err(Failure::inputs(doing, "every link may be without evidence, and is"));
            };
            let failure = Failure::inputs(doing, sentence(finding));
            Err(match &finding.hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            })
        }
    }
}
