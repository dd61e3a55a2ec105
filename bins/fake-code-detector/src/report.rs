//! What is said: outputs for later steps, text with code frames for a person, JSON and SARIF for programs, annotations, Markdown.
mod sarif;
mod summary;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

use action::{Annotation, Failure, Level, Location, OrFail as _, Report};

use crate::finding::Severity;
use crate::gather::shown;
use crate::inputs::Format;
use crate::record::{Listed, Record};
use crate::settings::Settings;

/// The texts of files in which something was found, by name.
pub(crate) type Texts = BTreeMap<String, String>;

/// Says all of it.
pub(crate) fn write(
    report: &mut Report,
    (record, texts): (&Record, &Texts),
    settings: &Settings,
) -> Result<(), Failure> {
    match settings.format {
        Format::Text => text::write(report, (record, texts)),
        Format::Json => report.machine(json(record)?),
        Format::Sarif => report.machine(sarif::text(record)?),
        Format::Github => record.findings.iter().for_each(|it| report.annotate(annotation(it))),
    }
    if let Some(path) = &settings.sarif {
        file(path, &sarif::text(record)?)?;
        report.output("sarif", shown(path.as_os_str().as_encoded_bytes()));
    }
    report.output("verdict", &record.verdict);
    report.output("errors", record.errors.to_string());
    report.output("warnings", record.warnings.to_string());
    report.output("files", record.files.to_string());
    if report.workflow().in_actions {
        let findings = serde_json::to_string(record).or_fail(|| "write the findings")?;
        report.output("findings", findings);
        report.summary(summary::section(record));
        if settings.format != Format::Github {
            record.findings.iter().for_each(|it| report.annotate(annotation(it)));
        }
    }
    unreadable(report, record, settings);
    Ok(())
}

/// Files that could not be read: the first ends the run where that is not let pass.
fn unreadable(report: &mut Report, record: &Record, settings: &Settings) {
    let told = usize::from(!settings.unparsable_passes);
    for it in record.unparsable.iter().skip(told) {
        let place = Location { file: it.file.clone(), line: it.line, column: it.column, end_line: None };
        let level = if settings.unparsable_passes { Level::Notice } else { Level::Error };
        report.annotate(
            Annotation { level, ..Annotation::notice(format!("could not be read as a program: {}", it.message)) }
                .at(place),
        );
    }
}

fn json(record: &Record) -> Result<String, Failure> {
    serde_json::to_string_pretty(record).map(|text| format!("{text}\n")).or_fail(|| "write the findings")
}

fn file(path: &Path, text: &str) -> Result<(), Failure> {
    let name = shown(path.as_os_str().as_encoded_bytes());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).or_fail(|| format!("make the folder of {name}"))?;
    }
    std::fs::write(path, text).or_fail(|| format!("write {name}"))
}

fn annotation(it: &Listed) -> Annotation {
    let level = match it.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Notice,
    };
    let because: String = it.evidence.iter().map(|proof| format!("\nline {}: {}", proof.line, proof.text)).collect();
    let message = format!("{}{because}\nRepair: {}", it.message, it.repair);
    let place = Location::lines(&it.file, it.line, it.end_line);
    Annotation { level, ..Annotation::notice(message) }.title(format!("{} {}", it.rule, it.name)).at(place)
}
