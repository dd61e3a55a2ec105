//! Lists of SHA-256 checksums, in the forms of GNU coreutils, BSD and openssl.
//!
//! ```
//! use formats::sums::{Dialect, read};
//!
//! let list = read(b"# made by hand\nno digest  a\n", Dialect::Strict);
//! assert!(list.entries.is_empty());
//! let problem = &list.problems[0];
//! assert_eq!((problem.line, problem.to_string().as_str()), (2, "this is no line of a checksum list"));
//! ```
pub mod names;
mod parse;
mod problem;
mod write;

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

pub use parse::Reader;
pub use problem::{Kind, Problem};
pub use write::{End, from_hex, hex, needs_escape, write, write_name};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// The longest line that the strict dialect reads, in bytes: a name as long as Linux takes one (4,096 bytes), each of its
/// bytes escaped, and a digest fit twice over.
pub const LONGEST_LINE: usize = 16 << 10;

/// Whose reading of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Every form that is known, and a problem for all that could hide something: what GNU's program skips, cuts short,
    /// follows out of the folder or checks twice.
    Strict,
    /// As `sha256sum --check` of GNU coreutils 9.1 reads it, in the C locale.
    Gnu,
}

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// GNU's default: digest, two blanks, name.
    Text,
    /// GNU's `--binary`: digest, blank, star, name.
    Binary,
    /// BSD's and GNU's `--tag`, and openssl's: algorithm, name in brackets, digest.
    Tagged,
    /// The old BSD's: digest, one blank, name.
    OneSpace,
}

/// One file of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line, counted from 1.
    pub line: u64,
    /// Name of the file as bytes, with its escapes undone.
    pub name: Vec<u8>,
    /// What the file's digest has to be.
    pub digest: Digest,
    /// How the line is written.
    pub form: Form,
}

/// A whole list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The files, in the order of the list.
    pub entries: Vec<Entry>,
    /// What is wrong with other lines, in the order of the list; in the strict dialect a list with problems proves nothing.
    pub problems: Vec<Problem>,
}

/// Reads a whole list. A list without entries and without problems is an empty one: no evidence.
///
/// Takes time and memory linear in `bytes`, whatever they are.
pub fn read(bytes: &[u8], dialect: Dialect) -> List {
    let mut reader = Reader::new(dialect);
    let mut list = List::default();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match reader.line(line) {
            None => {}
            Some(Ok(entry)) => list.entries.push(entry),
            Some(Err(problem)) => list.problems.push(problem),
        }
    }
    if dialect == Dialect::Strict {
        list.refuse_repeats();
    }
    list
}

impl List {
    /// Moves entries whose file is listed before to the problems.
    fn refuse_repeats(&mut self) {
        let mut first: HashMap<Vec<u8>, (u64, Digest)> = HashMap::with_capacity(self.entries.len());
        let mut problems = Vec::new();
        self.entries.retain(|entry| match first.entry(path(&entry.name)) {
            Slot::Vacant(slot) => {
                slot.insert((entry.line, entry.digest));
                true
            }
            Slot::Occupied(slot) => {
                let (line, digest) = *slot.get();
                let kind = if digest == entry.digest { Kind::Duplicate(line) } else { Kind::Conflict(line) };
                problems.push(Problem { line: entry.line, column: 1, kind });
                false
            }
        });
        self.problems.append(&mut problems);
        self.problems.sort_by_key(|problem| problem.line);
    }
}

/// The path that a name means: without `.` parts and doubled slashes, so that `./a` and `a` are one file.
pub fn path(name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(name.len());
    for part in name.split(|&byte| byte == b'/').filter(|part| !matches!(*part, b"" | b".")) {
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(part);
    }
    path
}
