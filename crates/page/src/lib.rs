//! One self-contained HTML page: layout, light and dark, tables, plots as inline SVG.
//!
//! A [`Page`] is a value and [`Page::html`] is its text: the same bytes for the same value, no script, no font, no image and
//! no other request. Every text in it is untrusted: it is escaped, and what would draw nothing or reorder its neighbours
//! (control characters, bidirectional overrides) is shown as an escape. Where a value says how good something is, it says
//! so by a [`State`], which has a sign and a word as well as a colour.
//!
//! ```
//! use page::{Block, Headline, Page, Section, State, Tile};
//!
//! let headline = Headline::new(State::Good, "pass", "Every file has an owner.");
//! let tile = Tile::new("files", "120").judged(State::Good, "all owned");
//! let page = Page::new("owners", "Owners of the backend", headline)
//!     .fact("commit", "1c68206")
//!     .section(Section::new("Numbers").block(Block::Tiles(vec![tile])));
//! assert!(page.html().starts_with("<!DOCTYPE html>"));
//! ```
//!
//! A page that nobody can open helps nobody: one text is cut after some thousand letters by itself, but how many rows a
//! table or a listing has is up to the caller, who takes what [`bounded`] leaves and hands on how many it took away.
mod bar;
mod block;
mod document;
mod escape;
mod listing;
mod plot;
mod state;
mod style;
mod table;
mod text;
mod tile;

pub use bar::{Bar, Share};
pub use block::{Block, Details, Finding, Section};
pub use document::{Headline, Page};
pub use listing::{Line, LineState, Listing};
pub use plot::{Axis, LinePlot, Mark, Series};
pub use state::State;
pub use table::{Cell, Column, Row, Table};
pub use text::{Anchor, Text};
pub use tile::Tile;

/// The first `most` of `rows`, and how many are left out.
pub fn bounded<T>(mut rows: Vec<T>, most: usize) -> (Vec<T>, usize) {
    let left_out = rows.len().saturating_sub(most);
    rows.truncate(most);
    (rows, left_out)
}

/// `1 file`, `3 files`; `1,234 lines`: a count with its noun, whose plural has an `s`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(count))
}

/// `1,234,567`.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_bounded_and_the_rest_is_counted() {
        assert_eq!(bounded(vec![1, 2, 3], 2), (vec![1, 2], 1));
        assert_eq!(bounded(vec![1, 2, 3], 3), (vec![1, 2, 3], 0));
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(0, "file"), "0 files");
        assert_eq!(counted(1_234_567, "line"), "1,234,567 lines");
        assert_eq!(thousands(999), "999");
    }
}
