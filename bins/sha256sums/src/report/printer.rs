//! Lines for programs in large pieces, between messages for people, in the order in which they are said.
use std::time::Duration;

use action::{Annotation, Report};

/// So much is kept back before it is printed, in bytes.
const KEPT: usize = 32 << 10;
/// Work that takes no longer shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// Prints for a loop that hashes.
pub(crate) struct Printer<'a> {
    pub(crate) report: &'a mut Report,
    pending: Vec<u8>,
}

impl<'a> Printer<'a> {
    /// A printer to a report.
    pub(crate) fn new(report: &'a mut Report) -> Self {
        Self { report, pending: Vec::new() }
    }

    /// Takes exact bytes, written by `write`.
    pub(crate) fn bytes(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.pending);
        if self.pending.len() >= KEPT {
            self.flush();
        }
    }

    /// Prints what is kept back. Answers whether anybody still reads it.
    pub(crate) fn flush(&mut self) -> bool {
        if !self.pending.is_empty() {
            self.report.status("");
            self.report.machine(&self.pending);
            self.pending.clear();
        }
        !self.report.closed()
    }

    /// Says something to a person, behind all that was printed before.
    pub(crate) fn message(&mut self, text: String) {
        self.flush();
        self.report.status("");
        self.report.progress(text);
    }

    /// An annotation, behind all that was printed before.
    pub(crate) fn annotate(&mut self, annotation: Annotation) {
        self.flush();
        self.report.status("");
        self.report.annotate(annotation);
    }

    /// Shows how far the work is.
    pub(crate) fn working(&mut self, elapsed: Duration, bytes: u64) {
        if elapsed >= PATIENCE {
            self.report.status(format!("{} MB, {} MB/s", bytes / 1_000_000, rate(elapsed, bytes)));
        }
    }
}

/// Whole megabytes a second.
fn rate(elapsed: Duration, bytes: u64) -> u64 {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    bytes / 1000 / milliseconds
}

impl Drop for Printer<'_> {
    fn drop(&mut self) {
        self.flush();
        self.report.status("");
    }
}
