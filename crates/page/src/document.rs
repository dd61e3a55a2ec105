//! The page around the sections: head, headline, contents, foot.
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::escape::{Shown, visible};
use crate::{Section, State, Text, style};

/// What a browser may do with the page: draw it, and fetch nothing.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// With fewer sections than this the page needs no contents.
const FEWEST_FOR_CONTENTS: usize = 3;

/// The answer, above everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    state: State,
    word: String,
    text: String,
    lead: Text,
}

impl Headline {
    /// The answer in one word, and in one sentence with its reason.
    pub fn new(state: State, word: impl Into<String>, text: impl Into<String>) -> Self {
        Self { state, word: word.into(), text: text.into(), lead: Text::new() }
    }

    /// A second sentence in smaller letters.
    pub fn lead(mut self, lead: impl Into<Text>) -> Self {
        self.lead = lead.into();
        self
    }
}

/// A page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    tool: String,
    title: String,
    headline: Headline,
    facts: Vec<(String, Text)>,
    sections: Vec<Section>,
}

impl Page {
    /// A page of a tool about what `title` says.
    pub fn new(tool: impl Into<String>, title: impl Into<String>, headline: Headline) -> Self {
        Self { tool: tool.into(), title: title.into(), headline, facts: Vec::new(), sections: Vec::new() }
    }

    /// Adds a fact that holds for the whole page: a commit, what was compared.
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<Text>) -> Self {
        self.facts.push((name.into(), value.into()));
        self
    }

    /// Adds a section.
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// The page as text, in UTF-8.
    pub fn html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head { (self.head()) }
                body {
                    (State::drawings())
                    (self.header())
                    @if self.sections.len() >= FEWEST_FOR_CONTENTS { (self.contents()) }
                    main { @for (at, section) in self.sections.iter().enumerate() { (section.markup(at)) } }
                    footer {
                        p { "Made by " strong { (Shown::new(&self.tool)) } ". This page is one file: it loads nothing." }
                    }
                }
            }
        };
        page.into_string() + "\n"
    }

    fn head(&self) -> Markup {
        let title = format!("{}: {} · {}", self.headline.word, self.title, self.tool);
        html! {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (visible(&title)) }
            link rel="icon" href=(self.headline.state.icon());
            style { (PreEscaped(style::CSS)) }
        }
    }

    fn header(&self) -> Markup {
        let Headline { state, word, text, lead } = &self.headline;
        html! {
            header class=(state.class()) {
                p class="tool" { strong { (Shown::new(&self.tool)) } span { (Shown::new(&self.title)) } }
                div class="verdict" {
                    (state.sign())
                    div {
                        p class="word" { (Shown::new(word)) }
                        h1 { (Shown::new(text)) }
                        @if !lead.is_empty() { p class="lead" { (lead.markup()) } }
                    }
                }
                @if !self.facts.is_empty() {
                    dl class="facts" {
                        @for (name, value) in &self.facts { div { dt { (Shown::new(name)) } dd { (value.markup()) } } }
                    }
                }
            }
        }
    }

    fn contents(&self) -> Markup {
        html! {
            nav aria-label="Contents" {
                ul {
                    @for (at, section) in self.sections.iter().enumerate() {
                        li { a href={ "#s" (at) } { (Shown::new(section.title())) } }
                    }
                }
            }
        }
    }
}
