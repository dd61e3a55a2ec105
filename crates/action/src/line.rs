//! One line for people, made of styled pieces; whatever is in a piece, it stays within the line.
use anstyle::{AnsiColor, Style};

/// One line of text. Colour shows on a terminal only; control characters in a piece are shown, not obeyed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<(Style, String)>,
}

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds plain text.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.styled(Style::new(), text)
    }

    /// Adds bold text.
    #[must_use]
    pub fn bold(self, text: impl Into<String>) -> Self {
        self.styled(Style::new().bold(), text)
    }

    /// Adds text that matters less.
    #[must_use]
    pub fn dim(self, text: impl Into<String>) -> Self {
        self.styled(Style::new().dimmed(), text)
    }

    /// Adds text in green: as wished.
    #[must_use]
    pub fn good(self, text: impl Into<String>) -> Self {
        self.styled(AnsiColor::Green.on_default(), text)
    }

    /// Adds text in yellow: worth a look.
    #[must_use]
    pub fn doubtful(self, text: impl Into<String>) -> Self {
        self.styled(AnsiColor::Yellow.on_default(), text)
    }

    /// Adds text in red: not as wished.
    #[must_use]
    pub fn bad(self, text: impl Into<String>) -> Self {
        self.styled(AnsiColor::Red.on_default().bold(), text)
    }

    /// Adds text in a style of your own.
    #[must_use]
    pub fn styled(mut self, style: Style, text: impl Into<String>) -> Self {
        self.pieces.push((style, text.into()));
        self
    }

    pub(crate) fn pieces(&self) -> &[(Style, String)] {
        &self.pieces
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}
