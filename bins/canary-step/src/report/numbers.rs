//! Sums over a service's series, and the series as points of plots.
use crate::evidence::{Arm, Evidence, Sample, ServiceRow};

/// Requests and errors of one arm, over the ticks in which the canary answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) requests: u64,
    pub(super) errors: u64,
}

impl Sum {
    /// Stable's and the canary's.
    pub(super) fn both(row: &ServiceRow) -> (Sum, Sum) {
        let ticks = row.series.iter().filter_map(|sample| Some((sample.stable.as_ref(), sample.canary.as_ref()?)));
        ticks.fold((Sum::default(), Sum::default()), |(stable, canary), (one, other)| {
            (stable.with(one), canary.with(Some(other)))
        })
    }

    fn with(self, arm: Option<&Arm>) -> Sum {
        let (requests, errors) = arm.map_or((0, 0), |arm| (arm.requests, arm.errors));
        Sum { requests: self.requests.saturating_add(requests), errors: self.errors.saturating_add(errors) }
    }

    /// Failed requests of all; none of nothing.
    pub(super) fn rate(self) -> Option<f64> {
        (self.requests > 0).then(|| self.errors as f64 / self.requests as f64)
    }
}

/// Pods of stable and of the canary at the last look.
pub(super) fn pods(row: &ServiceRow) -> Option<(u32, u32)> {
    row.series.last().map(|sample| (sample.stable_ready, sample.canary_ready))
}

/// The last latency that was measured of both arms, by quantile: 0 is the median, 2 is 99 %.
pub(super) fn latency(row: &ServiceRow, quantile: usize) -> (Option<f64>, Option<f64>) {
    let last = |arm: fn(&Sample) -> Option<&Arm>| {
        row.series.iter().rev().find_map(|sample| arm(sample)?.latency?.get(quantile).copied())
    };
    (last(|sample| sample.stable.as_ref()), last(|sample| sample.canary.as_ref()))
}

/// The E-value at which the judge stops.
pub(super) fn limit(evidence: &Evidence) -> Option<f64> {
    evidence.judge.as_ref().map(|judge| 1.0 / judge.alpha).filter(|limit| limit.is_finite() && *limit > 1.0)
}

/// Points of one value over time; a tick without the value is a gap.
pub(super) fn points(row: &ServiceRow, value: impl Fn(&Sample) -> Option<f64>) -> Vec<(f64, f64)> {
    row.series.iter().map(|sample| (minutes(sample.at), value(sample).unwrap_or(f64::NAN))).collect()
}

/// Seconds in minutes, as the plots' axes have it.
pub(super) fn minutes(seconds: u64) -> f64 {
    seconds as f64 / 60.0
}

/// The error rate of an arm in percent; of few requests it jumps, so it is taken over the last minute.
pub(super) fn error_rates(row: &ServiceRow, arm: fn(&Sample) -> Option<&Arm>) -> Vec<(f64, f64)> {
    const WINDOW: u64 = 60;
    let mut from = 0;
    let mut out = Vec::new();
    for (at, sample) in row.series.iter().enumerate() {
        while row.series[from].at + WINDOW < sample.at {
            from += 1;
        }
        let window = &row.series[from..=at];
        let sum = window.iter().fold(Sum::default(), |sum, sample| sum.with(arm(sample)));
        let rate = arm(sample).and(sum.rate()).map_or(f64::NAN, |rate| rate * 100.0);
        out.push((minutes(sample.at), rate));
    }
    out
}
