//! Exact intervals for shares (Clopper and Pearson 1934).

/// The interval that holds the true share with 95 %, when `found` of `runs` were; all of 0 to 1 without runs.
#[must_use]
pub fn interval(found: u64, runs: u64) -> (f64, f64) {
    let found = found.min(runs);
    let low = if found == 0 { 0.0 } else { solve(|p| 1.0 - below(found - 1, runs, p), 0.025) };
    let high = if found == runs { 1.0 } else { solve(|p| 1.0 - below(found, runs, p), 0.975) };
    (low, high)
}

/// Where a growing function of the share reaches a level.
fn solve(function: impl Fn(f64) -> f64, level: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if function(middle) < level { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The probability of at most `found` successes.
fn below(found: u64, runs: u64, p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return if p <= 0.0 { 1.0 } else { 0.0 };
    }
    let (mut ln, mut sum) = (runs as f64 * (-p).ln_1p(), 0.0);
    for k in 0..=found {
        sum += ln.exp();
        ln += ((runs - k) as f64 / (k + 1) as f64).ln() + p.ln() - (-p).ln_1p();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn intervals_are_exact() {
        let check = |found, runs, low: f64, high: f64| {
            let (from, to) = interval(found, runs);
            assert!((from - low).abs() < 1e-4 && (to - high).abs() < 1e-4, "{found} of {runs}: {from} {to}");
        };
        // Without successes the upper end is 1 − 0.025^(1/n).
        check(0, 10, 0.0, 0.3085);
        check(10, 10, 0.6915, 1.0);
        check(5, 10, 0.1871, 0.8129);
        check(0, 0, 0.0, 1.0);
    }
}
