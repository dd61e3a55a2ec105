//! Pieces of Markdown that the summary and the comment share; every text of the record is escaped here.
use action::markdown::{code, text};

use super::Icons;
use super::words::{self, Named};
use crate::record::{File, FilePatch, Group, Record, Status, Verdict};

mod lists;

pub(crate) use lists::{baseline, left_out, notes, reasons, reports, unchanged, waivers};

/// How much of a table is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// How many rows at most.
    pub(crate) rows: usize,
    /// How many bytes they have at most.
    pub(crate) bytes: usize,
}

/// The head of a table with as many rows as fit, and how many do not. Nothing where there are no rows.
fn table(head: &str, rows: impl ExactSizeIterator<Item = String>, (limit, noun): (Limit, &str)) -> String {
    let all = rows.len();
    let (body, shown) = fitting(rows, limit);
    let head = if shown > 0 { format!("{head}\n") } else { String::new() };
    if all == 0 { String::new() } else { format!("{head}{body}{}\n", rest(all - shown, noun)) }
}

/// As many rows as fit, and how many they are.
fn fitting(rows: impl Iterator<Item = String>, limit: Limit) -> (String, usize) {
    let (mut body, mut shown) = (String::new(), 0);
    for row in rows.take(limit.rows) {
        if body.len() + row.len() >= limit.bytes {
            break;
        }
        body += &row;
        body.push('\n');
        shown += 1;
    }
    (body, shown)
}

/// `… and 12 more files`, in a paragraph of its own.
fn rest(count: usize, noun: &str) -> String {
    match count {
        0 => String::new(),
        _ => format!("\n… and {}\n", page::counted(count as u64, &format!("more {noun}"))),
    }
}

/// A heading and what stands under it; nothing above nothing. The title is ours.
pub(crate) fn titled(title: &str, body: &str) -> String {
    if body.is_empty() { String::new() } else { format!("#### {title}\n\n{body}") }
}

/// What opens on a click; nothing where there is nothing in it. The title is ours.
pub(crate) fn details(title: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("<details><summary>{title}</summary>\n\n{}\n\n</details>\n\n", body.trim_end())
}

/// Headline, rates, and what was measured and compared.
pub(crate) fn head(record: &Record, icons: &Icons) -> String {
    let (icon, title, word) = (icons.of(record.verdict), text(words::title(record)), record.verdict.word());
    let mut out = format!("### {icon} {title}: {word}\n\n");
    out += &format!("**{}.**\n\n", text(words::headline(record)));
    out += "| | coverage | needed | covered | result |\n|---|---:|---:|---:|---|\n";
    for named in words::rates(record) {
        out += &rate(record, &named, icons);
    }
    out += &format!("\nMeasured by `{}`: {}. {}\n\n", record.metric.word(), words::metric(record), compared(record));
    out
}

fn rate(record: &Record, named: &Named<'_>, icons: &Icons) -> String {
    let percent = number(words::percent(named.rate));
    let Some(rate) = named.rate else {
        return format!("| {} | {percent} | | | 🟡 unknown |\n", named.name);
    };
    let needed =
        rate.threshold.as_ref().map(|threshold| format!("{} %", number(words::cut(threshold, 12)))).unwrap_or_default();
    let (strong, parts) = match rate.percent {
        Some(_) => (format!("**{percent}**"), of(rate.covered, rate.measured) + " " + words::units(record)),
        None => (percent, String::new()),
    };
    let cells = [named.name, &strong, &needed, &parts, &result(rate.reached, rate.threshold.is_some(), icons)];
    row(&cells) + "\n"
}

fn result(reached: Option<bool>, judged: bool, icons: &Icons) -> String {
    match reached {
        Some(true) => format!("{} reached", icons.of(Verdict::Pass)),
        Some(false) => format!("{} below", icons.of(Verdict::Fail)),
        None if judged => "⚪ nothing to judge".to_owned(),
        None => "not judged".to_owned(),
    }
}

/// A number of the record as it is; anything else is text.
fn number(shown: String) -> String {
    let plain = shown.bytes().all(|byte| byte.is_ascii_digit() || b".% ".contains(&byte));
    if plain { shown } else { text(shown) }
}

/// `| a | b | | c |`.
fn row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| if cell.is_empty() { String::new() } else { format!(" {cell}") });
    format!("|{} |", cells.collect::<Vec<_>>().join(" |"))
}

/// `1,234 of 2,000`.
fn of(covered: u64, measured: u64) -> String {
    format!("{} of {}", page::thousands(covered), page::thousands(measured))
}

fn compared(record: &Record) -> String {
    let commit = |id: &Option<String>| id.as_deref().map(|id| code(words::short(id)));
    let head = commit(&record.head).unwrap_or_else(|| "the work tree".to_owned());
    let with = text(words::sentence(&record.compared));
    match commit(&record.base) {
        Some(base) if with.is_empty() => format!("Compared {head} with {base}."),
        Some(base) => format!("Compared with {with} ({base}): the change up to {head}."),
        None if with.is_empty() => format!("Nothing was compared; this is {head}."),
        None => format!("Compared with {with}; this is {head}."),
    }
}

