//! One compiled pattern: what it matches, and what can be said about it without a path.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::automaton::{Prefix, Program, Table, build, normalized_reach, prefix, reaches_below};
use crate::error::{Error, ErrorKind};
use crate::syntax::{Entry, translate};

/// The dialect that a pattern is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Syntax {
    /// picomatch 2.3 with `dot: true`, which dorny/paths-filter uses.
    #[default]
    Picomatch,
    /// The filter patterns of GitHub's `on.push.paths`.
    GitHub,
    /// The patterns of a `.gitignore` file.
    Gitignore,
}

/// Whether any path of a repository can match a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// At least one can, as far as can be told.
    Possible,
    /// None can: `/x`, `x/`, `./../x`.
    Impossible,
    /// The pattern is too intricate to tell within the bound of the search.
    Unknown,
}

/// A compiled pattern.
///
/// Matching fills a table of at most about 48 KiB behind a lock; a clone shares the compiled pattern and has a table
/// of its own, so give each thread its clone. The time of a match is at most [`cost`](Self::cost) × the path's length.
pub struct Glob {
    compiled: Arc<Compiled>,
    table: Mutex<Table>,
    level_table: Mutex<Table>,
}

struct Compiled {
    pattern: Box<str>,
    syntax: Syntax,
    negated: bool,
    /// None when only a path equal to the pattern matches.
    program: Option<Program>,
    prefix: Prefix,
    /// What every match by `program` begins with; `prefix` also allows for the path that equals the pattern.
    required: Vec<u8>,
    levels: Option<Levels>,
}

/// For gitignore: which levels of a path, its folders and itself, match by themselves.
struct Levels {
    program: Program,
    folders_only: bool,
}

impl Glob {
    /// Compiles `pattern`.
    ///
    /// # Errors
    /// An empty pattern, as upstream; in picomatch syntax what no linear-time matcher has; in the others what their
    /// documentation does not allow; and what would not keep the time bound. See [`ErrorKind`].
    pub fn new(pattern: &str, syntax: Syntax) -> Result<Self, Error> {
        let error = |(kind, offset)| Error::new(pattern, offset, kind);
        if pattern.is_empty() {
            return Err(error((ErrorKind::Empty, 0)));
        }
        let translation = translate(pattern, syntax).map_err(error)?;
        let too_large = |_| Error::new(pattern, 0, ErrorKind::TooLarge);
        let program = translation.tree.map(|tree| build(&tree, pattern.len())).transpose().map_err(too_large)?;
        let levels = match translation.entry {
            Some(Entry { mirrored, folders_only }) => {
                let program = build(&mirrored, pattern.len()).map_err(too_large)?;
                Some(Levels { program, folders_only })
            }
            None => None,
        };
        let literal = syntax == Syntax::Picomatch && is_normalized(pattern.as_bytes());
        let Some(program) = program else {
            let prefix = Prefix { bytes: pattern.into(), complete: true };
            return Ok(Self::from(Compiled {
                pattern: pattern.into(),
                syntax,
                negated: translation.negated,
                program: None,
                required: Vec::new(),
                prefix,
                levels,
            }));
        };
        let of_program = prefix(&program);
        let required = of_program.bytes.clone();
        let prefix = if literal { shared(of_program, pattern.as_bytes()) } else { of_program };
        Ok(Self::from(Compiled {
            pattern: pattern.into(),
            syntax,
            negated: translation.negated,
            program: Some(program),
            prefix,
            required,
            levels,
        }))
    }

    /// Whether the pattern matches `path`, a name relative to the repository's root with `/` between its parts.
    ///
    /// In picomatch syntax a leading `!` has turned the answer round. In the others it has not: there the last of
    /// several patterns decides, see [`GlobList`](crate::GlobList).
    pub fn is_match(&self, path: &[u8]) -> bool {
        if path.is_empty() {
            return false;
        }
        let Compiled { pattern, syntax, program, required, .. } = &*self.compiled;
        if *syntax == Syntax::Picomatch && path == pattern.as_bytes() {
            return true;
        }
        match program {
            Some(program) => path.starts_with(required) && lock(&self.table).is_match(program, path),
            None => false,
        }
    }

