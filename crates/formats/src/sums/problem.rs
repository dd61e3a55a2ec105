//! What can be wrong with a line, in words, with the remedy.
use std::fmt;

/// What is wrong with a line, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, counted from 1.
    pub line: u64,
    /// Column in bytes, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub kind: Kind,
}

/// What can be wrong. The GNU dialect gives no kinds behind [`Kind::Garbage`] but says the same of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The list starts with a byte order mark, which hides its first line from GNU's program.
    ByteOrderMark,
    /// A NUL byte, as in a list of `--zero`: all behind it is lost on GNU's program.
    Nul,
    /// Longer than [`super::LONGEST_LINE`].
    TooLong,
    /// No form that is known.
    Garbage,
    /// Another algorithm, by its name.
    Foreign(String),
    /// A digest of so many digits, which no known algorithm has.
    Length(usize),
    /// A digest with a letter that is no hexadecimal digit.
    NotHex,
    /// A backslash in an escaped name before anything but `n`, `r` and a backslash.
    Escape,
    /// Lines with one blank and lines with two in the same list: a name could gain or lose a blank.
    Spacing,
    /// No name.
    EmptyName,
    /// A name that starts at the root of the file system.
    Absolute,
    /// A name with a part `..`.
    Parent,
    /// The name `-`, which GNU's program takes for standard input.
    StandardInput,
    /// The file is listed on this earlier line too.
    Duplicate(u64),
    /// The file is listed on this earlier line with another digest.
    Conflict(u64),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::ByteOrderMark => f.write_str("the list starts with a byte order mark"),
            Kind::Nul => f.write_str("there is a NUL byte in the line"),
            Kind::TooLong => write!(f, "the line is longer than {} bytes", super::LONGEST_LINE),
            Kind::Garbage => f.write_str("this is no line of a checksum list"),
            Kind::Foreign(algorithm) => write!(f, "this is a {algorithm} checksum, not a SHA-256 one"),
            Kind::Length(digits) => write!(f, "the digest has {digits} digits, not 64"),
            Kind::NotHex => f.write_str("the digest has a letter that is no hexadecimal digit"),
            Kind::Escape => {
                f.write_str("a backslash in an escaped name stands before something else than n, r or a backslash")
            }
            Kind::Spacing => f.write_str("one blank and two blanks are mixed as separators"),
            Kind::EmptyName => f.write_str("there is no file name"),
            Kind::Absolute => f.write_str("the file name is absolute"),
            Kind::Parent => f.write_str("the file name leads out of its folder"),
            Kind::StandardInput => f.write_str("the file name is `-`, which means standard input"),
            Kind::Duplicate(line) => write!(f, "the file is listed on line {line} already"),
            Kind::Conflict(line) => write!(f, "the file is listed on line {line} with another digest"),
        }
    }
}

impl Problem {
    /// What to do about it, as one sentence.
    pub fn hint(&self) -> &'static str {
        match &self.kind {
            Kind::ByteOrderMark => "save the list as UTF-8 without a byte order mark",
            Kind::Nul => "make the list without --zero",
            Kind::TooLong => "make the list again; no file name is that long",
            Kind::Garbage => "remove the line, or start it with # if it is a comment",
            Kind::Foreign(_) => "keep each algorithm in a list of its own",
            Kind::Length(_) | Kind::NotHex | Kind::EmptyName => "make the list again, for instance with sha256sum",
            Kind::Escape => "write a backslash in an escaped name as two",
            Kind::Spacing => "make the whole list with one program",
            Kind::Absolute | Kind::Parent => "make the list in the folder of the files, with names below it",
            Kind::StandardInput => "name the file `./-`",
            Kind::Duplicate(_) => "remove one of the two lines",
            Kind::Conflict(_) => "find out which digest is the right one, and remove the other line",
        }
    }
}
