//! Annotations: errors, warnings and notices that show up on the pull request.
use crate::location::Location;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Notice,
    /// Worth a look.
    Warning,
    /// Has to be fixed.
    Error,
}

impl Level {
    /// Name of the workflow command, and the word shown on a terminal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One annotation. Untrusted text may be put in as it is: it is escaped when it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How bad it is.
    pub level: Level,
    /// A few words; empty for none.
    pub title: String,
    /// What is wrong and what to do, up to 4,096 UTF-16 units; longer ones are cut with an ellipsis.
    pub message: String,
    /// Where it is.
    pub location: Option<Location>,
    /// When there are more than GitHub shows (ten of a level per step), the heaviest are shown.
    pub weight: u32,
}

impl Annotation {
    /// An error.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Level::Error, message.into())
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Level::Warning, message.into())
    }

    /// A notice.
    pub fn notice(message: impl Into<String>) -> Self {
        Self::new(Level::Notice, message.into())
    }

    fn new(level: Level, message: String) -> Self {
        Self { level, title: String::new(), message, location: None, weight: 0 }
    }

    /// Sets the title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets the weight.
    #[must_use]
    pub fn weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }
}