    /// Whether the pattern begins with a `!` that counts: an odd number of them for picomatch.
    pub fn is_negated(&self) -> bool {
        self.compiled.negated
    }

    /// The pattern as it was given.
    pub fn pattern(&self) -> &str {
        &self.compiled.pattern
    }

    /// The dialect that the pattern was read in.
    pub fn syntax(&self) -> Syntax {
        self.compiled.syntax
    }

    /// Bytes that every matching normalized path starts with; empty when nothing is known.
    pub fn literal_prefix(&self) -> &[u8] {
        &self.compiled.prefix.bytes
    }

    /// Whether the path that equals [`literal_prefix`](Self::literal_prefix) is the only normalized one that may match.
    pub fn is_literal(&self) -> bool {
        self.compiled.prefix.complete
    }

    /// Whether a path below `folder` may match, for walks that leave out what cannot. `folder` has no slash at its
    /// end and is empty for the root. Never wrongly `false`.
    pub fn may_match_below(&self, folder: &[u8]) -> bool {
        let Compiled { pattern, syntax, program, .. } = &*self.compiled;
        let below = |path: &[u8]| folder.is_empty() || path.strip_prefix(folder).is_some_and(|p| p.starts_with(b"/"));
        (*syntax == Syntax::Picomatch && below(pattern.as_bytes()))
            || program.as_ref().is_some_and(|program| reaches_below(program, folder))
    }

    /// Whether any normalized path can match: one without a slash at an end and without empty, `.` or `..` parts.
    pub fn reach(&self) -> Reach {
        let Compiled { pattern, syntax, program, .. } = &*self.compiled;
        if *syntax == Syntax::Picomatch && is_normalized(pattern.as_bytes()) {
            return Reach::Possible;
        }
        program.as_ref().map_or(Reach::Impossible, normalized_reach)
    }

    /// Upper bound for the elementary steps that matching takes per character of a path. Never more than
    /// 256 + 3 × the pattern's length in bytes.
    pub fn cost(&self) -> usize {
        self.compiled.program.as_ref().map_or(1, |program| program.cost)
    }

    /// Lengths of the leading parts of `path` (folders, then the path itself) that match by themselves as git tests
    /// them one by one; without an answer in syntaxes that do not look at folders.
    pub(crate) fn matching_levels(&self, path: &[u8]) -> Option<Vec<usize>> {
        let Levels { program, folders_only } = self.compiled.levels.as_ref()?;
        let mut table = lock(&self.level_table);
        let mut levels = table.prefixes(program, path);
        levels.retain(|&end| !folders_only || end < path.len());
        Some(levels)
    }
}

impl From<Compiled> for Glob {
    fn from(compiled: Compiled) -> Self {
        Glob { compiled: Arc::new(compiled), table: Mutex::default(), level_table: Mutex::default() }
    }
}

impl Clone for Glob {
    fn clone(&self) -> Self {
        Glob { compiled: Arc::clone(&self.compiled), table: Mutex::default(), level_table: Mutex::default() }
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Glob").field("pattern", &self.pattern()).field("syntax", &self.syntax()).finish_non_exhaustive()
    }
}

/// A table is valid after every step, so one that a panic left behind can still be used.
fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether git could have a file of that name.
fn is_normalized(path: &[u8]) -> bool {
    path.split(|&byte| byte == b'/').all(|part| !matches!(part, b"" | b"." | b".."))
}

/// What `prefix` and `path`, which matches as well, have in common.
fn shared(mut prefix: Prefix, path: &[u8]) -> Prefix {
    let common = prefix.bytes.iter().zip(path).take_while(|(a, b)| a == b).count();
    prefix.complete &= common == prefix.bytes.len() && common == path.len();
    prefix.bytes.truncate(common);
    prefix
}
