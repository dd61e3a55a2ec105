//! How good something is, in a word, a sign and a colour.
use maud::{Markup, html};

/// How good something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// As it should be: a tick, green.
    Good,
    /// Not as it should be: a cross, red.
    Bad,
    /// Not known, or worth a look: a question mark, amber.
    Doubtful,
    /// Not judged: a dash, no colour.
    #[default]
    Neutral,
}

impl State {
    /// The name of its style, and of its sign.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Doubtful => "doubtful",
            Self::Neutral => "neutral",
        }
    }

    /// Its word, for whoever sees neither sign nor colour.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Doubtful => "in doubt",
            Self::Neutral => "not judged",
        }
    }

    /// The sign, drawn.
    pub(crate) fn sign(self) -> Markup {
        html! { svg class={ "sign " (self.class()) } aria-hidden="true" { use href={ "#" (self.class()) }; } }
    }

    /// The drawings that [`State::sign`] refers to, once a page.
    pub(crate) fn drawings() -> Markup {
        let signs = [Self::Good, Self::Bad, Self::Doubtful, Self::Neutral];
        html! {
            svg class="vh" aria-hidden="true" {
                @for state in signs {
                    symbol id=(state.class()) viewBox="0 0 16 16" {
                        circle cx="8" cy="8" r="8" {}
                        path d=(state.strokes()) {}
                    }
                }
            }
        }
    }

    fn strokes(self) -> &'static str {
        match self {
            Self::Good => "M4.6 8.3l2.4 2.4 4.5-5.2",
            Self::Bad => "M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4",
            Self::Doubtful => "M5.9 6.1a2.1 2.1 0 1 1 3.2 1.8c-.8.5-1.1.8-1.1 1.6M8 11.7v.1",
            Self::Neutral => "M5 8h6",
        }
    }

    /// The icon of the browser's tab, as an address that holds the drawing itself.
    pub(crate) fn icon(self) -> String {
        let colour = match self {
            Self::Good => "178a55",
            Self::Bad => "d0342c",
            Self::Doubtful => "b97a00",
            Self::Neutral => "70757d",
        };
        format!(
            "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='white' \
             stroke-width='2'><circle cx='8' cy='8' r='8' stroke='none' fill='%23{colour}'/><path d='{}'/></svg>",
            self.strokes()
        )
    }
}
