//! Groups, the baseline, waivers, and what was left out or read.
use page::{Block, Cell, Column, Details, Listing, Row, Section, State, Table, Text};

use super::super::summary::words;
use super::{Sources, bar, files, judgement, state};
use crate::record::{Baseline, Group, LeftOut, Lost, Rate, Record, ReportRead, Waiver};

/// Rows of one table.
const MOST_ROWS: usize = 500;
/// Lines of source of files that lost coverage.
const MOST_LINES: usize = 1_000;

/// The groups with their own answers.
pub(super) fn groups(record: &Record) -> Option<Section> {
    let columns = ["all lines", "changed lines", "new files", "modified files"].map(Column::words);
    let columns = [Column::words("group"), Column::words("verdict")].into_iter().chain(columns).collect();
    let rows = record.groups.iter().map(group).collect::<Vec<_>>();
    let section = Section::new("Groups").note("each with thresholds of its own");
    filled(rows, |rows| section.block(table("Groups", columns, rows)))
}

fn group(group: &Group) -> Row {
    let name = Text::new().strong(words::cut(&group.name, 80));
    let name = if group.carried { name.soft(" carried from the baseline") } else { name };
    let verdict = Text::new().mark(state(group.verdict), group.verdict.word());
    let rates = [&group.all, &group.patch, &group.new, &group.modified].map(rate);
    [name.into(), verdict.into()].into_iter().chain(rates).collect()
}

/// `72.22 %` and how it stands to its threshold, in one cell.
fn rate(rate: &Rate) -> Cell {
    let percent = words::percent(Some(rate));
    match (judgement(rate), rate.reached) {
        ((state, why), Some(_)) => Text::from(percent).plain(" ").mark(state, why).into(),
        _ => Text::new().soft(percent).into(),
    }
}

/// What was compared with an earlier measurement, and the lines that lost their coverage.
pub(super) fn baseline(record: &Record, sources: &Sources) -> Option<Section> {
    let baseline = record.baseline.as_ref()?;
    let section = Section::new("Baseline");
    if let Some(why) = &baseline.skipped {
        let why = format!("Not compared with a baseline: {}.", words::sentence(why));
        return Some(section.block(Block::Paragraph(Text::new().mark(State::Neutral, why))));
    }
    let section = section.block(Block::Paragraph(fall(baseline)));
    let section = match bar(&baseline.all).zip(record.all.as_ref().and_then(bar)) {
        Some((before, now)) => section.block(Block::Bars(vec![("baseline".into(), before), ("now".into(), now)])),
        None => section,
    };
    let columns = vec![Column::words("lost coverage in"), Column::numbers("lines"), Column::words("which")];
    let row = |lost: &Lost| -> Row {
        let name = Text::new().path(words::name(&lost.file));
        vec![name.into(), Cell::count(words::lines(&lost.lines)), words::spans(&lost.lines, 20).into()]
    };
    let rows: Vec<Row> = baseline.lost.iter().map(row).collect();
    let section = match rows.is_empty() {
        true => section,
        false => section.block(table("Lines that did not change and lost their coverage", columns, rows)),
    };
    Some(lost_source(record, baseline, sources).into_iter().fold(section, Section::block))
}

fn fall(baseline: &Baseline) -> Text {
    let drop = baseline.drop.as_deref().unwrap_or("0.00");
    let (verb, points) = drop.strip_prefix('-').map_or(("fell", drop), |rise| ("rose", rise));
    let start = Text::from(format!("Coverage {verb} by ")).strong(words::cut(points, 12)).plain(" percentage points");
    let start = match &baseline.allow_drop {
        Some(allowed) => start.plain(format!(" ({} are allowed)", words::cut(allowed, 12))),
        None => start,
    };
    match &baseline.commit {
        Some(commit) => start.plain(" since ").code(words::short(commit)),
        None => start,
    }
}

