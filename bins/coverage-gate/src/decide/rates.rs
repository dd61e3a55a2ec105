//! Counting by a metric, and comparing with a threshold.
#![deny(clippy::disallowed_methods)]
use crate::gather::Coverage;
use crate::lines::Counts;
use crate::record::{Metric, Rate, percent};
use crate::threshold::Threshold;

/// A covered part and the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) covered: u64,
    pub(crate) measured: u64,
}

impl Part {
    /// What counts by this metric.
    pub(crate) fn of(counts: Counts, metric: Metric) -> Self {
        match metric {
            Metric::Line => Self { covered: counts.hit, measured: counts.measured },
            Metric::Combined => {
                Self { covered: counts.hit + counts.branches_hit, measured: counts.measured + counts.branches }
            }
            Metric::Strict => Self { covered: counts.hit - counts.partial, measured: counts.measured },
        }
    }

    /// The sum of both.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { covered: self.covered + other.covered, measured: self.measured + other.measured }
    }

    /// With its threshold.
    pub(crate) fn rate(self, threshold: Option<Threshold>) -> Rate {
        let Self { covered, measured } = self;
        Rate {
            covered,
            measured,
            percent: percent(covered, measured),
            threshold: threshold.map(|threshold| threshold.to_string()),
            reached: threshold.filter(|_| measured > 0).map(|threshold| threshold.reached(covered, measured)),
        }
    }

    /// Less covered comes first, then larger, for lists with the worst first.
    pub(crate) fn worse(&self, other: &Self) -> std::cmp::Ordering {
        let missed = |part: &Self| part.measured - part.covered;
        missed(other).cmp(&missed(self))
    }
}

/// A whole file, in its own unit: statements where a Go profile counts them, lines by the metric else.
pub(crate) fn of_file(coverage: &Coverage, metric: Metric) -> (Part, &'static str) {
    if coverage.blocks.is_empty() {
        return (Part::of(coverage.lines.counts(), metric), "line");
    }
    let (covered, measured) = coverage.blocks.statements();
    (Part { covered, measured }, "statement")
}
