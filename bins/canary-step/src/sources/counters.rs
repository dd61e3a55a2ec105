//! Requests, failures and latencies of a container, as its page tells them since it started; and their differences.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::page::Sample;

/// Counters of requests that carry a status, by the names that the usual libraries give them, the most telling first.
const REQUESTS: [&str; 7] = [
    "http_requests_total",
    "http_server_requests_total",
    "http_server_requests_seconds_count",
    "http_server_request_duration_seconds_count",
    "http_request_duration_seconds_count",
    "http_requests",
    "istio_requests_total",
];
/// Labels that carry the status.
const STATUS: [&str; 6] =
    ["code", "status", "status_code", "http_status_code", "http_response_status_code", "response_code"];
/// Histograms of the time to answer, in seconds.
const LATENCY: [&str; 3] = [
    "http_request_duration_seconds_bucket",
    "http_server_requests_seconds_bucket",
    "http_server_request_duration_seconds_bucket",
];
/// More bounds than these are no histogram that anybody made.
const MOST_BOUNDS: usize = 200;

/// What a container counted since it started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counters {
    /// Requests.
    pub requests: u64,
    /// Of these, how many failed: status 500 and above.
    pub errors: u64,
    /// Upper bounds in seconds and how many requests took at most that long; the last bound is infinite and left out.
    pub within: Vec<(f64, u64)>,
}

impl Counters {
    /// Looks for counters by their usual names.
    ///
    /// # Errors
    /// There are none, or none that tells failures from the rest.
    pub fn discover(samples: &[Sample<'_>]) -> Result<Self, String> {
        let name =
            REQUESTS.iter().find(|name| samples.iter().any(|sample| sample.name == **name && status(sample).is_some()));
        let name = name.ok_or("no counter of requests by status is known on this page")?;
        let total: Vec<&Sample<'_>> = samples.iter().filter(|sample| sample.name == *name).collect();
        let failed: Vec<&Sample<'_>> = total
            .iter()
            .copied()
            .filter(|sample| status(sample).is_some_and(|status| status.starts_with('5')))
            .collect();
        let buckets = LATENCY.iter().find(|name| samples.iter().any(|sample| sample.name == **name));
        let latency: Vec<&Sample<'_>> = samples.iter().filter(|sample| Some(&sample.name) == buckets).collect();
        Ok(Self::of(&total, &failed, &latency))
    }

    /// What chosen samples come to: all requests, those that failed, and the buckets of a histogram.
    #[must_use]
    pub fn of(total: &[&Sample<'_>], failed: &[&Sample<'_>], latency: &[&Sample<'_>]) -> Self {
        let sum =
            |samples: &[&Sample<'_>]| samples.iter().map(|sample| whole(sample.value)).fold(0, u64::saturating_add);
        let (requests, errors) = (sum(total), sum(failed));
        Self { requests: requests.max(errors), errors, within: within(latency) }
    }

    /// What came on top of `before`; none after a reset, when nothing is known of the time between.
    #[must_use]
    pub fn since(&self, before: &Self) -> Option<Self> {
        let bounds = |counters: &Self| counters.within.iter().map(|(bound, _)| bound.to_bits()).collect::<Vec<_>>();
        let requests = self.requests.checked_sub(before.requests)?;
        let errors = self.errors.checked_sub(before.errors)?;
        let pairs = self.within.iter().zip(&before.within);
        let within = match bounds(self) == bounds(before) {
            true => {
                pairs.map(|((bound, now), (_, then))| Some((*bound, now.checked_sub(*then)?))).collect::<Option<_>>()?
            }
            false => Vec::new(),
        };
        Some(Self { requests, errors, within })
    }

    /// Requests by bucket, each by itself, the last without bound.
    #[must_use]
    pub fn buckets(&self) -> Vec<u64> {
        if self.within.is_empty() {
            return Vec::new();
        }
        let mut below = 0;
        let mut buckets: Vec<u64> = Vec::with_capacity(self.within.len() + 1);
        for (_, count) in &self.within {
            buckets.push(count.saturating_sub(below));
            below = below.max(*count);
        }
        buckets.push(self.requests.saturating_sub(below));
        buckets
    }

    /// The seconds within which a share of the requests was answered, on a straight line within the bucket; none without histogram.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of one tick")]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = share * self.requests as f64;
        let (mut low, mut below) = (0.0, 0.0);
        for (bound, count) in &self.within {
            let count = *count as f64;
            if count >= wanted && count > below {
                return Some(low + (bound - low) * ((wanted - below) / (count - below)).clamp(0.0, 1.0));
            }
            (low, below) = (*bound, count);
        }
        // Slower than the largest bound: that is all that is known.
        (self.requests > 0).then(|| self.within.last().map(|(bound, _)| *bound)).flatten()
    }

    /// Adds another pod's.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        if self.within.is_empty() {
            self.within.clone_from(&other.within);
        } else if self.within.len() == other.within.len() {
            self.within.iter_mut().zip(&other.within).for_each(|((_, sum), (_, count))| *sum += count);
        }
    }
}

