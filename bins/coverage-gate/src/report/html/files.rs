//! Files with their bars, and the source of what changed in them.
use std::collections::BTreeMap;

use page::{
    Anchor, Bar, Block, Cell, Column, Details, Line, LineState, Listing, Row, Section, Share, State, Table, Text,
};

use super::super::summary::words;
use super::{Source, Sources};
use crate::record::{File, FilePatch, Rate, Record, Status};

/// Files that changed, and files that did not, that are listed.
const MOST_FILES: usize = 2_000;
/// Files whose source is shown.
const MOST_LISTINGS: usize = 200;
/// Lines of source that are shown of all files together.
const MOST_LINES: usize = 20_000;
/// Lines of source that are shown of one file.
const MOST_LINES_OF_ONE: usize = 3_000;
/// Listings that are open at first, if anything in them was missed.
const MOST_OPEN: u32 = 20;

/// The files, changed ones first.
pub(super) fn files(record: &Record, sources: &Sources) -> Section {
    let (changed, rest) = words::worst_first(record);
    let places = places(record, sources);
    let count = |files: &[&File], what: &str| page::counted(files.len() as u64, &format!("{what} file"));
    let note = format!("{}, {}", count(&changed, "changed"), count(&rest, "unchanged"));
    let mut section = Section::new("Files").note(note);
    if !changed.is_empty() {
        section = section.block(changed_table(record, &changed, &places));
    }
    if !rest.is_empty() {
        let table = unchanged_table(record, &rest);
        let summary = count(&rest, "unchanged").into();
        section = section.block(Block::Details(Details { summary, open: changed.is_empty(), blocks: vec![table] }));
    }
    section
}

fn changed_table(record: &Record, files: &[&File], places: &BTreeMap<&str, Anchor>) -> Block {
    let columns = vec![
        Column::words("file"),
        Column::words("change"),
        Column::bars("patch"),
        Column::numbers("covered"),
        Column::words("missed"),
        Column::numbers("whole file"),
    ];
    let row = |file: &&File| changed_row(record, file, places.get(file.file.as_str()).copied());
    let (rows, left_out) = page::bounded(files.iter().map(row).collect(), MOST_FILES);
    Block::Table(Table { caption: "Files that changed, the worst first".to_owned(), columns, rows, left_out })
}

fn changed_row(record: &Record, file: &File, place: Option<Anchor>) -> Row {
    let name = words::name(&file.file);
    let name = place.map_or_else(|| Text::new().path(&name), |place| Text::new().path_to(&name, place));
    let name = match &file.from {
        Some(from) => name.soft(" from ").path(words::name(from)),
        None => name,
    };
    let whole = words::percent_of(file.percent.as_deref());
    let (bar, parts, missed) = match &file.patch {
        _ if !file.reported => (Text::new().mark(State::Doubtful, "in no report").into(), Cell::none(), Text::new()),
        Some(patch) if patch.measured > 0 => (meter(record, patch), covered(patch), missed(patch)),
        _ => (Text::new().soft("nothing measured").into(), Cell::none(), Text::new()),
    };
    vec![name.into(), file.status.word().into(), bar, parts, missed.into(), Text::new().soft(whole).into()]
}

fn covered(patch: &FilePatch) -> Cell {
    format!("{} of {}", page::thousands(patch.covered), page::thousands(patch.measured)).into()
}

fn missed(patch: &FilePatch) -> Text {
    let missed = Text::from(words::spans(&patch.missed, 6));
    match words::spans(&patch.partial, 4) {
        partial if partial.is_empty() => missed,
        partial if patch.missed.is_empty() => Text::new().soft("partly ").plain(partial),
        partial => missed.soft("; partly ").plain(partial),
    }
}

fn meter(record: &Record, patch: &FilePatch) -> Cell {
    bar(patch, record.patch.as_ref()).map_or_else(Cell::none, Cell::from)
}

/// The part of the patch in one file, against the threshold of the patch.
fn bar(patch: &FilePatch, whole: Option<&Rate>) -> Option<Bar> {
    let percent = crate::record::percent(patch.covered, patch.measured)?;
    share(patch.covered, patch.measured, whole).map(|(share, aim, state)| {
        let bar = Bar::new(share, state, format!("{percent} %"));
        bar.threshold(aim)
    })
}

