//! The live view, drawn again and again in the same place of a terminal; elsewhere, events as plain lines.
use action::Report;

use super::live::{Window, view};
use super::text;
use crate::evidence::Evidence;

/// Rows of a terminal that does not say how many it has.
const USUAL_ROWS: usize = 40;

/// What is on the screen.
#[derive(Debug, Default)]
pub struct Screen {
    /// Lines of the view that was drawn last.
    drawn: usize,
    /// Events that were printed, where nobody watches.
    printed: usize,
}

impl Screen {
    /// A screen with nothing on it.
    pub fn new() -> Screen {
        Screen::default()
    }

    /// Shows where the rollout stands: over the last view on a terminal, and only what is new in a log.
    pub fn show(&mut self, evidence: &Evidence, report: &mut Report) {
        if !report.interactive() {
            return self.print(evidence, report);
        }
        let rows = terminal_size::terminal_size().map_or(USUAL_ROWS, |(_, height)| usize::from(height.0));
        let lines = view(evidence, Window { columns: report.width(), rows });
        if self.drawn > 0 {
            // Up to the first line of the last view, and clear from there on.
            report.machine(format!("\u{1b}[{}A\u{1b}[J", self.drawn));
        }
        self.drawn = lines.len();
        lines.into_iter().for_each(|line| report.line(line));
    }

    fn print(&mut self, evidence: &Evidence, report: &mut Report) {
        // A record keeps the newest events only; fewer than before means that old ones went.
        let from = self.printed.min(evidence.events.len());
        let width = report.width().max(100);
        evidence.events[from..].iter().for_each(|event| report.line(text::event(event, width)));
        self.printed = evidence.events.len();
    }
}
