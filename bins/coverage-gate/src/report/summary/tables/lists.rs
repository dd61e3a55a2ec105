//! What stands below the files in Markdown: reasons, the baseline, waivers, notes, files that count nowhere, reports.
use action::markdown::{code, text};

use super::super::Icons;
use super::super::words;
use super::{Limit, bar, fitting, number, of, rest, table, titled, unbroken};
use crate::record::{Baseline, File, LeftOut, Lost, Reason, Record, ReportRead, Waiver};

/// The reasons that say more than the headline.
pub(crate) fn reasons(record: &Record, icons: &Icons, limit: Limit) -> String {
    let (title, reasons) = words::reasons(record);
    let items = reasons.into_iter().map(|reason| item(&icons.of(reason.verdict), reason));
    titled(title, &list(items, (limit, "reason")))
}

/// What is worth knowing and changes nothing.
pub(crate) fn notes(record: &Record, limit: Limit) -> String {
    list(record.notes.iter().map(|note| item("", note)), (limit, "note"))
}

fn list(items: impl ExactSizeIterator<Item = String>, (limit, noun): (Limit, &str)) -> String {
    let all = items.len();
    let (body, shown) = fitting(items, limit);
    if all == 0 { String::new() } else { format!("{body}{}\n", rest(all - shown, noun)) }
}

fn item(icon: &str, reason: &Reason) -> String {
    let mut item = format!("- {icon}{}{}", if icon.is_empty() { "" } else { " " }, place(reason));
    item += &prose(&reason.message);
    if let Some(hint) = &reason.hint {
        item += &format!("<br>→ {}", prose(hint));
    }
    item
}

/// A sentence in which backticks mark code.
fn prose(sentence: &str) -> String {
    let part = |(part, is_code): (String, bool)| match is_code {
        true => code(part),
        // The escape drops blanks at the start, which would glue the words to the code before them.
        false => format!("{}{}", if part.starts_with(' ') { " " } else { "" }, text(part)),
    };
    words::prose(sentence).into_iter().map(part).collect()
}

/// `` group `api`, `a.rs` line 7:``.
fn place(reason: &Reason) -> String {
    let group = reason.group.as_ref().map(|group| format!("group {}", code(words::cut(group, 80))));
    let line = reason.line.map(|line| format!(" line {line}")).unwrap_or_default();
    let file = reason.file.as_ref().map(|file| format!("{}{line}", code(words::name(file))));
    let places: Vec<String> = group.into_iter().chain(file).collect();
    if places.is_empty() { String::new() } else { format!("{}: ", places.join(", ")) }
}

/// What was compared with an earlier measurement, and the lines that lost their coverage.
pub(crate) fn baseline(record: &Record, limit: Limit) -> String {
    let Some(baseline) = &record.baseline else { return String::new() };
    let row = |lost: &Lost| {
        let count = page::thousands(words::lines(&lost.lines));
        format!("| {} | {count} | {} |", code(words::name(&lost.file)), words::spans(&lost.lines, 12))
    };
    let head = "| file | lines | which |\n|---|---:|---|";
    let lost = table(head, baseline.lost.iter().map(row), (limit, "file"));
    let lost =
        if lost.is_empty() { lost } else { format!("Lines that did not change and lost their coverage:\n\n{lost}") };
    format!("{}\n\n{lost}", fall(baseline))
}

fn fall(baseline: &Baseline) -> String {
    if let Some(why) = &baseline.skipped {
        return format!("Not compared with a baseline: {}.", text(words::sentence(why)));
    }
    let commit = baseline.commit.as_deref().map(|id| format!(" ({})", code(words::short(id)))).unwrap_or_default();
    let before = number(words::percent(Some(&baseline.all)));
    let drop = baseline.drop.as_deref().unwrap_or("0.00");
    let (verb, points) = match drop.strip_prefix('-') {
        Some(rise) => ("rose", rise),
        None => ("fell", drop),
    };
    let allowed =
        baseline.allow_drop.as_ref().map(|allowed| format!(" ({} are allowed)", number(words::cut(allowed, 12))));
    let allowed = allowed.unwrap_or_default();
    format!(
        "The baseline{commit} has {before}; coverage {verb} by {} percentage points{allowed}.",
        number(words::cut(points, 12))
    )
}

/// The files that did not change.
pub(crate) fn unchanged(files: &[&File], limit: Limit) -> String {
    let row = |file: &&File| {
        let percent = number(words::percent_of(file.percent.as_deref()));
        let bar = if file.measured > 0 { bar(file.covered, file.measured) + "\u{a0}" } else { String::new() };
        let parts = if file.measured > 0 { of(file.covered, file.measured) } else { String::new() };
        format!("| {} | {bar}{} | {parts} |", code(words::name(&file.file)), unbroken(&percent))
    };
    table("| file | coverage | |\n|---|---|---:|", files.iter().map(row), (limit, "file"))
}

/// The waivers, and what became of them.
pub(crate) fn waivers(record: &Record, limit: Limit) -> String {
    let row = |waiver: &Waiver| {
        let file = format!("{} {}", code(words::name(&waiver.file)), words::spans(&waiver.lines, 6));
        let until = text(words::cut(&waiver.expires, 20));
        let until = if waiver.expired { format!("🟡 expired on {until}") } else { until };
        format!("| {file} | {} | {} | {until} |", text(words::sentence(&waiver.reason)), waiver.waived)
    };
    table("| lines | reason | waived | until |\n|---|---|---:|---|", record.waivers.iter().map(row), (limit, "waiver"))
}

/// Files that count nowhere.
pub(crate) fn left_out(record: &Record, limit: Limit) -> String {
    let row = |file: &LeftOut| format!("| {} | {} |", code(words::name(&file.file)), text(words::cut(&file.why, 40)));
    table("| file | why |\n|---|---|", record.left_out.iter().map(row), (limit, "file"))
}

/// The reports that were read.
pub(crate) fn reports(record: &Record, limit: Limit) -> String {
    let row = |report: &ReportRead| {
        let (path, format) = (code(words::name(&report.path)), text(words::cut(&report.format, 40)));
        format!("| {path} | {format} | {} |", of(report.used, report.files))
    };
    let head = "| report | format | files in scope |\n|---|---|---:|";
    table(head, record.reports.iter().map(row), (limit, "report"))
}
