//! Special functions, to the accuracy that is needed here.

/// ln Γ(x) for x > 0, by Stirling's series above 8 and the recurrence below; absolute error < 1e-10.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (x - 0.5) * x.ln() - x + 0.918_938_533_204_672_8 + series - product.ln()
}

/// ln Σ exp(term), without overflow; −∞ for nothing.
pub(crate) fn ln_sum_exp(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + terms.map(|term| (term - top).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factorials() {
        let mut factorial = 1.0_f64;
        for n in 1..60 {
            assert!((ln_gamma(f64::from(n)) - factorial.ln()).abs() < 1e-9, "{n}");
            factorial *= f64::from(n);
        }
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-10);
    }

    #[test]
    fn sums_of_large_and_small() {
        assert!((ln_sum_exp([800.0, 800.0].into_iter()) - (800.0 + 2.0_f64.ln())).abs() < 1e-12);
        assert_eq!(ln_sum_exp(std::iter::empty()), f64::NEG_INFINITY);
    }
}
