//! Why a pattern was refused, where in it, and what to write instead.

use std::fmt;

/// A pattern that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The pattern as it was given.
    pub pattern: String,
    /// Byte offset into `pattern` of the text that is to blame; 0 when the whole pattern is.
    pub offset: usize,
    /// What is wrong.
    pub kind: ErrorKind,
}

/// What is wrong with a refused pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing is left to match: an empty pattern, a lone `!`, a gitignore comment.
    Empty,
    /// More than 65,536 UTF-16 units, which picomatch refuses too.
    TooLong,
    /// More groups inside each other than the parser follows.
    TooDeep,
    /// More automaton states, or different characters, than the bounds allow; usually from a counted repeat.
    TooLarge,
    /// A back-reference such as `\1`, which no linear-time matcher has.
    BackReference,
    /// A look-behind such as `(?<=a)`.
    LookBehind,
    /// A named group such as `(?<name>a)`, or the `\k` that goes with it.
    NamedGroup,
    /// An inline flag such as `(?i:a)`.
    InlineFlags,
    /// A `[` without its `]` (GitHub and gitignore syntax).
    UnclosedClass,
    /// A bracket that holds something other than the syntax allows.
    BadClass,
    /// A `?` or `+` with no plain character before it (GitHub syntax).
    NothingToRepeat,
    /// A `\` with nothing behind it (GitHub and gitignore syntax).
    TrailingBackslash,
}

impl Error {
    pub(crate) fn new(pattern: &str, offset: usize, kind: ErrorKind) -> Self {
        Error { pattern: pattern.to_owned(), offset, kind }
    }
}

impl ErrorKind {
    fn cause(self) -> &'static str {
        match self {
            ErrorKind::Empty => "it has nothing to match",
            ErrorKind::TooLong => "it is longer than 65536 characters",
            ErrorKind::TooDeep => "its groups are nested too deeply",
            ErrorKind::TooLarge => "it needs more states or different characters than the bounds allow",
            ErrorKind::BackReference => "it refers back to a group",
            ErrorKind::LookBehind => "it looks behind",
            ErrorKind::NamedGroup => "it names a group",
            ErrorKind::InlineFlags => "it sets regex flags",
            ErrorKind::UnclosedClass => "a `[` is not closed",
            ErrorKind::BadClass => "a bracket holds something that this syntax does not allow",
            ErrorKind::NothingToRepeat => "a `?` or `+` has no plain character before it",
            ErrorKind::TrailingBackslash => "it ends with a `\\`",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            ErrorKind::Empty => "remove it, or write `**` to match every file",
            ErrorKind::TooLong | ErrorKind::TooDeep => "split it into several patterns",
            ErrorKind::TooLarge => "write fewer or smaller repeats, or split it into several patterns",
            ErrorKind::BackReference => "write the alternatives out, or `\\\\` for a backslash",
            ErrorKind::LookBehind | ErrorKind::NamedGroup | ErrorKind::InlineFlags => {
                "write it with braces or extglobs, or `\\(` for a parenthesis"
            }
            ErrorKind::UnclosedClass => "add the `]`, or write `\\[` for a bracket",
            ErrorKind::BadClass => "list letters, digits and rising ranges such as `a-z`, or write `\\[` for a bracket",
            ErrorKind::NothingToRepeat => "write `\\?` or `\\+` for the character itself",
            ErrorKind::TrailingBackslash => "write `\\\\` for a backslash",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Error { pattern, offset, kind } = self;
        write!(f, "could not read the pattern {pattern:?} at byte {offset}: {}; {}", kind.cause(), kind.remedy())
    }
}

impl std::error::Error for Error {}
