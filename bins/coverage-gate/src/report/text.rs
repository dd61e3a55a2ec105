//! The verdict for a person: the answer first, then the numbers, the files that miss most, and why.
use action::{Line, Report, neutral};

use crate::record::{File, Rate, Reason, Record, Span, Verdict};

/// Files with missed lines that are listed.
const MOST_FILES: usize = 20;
/// Reasons and notes that are listed.
const MOST_REASONS: usize = 30;

/// Prints it.
pub(super) fn write(report: &mut Report, record: &Record) {
    report.line(headline(record));
    report.line("");
    rates(report, record);
    files(report, record);
    list(report, "", &record.reasons);
    list(report, "note  ", &record.notes);
    waivers(report, record);
    report.line(Line::new().dim(compared(record)));
}

fn headline(record: &Record) -> Line {
    let first = record.reasons.first().map(|reason| match &reason.file {
        Some(file) => format!("{}: {}", neutral(file), neutral(&reason.message)),
        None => neutral(&reason.message),
    });
    let line = match record.verdict {
        Verdict::Pass => Line::new().good("pass"),
        Verdict::Fail => Line::new().bad("fail"),
        Verdict::Unknown => Line::new().doubtful("cannot tell"),
    };
    let said = first.unwrap_or_else(|| match record.all.as_ref().and_then(|all| all.percent.clone()) {
        Some(percent) => format!("{percent} % of all lines are covered"),
        None => "nothing was measured".to_owned(),
    });
    line.plain("  ").plain(said)
}

fn rates(report: &mut Report, record: &Record) {
    let mut rows: Vec<(String, &Rate)> = Vec::new();
    for (name, rate) in
        [("all", &record.all), ("patch", &record.patch), ("new", &record.new), ("modified", &record.modified)]
    {
        rows.extend(rate.as_ref().map(|rate| (name.to_owned(), rate)));
    }
    for group in &record.groups {
        let name = neutral(&group.name);
        rows.push((format!("{name} all"), &group.all));
        if group.patch.measured > 0 {
            rows.push((format!("{name} patch"), &group.patch));
        }
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let number = rows.iter().map(|(_, rate)| rate.measured.to_string().len()).max().unwrap_or(0);
    for (name, rate) in &rows {
        let line = Line::new().bold(format!("  {name:<width$}  "));
        report.line(match &rate.percent {
            None => line.dim("nothing measured"),
            Some(percent) => {
                let line = line.plain(format!("{percent:>6} %  "));
                let line = line.dim(format!("{:>number$} of {:>number$}", rate.covered, rate.measured));
                threshold(line, rate)
            }
        });
    }
    if !rows.is_empty() {
        report.line("");
    }
}

fn threshold(line: Line, rate: &Rate) -> Line {
    let Some(threshold) = &rate.threshold else { return line };
    match rate.reached {
        Some(true) => line.plain("  ").good("reaches").plain(format!(" {threshold} %")),
        Some(false) => line.plain("  ").bad("below").plain(format!(" {threshold} %")),
        None => line,
    }
}

/// Changed files with missed lines, those that miss most first.
fn files(report: &mut Report, record: &Record) {
    let missed = |file: &File| file.patch.as_ref().map_or(0, |patch| patch.measured - patch.covered);
    let mut files: Vec<&File> = record.files.iter().filter(|file| missed(file) > 0).collect();
    files.sort_by_key(|file| (std::cmp::Reverse(missed(file)), &file.file));
    for file in files.iter().take(MOST_FILES) {
        let Some(patch) = &file.patch else { continue };
        let spans: Vec<String> = patch.missed.iter().map(Span::to_string).collect();
        let count = format!("{}/{}", patch.covered, patch.measured);
        let mut lines = spans.join(",");
        if !patch.partial.is_empty() {
            let partial: Vec<String> = patch.partial.iter().map(Span::to_string).collect();
            lines = format!("{lines}{}partly {}", if lines.is_empty() { "" } else { "; " }, partial.join(","));
        }
        let name = neutral(&file.file);
        let room = report.width().saturating_sub(name.chars().count() + count.len() + 6).max(12);
        let line = Line::new().plain(format!("  {name}  ")).dim(format!("{count}  "));
        report.line(line.bad(cut(&lines, room)));
    }
    let more = files.len().saturating_sub(MOST_FILES);
    if more > 0 {
        report.line(Line::new().dim(format!("  and {more} more files with missed lines")));
    }
    if !files.is_empty() {
        report.line("");
    }
}

fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

fn list(report: &mut Report, kind: &str, reasons: &[Reason]) {
    for reason in reasons.iter().take(MOST_REASONS) {
        let line = Line::new().dim(kind);
        let code = format!("{}  ", neutral(&reason.code));
        let used = kind.chars().count() + code.chars().count();
        let line = match reason.verdict {
            Verdict::Pass => line.dim(code),
            Verdict::Fail => line.bad(code),
            Verdict::Unknown => line.doubtful(code),
        };
        let place = match (&reason.file, reason.line) {
            (Some(file), Some(at)) => format!("{}:{at}: ", neutral(file)),
            (Some(file), None) => format!("{}: ", neutral(file)),
            (None, _) => String::new(),
        };
        wrapped(report, (line, used), &format!("{place}{}", neutral(&reason.message)));
        if let Some(hint) = &reason.hint {
            wrapped(report, (Line::new().dim("      hint: "), 12), &neutral(hint));
        }
    }
    let more = reasons.len().saturating_sub(MOST_REASONS);
    if more > 0 {
        report.line(Line::new().dim(format!("{kind}and {more} more")));
    }
}

/// Prints text behind the start of a line, and goes on below it, indented, where the terminal ends.
fn wrapped(report: &mut Report, (start, used): (Line, usize), text: &str) {
    let (mut line, mut room) = (start, report.width().saturating_sub(used));
    let mut first = true;
    for word in text.split(' ') {
        let length = word.chars().count() + usize::from(!first);
        if length > room && !first {
            report.line(std::mem::replace(&mut line, Line::new().plain("      ")));
            room = report.width().saturating_sub(6);
            line = line.plain(word);
            room = room.saturating_sub(word.chars().count());
        } else {
            line = line.plain(if first { word.to_owned() } else { format!(" {word}") });
            room = room.saturating_sub(length);
        }
        first = false;
    }
    report.line(line);
}

fn waivers(report: &mut Report, record: &Record) {
    for waiver in record.waivers.iter().filter(|waiver| !waiver.expired) {
        let spans: Vec<String> = waiver.lines.iter().map(Span::to_string).collect();
        let place = format!("{}:{}", neutral(&waiver.file), spans.join(","));
        let what = format!("  {} missed, until {}: {}", waiver.waived, waiver.expires, neutral(&waiver.reason));
        report.line(Line::new().dim("waived  ").plain(place).dim(what));
    }
}

fn compared(record: &Record) -> String {
    let base = record.base.as_deref().map(|base| format!("{}, ", base.get(..10).unwrap_or(base))).unwrap_or_default();
    let what = match (record.metric.word(), record.unit.as_str()) {
        ("line", "line") => "lines counted".to_owned(),
        ("line", "statement") => "statements counted, changed lines by block".to_owned(),
        ("line", _) => "lines counted, in Go profiles statements".to_owned(),
        (metric, _) => format!("metric {metric}"),
    };
    format!("compared with {base}{}; {what}", record.compared)
}
