//! The dialects: each turns a pattern into a tree.

mod github;
mod gitignore;
mod picomatch;

use crate::error::ErrorKind;
use crate::glob::Syntax;
use crate::regex::Node;

/// What a dialect makes of a pattern.
#[derive(Debug)]
pub(crate) struct Translation {
    /// What matches; `None` when only a path equal to the pattern does.
    pub(crate) tree: Option<Node>,
    /// For gitignore: what one file or folder must match, mirrored, without what lies below a matching folder.
    pub(crate) entry: Option<Entry>,
    /// Whether the pattern begins with an effective `!`.
    pub(crate) negated: bool,
}

/// The tree for one level of a path.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) mirrored: Node,
    pub(crate) folders_only: bool,
}

/// Why a pattern was refused, and the byte in it that is to blame.
pub(crate) type Refusal = (ErrorKind, usize);

/// Translates a pattern that is not empty.
pub(crate) fn translate(pattern: &str, syntax: Syntax) -> Result<Translation, Refusal> {
    match syntax {
        Syntax::Picomatch => picomatch::translate(pattern),
        Syntax::GitHub => github::translate(pattern),
        Syntax::Gitignore => gitignore::translate(pattern),
    }
}
