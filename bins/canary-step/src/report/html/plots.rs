//! Plots of one service over time: evidence, error rate, latency, pods; each with what happened as marks.
use page::{Axis, Block, LinePlot, Mark, Series, State};

use crate::evidence::{Evidence, Outcome, Sample, ServiceRow};
use crate::report::numbers::{self, error_rates, minutes, points};

/// E-values are drawn by their power of ten, between these.
const POWERS: (f64, f64) = (-2.0, 12.0);

/// The plots, without those that have nothing to show.
pub(super) fn of(evidence: &Evidence, row: &ServiceRow) -> Vec<Block> {
    let marks = marks(evidence, row);
    let plots = [against(evidence, row), errors(row), slow(row), pods(row)];
    let marked = plots.into_iter().flatten().map(|plot| LinePlot { marks: marks.clone(), ..plot });
    marked.map(|plot| Block::Plot(if is_short(evidence) { in_seconds(plot) } else { plot })).collect()
}

/// Whether minutes are too long for its axes.
pub(super) fn is_short(evidence: &Evidence) -> bool {
    evidence.elapsed < 180
}

/// The same plot with seconds instead of minutes.
fn in_seconds(mut plot: LinePlot) -> LinePlot {
    plot.x.unit = "s".to_owned();
    plot.series.iter_mut().flat_map(|series| &mut series.points).for_each(|(at, _)| *at *= 60.0);
    plot.marks.iter_mut().for_each(|mark| mark.at *= 60.0);
    plot
}

/// Steps, the first sign of what stopped it, and the end.
fn marks(evidence: &Evidence, row: &ServiceRow) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut weights = evidence.steps.iter().map(|step| format!("{} %", step.weight));
    for event in evidence.events.iter().filter(|event| event.kind == "step") {
        let label = weights.next().unwrap_or_else(|| "live".to_owned());
        marks.push(Mark { at: minutes(event.at), label, state: State::Neutral });
    }
    let mine = evidence.reasons.iter().find(|reason| reason.service == row.name);
    marks.extend(mine.map(|reason| Mark {
        at: minutes(reason.since),
        label: reason.signal.clone(),
        state: State::Bad,
    }));
    let end = match evidence.outcome {
        Outcome::Running => None,
        Outcome::Promoted => Some("shipped"),
        Outcome::Frozen => Some("on hold"),
        Outcome::Aborted | Outcome::RolledBack => Some("stopped"),
    };
    marks.extend(end.map(|label| Mark {
        at: minutes(evidence.elapsed),
        label: label.to_owned(),
        state: State::Neutral,
    }));
    marks
}

fn plot((title, y): (&str, Axis), series: Vec<Series>) -> Option<LinePlot> {
    let any = series.iter().flat_map(|series| &series.points).any(|point| point.1.is_finite());
    let x = Axis { label: "time".to_owned(), unit: "min".to_owned() };
    any.then(|| LinePlot { title: title.to_owned(), x, y, series, threshold: None, marks: Vec::new() })
}

fn axis(label: &str, unit: &str) -> Axis {
    Axis { label: label.to_owned(), unit: unit.to_owned() }
}

/// Stable and canary in the same plot.
fn arms(stable: Vec<(f64, f64)>, canary: Vec<(f64, f64)>) -> Vec<Series> {
    let series = |name: &str, state, points| Series { name: name.to_owned(), state, points };
    vec![series("canary", State::Doubtful, canary), series("stable", State::Neutral, stable)]
}

fn against(evidence: &Evidence, row: &ServiceRow) -> Option<LinePlot> {
    let power = |e: f64| e.log10().clamp(POWERS.0, POWERS.1);
    let series = Series {
        name: "evidence that it is worse".to_owned(),
        state: State::Bad,
        points: points(row, |sample| sample.e.filter(|e| e.is_finite() && *e >= 0.0).map(power)),
    };
    let plot = plot(("Evidence (E-value)", axis("power of ten", "")), vec![series])?;
    let threshold = numbers::limit(evidence).map(|limit| (power(limit), format!("{limit:.0} stops it")));
    Some(LinePlot { threshold, ..plot })
}

fn errors(row: &ServiceRow) -> Option<LinePlot> {
    let series = arms(error_rates(row, |s| s.stable.as_ref()), error_rates(row, |s| s.canary.as_ref()));
    plot(("Failed requests over the last minute", axis("share", "%")), series)
}

fn slow(row: &ServiceRow) -> Option<LinePlot> {
    let of = |arm: fn(&Sample) -> Option<&crate::evidence::Arm>| {
        points(row, move |sample| arm(sample)?.latency.map(|quantiles| quantiles[2] * 1_000.0))
    };
    let series = arms(of(|s| s.stable.as_ref()), of(|s| s.canary.as_ref()));
    plot(("99 % of the requests took less than", axis("time", "ms")), series)
}

fn pods(row: &ServiceRow) -> Option<LinePlot> {
    let series = arms(
        points(row, |sample| Some(f64::from(sample.stable_ready))),
        points(row, |sample| Some(f64::from(sample.canary_ready))),
    );
    plot(("Ready pods", axis("pods", "")), series)
}
