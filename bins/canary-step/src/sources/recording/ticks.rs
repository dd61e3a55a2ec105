//! Counters of many series → what each pod's gained from one point in time to the next.
use std::collections::{BTreeMap, BTreeSet};

use super::{Counts, Recording, Series, Ticks};

/// More points in time, or more values, are refused.
const MOST_TIMES: usize = 50_000;
const MOST_VALUES: usize = 20_000_000;
/// Brings all series onto one line of time.
pub(super) fn gathered(series: &[Series]) -> Result<Recording, String> {
    let strangers = series.iter().filter(|series| series.service.is_none()).count();
    let ours: Vec<&Series> = series.iter().filter(|series| series.service.is_some()).collect();
    if ours.is_empty() {
        return Err(format!("none of its {strangers} series belongs to a service of the policy"));
    }
    if ours.iter().all(|series| series.counts == Counts::Requests) {
        return Err("nothing in it tells failures: export series by status, or a counter of errors as well".to_owned());
    }
    let values = || ours.iter().flat_map(|series| &series.values);
    if values().any(|(time, value)| !time.is_finite() || time.abs() > 1e11 || value.is_infinite() || *value < 0.0) {
        return Err("a time or a counter in it is negative or infinite".to_owned());
    }
    // Milliseconds are near enough to call two times one.
    let times: BTreeSet<i64> = values().map(|(time, _)| (time * 1000.0).round() as i64).collect();
    let times: Vec<i64> = times.into_iter().collect();
    if times.len() < 3 || times.len() > MOST_TIMES || times.len().saturating_mul(ours.len()) > MOST_VALUES {
        return Err(format!(
            "it has {} points in time of {} series; 3 to {MOST_TIMES} make sense",
            times.len(),
            ours.len()
        ));
    }
    let mut steps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable();
    let tick = steps[steps.len() / 2] as f64 / 1000.0;
    let mut pods: BTreeMap<(&str, &str), Vec<&Series>> = BTreeMap::new();
    for series in ours {
        pods.entry((series.service.as_deref().unwrap_or_default(), &series.pod)).or_default().push(series);
    }
    let mut services: BTreeMap<String, BTreeMap<String, Ticks>> = BTreeMap::new();
    for ((service, pod), series) in pods {
        services.entry(service.to_owned()).or_default().insert(pod.to_owned(), differences(&series, &times));
    }
    Ok(Recording { tick, ticks: times.len() - 1, services, strangers })
}

/// What one pod's counters gained in each tick. A counter that is first seen while the pod was there before began at 0; one
/// that falls was reset, and its tick is unknown, as is one after a gap.
fn differences(series: &[&Series], times: &[i64]) -> Ticks {
    let mut there = vec![false; times.len()];
    let columns: Vec<(Counts, Vec<Option<f64>>)> = series
        .iter()
        .map(|series| {
            let mut column = vec![None; times.len()];
            for (time, value) in series.values.iter().filter(|(_, value)| !value.is_nan()) {
                if let Ok(at) = times.binary_search(&((time * 1000.0).round() as i64)) {
                    column[at] = Some(*value);
                    there[at] = true;
                }
            }
            (series.counts, column)
        })
        .collect();
    let mut last: Vec<Option<f64>> = columns.iter().map(|(_, column)| column[0]).collect();
    (1..times.len())
        .map(|at| {
            let (mut requests, mut errors, mut known) = (0.0, 0.0, there[at] && there[at - 1]);
            for ((counts, column), last) in columns.iter().zip(&mut last) {
                let Some(now) = column[at] else { continue };
                let gained = now - last.replace(now).unwrap_or(0.0);
                known &= gained >= 0.0;
                requests += if *counts == Counts::Failures { 0.0 } else { gained };
                errors += if *counts == Counts::Requests { 0.0 } else { gained };
            }
            let whole = |count: f64| count.clamp(0.0, 1e15).round() as u64;
            known.then(|| (whole(requests).max(whole(errors)), whole(errors)))
        })
        .collect()
}