/// The groups with their own answers.
pub(crate) fn groups(record: &Record, icons: &Icons, limit: Limit) -> String {
    let row = |group: &Group| {
        let name = text(words::cut(&group.name, 80));
        let carried = if group.carried { " (carried from the baseline)" } else { "" };
        let cells = words::rates_of(group).map(|named| group_rate(&named, icons)).join(" | ");
        format!("| {name}{carried} | {}\u{a0}{} | {cells} |", icons.of(group.verdict), group.verdict.word())
    };
    let head =
        "| group | verdict | changed lines | all lines | new files | modified files |\n|---|---|---:|---:|---:|---:|";
    titled("Groups", &table(head, record.groups.iter().map(row), (limit, "group")))
}

fn group_rate(named: &Named<'_>, icons: &Icons) -> String {
    let percent = number(words::percent(named.rate));
    let rate = named.rate.filter(|rate| rate.percent.is_some());
    let Some((rate, threshold)) = rate.and_then(|rate| Some((rate, rate.threshold.as_ref()?))) else { return percent };
    let verdict = if rate.reached == Some(true) { Verdict::Pass } else { Verdict::Fail };
    let percent = unbroken(&format!("{} {percent}", icons.of(verdict)));
    format!("{percent} ({}\u{a0}% needed)", number(words::cut(threshold, 12)))
}

/// Files that changed, with the lines that were missed; the title is ours.
pub(crate) fn changed(title: &str, files: &[&File], limit: Limit) -> String {
    let head = "| file | changed lines | | | missed lines | whole file |\n|---|---|---:|---:|---|---:|";
    let row = |file: &&File| {
        let (bar, percent, parts, missed) = patch(file);
        let status = if file.status == Status::Modified { String::new() } else { format!(" {}", file.status.word()) };
        let whole = number(words::percent_of(file.percent.as_deref()));
        let name = code(words::name(&file.file)) + &status;
        self::row(&[&name, &bar, &unbroken(&percent), &unbroken(&parts), &missed, &unbroken(&whole)])
    };
    titled(title, &table(head, files.iter().map(row), (limit, "file"))) + by_statement(files)
}

/// What the table has no room to break.
fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// The bar, the percentage, the parts and the missed lines of what changed in a file.
fn patch(file: &File) -> (String, String, String, String) {
    let alone = |words: &str| (words.to_owned(), String::new(), String::new(), String::new());
    if !file.reported {
        return alone("🟡 in no report");
    }
    let Some(patch) = &file.patch else { return alone("") };
    let Some(percent) = crate::record::percent(patch.covered, patch.measured) else { return alone("nothing measured") };
    let bar = bar(patch.covered, patch.measured);
    (bar, format!("{percent} %"), of(patch.covered, patch.measured), lines(patch))
}

fn lines(patch: &FilePatch) -> String {
    let missed = words::spans(&patch.missed, 8);
    let partial = words::spans(&patch.partial, 4);
    match (missed.is_empty(), partial.is_empty()) {
        (_, true) => missed,
        (true, false) => format!("partly: {partial}"),
        (false, false) => format!("{missed}; partly: {partial}"),
    }
}

/// `███████░░░`: full only when all is covered, empty only when nothing is.
pub(crate) fn bar(covered: u64, measured: u64) -> String {
    let tenths = (u128::from(covered) * 10).checked_div(u128::from(measured)).unwrap_or(0).min(10);
    let full = usize::try_from(tenths).unwrap_or(0).max(usize::from(covered > 0));
    format!("{}{}", "█".repeat(full), "░".repeat(10 - full))
}

/// Why lines count that the change did not add.
fn by_statement(files: &[&File]) -> &'static str {
    match files.iter().flat_map(|file| &file.patch).any(|patch| !patch.by_statement.is_empty()) {
        true => "A changed line in the middle of a statement counts with the line that it starts on.\n\n",
        false => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_cut_off_and_never_lie() {
        assert_eq!(bar(0, 9), "░░░░░░░░░░");
        assert_eq!(bar(1, 1000), "█░░░░░░░░░");
        assert_eq!(bar(999, 1000), "█████████░");
        assert_eq!(bar(7, 7), "██████████");
        assert_eq!(bar(0, 0), "░░░░░░░░░░");
        assert_eq!(bar(u64::MAX, 1), "██████████");
    }

    #[test]
    fn rows_that_do_not_fit_are_counted() {
        let rows = || (0..5).map(|at| format!("| {at} |"));
        let check = |rows_most, bytes, expected: &str| {
            assert_eq!(table("HEAD", rows(), (Limit { rows: rows_most, bytes }, "file")), expected);
        };
        check(2, 100, "HEAD\n| 0 |\n| 1 |\n\n… and 3 more files\n\n");
        check(9, 12, "HEAD\n| 0 |\n| 1 |\n\n… and 3 more files\n\n");
        check(9, 2, "\n… and 5 more files\n\n");
        assert_eq!(table("HEAD", rows().skip(5), (Limit { rows: 1, bytes: 9 }, "file")), "");
    }

    #[test]
    fn nothing_is_in_no_box() {
        assert_eq!(details("a", ""), "");
        assert_eq!(titled("a", ""), "");
    }
}
