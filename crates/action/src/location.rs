//! A place in a file of the repository.
use std::fmt;

/// A file with, where known, line and column; both count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Path relative to the root of the repository, with `/`.
    pub file: String,
    /// Line, counted from 1.
    pub line: Option<u32>,
    /// Column in characters, counted from 1; meaningless without a line.
    pub column: Option<u32>,
    /// Last line of several in a row, counted from 1; meaningless without a line.
    pub end_line: Option<u32>,
}

impl Location {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, column: None, end_line: None }
    }

    /// One line of a file.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Self { line: Some(line), ..Self::file(file) }
    }

    /// Lines in a row, both ends included.
    pub fn lines(file: impl Into<String>, first: u32, last: u32) -> Self {
        Self { end_line: Some(last).filter(|last| *last > first), ..Self::line(file, first) }
    }

    /// One column of one line of a file.
    pub fn column(file: impl Into<String>, line: u32, column: u32) -> Self {
        Self { column: Some(column), ..Self::line(file, line) }
    }
}

/// `file:line:column`, as compilers print it and editors open it; of several lines the first.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        let Some(line) = self.line else { return Ok(()) };
        write!(f, ":{line}")?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}