/// Source of files that did not change and are worth showing for what they lost.
fn lost_source(record: &Record, baseline: &Baseline, sources: &Sources) -> Vec<Block> {
    let (changed, _) = words::worst_first(record);
    let is_changed = |name: &str| changed.iter().any(|file| file.file == name);
    let lost = baseline.lost.iter().filter(|lost| !is_changed(&lost.file)).take(20);
    let source = |lost: &Lost| sources.files.iter().find(|source| source.file == lost.file && !source.lines.is_empty());
    let listing = |source: &super::Source| {
        let (lines, left_out) = page::bounded(source.lines.clone(), MOST_LINES);
        let (heading, note) = (Text::new().path(words::name(&source.file)), "lost coverage".into());
        Block::Listing(Listing { heading, note, left_out, ..files::plain(lines) })
    };
    lost.filter_map(source).map(listing).collect()
}

/// The waivers, and what became of them.
pub(super) fn waivers(record: &Record) -> Option<Section> {
    let columns = ["file", "lines", "reason", "until"].map(Column::words).into_iter();
    let columns = columns.chain([Column::numbers("waived")]).collect();
    let row = |waiver: &Waiver| -> Row {
        let name = Text::new().path(words::name(&waiver.file));
        let day = words::cut(&waiver.expires, 20);
        let until = match waiver.expired {
            true => Text::new().mark(State::Doubtful, format!("expired on {day}")),
            false => day.into(),
        };
        let (lines, reason) = (words::spans(&waiver.lines, 12), words::sentence(&waiver.reason));
        vec![name.into(), lines.into(), reason.into(), until.into(), Cell::count(waiver.waived)]
    };
    let waived = record.waivers.iter().map(|waiver| waiver.waived).sum();
    let section = Section::new("Waivers").note(format!("{} waived", page::counted(waived, "missed line")));
    filled(record.waivers.iter().map(row).collect(), |rows| section.block(table("Waivers", columns, rows)))
}

/// Files that count nowhere and reports that were read, closed at first.
pub(super) fn read(record: &Record) -> Option<Section> {
    let left_out = |file: &LeftOut| -> Row {
        vec![Text::new().path(words::name(&file.file)).into(), words::cut(&file.why, 40).into()]
    };
    let report = |report: &ReportRead| -> Row {
        let (path, format) = (Text::new().path(words::name(&report.path)), words::cut(&report.format, 40));
        vec![path.into(), format.into(), Cell::count(report.files), Cell::count(report.used)]
    };
    let reports = [Column::words("report"), Column::words("format")].into_iter();
    let reports = reports.chain(["files", "in scope"].map(Column::numbers)).collect();
    let files = vec![Column::words("file"), Column::words("why")];
    let count = |count: usize, noun: &str| page::counted(count as u64, noun);
    let blocks = [
        closed(count(record.left_out.len(), "file") + " left out", files, record.left_out.iter().map(left_out)),
        closed(count(record.reports.len(), "report") + " read", reports, record.reports.iter().map(report)),
    ];
    let blocks: Vec<Block> = blocks.into_iter().flatten().collect();
    filled(blocks, |blocks| blocks.into_iter().fold(Section::new("What was read"), Section::block))
}

fn closed(title: String, columns: Vec<Column>, rows: impl Iterator<Item = Row>) -> Option<Block> {
    filled(rows.collect(), |rows| {
        let blocks = vec![table(&title, columns, rows)];
        Block::Details(Details { summary: title.into(), open: false, blocks })
    })
}

fn table(caption: &str, columns: Vec<Column>, rows: Vec<Row>) -> Block {
    let (rows, left_out) = page::bounded(rows, MOST_ROWS);
    Block::Table(Table { caption: caption.to_owned(), columns, rows, left_out })
}

/// What is made of the list, unless it is empty.
fn filled<T, R>(list: Vec<T>, make: impl FnOnce(Vec<T>) -> R) -> Option<R> {
    (!list.is_empty()).then(|| make(list))
}
