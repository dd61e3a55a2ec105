//! The log-spaced rate ratios at which evidence is kept, and what is believed of them beforehand.
use std::sync::LazyLock;

/// Distance of two log ratios.
pub(crate) const STEP: f64 = 0.1;
/// How far the grid reaches below the margin, in steps: a ratio of e⁻² of it.
pub(crate) const BELOW: usize = 20;
/// All points: from e⁻² to e⁶ of the margin.
pub(crate) const POINTS: usize = BELOW + 61;

/// The log ratio, over the margin's, of a point.
pub(crate) fn excess(point: usize) -> f64 {
    (point as f64 - BELOW as f64) * STEP
}

/// The least weight that [`normal`] with the widest deviation leaves at its centre.
pub(crate) const LEAST_AT_MARGIN: f64 = 0.016;

/// What is believed of a regression before it is seen: its log excess over the margin is Gamma(2.5, 0.7), which finds ratios of
/// two to ten soonest; some is spread evenly up to e⁶, and some lies beyond e⁴, where stable has next to no errors.
pub(crate) static ALTERNATIVES: LazyLock<[f64; POINTS]> = LazyLock::new(|| {
    const SCALE: f64 = 0.7;
    const EVEN: f64 = 0.03;
    const FAR: f64 = 0.05;
    let mut weights = [0.0; POINTS];
    for (point, weight) in weights.iter_mut().enumerate().skip(BELOW + 1) {
        let x = excess(point);
        let near = STEP / (1.329_340_388 * SCALE) * (x / SCALE).powf(1.5) * (-x / SCALE).exp();
        let far = if point > BELOW + 39 { 1.0 / 21.0 } else { 0.0 };
        *weight = (1.0 - EVEN - FAR) * near + EVEN * STEP / 6.0 + FAR * far;
    }
    normalised(weights)
});

/// What is believed of a canary that is no worse than stable: its ratio is 1, give or take a third, or lower.
pub(crate) fn equals(margin: f64) -> [f64; POINTS] {
    normalised(std::array::from_fn(|point| {
        let x = excess(point) + margin;
        if x > 0.0 { (-0.5 * (x / 0.3).powi(2)).exp() } else { (x / 0.7).exp() }
    }))
}

/// A normal distribution around a point.
pub(crate) fn normal(around: usize, deviation: f64) -> [f64; POINTS] {
    normalised(std::array::from_fn(|point| {
        let x = (point as f64 - around as f64) * STEP;
        (-0.5 * (x / deviation).powi(2)).exp()
    }))
}

fn normalised(mut weights: [f64; POINTS]) -> [f64; POINTS] {
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}
