//! No text breaks out of its place: whatever stands in whatever slot, the page keeps its shape and fetches nothing.
use page::{
    Anchor, Axis, Bar, Block, Cell, Column, Details, Finding, Headline, Line, LinePlot, LineState, Listing, Mark, Page,
    Section, Series, Share, State, Table, Text, Tile,
};
use proptest::prelude::*;

/// Elements that have no end.
const VOID: [&str; 7] = ["!DOCTYPE", "meta", "link", "wbr", "use", "br", "hr"];

const HOSTILE: [&str; 14] = [
    "</style><script>alert(1)</script>",
    "\"><img src=https://example.com/x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "<!--",
    "-->",
    "</title>",
    "</td></tr></table>",
    "<![CDATA[",
    "&lt;&#60;&",
    "javascript:alert(1)",
    "\0\u{7}\u{1b}[31m",
    "a\u{202e}gnp.exe\u{2066}",
    "\u{2028}\r\n\t",
    "a/b/<svg onload=alert(1)>/../c",
];

/// A page with the text in every slot.
fn page(text: &str) -> Page {
    let own = || text.to_owned();
    let run = || {
        let run = Text::from(text).plain(own()).strong(own()).soft(own()).code(own());
        run.path(own()).path_to(own(), Anchor(1)).mark(State::Doubtful, own())
    };
    let bar = || Bar::new(Share::of(1, 3).unwrap_or_default(), State::Bad, own()).threshold(Share::of_percent("70"));
    let tile = Tile::new(own(), own()).unit(own()).detail(run()).bar(Some(bar())).judged(State::Good, own());
    let columns = vec![Column::words(own()), Column::numbers(own()), Column::bars(own())];
    let rows = vec![vec![run().into(), own().into(), Cell::from(bar())], vec![Cell::none()]];
    let lines = vec![
        Line { number: 7, text: own(), state: LineState::Missed, added: true },
        Line { number: 9, text: own(), state: LineState::Partial, added: false },
    ];
    let finding = Finding::new(State::Bad, run()).place(run()).hint(run());
    let listing = Listing {
        anchor: Some(Anchor(1)),
        heading: run(),
        note: run(),
        bar: Some(bar()),
        lines,
        left_out: 3,
        open: true,
    };
    let left_out = 2;
    let blocks = vec![
        Block::Paragraph(run()),
        Block::Tiles(vec![tile]),
        Block::Table(Table { caption: own(), columns, rows, left_out }),
        Block::Findings { findings: vec![finding], left_out },
        Block::Bars(vec![(run(), bar())]),
        Block::Plot(plot(text)),
        Block::Listing(listing),
    ];
    let details = Block::Details(Details { summary: run(), open: false, blocks: blocks.clone() });
    let sections = blocks.into_iter().chain([details]).map(|block| Section::new(own()).note(run()).block(block));
    let headline = Headline::new(State::Bad, own(), own()).lead(run());
    let start = Page::new(own(), own(), headline).fact(own(), run());
    sections.fold(start, Page::section)
}

fn plot(text: &str) -> LinePlot {
    let own = || text.to_owned();
    let axis = || Axis { label: own(), unit: own() };
    let series = vec![Series { name: own(), state: State::Neutral, points: vec![(0.0, 1.0), (1.0, 2.0)] }];
    LinePlot {
        title: own(),
        x: axis(),
        y: axis(),
        series,
        threshold: Some((1.5, own())),
        marks: vec![Mark { at: 0.5, label: own(), state: State::Bad }],
    }
}

/// The tags of a page in order, each with what stands in it; panics where a reader of HTML could lose its way.
fn tags(html: &str) -> Vec<(&str, &str)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>') || in_style(&tags), "a stray > in {text:?}");
        let mut quoted = false;
        let end = after.find(|letter| {
            quoted ^= letter == '"';
            letter == '>' && !quoted
        });
        let (tag, after) = after.split_at(end.expect("a tag has an end"));
        tags.push(tag.split_once(' ').unwrap_or((tag, "")));
        rest = &after[1..];
    }
    tags
}

