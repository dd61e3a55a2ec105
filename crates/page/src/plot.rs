//! A line plot over two axes; it stretches with the page, and its letters do not.
use std::fmt::Write as _;

use maud::{Markup, html};

use crate::State;
use crate::escape::{Shown, visible};

mod scale;

use scale::{Scale, thinned};

/// More points than this of one line are thinned out; what is highest and lowest stays.
const MOST_POINTS: usize = 1_000;

/// More marks than this are not drawn.
const MOST_MARKS: usize = 24;

/// An axis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    /// What it measures.
    pub label: String,
    /// In which unit; empty for a bare number.
    pub unit: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it shows.
    pub name: String,
    /// Its colour.
    pub state: State,
    /// Its points, x ascending; a y that is no number is a gap.
    pub points: Vec<(f64, f64)>,
}

/// A moment on the x axis at which something happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where on the axis; one outside of the lines is not drawn.
    pub at: f64,
    /// What happened, in a word or two.
    pub label: String,
    /// Its colour.
    pub state: State,
}

/// Lines over an axis, such as a rate over time. The y axis starts at zero, or below.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePlot {
    /// What it shows.
    pub title: String,
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from bottom to top.
    pub y: Axis,
    /// The lines.
    pub series: Vec<Series>,
    /// A level that matters, and what it is called.
    pub threshold: Option<(f64, String)>,
    /// Moments that matter, ascending.
    pub marks: Vec<Mark>,
}

impl LinePlot {
    pub(crate) fn markup(&self) -> Markup {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let level = self.threshold.iter().map(|(level, _)| *level);
        let x = Scale::of(points().map(|point| point.0), 5).tight();
        let y = Scale::of(points().map(|point| point.1).chain(level).chain([0.0]), 4);
        html! {
            figure class="plot" {
                figcaption { strong { (Shown::new(&self.title)) } (self.legend()) }
                svg class="plot-area" role="img" aria-label=(visible(&self.in_words())) {
                    (grid(&x, &y))
                    svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%" {
                        @for (at, series) in self.series.iter().enumerate() {
                            path class={ "series " (series.state.class()) " dash" (at % 4) } d=(path(series, &x, &y)) {}
                        }
                    }
                    (self.level(&y))
                    (self.moments(&x))
                }
                p class="axes soft" {
                    "↑ " (Shown::new(&axis(&self.y))) span { (Shown::new(&axis(&self.x))) " →" }
                }
            }
        }
    }

    fn legend(&self) -> Markup {
        html! {
            span class="plot-legend" {
                @for (at, series) in self.series.iter().enumerate() {
                    span {
                        svg class="sample" aria-hidden="true" {
                            path class={ "series " (series.state.class()) " dash" (at % 4) } d="M1 5h26" {}
                        }
                        (Shown::new(&series.name))
                    }
                }
            }
        }
    }

    fn level(&self, y: &Scale) -> Markup {
        html! {
            @if let Some((level, name)) = self.threshold.as_ref().filter(|(level, _)| level.is_finite()) {
                @let height = percent(1.0 - y.position(*level));
                line class="aim" x1="0" x2="100%" y1=(height) y2=(height) {}
                text class="aim-name" x="100%" y=(height) dy="-5" { (Shown::new(name)) }
            }
        }
    }

    /// The marks as upright lines; a label that would stand on its neighbour's is left to the words.
    fn moments(&self, x: &Scale) -> Markup {
        let mut free = f64::NEG_INFINITY;
        let mut drawn = Vec::new();
        for mark in self.marks.iter().filter(|mark| x.shows(mark.at)).take(MOST_MARKS) {
            let at = x.position(mark.at);
            // About the part of the width that a letter takes.
            let wide = 0.012 * mark.label.chars().count().min(24) as f64;
            let left = if at + wide > 1.0 { at - wide } else { at };
            let named = left >= free;
            if named {
                free = left + wide + 0.01;
            }
            drawn.push((mark, at, named, left < at));
        }
        html! {
            @for (mark, at, named, turned) in drawn {
                @let place = percent(at);
                line class={ "moment " (mark.state.class()) } x1=(place) x2=(place) y1="0" y2="100%" {}
                @if named {
                    @let side = if turned { "moment-name turned" } else { "moment-name" };
                    text class=(side) x=(place) y="0" dx=(if turned { "-4" } else { "4" }) dy="10" { (Shown::new(&mark.label)) }
                }
            }
        }
    }

    /// What the plot shows, for whoever cannot see it.
    fn in_words(&self) -> String {
        let mut words = self.title.clone();
        for series in &self.series {
            let values: Vec<f64> = series.points.iter().map(|point| point.1).filter(|y| y.is_finite()).collect();
            let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            // Writing to a String cannot fail.
            let _ = match (values.first(), values.last()) {
                (Some(first), Some(last)) => {
                    write!(words, "; {}: from {first:.2} to {last:.2}, at most {highest:.2}", series.name)
                }
                _ => write!(words, "; {}: no value", series.name),
            };
        }
        if let Some((level, name)) = &self.threshold {
            let _ = write!(words, "; {name}: {level:.2}");
        }
        for mark in self.marks.iter().filter(|mark| mark.at.is_finite()).take(MOST_MARKS) {
            let _ = write!(words, "; {} at {:.2}", mark.label, mark.at);
        }
        words
    }
}

