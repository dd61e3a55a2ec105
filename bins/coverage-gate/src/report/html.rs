//! The record as one HTML page: the answer, the numbers against their thresholds, the files, and the lines themselves.
use page::{Bar, Block, Finding, Headline, Line, Page, Section, Share, State, Text, Tile};

use super::summary::words::{self, Named};
use crate::record::{Rate, Reason, Record, Verdict};

mod files;
mod lists;

/// Source text that the page shows, read by whoever gathers: the page itself reads nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The files, in any order; the page shows those that changed first, the worst first.
    pub files: Vec<Source>,
}

/// The lines of one file that are worth showing: around what changed, and around what lost its coverage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its name, as [`crate::record::File::file`] has it.
    pub file: String,
    /// Its lines, ascending; where a number is missing the page shows a gap. A text has no line break.
    pub lines: Vec<Line>,
}

/// Reasons and notes that are shown.
const MOST_FINDINGS: usize = 200;

/// The page.
pub fn html(record: &Record, sources: &Sources) -> String {
    let start = Page::new("coverage-gate", words::title(record), headline(record));
    let page = facts(record).into_iter().fold(start, |page, (name, value)| page.fact(name, value));
    let sections = [
        Some(numbers(record)),
        reasons(record),
        lists::groups(record),
        Some(files::files(record, sources)),
        files::source(record, sources),
        lists::baseline(record, sources),
        lists::waivers(record),
        notes(record),
        lists::read(record),
    ];
    sections.into_iter().flatten().fold(page, Page::section).html()
}

/// The colour and the sign of a verdict; what could not be told is neither green nor red.
fn state(verdict: Verdict) -> State {
    match verdict {
        Verdict::Pass => State::Good,
        Verdict::Fail => State::Bad,
        Verdict::Unknown => State::Doubtful,
    }
}

fn headline(record: &Record) -> Headline {
    let more = words::further_reasons(record) as u64;
    let lead = format!("Judged by the metric “{}”: {}.", record.metric.word(), words::metric(record));
    let more = if more > 0 { format!(" {} below.", page::counted(more, "more reason")) } else { String::new() };
    // A number stays on the line of its sign.
    let text = words::headline(record).replace(" %", "\u{a0}%") + ".";
    Headline::new(state(record.verdict), record.verdict.word(), text).lead(lead + &more)
}

fn facts(record: &Record) -> Vec<(&'static str, Text)> {
    let commit = |id: &String| Text::new().code(words::short(id));
    let head = record.head.as_ref().map_or_else(|| "the work tree".into(), commit);
    let base = match (&record.base, words::sentence(&record.compared)) {
        (Some(base), with) if with.is_empty() => commit(base),
        (Some(base), with) => commit(base).plain(" ").soft(with),
        (None, with) if with.is_empty() => "nothing".into(),
        (None, with) => with.into(),
    };
    vec![("measured", head), ("compared with", base), ("metric", Text::new().code(record.metric.word()))]
}

fn numbers(record: &Record) -> Section {
    let tiles = words::rates(record).iter().map(|named| tile(record, named)).collect();
    Section::new("Coverage").block(Block::Tiles(tiles))
}

fn tile(record: &Record, named: &Named<'_>) -> Tile {
    let Some(rate) = named.rate else {
        return Tile::new(named.name, words::percent(None)).judged(State::Doubtful, "unknown");
    };
    let (state, why) = judgement(rate);
    let Some(percent) = &rate.percent else {
        return Tile::new(named.name, words::percent(Some(rate))).judged(state, why);
    };
    let detail =
        format!("{} of {} {}", page::thousands(rate.covered), page::thousands(rate.measured), words::units(record));
    Tile::new(named.name, words::cut(percent, 12)).unit("%").detail(detail).bar(bar(rate)).judged(state, why)
}

/// How a rate stands to its threshold, in a few words.
fn judgement(rate: &Rate) -> (State, String) {
    let threshold = rate.threshold.as_ref().map(|threshold| format!("{}\u{a0}%", words::cut(threshold, 12)));
    match (rate.reached, threshold) {
        (Some(true), Some(threshold)) => (State::Good, format!("reaches {threshold}")),
        (Some(false), Some(threshold)) => (State::Bad, format!("below {threshold}")),
        (_, Some(threshold)) => (State::Neutral, format!("{threshold} needed")),
        (_, None) => (State::Neutral, "not judged".to_owned()),
    }
}

/// The rate as a bar with its threshold; none where nothing was measured.
fn bar(rate: &Rate) -> Option<Bar> {
    let threshold = rate.threshold.as_deref().and_then(Share::of_percent);
    let label = words::percent(Some(rate));
    Some(Bar::new(Share::of(rate.covered, rate.measured)?, judgement(rate).0, label).threshold(threshold))
}