/// Between the start and the end of the style sheet.
fn in_style(tags: &[(&str, &str)]) -> bool {
    tags.last().is_some_and(|tag| tag.0 == "style")
}

fn balanced(html: &str) -> Vec<(&str, &str)> {
    let tags = tags(html);
    let mut open = Vec::new();
    for (name, _) in tags.iter().filter(|tag| !VOID.contains(&tag.0)) {
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "an end without its start"),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "not ended: {open:?}");
    tags
}

/// The names of the attributes of a tag.
fn attributes(inside: &str) -> Vec<&str> {
    let outside_quotes = inside.split('"').step_by(2);
    outside_quotes.flat_map(|part| part.split([' ', '='])).filter(|name| !name.is_empty()).collect()
}

fn shape(html: &str) -> Vec<(String, Vec<&str>)> {
    let shape = |(name, inside): (&str, _)| (name.to_owned(), attributes(inside));
    balanced(html)
        .into_iter()
        .map(shape)
        .filter(|(name, _)| !["span", "/span", "wbr"].contains(&name.as_str()))
        .collect()
}

fn check(text: &str) {
    let html = page(text).html();
    assert_eq!(shape(&html), shape(&page("x").html()), "{text:?} changes the shape of the page");
    let hidden =
        |letter: &char| letter.is_control() && !"\n\t".contains(*letter) || "\u{202e}\u{2066}".contains(*letter);
    assert_eq!(html.chars().find(hidden), None, "{text:?} hides something");
}

#[test]
fn hostile_texts_stay_in_their_places() {
    HOSTILE.into_iter().for_each(check);
    check(&HOSTILE.concat());
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    let html = page("x").html();
    let policy = "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;";
    assert!(html.contains(policy), "{html}");
    for (name, inside) in tags(&html) {
        assert!(!["script", "iframe", "img", "base", "form", "object", "embed"].contains(&name), "{name}");
        assert!(attributes(inside).iter().all(|attribute| !attribute.starts_with("on") && *attribute != "src"));
        for target in inside.split("href=\"").skip(1) {
            assert!(target.starts_with('#') || target.starts_with("data:image/svg+xml,"), "{target}");
        }
    }
}

#[test]
fn links_have_targets_and_targets_are_one_of_a_kind() {
    let section = |number| {
        let lines = vec![Line { number, ..Line::default() }];
        let (heading, note, anchor) = (Text::new(), Text::new(), Some(Anchor(number)));
        let listing = Listing { anchor, heading, note, bar: None, lines, left_out: 0, open: false };
        let link = Text::new().path_to("a", Anchor(number));
        Section::new("s").block(Block::Paragraph(link)).block(Block::Listing(listing))
    };
    let headline = Headline::new(State::Neutral, "", "");
    let html = (1..4).map(section).fold(Page::new("", "", headline), Page::section).html();
    let values = |name: &str| -> Vec<String> {
        let marker = format!(" {name}=\"");
        html.split(&marker).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values("id");
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "{id} twice");
    }
    for target in values("href").iter().filter_map(|href| href.strip_prefix('#')) {
        assert!(ids.iter().any(|id| id == target), "nothing is called {target}");
    }
}

#[test]
fn the_same_value_is_the_same_page() {
    assert_eq!(page("ä <b>").html(), page("ä <b>").html());
}

#[test]
fn a_long_text_makes_no_long_page() {
    let (short, long) = (page(&"a".repeat(2_000)).html().len(), page(&"a".repeat(200_000)).html().len());
    assert!(long < short + 20_000, "{short} {long}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_stays_in_its_place(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn markup_like_text_stays_in_its_place(text in "[<>/\"'&=a-c! \\-\u{0}\u{202e}]{0,40}") {
        check(&text);
    }
}
