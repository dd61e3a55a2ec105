//! The three ways to end, and their exit codes.

/// What a tool found out: the two answers that are not failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The question is answered with yes, or the work is done: exit code 0.
    Yes,
    /// The question is answered with no: exit code 1.
    No,
}

/// The exit codes of every tool.
pub mod exit {
    /// Yes.
    pub const YES: u8 = 0;
    /// No.
    pub const NO: u8 = 1;
    /// Could not tell, because the inputs make no sense.
    pub const INPUTS: u8 = 2;
    /// Could not tell, because something outside failed.
    pub const OUTSIDE: u8 = 3;
    /// A bug in the tool: never mistaken for an answer.
    pub const BUG: u8 = 101;
}

impl Answer {
    /// The exit code of this answer.
    pub fn code(self) -> u8 {
        match self {
            Self::Yes => exit::YES,
            Self::No => exit::NO,
        }
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}
