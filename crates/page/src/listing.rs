//! Lines of a source file, each with its number and its state; lines that are not shown are a gap.
use maud::{Markup, html};

use crate::escape::{Shown, visible};
use crate::table::left_out;
use crate::{Anchor, Bar, Text, counted};

/// What a measurement says about a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineState {
    /// It was reached.
    Hit,
    /// It was not reached.
    Missed,
    /// It was reached, but not in every way.
    Partial,
    /// It was not measured.
    #[default]
    Neutral,
}

impl LineState {
    fn class(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Missed => "miss",
            Self::Partial => "part",
            Self::Neutral => "",
        }
    }

    /// Its sign and its word.
    fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Hit => ("✓", "hit"),
            Self::Missed => ("✗", "missed"),
            Self::Partial => ("◐", "partly hit"),
            Self::Neutral => ("", ""),
        }
    }
}

/// A line of source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u32,
    /// Its text, without a line break.
    pub text: String,
    /// What the measurement says about it.
    pub state: LineState,
    /// Whether the change added it.
    pub added: bool,
}

/// Lines of one source file, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Where links to it jump.
    pub anchor: Option<Anchor>,
    /// What it is: the name of the file.
    pub heading: Text,
    /// What is worth knowing about it, beside the name.
    pub note: Text,
    /// A bar beside the name.
    pub bar: Option<Bar>,
    /// The lines that are shown; where a number is missing a gap is.
    pub lines: Vec<Line>,
    /// How many further lines could have been shown.
    pub left_out: usize,
    /// Whether it is open at first.
    pub open: bool,
}

impl Listing {
    /// Whether any line has a state, or was added by the change.
    pub(crate) fn is_judged(&self) -> bool {
        self.lines.iter().any(|line| line.added || line.state != LineState::Neutral)
    }

    pub(crate) fn markup(&self) -> Markup {
        html! {
            details class="listing" id=[self.anchor.map(Anchor::id)] open[self.open] {
                summary {
                    span class="listing-name" { (self.heading.markup()) }
                    span class="listing-note" {
                        @if let Some(bar) = &self.bar { (bar.markup()) }
                        @if !self.note.is_empty() { span { (self.note.markup()) } }
                    }
                }
                table class="source" { tbody { (self.rows()) } }
                (left_out(self.left_out, "line"))
            }
        }
    }

    fn rows(&self) -> Markup {
        let before = std::iter::once(0).chain(self.lines.iter().map(|line| line.number));
        html! {
            @for (line, before) in self.lines.iter().zip(before) {
                (gap(line.number.saturating_sub(before).saturating_sub(1)))
                (row(line))
            }
        }
    }
}

fn row(line: &Line) -> Markup {
    let (sign, word) = line.state.sign();
    let class = [line.state.class(), if line.added { "add" } else { "" }].join(" ");
    let class = Some(class.trim()).filter(|class| !class.is_empty());
    html! {
        tr class=[class] {
            td class="no" { (line.number) }
            td class="st" { @if !sign.is_empty() { span role="img" aria-label=(word) title=(word) { (sign) } } }
            td class="pm" { @if line.added { span role="img" aria-label="added" title="added" { "+" } } }
            td class="tx" { (Shown::source(&line.text)) }
        }
    }
}

fn gap(lines: u32) -> Markup {
    let word = visible(&counted(lines.into(), "line"));
    html! {
        @if lines > 0 { tr class="gap" { td class="no" { "⋯" } td colspan="3" { (word) } } }
    }
}

/// What the signs of a listing mean.
pub(crate) fn legend() -> Markup {
    html! {
        p class="legend" {
            @for state in [LineState::Hit, LineState::Missed, LineState::Partial] {
                @let (sign, word) = state.sign();
                span class=(state.class()) { b aria-hidden="true" { (sign) } " " (word) }
            }
            span class="add" { b aria-hidden="true" { "+" } " added" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u32, state: LineState, added: bool) -> Line {
        Line { number, text: format!("\tline <{number}>"), state, added }
    }

    fn shown(lines: Vec<Line>) -> String {
        let (heading, note) = (Text::new().path("a.rs"), Text::new());
        Listing { anchor: Some(Anchor(1)), heading, note, bar: None, lines, left_out: 0, open: true }
            .markup()
            .into_string()
    }

    #[test]
    fn lines_have_signs_and_words() {
        let shown = shown(vec![line(1, LineState::Missed, true), line(2, LineState::Neutral, false)]);
        assert!(shown.contains("<tr class=\"miss add\"><td class=\"no\">1</td>"), "{shown}");
        assert!(shown.contains("aria-label=\"missed\""), "{shown}");
        assert!(shown.contains("<tr><td class=\"no\">2</td>"), "{shown}");
        assert!(shown.contains("\tline &lt;1&gt;"), "{shown}");
    }

    #[test]
    fn missing_numbers_are_a_gap() {
        assert!(!shown(vec![line(1, LineState::Hit, false), line(2, LineState::Hit, false)]).contains("gap"));
        let apart = shown(vec![line(3, LineState::Hit, false), line(9, LineState::Hit, false)]);
        assert!(apart.contains(">2 lines<") && apart.contains(">5 lines<"), "{apart}");
        let odd = shown(vec![line(u32::MAX, LineState::Hit, false), line(1, LineState::Hit, false)]);
        assert_eq!(odd.matches("class=\"gap\"").count(), 1, "{odd}");
    }
}
