//! Thresholds: exact ratios read from text, compared in whole numbers.
use std::fmt;

/// A ratio from 0 to 1 as `numerator / 10^digits`; no floating point is involved anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    numerator: u64,
    digits: u32,
}

/// Digits that a threshold may have; more than anyone measures.
const MOST_DIGITS: usize = 15;

impl Threshold {
    /// Reads `0.70`, `70%` or `70`: a bare number above 1 is percent, and a bare `1` is all of it.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (number, percent) = match text.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (text, false),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || number.ends_with('.') {
            return Err("it is no number such as 0.7, 70 or 70%");
        }
        let part = part.trim_end_matches('0');
        let whole = whole.trim_start_matches('0');
        if whole.len() + part.len() > MOST_DIGITS {
            return Err("it has more digits than any coverage");
        }
        // At most MOST_DIGITS digits fit.
        let numerator: u64 = format!("0{whole}{part}").parse().map_err(|_| "it has more digits than any coverage")?;
        let scale = part.len() as u32;
        let one = 10u64.pow(scale);
        let percent = percent || numerator > one;
        let threshold = Self { numerator, digits: if percent { scale + 2 } else { scale } };
        if u128::from(threshold.numerator) > 10u128.pow(threshold.digits) {
            return Err("it is above 100 %");
        }
        Ok(threshold)
    }

    /// Whether so much of that much is enough. Of nothing, nothing is enough.
    pub fn reached(self, covered: u64, measured: u64) -> bool {
        measured > 0
            && u128::from(covered) * 10u128.pow(self.digits) >= u128::from(self.numerator) * u128::from(measured)
    }

    /// The ratio as a float, only to play through what another tool would say.
    pub(crate) fn as_float(self) -> f64 {
        self.numerator as f64 / 10f64.powi(self.digits.try_into().unwrap_or(i32::MAX))
    }

    /// The numerator over `10^digits`.
    pub(crate) fn parts(self) -> (u64, u32) {
        (self.numerator, self.digits)
    }
}

/// In percent, exactly: `70`, `0.7`, `69.995`.
impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A ratio without digits is 0 or 1.
        let (numerator, digits) = match self.digits {
            0 | 1 => (self.numerator * 10u64.pow(2 - self.digits), 2),
            digits => (self.numerator, digits),
        };
        let one = 10u64.pow(digits - 2);
        let (whole, part) = (numerator / one, numerator % one);
        let part = format!("{part:0width$}", width = (digits - 2) as usize);
        let part = part.trim_end_matches('0');
        if part.is_empty() { write!(f, "{whole}") } else { write!(f, "{whole}.{part}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let shown = Threshold::parse(text).map(|threshold| threshold.to_string());
        assert_eq!(shown.as_deref().map_err(|e| *e), expected, "{text:?}");
    }

    #[test]
    fn reads_ratios_and_percentages() {
        for seventy in ["0.70", "70", "70%", "0.700", "70.0", "070", "70 %"] {
            check(seventy, Ok("70"));
        }
        check("0", Ok("0"));
        check("1", Ok("100"));
        check("1.0", Ok("100"));
        check("100%", Ok("100"));
        check("1%", Ok("1"));
        check("0.7%", Ok("0.7"));
        check("1.5", Ok("1.5"));
        check("99.995", Ok("99.995"));
        check("0.005", Ok("0.5"));
    }

    #[test]
    fn refuses_the_rest() {
        let none = "it is no number such as 0.7, 70 or 70%";
        for text in ["", " ", "abc", "NaN", "-1", "1e2", "0,7", ".7", "7.", "%", "+1", "0x1", "inf", "7 0", "٧"] {
            check(text, Err(none));
        }
        check("101", Err("it is above 100 %"));
        check("100.1%", Err("it is above 100 %"));
        check("0.0000000000000001", Err("it has more digits than any coverage"));
    }

    proptest! {
        #[test]
        fn compares_as_fractions_do(covered in 0u64..2000, more in 0u64..2000, part in 0u64..=1000) {
            let measured = covered + more;
            let threshold = Threshold::parse(&format!("{}.{}%", part / 10, part % 10)).unwrap();
            prop_assert_eq!(threshold.reached(covered, measured), measured > 0 && covered * 1000 >= part * measured);
        }
    }
}
