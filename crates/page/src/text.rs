//! A run of text in a few styles, and places in the page to jump to.
use maud::{Markup, html};

use crate::State;
use crate::escape::Shown;

/// A place in the page that a link jumps to; the caller gives each a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor(pub u32);

impl Anchor {
    /// The value of `id`.
    pub(crate) fn id(self) -> String {
        format!("a{}", self.0)
    }
}

/// A run of text, made piece by piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Strong(String),
    Soft(String),
    Code(String),
    Path(String, Option<Anchor>),
    Mark(State, String),
}

impl Text {
    /// No text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text as it is.
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.with(Piece::Plain(text.into()))
    }

    /// Adds text that stands out.
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.with(Piece::Strong(text.into()))
    }

    /// Adds text that stands back.
    pub fn soft(self, text: impl Into<String>) -> Self {
        self.with(Piece::Soft(text.into()))
    }

    /// Adds an identifier, a command, a commit.
    pub fn code(self, text: impl Into<String>) -> Self {
        self.with(Piece::Code(text.into()))
    }

    /// Adds the name of a file: its folders stand back, and it may be broken after each.
    pub fn path(self, name: impl Into<String>) -> Self {
        self.with(Piece::Path(name.into(), None))
    }

    /// Adds the name of a file that jumps to a place in the page.
    pub fn path_to(self, name: impl Into<String>, anchor: Anchor) -> Self {
        self.with(Piece::Path(name.into(), Some(anchor)))
    }

    /// Adds a state with its sign, and what it is in words.
    pub fn mark(self, state: State, words: impl Into<String>) -> Self {
        self.with(Piece::Mark(state, words.into()))
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    fn with(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }

    pub(crate) fn markup(&self) -> Markup {
        html! { @for piece in &self.pieces { (piece.markup()) } }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}

impl Piece {
    fn markup(&self) -> Markup {
        match self {
            Self::Plain(text) => html! { (Shown::new(text)) },
            Self::Strong(text) => html! { strong { (Shown::new(text)) } },
            Self::Soft(text) => html! { span class="soft" { (Shown::new(text)) } },
            Self::Code(text) => html! { code { (Shown::new(text)) } },
            Self::Path(name, None) => path(name),
            Self::Path(name, Some(anchor)) => html! { a href={ "#" (anchor.id()) } { (path(name)) } },
            Self::Mark(state, words) => mark(*state, words),
        }
    }
}

/// A sign and what it means.
pub(crate) fn mark(state: State, words: &str) -> Markup {
    html! {
        span class={ "mark " (state.class()) } {
            (state.sign())
            @if words.is_empty() { span class="vh" { (state.word()) } } @else { span { (Shown::new(words)) } }
        }
    }
}

fn path(name: &str) -> Markup {
    let cut = name.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
    let (folders, base) = name.split_at(cut);
    html! {
        bdi class="path" dir="ltr" {
            @for folder in folders.split_inclusive('/').take(MOST_FOLDERS) { span { (Shown::new(folder)) } wbr; }
            @if folders.matches('/').nth(MOST_FOLDERS).is_some() { span { "…/" } wbr; }
            b { (Shown::new(base)) }
        }
    }
}

/// Folders past this many of one name are not shown.
const MOST_FOLDERS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: Text, shown: &str) {
        assert_eq!(text.markup().into_string(), shown);
    }

    #[test]
    fn pieces_follow_each_other() {
        check(Text::from("a ").strong("<b>").code("c&"), "a <strong>&lt;b&gt;</strong><code>c&amp;</code>");
        check(Text::new(), "");
    }

    #[test]
    fn a_path_may_be_broken_after_a_folder() {
        check(Text::new().path("a/b.rs"), "<bdi class=\"path\" dir=\"ltr\"><span>a/</span><wbr><b>b.rs</b></bdi>");
        check(
            Text::new().path_to("x", Anchor(3)),
            "<a href=\"#a3\"><bdi class=\"path\" dir=\"ltr\"><b>x</b></bdi></a>",
        );
        check(Text::new().path("a/b/"), "<bdi class=\"path\" dir=\"ltr\"><span>a/</span><wbr><b>b/</b></bdi>");
        let deep = Text::new().path("d/".repeat(10_000) + "x").markup().into_string();
        assert!(deep.len() < 3_000 && deep.ends_with("<span>…/</span><wbr><b>x</b></bdi>"), "{deep}");
    }

    #[test]
    fn a_mark_has_words() {
        let bare = Text::new().mark(State::Bad, "").markup().into_string();
        assert!(bare.contains("<span class=\"vh\">bad</span>"), "{bare}");
    }
}