/// A share, what it should be, and how good it is: all of it is good, and so is whatever reaches the threshold.
fn share(covered: u64, measured: u64, judged: Option<&Rate>) -> Option<(Share, Option<Share>, State)> {
    let share = Share::of(covered, measured)?;
    let aim = judged.and_then(|rate| rate.threshold.as_deref()).and_then(Share::of_percent);
    let state = match aim {
        _ if covered >= measured => State::Good,
        Some(aim) if share >= aim => State::Good,
        Some(_) => State::Bad,
        None => State::Neutral,
    };
    Some((share, aim, state))
}

fn unchanged_table(record: &Record, files: &[&File]) -> Block {
    let columns = vec![Column::words("file"), Column::bars("coverage"), Column::numbers("covered")];
    let row = |file: &&File| -> Row {
        let name = Text::new().path(words::name(&file.file));
        let Some((share, aim, state)) = share(file.covered, file.measured, record.all.as_ref()) else {
            return vec![name.into(), Text::new().soft("nothing measured").into()];
        };
        let bar = Bar::new(share, state, words::percent_of(file.percent.as_deref())).threshold(aim);
        let parts = format!("{} of {}", page::thousands(file.covered), page::thousands(file.measured));
        vec![name.into(), bar.into(), parts.into()]
    };
    let (rows, left_out) = page::bounded(files.iter().map(row).collect(), MOST_FILES);
    Block::Table(Table { caption: "Files that did not change, the worst first".to_owned(), columns, rows, left_out })
}

/// The files of the record whose source is shown, in the order in which it is.
fn shown<'a>(record: &'a Record, sources: &'a Sources) -> Vec<(&'a File, &'a Source)> {
    let texts: BTreeMap<&str, &Source> = sources.files.iter().map(|source| (source.file.as_str(), source)).collect();
    let (changed, _) = words::worst_first(record);
    let with_text = changed.into_iter().filter_map(|file| Some((file, *texts.get(file.file.as_str())?)));
    with_text.filter(|(_, source)| !source.lines.is_empty()).take(MOST_LISTINGS).collect()
}

/// Where in the page the source of a file is.
fn places<'a>(record: &'a Record, sources: &'a Sources) -> BTreeMap<&'a str, Anchor> {
    let shown = shown(record, sources);
    (1..).zip(shown).map(|(number, (file, _))| (file.file.as_str(), Anchor(number))).collect()
}

/// The source of what changed.
pub(super) fn source(record: &Record, sources: &Sources) -> Option<Section> {
    let shown = shown(record, sources);
    let mut room = MOST_LINES;
    let mut section = Section::new("Source").note("around the changed lines");
    for (number, (file, source)) in (1..).zip(&shown) {
        let (lines, left_out) = page::bounded(source.lines.clone(), room.min(MOST_LINES_OF_ONE));
        room -= lines.len();
        let listing = listing(record, file, Listing { anchor: Some(Anchor(number)), left_out, ..plain(lines) });
        let open = (listing.open || !file.reported) && number <= MOST_OPEN;
        section = section.block(Block::Listing(Listing { open, ..listing }));
    }
    (!shown.is_empty()).then_some(section)
}

/// A listing without a name, open if anything in it was missed.
pub(super) fn plain(lines: Vec<Line>) -> Listing {
    let open = lines.iter().any(|line| matches!(line.state, LineState::Missed | LineState::Partial));
    Listing { anchor: None, heading: Text::new(), note: Text::new(), bar: None, lines, left_out: 0, open }
}

fn listing(record: &Record, file: &File, listing: Listing) -> Listing {
    let heading = Text::new().path(words::name(&file.file));
    let status = if file.status == Status::Modified { "" } else { file.status.word() };
    let patch = file.patch.as_ref().filter(|patch| patch.measured > 0);
    let parts = patch.map(|patch| format!("{} of {}", page::thousands(patch.covered), page::thousands(patch.measured)));
    let words: Vec<String> =
        [status.to_owned(), parts.unwrap_or_default()].into_iter().filter(|word| !word.is_empty()).collect();
    let note = if file.reported { words.join(", ").into() } else { Text::new().mark(State::Doubtful, "in no report") };
    Listing { heading, note, bar: patch.and_then(|patch| bar(patch, record.patch.as_ref())), ..listing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::summary::examples::rate;

    #[test]
    fn a_share_is_judged_by_its_threshold() {
        let check = |covered, threshold, state| {
            let judged = rate(1, 2, threshold);
            assert_eq!(share(covered, 10, Some(&judged)).map(|(_, _, state)| state), Some(state));
        };
        check(10, Some(100), State::Good);
        check(8, Some(80), State::Good);
        check(7, Some(80), State::Bad);
        check(7, None, State::Neutral);
        check(10, None, State::Good);
        assert_eq!(share(0, 0, None), None);
    }
}
