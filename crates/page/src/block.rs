//! What a page is made of: sections, and the blocks in them.
use maud::{Markup, html};

use crate::escape::Shown;
use crate::listing::legend;
use crate::table::left_out;
use crate::tile::tiles;
use crate::{Bar, LinePlot, Listing, State, Table, Text, Tile};

/// A part of the page with a title.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    title: String,
    note: Text,
    blocks: Vec<Block>,
}

impl Section {
    /// A section without blocks.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), note: Text::new(), blocks: Vec::new() }
    }

    /// Says beside the title how much there is, or what it means.
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = note.into();
        self
    }

    /// Adds a block.
    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn markup(&self, number: usize) -> Markup {
        // Lines that nothing was measured of need no legend.
        let first_listing =
            self.blocks.iter().position(|block| matches!(block, Block::Listing(list) if list.is_judged()));
        html! {
            section aria-labelledby={ "s" (number) } {
                div class="section-head" {
                    h2 id={ "s" (number) } { (Shown::new(&self.title)) }
                    @if !self.note.is_empty() { p class="soft" { (self.note.markup()) } }
                }
                @for (at, block) in self.blocks.iter().enumerate() {
                    @if Some(at) == first_listing { (legend()) }
                    (block.markup())
                }
            }
        }
    }
}

/// A block of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Text),
    /// Big numbers in a row.
    Tiles(Vec<Tile>),
    /// A table.
    Table(Table),
    /// What was found, one below the other.
    Findings {
        /// What was found.
        findings: Vec<Finding>,
        /// How many more there are.
        left_out: usize,
    },
    /// Named bars below each other on one scale.
    Bars(Vec<(Text, Bar)>),
    /// Lines over an axis.
    Plot(LinePlot),
    /// Lines of a source file.
    Listing(Listing),
    /// Blocks that open on a click.
    Details(Details),
}

impl Block {
    pub(crate) fn markup(&self) -> Markup {
        match self {
            Self::Paragraph(text) => html! { p { (text.markup()) } },
            Self::Tiles(list) => tiles(list),
            Self::Table(table) => table.markup(),
            Self::Findings { findings, left_out: rest } => html! {
                ul class="findings" { @for finding in findings { (finding.markup()) } }
                (left_out(*rest, "finding"))
            },
            Self::Bars(bars) => named(bars),
            Self::Plot(plot) => plot.markup(),
            Self::Listing(listing) => listing.markup(),
            Self::Details(details) => details.markup(),
        }
    }
}

/// Blocks that open on a click.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// What is shown while they are closed.
    pub summary: Text,
    /// Whether they are open at first.
    pub open: bool,
    /// The blocks.
    pub blocks: Vec<Block>,
}

impl Details {
    fn markup(&self) -> Markup {
        html! {
            details open[self.open] {
                summary { (self.summary.markup()) }
                div class="inside" { @for block in &self.blocks { (block.markup()) } }
            }
        }
    }
}

/// One thing that was found: how bad it is, what, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    state: State,
    message: Text,
    place: Text,
    hint: Text,
}

impl Finding {
    /// A finding without a place or a hint.
    pub fn new(state: State, message: impl Into<Text>) -> Self {
        Self { state, message: message.into(), place: Text::new(), hint: Text::new() }
    }

    /// Says where it was found.
    pub fn place(mut self, place: impl Into<Text>) -> Self {
        self.place = place.into();
        self
    }

    /// Says what to do about it.
    pub fn hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = hint.into();
        self
    }

    fn markup(&self) -> Markup {
        html! {
            li class=(self.state.class()) {
                (self.state.sign()) span class="vh" { (self.state.word()) ": " }
                div {
                    p class="message" { (self.message.markup()) }
                    @if !self.place.is_empty() { p class="place" { (self.place.markup()) } }
                    @if !self.hint.is_empty() { p class="hint" { (self.hint.markup()) } }
                }
            }
        }
    }
}

fn named(bars: &[(Text, Bar)]) -> Markup {
    html! {
        ul class="bars" {
            @for (name, bar) in bars {
                li {
                    span class="bar-name" { (name.markup()) }
                    (bar.markup())
                    span class="meter-label" { (Shown::new(bar.label())) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Share;

    #[test]
    fn details_are_closed_unless_opened() {
        let details = |open| Block::Details(Details { summary: "more".into(), open, blocks: vec![] });
        assert!(details(true).markup().into_string().starts_with("<details open>"));
        assert!(details(false).markup().into_string().starts_with("<details><summary>more</summary>"));
    }

    #[test]
    fn a_finding_has_a_word_for_its_sign() {
        let finding = Finding::new(State::Doubtful, "no report").place(Text::new().path("a")).hint("run it");
        let shown = Block::Findings { findings: vec![finding], left_out: 2 }.markup().into_string();
        assert!(shown.contains("<span class=\"vh\">in doubt: </span>"), "{shown}");
        assert!(shown.ends_with("… and 2 more findings are left out</p>"), "{shown}");
    }

    #[test]
    fn named_bars_show_their_labels() {
        let bar = Bar::new(Share::of(1, 2).unwrap_or_default(), State::Good, "50 %");
        let shown = Block::Bars(vec![("a<b".into(), bar)]).markup().into_string();
        assert!(shown.contains("a&lt;b") && shown.contains("<span class=\"meter-label\">50 %</span>"), "{shown}");
    }
}