fn axis(axis: &Axis) -> String {
    if axis.unit.is_empty() { axis.label.clone() } else { format!("{}, {}", axis.label, axis.unit) }
}

fn grid(x: &Scale, y: &Scale) -> Markup {
    html! {
        @for tick in y.ticks() {
            @let height = percent(1.0 - y.position(tick));
            line class="grid" x1="0" x2="100%" y1=(height) y2=(height) {}
            text class="tick-y" x="-8" y=(height) dy="4" { (y.label(tick)) }
        }
        @for tick in x.ticks() {
            @let place = percent(x.position(tick));
            text class="tick-x" x=(place) y="100%" dy="18" { (x.label(tick)) }
        }
    }
}

/// The line as drawing orders on a canvas of 1000 by 1000.
fn path(series: &Series, x: &Scale, y: &Scale) -> String {
    let mut orders = String::new();
    let mut drawing = false;
    for (at, value) in thinned(&series.points, MOST_POINTS) {
        if !at.is_finite() || !value.is_finite() {
            drawing = false;
            continue;
        }
        let (across, down) = (x.position(at) * 1000.0, (1.0 - y.position(value)) * 1000.0);
        // The order of no length makes a point that stands alone a dot.
        let order = if drawing { format!("L{across:.1} {down:.1}") } else { format!("M{across:.1} {down:.1}h0") };
        orders.push_str(&order);
        drawing = true;
    }
    orders
}

fn percent(part: f64) -> String {
    format!("{:.2}%", part * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(points: Vec<(f64, f64)>) -> String {
        let series = vec![Series { name: "canary <1>".into(), state: State::Bad, points }];
        let axis = |label: &str| Axis { label: label.into(), unit: String::new() };
        let (x, y, threshold) = (axis("time"), axis("rate"), Some((2.0, "limit".to_owned())));
        let mark = |at, label: &str| Mark { at, label: label.into(), state: State::Neutral };
        let marks = vec![mark(1.0, "step <2>"), mark(1.01, "near"), mark(9.0, "outside"), mark(f64::NAN, "nowhere")];
        LinePlot { title: "errors".into(), x, y, series, threshold, marks }.markup().into_string()
    }

    #[test]
    fn points_become_a_line() {
        let shown = plot(vec![(0.0, 0.0), (1.0, 4.0), (2.0, 2.0)]);
        assert!(shown.contains("d=\"M0.0 1000.0h0L500.0 0.0L1000.0 500.0\""), "{shown}");
        assert!(
            shown.contains(
                "errors; canary &lt;1&gt;: from 0.00 to 2.00, at most 4.00; limit: 2.00; step &lt;2&gt; at 1.00"
            ),
            "{shown}"
        );
    }

    #[test]
    fn moments_are_marked_and_their_names_do_not_stand_on_each_other() {
        let shown = plot(vec![(0.0, 0.0), (2.0, 2.0)]);
        assert_eq!(shown.matches("class=\"moment neutral\"").count(), 2, "{shown}");
        assert!(shown.contains("dy=\"10\">step &lt;2&gt;</text>") && !shown.contains(">near</text>"), "{shown}");
        assert!(shown.contains("; near at 1.01; outside at 9.00\"") && !shown.contains("nowhere"), "{shown}");
    }

    #[test]
    fn a_gap_is_a_gap() {
        let shown = plot(vec![(0.0, 0.0), (1.0, f64::NAN), (2.0, 2.0)]);
        assert!(shown.contains("d=\"M0.0 1000.0h0M1000.0 0.0h0\""), "{shown}");
    }

    #[test]
    fn nothing_and_too_much_are_drawn_without_a_fault() {
        assert!(plot(vec![]).contains("canary &lt;1&gt;: no value"));
        for value in [f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::INFINITY, -0.0] {
            let shown = plot(vec![(value, value), (0.0, -value)]);
            assert!(!shown.contains("NaN%") && !shown.contains("inf%"), "{shown}");
        }
    }
}
