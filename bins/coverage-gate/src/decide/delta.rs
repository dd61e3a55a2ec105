//! Against an earlier measurement: by how much coverage fell, and which unchanged lines lost theirs.
#![deny(clippy::disallowed_methods)]
use std::collections::BTreeMap;

use git::FileChange;

use super::rates::Part;
use super::{Counted, scope};
use crate::baseline::merged;
use crate::gather::{Earlier, Facts, shown};
use crate::inputs::NoBaseline;
use crate::lines::State;
use crate::record::{Baseline, Lost, Reason, Span, Verdict, problem};
use crate::settings::Rules;
use crate::threshold::Threshold;

/// What the comparison comes to, and the reasons that follow from it.
pub(super) fn compare(facts: &Facts, rules: &Rules, counted: &Counted<'_>) -> (Option<Baseline>, Vec<Reason>) {
    let mut reasons = Vec::new();
    let earlier = match &facts.earlier {
        Some(Ok(earlier)) => earlier,
        other => {
            let why = match other {
                Some(Err(why)) => why.clone(),
                _ => "no baseline was given".to_owned(),
            };
            if rules.allow_drop.is_none() && other.is_none() {
                return (None, reasons);
            }
            if rules.allow_drop.is_some() {
                reasons.push(skipped(&why, rules.no_baseline));
            }
            return (Some(Baseline { skipped: Some(why), ..Baseline::default() }), reasons);
        }
    };
    let compared = Compared::of(earlier, (facts, rules), counted);
    let now = counted.lines();
    let mut baseline = Baseline {
        skipped: None,
        commit: Some(earlier.baseline.commit.clone()),
        all: compared.kept.rate(None),
        drop: drop_of(compared.kept, now),
        allow_drop: rules.allow_drop.map(|allowed| allowed.to_string()),
        lost: compared.lost,
    };
    baseline.lost.sort_by(|a, b| a.file.cmp(&b.file));
    if let Some(allowed) = rules.allow_drop {
        reasons.extend(judged(&baseline, (allowed, compared.lost_lines), (compared.kept, now)));
        reasons.extend(vanished(&compared.vanished));
    }
    (Some(baseline), reasons)
}

/// Files that the baseline measured: without them no percentage can be compared with its own.
fn vanished(files: &[String]) -> Option<Reason> {
    const MOST: usize = 5;
    let first = files.first()?;
    let message = match files {
        [_] => "the baseline measured it, and it is in no report any more".to_owned(),
        _ => {
            let more = if files.len() > MOST { ", …" } else { "" };
            let names: Vec<String> = files.iter().take(MOST).map(action::neutral).collect();
            format!(
                "the baseline measured {} files that are in no report any more: {}{more}",
                files.len(),
                names.join(", ")
            )
        }
    };
    let hint = Some("look for a report that is missing, or exclude them".to_owned());
    Some(Reason { file: Some(first.clone()), hint, ..problem("no-longer-measured", message) })
}

fn skipped(why: &str, rule: NoBaseline) -> Reason {
    let verdict = if rule == NoBaseline::Fail { Verdict::Fail } else { Verdict::Pass };
    let code = if rule == NoBaseline::Fail { "no-baseline" } else { "skipped" };
    Reason { verdict, ..problem(code, format!("allow-drop was not judged, because {why}")) }
}

/// The baseline, seen from now.
#[derive(Default)]
struct Compared {
    /// Its lines that are still there.
    kept: Part,
    lost: Vec<Lost>,
    lost_lines: u64,
    /// Files that are still there and in no report.
    vanished: Vec<String>,
}

impl Compared {
    fn of(earlier: &Earlier, (facts, rules): (&Facts, &Rules), counted: &Counted<'_>) -> Self {
        let changes: BTreeMap<String, &FileChange> =
            earlier.files.iter().map(|change| (shown(change.old_path()), change)).collect();
        let mut compared = Self::default();
        for (name, runs) in &earlier.baseline.files {
            let change = changes.get(name).copied();
            if change.is_some_and(|change| change.new_mode.is_none()) {
                continue;
            }
            let path = change.map_or_else(|| name.clone().into_bytes(), |change| change.path.clone());
            if scope::left_out(&path, facts, rules).is_some() {
                continue;
            }
            // The runs were read when the baseline was.
            let Some((measured, hit)) = runs.spans() else { continue };
            let Some(coverage) = counted.get(&path) else {
                compared.vanished.extend((!measured.is_empty()).then(|| shown(&path)));
                continue;
            };
            let now = |old: u32| change.map_or(Some(old), |change| change.new_line(old));
            compared.kept.measured += lines(&measured).filter(|old| now(*old).is_some()).count() as u64;
            let mut lost = Vec::new();
            for new in lines(&hit).filter_map(now) {
                compared.kept.covered += 1;
                if coverage.lines.state(new) == Some(State::Missed) {
                    lost.push(new);
                }
            }
            if !lost.is_empty() {
                compared.lost_lines += lost.len() as u64;
                compared.lost.push(Lost { file: shown(&path), lines: merged(lost) });
            }
        }
        compared
    }
}

fn lines(spans: &[Span]) -> impl Iterator<Item = u32> + '_ {
    spans.iter().flat_map(|span| span.0..=span.1)
}

/// The difference in percentage points, with two decimals.
fn drop_of(before: Part, now: Part) -> Option<String> {
    if before.measured == 0 || now.measured == 0 {
        return None;
    }
    let product = |a: u64, b: u64| i128::from(a) * i128::from(b) * 10_000;
    let fallen = product(before.covered, now.measured) - product(now.covered, before.measured);
    // Rounded up, so that no fall is shown as none, and no rise as more than it is.
    let hundredths = -(-fallen).div_euclid(i128::from(before.measured) * i128::from(now.measured));
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    Some(format!("{sign}{}.{:02}", size / 100, size % 100))
}

fn judged(baseline: &Baseline, (allowed, lost): (Threshold, u64), (before, now): (Part, Part)) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let (numerator, digits) = allowed.parts();
    let scale = 10i128.pow(digits);
    // before - now > allowed, in whole numbers.
    let (b, n) = (i128::from(before.measured), i128::from(now.measured));
    let fallen = i128::from(before.covered) * n - i128::from(now.covered) * b;
    if b > 0 && n > 0 && fallen * scale > i128::from(numerator) * b * n {
        let drop = baseline.drop.as_deref().unwrap_or_default();
        let message = format!("coverage fell by {drop} points, and {allowed} are allowed");
        reasons.push(Reason { verdict: Verdict::Fail, ..problem("coverage-dropped", message) });
    }
    if i128::from(lost) * scale > i128::from(numerator) * b {
        for Lost { file, lines } in baseline.lost.iter().take(100) {
            let spans: Vec<String> = lines.iter().map(ToString::to_string).collect();
            let message = format!("unchanged lines that the baseline had covered are missed now: {}", spans.join(", "));
            let mut reason = Reason { verdict: Verdict::Fail, ..problem("lost", message) };
            reason.file = Some(file.clone());
            reason.line = lines.first().map(|span| span.0);
            reasons.push(reason);
        }
    }
    reasons
}
