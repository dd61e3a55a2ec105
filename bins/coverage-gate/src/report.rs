//! What is said: outputs for later steps, text for a person, JSON for a program, Markdown, HTML, a badge, annotations.
pub mod badge;
pub mod comment;
mod excerpt;
pub mod html;
pub mod summary;
mod text;

use std::path::Path;

use action::{Annotation, Failure, Level, Location, OrFail as _, Report};

use crate::baseline::{self, Baseline, Runs};
use crate::gather::{Facts, shown};
use crate::inputs::Format;
use crate::record::{File, Reason, Record, Verdict};
use crate::settings::Sinks;
pub use summary::Icons;

/// Says all of it, but for the comment.
pub(crate) fn write(report: &mut Report, (record, facts): (&Record, &Facts), sinks: &Sinks) -> Result<(), Failure> {
    match sinks.format {
        Format::Json => report.machine(json(record, true)?),
        Format::Text => text::write(report, record),
    }
    if let Some(path) = &sinks.record {
        file(path, "the record", &json(record, true)?)?;
    }
    if let Some(path) = &sinks.html {
        let sources = excerpt::sources(record, facts);
        file(path, "the HTML report", html::html(record, &sources).as_bytes())?;
    }
    if let Some(path) = &sinks.badge {
        file(path, "the badge", badge::svg(record).as_bytes())?;
    }
    if let Some(path) = &sinks.baseline {
        baseline_out(path, (record, facts))?;
    }
    outputs(report, record)?;
    if report.workflow().in_actions {
        report.summary(summary::section(record, &sinks.icons));
    }
    annotations(report, record, sinks.format);
    Ok(())
}

fn file(path: &Path, what: &str, bytes: &[u8]) -> Result<(), Failure> {
    let name = shown(path.as_os_str().as_encoded_bytes());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).or_fail(|| format!("make the folder of {name}"))?;
    }
    std::fs::write(path, bytes).or_fail(|| format!("write {what} to {name}"))
}

/// Writes this run's lines for later ones: of a commit only, and only when every report could be used.
fn baseline_out(path: &Path, (record, facts): (&Record, &Facts)) -> Result<(), Failure> {
    let name = shown(path.as_os_str().as_encoded_bytes());
    let Some(commit) = &facts.measured_at else {
        let cause = "the repository has no commit, or its work tree differs from it";
        return Err(Failure::inputs(format!("write the baseline {name}"), cause).hint("commit first, then measure"));
    };
    if record.all.is_none() {
        return Err(Failure::inputs(format!("write the baseline {name}"), "not every report could be used"));
    }
    let lines = facts.measured.iter().map(|(path, coverage)| (shown(path), Runs::of(&coverage.lines)));
    let made = Baseline { schema: baseline::SCHEMA.to_owned(), commit: commit.clone(), files: lines.collect() };
    let text = serde_json::to_string(&made).or_fail(|| "write the baseline")?;
    file(path, "the baseline", format!("{text}\n").as_bytes())
}

fn outputs(report: &mut Report, record: &Record) -> Result<(), Failure> {
    let percent =
        |rate: &Option<crate::record::Rate>| rate.as_ref().and_then(|rate| rate.percent.clone()).unwrap_or_default();
    report.output("verdict", record.verdict.word());
    report.output("all", percent(&record.all));
    report.output("patch", percent(&record.patch));
    report.output("new-files", percent(&record.new));
    report.output("badge", badge::endpoint(record));
    // Nobody asks for it on a terminal, where it can be printed.
    if report.workflow().in_actions {
        report.output("record", String::from_utf8_lossy(json(record, false)?.trim_ascii_end()));
    }
    Ok(())
}

/// The record as JSON, on one line or on many. With 20,000 files it is megabytes, so its room is reserved at once.
fn json(record: &Record, pretty: bool) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::with_capacity(record.files.len() * if pretty { 240 } else { 170 } + 4096);
    let written = match pretty {
        true => serde_json::to_writer_pretty(&mut text, record),
        false => serde_json::to_writer(&mut text, record),
    };
    written.or_fail(|| "write the record")?;
    text.push(b'\n');
    Ok(text)
}

/// Missed lines of the change, then what else is wrong or odd. On a terminal the text has said it already.
fn annotations(report: &mut Report, record: &Record, format: Format) {
    if !report.workflow().in_actions && format == Format::Text {
        return;
    }
    let judged = |reason: &&Reason| reason.verdict != Verdict::Pass;
    // The first thing that could not be told is what the step ends with.
    let told = usize::from(record.verdict == Verdict::Unknown);
    for reason in record.reasons.iter().filter(judged).skip(told) {
        report.annotate(annotation(reason));
    }
    if !report.workflow().in_actions {
        return;
    }
    let failed = record.reasons.iter().any(|reason| reason.code == "patch-below" || reason.code == "new-below");
    for file in &record.files {
        missed(report, file, failed);
    }
    for note in &record.notes {
        if let Some((_, level)) = LOUD.iter().find(|(code, _)| *code == note.code) {
            report.annotate(Annotation { level: *level, weight: 10, ..annotation(note) });
        }
    }
}

/// Notes that show up on the pull request: what somebody has to act on as warnings, what explains a verdict as notices.
const LOUD: [(&str, Level); 10] = [
    ("attributes-changed", Level::Warning),
    ("skipped", Level::Warning),
    ("base-missing", Level::Warning),
    ("waiver-expired", Level::Warning),
    ("old-report", Level::Warning),
    ("line-past-end", Level::Warning),
    ("nothing-compared", Level::Notice),
    ("negative-hits", Level::Notice),
    ("header-differs", Level::Notice),
    ("upstream-differs", Level::Notice),
];

fn annotation(reason: &Reason) -> Annotation {
    let hint = reason.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    let message = format!("{}{hint}", reason.message);
    let annotation = match reason.verdict {
        Verdict::Pass => Annotation::notice(message),
        Verdict::Fail | Verdict::Unknown => Annotation::error(message),
    };
    let annotation = annotation.title(format!("coverage-gate: {}", reason.code)).weight(1_000_000);
    match place(reason) {
        Some(place) => annotation.at(place),
        None => annotation,
    }
}

/// Where a reason is.
pub(crate) fn place(reason: &Reason) -> Option<Location> {
    match (reason.file.as_ref()?, reason.line) {
        (file, Some(line)) => Some(Location::line(file, line)),
        (file, None) => Some(Location::file(file)),
    }
}

/// One annotation a run of missed lines; the longest runs weigh most.
fn missed(report: &mut Report, file: &File, failed: bool) {
    let Some(patch) = &file.patch else { return };
    for span in &patch.missed {
        let lines = span.1 - span.0 + 1;
        let message = match lines {
            1 => "this changed line is not covered".to_owned(),
            _ => format!("these {lines} changed lines are not covered"),
        };
        let place = Location::lines(&file.file, span.0, span.1);
        let annotation = if failed { Annotation::warning(message) } else { Annotation::notice(message) };
        report.annotate(annotation.title("not covered").at(place).weight(1000 + lines.min(100_000)));
    }
}
