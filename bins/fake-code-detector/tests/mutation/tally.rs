//! Counts by operator, and how they are printed.
use std::fmt;

use crate::operators::OPERATORS;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) part: usize,
    pub(crate) all: usize,
}

impl Share {
    /// Counts one more.
    pub(crate) fn count(&mut self, fits: bool) {
        self.part += usize::from(fits);
        self.all += 1;
    }

    /// In percent; nothing of nothing is none.
    pub(crate) fn percent(self) -> Option<f64> {
        (self.all > 0).then(|| self.part as f64 * 100.0 / self.all as f64)
    }

    fn and(self, other: Self) -> Self {
        Self { part: self.part + other.part, all: self.all + other.all }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.percent() {
            Some(percent) => write!(f, "{percent:.1} % ({}/{})", self.part, self.all),
            None => write!(f, "–"),
        }
    }
}

/// What came of mutants.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Files that were read.
    pub(crate) files: usize,
    /// Eligible functions that are flagged as they are.
    pub(crate) originals: Share,
    /// Found mutants, by operator.
    pub(crate) found: [Share; OPERATORS.len()],
    /// Mutants that are no program, by operator.
    pub(crate) unparsable: [usize; OPERATORS.len()],
    /// Missed mutants, by operator.
    pub(crate) missed: [Vec<String>; OPERATORS.len()],
    /// Flagged originals.
    pub(crate) flagged: Vec<String>,
}

impl Tally {
    /// Adds another.
    pub(crate) fn add(&mut self, other: Self) {
        self.files += other.files;
        self.originals = self.originals.and(other.originals);
        self.flagged.extend(other.flagged);
        for (at, missed) in other.missed.into_iter().enumerate() {
            self.found[at] = self.found[at].and(other.found[at]);
            self.unparsable[at] += other.unparsable[at];
            self.missed[at].extend(missed);
        }
    }

    /// Found mutants of plain or of stealthy operators.
    pub(crate) fn recall(&self, stealth: bool) -> Share {
        let chosen = OPERATORS.iter().zip(self.found).filter(|(operator, _)| operator.stealth == stealth);
        chosen.fold(Share::default(), |all, (_, found)| all.and(found))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} files, {} eligible functions", self.files, self.originals.all)?;
        for stealth in [false, true] {
            writeln!(f, "{:<20} {}", if stealth { "stealth" } else { "plain" }, self.recall(stealth))?;
            for (at, operator) in OPERATORS.iter().enumerate().filter(|(_, operator)| operator.stealth == stealth) {
                let broken = match self.unparsable[at] {
                    0 => String::new(),
                    count => format!(", {count} were no program"),
                };
                writeln!(f, "  {:<18} {}{broken}", operator.name, self.found[at])?;
            }
        }
        write!(f, "{:<20} {}", "originals flagged", self.originals)
    }
}
