//! Tiles: one big number each, with what it should be.
use maud::{Markup, html};

use crate::escape::Shown;
use crate::text::mark;
use crate::{Bar, State, Text};

/// One big number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    label: String,
    value: String,
    unit: String,
    detail: Text,
    bar: Option<Bar>,
    state: State,
    judgement: String,
}

impl Tile {
    /// What it is, and the number; words instead of a number are set smaller.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            unit: String::new(),
            detail: Text::new(),
            bar: None,
            state: State::Neutral,
            judgement: String::new(),
        }
    }

    /// The unit of the number, which stands back.
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// What the number was made of.
    pub fn detail(mut self, detail: impl Into<Text>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The number as a bar with its threshold.
    pub fn bar(mut self, bar: Option<Bar>) -> Self {
        self.bar = bar;
        self
    }

    /// How good the number is, and why in a few words, such as `80 % needed`.
    pub fn judged(mut self, state: State, why: impl Into<String>) -> Self {
        self.state = state;
        self.judgement = why.into();
        self
    }

    pub(crate) fn markup(&self) -> Markup {
        let size = if self.value.starts_with(|first: char| first.is_ascii_digit()) { "number" } else { "words" };
        html! {
            li class={ "tile " (self.state.class()) } {
                span class="label" { (Shown::new(&self.label)) }
                span class={ "value " (size) } {
                    (Shown::new(&self.value))
                    @if !self.unit.is_empty() { span class="unit" { " " (Shown::new(&self.unit)) } }
                }
                @if let Some(bar) = &self.bar { (bar.markup()) } @else { span class="no-bar" {} }
                @if !self.judgement.is_empty() || self.state != State::Neutral { (mark(self.state, &self.judgement)) }
                @if !self.detail.is_empty() { span class="detail" { (self.detail.markup()) } }
            }
        }
    }
}

/// Tiles in a row, as many as fit.
pub(crate) fn tiles(tiles: &[Tile]) -> Markup {
    html! { ul class="tiles" { @for tile in tiles { (tile.markup()) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_shows_its_number_and_its_state() {
        let tile = Tile::new("patch", "72.22").unit("%").judged(State::Bad, "80 % needed").detail("13 of 18");
        let shown = tile.markup().into_string();
        assert!(shown.contains("<span class=\"value number\">72.22<span class=\"unit\"> %</span></span>"), "{shown}");
        assert!(shown.contains("<span>80 % needed</span>") && shown.contains("href=\"#bad\""), "{shown}");
        assert!(Tile::new("patch", "nothing").markup().into_string().contains("value words"));
    }
}