fn status<'a>(sample: &'a Sample<'_>) -> Option<&'a str> {
    STATUS.iter().find_map(|label| sample.label(label))
}

/// A count; what is negative, or beyond what can be counted, is as near as can be.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what can be counted")]
fn whole(value: f64) -> u64 {
    value.clamp(0.0, 1e15).round() as u64
}

fn within(samples: &[&Sample<'_>]) -> Vec<(f64, u64)> {
    let mut within: BTreeMap<u64, (f64, u64)> = BTreeMap::new();
    for sample in samples {
        let bound = sample.label("le").and_then(|bound| bound.parse::<f64>().ok());
        if let Some(bound) = bound.filter(|bound| bound.is_finite() && *bound > 0.0) {
            // Bits of positive numbers are in the order of the numbers.
            within.entry(bound.to_bits()).or_insert((bound, 0)).1 += whole(sample.value);
        }
    }
    if within.len() > MOST_BOUNDS { Vec::new() } else { within.into_values().collect() }
}

/// The last counters of every container, so that the next ones give differences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger(BTreeMap<String, Counters>);

impl Ledger {
    /// What came since the last look; none at the first one, and after a reset. What is not seen any more is forgotten.
    pub fn differences(&mut self, seen: BTreeMap<String, Counters>) -> BTreeMap<String, Counters> {
        let since = |(key, now): (&String, &Counters)| Some((key.clone(), now.since(self.0.get(key)?)?));
        let differences = seen.iter().filter_map(since).collect();
        self.0 = seen;
        differences
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::sources::page::parse;

    fn discovered(page: &str) -> Result<Counters, String> {
        Counters::discover(&parse(page).unwrap())
    }

    #[test]
    fn usual_names_are_found() {
        let page = "http_requests_total{code=\"200\",m=\"GET\"} 90\nhttp_requests_total{code=\"503\"} 4\nhttp_requests_total{code=\"404\"} 6\n\
            http_request_duration_seconds_bucket{le=\"0.1\"} 80\nhttp_request_duration_seconds_bucket{le=\"0.05\"} 50\nhttp_request_duration_seconds_bucket{le=\"+Inf\"} 100\n";
        let found = discovered(page).unwrap();
        assert_eq!((found.requests, found.errors), (100, 4));
        assert_eq!(found.within, [(0.05, 50), (0.1, 80)]);
        assert_eq!(found.buckets(), [50, 30, 20]);
        assert_eq!(found.quantile(0.5), Some(0.05));
        assert!(found.quantile(0.65).is_some_and(|seconds| (seconds - 0.075).abs() < 1e-12));
        assert_eq!(found.quantile(0.99), Some(0.1));
        let micrometer = "http_server_requests_seconds_count{status=\"500\",outcome=\"SERVER_ERROR\"} 3\nhttp_server_requests_seconds_count{status=\"200\"} 7\n";
        assert_eq!(discovered(micrometer).map(|c| (c.requests, c.errors)), Ok((10, 3)));
        assert!(discovered("up 1\n").is_err());
        assert!(discovered("http_requests_total 1\n").is_err(), "without a status nothing is known of failures");
    }

    #[test]
    fn a_reset_gives_no_difference() {
        let mut ledger = Ledger::default();
        let mut at = |requests, errors| {
            let counters = Counters { requests, errors, within: vec![(0.1, requests)] };
            ledger.differences([("a".to_owned(), counters)].into()).remove("a").map(|c| (c.requests, c.errors))
        };
        assert_eq!(at(100, 1), None);
        assert_eq!(at(150, 3), Some((50, 2)));
        assert_eq!(at(10, 0), None);
        assert_eq!(at(20, 1), Some((10, 1)));
    }
}
