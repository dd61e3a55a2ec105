//! What orgoro/coverage would say of the same run, and why where it differs: users of its inputs get a note.
//!
//! Its rule: the header's `line-rate` has to be above `thresholdAll`; each added and each modified file has to reach its
//! threshold by its class's `line-rate`, files with a rate of 0 left out; whatever is not found passes.
//! <https://github.com/orgoro/coverage/blob/main/src/coverage.ts>
#![deny(clippy::disallowed_methods)]
use crate::gather::{Claims, Facts};
use crate::record::{Reason, Record, Status, Verdict, note};
use crate::settings::Rules;

/// A note when the verdicts differ.
pub(super) fn difference(facts: &Facts, rules: &Rules, record: &Record) -> Option<Reason> {
    let asked = &rules.thresholds;
    let [claims] = facts.claims.as_slice() else { return None };
    if asked.all.is_none() && asked.new.is_none() && asked.modified.is_none() {
        return None;
    }
    let rate: f64 = claims.header.rate.as_deref()?.parse().ok()?;
    let all = rate > asked.all.map_or(0.0, |threshold| threshold.as_float());
    let new = each(claims, record, (&[Status::Added], asked.new.map_or(0.0, |threshold| threshold.as_float())));
    let modified_of = [Status::Modified, Status::Renamed];
    let modified = each(claims, record, (&modified_of, asked.modified.map_or(0.0, |t| t.as_float())));
    let theirs = all && new && modified;
    if theirs == (record.verdict == Verdict::Pass) {
        return None;
    }
    let word = if theirs { "pass" } else { "fail" };
    let mut why = Vec::new();
    let reached = |rate: &Option<crate::record::Rate>| rate.as_ref().and_then(|rate| rate.reached).unwrap_or(true);
    if all != reached(&record.all) {
        why.push(format!(
            "it believes the header's line-rate {} and does not count lines",
            action::neutral(rate.to_string())
        ));
    }
    if new != reached(&record.new) {
        why.push(
            "of added files it drops those that are not covered at all, and judges each by its line-rate".to_owned(),
        );
    }
    if modified != reached(&record.modified) {
        why.push("it judges each modified file by the line-rate of all its lines".to_owned());
    }
    for (code, words) in [
        ("unmeasured-source", "a changed file that the report does not name passes there"),
        ("patch-below", "it does not look at changed lines"),
        ("lost", "it knows no baseline"),
        ("coverage-dropped", "it knows no baseline"),
    ] {
        if record.reasons.iter().any(|reason| reason.code == code) {
            why.push(words.to_owned());
        }
    }
    if why.is_empty() {
        why.push("it does not look at what decided here".to_owned());
    }
    let message = format!("orgoro/coverage would {word} this: {}", why.join("; "));
    Some(Reason { file: Some(claims.path.clone()), ..note("upstream-differs", message) })
}

fn each(claims: &Claims, record: &Record, (statuses, threshold): (&[Status], f64)) -> bool {
    let files = record.files.iter().filter(|file| statuses.contains(&file.status));
    let mut rates = files.filter_map(|file| claims.rates.get(&file.file)).filter(|rate| **rate > 0.0);
    rates.all(|rate| *rate >= threshold)
}

/// A note when the head of a report says something else than its lines.
pub(super) fn header(claims: &Claims, rules: &Rules) -> Option<Reason> {
    let (hit, measured) = claims.counted;
    let counted = crate::record::percent(hit, measured)?;
    let rate = claims.header.rate.as_deref()?;
    let claimed: f64 = rate.parse().ok()?;
    let exact = hit as f64 / measured as f64;
    let lines = claims.header.lines.is_some_and(|lines| lines != claims.counted);
    let decides = rules
        .thresholds
        .all
        .is_some_and(|threshold| threshold.reached(hit, measured) != (claimed >= threshold.as_float()));
    // Rates are written with four digits or fewer.
    if !decides && !lines && (claimed - exact).abs() < 0.001 {
        return None;
    }
    let rate = action::neutral(rate);
    let message = format!("its header says line-rate {rate}, and its lines are {hit} of {measured}, {counted} %");
    Some(Reason { file: Some(claims.path.clone()), ..note("header-differs", message) })
}
