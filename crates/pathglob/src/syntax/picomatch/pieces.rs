//! The regular expressions that picomatch writes for the parts of a glob, and the piece of a glob that it remembers.

/// One character follows.
pub(super) const ONE: &str = "(?=.)";
/// A character other than a slash.
pub(super) const QUESTION: &str = "[^/]";
/// Any number of characters other than a slash.
pub(super) const STAR: &str = "[^/]*?";
/// A dot as such.
pub(super) const DOT: &str = "\\.";
/// A slash as such.
pub(super) const SLASH: &str = "\\/";
/// No `.` or `..` follows as a whole part of the path.
pub(super) const NO_DOTS: &str = "(?!\\.{1,2}(?:\\/|$))";
/// No end of a part follows, nor a dot before it: what stands behind a dot that a star follows.
pub(super) const NO_DOT_SLASH: &str = "(?!\\.{0,1}(?:\\/|$))";
/// Neither here nor behind a slash does a `.` or `..` follow as a whole part.
pub(super) const NO_DOTS_AHEAD: &str = "(?!(?:^|\\/)\\.{1,2}(?:\\/|$))";
/// Any number of characters, but not into a `.` or `..` part.
pub(super) const GLOBSTAR: &str = "(?:(?:(?!(?:^|\\/)\\.{1,2}(?:\\/|$)).)*?)";

/// What a piece of the glob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Stands before the first piece.
    Begin,
    Text,
    Slash,
    Dot,
    /// `..` inside braces.
    Range,
    Question,
    Star,
    Globstar,
    Plus,
    At,
    Not,
    Paren,
    Bracket,
    Brace,
    Comma,
    /// The slash that may follow at the end.
    LastSlash,
}

/// A piece of the glob with the text that it contributes.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// The glob's text, sometimes already escaped.
    pub(super) value: String,
    /// The expression's text, where it differs. Empty is not the same as none.
    pub(super) output: Option<String>,
    /// Whether this parenthesis belongs to an extglob.
    pub(super) extglob: bool,
    /// The piece before, by its number; the first has none.
    pub(super) before: Option<usize>,
    /// Whether a run of three or more stars ended here.
    pub(super) run: bool,
    /// Whether a colon was seen behind a bracket inside this bracket.
    pub(super) posix: bool,
}

impl Piece {
    /// A piece that contributes its own text.
    pub(super) fn new(kind: Kind, value: impl Into<String>) -> Self {
        Piece { kind, value: value.into(), output: None, extglob: false, before: None, run: false, posix: false }
    }

    /// A piece that contributes `output`.
    pub(super) fn with(kind: Kind, value: impl Into<String>, output: impl Into<String>) -> Self {
        Piece { output: Some(output.into()), ..Piece::new(kind, value) }
    }

    /// The text that it contributes.
    pub(super) fn text(&self) -> &str {
        self.output.as_deref().unwrap_or(&self.value)
    }

    /// Adds to the text that it contributes, as far as it is not its own.
    pub(super) fn extend_output(&mut self, text: &str) {
        self.output.get_or_insert_default().push_str(text);
    }
}

/// Whether picomatch counts `c` among the characters that mean something to a regular expression.
pub(super) fn is_special(c: char) -> bool {
    "-*+?.^${}(|)[]".contains(c)
}

/// `text` with a backslash before each special character.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if is_special(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
