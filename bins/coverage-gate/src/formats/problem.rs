//! What is wrong with a report, and where.
use std::fmt;

/// A place in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A byte of the (unpacked) report, counted from 0.
    Byte(u64),
    /// A line and a column, both counted from 1.
    Line(u64, u64),
}

/// Why a report cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The reason's name for programs, such as `truncated-report`.
    pub code: &'static str,
    /// What is wrong, for a person; one line, no capital.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Whether reading failed, and not what was read.
    pub outside: bool,
}

impl Problem {
    /// A problem at a byte of the report.
    pub fn new(code: &'static str, at: u64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: Place::Byte(at), outside: false }
    }

    /// A problem at a line and column.
    pub fn at_line(code: &'static str, (line, column): (u64, u64), message: impl Into<String>) -> Self {
        Self { place: Place::Line(line, column), ..Self::new(code, 0, message) }
    }

    /// The report could not be read to its end.
    pub fn unreadable(at: u64, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        // The gzip reader's own complaints are about the report, everything else about the way to it.
        match error.kind() {
            ErrorKind::UnexpectedEof => Self::new("truncated-report", at, "the gzip file ends too early"),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                Self::new("bad-report", at, format!("the gzip file is damaged: {error}"))
            }
            _ => Self { outside: true, ..Self::new("unreadable-report", at, error.to_string()) },
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Byte(at) => write!(f, "{} (byte {at})", self.message),
            Place::Line(line, column) => write!(f, "{} (line {line}, column {column})", self.message),
        }
    }
}

impl std::error::Error for Problem {}
