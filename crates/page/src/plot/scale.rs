//! Where a number stands on an axis, and which round numbers are written along it.

/// Numbers further from zero than this are drawn as if they were this far.
const FURTHEST: f64 = 1e15;

/// An axis from its lowest to its highest number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
    /// The lowest and the highest of the values themselves.
    values: (f64, f64),
}

impl Scale {
    /// A scale that holds all finite values, from one round number to another, `steps` or fewer in between.
    pub(super) fn of(values: impl Iterator<Item = f64>, steps: u32) -> Self {
        let finite = values.filter(|value| value.is_finite()).map(|value| value.clamp(-FURTHEST, FURTHEST));
        let bounds = finite.fold(None, |bounds: Option<(f64, f64)>, value| {
            Some(bounds.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (low, high) = bounds.unwrap_or((0.0, 1.0));
        let high = if high - low < 1e-9 { low + 1.0 } else { high };
        let step = round_step((high - low) / f64::from(steps));
        let (bottom, top) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { low: bottom, high: top, step, values: (low, high) }
    }

    /// The same scale, from the first value to the last.
    pub(super) fn tight(self) -> Self {
        Self { low: self.values.0, high: self.values.1, ..self }
    }

    /// Where the value stands, from 0 to 1.
    pub(super) fn position(&self, value: f64) -> f64 {
        ((value.clamp(-FURTHEST, FURTHEST) - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Whether the value lies on the axis, but for rounding.
    pub(super) fn shows(&self, value: f64) -> bool {
        let slack = 0.001 * (self.high - self.low);
        (self.low - slack..=self.high + slack).contains(&value)
    }

    /// The round numbers of the axis.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> {
        let (first, step) = ((self.low / self.step).ceil(), self.step);
        let end = self.high + step * 1e-6;
        (0..16).map(move |count| (first + f64::from(count)) * step).take_while(move |tick| *tick <= end)
    }

    /// A round number, with as many decimals as the steps between them need.
    pub(super) fn label(&self, tick: f64) -> String {
        if self.step >= 1e7 || self.step < 1e-6 {
            return format!("{tick:e}");
        }
        let (mut decimals, mut step) = (0, self.step);
        while step < 0.999_999 {
            step *= 10.0;
            decimals += 1;
        }
        // Adding zero makes a negative zero plain.
        format!("{:.decimals$}", tick + 0.0)
    }
}

/// The smallest of 1, 2, 5, 10, 20, … that is no smaller than `raw`. Loops, because logarithms differ between machines.
fn round_step(raw: f64) -> f64 {
    let mut power = 1.0;
    while power > raw {
        power /= 10.0;
    }
    while power * 10.0 <= raw {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0].into_iter().map(|factor| factor * power).find(|step| *step >= raw).unwrap_or(power * 10.0)
}

/// At most `most` of the points: of each stretch the lowest and the highest, in order.
pub(super) fn thinned(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    if points.len() <= most {
        return points.to_vec();
    }
    let stretch = points.len().div_ceil(most / 2);
    points.chunks(stretch).flat_map(extremes).collect()
}

fn extremes(stretch: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let by = |a: &usize, b: &usize| stretch[*a].1.total_cmp(&stretch[*b].1);
    let (lowest, highest) = ((0..stretch.len()).min_by(by), (0..stretch.len()).max_by(by));
    let (first, last) = (lowest.min(highest), lowest.max(highest));
    let second = last.filter(|_| first != last);
    first.into_iter().chain(second).map(|at| stretch[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], labels: &[&str]) {
        let scale = Scale::of(values.iter().copied(), 4);
        assert_eq!(scale.ticks().map(|tick| scale.label(tick)).collect::<Vec<_>>(), labels, "{scale:?}");
    }

    #[test]
    fn ticks_are_round() {
        check(&[0.0, 100.0], &["0", "50", "100"]);
        check(&[0.0, 3.7], &["0", "1", "2", "3", "4"]);
        check(&[0.0, 0.031], &["0.00", "0.01", "0.02", "0.03", "0.04"]);
        check(&[-1.0, 1.0], &["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
        check(&[], &["0.0", "0.5", "1.0"]);
        check(&[7.0], &["7.0", "7.5", "8.0"]);
    }

    #[test]
    fn a_tight_scale_ends_where_the_values_do() {
        let scale = Scale::of([3.0, 13.0].into_iter(), 5).tight();
        assert_eq!(scale.ticks().collect::<Vec<_>>(), [4.0, 6.0, 8.0, 10.0, 12.0]);
        assert_eq!((scale.position(3.0), scale.position(13.0)), (0.0, 1.0));
    }

    #[test]
    fn peaks_survive_thinning() {
        let mut points: Vec<(f64, f64)> = (0..5000).map(|at| (f64::from(at), 1.0)).collect();
        points[1234].1 = 99.0;
        let few = thinned(&points, 100);
        assert!(few.len() <= 100 && few.contains(&(1234.0, 99.0)), "{few:?}");
        assert!(few.is_sorted_by(|a, b| a.0 < b.0));
    }
}