fn reasons(record: &Record) -> Option<Section> {
    let (title, reasons) = words::reasons(record);
    findings(&reasons, true).map(|findings| Section::new(title).block(findings))
}

fn notes(record: &Record) -> Option<Section> {
    let section = Section::new("Notes").note("worth knowing; they change nothing");
    findings(&record.notes.iter().collect::<Vec<_>>(), false).map(|findings| section.block(findings))
}

fn findings(reasons: &[&Reason], judged: bool) -> Option<Block> {
    let finding = |reason: &&Reason| {
        let state = if judged { state(reason.verdict) } else { State::Neutral };
        let finding = Finding::new(state, prose(&reason.message)).place(place(reason));
        finding.hint(reason.hint.as_deref().map_or_else(Text::new, prose))
    };
    let (findings, left_out) = page::bounded(reasons.iter().map(finding).collect(), MOST_FINDINGS);
    (!findings.is_empty()).then_some(Block::Findings { findings, left_out })
}

/// A sentence in which backticks mark code.
fn prose(text: &str) -> Text {
    words::prose(text).into_iter().fold(Text::new(), |text, (part, is_code)| match is_code {
        true => text.code(part),
        false => text.plain(part),
    })
}

fn place(reason: &Reason) -> Text {
    let mut place = Text::new();
    if let Some(file) = &reason.file {
        let line = reason.line.map(|line| format!(" line {line}")).unwrap_or_default();
        place = place.path(words::name(file)).plain(line).plain(" ");
    }
    if let Some(group) = &reason.group {
        place = place.plain("group ").strong(words::cut(group, 80)).plain(" ");
    }
    place.code(words::cut(&reason.code, 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::summary::examples;

    fn sources(text: &str) -> Sources {
        let line = |number| Line { number, text: text.to_owned(), state: page::LineState::Missed, added: true };
        let file = |file: &str| Source { file: file.to_owned(), lines: vec![line(10), line(11), line(40)] };
        Sources { files: vec![file("app/tokens.py"), file("app/mail.py"), file("app/main.py"), file(text)] }
    }

    fn order(page: &str, parts: &[&str]) {
        let mut from = 0;
        for part in parts {
            let at = page[from..].find(part);
            assert!(at.is_some(), "{part} is missing, or not in its place");
            from += at.unwrap_or(0) + part.len();
        }
    }

    #[test]
    fn the_page_says_first_what_matters() {
        let page = html(&examples::fail(), &sources("return None"));
        order(
            &page,
            &[
                "<title>fail: Backend coverage · coverage-gate</title>",
                "<h1>Coverage falls short: 72.22\u{a0}% of the changed lines are covered, 80\u{a0}% are needed.</h1>",
                "metric “line”",
                "compared with",
                "72.22<span class=\"unit\"> %",
                "below 80\u{a0}%",
                "13 of 18 lines",
                ">Also</h2>",
                "a test that calls <code>send</code> without",
                ">Groups</h2>",
                ">Files</h2>",
                "mail.py",
                ">Source</h2>",
                "return None",
                ">Baseline</h2>",
                ">Waivers</h2>",
                ">Notes</h2>",
                "1 file left out",
                "1 report read",
            ],
        );
    }

    #[test]
    fn nothing_measured_is_no_number() {
        let page = html(&examples::unknown(), &Sources::default());
        order(&page, &["<header class=\"doubtful\">", "nothing measured", "could not be counted", "in no report"]);
        assert!(!page.contains("0.00 %") && !page.contains("100.00 %"), "{page}");
    }

    #[test]
    fn the_same_record_is_the_same_page_and_hostile_texts_stay_text() {
        for text in examples::HOSTILE {
            let page = html(&examples::with_text(text), &sources(text));
            assert_eq!(page, html(&examples::with_text(text), &sources(text)));
            for tag in ["<script", "<img", "<b>alert", "</details></table>", "\u{202e}"] {
                assert!(!page.contains(tag), "{tag} in {page}");
            }
        }
    }

    #[test]
    fn a_page_is_bounded() {
        let mut record = examples::fail();
        let name = |at: usize| format!("app/{at:05}.py");
        record.files.extend((0..9_000).map(|at| examples::changed(&name(at), crate::record::Status::Added, 0, 30)));
        let lines =
            (1..900).map(|number| Line { number, text: "x".repeat(100), ..Line::default() }).collect::<Vec<_>>();
        let files = (0..300).map(|at| Source { file: name(at), lines: lines.clone() }).collect();
        let page = html(&record, &Sources { files });
        assert!(page.len() < 8_000_000, "{}", page.len());
        order(&page, &["more rows are left out", "more lines are left out"]);
    }
}
